"""What a report says, before anybody decides how it looks: headings, sentences and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Weight = Literal["plain", "strong", "faint"]
Tone = Literal["plain", "headline", "good", "bad", "warning", "faint"]


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    title
        What stands in it.
    unit
        Unit of its numbers, written under the title; empty where rows differ or there are only words.
    words
        Whether it holds words (aligned left) and not numbers (aligned right).
    """

    title: str
    unit: str = ""
    words: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a table: cells as written, and how strongly."""

    cells: tuple[str, ...]
    weight: Weight = "plain"


@dataclass(frozen=True)
class Table:
    """A table with a title and, below it, notes."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(
                    f"table {self.title!r}: a row has {len(row.cells)} cells for {len(self.columns)} columns"
                )


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True)
class Page:
    """A report: blocks from top to bottom."""

    blocks: tuple[Table | Text, ...] = field(default=())

    def __add__(self, other: Page) -> Page:
        return Page(self.blocks + other.blocks)


def table(
    title: str, columns: list[Column], rows: list[tuple[str, ...] | Row], notes: list[str] | None = None
) -> Table:
    """Build a table from plain tuples and rows."""
    ready = tuple(row if isinstance(row, Row) else Row(row) for row in rows)
    return Table(title, tuple(columns), ready, tuple(notes or ()))


def markdown(page: Page) -> str:
    """Write a page as GitHub Markdown."""
    parts: list[str] = []
    for block in page.blocks:
        if isinstance(block, Text):
            parts.append(f"**{block.text}**" if block.tone == "headline" else block.text)
            continue
        heads = [f"{c.title} ({c.unit})" if c.unit else c.title for c in block.columns]
        lines = [_markdown_row(heads), _markdown_row([":--" if c.words else "--:" for c in block.columns])]
        lines += [_markdown_row(_weighted(row)) for row in block.rows]
        title = [f"**{block.title}**"] if block.title else []
        parts += [*title, "\n".join(lines), *block.notes]
    return "\n\n".join(parts) + "\n"


def _markdown_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _weighted(row: Row) -> list[str]:
    cells = [cell.replace("|", "\\|") for cell in row.cells]
    return [f"**{cell}**" if row.weight == "strong" and cell else cell for cell in cells]
