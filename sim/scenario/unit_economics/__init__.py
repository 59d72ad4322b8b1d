"""Cost and contribution of an order from each source in closed form, before anything is simulated.

Expectations of the scenario's own rules while every slow force is at its reference, with every parcel to
the door and nobody waiting; promotion days are in the calendar and so are included. It is what ``validate``
prints, and what a simulated year is held against. No simulated result uses it.
"""

from sim.scenario.streams import buying_share
from sim.scenario.unit_economics.outcomes import Outcomes, outcomes
from sim.scenario.unit_economics.source import SourceEconomics, source_economics
from sim.scenario.unit_economics.tiers import parcel_price, purchase_factor, refund_share
from sim.scenario.unit_economics.traffic import auction_price, mean_below, price_of_visit
from sim.scenario.unit_economics.year import YearEstimate, fixed_costs, year_estimate

__all__ = [
    "Outcomes",
    "SourceEconomics",
    "YearEstimate",
    "auction_price",
    "buying_share",
    "fixed_costs",
    "mean_below",
    "outcomes",
    "parcel_price",
    "price_of_visit",
    "purchase_factor",
    "refund_share",
    "source_economics",
    "year_estimate",
]
