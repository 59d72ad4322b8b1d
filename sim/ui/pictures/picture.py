"""A chart that can be drawn from answers: what it is called, what it needs, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Literal

from sim.report.numbers import Value, decimals, plain, read, text
from sim.ui.drawn import Drawn
from sim.ui.language import say
from sim.ui.style import CURRENT, GHOST
from sim.ui.vocabulary import unit_name

if TYPE_CHECKING:
    import plotly.graph_objects as go

Result = Mapping[str, Any]
Need = Literal["run", "scale", "compare"]


@dataclass(frozen=True)
class Material:
    """What is known to draw from: plain results, None where there is none yet.

    Attributes
    ----------
    run, scale
        Of the present inputs.
    run_before, scale_before
        Of the baseline; None where the inputs are the baseline, or it is not known yet.
    compare
        Present inputs against the baseline.
    """

    run: Result | None = None
    run_before: Result | None = None
    scale: Result | None = None
    scale_before: Result | None = None
    compare: Result | None = None

    def about(self, need: Need) -> Material:
        """Return what belongs to one kind of answer, and nothing else."""
        names = (need, f"{need}_before")
        return Material(**{one.name: getattr(self, one.name) for one in fields(self) if one.name in names})

    def rests_on_the_same(self, other: Material) -> bool:
        """Whether two materials hold the very same results."""
        return all(getattr(self, one.name) is getattr(other, one.name) for one in fields(self))


class NothingToDrawError(ValueError):
    """The result has nothing for this chart, such as a layer's cost where there is no layer."""


@dataclass(frozen=True)
class Picture:
    """A chart.

    Attributes
    ----------
    name
        Short name, as the view of a link holds it.
    title, short
        Give its heading and a word or two for a button, in the language of the page.
    need
        The kind of answer it is drawn from; it is shown no other.
    draw
        Draws it; raises :class:`NothingToDrawError` where there is nothing to draw.
    """

    name: str
    title: Callable[[], str]
    short: Callable[[], str]
    need: Need
    draw: Callable[[Material], Drawn]

    def is_ready(self, material: Material) -> bool:
        """Whether what it needs is known."""
        return getattr(material, self.need) is not None


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its value, that of the baseline, and what picking it picks."""

    name: str
    now: Value
    before: Value | None = None
    key: str = ""


def figure(x_title: str, y_title: str) -> go.Figure:
    """Return an empty chart with named axes."""
    import plotly.graph_objects as go

    # In one go: each later change of a layout takes longer than making one.
    return go.Figure(
        layout={
            "xaxis": {"title": {"text": x_title}, "showgrid": False, "zeroline": False},
            "yaxis": {"title": {"text": y_title}, "zeroline": True, "zerolinecolor": f"rgb({GHOST})"},
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "showlegend": False,
            "dragmode": False,
            "bargap": 0.35,
            "font": {"size": 13},
        }
    )


def bars(
    rows: Sequence[Bar], *, names: str, values: str, sideways: bool = False, signed: bool = False
) -> go.Figure:
    """Draw bars with whiskers, and the baseline as a hollow grey bar behind each.

    Parameters
    ----------
    rows
        At least one bar.
    names, values
        Titles of the axes.
    sideways
        Whether names stand at the left, first on top.
    signed
        Whether a plus sign is written.
    """
    found = figure(values if sideways else names, names if sideways else values)
    if any(row.before is not None for row in rows):
        _add(found, rows, [row.before for row in rows], sideways, GHOST, say("baseline"))
    places = decimals([row.now for row in rows])
    _add(found, rows, [row.now for row in rows], sideways, CURRENT, say("now"))
    found.data[-1].update(
        text=[plain(row.now.mean, places, signed=signed) for row in rows],
        textposition="outside",
        cliponaxis=False,
    )
    found.update_layout(barmode="overlay" if len(found.data) == 1 else "group")
    if sideways:
        found.update_yaxes(autorange="reversed", showgrid=False, automargin=True)
        found.update_xaxes(showgrid=True)
    return found


def _add(
    found: go.Figure,
    rows: Sequence[Bar],
    values: Sequence[Value | None],
    sideways: bool,
    colour: str,
    name: str,
) -> None:
    means = [None if value is None else value.mean for value in values]
    whiskers = {
        "type": "data",
        "symmetric": False,
        "array": [0 if value is None or value.high is None else value.high - value.mean for value in values],
        "arrayminus": [
            0 if value is None or value.low is None else value.mean - value.low for value in values
        ],
        "color": f"rgb({GHOST})",
    }
    labels = [row.name for row in rows]
    is_ghost = colour == GHOST
    found.add_bar(
        x=means if sideways else labels,
        y=labels if sideways else means,
        orientation="h" if sideways else "v",
        name=name,
        customdata=[row.key for row in rows],
        marker={
            "color": f"rgba({colour}, {0.25 if is_ghost else 0.9})",
            "line": {"color": f"rgb({colour})", "width": 1.5},
        },
        **{"error_x" if sideways else "error_y": whiskers},
    )


def bar_table_rows(rows: Sequence[Bar]) -> list[tuple[str, ...]]:
    """Return the rows of a table of bars: name, now, and the baseline if any bar has one."""
    places = decimals([row.now for row in rows])
    has_before = any(row.before is not None for row in rows)
    return [
        (row.name, text(row.now, places), *((text(row.before, places),) if has_before else ()))
        for row in rows
    ]


def described(rows: Sequence[Bar], unit: str) -> str:
    """Return the bars in words."""
    places = decimals([row.now for row in rows])
    return "; ".join(f"{row.name} {text(row.now, places)}" for row in rows) + f" ({unit_name(unit)})"


def value(found: Any) -> Value | None:
    """Read a value; shares in percent."""
    from sim.report.numbers import shown

    known = read(found)
    return None if known is None else shown(known)
