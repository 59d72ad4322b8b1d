"""Who wants an answer before the sale, and how many ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.segments import ONLINE_CHANNELS, STORES, UNVISITED, Segment
from sim.scenario.streams import first_orders

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Presale

DAYS_PER_YEAR = 365.0


def presale_of(scenario: Scenario) -> Presale | None:
    """Return the rules of the desk that answers before the sale; none where nobody can ask."""
    open_shop = any(getattr(scenario.channels, name) is not None for name in ONLINE_CHANNELS)
    return scenario.service.presale if scenario.mechanisms.pre_sale_chats and open_shop else None


def asks_first(presale: Presale, segment: Segment) -> float:
    """Return the share of those who would buy who want an answer first; in a store staff are at hand."""
    if segment.channel == STORES or segment.source in UNVISITED:
        return 0.0
    return float(getattr(presale.ask_first, segment.kind))


def asks_per_win(presale: Presale) -> float:
    """Return how many ask for each one of them who buys at the reference state.

    Of those who ask, the share ``a`` is answered in time and ``w`` of these buy, so ``1 / (w a)`` ask for
    each order. With ``p f / (w a)`` of visitors asking and ``p (1 - f)`` buying at once, ``p`` buy in all.

    Examples
    --------
    >>> from sim.scenario.schema import ByKind, Presale
    >>> desk = dict(patience_minutes=3, handling_minutes=4, wage_per_month=4500, working_hours_per_month=176)
    >>> desk |= dict(shift_start_hour=8, shift_end_hour=24, target_utilisation=0.7)
    >>> rules = Presale(ask_first=ByKind(), win_share=0.5, reference_answered_share=0.8, **desk)
    >>> asks_per_win(rules)
    2.5
    """
    return 1.0 / (presale.win_share * presale.reference_answered_share)


def expected_chats_per_day(scenario: Scenario) -> float:
    """Return the chats of a mean day at the reference state, in closed form: it sizes the desk."""
    presale = presale_of(scenario)
    if presale is None:
        return 0.0
    asking = sum(one.orders * asks_first(presale, one.stream.segment) for one in first_orders(scenario))
    return asking * asks_per_win(presale) / DAYS_PER_YEAR
