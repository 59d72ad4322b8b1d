"""What is allowed and yet makes no economic sense: a warning each, with a way out.

One function per rule, named after it. A warning refuses nothing: a study may want to see just that. Where the
scenario says why it wants it so, the warning is a note.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.sanity.channels import (
    channel_hardly_visited,
    fees_above_sales,
    loses_money,
    mall_trusted_like_a_platform,
    price_below_cost,
    takes_above_margin,
)
from sim.scenario.sanity.demand import (
    flat_price_far_from_auction,
    mix_moves_conversion,
    nobody_comes,
    peak_below_average,
    promotion_below_cost,
    source_costs_more_than_it_brings,
)
from sim.scenario.sanity.evidence import (
    beyond_its_own_range,
    guesses,
)
from sim.scenario.sanity.fulfilment import (
    courier_below_its_last_mile,
    nobody_can_pack,
    promise_below_transport,
    reorder_below_lead_time,
)
from sim.scenario.sanity.pickup import (
    attendant_short_of_time,
    discount_above_last_mile,
    managers_short_of_time,
    own_parcels_per_point_day,
    point_cost_dwarfs_door,
    pool_too_small,
    shelf_below_occupancy,
)
from sim.scenario.sanity.warning import Rule, SanityWarning

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

RULES: tuple[Rule, ...] = (
    nobody_comes,
    source_costs_more_than_it_brings,
    price_below_cost,
    takes_above_margin,
    channel_hardly_visited,
    fees_above_sales,
    mall_trusted_like_a_platform,
    loses_money,
    mix_moves_conversion,
    flat_price_far_from_auction,
    peak_below_average,
    promotion_below_cost,
    nobody_can_pack,
    courier_below_its_last_mile,
    reorder_below_lead_time,
    promise_below_transport,
    point_cost_dwarfs_door,
    shelf_below_occupancy,
    attendant_short_of_time,
    managers_short_of_time,
    pool_too_small,
    discount_above_last_mile,
    beyond_its_own_range,
    guesses,
)


def check(scenario: Scenario) -> list[SanityWarning]:
    """Apply every rule, in the order of the file."""
    return [warning for rule in RULES for warning in rule(scenario)]


__all__ = [
    "RULES",
    "Rule",
    "SanityWarning",
    "attendant_short_of_time",
    "beyond_its_own_range",
    "channel_hardly_visited",
    "check",
    "courier_below_its_last_mile",
    "discount_above_last_mile",
    "fees_above_sales",
    "flat_price_far_from_auction",
    "guesses",
    "loses_money",
    "mall_trusted_like_a_platform",
    "managers_short_of_time",
    "mix_moves_conversion",
    "nobody_can_pack",
    "nobody_comes",
    "own_parcels_per_point_day",
    "peak_below_average",
    "point_cost_dwarfs_door",
    "pool_too_small",
    "price_below_cost",
    "promise_below_transport",
    "promotion_below_cost",
    "reorder_below_lead_time",
    "shelf_below_occupancy",
    "source_costs_more_than_it_brings",
    "takes_above_margin",
]
