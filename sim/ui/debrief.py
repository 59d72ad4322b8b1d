"""The debrief of a class: its predictions against the truth, scores in words, the sheet and the file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.report.html import document, element, table_html, wrap
from sim.report.numbers import text
from sim.report.page import Column, Row, Table, table
from sim.ui.classroom import anonymous
from sim.ui.handout import GREY, class_drawing
from sim.ui.language import language, say, term
from sim.ui.prediction import SIZES, WITHIN, Truth, is_hit, middle, score
from sim.ui.sentences import scale_sentence

if TYPE_CHECKING:
    from sim.ui.case import Case
    from sim.ui.classroom import Classroom

CSV_HEADS = ("participant", "size", "predicted", "chance_percent", "simulated", "error", "within_10_points")
LINES = 3
"""Empty lines below a question on the sheet."""


def questions() -> tuple[str, ...]:
    """Return the four questions of the debrief."""
    return (
        say("What happened, and what had you expected?"),
        say("Why? Name what a new point shares with an old one, and what it does not."),
        say("What would have to be true for the others to be right?"),
        say("Where in your own firm is growth copying, and where is it filling?"),
    )


def score_table(room: Classroom, truth: Truth) -> Table:
    """Return one row per size and one over all: simulated, middle of the class, error, hits, chance."""
    heads = [
        Column(say("size")),
        Column(say("simulated")),
        Column(say("middle of the class")),
        Column(say("mean error")),
        Column(say("hits")),
        Column(say("stated chance")),
        Column(say("Brier score")),
    ]
    medians, rows = middle(room.predictions), []
    for size in SIZES:
        found = score(room.predictions, truth, [size])
        known = truth.points.get(size)
        if found is None or known is None:
            rows.append(Row((f"×{size:g}", "-", f"{medians[size]:g}", "-", "-", "-", "-")))
            continue
        rows.append(
            Row(
                (
                    f"×{size:g}",
                    text(known, 0),
                    f"{medians[size]:g}",
                    f"{found.error:.1f}",
                    say("{hits} of {count}", hits=found.hits, count=found.count),
                    f"{100 * found.chance:.0f}%",
                    f"{found.brier:.2f}",
                )
            )
        )
    total = score(room.predictions, truth)
    if total is not None:
        cells = (
            say("all"),
            "",
            "",
            f"{total.error:.1f}",
            say("{hits} of {count}", hits=total.hits, count=total.count),
            f"{100 * total.chance:.0f}%",
            f"{total.brier:.2f}",
        )
        rows.append(Row(cells, "strong"))
    return table(say("This class against the simulation"), heads, list(rows))


def score_sentences(room: Classroom, truth: Truth) -> list[str]:
    """Return how good the class was: directions first, then numbers and chances, each explained."""
    counts = room.directions()
    total = sum(counts.values())
    if truth.direction:
        found = [
            say(
                "{right} of {total} had the direction right: from half to four times, cost {direction}.",
                right=counts[truth.direction],
                total=total,
                direction=term(truth.direction),
            )
        ]
    else:
        found = [say("The simulation has no single direction here, so nobody is wrong about it.")]
    scored = score(room.predictions, truth)
    if scored is None:
        return found
    found.append(
        say(
            "Hit rate: {rate} of the numbers were within {points} points; on average you gave that a"
            " chance of"
            " {chance}. {verdict}",
            rate=f"{100 * scored.hit_rate:.0f}%",
            points=f"{WITHIN:g}",
            chance=f"{100 * scored.chance:.0f}%",
            verdict=_calibration(round(100 * scored.chance), round(100 * scored.hit_rate)),
        )
    )
    found.append(
        say(
            "Brier score {brier}: the mean square of chance less outcome. 0 is perfect; always"
            " saying 50% gets 0.25.",
            brier=f"{scored.brier:.2f}",
        )
    )
    return found


def _calibration(chance: int, rate: int) -> str:
    """Hold the chance against the hit rate, both as they are printed, so that the reader's sum comes out."""
    points = str(abs(chance - rate))
    if chance == rate:
        return say("As sure as right.")
    if chance > rate:
        return say("Surer than right, by {points} percentage points.", points=points)
    return say("Less sure than right, by {points} percentage points.", points=points)


def debrief_csv(room: Classroom, truth: Truth) -> str:
    """Return one line per prediction and size, without names, in an order that betrays nobody."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEADS)
    for one in anonymous(room.predictions):
        for size, number, chance in zip(SIZES, one.numbers, one.chances, strict=True):
            known = truth.at(size)
            found = (
                ("", "", "")
                if known is None
                else (f"{known:.2f}", f"{number - known:.2f}", int(is_hit(number, known)))
            )
            writer.writerow((one.who, f"{size:g}", number, chance, *found))
    return out.getvalue()


def debrief_html(room: Classroom, case: Case, result: Mapping[str, Any], truth: Truth) -> str:
    """Return the debrief sheet: one or two pages of A4, readable in grey, without names."""
    first, *others = score_sentences(room, truth)
    return _sheet(
        case,
        [
            element("p", _numbers_of(room), css="soft"),
            wrap("div", element("p", first), css="verdict"),
            wrap("figure", class_drawing(room.predictions, truth)),
            *((table_html(score_table(room, truth)),) if room.predictions else ()),
            *(element("p", words) for words in others),
            element("h2", say("What the simulation found")),
            element("p", scale_sentence(result)),
            element("p", _sentence()),
        ],
    )


def empty_debrief(case: Case) -> str:
    """Return the debrief sheet to fill in by hand: axes, empty scores, the questions; no result is on it."""
    heads = "".join(element("th", words) for words in (say("size"), *_by_hand()))
    cells = '<td class="box"></td>' * len(_by_hand())
    rows = "".join(f"<tr>{element('th', f'×{size:g}')}{cells}</tr>" for size in SIZES)
    return _sheet(
        case,
        [
            wrap("figure", class_drawing(())),
            wrap("table", f"<tr>{heads}</tr>{rows}", css="sheet"),
        ],
    )


def _by_hand() -> tuple[str, ...]:
    return say("middle of the class"), say("simulated"), say("mean error"), say("hits"), say("stated chance")


def _sheet(case: Case, found: Sequence[str]) -> str:
    """Return a sheet: what was found, then what everybody answers."""
    title = say("Debrief: does a layer of pickup points get cheaper as it grows?")
    parts = [
        wrap("style", GREY),
        element("h1", title),
        *found,
        element("h2", say("Four questions")),
        *(
            wrap("div", element("p", f"{place}. {words}") + '<div class="line"></div>' * LINES)
            for place, words in enumerate(questions(), 1)
        ),
        element("h2", say("Which number will you measure on Monday?")),
        wrap("ul", "".join(element("li", words) for words in monday())),
        '<div class="line"></div>' * 2,
        wrap("footer", _foot(case), css="soft small"),
    ]
    return document(title, parts, language="zh-Hans" if language() == "zh" else "en")


def _sentence() -> str:
    return say(
        "In a sentence: a copied point brings its own attendant, its own rent and its share of a manager,"
        " so there is nothing to spread; only more parcels per point spread them."
    )


def monday() -> tuple[str, ...]:
    """Return numbers that a firm can measure in a week, each of which would turn the answer."""
    return (
        say("parcels of all merchants per point and day"),
        say("points per manager, and hours of a manager that are idle"),
        say("lost or disputed parcels per hundred, by level of managers"),
    )


def _numbers_of(room: Classroom) -> str:
    name = say("shipped scenario") if room.variant == 0 else say("variant {number}", number=room.variant)
    return say(
        "{name}; {predictions} predictions, {hands} hands.",
        name=name,
        predictions=len(room.predictions),
        hands=sum(room.hands),
    )


def _foot(case: Case) -> str:
    from sim.ui.bends import main_question

    return element(
        "p",
        say(
            "Illustrative numbers: China about 2014, not calibrated. Not modelled: wages that rise"
            " where labour"
            " is thin, managers who leave, taxes, rivals who copy the points."
        ),
    ) + wrap("p", element("code", main_question(case).command()))
