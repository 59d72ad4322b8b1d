"""Answers as sentences, in the language of the page; one function for each kind of result.

English headlines of studies are the studies' own, word for word; Chinese ones come from the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.numbers import Value, read, text
from sim.ui.language import language, say
from sim.ui.vocabulary import path_words, size_name, unit_name

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
    if language() == "en" or not result["steps"]:
        return str(result["headline"])
    return f"{_slope(result)}{_level(result)}{say('.')}{_worlds(result)}"


def _slope(result: Result) -> str:
    metric = {
        "layer_cost_per_parcel": say("pickup layer's cost per parcel"),
        "cost_per_order": say("cost per order"),
        "contribution_per_order": say("cost per order for the same profit"),
    }.get(result["metric"], result["metric"])
    path, size = path_words(result["path"]), size_name(result["elasticity_to"])
    elasticity = read(result["elasticity"])
    if elasticity is None:
        return say("{metric}: cannot tell along this path ({path})", metric=metric, path=path)
    percent = f"{abs(100 * (2.0**elasticity.mean - 1)):.1f}%"
    verdict = result["verdict"]
    turn = read(result.get("turning_point"))
    if verdict == "stops_scaling" and turn is not None:
        return say(
            "{metric} stops falling at about {turn} ({size}) and rises after that ({path})",
            metric=metric,
            turn=text(turn, 0),
            size=size,
            path=path,
        )
    values = {"metric": metric, "percent": percent, "size": size, "path": path}
    if verdict == "scalable":
        return say("{metric} falls {percent} per doubling of {size} ({path})", **values)
    if verdict == "non_scalable":
        return say("{metric} rises {percent} per doubling of {size} ({path})", **values)
    if verdict == "neutral":
        return say("{metric} stays flat, within {percent} per doubling of {size} ({path})", **values)
    if not elasticity.has_interval:
        return say("{metric}: one history cannot tell a slope from luck ({path})", metric=metric, path=path)
    return say(
        "{metric}: cannot tell with {count} histories ({path})", metric=metric, count=elasticity.n, path=path
    )


def _level(result: Result) -> str:
    if not result.get("against"):
        return ""
    known = [value for step in result["steps"] if (value := read(step.get("incremental_cost"))) is not None]
    if not known:
        return ""
    low, high = (f"{f(abs(value.mean) for value in known):.2f}" for f in (min, max))
    values = {"low": low, "high": high, "unit": unit_name(known[0].unit)}
    detectable = [value for value in known if value.is_detectable]
    if len(detectable) == len(known) and all(value.mean > 0 for value in known):
        return say("; {low} to {high} above the alternative at every size ({unit})", **values)
    if len(detectable) == len(known) and all(value.mean < 0 for value in known):
        return say("; {low} to {high} below the alternative at every size ({unit})", **values)
    if not detectable:
        return say("; no detectable difference from the alternative at any size")
    return say("; not clearly above or below the alternative at every size")


def _worlds(result: Result) -> str:
    worlds = result.get("plausible_worlds")
    if not worlds or worlds.get("mean") is None:
        return ""
    return " " + say(
        "The same verdict in {held} of {count} plausible worlds.",
        held=round(worlds["mean"] * worlds["n"]),
        count=worlds["n"],
    )


def compare_sentence(result: Result) -> str:
    """Say how two cases differ in profit per order."""
    if language() == "en":
        return str(result["headline"])
    change = read(result["difference"].get("contribution_per_order"))
    return say("Profit per order: {change}.", change=change_clause(change))
