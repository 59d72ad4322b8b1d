"""run, compare, scale, demo and verify on small worlds: the functions' numbers in the agreed shapes."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from sim.experiment import replicate
from sim.scenario import load
from tests.cli.conftest import WEEK

KPI = {"mean", "low", "high", "unit", "n"}
LADDER = ("--path", "densify", "--volumes", "0.5", "1", "--replications", "2", "--no-causes", "--worlds", "0")


def check_kpi(value: Any, n: int) -> None:
    """A simulated value has a mean, an interval, a unit and a number of runs, and no holes."""
    assert set(value) == KPI
    assert math.isfinite(value["mean"])
    assert value["n"] == n
    assert value["unit"]
    assert n == 1 or value["low"] <= value["mean"] <= value["high"]


def test_run_gives_the_digits_of_the_function(channelsim):
    done = channelsim("run", "base", *WEEK, "--replications", "2", "--json")
    expected = replicate(load("base", ["horizon.days=7"]), replications=2, seed=1)
    assert done.code == 0
    assert done.err == ""
    assert done.data["kpis"] == {name: value.as_dict() for name, value in expected.kpis.items()}
    for value in done.data["kpis"].values():
        check_kpi(value, 2)


def test_run_shows_profit_and_loss_by_channel_first(channelsim):
    done = channelsim("run", "base", *WEEK, "--replications", "2")
    tables = [line for line in done.out.splitlines() if line.startswith(("Profit", "Service"))]
    assert tables[0] == "Profit and loss by channel"
    assert "\x1b" not in done.out
    assert done.out.isascii()
    assert "kept from an earlier study" in channelsim("run", "base", *WEEK, "--replications", "2").out
    assert "kept from" not in channelsim("run", "base", *WEEK, "--replications", "2", "--fresh").out


def test_quiet_says_nothing_but_what_was_asked_for(channelsim):
    silent = channelsim("run", "base", *WEEK, "--replications", "1", "--quiet")
    assert (silent.code, silent.out, silent.err) == (0, "", "")
    assert (
        channelsim("run", "base", *WEEK, "--replications", "1", "--quiet", "--json").data["replications"] == 1
    )


def test_seed_and_changes_arrive(channelsim):
    def mean(*words: str) -> float:
        return channelsim("run", "base", *WEEK, "--replications", "1", "--json", *words).data["kpis"][
            "orders"
        ]["mean"]

    assert mean() == mean("--seed", "1")
    assert mean() != mean("--seed", "2")
    assert mean("--set", "channels.tmall.price_index=1.2") < mean()


def test_both_engines_give_the_same_digits(channelsim):
    small = [
        f"market.sources.{name}.visits_per_year=50000"
        for name in ("platform_search", "platform_ads", "rebate_alliance")
    ]
    words = [part for change in small for part in ("--set", change)]
    found = [
        channelsim("run", "base", *WEEK, *words, "--replications", "1", "--json", "--engine", engine).data
        for engine in ("compiled", "reference")
    ]
    assert found[0]["kpis"] == found[1]["kpis"]
    assert found[0]["accounts"] == found[1]["accounts"]


def test_a_scenario_compared_with_itself_differs_by_nothing(channelsim):
    done = channelsim("compare", "base", "door_only", *WEEK, "--replications", "2", "--json")
    assert done.code == 0
    assert set(done.data) >= {"a", "b", "difference", "waterfall"}
    assert {value["mean"] for value in done.data["difference"].values()} == {0.0}
    for step in done.data["waterfall"]:
        check_kpi(step["yuan_per_order"], 2)
    assert "exactly equal" in channelsim("compare", "base", "door_only", *WEEK, "--replications", "2").out


def test_scale_has_the_agreed_shape(channelsim):
    done = channelsim("scale", "community_pickup", *WEEK, *LADDER, "--json")
    assert done.code == 0
    agreed = {
        "scenario", "metric", "path", "steps", "elasticity", "elasticity_to", "minimum_efficient_scale",
        "turning_point", "verdict", "headline", "against", "causes", "plausible_worlds",
    }  # fmt: skip
    assert set(done.data) >= agreed
    assert [step["volume"] for step in done.data["steps"]] == [0.5, 1.0]
    for step in done.data["steps"]:
        for name in ("orders", "average_cost", "incremental_cost", "contribution"):
            check_kpi(step[name], 2)
        for value in step["by_bucket"].values():
            check_kpi(value, 2)
    assert done.data["steps"][0]["marginal_cost"] is None
    check_kpi(done.data["steps"][1]["marginal_cost"], 2)
    page = channelsim("scale", "community_pickup", *WEEK, *LADDER).out
    assert " ".join(done.data["headline"].split()) in " ".join(page.split())


def test_scale_without_a_path_tries_them_all(channelsim):
    words = ("--volumes", "1,1.5", "--replications", "1", "--metric", "cost_per_order")
    done = channelsim("scale", "base", *WEEK, *words, "--json")
    paths = [result["path"] for result in done.data["paths"]]
    assert paths == ["densify", "replicate", "expand", "fragment", "buy_traffic", "cut_price", "peak"]


def test_another_scenario_to_compare_with_shares_the_horizon(channelsim):
    done = channelsim("scale", "community_pickup", *WEEK, *LADDER, "--against", "partner_pickup", "--json")
    assert done.code == 0, done.err
    assert done.data["against"] == "partner_pickup"


def test_a_record_can_be_verified_and_tells_when_it_cannot(channelsim, tmp_path):
    folder = tmp_path / "study"
    done = channelsim("run", "base", *WEEK, "--replications", "1", "--out", str(folder), "--json")
    assert json.loads((folder / "manifest.json").read_text())["status"] == "finished"
    assert json.loads((folder / "result.json").read_text())["kpis"] == done.data["kpis"]
    assert channelsim("verify", str(folder), "--workers", "1").code == 0
    assert channelsim("verify", str(tmp_path), "--workers", "1").code == 0  # a folder of records

    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["arguments"]["seed"] = 2
    (folder / "manifest.json").write_text(json.dumps(manifest))
    other = channelsim("verify", str(folder), "--workers", "1", "--json")
    assert other.code == 5
    assert other.data["ok"] is False
    assert other.data["first"]["name"] in channelsim("verify", str(folder), "--workers", "1").out


def test_a_record_of_another_study_is_never_written_over(channelsim, tmp_path):
    folder = str(tmp_path / "study")
    assert channelsim("run", "base", *WEEK, "--replications", "1", "--out", folder, "--quiet").code == 0
    done = channelsim("run", "base", *WEEK, "--replications", "2", "--out", folder, "--quiet")
    assert done.code == 6
    assert "another study" in done.err
    assert channelsim("run", "base", *WEEK, "--replications", "1", "--out", folder, "--quiet").code == 0


@pytest.fixture
def short_demo(monkeypatch):
    """The demo on two sizes and one path."""
    monkeypatch.setattr("sim.cli.demo.VOLUMES", (0.5, 1.0))
    monkeypatch.setattr("sim.cli.demo.PATHS", ("densify",))


@pytest.mark.usefixtures("short_demo")
def test_demo_tells_the_whole_story(channelsim):
    done = channelsim("demo", *WEEK, "--replications", "1")
    assert done.code == 0
    text = " ".join(done.out.split())
    for words in (
        "densify",
        "replicate",
        "Causes of the change",
        "What was run",
        "histories of 7 days",
        "Read on",
    ):
        assert words in text
    data = channelsim("demo", *WEEK, "--replications", "1", "--json").data
    studies = [(result["scenario"], result["path"]) for result in data["paths"]]
    assert studies == [("community_pickup", "densify"), ("partner_pickup", "densify")]
    assert all(result["causes"] for result in data["paths"])
    assert all(result["headline"] in text for result in data["paths"])


def test_facts_are_told_with_their_verdicts(channelsim):
    done = channelsim("claims", "--facts", "people_who_leave", "--json")
    assert done.code == 0, done.err
    (fact,) = done.data["facts"]
    assert fact["verdict"] in ("pass", "miss")
    assert fact["ours"]["low"] == fact["ours"]["mean"]
    assert done.data["passed"] + done.data["missed"] == 1
    changed = channelsim(
        "claims",
        "--facts",
        "people_who_leave",
        "--json",
        "--set",
        "pickup.community.attrition_per_month=0.001",
    )
    assert changed.data["facts"][0]["verdict"] == "miss"
    assert "1 fact: " in channelsim("claims", "--facts", "people_who_leave").out


def test_claims_say_what_they_run_with(channelsim):
    unknown = channelsim("claims", "--facts", "people_who_lve")
    assert unknown.code == 2
    assert "did you mean people_who_leave?" in unknown.err
    for words, said in (
        (("--over", "market.places"), "add --frontier"),
        (("--facts", "--list"), "does not go with"),
        (("points_raise_cost", "--set", "market.places=3"), "go with --facts"),
        (("points_raise_cots",), "did you mean points_raise_cost?"),
        (("003-8",), "no run can answer 003-8"),
        (("--frontier",), "one claim"),
    ):
        refused = channelsim("claims", *words)
        assert refused.code == 2, words
        assert said in refused.err, words


def test_claims_are_listed_with_every_line_of_the_articles(channelsim):
    listed = channelsim("claims", "--list", "--json").data
    lines = {line["id"]: line for line in listed["articles"]}
    assert len(lines) == 76
    assert "points_raise_cost" in lines["000-14"]["claims"]
    assert lines["003-8"]["out_of_reach"]
