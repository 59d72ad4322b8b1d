"""Assumptions of a sensitivity study in words: their names, their ends, and what they rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.sensitivity import number
from sim.ui.language import say, term
from sim.ui.levers import lever_at
from sim.ui.schema_words import PART
from sim.ui.trail import grade_words
from sim.ui.units import unit_words
from sim.ui.vocabulary import english_only

LONGEST = 40


def assumption_name(path: str) -> str:
    """Name of an assumption: of the lever that moves it, or the last two parts of its path as words.

    >>> assumption_name("market.sources.email.conversion_rate")
    'email › conversion rate'
    """
    lever = lever_at(path)
    if lever is not None:
        return term(lever.label)
    words = " › ".join(part_name(part) for part in path.split(".")[-2:])
    return words if len(words) <= LONGEST else f"…{words[-LONGEST + 1 :]}"


def named_path(path: str) -> str:
    """Name of an assumption with its path beside it.

    >>> named_path("market.sources.email.conversion_rate")
    'email › conversion rate (market.sources.email.conversion_rate)'
    """
    return say("{name} ({path})", name=assumption_name(path), path=path)


def part_name(part: str) -> str:
    """Name of one part of a path.

    >>> part_name("conversion_rate")
    'conversion rate'
    """
    return term(f"{PART}{part.replace('_', ' ')}").removeprefix(PART)


def end_words(row: Mapping[str, Any], side: str) -> str:
    """Write the value of one end of an assumption's range."""
    return number(row[side]["value"])


def about(row: Mapping[str, Any]) -> str:
    """Say what an assumption means, its value and range, and what it rests on, as Markdown."""
    return say(
        "**{name}** `{path}`  \n{description}  \nHere {own}, plausible {low} to {high} {unit}. Grade:"
        " {grade}.  \nSource: {source}",
        name=assumption_name(row["path"]),
        path=row["path"],
        description=term(row["description"]) if row["description"] else "-",
        own=number(row["own"]),
        low=end_words(row, "low"),
        high=end_words(row, "high"),
        unit=unit_words(row["unit"]),
        grade=grade_words(row["grade"] if row["grade"] != "none" else ""),
        source=english_only(row["source"]) if row["source"] else "-",
    )
