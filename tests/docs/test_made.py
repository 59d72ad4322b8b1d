"""What the build makes is up to date, and its parts do what they say."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET

import pytest

from docs import blocks, build, commands, drawings, pages, tables


@pytest.mark.parametrize("path", pages.PAGES)
def test_generated_pages_are_fresh(path: str) -> None:
    assert (commands.ROOT / path).read_text(encoding="utf-8") == pages.PAGES[path](), "make docs"


@pytest.mark.parametrize("name", tables.TABLES)
def test_reference_tables_are_reproduced(name: str) -> None:
    _, make = tables.TABLES[name]
    found = tables.differences(tables.kept(name), list(make()))
    assert not found, "results have changed; if that was meant: make docs\n" + "\n".join(found[:20])


def test_reference_tables_cover_every_shipped_scenario() -> None:
    from sim.scenario import shipped

    assert {row[0] for row in tables.kept("kpis.csv")} == set(shipped())
    assert {row[:2] for row in tables.kept("verdicts.csv")} == {
        (name, path) for name in tables.SCALED for path in tables.PATHS
    }


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("12", "12", True),
        ("12", "13", False),
        ("12", "12.000000000001", True),
        ("1000000000000", "1000000000001", False),
        ("0.1", repr(0.1 * (1 + 5e-10)), True),
        ("0.1", repr(0.1 * (1 + 5e-9)), False),
        ("scalable", "neutral", False),
        ("", "0", False),
    ],
)
def test_counts_are_exact_and_other_numbers_nearly_so(old: str, new: str, same: bool) -> None:
    assert (not tables.differences([("a", "b", old)], [("a", "b", new)])) == same


def test_a_missing_row_is_a_difference() -> None:
    assert tables.differences([("a", "b", "1")], []) == ["1 rows were kept, now there are 0"]


@pytest.mark.parametrize("value", [0.1, 1 / 3, 1e-12, 123456.75, math.pi * 1e9])
def test_numbers_survive_being_written(value: float) -> None:
    from docs.tables import _written

    assert float(_written(value)) == value


@pytest.mark.parametrize("name", drawings.FIGURES)
def test_drawings_are_there_and_well_formed(name: str) -> None:
    root = ET.fromstring((drawings.FOLDER / name).read_text(encoding="utf-8"))
    words = " ".join(root.itertext())
    assert root.tag.endswith("svg")
    assert drawings.FIGURES[name].title in words


def test_commands_are_read_with_their_head_and_continuation() -> None:
    first = "$ channelsim scale base \\\n    --path peak | head -2\none\ntwo\n"
    text = f"```console\n{first}$ channelsim run base\n```\n"
    (peak, output), (second, nothing) = commands.shown(text)
    assert peak == commands.Command(("scale", "base", "--path", "peak"), 2)
    assert output == "one\ntwo\n"
    assert second.words == ("run", "base")
    assert nothing == ""
    assert not peak.is_quick


def test_runs_kept_from_earlier_change_no_document() -> None:
    kept = "All 40 runs were kept from an earlier study of the same worlds (--fresh simulates anew)."
    page = f"A page.\n\n{kept}\n"
    words = (
        "48 histories of 91 days; 48 of them kept from an\nearlier study (--fresh simulates them anew). More."
    )
    for pattern, instead in commands._KEPT:
        page, words = pattern.sub(instead, page), pattern.sub(instead, words)
    assert page.rstrip() == "A page."
    assert words == "48 histories of 91 days. More."


def test_a_quick_refresh_leaves_simulated_output_alone() -> None:
    quick = "$ channelsim explain base market.places | head -1\nold\n"
    text = f"```console\n$ channelsim run base\nold\n{quick}```\n"
    found = commands.refreshed(text, quick=True)
    assert "$ channelsim run base\nold\n" in found
    assert found.count("old") == 1


def test_a_command_that_fails_stops_the_build() -> None:
    with pytest.raises(commands.CaptureError, match="ended with 3"):
        commands.captured(commands.Command(("validate", "no_such_scenario")))


def test_parts_are_replaced_between_their_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCKS", {"flips": lambda: "new"})
    text = "a\n<!-- begin flips -->\nold\n<!-- end flips -->\nb\n"
    assert blocks.filled(text) == "a\n<!-- begin flips -->\n\nnew\n\n<!-- end flips -->\nb\n"


def test_every_part_in_the_documents_can_be_made() -> None:
    named = [
        name for path in commands.documents() for name in blocks.parts_in(path.read_text(encoding="utf-8"))
    ]
    assert sorted(named) == sorted(blocks.BLOCKS)


def test_the_build_refuses_what_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--fast"]) == 2
    assert "--quick" in capsys.readouterr().err
