"""optimise, and replications until a width, on small worlds: the functions' numbers, in words and as JSON."""

from __future__ import annotations

import json

import pytest

from sim.experiment import replicate
from sim.scenario import load
from tests.world.small import BRIEF

SMALL = [
    part for path, value in (BRIEF | {"horizon.days": 14}).items() for part in ("--set", f"{path}={value}")
]
LEVER = ("--lever", "channels.tmall.price_index=0.9:1.3:0.1")
QUICK = ("--budget", "40", "--replications", "2", "--workers", "1")
ASK = ("optimise", "base", "--maximise", "contribution", *LEVER)


@pytest.fixture(scope="module")
def small():
    """The scenario that the commands of this file simulate."""
    return load("base", SMALL[1::2])


def test_the_answer_is_given_in_words_and_as_json_with_the_digits_of_run(channelsim, small, tmp_path):
    folder = str(tmp_path / "study")
    done = channelsim(*ASK, *SMALL, *QUICK, "--out", folder, "--json")
    assert done.code == 0, done.err
    found = done.data
    assert found["status"] in ("improved", "no_better")
    assert found["question"] == "maximise contribution"
    assert found["runs"] <= found["budget"] == 40
    assert found["tried"] == found["settings"] == 5  # a space this small is tried whole
    assert set(found["value"]) == {"mean", "low", "high", "unit", "n"}
    alone = replicate(small, replications=2, seed=1)
    assert found["value_at_start"] == alone.kpis["contribution"].as_dict()
    page = channelsim(*ASK, *SMALL, *QUICK)
    assert page.code == 0
    assert " ".join(found["headline"].split()) in " ".join(page.out.split())
    assert "5 of 5 settings were tried" in page.out
    assert "about the finalists" in " ".join(page.out.split())
    assert page.out.isascii()
    assert json.loads((tmp_path / "study" / "result.json").read_text()) == found
    assert channelsim("verify", folder, "--workers", "1").code == 0


def test_what_cannot_be_reached_is_an_answer_and_no_error(channelsim):
    words = ("optimise", "base", "--target", "contribution >= 1e9", "--at-least", "cost", *LEVER)
    done = channelsim(*words, *SMALL, "--budget", "70", *QUICK[2:], "--json")
    assert done.code == 0, done.err
    assert done.data["status"] == "not_reachable"
    assert done.data["binding"] == ["contribution >= 1000000000"]
    assert done.data["selection"] is None
    page = channelsim(*words, *SMALL, "--budget", "70", *QUICK[2:])
    assert "Not reachable with these levers: the best found misses contribution >= 1000000000" in " ".join(
        page.out.split()
    )
    assert "See it" not in page.out


def test_a_dry_run_shows_what_would_be_run_and_simulates_nothing(channelsim, monkeypatch):
    monkeypatch.setattr("sim.world.simulate", None)
    words = ("--lever", "market.places", "--subject-to", "share_in_hands >= 90%", "--dry-run")
    told = channelsim(*ASK, *words, "--json").data
    assert told["question"] == "maximise contribution subject to share_in_hands >= 0.9"
    assert [one["path"] for one in told["levers"]] == ["channels.tmall.price_index", "market.places"]
    assert told["settings_there_are"] == 5 * told["levers"][1]["high"] - 5 * (told["levers"][1]["low"] - 1)
    page = channelsim(*ASK, *words)
    assert "0.9 to 1.3 by 0.1" in page.out
    assert "runs in all, at most" in page.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("optimise", "base"), 2, "ask one of --maximise"),
        ((*ASK, "--minimise", "cost"), 2, "ask one of --maximise"),
        ((*ASK, "--at-least", "cost"), 2, "--target"),
        (("optimise", "base", "--maximise", "contribution"), 2, "at least one lever"),
        (("optimise", "base", "--maximise", "contributon", *LEVER), 2, "did you mean 'contribution'?"),
        ((*ASK, "--subject-to", "share_in_hnds >= 0.9"), 2, "did you mean 'share_in_hands'?"),
        ((*ASK, "--subject-to", "share_in_hands"), 2, "FIGURE >= VALUE"),
        ((*ASK, "--budget", "10"), 2, "need at least"),
        ((*ASK, "--effort", "market.place=3"), 2, "no such --lever"),
        ((*ASK, "--effort", "market.places"), 2, "PATH=YUAN"),
        ((*ASK, "--indifference", "-1"), 2, "above 0"),
        ((*ASK, "--lever", "channels.tmall.comission=0:1"), 3, "did you mean 'commission'?"),
        ((*ASK, "--lever", "channels.mall.price_index"), 3, "give LOW:HIGH"),
        (("run", "base", "--metric", "orders"), 2, "goes with --until-width"),
        (("run", "base", "--until-width", "tight"), 2, "such as 5%"),
        (("run", "base", "--until-width", "5%", "--metric", "oders"), 2, "did you mean 'orders'?"),
        (("compare", "base", "door_only", "--max-replications", "9"), 2, "goes with --until-width"),
        (("compare", "base", "--without-source", "all", "--until-width", "5%"), 2, "compares two scenarios"),
    ],
)
def test_questions_that_make_no_sense_are_refused_with_the_way_out(channelsim, words, code, said):
    done = channelsim(*words)
    assert done.code == code, done.err
    assert said in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_run_adds_replications_until_the_width_is_reached_and_says_why_it_stopped(channelsim, small):
    words = ("run", "base", *SMALL, "--workers", "1", "--until-width", "20%", "--metric", "orders")
    found = channelsim(*words, "--json").data
    stopping = found["stopping"]
    assert stopping["reached"]
    assert found["replications"] == stopping["replications"] >= 10  # five, and five more looking ahead
    orders = found["kpis"]["orders"]
    assert (orders["high"] - orders["low"]) / 2 <= 0.20 * orders["mean"]
    alone = replicate(small, replications=found["replications"], seed=1)
    assert found["kpis"] == {name: value.as_dict() for name, value in alone.kpis.items()}
    assert stopping["reason"] in " ".join(channelsim(*words).out.split())


def test_compare_says_when_its_budget_of_replications_is_spent(channelsim):
    words = ("compare", "base", "partner_pickup", *SMALL, "--workers", "1", "--until-width", "0.0001")
    found = channelsim(*words, "--max-replications", "4", "--json").data
    assert (found["stopping"]["reached"], found["stopping"]["replications"]) == (False, 4)
    page = " ".join(channelsim(*words, "--max-replications", "4").out.split())
    assert "The budget of 4 replications is spent" in page
