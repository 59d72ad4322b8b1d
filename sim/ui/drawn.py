"""A chart with what has to stand beside it: one line of reading, a table, and words for who cannot see it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.page import Page, Table, markdown

if TYPE_CHECKING:
    import plotly.graph_objects as go

_WITHOUT_AXES = {"sankey", "treemap", "sunburst", "table", "indicator", "pie"}


class UnitlessError(ValueError):
    """A chart whose axis does not say what it measures."""


@dataclass(frozen=True)
class Drawn:
    """A chart and what belongs to it.

    Attributes
    ----------
    figure
        The chart; every axis has a title with its unit.
    table
        Its numbers.
    alt
        What it shows, for screen readers.
    reading
        What is to be seen in it, in one line.

    Raises
    ------
    UnitlessError
        If an axis has no title, or the words are missing.
    """

    figure: go.Figure
    table: Table
    alt: str
    reading: str

    def __post_init__(self) -> None:
        if not self.alt or not self.reading:
            raise UnitlessError("a chart needs a line of reading and words for screen readers")
        if any(trace.type not in _WITHOUT_AXES for trace in self.figure.data):
            for axes in (self.figure.select_xaxes(), self.figure.select_yaxes()):
                if any(not axis.title.text and axis.visible is not False for axis in axes):
                    raise UnitlessError("every axis of a chart says what it measures, with its unit")


def table_markdown(table: Table) -> str:
    """Return a table as Markdown."""
    return markdown(Page((table,)))


def table_csv(table: Table) -> str:
    """Return a table as comma-separated values, one heading line with units."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([f"{one.title} ({one.unit})" if one.unit else one.title for one in table.columns])
    writer.writerows([_safe(cell) for cell in row.cells] for row in table.rows)
    return out.getvalue()


def _safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in "=@\t" else cell
