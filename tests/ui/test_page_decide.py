"""The first page: what it shows at each stage, and what it refuses to show."""

from __future__ import annotations

import re

import pytest

from sim.scenario import load
from sim.ui import session
from sim.ui import sheet as sheets
from sim.ui.complaints import MOST_LINES
from sim.ui.inputs import Inputs
from sim.ui.levers import levers_of
from sim.ui.pages import decide
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.year import YearQuestion
from tests.ui.conftest import latest, press, seen, shrunk, stages_of, words

POINTS = "pickup.community.points"


def link_of(page) -> Inputs:
    """The inputs that the address of a page holds."""
    found = page.query_params.get("s", "")
    word = found if isinstance(found, str) else found[0]
    return Inputs.from_link(word)[0] if word else Inputs()


def test_it_opens_on_a_finished_answer(run_page):
    page = run_page("decide")
    case = Inputs().case
    headline = page.subheader[0].value
    assert stages_of(shrunk(ScaleQuestion(case)))[-1].result["headline"] in headline
    profit = stages_of(shrunk(YearQuestion(case)))[-1].result["kpis"]["contribution_per_order"]["mean"]
    assert ("loses" if profit < 0 else "leaves") in headline
    assert len(page.get("plotly_chart")) == 2
    assert 1 <= len(page.slider) <= 8
    text = words(page)
    assert text.count("confirmed: 2 of 2") == 2
    assert "not calibrated" in text
    assert "Not modelled" in text
    assert "s" not in page.query_params, "the first page has a bare address"


def test_levers_stand_where_the_scenario_has_them(run_page):
    page, world = run_page("decide"), load("community_pickup")
    assert [slider.value for slider in page.slider] == [lever.place(world) for lever in levers_of(world)]


def test_a_moved_lever_is_in_the_address_the_list_and_the_question(run_page, still):
    page = run_page("decide")
    page.slider(key="lever-points").set_value(60).run()
    assert not page.exception
    assert link_of(page).changes == {POINTS: 60}
    assert "40 → 60 points (+50%)" in words(page)
    assert "against the baseline" in page.subheader[0].value or "baseline" in page.subheader[0].value
    assert {dict(question.case.changes).get(POINTS) for question in still.asked[-5:]} == {60, None}
    assert "points=60" in page.code[1].value


def test_undo_redo_and_reset_set_the_widgets(run_page):
    page = run_page("decide")
    page.slider(key="lever-points").set_value(60).run()
    press(page, "undo")
    assert page.slider(key=latest(page, "lever-points")).value == 40
    press(page, "redo")
    assert page.slider(key=latest(page, "lever-points")).value == 60
    press(page, f"reset-{POINTS}")
    assert link_of(page) == Inputs()
    assert page.slider(key=latest(page, "lever-points")).value == 40


@pytest.mark.parametrize("field", ["slider", "number_input"])
def test_a_report_from_before_an_undo_is_no_edit(run_page, field):
    page = run_page("decide")
    if field == "slider":
        page.slider(key="lever-points").set_value(60).run()
    else:
        page.number_input(key="exact-points").set_value(60).run()
    assert link_of(page).changes == {POINTS: 60}
    before = seen(page)  # what the browser reports until it has drawn the answer to "Undo"
    press(page, "undo")
    assert link_of(page) == Inputs()
    page._tree = before
    page.button(key="undo").set_value(False)
    page.run()
    assert not page.exception
    assert link_of(page) == Inputs()
    assert page.slider(key=latest(page, "lever-points")).value == 40


def test_a_report_of_the_exact_number_from_before_a_move_of_the_slider_is_no_edit(run_page):
    page = run_page("decide")
    before = seen(page)
    page.slider(key="lever-points").set_value(60).run()
    page._tree = before  # the slider says 60 again, and the number beside it still 40
    page.run()
    assert link_of(page).changes == {POINTS: 60}


def test_a_chart_of_the_strip_swaps_in_and_undo_brings_the_old_one_back(run_page):
    page = run_page("decide")
    titles = [one.value for one in page.markdown if one.value.startswith("####")]
    assert titles == ["#### Profit per order by channel", "#### Average and marginal cost by size"]
    press(page, "strip-money")
    assert link_of(page).view("left") == "money"
    assert "#### Where the money of an order goes" in [one.value for one in page.markdown]
    press(page, "undo")
    assert link_of(page).view("left") == "profit"


def test_the_curve_is_about_the_channel_that_was_chosen(run_page, still):
    page = run_page("decide")
    headline = page.subheader[0].value
    still.asked.clear()
    page.selectbox(key="scale_scope-right").select("tmall").run()
    assert not page.exception
    assert link_of(page).view("scale_scope") == "tmall"
    asked = {question.scope for question in still.asked if isinstance(question, ScaleQuestion)}
    assert asked == {"brand", "tmall"}
    assert page.subheader[0].value == headline
    page.slider(key="lever-points").set_value(60).run()
    cases = [one.case for one in still.asked if isinstance(one, ScaleQuestion) and one.scope == "tmall"]
    assert {dict(case.changes).get(POINTS) for case in cases} == {None, 60}


def test_two_charts_about_growth_stand_side_by_side(run_page):
    page = run_page("decide", Inputs().showing(left="volume", right="volume", scale_scope="mall"))
    assert [page.selectbox(key=f"scale_scope-{side}").value for side in ("left", "right")] == ["mall"] * 2
    page.selectbox(key="scale_scope-left").select("brand").run()
    assert not page.exception
    assert link_of(page).view("scale_scope") == "brand"


@pytest.mark.parametrize(
    ("clicked", "expected"),
    [
        ([{"customdata": ["tmall"]}], "tmall"),
        ([{"customdata": "mall"}], "mall"),
        ([{"customdata": ["total"]}], "brand"),
        ([{"x": 1}], "brand"),
        ([], "brand"),
    ],
)
def test_a_click_on_a_bar_chooses_its_channel(monkeypatch, clicked, expected):
    shown: dict[str, str] = {}
    monkeypatch.setattr(session, "show", lambda **choices: shown.update(choices))
    monkeypatch.setattr(session, "current", Inputs)
    monkeypatch.setattr(sheets.st, "session_state", {"chart": {"selection": {"points": clicked}}})
    sheets._picked("chart", decide._on_pick)
    assert shown == {"scale_scope": expected}


def test_while_nothing_is_known_nothing_is_claimed(run_page, still):
    still.stage = 0
    page = run_page("decide")
    assert page.subheader[0].value == "Simulating the first answer ..."
    assert "simulating" in words(page)
    assert len(page.get("plotly_chart")) == 0


def test_an_early_answer_says_what_it_is(run_page, still):
    still.stage = 1
    text = words(run_page("decide"))
    assert "1 of 2, no interval yet" in text
    assert "confirmed" not in text


def test_an_answer_to_other_inputs_is_called_stale(run_page, still):
    page = run_page("decide")
    still.stage = 0
    page.slider(key="lever-points").set_value(60).run()
    text = words(page)
    assert "stale" in text
    assert "confirmed" not in text
    assert len(page.get("plotly_chart")) == 2, "the old picture stays until there is a new one"
    assert still.left == 1, "the old questions were given up before the page was drawn"


def test_a_first_compilation_is_said(run_page, still):
    still.stage, still.compiled = 0, False
    assert "compiling the simulator" in words(run_page("decide"))


def test_a_failure_is_said_in_words(run_page, still):
    still.message = "no such luck"
    page = run_page("decide")
    assert "no such luck" in page.error[0].value


@pytest.mark.parametrize(
    "nonsense", ["", "1.", "2.abc", "1.!!!!", "x" * 7000, "1.eJyrVspMUbIy1lFKLkpNLMlMLlayAgIAPlIGmA"]
)
def test_nonsense_in_the_address_does_no_harm(run_page, nonsense):
    page = run_page("decide", link=nonsense)
    assert len(page.get("plotly_chart")) == 2
    assert page.slider(key="lever-points").value == 40


def test_a_value_out_of_bounds_is_refused_and_said(run_page):
    page = run_page("decide")
    page.number_input(key="exact-points").set_value(-5).run()
    assert not page.exception
    assert "Not changed" in page.error[0].value
    assert page.slider(key="lever-points").value == 40
    assert link_of(page) == Inputs()


def test_what_looks_uneconomic_is_said_with_a_way_out(run_page):
    page = run_page("decide")
    page.slider(key="lever-price").set_value(0.8).run()
    page.number_input(key=latest(page, "exact-price")).set_value(0.3).run()
    assert not page.exception
    assert any("Way out" in warning.value for warning in page.warning)
    assert "nan" not in words(page).lower().replace("finance", "").replace("financing", "")


def test_another_scenario_brings_its_own_levers(run_page):
    page = run_page("decide")
    page.selectbox(key="base").set_value("stores_only").run()
    assert not page.exception
    assert link_of(page).base == "stores_only"
    assert "lever-points" not in [slider.key for slider in page.slider]


def test_replay_shows_old_and_new_in_turn_and_leaves_the_inputs(run_page):
    page = run_page("decide")
    page.slider(key="lever-points").set_value(60).run()
    press(page, "replay-button")
    places = [page.slider(key=latest(page, "lever-points")).value]
    for _ in range(6):
        page.session_state["replay"] -= 1
        page.run()
        places.append(page.slider(key=latest(page, "lever-points")).value)
    assert places == [60, 40, 60, 40, 60, 40, 60]
    assert link_of(page).changes == {POINTS: 60}


def test_the_page_speaks_chinese(run_page):
    page = run_page("decide", Inputs().showing(language="zh"))
    headline = page.subheader[0].value
    assert "单" in headline
    english = stages_of(shrunk(ScaleQuestion(Inputs().case)))[-1].result["headline"]
    assert set(re.findall(r"\d[\d.,]*\d|\d", english)) <= set(re.findall(r"\d[\d.,]*\d|\d", headline))
    assert "送货上门" in headline
    assert "服务水平" in headline
    assert page.button(key="language").label == "English"
    press(page, "language")
    assert "order" in page.subheader[0].value


def places(page) -> list[str]:
    """Kinds of what stands on a page, from top to bottom, up to the last chart."""
    blocks = [page.main.children[index] for index in sorted(page.main.children)]
    last = max(n for n, block in enumerate(blocks) if any(one.key == "strip-money" for one in buttons(block)))
    return [block.type for block in blocks[: last + 1]]


def buttons(block) -> list:
    """Buttons within a block of a page."""
    return list(block.get("button")) if hasattr(block, "get") else []


def test_everything_keeps_its_place_while_the_answer_is_awaited(run_page, still):
    known = places(run_page("decide"))
    still.stage = 0
    waiting = run_page("decide")
    assert "Simulating the first answer" in waiting.subheader[0].value
    assert places(waiting) == known
    still.message = "nothing to sell"
    assert places(run_page("decide")) == known, "what is refused moves nothing either"


def test_problems_of_an_upload_are_said_beside_it_the_first_few_each_on_a_line(run_page):
    page = run_page("decide")
    bad = "schema_version: 1\nextends: base.yaml\n" + "".join(f"k{number}: 1\n" for number in range(30))
    page.file_uploader(key="upload-0").set_value(("bad.yaml", bad.encode(), "text/yaml")).run()
    assert not page.exception
    [said] = [one.value for one in page.error]
    lines = said.split("  \n")
    assert "bad.yaml" in lines[0]
    assert len(lines) == 1 + MOST_LINES + 1
    assert lines[-1] == "and 22 more problems"
    page.run()
    assert len(page.error) == 1, "it stays until something else is done"
    page.file_uploader(key="upload-1").set_value(("words.txt", b"1", "text/plain")).run()
    [said] = [one.value for one in page.error]
    assert "a scenario is a .yaml or .xlsx file" in said
    assert "bad.yaml" not in said
    page.slider(key="lever-points").set_value(60).run()
    assert not page.error
