"""Kinds of questions: what they ask, that they survive a pipe, and that their answers can be proved."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from dataclasses import fields

import pytest

from sim.experiment import verify
from sim.ui.case import Case, InputError
from sim.ui.question import Question, kind, kinds, question_of, steps_up_to
from sim.ui.questions.decision import QUARTERS_BRIEF, DecisionQuestion
from sim.ui.questions.evidence import EvidenceQuestion
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.year import WEEKS_ONLY, YearQuestion
from sim.ui.sharing import Pace, SharingRunner
from tests.experiment.planted import Curve, on
from tests.ui.conftest import shrunk, stages_of

PLANTED = on(Curve(fixed=1e5))


def defaults(question: type[Question]) -> Question | None:
    """A question with its defaults; None for a kind that has to be told more."""
    try:
        return question(Case())
    except TypeError:
        return None


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_question_survives_a_pipe(name):
    question = defaults(kinds()[name])
    if question is None:
        assert len(fields(kinds()[name])) > 1
        return
    again = question_of(json.loads(json.dumps(question.as_dict())))
    assert again == question
    assert again.key == question.key
    assert all(line.startswith("channelsim ") for line in question.command().splitlines())
    compile(question.python(), name, "exec")


def test_an_unknown_kind_is_named():
    with pytest.raises(InputError, match="no kind of question 'wish'"):
        question_of({"kind": "wish"})


def test_a_kind_has_one_owner():
    class Other(Question):
        pass

    with pytest.raises(ValueError, match="already"):
        kind("run")(Other)


@pytest.mark.parametrize(
    ("most", "steps"),
    [(1, (1,)), (2, (1, 2)), (5, (1, 2, 4, 5)), (16, (1, 2, 4, 8, 16)), (24, (1, 2, 4, 8, 16, 24))],
)
def test_steps_double_and_end_at_the_last(most, steps):
    assert steps_up_to(most) == steps


def test_a_quarter_comes_first_where_a_year_takes_long_and_says_so():
    with SharingRunner(None, PLANTED) as runner:
        stages = list(YearQuestion(Case("base"), replications=4).stages(runner))
    assert [stage.done for stage in stages] == [0, 1, 2, 4]
    assert stages[0].note == WEEKS_ONLY
    assert {stage.note for stage in stages[1:]} == {""}
    fast = SharingRunner(None, PLANTED, pace=Pace(1e-12))
    assert [stage.done for stage in YearQuestion(Case("base"), replications=4).stages(fast)] == [1, 2, 4]


def test_other_worlds_and_causes_come_last():
    with SharingRunner(None, PLANTED) as runner:
        stages = list(ScaleQuestion(Case("base"), replications=2, worlds=3).stages(runner))
    assert [(stage.done, stage.total) for stage in stages] == [(0, 5), (1, 5), (2, 5), (5, 5)]
    assert stages[-1].result["plausible_worlds"]["n"] <= 3
    assert stages[-2].result["plausible_worlds"] is None


def test_evidence_is_accepted_by_verify(tmp_path):
    stage = stages_of(shrunk(EvidenceQuestion(Case())))[-1]
    path = tmp_path / "evidence.zip"
    path.write_bytes(base64.b64decode(stage.result["zip"]))
    assert verify(path, workers=1).ok


def test_a_brief_is_one_file_in_both_languages_and_comes_with_its_record():
    with SharingRunner(None, PLANTED) as runner:
        first = next(iter(DecisionQuestion(Case()).stages(runner)))
    assert (first.done, first.total, first.note) == (0, 1, QUARTERS_BRIEF)
    assert set(first.result["html"]) == {"en", "zh"}
    for page in first.result["html"].values():
        assert page.lstrip().lower().startswith("<!doctype html>")
        assert "<script" not in page
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(first.result["zip"]))) as archive:
        assert {"manifest.json", "result.json", "brief.html"} <= set(archive.namelist())
