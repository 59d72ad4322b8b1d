"""The printed sheets of the lesson, made by the code of the pages: nothing on them is a result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from sim.ui.debrief import empty_debrief
from sim.ui.handout import prediction_sheet
from sim.ui.language import speak
from sim.ui.variants import variant


def prediction(language: str) -> str:
    """Return the sheet to predict on."""
    return _spoken(language, lambda: prediction_sheet(variant(0)))


def debrief(language: str) -> str:
    """Return the sheet of the debrief without a class, to fill in by hand."""
    return _spoken(language, lambda: empty_debrief(variant(0)))


def _spoken(language: str, make: Callable[[], str]) -> str:
    speak(language)
    try:
        return make()
    finally:
        speak("")


SHEETS: Mapping[str, Callable[[], str]] = {
    "docs/teaching/prediction_sheet.html": partial(prediction, "en"),
    "docs/teaching/prediction_sheet.zh.html": partial(prediction, "zh"),
    "docs/teaching/debrief_sheet.html": partial(debrief, "en"),
    "docs/teaching/debrief_sheet.zh.html": partial(debrief, "zh"),
}
"""Sheets by path from the top folder."""
