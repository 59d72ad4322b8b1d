"""Plans: what is refused, where, and with which way out."""

from __future__ import annotations

import pytest

from sim.experiment import ExperimentError
from sim.experiment.sweep import read_plan
from sim.experiment.sweep.sweeping import prepare
from sim.scenario import load
from sim.scenario.problems import ScenarioError

HEAD = "scenario: door_only\n"
GRID = "design:\n  grid:\n    parameters:\n"
LISTED = f"{HEAD}{GRID}      "


def refusal(tmp_path, text) -> str:
    path = tmp_path / "plan.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as caught:
        prepare(read_plan(path))
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        (HEAD + "replicatoins: 3\n" + GRID + "      a: [1]\n", 2, "did you mean 'replications'?"),
        (HEAD + "design:\n  gird: {}\n", 3, "did you mean 'grid'?"),
        (HEAD + "design:\n  sobol:\n    parameters: {}\n    point: 8\n", 5, "did you mean 'points'?"),
        (HEAD, 1, "design: is missing"),
        (HEAD + "design: {}\n", 2, "exactly one of grid, latin_hypercube, sobol, table, adaptive"),
        (LISTED + "channels.tmall.comission: [0.03]\n", 5, "did you mean 'commission'?"),
        (LISTED + "channels.tmall.commission: [0.03, 1.2]\n", 5, "1.2"),
        (LISTED + "channels.tmall.commission: [0.03, 0.03]\n", 5, "names a value twice"),
        (LISTED + "channels.tmall.commission: {low: 0.03, high: 0.05}\n", 4, "needs a list of values"),
        (LISTED + "channels.tmall.commission: {lo: 0.03, high: 0.05}\n", 5, "unknown key 'lo'"),
        (LISTED + "channels.tmall.commission: {low: 0.05, high: 0.03}\n", 5, "low should be below"),
        (LISTED + "channels.tmall.commission: 0.05\n", 5, "a list of values, {low, high}"),
        (LISTED + "mechanisms.control_loss: {low: 0, high: 1, steps: 2}\n", 5, "give a list of values"),
        (LISTED + "market.peak.intensity: {range: own, steps: 3}\n", 5, "carries no plausible range"),
        (LISTED + "service.handling_minutes: {low: 1, high: 5, steps: 2}\n", 5, "handling_minutes.mean"),
        (HEAD + "set:\n  horizon.dayz: 7\n" + GRID + "      horizon.days: [7]\n", 3, "did you mean 'days'?"),
        (HEAD + "tables: [kpis, serie]\n" + GRID + "      horizon.days: [7]\n", 2, "did you mean 'series'?"),
        (HEAD + "tables: [series]\n" + GRID + "      horizon.days: [7]\n", 1, "should include kpis"),
        (HEAD + "replications: 0\n" + GRID + "      horizon.days: [7]\n", 2, "equal to 1 (got 0)"),
        ("scenario: door_onli\n" + GRID + "      horizon.days: [7]\n", None, "did you mean 'door_only'?"),
        (HEAD + "design:\n  table: points.csv\n", 3, "points.csv: no such file or directory"),
        (HEAD + "design: {sobol: {points: 100, parameters: {horizon.days: own}}}\n", 2, "64 or 128 instead"),
        (
            HEAD + "design: {adaptive: {at: 0, metric: contribution, parameters: {horizon.days: [7, 8]}}}\n",
            2,
            "not a list of values",
        ),
        (
            HEAD + "design:\n  adaptive:\n    at: 0\n    metric: contribution_per_oder\n"
            "    parameters: {channels.tmall.commission: own}\n",
            5,
            "did you mean 'contribution_per_order'?",
        ),
        (
            HEAD + "design:\n  adaptive:\n    parameters: {channels.tmall.commission: own}\n",
            4,
            "needs at (a border, such as 0) or turning",
        ),
        ("- a list\n", 1, "a mapping with 'scenario' and 'design'"),
        (HEAD + "seed: 1\nseed: 2\n" + GRID + "      horizon.days: [7]\n", 3, "given twice"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_with_line_and_way_out(tmp_path, text, line, expected):
    found = refusal(tmp_path, text)
    assert expected in found
    if line is not None:
        assert f"plan.yaml:{line}:" in found


def test_every_problem_is_found_at_once(tmp_path):
    found = refusal(
        tmp_path,
        HEAD
        + GRID
        + "      channels.tmall.comission: [0.03]\n      market.placs: [1]\n      horizon.days: own\n",
    )
    assert len(found.splitlines()) == 1  # what a grid lacks is said before names are looked up
    found = refusal(tmp_path, LISTED + "channels.tmall.comission: [0.03]\n      market.placs: [1]\n")
    assert len(found.splitlines()) == 2


def test_there_is_no_such_plan(tmp_path):
    with pytest.raises(ScenarioError, match="there is no such plan"):
        read_plan(tmp_path / "plan.yaml")


def test_a_scenario_and_a_table_are_looked_for_beside_the_plan(tmp_path):
    (tmp_path / "mine.yaml").write_text("schema_version: 1\nextends: door_only.yaml\ntitle: Mine\n")
    (tmp_path / "points.csv").write_text("channels.tmall.commission\n0.031\n")
    (tmp_path / "plan.yaml").write_text("scenario: mine\ndesign: {table: points.csv}\n")
    ready = prepare(read_plan(tmp_path / "plan.yaml"))
    assert ready.scenario.title == "Mine"
    assert ready.points[0].values == (("channels.tmall.commission", 0.031),)


def test_changes_go_over_the_scenario(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + "set: {horizon.days: 9}\n" + GRID + "      channels.tmall.commission: [0.03]\n")
    assert prepare(read_plan(path)).scenario.horizon.days == 9
    again = read_plan(path).changed({"changes": {"horizon.days": 8}, "seed": 4})
    assert (prepare(again).scenario.horizon.days, again.seed) == (8, 4)


@pytest.mark.parametrize(("over", "expected"), [({"replications": 0}, "replications .* 1 .got 0"),
                                                ({"seed": -1}, "seed .* 0 .got -1")])  # fmt: skip
def test_a_plan_is_not_changed_to_what_makes_no_sense(tmp_path, over, expected):
    path = tmp_path / "plan.yaml"
    path.write_text(LISTED + "channels.tmall.commission: [0.03]\n")
    with pytest.raises(ExperimentError, match=expected):
        read_plan(path).changed(over)


EVIDENCE = "{value: 0.06, range: [0.05, 0.07], source: a source, grade: B}"


def test_overrides_are_read_as_for_a_single_run_evidence_included(tmp_path):
    path = tmp_path / "plan.yaml"
    own = "set: {horizon.days: 9, market.places: 30}\n"
    path.write_text(HEAD + own + GRID + "      channels.tmall.price_index: [1.1]\n")
    texts = (f"channels.tmall.commission={EVIDENCE}", "horizon.days=8")
    plan = read_plan(path).overridden(texts)
    scenario = prepare(plan).scenario
    assert scenario.hash == load("door_only", ["market.places=30", *texts]).hash
    entry = scenario.entry("channels.tmall.commission")
    assert (entry.value, entry.range, entry.grade) == (0.06, (0.05, 0.07), "B")
    assert plan.as_dict()["set"]["horizon.days"] == 8
    assert plan.changed({"seed": 5}).as_dict()["set"] == plan.as_dict()["set"]
    assert read_plan(path).as_dict()["set"] == {"horizon.days": 9, "market.places": 30}


@pytest.mark.parametrize(
    ("overrides", "expected"),
    [
        (("horizon.days=8", "horizon.days=9"), "--set: horizon.days: is set twice"),
        (("channels.tmal.price_index=1",), "--set: channels.tmal.price_index: unknown name 'tmal'"),
        (("channels.tmall.price_index=99",), "--set: channels.tmall.price_index: should be"),
        (
            ("channels.tmall.commission=0.04",),
            "--set: channels.tmall.commission: is varied by the design (PLAN:5:7: design.grid.parameters."
            "channels.tmall.commission), so setting it has no effect",
        ),
    ],
)
def test_an_override_is_refused_as_one(tmp_path, overrides, expected):
    path = tmp_path / "plan.yaml"
    path.write_text(LISTED + "channels.tmall.commission: [0.03]\n")
    with pytest.raises(ScenarioError) as caught:
        prepare(read_plan(path).overridden(overrides))
    found = str(caught.value)
    assert expected.replace("PLAN", str(path)) in found
    assert len(found.splitlines()) == 1


def test_what_is_varied_is_not_also_set(tmp_path):
    varied = "set: {channels.tmall.commission: 0.04}\n"
    found = refusal(tmp_path, HEAD + varied + GRID + "      channels.tmall.commission: [0.03]\n")
    assert "plan.yaml:2:" in found
    assert "plan.yaml:6:7: design.grid.parameters.channels.tmall.commission), so setting it has no" in found
    (tmp_path / "points.csv").write_text("channels.tmall.commission\n0.031\n0.032\n")
    found = refusal(tmp_path, HEAD + varied + "design: {table: points.csv}\n")
    assert "plan.yaml:2:" in found
    assert "a column of points.csv" in found


PEAK = "{first_day: 300, days: 3, share: 0.1, discount: 0.1}"


@pytest.mark.parametrize(
    ("name", "value", "design", "expected"),
    [
        (
            "market.peak",
            PEAK,
            "market.peak.share: [0.05]",
            "holds market.peak.share, which the design varies",
        ),
        (
            "market.peak.days",
            "4",
            f"market.peak: [{PEAK}]",
            "is a part of market.peak, which the design varies",
        ),
    ],
)
def test_what_holds_or_is_held_by_what_is_varied_is_not_also_set(tmp_path, name, value, design, expected):
    found = refusal(tmp_path, HEAD + f"set: {{{name}: {value}}}\n" + GRID + f"      {design}\n")
    assert f"set.{name}: {expected} (" in found
    assert "plan.yaml:2:" in found
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + GRID + f"      {design}\n")
    with pytest.raises(ScenarioError) as caught:
        prepare(read_plan(path).overridden((f"{name}={value}",)))
    assert f"--set: {name}: {expected} (" in str(caught.value)


def test_names_that_only_begin_alike_are_set_beside_each_other(tmp_path):
    path = tmp_path / "plan.yaml"
    own = "set: {market.peak.share: 0.1, market.place_density_cv: 0.4}\n"
    path.write_text(HEAD + own + GRID + "      market.places: [30]\n      market.peak.days: [3]\n")
    assert prepare(read_plan(path)).scenario.value("market.peak.share") == 0.1


def test_what_is_set_fills_the_gaps_of_a_table_and_gives_a_range_of_its_own(tmp_path):
    (tmp_path / "points.csv").write_text("channels.tmall.commission,market.places\n0.03,20\n,30\n")
    path = tmp_path / "plan.yaml"
    path.write_text(HEAD + "set: {channels.tmall.commission: 0.04}\ndesign: {table: points.csv}\n")
    assert prepare(read_plan(path)).scenario.value("channels.tmall.commission") == 0.04
    spread = "{points: 2, parameters: {channels.tmall.commission: own}}"
    path.write_text(HEAD + f"design: {{latin_hypercube: {spread}}}\n")
    (dimension,) = prepare(read_plan(path).overridden([f"channels.tmall.commission={EVIDENCE}"])).dimensions
    assert (dimension.low, dimension.high) == (0.05, 0.07)
