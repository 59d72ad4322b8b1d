"""Visits by people who have been there before, or who come over from another channel.

They are not bought: they follow from those who left without an order. Their size here is the closed form at
reference conditions; in a run it follows from who left the days before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.segments import (
    RETURN_VISIT,
    SECOND_VISITS,
    SHOWROOMING,
    UNVISITED,
    WEBROOMING,
    Segment,
    in_person,
    web_share,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.scenario.scenario import Scenario
    from sim.scenario.streams import Stream

HIGHEST_CONVERSION = 0.999


def is_first_visit(segment: Segment) -> bool:
    """Return whether a segment's visits come from a traffic source."""
    return segment.source not in UNVISITED and segment.source not in SECOND_VISITS


def conversion_after(scenario: Scenario, segment: Segment, first: Sequence[Stream]) -> float:
    """Return orders per second visit at reference conditions.

    Parameters
    ----------
    scenario
        The world.
    segment
        Second visits of one kind of visitor on one channel.
    first
        Streams of first visits.

    Returns
    -------
    float
        For those who come back: the mean of the first visits that they come from, weighted by visits, times
        ``return_visits.lift``. For those who cross over: the conversion of ``cross_channel``.
    """
    market = scenario.market
    if segment.source == RETURN_VISIT:
        assert market.return_visits is not None
        mine = _same_place(segment, first)
        # Some kinds of visitors come on promotion days only.
        usually = any(s.visits_per_hour > 0 for s in mine)
        weights = [s.visits_per_hour if usually else s.peak_visits_per_hour for s in mine]
        visits = sum(weights)
        buy = sum(w * s.reference_conversion for w, s in zip(weights, mine, strict=True))
        usual = buy / visits if visits > 0 else 0.0
        return min(usual * market.return_visits.lift, HIGHEST_CONVERSION)
    assert market.cross_channel is not None
    if segment.source == SHOWROOMING:
        return market.cross_channel.showrooming_conversion
    return market.cross_channel.webrooming_conversion


def visits_after(scenario: Scenario, segment: Segment, first: Sequence[Stream]) -> float:
    """Return second visits per hour in the mature state at reference conditions.

    Of ``v`` first visits the share ``1 - c`` leaves without an order and ``s`` of those come back; of these
    again ``s (1 - c')``, and so on: ``v s (1 - c) / (1 - s (1 - c'))``, a geometric series. Those who cross
    over do so once. Stores count as spread evenly over the places here.

    Parameters
    ----------
    scenario
        The world.
    segment
        Second visits of one kind of visitor on one channel.
    first
        Streams of first visits.
    """
    market = scenario.market
    if segment.source == RETURN_VISIT:
        assert market.return_visits is not None
        share = getattr(market.return_visits.share, segment.kind)
        again = share * (1.0 - conversion_after(scenario, segment, first))
        left = _leavers(_same_place(segment, first))
        return left * share / (1.0 - again) if again < 1.0 else left * share
    block = market.cross_channel
    assert block is not None
    if segment.source == SHOWROOMING:
        there = [s for s in first if not s.online and in_person(s.segment)]
        from_stores = [s for s in there if s.segment.kind == segment.kind]
        return _leavers(from_stores) * block.showrooming_share * web_share(scenario, segment.channel)
    assert segment.source == WEBROOMING
    stores = scenario.channels.stores
    near = min(stores.count / market.places, 1.0) if stores is not None else 0.0
    from_web = [s for s in first if s.online and s.segment.kind == segment.kind]
    return _leavers(from_web) * block.webrooming_share * near


def _same_place(segment: Segment, first: Sequence[Stream]) -> list[Stream]:
    return [
        s
        for s in first
        if (s.segment.channel, s.segment.kind) == (segment.channel, segment.kind)
        and is_first_visit(s.segment)
    ]


def _leavers(streams: Sequence[Stream]) -> float:
    return sum(s.visits_per_hour * (1.0 - s.reference_conversion) for s in streams)
