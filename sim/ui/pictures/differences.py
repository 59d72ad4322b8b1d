"""Differences between cases: one figure of several, and the accounts behind a change of profit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.report.numbers import NOTHING, Value, decimals, plain, read, shown, text
from sim.report.page import Column, Row, table
from sim.ui.accounts import TERMS as ACCOUNT_WORDS
from sim.ui.accounts import account_name
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.picture import NothingToDrawError, Result, figure
from sim.ui.style import CURRENT, GHOST, SECOND
from sim.ui.vocabulary import group_name, kpi_name, unit_name

if TYPE_CHECKING:
    import plotly.graph_objects as go

PROFIT = "contribution_per_order"
UNIT = "yuan/order"
MOST_STEPS = 9
SMALLEST = 0.005
"""Yuan per order below which an account is left to the others: half a fen."""
TERMS = frozenset(ACCOUNT_WORDS)


def verdict_on(kpi: str, change: Value) -> str:
    """Say what a difference amounts to: equal, none that shows, better, worse, more or less."""
    from sim.kpi import KPIS

    if not change.has_interval:
        return say("one history, no interval")
    if change.low == change.high == 0:
        return say("exactly equal")
    if not change.is_detectable:
        return say("no detectable difference")
    better = KPIS[kpi].better if kpi in KPIS else "none"
    if better == "none":
        return say("more") if change.mean > 0 else say("less")
    return say("better") if (change.mean > 0) == (better == "higher") else say("worse")


def percent(change: Value, before: Value | None) -> str:
    """Write a difference in percent of what it differs from; nothing where that is zero."""
    if before is None or before.mean == 0:
        return NOTHING
    return f"{plain(100 * change.mean / abs(before.mean), 1, signed=True)}%"


def written(change: Value) -> str:
    """Write a difference with its interval; one that is exactly zero is 0.00."""
    if change.mean == 0 and change.half_width == 0:
        return plain(0.0, 2)
    return text(change, signed=True)


def pair(result: Result, kpi: str) -> tuple[Value, Value, Value] | None:
    """Return a figure of both cases and its paired difference, shares in percent; None if one lacks it."""
    sides = [read(result[side]["kpis"].get(kpi)) for side in "ab"]
    change = read(result["difference"].get(kpi))
    if change is None or sides[0] is None or sides[1] is None:
        return None
    return shown(sides[0]), shown(sides[1]), shown(change)


def differences_bars(results: Mapping[str, Result], kpi: str, base: str) -> Drawn:
    """Draw the paired difference of one figure for every case against the base.

    Parameters
    ----------
    results
        Results of ``compare`` (the base first), by the name of the other case for readers.
    kpi
        Which figure.
    base
        Name of the base.

    Raises
    ------
    NothingToDrawError
        If no pair has the figure.
    """
    found = {name: known for name, result in results.items() if (known := pair(result, kpi)) is not None}
    if not found:
        raise NothingToDrawError("none of these has this figure")
    changes = {name: change for name, (_, _, change) in found.items()}
    unit = unit_name(next(iter(changes.values())).unit)
    drawn = figure(f"{say('difference')} ({unit})", say("scenario"))
    looks = [_look(kpi, change) for change in changes.values()]
    drawn.add_bar(
        x=[change.mean for change in changes.values()],
        y=list(changes),
        orientation="h",
        marker={
            "color": [f"rgba({colour}, {opacity})" for colour, opacity in looks],
            "line": {"color": [f"rgb({colour})" for colour, _ in looks], "width": 1.5},
        },
        width=0.5,
        error_x=whiskers(list(changes.values())),
        hovertemplate="%{y}: %{x:.3g}<extra></extra>",
    )
    for name, change in changes.items():
        drawn.add_annotation(
            x=1.0, xref="paper", xanchor="left", xshift=6, y=name, showarrow=False, align="left",
            text=f"{written(change)}<br>{verdict_on(kpi, change)}", font={"size": 12},
        )  # fmt: skip
    drawn.update_yaxes(autorange="reversed", automargin=True, showgrid=False)
    drawn.update_xaxes(
        showgrid=True,
        zeroline=True,
        zerolinecolor=f"rgb({GHOST})",
        rangemode="tozero",
        nticks=5,
        tickangle=0,
    )
    drawn.update_layout(margin={"l": 8, "r": 150, "t": 8, "b": 8})
    title = say("{figure} against {base}", figure=kpi_name(kpi), base=base)
    rows = [
        Row(
            (
                name,
                text(before),
                text(after),
                written(change),
                percent(change, before),
                verdict_on(kpi, change),
            )
        )
        for name, (before, after, change) in found.items()
    ]
    heads = [
        Column(say("scenario"), words=True), Column(base, unit), Column(say("the scenario"), unit),
        Column(say("difference"), unit), Column(say("difference"), "%"), Column("", words=True),
    ]  # fmt: skip
    reading = "; ".join(f"{name}: {written(c)} {unit}, {verdict_on(kpi, c)}" for name, c in changes.items())
    return Drawn(drawn, table(title, heads, list(rows)), f"{title}: {reading}", f"{reading}.")


def _look(kpi: str, change: Value) -> tuple[str, float]:
    from sim.kpi import KPIS

    if not change.is_detectable:
        return GHOST, 0.35
    is_bad = kpi in KPIS and (KPIS[kpi].better == "higher") == (change.mean < 0)
    return (SECOND if is_bad and KPIS[kpi].better != "none" else CURRENT), 0.85


def whiskers(values: Sequence[Value]) -> dict[str, object]:
    """Return the error bars of some values; none where there is no interval."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if value.high is None else value.high - value.mean for value in values],
        "arrayminus": [0 if value.low is None else value.mean - value.low for value in values],
        "color": f"rgb({GHOST})",
    }


# --- the waterfall --------------------------------------------------------------------------------


def account_waterfall(result: Result, names: tuple[str, str], *, by_group: bool = False) -> Drawn:
    """Draw how profit per order gets from one case to the other, step by step over accounts.

    Parameters
    ----------
    result
        Result of ``compare`` with its ``buckets``.
    names
        Names of the first and the second case for readers.
    by_group
        Whether a step is a group of accounts.

    Raises
    ------
    NothingToDrawError
        If one of the two has no orders.
    """
    known = pair(result, PROFIT)
    if known is None:
        raise NothingToDrawError("one of the two has no orders, so there is no profit per order")
    before, after, change = known
    everything = waterfall_steps(result, by_group=by_group)
    steps = [step for step in everything if abs(step[1].mean) >= SMALLEST]
    in_view = together(everything, steps[:MOST_STEPS], say("other accounts"))
    drawn = _waterfall(names, before, after, change, in_view)
    title = say("Profit per order, from {first} to {second}", first=names[0], second=names[1])
    unit = unit_name(UNIT)
    reading = _reading(steps, change, unit)
    rows = [Row((names[0], text(before), ""), "strong")]
    rows += [
        Row((name, text(value, signed=True), _seen(value)))
        for name, value in together(everything, steps, say("under half a fen each"))
    ]
    rows.append(Row((say("change"), written(change), verdict_on(PROFIT, change)), "strong"))
    rows.append(Row((names[1], text(after), ""), "strong"))
    heads = [
        Column(say("step"), words=True),
        Column(say("profit before financing"), unit),
        Column("", words=True),
    ]
    notes = [say("More cost is negative. The steps add up to the change; each has its own interval.")]
    return Drawn(drawn, table(title, heads, list(rows), notes), f"{title}: {reading}", reading)


def waterfall_steps(result: Result, *, by_group: bool) -> list[tuple[str, Value]]:
    """Return the effect of every account, or group of accounts, on profit per order, the largest first."""
    source, key = ("buckets", "group") if by_group else ("waterfall", "account")
    found = [
        (group_name(step[key]) if by_group else account_name(step[key]), value)
        for step in result[source]
        if (value := read(step["yuan_per_order"])) is not None
    ]
    return sorted(found, key=lambda step: -abs(step[1].mean))


def together(
    steps: Sequence[tuple[str, Value]], kept: Sequence[tuple[str, Value]], words: str
) -> list[tuple[str, Value]]:
    """Return the steps that are kept, and all others as one, so that they still add up."""
    count = len(steps) - len(kept)
    rest = math.fsum(value.mean for _, value in steps) - math.fsum(value.mean for _, value in kept)
    if not count or rest == 0:
        return list(kept)
    return [*kept, (f"{words} ({count})", Value(rest, unit=UNIT))]


def _waterfall(
    names: tuple[str, str],
    before: Value,
    after: Value,
    change: Value,
    steps: Sequence[tuple[str, Value]],
) -> go.Figure:
    places = max(decimals([value for _, value in steps]), 2) if steps else 2
    labels = [names[0], *(name for name, _ in steps), names[1]]
    values = [before.mean, *(value.mean for _, value in steps), after.mean]
    found = figure(say("step"), f"{say('profit before financing')} ({unit_name(UNIT)})")
    found.add_waterfall(
        x=labels,
        y=values,
        measure=["absolute", *("relative" for _ in steps), "total"],
        increasing={"marker": {"color": f"rgb({CURRENT})"}},
        decreasing={"marker": {"color": f"rgb({SECOND})"}},
        totals={"marker": {"color": f"rgb({GHOST})"}},
        connector={"line": {"color": f"rgb({GHOST})", "width": 1}},
        hovertemplate="%{x}: %{y:.2f}<extra></extra>",
    )
    levels = [before.mean]
    for _, value in steps:
        levels.append(levels[-1] + value.mean)
    # The whisker of a step belongs to its change, that of the last bar to the change of the total.
    whiskered = [*(value for _, value in steps), change]
    found.add_scatter(
        x=labels[1:],
        y=[*levels[1:], after.mean],
        mode="markers",
        marker={"size": 1, "color": f"rgb({GHOST})"},
        error_y=whiskers(whiskered),
        hoverinfo="skip",
    )
    _write_steps(
        found, labels, values, [before.mean, *levels[1:], after.mean], [Value(0.0), *whiskered], places
    )
    low, high = _window([*levels, after.mean], whiskered)
    found.update_yaxes(range=[low, high])
    if low > 0 or high < 0:
        cut = say("the axis does not start at zero")
        found.update_yaxes(title_text=f"{say('profit before financing')} ({unit_name(UNIT)})<br>{cut}")
    found.update_xaxes(tickangle=-28, automargin=True)
    return found


def _write_steps(
    found: go.Figure,
    labels: Sequence[str],
    values: Sequence[float],
    ends: Sequence[float],
    reaches: Sequence[Value],
    places: int,
) -> None:
    """Write every number beyond the end of its bar and of its whisker, so that nothing crosses it."""
    for number, (label, value, end, reach) in enumerate(zip(labels, values, ends, reaches, strict=True)):
        up = value >= 0
        found.add_annotation(
            x=label,
            y=end + reach.half_width if up else end - reach.half_width,
            yanchor="bottom" if up else "top",
            text=plain(value, places, signed=0 < number < len(labels) - 1),
            showarrow=False,
            font={"size": 12},
        )


def _window(levels: Sequence[float], values: Sequence[Value]) -> tuple[float, float]:
    """Return the ends of an axis on which the steps can be seen; it need not begin at zero."""
    reach = max((value.half_width for value in values), default=0.0)
    low, high = min(levels) - reach, max(levels) + reach
    pad = max(0.18 * (high - low), 0.02 * max(abs(low), abs(high)), 0.05)
    return low - pad, high + pad


def _seen(value: Value) -> str:
    if not value.has_interval:
        return ""
    return "" if value.is_detectable else say("no detectable difference")


def _reading(steps: Sequence[tuple[str, Value]], change: Value, unit: str) -> str:
    total = say("Change of profit per order: {change} {unit}, {verdict}.", change=written(change), unit=unit,
                verdict=verdict_on(PROFIT, change))  # fmt: skip
    if not steps:
        return total
    name, value = steps[0]
    return f"{total} {say('Largest step: {name} {amount}.', name=name, amount=text(value, signed=True))}"
