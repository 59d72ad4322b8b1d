"""Answers as sentences, in the language of the page; one function for each kind of result.

English headlines of studies are the studies' own, word for word; Chinese ones come from the same numbers and
say the same clauses (:mod:`sim.report.chinese`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.chinese import scale_headline
from sim.report.numbers import Value, read, text
from sim.ui.language import language, say
from sim.ui.vocabulary import known_or_english

Result = Mapping[str, Any]


def year_sentence(run: Result, compared: Result | None = None) -> str:
    """Say what an order leaves, and how that differs from the baseline where there is a comparison."""
    profit = read(run["kpis"].get("contribution_per_order"))
    if profit is None:
        return say("No orders: nobody buys from this brand.")
    first = say("An order leaves {amount} yuan before financing", amount=text(profit))
    if profit.mean < 0:
        first = say("An order loses {amount} yuan before financing", amount=text(profit.scaled(-1.0)))
    if compared is None:
        return f"{first}{say('.')}"
    change = read(compared["difference"].get("contribution_per_order"))
    return f"{first}{say(', ')}{change_clause(change)}{say('.')}"


def change_clause(change: Value | None) -> str:
    """Say how much more or less than the baseline that is."""
    if change is None:
        return say("compared with nothing")
    if change.mean == 0 and change.half_width == 0:
        return say("exactly as in the baseline")
    if not change.has_interval:
        return say("{change} yuan against the baseline, in one history", change=text(change, signed=True))
    if not change.is_detectable:
        return say("no detectable difference from the baseline")
    return say("{change} yuan against the baseline", change=text(change, signed=True))


def scale_sentence(result: Result) -> str:
    """Say whether cost falls or rises along the path, at what level, and in how many plausible worlds."""
    if language() == "en":
        return str(result["headline"])
    if not result["steps"]:
        return _nothing_tried(result)
    return scale_headline(result)


def _nothing_tried(result: Result) -> str:
    reason = next(iter(result["notes"]), "")
    if result["headline"] == f"Not applicable: {reason}.":
        return say("Not applicable: {reason}.", reason=known_or_english(reason))
    return say("No size on this path can be reached.")


def compare_sentence(result: Result) -> str:
    """Say how two cases differ in profit per order."""
    if language() == "en":
        return str(result["headline"])
    change = read(result["difference"].get("contribution_per_order"))
    return say("Profit per order: {change}.", change=change_clause(change))
