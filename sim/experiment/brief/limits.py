"""What the model leaves out, and which way that leans: one list for every document and every report.

``docs/model.md`` shows the same list; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.segments import open_layers

if TYPE_CHECKING:
    from sim.scenario import Scenario

PICKUP, STORES, MALL, ALWAYS = "pickup", "stores", "mall", "always"
_MANY_POINTS = ("replicate", "expand", "fragment")
_LARGER = ("densify", "replicate", "expand", "buy_traffic", "cut_price")


@dataclass(frozen=True)
class Limit:
    """One thing that is not modelled.

    Attributes
    ----------
    left_out
        What.
    leans
        Which way its absence moves results.
    parts
        Parts of a scenario it concerns; ``always`` where it concerns every one, none where it bears on no
        result of this program.
    paths
        Growth paths it concerns; all of them where there are none.
    """

    left_out: str
    leans: str
    parts: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, str]:
        """Return an element of ``not_modelled``."""
        return {"left_out": self.left_out, "leans": self.leans}


LIMITS: tuple[Limit, ...] = (
    Limit(
        "A door courier's route gets shorter per stop when more parcels go to one street; the brand pays the "
        "contract tariff whatever the density",
        "for pickup on `densify`, if the courier would pass the saving on",
        (PICKUP,),
        ("densify",),
    ),
    Limit("Tariffs by region and weight: one price list for every parcel", "none known on slopes", (ALWAYS,)),
    Limit(
        "Wages that rise where labour is thin (the pool slows hiring, it does not make it dearer)",
        "for more points",
        (PICKUP,),
        _MANY_POINTS,
    ),
    Limit(
        "Managers who are hired, leave and are trained themselves", "for more points", (PICKUP,), _MANY_POINTS
    ),
    Limit("Travel time of managers that falls with density", "against `densify`", (PICKUP,), ("densify",)),
    Limit(
        "The shopper's choice of a point by distance; it reacts to fee and hours only as far as the scenario "
        "says, and does not fall after a shut point or a full shelf",
        "for pickup",
        (PICKUP,),
    ),
    Limit("A lost sale because pickup is not offered, or won because it is", "against pickup", (PICKUP,)),
    Limit(
        "An exception that loses the parcel or the customer (it costs money and time)",
        "for pickup",
        (PICKUP,),
    ),
    Limit(
        "Other merchants' parcels that grow or shrink with the network",
        "either way; set it by hand",
        (PICKUP,),
    ),
    Limit(
        "Visitors who see the layer's own delivery time (they see the brand's mean)",
        "for pickup, whose parcels take longer",
        (PICKUP,),
    ),
    Limit(
        "Rivals in the list who buy sales as well once the brand does: their sales follow seasons only",
        "for `buy_traffic` and `cut_price`",
        (ALWAYS,),
        ("buy_traffic", "cut_price"),
    ),
    Limit(
        "Rivals who answer with bids for traffic, with quality or by leaving; those who follow prices are "
        "one price index",
        "for `buy_traffic`",
        (ALWAYS,),
        ("buy_traffic",),
    ),
    Limit("Couriers and sorting centres that choke on a peak", "for `peak`", (ALWAYS,), ("peak",)),
    Limit(
        "Second warehouse, learning in packing, software: one warehouse grows by the square metre",
        "for large volumes on rent; against them on learning",
        (ALWAYS,),
        _LARGER,
    ),
    Limit("More than one product; assortment, stock per article", "for small brands", (ALWAYS,)),
    Limit(
        "Visitor types that weigh the sides of the experience differently: one set of weights for all",
        "none known on cost",
    ),
    Limit(
        "Own delivery fleet, installation, trade terms, a store visit that lifts trust in the brand's other "
        "channels",
        "not asked here",
    ),
    Limit(
        "Tax and inflation; selling prices that fall within the history (goods on hand do lose value)",
        "none on comparisons within a year",
        (ALWAYS,),
    ),
    Limit(
        "A brand that stops when its cash runs out: the month is told, and it goes on with an overdraft",
        "for fast growth",
        (ALWAYS,),
        _LARGER,
    ),
    Limit(
        "A queue at the counter: who cannot be looked after within the hour leaves; staff on duty are spread "
        "evenly over opening hours",
        "against stores at their busiest hours",
        (STORES,),
    ),
    Limit(
        "Stock by article: one kind of lamp ages, so a good seller never hides a shelf warmer",
        "for `push` and for wide ranges",
        (STORES,),
    ),
    Limit("Stores and the mall that share stock, servers that fail as a whole", "for the mall", (MALL,)),
    Limit(
        "LED experience curve: an industry's price, never one firm's cost",
        "left out on purpose: it would manufacture scale economies",
    ),
)


def limits_for(scenarios: Sequence[Scenario], path: str = "") -> tuple[Limit, ...]:
    """Return what is left out and bears on a question, most particular to it first.

    Parameters
    ----------
    scenarios
        Scenarios of the question.
    path
        Growth path; empty where there is none.
    """
    parts = {ALWAYS}
    for scenario in scenarios:
        if open_layers(scenario):
            parts.add(PICKUP)
        parts.update(part for part in (STORES, MALL) if getattr(scenario.channels, part) is not None)
    found = [
        limit
        for limit in LIMITS
        if parts.intersection(limit.parts) and (not limit.paths or path in limit.paths)
    ]
    return tuple(
        sorted(found, key=lambda limit: (not limit.paths, ALWAYS in limit.parts, limit.parts != (PICKUP,)))
    )
