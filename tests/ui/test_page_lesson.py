"""The lesson: no truth before the lock, the reveal step by step in planted digits, the debrief by hand."""

from __future__ import annotations

import csv
import functools
import io
import json
import math
import re
import shlex

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.report.numbers import Value
from sim.scenario import load
from sim.ui.bends import BENDS, bend_of, main_question, why_question
from sim.ui.classroom import REVEALS, STEPS, Classroom
from sim.ui.debrief import CSV_HEADS, debrief_csv, debrief_html, questions, score_sentences
from sim.ui.handout import prediction_sheet
from sim.ui.inputs import Inputs
from sim.ui.language import speak
from sim.ui.pages.lesson import step_names
from sim.ui.pictures.causes import _reading
from sim.ui.prediction import Prediction, Truth, truth_of
from sim.ui.variants import BASE, COUNT, SPREADS, variant
from tests.experiment import planted
from tests.ui.conftest import press, words
from tests.ui.planted_desk import PlantedDesk

EXACT = functools.partial(planted.mechanisms, common=0.0)
DOUBLINGS = math.log2(planted.size_of(load(BASE)) / 10_000.0)
ANNA = Prediction("ANN", (120, 80, 61), (50, 50, 90))
BEN = Prediction("BEN", (100, 100, 100), (70, 30, 10))


def per_parcel(volume: float) -> float:
    """The planted cost per parcel, in yuan: per doubling 1.6 of mechanisms less 2.0 that are spread."""
    return 23.0 + (1.6 - planted.SPREAD) * (DOUBLINGS + math.log2(volume))


TRUTH = {size: 100.0 * per_parcel(size) / per_parcel(1.0) for size in (0.5, 1.0, 2.0, 4.0)}
"""The planted curve in points of today."""


@pytest.fixture
def desk(still, monkeypatch) -> PlantedDesk:
    """A desk with planted histories."""
    del still
    found = PlantedDesk(EXACT)
    monkeypatch.setattr("sim.ui.frame.shared_desk", lambda: found)
    return found


def inputs_of(room: Classroom) -> Inputs:
    """Inputs that show a class."""
    return Inputs().showing(page="lesson", **room.words())


def room_of(page) -> Classroom:
    """The class that the address of a page holds."""
    word = page.query_params["s"]
    return Classroom.of(Inputs.from_link(word if isinstance(word, str) else word[0])[0])


def everything_sent(page) -> str:
    """All that reaches the browser: every element of the page, charts and tables included."""
    return "\n".join(str(one.proto) for one in page.main) + "\n" + words(page)


def fill(page, who: str, prediction: Prediction) -> None:
    """Type a prediction without handing it in."""
    for place, (number, chance) in enumerate(zip(prediction.numbers, prediction.chances, strict=True)):
        page.number_input(key=f"lesson-number-{place}").set_value(number)
        page.selectbox(key=f"lesson-chance-{place}").set_value(chance)
    page.text_input(key="lesson-who").set_value(who)


def charts(page) -> list[dict]:
    """The charts of a page as their browser gets them."""
    return [json.loads(one.proto.spec) for one in page.get("plotly_chart")]


def digits() -> set[str]:
    """The truth as it would be written, in yuan and in points (today's 100 and the inputs aside)."""
    found = {f"{per_parcel(size):.2f}" for size in TRUTH}
    return found | {f"{TRUTH[size]:.1f}" for size in TRUTH if size != 1.0}


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("step", ["scene", "predict", *REVEALS, "explain", "debrief"])
def test_without_the_lock_no_link_shows_the_truth(run_page, step):
    room = Classroom(predictions=(ANNA, BEN))
    page = run_page("lesson", inputs_of(room).showing(lesson_step=step))
    sent = everything_sent(page)
    assert not [one for one in digits() if one in sent]
    assert not charts(page)
    assert page.button(key="lesson-next").disabled is (step != "scene")


@pytest.mark.usefixtures("desk")
def test_the_scene_has_three_numbers_and_says_what_it_is_not(run_page):
    page = run_page("lesson")
    assert [metric.value for metric in page.metric] == ["40", "34", "20"]
    text = words(page)
    assert "Not modelled" in text
    assert "not calibrated" in text


@pytest.mark.usefixtures("desk")
def test_a_class_predicts_locks_and_sees_it_step_by_step(run_page):
    page = run_page("lesson", inputs_of(Classroom(step="predict")))
    for place, (number, chance) in enumerate(zip(ANNA.numbers, ANNA.chances, strict=True)):
        page.number_input(key=f"lesson-number-{place}").set_value(number)
        page.selectbox(key=f"lesson-chance-{place}").set_value(chance)
    page.text_input(key="lesson-who").set_value("ann")
    press(page, "lesson-hand-in")
    page.number_input(key="lesson-hand-2").set_value(7).run()
    assert not page.exception
    assert room_of(page) == Classroom(step="predict", predictions=(ANNA,), hands=(0, 0, 7))
    press(page, "lesson-lock")
    assert room_of(page).is_locked
    assert "8 in all: 1 expect cost to fall, 0 to stay flat, 7 to rise" in page.subheader[0].value
    assert not [one for one in digits() if one in everything_sent(page)]
    assert "ANN" not in str(charts(page)), "the class is shown without names"
    expected = [(1.0,), (0.5, 1.0, 2.0), (0.5, 1.0, 2.0, 4.0)]
    for step, sizes in zip(REVEALS, expected, strict=False):
        press(page, "lesson-next")
        assert room_of(page).step == step
        (line,) = [one for one in charts(page)[0]["data"] if one.get("name") == "simulated"]
        assert dict(zip(line["x"], line["y"], strict=True)) == pytest.approx(
            {one: TRUTH[one] for one in sizes}
        )
        later = {f"{per_parcel(size):.2f}" for size in TRUTH} - {f"{per_parcel(size):.2f}" for size in sizes}
        sent = everything_sent(page)
        assert not [one for one in later if one in sent]
        assert all(f"{per_parcel(size):.2f}" in sent for size in sizes), (
            "what is sent can be seen by this test"
        )
    assert "cheaper" in page.subheader[0].value
    press(page, "lesson-next")
    causes = "\n".join(one.value for one in page.markdown)
    assert f"+{3 * (planted.SUPERVISION + planted.JOINT):.2f}" in causes
    press(page, "lesson-next")
    assert room_of(page).step == "explain"
    press(page, "lesson-next")
    assert room_of(page).step == "debrief"
    assert page.button(key="lesson-next").disabled


@pytest.mark.usefixtures("desk")
def test_undo_brings_no_second_chance(run_page):
    page = run_page("lesson", inputs_of(Classroom(predictions=(ANNA,)).locked().at("point")))
    room = Classroom(predictions=(ANNA,), step="predict")
    page.session_state["history"] = page.session_state["history"].doing(inputs_of(room))
    page.run()
    assert "shown in this browser already" in words(page)
    assert not [one for one in page.button if one.key in ("lesson-lock", "lesson-hand-in")]


@pytest.mark.usefixtures("desk")
def test_nothing_undoes_the_lock(run_page):
    page = run_page("lesson", inputs_of(Classroom(step="predict")))
    fill(page, "ann", ANNA)
    press(page, "lesson-hand-in")
    press(page, "lesson-lock")
    assert page.button(key="undo").disabled
    press(page, "lesson-next")
    press(page, "undo")
    assert room_of(page).is_locked
    assert page.button(key="undo").disabled


@pytest.mark.usefixtures("desk")
def test_a_reload_brings_no_second_chance(run_page):
    page = run_page("lesson", inputs_of(Classroom(predictions=(ANNA,)).locked().at("point")))
    page.session_state["history"] = page.session_state["history"].doing(inputs_of(Classroom()))
    page.run()
    page.selectbox(key="lesson-variant").set_value(3).run()
    page.selectbox(key="lesson-variant").set_value(0).run()
    word = page.query_params["s"]
    again = run_page("lesson", link=word if isinstance(word, str) else word[0])
    press(again, "lesson-next")
    assert "shown in this browser already" in words(again)
    assert not [one for one in again.button if one.key in ("lesson-lock", "lesson-hand-in")]
    press(again, "lesson-back")
    again.selectbox(key="lesson-variant").set_value(3).run()
    press(again, "lesson-next")
    assert [one for one in again.button if one.key == "lesson-lock"], "another variant can be predicted"
    fresh = run_page("lesson")
    press(fresh, "lesson-next")
    assert [one for one in fresh.button if one.key == "lesson-lock"], "a new window is another class"


@pytest.mark.usefixtures("desk")
def test_a_forged_link_is_said_and_shows_nothing(run_page):
    locked = Classroom(predictions=(ANNA,)).locked().at("whole")
    page = run_page("lesson", inputs_of(locked).showing(lesson_p0=BEN.word))
    assert "not those that were locked" in words(page)
    assert not charts(page)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("missing", ["number", "chance", "who"])
def test_half_a_prediction_is_refused_in_words(run_page, missing):
    page = run_page("lesson", inputs_of(Classroom(step="predict")))
    for place in range(3):
        if missing != "number" or place:
            page.number_input(key=f"lesson-number-{place}").set_value(90)
        if missing != "chance" or place:
            page.selectbox(key=f"lesson-chance-{place}").set_value(50)
    page.text_input(key="lesson-who").set_value("" if missing == "who" else "A")
    press(page, "lesson-hand-in")
    assert "Not changed" in page.error[0].value
    assert not room_of(page).predictions
    kept = [page.number_input(key=f"lesson-number-{place}").value for place in range(3)]
    assert kept == [None if missing == "number" else 90, 90, 90], "what was refused is not typed again"
    kept = [page.selectbox(key=f"lesson-chance-{place}").value for place in range(3)]
    assert kept == [None if missing == "chance" else 50, 50, 50]
    assert page.text_input(key="lesson-who").value == ("" if missing == "who" else "A")


@pytest.mark.usefixtures("desk")
def test_what_was_handed_in_makes_room_for_the_next(run_page):
    page = run_page("lesson", inputs_of(Classroom(step="predict")))
    fill(page, "王 小明", ANNA)
    press(page, "lesson-hand-in")
    assert room_of(page).predictions == (Prediction("王小明", ANNA.numbers, ANNA.chances),)
    assert "王小明" in words(page)
    assert not any(page.number_input(key=f"lesson-number-{place}").value for place in range(3))
    assert not any(page.selectbox(key=f"lesson-chance-{place}").value for place in range(3))
    assert not page.text_input(key="lesson-who").value


@pytest.mark.usefixtures("desk")
def test_two_people_of_the_same_initials_lose_nothing_in_silence(run_page):
    other = Prediction("ANN", BEN.numbers, BEN.chances)
    page = run_page("lesson", inputs_of(Classroom(step="predict", predictions=(ANNA,))))
    fill(page, "Ann", other)
    press(page, "lesson-hand-in")
    assert "such as ANN2" in page.error[0].value
    assert room_of(page).predictions == (ANNA,), "the first still counts"
    page.text_input(key="lesson-who").set_value("ann2")
    press(page, "lesson-hand-in")
    assert [one.who for one in room_of(page).predictions] == ["ANN", "ANN2"]
    fill(page, "ann", other)
    press(page, "lesson-hand-in")
    press(page, "lesson-hand-in")
    assert room_of(page).by("ANN") == other
    assert "ANN handed in again: the new numbers count" in words(page)


@pytest.mark.usefixtures("desk")
def test_what_is_half_typed_is_neither_locked_out_nor_lost(run_page):
    page = run_page("lesson", inputs_of(Classroom(step="predict", predictions=(ANNA,))))
    page.number_input(key="lesson-number-1").set_value(70).run()
    press(page, "lesson-lock")
    assert "still typing" in page.error[0].value
    assert not room_of(page).is_locked
    press(page, "lesson-back")
    press(page, "lesson-next")
    assert page.number_input(key="lesson-number-1").value == 70
    press(page, "lesson-clear")
    assert page.number_input(key="lesson-number-1").value is None
    press(page, "lesson-lock")
    assert room_of(page).is_locked


@pytest.mark.usefixtures("desk")
def test_another_class_finds_empty_fields(run_page):
    page = run_page("lesson", inputs_of(Classroom(step="predict", predictions=(ANNA,))))
    page.number_input(key="lesson-number-1").set_value(70).run()
    press(page, "lesson-back")
    page.selectbox(key="lesson-variant").set_value(3).run()
    press(page, "lesson-next")
    assert page.number_input(key="lesson-number-1").value is None


def test_while_the_answer_is_simulated_the_reveal_waits(run_page, desk):
    desk.stage = 0
    page = run_page("lesson", inputs_of(Classroom(predictions=(ANNA,)).locked().at("whole")))
    assert "still being filled" in words(page)
    desk.message = "the disk is full"
    page.run()
    assert "the disk is full" in page.error[0].value


@pytest.mark.usefixtures("desk")
def test_a_mechanism_off_and_another_world_bend_the_curve(run_page):
    room = Classroom(predictions=(ANNA,)).locked().at("explain")
    page = run_page("lesson", inputs_of(room).showing(lesson_bend="off:supervision"))
    bent = charts(page)[0]["data"][-1]
    slope = planted.ATTRITION - planted.SPREAD
    expected = [23.0 + slope * (DOUBLINGS + math.log2(size)) for size in bent["x"]]
    assert bent["y"] == pytest.approx(expected)
    page.selectbox(key="lesson-bend").set_value("fill").run()
    assert not page.exception
    assert any("--path densify" in code.value for code in page.code)


@pytest.mark.parametrize("name", BENDS)
def test_bends_stay_within_the_stated_ranges_and_change_the_question(name):
    world, case = load(BASE), variant(0)
    ranges = {entry.path: entry.range for entry in world.entries()}
    for path, value in BENDS[name].changes.items():
        low, high = ranges[path]
        assert low <= float(value) <= high
    assert BENDS[name].question(case).key != main_question(case).key
    assert bend_of("nonsense", ()) == BENDS["fill"]


def test_bends_are_asked_for_while_the_class_predicts(run_page, desk):
    run_page("lesson", inputs_of(Classroom(step="predict")))
    keys = [question.key for question in desk.asked]
    assert keys[0] == main_question(variant(0)).key, "the reveal comes first"
    assert all(bend.question(variant(0)).key in keys for bend in BENDS.values())


@pytest.mark.usefixtures("desk")
def test_how_sure_a_bend_is_stands_above_its_curve(run_page):
    page = run_page("lesson", inputs_of(Classroom(predictions=(ANNA,)).locked().at("explain")))
    kinds = [
        one.type
        for one in page.main
        if one.type == "plotly_chart" or "confirmed" in str(getattr(one, "value", ""))
    ]
    assert kinds[0] == "markdown"


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("three", "side"), [((130, 110, 110), -1), ((60, 50, 40), 1)])
def test_no_line_of_the_class_strikes_a_number_through(run_page, three, side):
    one = Prediction("A", three, (50, 50, 50))
    page = run_page("lesson", inputs_of(Classroom(predictions=(one,)).locked().at("whole")))
    notes = {
        note["x"]: note["yshift"] for note in charts(page)[0]["layout"]["annotations"] if "yshift" in note
    }
    assert math.copysign(1, notes[math.log10(0.5)]) == side, "the number stands where the line is not"


@pytest.mark.usefixtures("desk")
def test_the_whole_point_stands_above_the_curve(run_page):
    page = run_page("lesson", inputs_of(Classroom(predictions=(ANNA,)).locked().at("whole")))
    kinds = [one.type for one in page.main if one.type in ("plotly_chart", "markdown") and said(one)]
    assert kinds.index("markdown") < kinds.index("plotly_chart")


def said(element) -> bool:
    """Whether an element is a chart, or the sentence of the study."""
    return element.type == "plotly_chart" or "per doubling" in str(element.value)


def test_the_minutes_of_the_steps_make_twenty():
    found = [
        int(minutes) for words in step_names().values() for minutes in re.findall(r"\((\d+) min\)", words)
    ]
    assert sum(found) + len(REVEALS) == 20, "each reveal takes a minute"


def test_figures_of_the_debrief_subtract_as_printed():
    truth = Truth(Value(5.0), {size: Value(100.0) for size in (0.5, 1.0, 2.0, 4.0)}, "stays flat")
    hit, miss = (100, 100, 100), (1, 1, 1)
    for hits in range(1, 12):
        some = tuple(
            Prediction(f"P{place}", hit if place < hits else miss, (50, 70, 90)) for place in range(12)
        )
        text = score_sentences(Classroom(predictions=some), truth)[1]
        rate, chance = (int(number) for number in re.findall(r"(\d+)%", text))
        gap = re.search(r"by (\d+) percentage", text)
        assert abs(chance - rate) == (int(gap[1]) if gap else 0), text


def test_parts_that_do_not_add_up_as_printed_say_that_they_are_rounded():
    values = [("supervision", Value(0.034, unit="yuan/parcel")), ("search", Value(0.034, unit="yuan/parcel"))]
    text = _reading(values, Value(0.068), "yuan", 2)
    assert "add up to +0.07" in text
    assert "as printed, to +0.06" in text


# --- variants -------------------------------------------------------------------------------------


def test_variants_are_different_worlds_within_the_stated_ranges():
    worlds = [variant(number) for number in range(COUNT + 1)]
    assert len({case.changes for case in worlds}) == COUNT + 1
    ranges = {entry.path: entry.range for entry in load(BASE).entries()}
    for spread in SPREADS:
        low, high = ranges[f"pickup.community.{spread.path}"]
        assert low <= spread.low < spread.high <= high
    assert all(
        spread.low <= spread.at(share) <= spread.high for spread in SPREADS for share in (0, 0.5, 0.999999)
    )
    with pytest.raises(ValueError, match="0 to 20"):
        variant(COUNT + 1)


@pytest.mark.usefixtures("desk")
def test_another_variant_starts_a_new_class(run_page):
    page = run_page("lesson", inputs_of(Classroom(predictions=(ANNA,), hands=(1, 0, 0))))
    page.selectbox(key="lesson-variant").set_value(3).run()
    assert room_of(page) == Classroom(variant=3)
    assert {metric.value for metric in page.metric} != {"40", "34", "20"}


# --- what is handed out ---------------------------------------------------------------------------


def debriefed(desk: PlantedDesk) -> tuple[Classroom, dict, object]:
    """A locked class, the planted result and its truth."""
    result = desk.answer(main_question(variant(0))).result
    assert result is not None
    return (
        Classroom(predictions=(BEN, ANNA), hands=(2, 0, 0)).locked().at("debrief"),
        result,
        truth_of(result),
    )


def test_the_debrief_holds_the_class_against_the_truth(desk):
    room, result, truth = debriefed(desk)
    html = debrief_html(room, variant(0), result, truth)
    errors = [
        abs(number - TRUTH[size])
        for one in (ANNA, BEN)
        for size, number in zip((0.5, 2.0, 4.0), one.numbers, strict=True)
    ]
    hits = sum(error <= 10.0 for error in errors)
    assert f"{sum(errors) / 6:.1f}" in html
    assert f"{hits} of 6" in html
    assert "3 of 4 had the direction right" in html, "one prediction and two hands say falls, Ben says flat"
    assert all(question in html.replace("&#x27;", "'") for question in questions())
    assert len(questions()) == 4
    assert "Monday" in html
    assert "Not modelled" in html
    assert not re.findall(r"(?:src|href)=|https?://(?!www\.w3\.org)", html), "nothing from outside"
    assert not [name for name in ("ANN", "BEN") if f">{name}<" in html or f" {name} " in html]


def test_the_file_has_every_number_and_no_name(desk):
    room, _, truth = debriefed(desk)
    rows = list(csv.DictReader(io.StringIO(debrief_csv(room, truth))))
    assert tuple(rows[0]) == CSV_HEADS
    assert len(rows) == 6
    for row in rows:
        error = float(row["predicted"]) - TRUTH[float(row["size"])]
        assert float(row["error"]) == pytest.approx(error, abs=0.006)
        assert int(row["within_10_points"]) == (abs(error) <= 10.0)
    assert "ANN" not in debrief_csv(room, truth)
    assert rows[0]["predicted"] == "100", "sorted by what was predicted, not by who came first"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_prediction_sheet_holds_no_result(desk, code):
    speak(code)
    try:
        sheet = prediction_sheet(variant(0))
        room, result, truth = debriefed(desk)
        html = debrief_html(room, variant(0), result, truth)
    finally:
        speak("")
    assert not [one for one in digits() if one in sheet]
    assert "×0.5" in sheet
    if code == "zh":
        for text in (sheet, html):
            plain = re.sub(r"<style>.*?</style>|<code>.*?</code>|<[^>]+>", " ", text, flags=re.DOTALL)
            assert not re.findall(r"[A-Za-z]{3,}", plain.replace("Brier", ""))


@pytest.mark.parametrize(
    "question", [main_question(variant(0)), why_question(variant(4))], ids=["main", "why"]
)
def test_the_command_of_the_lesson_is_read_by_the_program(question):
    words_of = shlex.split(question.command())
    assert words_of[:3] == ["channelsim", "scale", BASE]
    found = CliRunner().invoke(app, [*words_of[1:], "--help"])
    assert found.exit_code == 0


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("step", STEPS)
def test_every_step_is_drawn_in_chinese(run_page, step):
    room = Classroom(predictions=(ANNA, BEN), hands=(1, 2, 3)).locked().at(step)
    page = run_page("lesson", inputs_of(room).showing(language="zh"))
    text = "\n".join(
        one.value for kind in ("subheader", "metric") for one in page.get(kind) if isinstance(one.value, str)
    )
    assert not re.findall(r"[A-Za-z]{4,}", text)
