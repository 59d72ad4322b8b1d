"""What each mechanism acts on, and whether a scenario has any of it.

A mechanism without a subject changes no digit, so nobody needs to try it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import ONLINE_CHANNELS, open_layers, web_share

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


def _promotes(scenario: Scenario) -> bool:
    market = scenario.market
    found = (getattr(market.sources, name) for name in type(market.sources).model_fields)
    other_traffic = any(
        source is not None and (source.peak_conversion != 1.0 or source.mix_at_peak is not None)
        for source in found
    )
    peaks = [peak for peak in (market.peak, market.second_peak) if peak is not None]
    promised = any(peak.discount > 0 or (other_traffic and peak.intensity > 0) for peak in peaks)
    return bool(scenario.mechanisms.seasonality and promised)


def _any_channel(holds: Callable[[Any], Any]) -> Callable[[Scenario], bool]:
    """Return whether any open channel on the web has a property."""

    def acts(scenario: Scenario) -> bool:
        channels = (getattr(scenario.channels, name) for name in ONLINE_CHANNELS)
        return any(channel is not None and bool(holds(channel)) for channel in channels)

    return acts


def _in_a_mall(block: Callable[[Scenario], Any]) -> Callable[[Scenario], bool]:
    """Return whether there is an own mall and a block that describes the effect."""

    def acts(scenario: Scenario) -> bool:
        return scenario.channels.mall is not None and block(scenario) is not None

    return acts


def _counted(scenario: Scenario) -> bool:
    stores = scenario.channels.stores
    return stores is not None and stores.count > 0 and stores.counter is not None


def _run_by_dealers(scenario: Scenario) -> bool:
    stores = scenario.channels.stores
    return stores is not None and stores.count > 0 and stores.dealers is not None


def _compared(scenario: Scenario) -> bool:
    stores = scenario.channels.stores
    return (
        scenario.market.price_gap is not None
        and stores is not None
        and stores.count > 0
        and any(web_share(scenario, name) > 0 for name in ONLINE_CHANNELS)
    )


def _drifting(scenario: Scenario) -> bool:
    def drifts(channel: Any) -> bool:
        terms = channel.take_drift
        return terms is not None and terms.commission_per_year + terms.ad_price_per_year > 0

    return scenario.horizon.days > DAYS_PER_YEAR and _any_channel(drifts)(scenario)


def _ageing(scenario: Scenario) -> bool:
    products = scenario.products
    marked_down = products.stock.markdown_after_days is not None and products.stock.markdown_share > 0
    return products.price_decline_per_year > 0 or marked_down


def _sends(scenario: Scenario, *names: str) -> bool:
    """Return whether one of some sources has visitors who land somewhere."""
    return any(getattr(scenario.market.sources, name) is not None for name in names)


def _ranked(scenario: Scenario) -> bool:
    rules, source = scenario.market.ranking, scenario.market.sources.platform_search
    if rules is None or source is None:
        return False
    names = ("tmall", "vertical") if rules.platform == "both" else (rules.platform,)
    return rules.sales_weight > 0 and any(getattr(source.landing, name) > 0 for name in names)


def _remembered(scenario: Scenario) -> bool:
    return scenario.market.awareness is not None and _sends(
        scenario, "search_engine", "platform_search", "navigation_portal"
    )


def _pulled(scenario: Scenario) -> bool:
    rules = scenario.market.pull_forward
    return rules is not None and rules.pulled_share > 0 and scenario.mechanisms.seasonality


SUBJECTS: dict[str, Subject] = {
    "ranking": Subject(BRAND, _ranked),
    "awareness": Subject(BRAND, _remembered),
    "word_of_mouth": Subject(
        BRAND, lambda s: s.market.word_of_mouth is not None and _sends(s, "word_of_mouth")
    ),
    "email_fatigue": Subject(BRAND, lambda s: s.market.email is not None and _sends(s, "email")),
    "print_hop": Subject(BRAND, lambda s: s.market.print_media is not None and _sends(s, "posters")),
    "rebate_drift": Subject(BRAND, lambda s: s.market.rebate is not None and _sends(s, "rebate_alliance")),
    "pull_forward": Subject(BRAND, _pulled),
    "traffic_prices": Subject(BRAND, lambda s: s.market.traffic_prices is not None and _auctioned(s)),
    "store_capacity": Subject(BRAND, _counted),
    "dealer_exit": Subject(BRAND, _run_by_dealers),
    "price_gap": Subject(BRAND, _compared),
    "it_capacity": Subject(BRAND, _any_channel(lambda channel: channel.servers is not None)),
    "platform_take": Subject(BRAND, _drifting),
    "budget_review": Subject(BRAND, lambda s: s.management.budget_rule is not None),
    "quality_projects": Subject(
        BRAND,
        lambda s: (
            s.management.quality is not None
            and s.management.quality.projects_per_review > 0
            and _any_channel(lambda _: True)(s)
        ),
    ),
    "team_skill": Subject(BRAND, lambda s: s.management.team is not None and _any_channel(lambda _: True)(s)),
    "integration": Subject(
        BRAND, lambda s: s.management.systems is not None and _any_channel(lambda _: True)(s)
    ),
    "stock_ageing": Subject(BRAND, _ageing),
    "step_costs": Subject(BRAND, lambda s: bool(s.management.steps)),
    "coordination": Subject(BRAND, lambda s: s.management.coordination is not None),
    "cash_limit": Subject(BRAND, lambda s: s.finance.credit_line is not None),
    "seasonality": Subject(BRAND, _always),
    "promotion_days": Subject(BRAND, _promotes),
    "ad_auction": Subject(BRAND, _auctioned),
    "delivery_sensitivity": Subject(BRAND, _always),
    "repurchase": Subject(BRAND, _always),
    "pre_sale_chats": Subject(
        BRAND, lambda s: s.service.presale is not None and _any_channel(lambda _: True)(s)
    ),
    "return_visits": Subject(BRAND, lambda s: s.market.return_visits is not None),
    "cross_channel": Subject(BRAND, lambda s: s.market.cross_channel is not None),
    "reviews": Subject(BRAND, lambda s: s.market.reviews is not None and _any_channel(lambda _: True)(s)),
    "earned_trust": Subject(BRAND, _in_a_mall(lambda s: s.market.earned_trust)),
    "experience": Subject(
        BRAND, lambda s: s.market.experience is not None and _any_channel(lambda _: True)(s)
    ),
    "own_data": Subject(BRAND, _in_a_mall(lambda s: s.market.own_data)),
    "rivals": Subject(BRAND, lambda s: s.market.rivals is not None and _any_channel(lambda _: True)(s)),
    "brand_equity": Subject(
        BRAND, lambda s: s.market.brand_equity is not None and _any_channel(lambda _: True)(s)
    ),
    "category_trust": Subject(
        BRAND, lambda s: s.market.category_trust is not None and _any_channel(lambda _: True)(s)
    ),
    "rule_craft": Subject(BRAND, lambda s: s.market.rule_craft is not None and _sends(s, "platform_search")),
    "admission": Subject(BRAND, lambda s: s.market.admission is not None and _any_channel(lambda _: True)(s)),
    "source_drift": Subject(
        BRAND, lambda s: s.market.source_drift is not None and s.market.source_drift.spread > 0
    ),
    "purchase_tiers": Subject(BRAND, lambda s: bool(s.products.purchase_tiers)),
    "tariff_tiers": Subject(BRAND, lambda s: len(s.fulfilment.courier.tariff_tiers) > 1),
    "staff_queues": Subject(BRAND, _always),
    "learning": Subject(BRAND, lambda s: s.fulfilment.warehouse.learning is not None),
    "picking_errors": Subject(BRAND, lambda s: s.fulfilment.warehouse.picking_errors is not None),
    "courier_overload": Subject(BRAND, lambda s: s.fulfilment.courier.peak_slowdown is not None),
    "tour_density": Subject(BRAND, lambda s: s.fulfilment.fleet is not None),
    "installation": Subject(BRAND, lambda s: s.fulfilment.installation is not None),
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
        LAYERS_ONLY,
        _any_layer(
            lambda layer: (
                layer.promotion_orders_per_attendant_month > 0 or getattr(layer, "impulse_share", 0.0) > 0
            )
        ),
    ),
    "promotion_crowding": Subject(
        LAYERS_ONLY,
        _any_layer(
            lambda layer: (
                layer.promotion_orders_per_attendant_month > 0 and layer.promotion_pool_per_place is not None
            )
        ),
    ),
}
"""Every mechanism by name."""
