"""Units and names of assumptions are Chinese wherever a Chinese page has a table or a line of them."""

from __future__ import annotations

import re
from dataclasses import replace

from sim.experiment.claims import shipped_claims
from sim.report.page import Table
from sim.scenario import Entry, load
from sim.scenario.fields import walk
from sim.scenario.shipped import names
from sim.ui.assumption_words import about
from sim.ui.changes import Change, change_words
from sim.ui.claim_card import world_table
from sim.ui.differences import differing_table
from sim.ui.language import speaking
from sim.ui.sentences_claims import frontier_sentence
from sim.ui.trail import assumptions_table
from sim.ui.units import unit_words
from tests.project.tree import listing

LATIN = re.compile("[A-Za-z]")
CODE = re.compile("`[^`]*`")
"""Paths are written as a file has them."""
CASES = ("甲", "乙")


def lines() -> list[Entry]:
    """One line of the shipped scenarios for each unit that they have."""
    found = {one.unit: one for name in names() for one in load(name).entries() if one.role != "label"}
    return list(found.values())


def units() -> set[str]:
    """Every unit that the schema has, and every one that a line of a scenario has."""
    return {spec.unit for _, spec in walk()} | {line.unit for line in lines()}


def english_in(*said: str) -> list[str]:
    """Words that are not Chinese, paths aside."""
    return [words for words in said if LATIN.search(CODE.sub("", words))]


def words_of(table: Table) -> set[str]:
    """Everything that stands in a table."""
    heads = {words for column in table.columns for words in (column.title, column.unit)}
    return {table.title, *table.notes, *heads, *(cell for row in table.rows for cell in row.cells)}


def changes() -> list[Change]:
    """A change of every unit."""
    path = lines()[0].path
    return [Change(line.path, 1, 2, line.unit, "") for line in lines()] + [
        Change(path, 1, 2, unit, "") for unit in sorted(units())
    ]


def test_every_unit_is_said_in_chinese():
    with speaking("zh"):
        said = [unit_words(unit) for unit in sorted(units())]
    assert not english_in(*said), listing(english_in(*said))
    assert len(said) > 80


def test_tables_of_assumptions_are_chinese_whatever_their_unit():
    rows = [replace(line, value=1, source="", grade="") for line in lines()]
    with speaking("zh"):
        said = words_of(differing_table(changes(), CASES)) | words_of(assumptions_table(rows))
    assert not english_in(*said), listing(english_in(*said))


def test_changes_are_chinese_whatever_their_unit():
    with speaking("zh"):
        said = [change_words(change) for change in changes()]
    assert not english_in(*said), listing(english_in(*said))
    english = change_words(Change("a.b", 6000, 7000, "yuan/month", ""))
    assert english.endswith("6,000 → 7,000 yuan per month (+17%)")


def test_assumptions_of_studies_are_chinese_whatever_their_unit():
    row = {
        "own": 1,
        "low": {"value": 0},
        "high": {"value": 2},
        "grade": "none",
        "source": "",
        "description": "",
    }
    axis = {"own": 1, "low": 0, "high": 2, "flips_at": 1.5, "path": "`a`"}
    share = {"holds_share": {"mean": 0.5}}
    with speaking("zh"):
        said = [about({**row, "path": line.path, "unit": line.unit}) for line in lines()]
        said += [frontier_sentence({"axes": [{**axis, "unit": unit}], **share}) for unit in sorted(units())]
    assert not english_in(*said), listing(english_in(*said))


def test_a_world_of_a_claim_is_said_in_the_language_of_whoever_looks():
    claim = shipped_claims()["all_sides_of_experience"]
    world = claim.worlds[-1].name
    with speaking("en"):
        assert {row.cells[-1] for row in world_table(claim, "", world).rows} == {"ratio", "share"}
    with speaking("zh"):
        assert not english_in(*words_of(world_table(claim, "", world)))
