"""What looks uneconomic about the inputs and did not about the baseline, each with a way out."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from sim.ui import session
from sim.ui.language import say, term
from sim.ui.levers import lever_at
from sim.ui.vocabulary import known_or_english

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.sanity import SanityWarning
    from sim.ui.inputs import Inputs

MOST_SHOWN = 2


def new_warnings(inputs: Inputs) -> list[SanityWarning]:
    """Return the warnings that the changes brought: those that say what none said before."""
    if not inputs.case.changes:
        return []
    known = {_gist(warning) for warning in _warnings_of(inputs.baseline())}
    return [
        warning
        for warning in _warnings_of(inputs.scenario())
        if not warning.reason and _gist(warning) not in known
    ]


@lru_cache(maxsize=64)
def _warnings_of(scenario: Scenario) -> tuple[SanityWarning, ...]:
    """Return the warnings of a scenario: a page is drawn many times while its answers arrive."""
    return tuple(scenario.warnings)


def _gist(warning: SanityWarning) -> tuple[str, str]:
    return warning.path, re.sub(r"\d[\d,.]*", "", warning.message)


def literal_words() -> set[str]:
    """Return what warnings say without a number of the scenario in it, in English: the catalogue has it."""
    import ast

    from sim.scenario import sanity

    found: set[str] = set()
    for path in sorted(Path(sanity.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "SanityWarning":
                said = [one.value for one in node.args[1:3] if isinstance(one, ast.Constant)]
                found |= {words for words in said if isinstance(words, str)}
    return found


def draw_warnings(inputs: Inputs) -> None:
    """Draw the first of them, the others behind a button, each with what would put it right."""
    found = new_warnings(inputs)
    for number, warning in enumerate(found[:MOST_SHOWN]):
        _draw(number, warning, inputs)
    if len(found) > MOST_SHOWN:
        with st.expander(say("{count} more warnings", count=len(found) - MOST_SHOWN)):
            for number, warning in enumerate(found[MOST_SHOWN:], start=MOST_SHOWN):
                _draw(number, warning, inputs)


def _draw(number: int, warning: SanityWarning, inputs: Inputs) -> None:
    lever = lever_at(warning.path)
    name = term(lever.label) if lever else warning.path
    words, button = st.columns([6, 1], vertical_alignment="center")
    words.warning(
        f"**{name}**: {known_or_english(warning.message)}. {say('Way out')}: {known_or_english(warning.fix)}."
    )
    if warning.path in inputs.changes:
        button.button(say("Take it back"), key=f"fix-{number}", on_click=session.reset, args=(warning.path,))
