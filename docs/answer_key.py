"""The answer key of the lesson: what its commands print, as tables in English and Chinese."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any

from docs.drawings import result_of
from sim.report.numbers import read, text
from sim.ui.bends import BENDS, main_question, mechanisms_in, why_question
from sim.ui.language import say, speak
from sim.ui.lesson_end import bend_short
from sim.ui.prediction import WITHIN, truth_of
from sim.ui.question import Question
from sim.ui.sentences import scale_sentence
from sim.ui.variants import variant
from sim.ui.vocabulary import mechanism_name

Results = Callable[[Question], Mapping[str, Any]]


def printed(question: Question) -> Mapping[str, Any]:
    """Return the JSON object that the command of a question prints."""
    return result_of(question.command().removeprefix("channelsim "))


def answers(language: str = "en", results: Results = printed) -> str:
    """Return the answers of the shipped scenario, as Markdown.

    Parameters
    ----------
    language
        ``en`` or ``zh``.
    results
        Gives the result of a question; by default what its command prints.
    """
    speak(language)
    try:
        case = variant(0)
        why = results(why_question(case))
        bends = {name: (bend.question(case), results(bend.question(case))) for name, bend in BENDS.items()}
        return "\n\n".join([_curve(why), _causes(why), _bends(bends), _commands(case, bends)])
    finally:
        speak("")


def english() -> str:
    """Return the answers in English."""
    return answers("en")


def chinese() -> str:
    """Return the answers in Chinese."""
    return answers("zh")


def _curve(result: Mapping[str, Any]) -> str:
    truth = truth_of(result)
    if truth is None:
        raise ValueError("the lesson's scenario has no cost per parcel at today's size")
    heads = (say("size"), say("cost per parcel (today = 100)"), say("yuan per parcel"), say("hits"))
    rows = [_row(heads), _row("---" for _ in heads)]
    for size, known in sorted(truth.points.items()):
        yuan = known.scaled(truth.today.mean / 100.0, "yuan/parcel")
        hit = f"{known.mean - WITHIN:.0f}–{known.mean + WITHIN:.0f}" if size != 1.0 else ""
        rows.append(_row((f"×{size:g}", f"**{known.mean:.0f}**", text(yuan, 2), hit)))
    return "\n".join([*rows, "", f"> {scale_sentence(result)}"])


def _causes(result: Mapping[str, Any]) -> str:
    single = {cause["mechanism"]: read(cause["yuan_per_order"]) for cause in result["causes"]}
    lines = [
        f"- {mechanism_name(name)}: {text(single[name], 2, signed=True)} {say('yuan per parcel')}"
        for name in mechanisms_in(result)
    ]
    return "\n".join(lines)


def _bends(bends: Mapping[str, tuple[Question, Mapping[str, Any]]]) -> str:
    heads = (say("What would bend the curve?"), "×0.5", "×1", "×2", "×4", say("What the simulation found"))
    rows = [_row(heads), _row("---" for _ in heads)]
    for name, (_, found) in bends.items():
        costs = {step["volume"]: read(step["average_cost"]) for step in found["steps"]}
        cells = (text(costs.get(size), 2) for size in (0.5, 1.0, 2.0, 4.0))
        rows.append(_row((bend_short(name), *cells, scale_sentence(found))))
    return "\n".join(rows)


def _commands(case: Any, bends: Mapping[str, tuple[Question, Mapping[str, Any]]]) -> str:
    asked = [main_question(case), why_question(case), *(question for question, _ in bends.values())]
    lines = [shlex.join(shlex.split(question.command())) for question in asked]
    return "```sh\n" + "\n".join(lines) + "\n```"


def _row(cells: Any) -> str:
    return f"| {' | '.join(cells)} |"
