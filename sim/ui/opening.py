"""Confirmed answers that come with the program, so that every page opens on a finished result.

They are shown only under the key of the very question, which holds the version of the model's sources, the
hash of the scenario and the options: after a change of the model they are not found, and the question is
simulated.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path

from sim.ui.answer import Answer
from sim.ui.bends import BENDS, main_question, why_question
from sim.ui.case import Case
from sim.ui.question import Question
from sim.ui.questions.books import BooksQuestion
from sim.ui.questions.claim import FIRST_CLAIM, ClaimQuestion, claim_of
from sim.ui.questions.compare import YARDSTICK, CompareQuestion
from sim.ui.questions.paths import PathsQuestion
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.sensitivity import tornado_of
from sim.ui.questions.story import ReceiptsQuestion
from sim.ui.questions.ways import WaysQuestion
from sim.ui.questions.why import WhyQuestion
from sim.ui.questions.year import YearQuestion
from sim.ui.variants import variant

FILE = Path(__file__).with_name("opening.json.gz")
WORLDS = 12
FIRST_RECEIPTS = "last_mile", "mall"
"""Account and channel that the page of books opens on: the largest cost behind the figure it opens on."""


def opening_questions() -> tuple[Question, ...]:
    """Return the questions that pages open on, in the order of the navigation."""
    case = Case()
    return (
        YearQuestion(case),
        ScaleQuestion(case, worlds=WORLDS),
        WhyQuestion(case),
        PathsQuestion(case),
        CompareQuestion(case, other=Case(YARDSTICK)),
        ClaimQuestion.about(claim_of(FIRST_CLAIM)),
        tornado_of(case),
        WaysQuestion(case),
        BooksQuestion(case),
        ReceiptsQuestion(case, *FIRST_RECEIPTS),
        main_question(variant(0)),
        why_question(variant(0)),
        *(bend.question(variant(0)) for bend in BENDS.values()),
    )


def shipped_answers(file: Path = FILE) -> Mapping[str, Answer]:
    """Return the shipped answers by the key of their question; none where the file is missing or damaged."""
    try:
        found = json.loads(gzip.decompress(file.read_bytes()))
        return {key: Answer(stage=1, **answer) for key, answer in found.items()}
    except (OSError, EOFError, ValueError, TypeError, AttributeError):
        return {}


def write_opening(file: Path = FILE, workers: int | None = None) -> None:
    """Simulate the opening questions and write their answers, the same bytes for the same model."""
    from sim.experiment.files import write_whole
    from sim.experiment.keeping import KeptRuns
    from sim.ui.sharing import SharingRunner

    found = {}
    for question in opening_questions():
        with SharingRunner(KeptRuns(), workers=workers) as runner:
            *_, last = question.stages(runner)
        found[question.key] = {"done": last.done, "total": last.total, "result": last.result}
    write_whole(file, gzip.compress(json.dumps(found, sort_keys=True).encode(), 9, mtime=0))
