"""What each mechanism acts on, and whether a scenario has any of it.

A mechanism without a subject changes no digit, so nobody needs to try it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.segments import open_layers

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

BRAND = "brand"
LAYERS_ONLY = "layers"


@dataclass(frozen=True)
class Subject:
    """What a mechanism acts on.

    Attributes
    ----------
    scope
        ``brand``, or ``layers`` for what can also move the cost of a parcel in a pickup layer.
    acts_in
        Whether a scenario has any of it.
    """

    scope: str
    acts_in: Callable[[Scenario], bool]


def _always(_: Scenario) -> bool:
    return True


def _any_layer(holds: Callable[[Any], bool] = lambda _: True) -> Callable[[Scenario], bool]:
    """Return whether any open pickup layer has a property."""

    def acts(scenario: Scenario) -> bool:
        return any(holds(getattr(scenario.pickup, name)) for name in open_layers(scenario))

    return acts


def _auctioned(scenario: Scenario) -> bool:
    sources = scenario.market.sources
    found = (getattr(sources, name) for name in type(sources).model_fields)
    return any(source is not None and source.auction is not None for source in found)


SUBJECTS: dict[str, Subject] = {
    "seasonality": Subject(BRAND, _always),
    "ad_auction": Subject(BRAND, _auctioned),
    "delivery_sensitivity": Subject(BRAND, _always),
    "repurchase": Subject(BRAND, _always),
    "purchase_tiers": Subject(BRAND, lambda s: bool(s.products.purchase_tiers)),
    "tariff_tiers": Subject(BRAND, lambda s: len(s.fulfilment.courier.tariff_tiers) > 1),
    "staff_queues": Subject(BRAND, _always),
    "failed_delivery": Subject(BRAND, _always),
    "handover_breakage": Subject(BRAND, _always),
    "returns": Subject(BRAND, _always),
    "service_contacts": Subject(BRAND, _always),
    "walk_penalty": Subject(BRAND, _any_layer(lambda layer: layer.walk_repurchase_loss > 0)),
    "marginal_sites": Subject(LAYERS_ONLY, _any_layer()),
    "labour_pool": Subject(LAYERS_ONLY, _any_layer()),
    "hiring_friction": Subject(LAYERS_ONLY, _any_layer()),
    "attrition": Subject(LAYERS_ONLY, _any_layer(lambda layer: layer.attrition_per_month > 0)),
    "absence": Subject(LAYERS_ONLY, _any_layer(lambda layer: layer.absence_rate > 0)),
    "supervision": Subject(LAYERS_ONLY, _any_layer()),
    "control_loss": Subject(LAYERS_ONLY, _any_layer()),
    "exceptions": Subject(LAYERS_ONLY, _any_layer()),
    "shelf_limit": Subject(LAYERS_ONLY, _any_layer()),
    "background_load": Subject(
        LAYERS_ONLY, _any_layer(lambda layer: layer.background_parcels_per_point_day > 0)
    ),
    "promotion": Subject(
        LAYERS_ONLY, _any_layer(lambda layer: layer.promotion_orders_per_attendant_month > 0)
    ),
}
"""Every mechanism by name."""
