"""The teaching material: complete in two languages, its numbers those of commands, its claims the model's."""

from __future__ import annotations

import functools
import math
import re
import shlex
from functools import cache
from itertools import pairwise

import pytest

from docs import answer_key
from docs.commands import ROOT, parse
from sim.experiment import replicate, scale
from sim.scenario import load
from sim.ui.classroom import STEPS
from sim.ui.question import Question
from sim.ui.sharing import SharingRunner
from sim.ui.variants import COUNT, variant
from tests.experiment import planted

FOLDER = ROOT / "docs" / "teaching"
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
DOCUMENTS = ("guide", "setup", "quiz", "questions", "answer_key")
SHORT = ("horizon.days=28", "horizon.warmup_days=14")
"""Four weeks after two: what is paid by the day, the month and the parcel shows already."""
HAN = re.compile(r"[\u4e00-\u9fff]")
_TRY = re.compile(r"`(channelsim [^`]+)`[:：]\s*\*\*([^*]+)\*\*")
IN_CHINESE = {
    "lower": "更低",
    "higher": "更高",
    "lower at ×2": "在 ×2 处更低",
    "lower at ×0.5 than at ×1": "×0.5 处比 ×1 处更低",
}
TRIALS = _TRY.findall(TEXTS["questions.md"])


# --- complete -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_there_in_both_languages_with_the_same_parts(name):
    english, chinese = TEXTS[f"{name}.md"], TEXTS[f"{name}.zh.md"]
    assert HAN.search(chinese)
    assert not HAN.search(english.replace("[中文]", ""))
    for part in (r"^#+ ", r"^\| ", r"^- \[ \]", r"^- \(", r"^> "):
        counts = [len(re.findall(part, text, re.MULTILINE)) for text in (english, chinese)]
        if part != r"^> ":
            assert counts[0] == counts[1], f"{name}: {part} occurs {counts} times"


def test_the_script_fills_twenty_minutes_and_names_every_step():
    for name in ("guide.md", "guide.zh.md"):
        spans = re.findall(r"^\| (\d+)–(\d+) \|", TEXTS[name], re.MULTILINE)
        ends = [(int(low), int(high)) for low, high in spans]
        assert ends[0][0] == 0
        assert ends[-1][1] == 20
        assert all(before[1] == after[0] for before, after in pairwise(ends))
        assert len(ends) == len(STEPS), "one line for each step of the page"
    lines = [line for line in TEXTS["guide.md"].splitlines() if re.match(r"\| \d+–", line)]
    assert all(line.split(" | ")[-1].strip("| ") for line in lines), "each says what to cut when it gets late"


def test_the_quiz_has_five_items_with_reasons():
    for name in ("quiz.md", "quiz.zh.md"):
        assert len(re.findall(r"^\*\*\d\.\*\*", TEXTS[name], re.MULTILINE)) == 5
        answers = re.findall(r"^\| (\d) \| ([a-d]) \| .{5,} \| .{5,} \|$", TEXTS[name], re.MULTILINE)
        assert len(answers) == 5
    assert re.findall(r"^\| \d \| ([a-d])", TEXTS["quiz.md"], re.M) == re.findall(
        r"^\| \d \| ([a-d])", TEXTS["quiz.zh.md"], re.M
    )


def test_item_four_is_what_whole_managers_do():
    """Managers per point, level by level as the staffing rule has it, move in steps and do not run away."""

    def managers(points: int, span: int = 20) -> int:
        total, below = 0, points
        while below > 1:
            below = math.ceil(below / span)
            total += below
        return total

    shares = [managers(points) / points for points in (40, 80, 160, 1600)]
    assert max(shares) < 1.5 * min(shares)


# --- students will ask ----------------------------------------------------------------------------


def test_there_are_a_dozen_questions_each_with_chart_lever_and_command():
    assert len(TRIALS) >= 12
    for text, chart in ((TEXTS["questions.md"], "- Chart: "), (TEXTS["questions.zh.md"], "- 图：")):
        entries = re.split(r"^### ", text, flags=re.MULTILINE)[1:]
        assert len(entries) == len(TRIALS)
        assert all(chart in entry and _TRY.search(entry) for entry in entries)
    chinese = _TRY.findall(TEXTS["questions.zh.md"])
    assert chinese == [(command, IN_CHINESE[effect]) for command, effect in TRIALS]


@cache
def per_parcel(scenario: str, changes: tuple[str, ...]) -> float:
    """Cost of a parcel through the layer in four weeks, in yuan."""
    kpis = replicate(load(scenario, [*SHORT, *changes]), replications=1, seed=1, workers=1).kpis
    return float(kpis["layer_cost"].mean / kpis["layer_parcels"].mean)


@cache
def curve(path: str) -> dict[float, float]:
    """Cost per parcel of the lesson's world along a path in four weeks."""
    world = load("community_pickup", list(SHORT))
    found = scale(
        world,
        path=path,
        volumes=(0.5, 1, 2),
        replications=1,
        causes=False,
        worlds=0,
        against="none",
        workers=1,
    )
    return {step.volume: step.average_cost.mean for step in found.steps}


@pytest.mark.parametrize(("command", "effect"), TRIALS, ids=range(1, len(TRIALS) + 1))
def test_the_model_does_what_students_are_told(command, effect):
    read = parse(command)
    assert read is not None
    words = list(read.words)
    changes = tuple(words[place + 1] for place, word in enumerate(words) if word == "--set")
    path = words[words.index("--path") + 1]
    if effect == "lower at ×2":
        assert curve(path)[2.0] < curve("replicate")[2.0]
    elif effect == "lower at ×0.5 than at ×1":
        assert curve(path)[0.5] < curve(path)[1.0]
    else:
        before, after = per_parcel("community_pickup", ()), per_parcel(words[1], changes)
        assert (after < before) if effect == "lower" else (after > before)


# --- the answer key -------------------------------------------------------------------------------

PLANTED = functools.partial(planted.mechanisms, common=0.0)


@cache
def result(question: Question) -> dict:
    """The confirmed answer of a question in planted worlds."""
    with SharingRunner(None, PLANTED) as runner:
        *_, last = question.stages(runner)
    return last.result


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_answer_key_writes_what_the_studies_found(language):
    text = answer_key.answers(language, result)
    found = result(answer_key.why_question(variant(0)))
    today = next(step["average_cost"]["mean"] for step in found["steps"] if step["volume"] == 1.0)
    for step in found["steps"]:
        cost = step["average_cost"]["mean"]
        assert f"| ×{step['volume']:g} | **{100 * cost / today:.0f}** | {cost:.2f}" in text
    assert f"+{3 * (planted.SUPERVISION + planted.JOINT):.2f}" in text
    assert bool(HAN.search(text)) is (language == "zh")


def test_the_commands_of_the_answer_key_are_those_of_the_page():
    text = answer_key.answers("en", result)
    shown = re.findall(r"^channelsim .*$", text, re.MULTILINE)
    assert shlex.split(shown[0]) == shlex.split(answer_key.main_question(variant(0)).command())
    assert len(shown) == 2 + len(answer_key.BENDS)


@pytest.mark.parametrize("name", ["answer_key.md", "answer_key.zh.md"])
def test_the_answer_key_is_made_by_the_build(name):
    block = re.search(r"<!-- begin lesson answers[a-z ]* -->\n(.*?)<!-- end", TEXTS[name], re.DOTALL)
    assert block is not None
    assert set(re.findall(r"^\| (×[\d.]+) \|", block[1], re.MULTILINE)) == {"×0.5", "×1", "×2", "×4"}
    commands = re.findall(r"^channelsim .*$", block[1], re.MULTILINE)
    assert commands == re.findall(r"^channelsim .*$", answer_key.answers("en", result), re.MULTILINE)


# --- variants -------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, COUNT])
def test_the_lesson_holds_in_variants(number):
    """Per doubling: copying leaves cost within a tenth, filling cuts it by more than a tenth."""
    world = load("community_pickup", [*SHORT, *variant(number).overrides()])
    ends = {}
    for path in ("replicate", "densify"):
        found = scale(
            world,
            path=path,
            volumes=(1, 2),
            replications=1,
            causes=False,
            worlds=0,
            against="none",
            workers=1,
        )
        low, high = (step.average_cost.mean for step in found.steps)
        ends[path] = high / low - 1.0
    assert abs(ends["replicate"]) < 0.1
    assert ends["densify"] < -0.1
