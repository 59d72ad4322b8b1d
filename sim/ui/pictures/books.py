"""Pictures of the books: the accounts that a figure is made of."""

from __future__ import annotations

from sim.experiment.book_trails import Trail
from sim.report.numbers import plain
from sim.report.page import Column, Row, table
from sim.ui.accounts import account_name
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.pictures.picture import NothingToDrawError, figure
from sim.ui.style import CURRENT, SECOND
from sim.ui.trail import counted_name, figure_name
from sim.ui.vocabulary import channel_name, unit_name

MOST_BARS = 9


def account_bars(trail: Trail) -> Drawn:
    """Draw the accounts of a figure, the largest first; what is taken away points left."""
    parts = [(account_name(name), yuan) for name, yuan in trail.accounts.items()]
    parts += [(counted_name(one), one.yuan) for one in trail.counted]
    parts = sorted(((name, yuan) for name, yuan in parts if yuan), key=lambda part: -abs(part[1]))
    if not parts:
        raise NothingToDrawError("nothing was booked")
    title = say(
        "{figure}, {channel}: what it is made of",
        figure=figure_name(trail.figure),
        channel=channel_name(trail.channel),
    )
    shown = parts[:MOST_BARS]
    rest = sum(yuan for _, yuan in parts[MOST_BARS:])
    if len(parts) > MOST_BARS:
        shown = [*shown, (say("{count} smaller ones", count=len(parts) - MOST_BARS), rest)]
    found = figure(unit_name(trail.unit), say("account"))
    values = [yuan / trail.divisor for _, yuan in shown]
    found.add_bar(
        x=values,
        y=[name for name, _ in shown],
        orientation="h",
        marker={"color": [f"rgb({CURRENT if value >= 0 else SECOND})" for value in values]},
        text=[plain(value, 2, signed=min(values) < 0) for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{x:.2f}",
    )
    found.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
    low, high = min(0.0, *values), max(0.0, *values)
    margin = 0.16 * (high - low)
    found.update_xaxes(showgrid=True, range=[low - (margin if low < 0 else 0.0), high + margin])
    rows: list[tuple[str, ...] | Row] = [
        (name, plain(yuan, 2), plain(yuan / trail.divisor, 4)) for name, yuan in parts
    ]
    rows.append(
        Row((say("together"), plain(trail.total, 2), plain(trail.total / trail.divisor, 4)), "strong")
    )
    heads = [
        Column(say("account"), words=True),
        Column(say("booked"), unit_name("yuan")),
        Column(say("part of the figure"), unit_name(trail.unit)),
    ]
    reading = say(
        "{name} is the largest part: {part} of {whole} ({unit}).",
        name=parts[0][0],
        part=plain(parts[0][1] / trail.divisor, 2),
        whole=plain(trail.value, 2),
        unit=unit_name(trail.unit),
    )
    said = "; ".join(f"{name} {plain(yuan / trail.divisor, 2)}" for name, yuan in parts)
    return Drawn(found, table(title, heads, rows), f"{title}: {said} ({unit_name(trail.unit)})", reading)
