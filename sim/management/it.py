"""What the brand's own servers cost: capacity, used or idle, and traffic, wanted or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.capacity import server_capacity
from sim.scenario.segments import ONLINE_CHANNELS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.money import Ledger
    from sim.scenario import Scenario

HOURS_PER_YEAR = 8760.0
DAYS_PER_YEAR = 365.0


def post_servers(
    scenario: Scenario,
    ledger: Ledger,
    visits: Mapping[tuple[str, str], np.ndarray],
    planned: Mapping[str, float],
    days: np.ndarray,
) -> None:
    """Post the cost of servers.

    Capacity of a fixed or planned size is paid for all year. Rented capacity is paid by the visit: one visit
    fills the capacity of one visit an hour for an hour. With ``mechanisms.it_capacity`` off everything is
    rented, at the price of owned capacity.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    visits
        Visits by period, for each (channel, source).
    planned
        Visits expected in a mean hour, by channel.
    days
        Length of the periods in days.
    """
    for name in ONLINE_CHANNELS:
        channel = getattr(scenario.channels, name)
        if channel is None or channel.servers is None:
            continue
        servers = channel.servers
        rented = servers.sizing == "elastic" or not scenario.mechanisms.it_capacity
        each = servers.cost_per_thousand_visits / 1000.0
        if rented:
            premium = servers.elastic_price_factor if scenario.mechanisms.it_capacity else 1.0
            each += servers.cost_per_capacity_year * premium / HOURS_PER_YEAR
        else:
            capacity = server_capacity(servers, planned.get(name, 0.0))
            yearly = capacity * servers.cost_per_capacity_year
            ledger.post_array("channel_servers", "cash", yearly * days / DAYS_PER_YEAR, channel=name)
        for (where, source), number in visits.items():
            if where == name and each > 0:
                ledger.post_array("channel_servers", "cash", number * each, channel=name, source=source)
