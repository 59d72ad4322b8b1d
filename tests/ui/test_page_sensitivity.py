"""The page of sensitivity: bars, other methods, what would turn a verdict, and the way to a number."""

from __future__ import annotations

from functools import cache

import pytest

from sim.experiment.runner import Runner
from sim.experiment.sensitivity import answer, question_of
from sim.report.numbers import column, read
from sim.report.sensitivity import number
from sim.scenario import load
from sim.ui.inputs import Inputs
from sim.ui.pages.sensitivity import MOST_IN_SOBOL, PARTS
from sim.ui.pictures.sensitivity import MOST_BARS, labels, sensitivity_chart
from sim.ui.questions.conditions import ConditionsQuestion
from sim.ui.questions.sensitivity import QUARTERS, SensitivityQuestion, basic_assumptions
from sim.ui.sentences_sensitivity import flip_sentence
from sim.ui.sharing import SharingRunner
from sim.ui.style import GHOST
from tests.experiment.sensitivity.nursery import additive, planted, ranges
from tests.ui.conftest import press, words
from tests.ui.planted_desk import PlantedDesk

MARGIN, COMMISSION, RETURNS = "products.gross_margin", "channels.tmall.commission", "products.return_rate"
SIMULATE = planted(additive, slopes=(12.0, -7.0), common=3.0)
"""Profit per order moves by 12 over the range of the margin and by -7 over that of the commission."""
DOOR = Inputs().based_on("door_only")
SMALL = (MARGIN, COMMISSION, RETURNS)


@cache
def stages_of(question):
    """Every stage of a question, simulated once for all tests."""
    with SharingRunner(None, SIMULATE) as runner:
        return tuple(question.stages(runner))


@pytest.fixture
def desk(monkeypatch, run_page):
    """A desk that answers from a planted simulation."""
    del run_page
    found = PlantedDesk(SIMULATE)
    found.stages_of = stages_of
    monkeypatch.setattr("sim.ui.frame.shared_desk", lambda: found)
    return found


def direct(method="tornado", **options):
    """The result of the experiment itself."""
    with Runner(1, simulate=SIMULATE) as runner:
        return answer(question_of(method, load("door_only"), **options), runner=runner).as_dict()


@pytest.fixture(scope="module")
def bars():
    """The tornado of the basic assumptions."""
    return direct(
        metric="contribution_per_order",
        parameters=basic_assumptions(load("door_only")),
        replications=5,
        seed=1,
    )


@pytest.mark.usefixtures("desk")
def test_it_opens_on_the_bars_of_the_experiment(run_page, bars):
    page = run_page("sensitivity", DOOR)
    text = words(page)
    for cell in column([read(row["swing"]) for row in bars["rows"]], signed=True):
        assert cell in text
    _, low, high = ranges()[MARGIN]
    first = page.subheader[0].value
    assert first.startswith("Gross margin" if "Gross" in first else "Products")
    assert f"at {number(low)}" in first
    assert f"at {number(high)}" in first
    assert f"2 of {len(bars['rows'])} bars stand out" in first
    assert f"confirmed: {bars['runs']} of {bars['runs']}" in text
    assert any("--method tornado" in code.value for code in page.code)


def test_bars_say_input_values_are_grey_within_noise_and_told_apart_without_colour(bars):
    drawn = sensitivity_chart(bars)
    low, high = drawn.figure.data[:2]
    names = labels(bars["rows"])[:MOST_BARS]
    assert list(low.y) == names
    assert len(set(names)) == len(names)
    for place, row in enumerate(bars["rows"][:MOST_BARS]):
        is_grey = low.marker.color[place] == f"rgb({GHOST})"
        assert is_grey == (row["path"] not in (MARGIN, COMMISSION))
        assert low.base + low.x[place] == pytest.approx(row["low"]["result"]["mean"])
        assert high.base + high.x[place] == pytest.approx(row["high"]["result"]["mean"])
    assert low.marker.pattern.shape != high.marker.pattern.shape
    written = {word.strip() for trace in drawn.figure.data if trace.text is not None for word in trace.text}
    assert {
        number(row[side]["value"]) for row in bars["rows"][:MOST_BARS] for side in ("low", "high")
    } == written
    assert len(drawn.table.rows) == len(bars["rows"])
    assert all("[" in name for name in names), "the grade stands beside the name"


@pytest.mark.usefixtures("desk")
def test_first_bars_come_from_a_quarter_and_say_so():
    question = SensitivityQuestion(
        DOOR.case, metric="contribution_per_order", parameters=SMALL, replications=5
    )
    with SharingRunner(None, SIMULATE) as runner:
        stages = list(question.stages(runner))
    assert [len(stage.result["rows"]) for stage in stages[:2]] == [2, 3]
    assert {stage.note for stage in stages[:-1]} == {QUARTERS}
    assert (stages[-1].done, stages[-1].note) == (question.histories, "")
    assert stages[-1].result == direct(
        metric="contribution_per_order", parameters=SMALL, replications=5, seed=1
    )


def test_another_figure_is_another_question(run_page, desk):
    page = run_page("sensitivity", DOOR)
    page.selectbox(key="sensitivity_metric").set_value("cost_per_order").run()
    assert not page.exception
    assert "cost per order" in page.subheader[0].value
    assert desk.asked[-1].metric == "cost_per_order"
    assert "layer_cost_per_parcel" not in page.selectbox(key="sensitivity_metric").options


@pytest.mark.parametrize("part", ["morris", "sobol"])
def test_what_takes_minutes_says_so_and_waits_for_its_button(run_page, desk, part):
    page = run_page("sensitivity", DOOR.showing(sensitivity_part=part))
    assert part not in {question.method for question in desk.asked}
    start = page.button(key="sensitivity-start")
    assert "runs, about" in start.label
    press(page, "sensitivity-start")
    assert not page.exception
    asked = next(question for question in reversed(desk.asked) if question.method == part)
    assert f"{asked.histories:,} runs" in start.label
    found = desk.stages_of(asked)[-1].result
    if part == "morris":
        assert all(cell in words(page) for cell in column([read(row["mu_star"]) for row in found["rows"]]))
    assert found["rows"][0]["path"] == MARGIN, "both agree with the tornado on what matters most"
    assert f"confirmed: {asked.histories} of {asked.histories}" in words(page)
    if part == "sobol":
        assert len(asked.parameters) == MOST_IN_SOBOL


@pytest.mark.parametrize(("method", "points"), [("morris", 3), ("sobol", 8)])
def test_other_methods_give_the_digits_of_the_experiment(method, points):
    options = {"metric": "contribution_per_order", "parameters": SMALL, "points": points, "replications": 2}
    with SharingRunner(None, SIMULATE) as runner:
        *_, last = SensitivityQuestion(DOOR.case, method, **options).stages(runner)
    assert last.result == direct(method, **options, seed=1)


@pytest.mark.usefixtures("desk")
def test_worth_of_knowing_needs_a_choice_and_says_so(run_page):
    page = run_page("sensitivity", DOOR.showing(sensitivity_part="information"))
    assert "no pickup layer to decide about" in page.info[0].value


def test_all_assumptions_wait_for_their_button(run_page, desk):
    page = run_page("sensitivity", DOOR.showing(sensitivity_which="all"))
    assert not desk.asked
    assert "runs, about" in page.button(key="sensitivity-start").label


@pytest.mark.usefixtures("desk")
def test_a_bar_leads_to_its_number(run_page, monkeypatch):
    went = []
    monkeypatch.setattr("sim.ui.going.st.switch_page", went.append)
    page = run_page("sensitivity", DOOR)
    page.selectbox(key="sensitivity_line").set_value(COMMISSION).run()
    assert f"`{COMMISSION}`" in words(page)
    press(page, "sensitivity-go")
    assert [one.url_path for one in went] == ["assumptions"]
    link = page.query_params["s"]
    assert (
        Inputs.from_link(link if isinstance(link, str) else link[0])[0].view("assumptions_line") == COMMISSION
    )


@pytest.mark.usefixtures("desk")
def test_conditions_are_those_of_the_brief(run_page, monkeypatch):
    question = ConditionsQuestion(Inputs().case)
    flip = {
        "changes": [
            {
                "path": RETURNS,
                "unit": "share",
                "own": 0.05,
                "value": 0.2,
                "still": 0.1,
                "low": 0.01,
                "high": 0.3,
            }
        ],
        "before": "scalable",
        "after": "non_scalable",
    }
    brief = {
        "verdict": "scalable",
        "flips": {"found": [flip], "singles": 32, "pairs": 3, "assumptions": 16, "in_range": 450, "lost": 0},
        "weakest": None,
        "measure_next": {"path": MARGIN},
    }
    monkeypatch.setattr(ConditionsQuestion, "_brief", lambda _self, _runner: brief)
    started = question.key[:16]
    page = run_page("sensitivity", Inputs().showing(sensitivity_part="flips", sensitivity_started=started))
    text = words(page)
    assert flip_sentence(flip) in text
    assert "between 0.1 and 0.2" in text
    assert "32 ends of ranges and 3 pairs" in text
    assert MARGIN in text
    assert page.subheader[0].value.startswith("Now: scalable")


def test_conditions_wait_for_their_button(run_page, desk):
    page = run_page("sensitivity", Inputs().showing(sensitivity_part="flips"))
    assert not desk.asked
    assert any("--quick" in code.value for code in page.code)


def test_a_failure_is_said_in_words(run_page, desk):
    desk.message = "no such luck"
    assert "no such luck" in run_page("sensitivity", DOOR).error[0].value


@pytest.mark.parametrize("part", PARTS)
def test_every_part_speaks_chinese_and_nonsense_in_a_link_is_harmless(run_page, still, part):
    still.stage = 0
    wrong = {"sensitivity_metric": "nonsense", "sensitivity_which": "x", "sensitivity_line": "a.b"}
    page = run_page("sensitivity", Inputs().showing(language="zh", sensitivity_part=part, **wrong))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in page.subheader[0].value)
