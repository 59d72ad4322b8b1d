"""The page that compares: digits of the study, exact zeros, doubt in words, five cases and no sixth."""

from __future__ import annotations

import functools
import math

import pytest

from sim.experiment import compare
from sim.scenario import difference, load, loads
from sim.ui import lineup as lineup_module
from sim.ui.case import Case
from sim.ui.differences import differing, kpi_table
from sim.ui.files import to_yaml
from sim.ui.inputs import Inputs
from sim.ui.lineup import CURRENT, MOST, MOST_KEPT, ORIGIN, Lineup, case_name, keep
from sim.ui.pictures.differences import account_waterfall, differences_bars, together
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.questions.compare import CompareQuestion
from sim.ui.sharing import SharingRunner
from tests.experiment import planted
from tests.ui.conftest import press, words
from tests.ui.planted_desk import PlantedDesk
from tests.ui.test_page_scale import cells, link_of

POINTS = "pickup.community.points"
EXACT = functools.partial(planted.mechanisms, common=0.0)
NOISY = planted.on(planted.Curve(unit=20.0), common=0.01, own=0.01)
"""Scenarios differ by their own luck only: no difference is true."""
DOUBLINGS = math.log2(planted.size_of(load("community_pickup")) / 10_000.0)
PARTS = {
    "Pickup supervision": 10.0 + (planted.SUPERVISION + planted.JOINT) * DOUBLINGS,
    "Pickup hiring": 5.0 + planted.ATTRITION * DOUBLINGS,
    "Pickup sites": 8.0 - planted.SPREAD * DOUBLINGS,
}
"""Planted yuan per parcel of the pickup layer by account; a quarter of the orders go there."""


@pytest.fixture
def desk(still, monkeypatch) -> PlantedDesk:
    """A desk with planted histories."""
    del still
    found = PlantedDesk(EXACT)
    monkeypatch.setattr("sim.ui.frame.shared_desk", lambda: found)
    return found


def studied(a: Case, b: Case, simulate=EXACT) -> dict:
    """The answer of the page's own question about two cases."""
    *_, last = CompareQuestion(b, other=a, replications=5).stages(SharingRunner(None, simulate))
    return last.result


def test_it_opens_on_the_door_against_now_in_planted_digits(desk, run_page):
    page = run_page("compare")
    steps = cells(page, "Profit per order, from door only to now: community pickup")
    for account, yuan in PARTS.items():
        assert float(steps[account][0]) == pytest.approx(-planted.LAYER_SHARE * yuan, abs=0.05)
    total = -planted.LAYER_SHARE * sum(PARTS.values())
    assert float(steps["change"][0]) == pytest.approx(total, abs=0.05)
    assert f"{total:.2f} yuan, worse" in page.subheader[0].value
    assert set(desk.asked) == {CompareQuestion(Case(), other=Case("door_only"))}
    assert page.code[1].value == "channelsim compare door_only community_pickup --replications 24"
    assert len(page.get("plotly_chart")) == 2


@pytest.mark.usefixtures("desk")
def test_a_case_against_itself_is_exactly_zero(run_page):
    page = run_page("compare", Inputs().showing(compare_1="community_pickup", compare_2=CURRENT))
    assert "exactly equal" in page.subheader[0].value
    figures = cells(page, "now: community pickup less community pickup")
    assert {row[3] for name, row in figures.items() if name != "figure"} == {"0.00"}
    assert "every difference is exactly zero" in words(page)


def test_the_digits_are_those_of_compare_and_doubt_is_said(desk, run_page):
    desk.simulate = NOISY
    inputs = Inputs().changed({POINTS: 41})
    page = run_page("compare", inputs)
    with SharingRunner(None, NOISY) as runner:
        found = compare(Case().scenario(), inputs.scenario(), replications=24, seed=1, runner=runner)
    change = found.difference["contribution_per_order"]
    assert not change.is_detectable()
    assert "no detectable difference" in page.subheader[0].value
    assert not any(sign.isdigit() for sign in page.subheader[0].value.split(":")[-1])
    row = cells(page, "now: community pickup, 1 changed less community pickup as it was")[
        "contribution per order"
    ]
    mean, reach = (float(word) for word in row[3].split(" ± "))
    assert mean == pytest.approx(change.mean, abs=0.006)
    assert reach == pytest.approx(change.half_width, abs=0.006)
    assert row[-1] == "no detectable difference"
    assert cells(page, "What differs between them")["Pickup points"][1:5] == ["40", "41", "points", "+2%"]


def test_five_cases_any_base_and_a_kept_one(desk, run_page):
    desk.stage = 2
    page = run_page("compare")
    press(page, "compare-keep")
    kept = link_of(page).view("compare_3")
    assert kept.startswith("kept-")
    page.slider(key="lever-points").set_value(60).run()
    assert {dict(one.case.changes).get(POINTS) for one in desk.asked[-2:]} == {60, None}
    page.multiselect(key="compare-cases").set_value(["door_only", CURRENT, kept, "lockers", "stations"]).run()
    page.selectbox(key="compare-base").set_value(kept).run()
    assert not page.exception
    asked = desk.asked[-4:]
    assert {one.other for one in asked} == {Case()}, "the kept case is what was set when it was kept"
    assert {one.case.base for one in asked} == {"door_only", "community_pickup", "lockers", "stations"}
    press(page, "compare-keep")
    assert "five scenarios are compared already" in page.error[0].value
    page.multiselect(key="compare-cases").set_value([]).run()
    assert "at least two scenarios" in page.info[0].value
    assert not page.get("plotly_chart")


def test_a_link_that_names_a_case_of_another_session_says_so(desk, run_page):
    desk.stage = 2
    page = run_page(
        "compare", Inputs().showing(compare_1="door_only", compare_2=CURRENT, compare_3="kept-0badc0de")
    )
    assert [one for one in page.warning if "kept-0badc0de" in one.value]
    assert len(page.get("plotly_chart")) == 2


def test_without_an_answer_nothing_is_claimed(desk, run_page):
    desk.stage = 0
    page = run_page("compare")
    assert page.subheader[0].value == "Simulating the first answer ..."
    assert not page.get("plotly_chart")
    desk.message = "one year starts empty and the other does not"
    page = run_page("compare")
    assert "starts empty" in page.error[0].value
    assert not page.get("plotly_chart")


def test_the_page_speaks_chinese(desk, run_page):
    desk.stage = 2
    page = run_page("compare", Inputs().showing(language="zh"))
    assert "每单利润" in page.subheader[0].value
    assert "自提点管理" in words(page)
    for english in ("difference", "worse", "figure", "Profit", "confirmed"):
        assert english not in words(page), english


# --- who is compared ------------------------------------------------------------------------------


def test_changes_stand_against_what_they_changed():
    assert list(Lineup.of(Inputs().changed({POINTS: 60}), {}).cases) == [ORIGIN, CURRENT]
    assert list(Lineup.of(Inputs(Case("door_only")), {}).cases) == ["community_pickup", CURRENT]
    assert Lineup.of(Inputs(), {}).base == "door_only"


def test_a_view_holds_five_names_and_drops_what_was_there():
    view = Lineup.view([f"case{number}" for number in range(7)], "case6")
    assert [view[f"compare_{number}"] for number in range(1, MOST + 1)] == [f"case{n}" for n in range(5)]
    assert view["compare_base"] == "", "a base that is not compared is none"
    assert Lineup.view(["door_only"], "door_only")["compare_2"] == ""


def test_kept_cases_have_one_name_each_and_the_oldest_is_forgotten(monkeypatch):
    store: dict = {}
    monkeypatch.setattr(lineup_module, "kept_cases", lambda: store)
    cases = [Case().changed({POINTS: number}) for number in range(41, 41 + MOST_KEPT + 2)]
    kept = [keep(case) for case in cases]
    assert len(set(kept)) == len(cases)
    assert list(store.values()) == cases[2:]
    assert keep(cases[5]) == kept[5]
    assert "1 changed" in case_name(kept[5], cases[5])


# --- charts and tables ----------------------------------------------------------------------------


def test_what_differs_is_what_the_schema_says():
    first, second = Case("door_only"), Case().changed({POINTS: 60})
    found = differing(first, second)
    assert [(one.path, one.old, one.new) for one in found] == [
        (row.path, row.old, row.new) for row in difference(first.scenario(), second.scenario())
    ]


def test_the_file_that_a_command_reads_is_the_case():
    case = Case().changed({POINTS: 60, "horizon.days": 7})
    assert loads(to_yaml(Inputs(case))).hash == case.scenario().hash


def test_the_waterfall_ends_at_the_other_case_with_the_interval_of_the_change():
    result = studied(Case("door_only"), Case(), functools.partial(planted.mechanisms, common=0.05))
    for by_group in (False, True):
        figure = account_waterfall(result, ("door", "now"), by_group=by_group).figure
        bars, reach = figure.data
        change = result["difference"]["contribution_per_order"]
        assert bars.y[0] + math.fsum(bars.y[1:-1]) == pytest.approx(bars.y[-1])
        assert reach.error_y.array[-1] == pytest.approx(change["high"] - change["mean"])
        assert change["high"] > change["mean"]
        assert reach.y[-1] == pytest.approx(result["b"]["kpis"]["contribution_per_order"]["mean"])
    assert len(bars.y) == 3, "three accounts are one group"


def test_steps_that_are_put_together_still_add_up():
    steps = account_waterfall(studied(Case("door_only"), Case()), ("a", "b")).table.rows
    assert [row.cells[0] for row in steps[1:-2]] == ["Pickup supervision", "Pickup sites", "Pickup hiring"]
    from sim.report.numbers import Value

    found = together(
        [("x", Value(3.0)), ("y", Value(-1.0)), ("z", Value(0.5))], [("x", Value(3.0))], "others"
    )
    assert [(name, value.mean) for name, value in found] == [("x", 3.0), ("others (2)", -0.5)]


def test_what_is_within_noise_is_pale_and_in_words():
    result = studied(Case(), Case().changed({POINTS: 41}), NOISY)
    drawn = differences_bars({"now": result}, "contribution_per_order", "before")
    assert "no detectable difference" in drawn.reading
    assert drawn.figure.data[0].marker.color[0].endswith("0.35)")
    sure = differences_bars({"now": studied(Case("door_only"), Case())}, "contribution_per_order", "door")
    assert "worse" in sure.reading
    with pytest.raises(NothingToDrawError):
        differences_bars({"now": result}, "no_such_figure", "before")


def test_every_figure_has_its_unit():
    rows = kpi_table(studied(Case("door_only"), Case()), ("door", "now")).rows
    units = {row.cells[0]: row.cells[1] for row in rows}
    assert units["contribution per order"] == "yuan per order"
    assert units["share in hands"] == "%"
    assert all(units.values())
