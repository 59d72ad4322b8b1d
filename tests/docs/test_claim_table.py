"""The kept table of claims: complete, by the rule, as expected, and reproduced where it is cheap."""

from __future__ import annotations

import pytest

from docs import claim_table
from sim.experiment import Runner
from sim.experiment.claims import listing, shipped_claims, try_claims

MAKE = f"results have changed; if that was meant: python -m docs.build {claim_table.PAGE}"
AGAIN = ("burning_money_collapses", "bargaining_power", "sales_bring_search")
"""Claims that are run again here: their few small histories take seconds."""


@pytest.fixture(scope="module")
def kept() -> list[dict[str, str]]:
    return claim_table.kept()


def test_every_claim_and_world_is_in_the_table(kept):
    claims = shipped_claims()
    expected = [(name, world.name) for name, claim in claims.items() for world in claim.worlds]
    assert [(row["claim"], row["world"]) for row in kept] == expected, MAKE


def test_every_world_comes_out_as_its_file_says(kept):
    expected = {
        (name, world.name): world.expect for name, claim in shipped_claims().items() for world in claim.worlds
    }
    wrong = [
        (row["claim"], row["world"], row["outcome"])
        for row in kept
        if expected[row["claim"], row["world"]] not in (None, row["outcome"])
    ]
    assert not wrong


def test_every_claim_holds_somewhere_and_fails_somewhere(kept):
    outcomes: dict[str, set[str]] = {}
    for row in kept:
        outcomes.setdefault(row["claim"], set()).add(row["outcome"])
    one_sided = {name: found for name, found in outcomes.items() if not {"holds", "fails"} <= found}
    assert not one_sided


def test_a_verdict_follows_from_the_own_world_and_the_plausible_ones(kept):
    own = {row["claim"]: row for row in kept[::-1]}
    for name, row in own.items():
        agree = float(row["plausible"]) if row["outcome"] == "holds" else 1.0 - float(row["plausible"])
        expected = (
            "cannot tell"
            if row["outcome"] == "cannot tell"
            else row["outcome"]
            if agree >= 0.8
            else "depends"
        )
        assert row["verdict"] == expected, name


@pytest.mark.parametrize("name", AGAIN)
def test_its_worlds_give_the_same_digits_again(kept, name):
    with Runner(1) as runner:
        (found,) = try_claims([shipped_claims()[name]], runner=runner, draws=0, family=len(shipped_claims()))
    again = list(claim_table.rows({"claims": [found.as_dict()]}))
    before = [row for row in kept if row["claim"] == name]
    for row, kept_row in zip(again, before, strict=True):
        old = tuple(kept_row[column] for column in claim_table.COLUMNS)
        assert row[:8] == old[:8], MAKE


def test_the_page_answers_every_line_of_the_articles():
    text = (claim_table.FOLDER.parents[1] / claim_table.PAGE).read_text(encoding="utf-8")
    for line in listing()["articles"]:
        assert f"| {line['id']} | {line['says']} | " in text
    for name, claim in shipped_claims().items():
        assert f"### {name.replace('_', ' ')}" in text
        assert claim.sentence in text
