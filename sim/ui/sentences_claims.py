"""Sentences about claims and their frontiers, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.numbers import plain
from sim.report.sensitivity import number
from sim.ui.assumption_words import named_path
from sim.ui.language import language, say
from sim.ui.units import unit_words


def frontier_sentence(found: Mapping[str, Any]) -> str:
    """Say what would have to be true for a verdict to flip; English is the study's own sentence."""
    if language() == "en":
        return str(found["sentence"])
    share = plain(100 * found["holds_share"]["mean"], 0)
    box = say("Over the whole box it holds at {share}% of the points.", share=share)
    flips = [axis for axis in found["axes"] if axis["flips_at"] is not None]
    if not flips:
        return f"{say('No single one of these assumptions flips it inside its range.')} {box}"
    said = "; ".join(_condition(axis) for axis in flips)
    return (
        f"{say('For it to be otherwise, one of these has to be true: {conditions}.', conditions=said)} {box}"
    )


def _condition(axis: Mapping[str, Any]) -> str:
    values = {
        "path": named_path(axis["path"]),
        "unit": unit_words(axis["unit"]),
        "flip": number(axis["flips_at"]),
        "own": number(axis["own"]),
        "low": number(axis["low"]),
        "high": number(axis["high"]),
    }
    if axis["flips_at"] > axis["own"]:
        return say("{path} above {flip} {unit} (here {own}, range {low} to {high})", **values)
    return say("{path} below {flip} {unit} (here {own}, range {low} to {high})", **values)
