"""Predictions and their scores, against arithmetic by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.numbers import Value
from sim.ui.classroom import MOST, REVEALS, STEPS, Classroom, ClassroomError, anonymous
from sim.ui.inputs import Inputs
from sim.ui.prediction import (
    CHANCES,
    SIZES,
    Prediction,
    PredictionError,
    Truth,
    direction,
    middle,
    prediction_of,
    score,
    short_name,
    truth_of,
)

ANNA = Prediction("A", (120, 80, 60), (50, 50, 90))
BEN = Prediction("BEN", (100, 100, 100), (70, 30, 10))
TRUTH = Truth(
    Value(5.0), {0.5: Value(92.0), 1.0: Value(100.0), 2.0: Value(95.0), 4.0: Value(91.0)}, "stays flat"
)

numbers = st.tuples(*[st.integers(1, 999)] * 3)
chances = st.tuples(*[st.sampled_from(CHANCES)] * 3)
predictions = st.builds(Prediction, st.from_regex(r"[A-Z0-9]{1,3}", fullmatch=True), numbers, chances)


def result(costs: dict[float, float], verdict: str = "neutral") -> dict[str, object]:
    """A result of ``scale`` with these average costs."""
    steps = [
        {
            "volume": size,
            "average_cost": {
                "mean": cost,
                "low": cost - 0.1,
                "high": cost + 0.1,
                "unit": "yuan/parcel",
                "n": 3,
            },
        }
        for size, cost in costs.items()
    ]
    return {"steps": steps, "verdict": verdict}


@given(predictions)
def test_a_prediction_is_its_word(prediction):
    assert prediction_of(prediction.word) == prediction
    assert len("+".join([prediction.word] * 3)) <= 80, "three of them fit into one choice of the view"


@pytest.mark.parametrize(
    ("who", "three", "sure", "message"),
    [
        ("", (100, 100, 100), (50, 50, 50), "initials"),
        ("ABCDEFGHI", (100, 100, 100), (50, 50, 50), "initials"),
        ("ab", (100, 100, 100), (50, 50, 50), "initials"),
        ("A+B", (100, 100, 100), (50, 50, 50), "initials"),
        ("A", (0, 100, 100), (50, 50, 50), "1 to 999"),
        ("A", (100, 1000, 100), (50, 50, 50), "1 to 999"),
        ("A", (100, 100, 100), (50, 55, 50), "10, 30, 50, 70, 90"),
    ],
)
def test_what_is_no_prediction_is_refused_in_words(who, three, sure, message):
    with pytest.raises(PredictionError, match=message):
        Prediction(who, three, sure)


@pytest.mark.parametrize(
    "word", ["", "A:1,2:50,50,50", "A:1,2,3:50,50,51", "a:1,2,3:50,50,50", "A:0,2,3:50,50,50"]
)
def test_a_word_that_is_none_is_refused(word):
    with pytest.raises(PredictionError):
        prediction_of(word)


def test_direction_is_the_elasticity_between_the_ends_against_the_margin():
    # three doublings: 0.02 * ln 8 = 0.0416, so the ends may differ by a factor of 1.0425 and no more
    assert direction(100, 104) == "stays flat"
    assert direction(100, 105) == "rises"
    assert direction(105, 100) == "falls"
    assert [ANNA.direction, BEN.direction] == ["falls", "stays flat"]


def test_the_truth_is_the_curve_in_points_of_today():
    truth = truth_of(result({0.5: 4.0, 1.0: 5.0, 2.0: 6.0}, "non_scalable"))
    assert truth is not None
    assert truth.today.mean == 5.0
    assert {size: known.mean for size, known in truth.points.items()} == pytest.approx(
        {0.5: 80, 1.0: 100, 2.0: 120}
    )
    assert (truth.points[0.5].low, truth.points[0.5].high) == pytest.approx((78.0, 82.0))
    assert truth.direction == "rises"
    assert truth.at(4.0) is None


@pytest.mark.parametrize("costs", [{0.5: 4.0, 2.0: 6.0}, {1.0: -1.0, 2.0: 6.0}])
def test_without_a_cost_today_there_is_no_truth(costs):
    assert truth_of(result(costs)) is None


def test_scores_by_hand():
    # Anna: errors 28, 15, 31, no hit; Ben: 8, 5, 9, three hits
    found = score([ANNA, BEN], TRUTH)
    assert found is not None
    assert (found.count, found.hits, found.hit_rate) == (6, 3, 0.5)
    assert found.error == pytest.approx((28 + 15 + 31 + 8 + 5 + 9) / 6)
    assert found.chance == pytest.approx((0.5 + 0.5 + 0.9 + 0.7 + 0.3 + 0.1) / 6)
    assert found.brier == pytest.approx((0.25 + 0.25 + 0.81 + 0.09 + 0.49 + 0.81) / 6)
    assert found.overconfidence == pytest.approx(0.0)
    assert score([ANNA, BEN], TRUTH, [4.0]).error == pytest.approx((31 + 9) / 2)
    assert score([], TRUTH) is None


def test_a_hit_includes_its_edge():
    edge = Prediction("A", (82, 95, 101), (90, 90, 90))
    assert score([edge], TRUTH).hits == 3
    assert score([Prediction("A", (81, 95, 102), (90, 90, 90))], TRUTH).hits == 1


def test_always_saying_half_gets_a_quarter():
    half = [Prediction("A", (92, 1, 91), (50, 50, 50))]
    assert score(half, TRUTH).brier == pytest.approx(0.25)


def test_the_middle_is_the_median():
    third = Prediction("C", (90, 70, 200), (10, 10, 10))
    assert middle([ANNA, BEN, third]) == {0.5: 100.0, 2.0: 80.0, 4.0: 100.0}
    assert middle([]) == {}


# --- the class ------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", [*REVEALS, "locked", "explain", "debrief"])
def test_without_the_lock_no_step_goes_beyond_predicting(step):
    room = Classroom(predictions=(ANNA,))
    assert room.at(step).step == "predict"
    assert Classroom.of(Inputs().showing(**{**room.words(), "lesson_step": step})).step == "predict"
    assert room.locked().at(step).step == step


def test_nothing_predicted_cannot_be_locked():
    with pytest.raises(ClassroomError, match="nobody"):
        Classroom().locked()
    assert Classroom(hands=(1, 0, 0)).locked().step == "locked"


def test_the_lock_holds_every_prediction():
    room = Classroom(predictions=(ANNA, BEN), hands=(4, 0, 2)).locked().at("whole")
    with pytest.raises(ClassroomError, match="locked"):
        room.handed_in(Prediction("C", (90, 90, 90), (50, 50, 50)))
    assert room.without_last() == room
    assert room.counted((9, 9, 9)) == room
    words = room.words()
    assert Classroom.of(Inputs().showing(**words)) == room
    forged = Classroom.of(Inputs().showing(**{**words, "lesson_p0": BEN.word}))
    assert forged.was_changed
    assert forged.step == "predict"
    other = Classroom.of(Inputs().showing(**{**words, "lesson_variant": "3"}))
    assert other.step == "predict", "the lock is one of a variant"


def test_a_full_class_fits_into_the_address_and_the_next_is_refused():
    room = Classroom()
    for number in range(MOST):
        room = room.handed_in(Prediction(f"Z{number}", (999, 999, 999), (90, 90, 90)))
    assert Classroom.of(Inputs().showing(**room.locked().words())).predictions == room.predictions
    assert len(Inputs().showing(**room.locked().words()).to_link()) < 2_000
    with pytest.raises(ClassroomError, match="30"):
        room.handed_in(ANNA)


def test_a_full_class_of_the_longest_names_fits_too():
    room = Classroom()
    for number in range(MOST):
        name = short_name(f"欧阳 上官 王小{'甲乙丙'[number // 10]}{number % 10}")
        assert len(name) == 8
        room = room.handed_in(Prediction(name, (999, 999, 999), (90, 90, 90)))
    link = Inputs().showing(**room.locked().words()).to_link()
    assert Classroom.of(Inputs.from_link(link)[0]).predictions == room.predictions
    assert len(link) < 2_000


@pytest.mark.parametrize(
    ("typed", "kept"), [("ab", "AB"), (" a. b. ", "AB"), ("王小明", "王小明"), ("ольга", "ОЛЬГА"), ("!+", "")]
)
def test_names_of_any_script_are_kept_without_spaces(typed, kept):
    assert short_name(typed) == kept
    if kept:
        prediction = Prediction(kept, (120, 80, 60), (50, 50, 90))
        assert prediction_of(prediction.word) == prediction


def test_whoever_hands_in_again_replaces_the_first():
    room = Classroom().handed_in(ANNA).handed_in(BEN).handed_in(Prediction("A", (1, 2, 3), (10, 10, 10)))
    assert [one.who for one in room.predictions] == ["BEN", "A"]
    assert room.predictions[1].numbers == (1, 2, 3)


def test_what_cannot_be_read_is_counted():
    room = Classroom.of(
        Inputs().showing(lesson_p0=f"{ANNA.word}+nonsense", lesson_variant="99", lesson_step="x")
    )
    assert (room.predictions, room.lost, room.variant, room.step) == ((ANNA,), 1, 0, "scene")


def test_hands_and_predictions_are_counted_together():
    assert Classroom(predictions=(ANNA, BEN), hands=(4, 0, 2)).directions() == {
        "falls": 5, "stays flat": 1, "rises": 2
    }  # fmt: skip


def test_nobody_is_known_by_name_or_by_order():
    found = anonymous([ANNA, BEN])
    assert found == anonymous([BEN, ANNA])
    assert [one.who for one in found] == ["1", "2"]
    assert {one.numbers for one in found} == {ANNA.numbers, BEN.numbers}


def test_steps_are_in_the_order_of_the_lesson():
    assert STEPS == ("scene", "predict", "locked", "point", "double", "whole", "causes", "explain", "debrief")
    assert len(REVEALS) == 4
    assert SIZES == (0.5, 2.0, 4.0)
