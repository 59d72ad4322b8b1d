"""Charts of a claim: its effect in every world beside the rule, and the frontier on which it flips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.numbers import NOTHING, Value, column, plain, read
from sim.report.page import Column, table
from sim.report.sensitivity import number
from sim.ui.assumption_words import assumption_name, named_path
from sim.ui.claim_lines import verdict_word
from sim.ui.drawn import Drawn
from sim.ui.language import say, term
from sim.ui.pictures.picture import Result, figure
from sim.ui.sentences_claims import frontier_sentence
from sim.ui.style import CURRENT, GHOST, SECOND, THIRD
from sim.ui.units import unit_words
from sim.ui.vocabulary import unit_name

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from sim.experiment.claims.claim import Rule

LOOKS = {"holds": (THIRD, "circle"), "fails": (SECOND, "x"), "cannot tell": (GHOST, "diamond-open")}
"""Colour and marker of each outcome."""
_LONGEST = 26
TERMS = (
    "yuan per case",
    "share of the rise",
    "elasticity to points",
    "change of the logarithm of regulars' orders",
    "share of readers about to buy",
    "share of orders",
    "yuan per further order",
    "share of bad parcels removed",
    "visits per yuan",
    "change of the logarithm of orders",
    "share of the odds of buying",
    "share more",
    "elasticity to orders",
    "yuan per visit",
    "share of stores",
    "share of histories",
    "yuan per 1000 yuan of sales",
    "returning customers relative to the best way",
    "logarithm of the ratio",
    "share of the loss regained",
    "difference of log orders",
    "yuan per yuan sold",
    "experience, 1 at the reference",
    "real share of the improvement",
    "share of variance",
    "yuan per store order",
    "yuan per yuan",
    "share of visits",
    "log ratio",
    "yuan of cash per yuan of yearly sales",
    "yuan per online order",
    "ratio to the present price",
    "share of point-days",
    "yuan per yuan spent",
    "yuan per order in the mall",
)
"""Units of the shipped claims' effects that no figure has."""


def worlds_chart(worlds: Sequence[Mapping[str, Any]], rule: Rule, here: str) -> Drawn:
    """Draw the effect in every named world, with the side of the rule on which the claim holds.

    Parameters
    ----------
    worlds
        Name, outcome and effect of each, the scenario's own first.
    rule
        When the claim holds.
    here
        World that is looked at; its name is marked.
    """
    values = [read(one["effect"]) for one in worlds]
    known = [value for value in values if value is not None]
    unit = unit_name(known[0].unit) if known[0].unit else say("ratio, no unit")
    names = [_label(str(one["name"]), here) for one in worlds]
    found = figure(say("effect ({unit})", unit=unit), say("world"))
    _shade(found, rule, known)
    for outcome, (colour, symbol) in LOOKS.items():
        picked = [i for i, one in enumerate(worlds) if one["outcome"] == outcome]
        found.add_scatter(
            x=[known[i].mean for i in picked],
            y=[names[i] for i in picked],
            mode="markers",
            name=verdict_word(outcome),
            marker={"color": f"rgb({colour})", "size": 13, "symbol": symbol, "line": {"width": 2}},
            error_x=_whiskers([known[i] for i in picked], colour),
            showlegend=bool(picked),
        )
    found.update_yaxes(
        categoryorder="array", categoryarray=names[::-1], showgrid=True, automargin=True, zeroline=False
    )
    found.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    written = column(known)
    rows = [
        (term(str(one["name"])), verdict_word(one["outcome"]), cell)
        for one, cell in zip(worlds, written, strict=True)
    ]
    title = say("The claim holds where the effect lies {rule}", rule=rule_words(rule))
    heads = [
        Column(say("world"), words=True), Column(say("outcome"), words=True), Column(say("effect"), unit),
    ]  # fmt: skip
    counts = {one: sum(world["outcome"] == one for world in worlds) for one in LOOKS}
    reading = say(
        "Shaded: where it holds ({rule}). It holds in {holds} of {count} named worlds and fails in {fails}."
        " Lines: 95% intervals.",
        rule=rule_words(rule),
        holds=counts["holds"],
        fails=counts["fails"],
        count=len(worlds),
    )
    said = "; ".join(": ".join(row) for row in rows)
    return Drawn(found, table(title, heads, list(rows)), f"{title}. {said} ({unit})", reading)


def rule_words(rule: Rule) -> str:
    """Write a rule."""
    if rule.above is not None:
        return say("above {bar}", bar=f"{rule.above:g}")
    if rule.below is not None:
        return say("below {bar}", bar=f"{rule.below:g}")
    assert rule.between is not None
    return say("between {low} and {high}", low=f"{rule.between[0]:g}", high=f"{rule.between[1]:g}")


def _label(name: str, here: str) -> str:
    words = term(name)
    short = words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"
    return f"<b>▸ {short}</b>" if name == here else short


def _whiskers(values: Sequence[Value], colour: str) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [0 if value.high is None else value.high - value.mean for value in values],
        "arrayminus": [0 if value.low is None else value.mean - value.low for value in values],
        "color": f"rgb({colour})",
        "thickness": 2,
    }


def _shade(found: go.Figure, rule: Rule, values: Sequence[Value]) -> None:
    """Shade the side of the rule on which the claim holds, and draw its bars."""
    bars = [bar for bar in (rule.above, rule.below, *(rule.between or ())) if bar is not None]
    ends = [end for value in values for end in (value.mean, value.low, value.high) if end is not None]
    low, high = min(*ends, *bars), max(*ends, *bars)
    pad = 0.08 * ((high - low) or abs(high) or 1.0)
    low, high = low - pad, high + pad
    left = rule.above if rule.above is not None else rule.between[0] if rule.between else low
    right = rule.below if rule.below is not None else rule.between[1] if rule.between else high
    found.add_vrect(x0=left, x1=right, fillcolor=f"rgba({THIRD}, 0.12)", line_width=0, layer="below")
    for bar in bars:
        found.add_vline(x=bar, line={"color": f"rgb({GHOST})", "width": 2, "dash": "dash"})
    found.update_xaxes(range=[low, high])


# --- the frontier ---------------------------------------------------------------------------------


def frontier_chart(result: Result) -> Drawn:
    """Draw the margin by which the rule is met over two assumptions, and the border where it is zero.

    Parameters
    ----------
    result
        JSON object of ``claims --frontier``.
    """
    import plotly.graph_objects as go

    first, second = result["axes"][:2]
    across = sorted({row[first["path"]] for row in result["surface"]})
    up = sorted({row[second["path"]] for row in result["surface"]})
    cells = {(row[first["path"]], row[second["path"]]): row["margin"] for row in result["surface"]}
    margins = [[cells[x, y] for x in across] for y in up]
    reach = max(abs(margin) for row in margins for margin in row) or 1.0
    found = figure(_axis_title(first), _axis_title(second))
    found.add_trace(
        go.Heatmap(
            x=across, y=up, z=margins, zmin=-reach, zmax=reach,
            colorscale=[[0, f"rgb({SECOND})"], [0.5, "rgb(245, 245, 245)"], [1, f"rgb({CURRENT})"]],
            colorbar={"title": {"text": say("margin"), "side": "right"}, "thickness": 12},
            hovertemplate="%{x:.4g}, %{y:.4g}: %{z:.3g}<extra></extra>",
        )
    )  # fmt: skip
    found.add_trace(
        go.Contour(
            x=across, y=up, z=margins, showscale=False, name=say("border"), showlegend=False,
            contours={"start": 0, "end": 0, "size": 1, "coloring": "none"},
            line={"color": "black", "width": 3}, hoverinfo="skip",
        )
    )  # fmt: skip
    _points(found, result, first["path"], second["path"])
    found.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom"})
    found.update_yaxes(zeroline=False)
    title = say("Where the claim holds, over two assumptions")
    rate = result["out_of_sample"]
    commoner = max(result["holds_share"]["mean"], 1 - result["holds_share"]["mean"])
    reading = say(
        "Blue: it holds; vermilion: it fails; black: the border. Of {count} points left out in turn {right}%"
        " ({low} to {high}%) were put on the right side; always saying the commoner outcome is right at"
        " {commoner}%.",
        count=rate["n"],
        **{
            key: plain(100 * rate[end], 0)
            for key, end in (("right", "mean"), ("low", "low"), ("high", "high"))
        },
        commoner=plain(100 * commoner, 0),
    )
    heads = [
        Column(say("assumption"), words=True), Column(say("unit"), words=True), Column(say("from")),
        Column(say("to")), Column(say("here")), Column(say("flips at")),
    ]  # fmt: skip
    rows = [
        (
            named_path(axis["path"]),
            unit_words(axis["unit"]),
            *(number(axis[end]) for end in ("low", "high", "own")),
            NOTHING if axis["flips_at"] is None else number(axis["flips_at"]),
        )
        for axis in result["axes"]
    ]
    return Drawn(
        found, table(title, heads, list(rows)), f"{title}. {frontier_sentence(result)} {reading}", reading
    )


def _axis_title(axis: Mapping[str, Any]) -> str:
    name = assumption_name(axis["path"])
    return f"{name} ({unit_words(axis['unit'])})" if axis["unit"] else name


def _points(found: go.Figure, result: Result, first: str, second: str) -> None:
    """Mark the simulated points by side, and the scenario's own values."""
    looks = ((True, say("holds there"), "circle"), (False, say("fails there"), "x"))
    for is_inside, name, symbol in looks:
        picked = [point for point in result["points"] if (point["margin"] > 0) == is_inside]
        found.add_scatter(
            x=[point[first] for point in picked],
            y=[point[second] for point in picked],
            mode="markers",
            name=name,
            marker={"symbol": symbol, "size": 7, "color": "rgba(40, 40, 40, 0.75)"},
        )
    own = {axis["path"]: axis for axis in result["axes"]}
    found.add_scatter(
        x=[own[first]["own"]],
        y=[own[second]["own"]],
        mode="markers",
        name=say("the scenario's own values"),
        marker={
            "symbol": "star", "size": 17, "color": "rgb(240, 228, 66)",
            "line": {"width": 1.5, "color": "black"},
        },
    )  # fmt: skip
