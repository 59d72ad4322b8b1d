"""The answers that come with the program: shown for their own question only, and true."""

from __future__ import annotations

import gzip
import json

import pytest

from sim.ui.answer import Answer
from sim.ui.opening import FILE, opening_questions, shipped_answers
from sim.ui.pages import ORDER
from sim.ui.questions.year import YearQuestion
from sim.ui.sharing import SharingRunner


def test_the_shipped_answers_are_those_of_the_questions_the_page_opens_on():
    found = shipped_answers()
    missing = [question.kind for question in opening_questions() if question.key not in found]
    assert not missing, f"python -m docs.build makes them anew: {missing}"
    assert all(answer.is_final and answer.done == answer.total for answer in found.values())


@pytest.mark.parametrize("page", ORDER)
def test_every_page_opens_on_shipped_answers(page, still, run_page):
    shipped = shipped_answers()
    still.answer = lambda question: shipped.get(question.key, Answer(message=question.kind))
    drawn = run_page(page)
    missing = [error.value for error in drawn.error]
    assert not missing, f"{page} opens on questions that are not shipped"


def test_a_shipped_answer_equals_a_fresh_history():
    question = opening_questions()[0]
    shipped = shipped_answers()[question.key].result
    assert shipped is not None
    with SharingRunner(None) as runner:
        fresh = list(YearQuestion(question.case, replications=1).stages(runner))[-1].result
    for name, value in fresh["kpis"].items():
        known = shipped["kpis"].get(name)
        if known is None or known["low"] is None:
            continue
        # One history of the 24 lies within their spread: six standard deviations, for all figures together.
        spread = 6.0 * (known["high"] - known["low"]) / 2.0 / 2.07 * known["n"] ** 0.5
        assert abs(value["mean"] - known["mean"]) <= spread + 1e-9 * abs(known["mean"]), name
    assert fresh["scenario_hash"] == shipped["scenario_hash"]
    assert fresh["model_version"] == shipped["model_version"]


NO_JSON, NO_ANSWERS = gzip.compress(b"no json", mtime=0), gzip.compress(b"[1]", mtime=0)


@pytest.mark.parametrize(
    "content", [b"", b"no gzip", NO_JSON, NO_ANSWERS], ids=["empty", "no gzip", "no json", "no answers"]
)
def test_a_damaged_file_ships_nothing(tmp_path, content):
    path = tmp_path / "opening.json.gz"
    path.write_bytes(content)
    assert shipped_answers(path) == {}
    assert shipped_answers(tmp_path / "missing") == {}


def test_answers_of_another_model_are_not_found(monkeypatch):
    from sim.ui import question as questions

    monkeypatch.setattr("sim.experiment.cache.sources_stamp", lambda: "another model")
    questions._key.cache_clear()
    try:
        assert not [one for one in opening_questions() if one.key in shipped_answers()]
    finally:
        questions._key.cache_clear()


def test_the_file_is_small():
    assert FILE.stat().st_size < 200_000
    assert json.loads(gzip.decompress(FILE.read_bytes()))
