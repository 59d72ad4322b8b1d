"""Pages on a stream: plain ASCII for programs, lines and colour for people, and nothing cut off."""

from __future__ import annotations

import io

import pytest

from sim.report.page import Column, Page, Row, Table, Text, markdown, table
from sim.report.terminal import is_plain, plain_text, show

PAGE = Page(
    (
        Text("Falls 12% → 3 ± 1 yuan", "headline"),
        table(
            "Cost ×2",
            [Column("name", words=True), Column("cost", "yuan/order"), Column("remark", words=True)],
            [
                ("door", "1.27 ± 0.01", "as it is"),
                Row(("own | mall", "12.00 ± 0.10", "dearer by far"), "strong"),
            ],
            ["Means over 5 runs…"],
        ),
    )
)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def colour(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")


def test_plain_text_is_ascii_and_aligned():
    assert plain_text(PAGE).splitlines() == [
        "Falls 12% -> 3 +/- 1 yuan",
        "",
        "Cost x2",
        "name                  cost  remark",
        "                yuan/order",
        "----------  --------------  -------------",
        "door         1.27 +/- 0.01  as it is",
        "own | mall  12.00 +/- 0.10  dearer by far",
        "Means over 5 runs...",
    ]


@pytest.mark.usefixtures("colour")
def test_what_is_piped_is_plain():
    stream = io.StringIO()
    assert is_plain(stream)
    show(PAGE, stream)
    assert stream.getvalue() == plain_text(PAGE)
    assert stream.getvalue().isascii()


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
@pytest.mark.usefixtures("colour")
def test_a_terminal_without_colour_is_plain_too(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    stream = Terminal()
    show(PAGE, stream)
    assert stream.getvalue() == plain_text(PAGE)


@pytest.mark.usefixtures("colour")
def test_an_empty_no_color_does_not_count(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "")
    assert not is_plain(Terminal())


@pytest.mark.usefixtures("colour")
def test_a_terminal_gets_colour_and_every_cell():
    stream = Terminal()
    show(PAGE, stream)
    written = stream.getvalue()
    assert "\x1b[" in written
    for row in PAGE.blocks[1].rows:
        for cell in row.cells:
            assert cell in written


@pytest.mark.usefixtures("colour")
def test_a_narrow_terminal_cuts_no_number_and_no_word(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    wide = Page(
        (
            table(
                "",
                [Column("path", words=True), *[Column("n")] * 6, Column("why", words=True)],
                [("market.sources.platform_search", *["1,234,567 ± 1,234"] * 6, "because it is so")],
            ),
        )
    )
    stream = Terminal()
    show(wide, stream)
    written = stream.getvalue()
    assert written.count("1,234,567 ± 1,234") == 6
    assert "market.sources.platform_search" in written
    assert "…" not in written
    for word in ("because", "it", "is", "so"):
        assert word in written


def test_names_keep_their_letters_where_the_encoding_has_them():
    page = Page((table("", [Column("channel", words=True), Column("n")], [("天猫", "12"), ("mall", "3")]),))
    assert plain_text(page).splitlines()[2:] == ["天猫     12", "mall      3"]
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    show(page, stream)
    stream.flush()
    assert b"??" in raw.getvalue()


def test_a_row_with_too_many_cells_is_refused():
    with pytest.raises(ValueError, match="'costs': a row has 2 cells for 1 columns"):
        Table("costs", (Column("a"),), (Row(("1", "2")),))


def test_markdown_holds_the_same_cells():
    written = markdown(PAGE)
    assert "| name | cost (yuan/order) | remark |" in written
    assert "| :-- | --: | :-- |" in written
    assert "| **own \\| mall** | **12.00 ± 0.10** | **dearer by far** |" in written
    assert written.startswith("**Falls 12%")
