"""Pages on a terminal: colours and lines where a person looks, plain ASCII where a program or a file does."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
import unicodedata
from typing import TYPE_CHECKING, TextIO

from sim.report.page import Column, Page, Row, Table, Text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text as RichText

_ASCII = str.maketrans(
    {
        "±": "+/-",
        "×": "x",
        "–": "-",
        "—": "-",
        "−": "-",
        "→": "->",
        "…": "...",
        "≤": "<=",
        "≥": ">=",
        "·": "-",
        "²": "2",
        "’": "'",
        "“": '"',
        "”": '"',
        "¥": "yuan ",
    }
)
_WIDTH = 100  # of a paragraph in plain text
_GAP = 3  # between two columns
_NO_END = 10_000  # what is printed says itself how wide it may be
_TONES = {
    "plain": "",
    "headline": "bold",
    "good": "bold green",
    "bad": "bold red",
    "warning": "yellow",
    "faint": "dim",
}
_WEIGHTS = {"plain": "", "strong": "bold", "faint": "dim"}


def is_plain(stream: TextIO) -> bool:
    """Say whether a stream gets plain ASCII: no terminal, a dumb one, or NO_COLOR set (see no-color.org)."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb" or not stream.isatty()


def show(page: Page, stream: TextIO | None = None) -> None:
    """Write a page to a stream (standard output if None).

    A terminal gets colours and lines. Anything else gets plain text: our own words and signs in ASCII,
    names from a scenario as they are, with a question mark for what the stream's encoding cannot write.
    """
    stream = sys.stdout if stream is None else stream
    if not is_plain(stream):
        _show_rich(page, stream)
        return
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(plain_text(page).encode(encoding, errors="replace").decode(encoding))


def plain_text(page: Page) -> str:
    """Return a page as plain text, tables aligned with blanks, blocks separated by an empty line."""
    return "\n".join(_plain_block(block) for block in page.blocks)


def _plain_block(block: Table | Text) -> str:
    if isinstance(block, Text):
        return _filled(block.text)
    heads = [[c.title.translate(_ASCII) for c in block.columns]]
    if any(c.unit for c in block.columns):
        heads.append([c.unit.translate(_ASCII) for c in block.columns])
    body = [[cell.translate(_ASCII) for cell in row.cells] for row in block.rows]
    widths = [max(map(_width, cells)) for cells in zip(*heads, *body, strict=True)]
    lines = [_aligned(cells, widths, block.columns) for cells in heads]
    lines.append("  ".join("-" * width for width in widths).rstrip())
    lines += [_aligned(cells, widths, block.columns) for cells in body]
    title = f"{block.title.translate(_ASCII)}\n" if block.title else ""
    notes = "".join(_filled(note) for note in block.notes)
    return title + "\n".join(lines) + "\n" + notes


def _aligned(cells: list[str], widths: list[int], columns: tuple[Column, ...]) -> str:
    padded = []
    for cell, width, column in zip(cells, widths, columns, strict=True):
        blank = " " * (width - _width(cell))
        padded.append(cell + blank if column.words else blank + cell)
    return "  ".join(padded).rstrip()


def _filled(text: str) -> str:
    return (
        textwrap.fill(text.translate(_ASCII), _WIDTH, break_long_words=False, break_on_hyphens=False) + "\n"
    )


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _show_rich(page: Page, stream: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text as RichText

    window = shutil.get_terminal_size((_WIDTH, 24)).columns
    console = Console(file=stream, width=_NO_END, highlight=False)
    for position, block in enumerate(page.blocks):
        if position:
            console.print()
        if isinstance(block, Text):
            console.print(RichText(block.text, style=_TONES[block.tone]), width=window)
        else:
            _print_table(console, block, window)


def _wraps(place: int, column: Column) -> bool:
    """Say whether a column may be broken into lines: words may, numbers and the first column never."""
    return column.words and place > 0


def _least_cell(block: Table, place: int) -> int:
    """Width of a column's longest number, or of its longest word."""
    column = block.columns[place]
    cells = [column.title, column.unit, *(row.cells[place] for row in block.rows)]
    if _wraps(place, column):
        cells = [word for cell in cells for word in cell.split()] or [""]
    return max(map(_width, cells))


def _least_width(block: Table) -> int:
    """Width below which a table cannot be drawn without cutting a number or a word."""
    return sum(_least_cell(block, place) + _GAP for place in range(len(block.columns)))


def _print_table(console: Console, block: Table, window: int) -> None:
    from rich import box
    from rich.table import Table as RichTable
    from rich.text import Text as RichText

    grid = RichTable(
        title=RichText(block.title, style="bold") if block.title else None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        header_style="bold cyan",
    )
    for place, column in enumerate(block.columns):
        head = RichText(column.title)
        if column.unit:
            head.append(f"\n{column.unit}", style="dim not bold")
        grid.add_column(
            head,
            justify="left" if column.words else "right",
            no_wrap=not _wraps(place, column),
            min_width=_least_cell(block, place),
        )
    for row in block.rows:
        grid.add_row(*_rich_cells(row))
    console.print(grid, width=max(window, _least_width(block)))
    for note in block.notes:
        console.print(RichText(note, style="dim"), width=window)


def _rich_cells(row: Row) -> list[RichText]:
    from rich.text import Text as RichText

    return [RichText(cell, style=_WEIGHTS[row.weight]) for cell in row.cells]
