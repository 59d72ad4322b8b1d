"""Pictures of orders on their way: where they come from and end, where they wait, and one of them in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.ways import STAGES
from sim.report.numbers import column, compact, plain, read
from sim.report.page import Column, table
from sim.report.ways import OTHER_SOURCES, Link, few_links
from sim.scenario.segments import UNVISITED
from sim.ui.drawn import Drawn
from sim.ui.language import say, term
from sim.ui.pictures.growth import add_line
from sim.ui.pictures.picture import NothingToDrawError, Result, figure
from sim.ui.stops import QUEUE_UNITS, queue_name, resource_name, step_name, stop_name
from sim.ui.style import CURRENT, GHOST, SECOND, THIRD
from sim.ui.vocabulary import unit_name

if TYPE_CHECKING:
    import plotly.graph_objects as go

_COLOURS = {
    "kept": THIRD,
    "returned": SECOND,
    "not_received": "204, 121, 167",
    "door": "86, 180, 233",
    "counter": "230, 159, 0",
}
"""By stop; what became of an order is also told by its place and name."""
TOP = 0.92
"""Height of the picture; headings stand above it."""
LAST = 3
"""Number of the last column."""
GAP = 0.036
"""Between two nodes of the fullest column, as a share of the height."""


# --- ways -----------------------------------------------------------------------------------------


def sankey(result: Result, measure: str) -> Drawn:
    """Draw the ways of orders from source to end.

    Parameters
    ----------
    result
        Of :class:`sim.ui.questions.ways.WaysQuestion`.
    measure
        ``orders`` or ``value`` (yuan at list price).
    """
    links = few_links(result["ways"], measure)
    if not links:
        raise NothingToDrawError("nobody ordered anything")
    title = say("Where orders come from and how they end")
    unit = "yuan" if measure == "value" else "orders"
    found = _sankey_figure(links, _visits(result), unit)
    return Drawn(found, _links_table(result, title), f"{title}: {_said(links, unit)}", _reading(links))


def _visits(result: Result) -> dict[str, float]:
    """Return visits by source; those who come by themselves or on an impulse are no visits."""
    sums: dict[str, float] = {}
    for row in result["visits"]:
        known = read(row["visits"])
        if known is not None and row["source"] not in UNVISITED:
            sums[row["source"]] = sums.get(row["source"], 0.0) + known.mean
    return sums


def _sankey_figure(links: Sequence[Link], visits: Mapping[str, float], unit: str) -> go.Figure:
    import plotly.graph_objects as go

    nodes = list(dict.fromkeys(node for link in links for node in _ends(link)))
    amounts = {node: _through(node, links) for node in nodes}
    spread = dict(_places(nodes, amounts))
    labels = {node: _label(node, amounts[node], visits, unit) for node in nodes}
    found = go.Figure(
        go.Sankey(
            arrangement="fixed",
            domain={"y": [0.0, TOP]},
            node={
                "label": ["" if node[0] == LAST else labels[node] for node in nodes],
                "color": [f"rgb({_COLOURS.get(node[1], CURRENT)})" for node in nodes],
                "x": [spread[node][0] for node in nodes],
                "y": [spread[node][1] for node in nodes],
                "pad": 8,
                "thickness": 14,
                "customdata": [labels[node] for node in nodes],
                "hovertemplate": f"%{{customdata}}<br>%{{value:,.0f}} {unit_name(unit)}<extra></extra>",
            },
            link={
                "source": [nodes.index(_ends(link)[0]) for link in links],
                "target": [nodes.index(_ends(link)[1]) for link in links],
                "value": [link.amount for link in links],
                "color": [f"rgba({_COLOURS.get(link.end, GHOST)}, 0.32)" for link in links],
                "hovertemplate": "%{source.customdata} → %{target.customdata}: %{value:,.0f}<extra></extra>",
            },
            textfont={"size": 13},
        )
    )
    heads = (say("visits, by source"), say("channel"), say("fulfilment"), say("in the end"))
    for place, words in enumerate(heads):
        found.add_annotation(
            x=place / 3, y=1.0, xref="paper", yref="paper", yanchor="top", showarrow=False,
            text=f"<b>{words}</b>",
            xanchor=("left", "center", "center", "right")[place], font={"size": 13},
        )  # fmt: skip
    for node in (one for one in nodes if one[0] == LAST):
        # Beside the picture, where no band runs through the words.
        found.add_annotation(
            x=1.0, y=TOP * (1.0 - spread[node][1]), xref="paper", yref="paper", xanchor="left", xshift=6,
            text=labels[node].replace(": ", ":<br>"), align="left", showarrow=False, font={"size": 13},
        )  # fmt: skip
    found.update_layout(margin={"l": 8, "r": 150, "t": 8, "b": 12}, font={"size": 13})
    return found


def _ends(link: Link) -> tuple[tuple[int, str], tuple[int, str]]:
    rank = list(STAGES).index(link.stage)
    return (rank, link.start), (rank + 1, link.end)


def _through(node: tuple[int, str], links: Sequence[Link]) -> float:
    rank, _ = node
    side = 1 if rank else 0
    return sum(link.amount for link in links if _ends(link)[side] == node)


def _places(nodes: Sequence[tuple[int, str]], amounts: Mapping[tuple[int, str], float]) -> Any:
    """Yield where each node stands: columns by stop, the largest on top, other sources last.

    All columns carry the same total, so a node is as high in each as its share of the height that the column
    with most nodes leaves; the others have wider gaps.
    """
    columns = [[node for node in nodes if node[0] == rank] for rank in range(4)]
    free = 1.0 - GAP * (max(map(len, columns)) - 1)
    for rank, mine in enumerate(columns):
        mine.sort(key=lambda node: (node[1] == OTHER_SOURCES, -amounts[node]))
        total = sum(amounts[node] for node in mine)
        gap = (1.0 - free) / max(len(mine) - 1, 1)
        top = 0.0 if len(mine) > 1 else (1.0 - free) / 2
        for node in mine:
            height = amounts[node] / total * free
            yield node, (min(max(rank / 3, 0.001), 0.999), min(max(top + height / 2, 0.001), 0.999))
            top += height + gap


def _label(node: tuple[int, str], amount: float, visits: Mapping[str, float], unit: str) -> str:
    rank, name = node
    said = f"{stop_name(name)}: {compact(amount)}"
    if rank == 0 and unit == "orders" and name in visits:
        return say("{name} of {visits} visits", name=said, visits=compact(visits[name]))
    return said


def _said(links: Sequence[Link], unit: str) -> str:
    parts = [f"{stop_name(one.start)} → {stop_name(one.end)} {compact(one.amount)}" for one in links]
    return "; ".join(parts) + f" ({unit_name(unit)})"


def _reading(links: Sequence[Link]) -> str:
    ends = [link for link in links if link.stage == "outcome"]
    total = sum(link.amount for link in ends)
    shares = {
        name: sum(one.amount for one in ends if one.end == name) / total for name in ("kept", "returned")
    }
    first = max((one for one in links if one.stage == "arrival"), key=lambda one: one.amount)
    return say(
        "The widest band comes from {source}; of 100 in all {kept} are kept and {returned} come back. Bands"
        " are as wide as what was ordered, visits without an order are not drawn.",
        source=stop_name(first.start),
        kept=f"{100 * shares['kept']:.1f}",
        returned=f"{100 * shares['returned']:.1f}",
    )


def _links_table(result: Result, title: str) -> Any:
    heads = [
        Column(say("from"), words=True),
        Column(say("to"), words=True),
        Column(say("orders"), unit_name("orders")),
        Column(say("value at list price"), unit_name("yuan")),
    ]
    rows = sorted(result["links"], key=lambda row: (list(STAGES).index(row["stage"]), -row["orders"]["mean"]))
    rows = [row for row in rows if row["orders"]["mean"] > 0]
    orders = column([read(row["orders"]) for row in rows])
    values = column([read(row["value"]) for row in rows], most=0)
    cells = [
        (stop_name(row["start"]), stop_name(row["end"]), *numbers)
        for row, *numbers in zip(rows, orders, values, strict=True)
    ]
    return table(title, heads, list(cells))


# --- queues ---------------------------------------------------------------------------------------


def queue_lines(result: Result, queue: str) -> Drawn:
    """Draw mean and peak of one queue, week by week."""
    from sim.experiment.ways import QUEUES

    known = result["queues"].get(queue)
    if not known or not known["weeks"]:
        raise NothingToDrawError("this scenario does not have the queue")
    rows, unit = known["weeks"], term(QUEUE_UNITS[known["unit"]])
    title = say("{queue}: how much waits", queue=queue_name(queue))
    found = figure(say("week of the year"), say("{unit} at a time", unit=unit))
    peaks, means = (
        [(float(row["week"]), value) for row in rows if (value := read(row[name])) is not None]
        for name in ("peak", "mean")
    )
    add_line(found, peaks, name=say("peak of the week"), colour=SECOND, dash="dash")
    add_line(found, means, name=say("mean of the week"), colour=CURRENT)
    last = rows[-1]["week"]
    for note in found.layout.annotations:
        note.x = last  # this axis is not logarithmic
    ticks = [1, *range(10, last + 1, 10)]
    found.update_xaxes(range=[0.5, max(last, 2) * 1.22], tickvals=ticks)
    found.update_yaxes(rangemode="tozero")
    worst = max(rows, key=lambda row: row["peak"]["mean"])
    reading = say(
        "{meaning} Most at once: {peak} in week {week}; the mean of the year is {mean}.",
        meaning=term(QUEUES[queue][1]),
        peak=plain(worst["peak"]["mean"], 0),
        week=worst["week"],
        mean=plain(sum(value.mean for _, value in means) / len(means), 1),
    )
    heads = [Column(say("week")), Column(say("mean"), unit), Column(say("peak"), unit)]
    cells = zip(
        [str(row["week"]) for row in rows],
        column([value for _, value in means], most=1),
        column([value for _, value in peaks], most=1),
        strict=True,
    )
    return Drawn(found, table(title, heads, list(cells)), f"{title}. {reading}", reading)


# --- one order ------------------------------------------------------------------------------------


def order_line(result: Result) -> Drawn:
    """Draw the steps of one order in time, with the promise as a line."""
    steps = result["steps"]
    if not steps:
        raise NothingToDrawError("there is no such order")
    title = say("Order {number} from checkout to its end", number=result["order"]["number"])
    hours = [float(step["hours"]) for step in steps]
    steps_said = _unique([step_name(step["activity"]) for step in steps])
    names = [
        say("{step}, {hours} h", step=name, hours=plain(one, 1))
        for name, one in zip(steps_said, hours, strict=True)
    ]
    lasting = [end - begin for begin, end in zip(hours, [*hours[1:], hours[-1]], strict=True)]
    found = figure(say("hours since the order was placed"), say("step"))
    found.add_bar(
        x=lasting, y=names, base=hours, orientation="h", name=say("until the next step"),
        marker={"color": f"rgba({CURRENT}, 0.55)", "line": {"color": f"rgb({CURRENT})", "width": 1}},
        hovertemplate="%{x:.1f} h",
    )  # fmt: skip
    found.add_scatter(
        x=hours, y=names, mode="markers", marker={"size": 9, "color": f"rgb({CURRENT})"}, hoverinfo="skip",
    )  # fmt: skip
    promise = float(result["promise_hours"])
    found.add_vline(
        x=promise, line={"dash": "dash", "color": f"rgb({SECOND})"},
        annotation_text=say("promised"), annotation_position="top right",
    )  # fmt: skip
    found.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    found.update_xaxes(range=[-0.02 * max(hours[-1], promise), 1.06 * max(hours[-1], promise)], showgrid=True)
    heads = [
        Column(say("step"), words=True), Column(say("when"), words=True), Column(say("who"), words=True),
        Column(say("after"), say("hours")), Column(say("booked for it"), unit_name("yuan")),
    ]  # fmt: skip
    cells = [
        (
            name, str(step["timestamp"])[:16].replace("T", " "), resource_name(step["resource"]),
            plain(one, 1), plain(step["cost"], 2),
        )
        for name, step, one in zip(steps_said, steps, hours, strict=True)
    ]  # fmt: skip
    reading = _order_reading(result)
    return Drawn(found, table(title, heads, list(cells)), f"{title}. {reading}", reading)


def _unique(names: Sequence[str]) -> list[str]:
    """Number what comes twice, so that it has a line of its own."""
    return [
        name if names.index(name) == place else f"{name} ({names[: place + 1].count(name)})"
        for place, name in enumerate(names)
    ]


def _order_reading(result: Result) -> str:
    order, promise = result["order"], float(result["promise_hours"])
    hours = order["hours_to_hands"]
    if hours is None:
        return say("It never reached the shopper: {end}.", end=stop_name(order["end"]))
    late = hours - promise
    if order["delivery"] == "counter":
        return say("Carried home from a store at once; in the end: {end}.", end=stop_name(order["end"]))
    if late > 0:
        return say(
            "In the shopper's hands after {hours} hours, {late} later than promised; in the end: {end}.",
            hours=plain(hours, 1),
            late=plain(late, 1),
            end=stop_name(order["end"]),
        )
    return say(
        "In the shopper's hands after {hours} of {promise} hours promised; in the end: {end}.",
        hours=plain(hours, 1),
        promise=plain(promise, 0),
        end=stop_name(order["end"]),
    )
