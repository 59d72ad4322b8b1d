"""Answers as sentences, in the language of the page; one function for each kind of result.

English headlines of studies are the studies' own, word for word; Chinese ones come from the same numbers and
say the same clauses (:mod:`sim.experiment.headline`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.experiment.headline import (
    LevelKind,
    amount,
    gap_points,
    is_contrast,
    level_kind,
    level_numbers,
    per_doubling,
    percent,
    slope_ends,
    slope_kind,
)
from sim.experiment.metrics import BRAND
from sim.experiment.scale_question import DOOR
from sim.experiment.statistics import Estimate
from sim.report.numbers import Value, read, text
from sim.scenario.segments import LAYERS
from sim.ui.language import language, say
from sim.ui.vocabulary import channel_name, known_or_english, path_words, size_name, unit_name

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
    return f"{_slope(result)}{_level(result)}{say('.')}{_worlds(result)}"


def _nothing_tried(result: Result) -> str:
    reason = next(iter(result["notes"]), "")
    if result["headline"] == f"Not applicable: {reason}.":
        return say("Not applicable: {reason}.", reason=known_or_english(reason))
    return say("No size on this path can be reached.")


def _estimate(found: Any) -> Estimate | None:
    value = read(found)
    return None if value is None else Estimate(value.mean, value.low, value.high, value.unit, value.n or 0)


def _metric(result: Result) -> str:
    metric = {
        "layer_cost_per_parcel": say("pickup layer's cost per parcel"),
        "cost_per_order": say("cost per order"),
        "contribution_per_order": say("cost per order for the same profit"),
    }.get(result["metric"], result["metric"])
    scope = result.get("scope") or BRAND
    if scope in (BRAND, *LAYERS):
        return str(metric)
    return say("{metric} in {scope}", metric=metric, scope=channel_name(scope))


def _slope(result: Result) -> str:
    elasticity, turn = _estimate(result["elasticity"]), _estimate(result.get("turning_point"))
    metric, path, size = _metric(result), path_words(result["path"]), size_name(result["elasticity_to"])
    kind = slope_kind(result["verdict"], elasticity, turn)
    if elasticity is None:
        return _no_slope(result, metric, path, size)
    if turn is not None and kind == "turns":
        return say(
            "{metric} stops falling at about {turn} (between {low} and {high}; {size}) and rises after that"
            " ({path})",
            metric=metric,
            turn=amount(turn.mean),
            low=amount(turn.mean if turn.low is None else turn.low),
            high=amount(turn.mean if turn.high is None else turn.high),
            size=size,
            path=path,
        )
    change = percent(per_doubling(elasticity.mean))
    values = {"metric": metric, "percent": change, "size": size, "path": path}
    if kind == "falls":
        return say("{metric} falls {percent} per doubling of {size} ({path})", **values)
    if kind == "rises":
        return say("{metric} rises {percent} per doubling of {size} ({path})", **values)
    if kind == "flat":
        return say("{metric} stays flat, within {percent} per doubling of {size} ({path})", **values)
    if elasticity.low is None or elasticity.high is None:
        return say("{metric}: one history cannot tell a slope from luck ({path})", metric=metric, path=path)
    low, high = slope_ends(elasticity.low, elasticity.high)
    return say(
        "{metric}: cannot tell with {count} histories; between {low} and {high} per doubling of {size}{sizes}"
        " ({path})",
        metric=metric,
        count=elasticity.n,
        low=low,
        high=high,
        size=size,
        sizes=_sizes(result),
        path=path,
    )


def _no_slope(result: Result, metric: str, path: str, size: str) -> str:
    if sum(not step.get("not_reachable") for step in result["steps"]) < 2:
        return say("{metric}: cannot tell, a single size shows no slope ({path})", metric=metric, path=path)
    return say(
        "{metric}: cannot tell, {size} do not grow along the ladder, so there is nothing to relate cost to"
        " ({path})",
        metric=metric,
        size=size,
        path=path,
    )


def _sizes(result: Result) -> str:
    """Say from which size to which; a result recorded without its range has it where size is orders."""
    ends = result.get("size_range")
    if not ends and result["elasticity_to"] == "orders":
        ends = [value.mean for step in result["steps"] if (value := read(step.get("orders"))) is not None]
    return say(" from {low} to {high}", low=amount(ends[0]), high=amount(ends[-1])) if ends else ""


def _level(result: Result) -> str:
    """Say the level against the alternative, and whether service is equal: a level without that misleads."""
    known = [
        value for step in result["steps"] if (value := _estimate(step.get("incremental_cost"))) is not None
    ]
    kind = level_kind(known)
    if not result.get("against") or kind == "nothing":
        return ""
    against = say("the door") if result["against"] == DOOR else result["against"]
    joint = say("; but ") if is_contrast(result["verdict"], kind) else say("; ")
    return f"{joint}{_level_clause(kind, known, against)}{_service(result)}"


def _level_clause(kind: LevelKind, known: Sequence[Estimate], against: str) -> str:
    low, high, last = level_numbers(known)
    span = low if low == high else say("{low} to {high}", low=low, high=high)
    values = {"against": against, "unit": unit_name(known[0].unit)}
    if kind == "above":
        return say("stays {span} above {against} at every size tried ({unit})", span=span, **values)
    if kind == "below":
        return say("stays {span} below {against} at every size tried ({unit})", span=span, **values)
    if kind == "hidden":
        return say("shows no detectable difference from {against} at any size tried", against=against)
    if kind == "sinks":
        return say("starts above {against} and ends {last} below it ({unit})", last=last, **values)
    if kind == "climbs":
        return say("starts below {against} and ends {last} above it ({unit})", last=last, **values)
    return say("is not clearly above or below {against} at every size tried", against=against)


def _service(result: Result) -> str:
    equal, gap = result.get("equal_service"), result.get("service_gap")
    if equal is None or ("service_gap" in result and gap is None):
        return ""
    if equal:
        return say(", at equal service")
    if gap is None:  # recorded before the gap was in the result
        return say(", though not at equal service")
    values = {"points": gap_points(gap["share"]), "hours": f"{gap['hours']:g}"}
    if gap["share"] < 0:
        return say(
            ", though not at equal service ({points} percentage points fewer in the customer's hands within"
            " {hours} hours)",
            **values,
        )
    return say(
        ", though not at equal service ({points} percentage points more in the customer's hands within"
        " {hours} hours)",
        **values,
    )


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
