"""The scenarios that are compared: which there are to choose from, which are chosen, and against which."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from sim.ui.case import Case
from sim.ui.inputs import Inputs
from sim.ui.language import say
from sim.ui.questions.compare import YARDSTICK

MOST = 5
CURRENT, ORIGIN = "current", "origin"
"""Present inputs, and the scenario that they started from."""
KEPT = "kept-"
"""Beginning of the names of cases that were kept in this session."""
MOST_KEPT = 20
_ELSE = "community_pickup"


@dataclass(frozen=True)
class Lineup:
    """What is compared.

    Attributes
    ----------
    cases
        Chosen cases by name, in the order in which they were chosen; at most five.
    base
        Name of the one that the others are compared with.
    lost
        Names that a link holds and this session does not have.
    """

    cases: Mapping[str, Case]
    base: str
    lost: tuple[str, ...] = ()

    @classmethod
    def of(cls, inputs: Inputs, kept: Mapping[str, Case]) -> Lineup:
        """Read the view; without a choice the present inputs stand against something worth seeing."""
        known = choices(inputs, kept)
        names = [inputs.view(f"compare_{number}") for number in range(1, MOST + 1)]
        names = list(dict.fromkeys(name for name in names if name))
        lost = tuple(name for name in names if name not in known)
        names = [name for name in names if name in known]
        if not names and not inputs.view("compare_1"):
            names = default_names(inputs)
        base = inputs.view("compare_base")
        if base not in names:
            base = names[0] if names else ""
        return cls({name: known[name] for name in names}, base, lost)

    @property
    def others(self) -> dict[str, Case]:
        """The cases that are compared with the base."""
        return {name: case for name, case in self.cases.items() if name != self.base}

    @staticmethod
    def view(names: list[str], base: str) -> dict[str, str]:
        """Return the choices of the view that say so."""
        found = {f"compare_{number}": "" for number in range(1, MOST + 1)}
        found |= {f"compare_{number}": name for number, name in enumerate(names[:MOST], start=1)}
        return {**found, "compare_base": base if base in names[:MOST] else ""}


def default_names(inputs: Inputs) -> list[str]:
    """Return the base and what is compared with it: the baseline if anything was changed, else the door."""
    if inputs.case.changes:
        return [ORIGIN, CURRENT]
    other = YARDSTICK if inputs.base != YARDSTICK or inputs.case.text else _ELSE
    return [other, CURRENT]


def choices(inputs: Inputs, kept: Mapping[str, Case]) -> dict[str, Case]:
    """Return every case there is to choose from, by name."""
    from sim.scenario.shipped import names

    found = {CURRENT: inputs.case}
    if inputs.case.changes or inputs.case.text:
        found[ORIGIN] = inputs.case.origin
    return {**found, **kept, **{name: Case(name) for name in names()}}


def kept_cases() -> dict[str, Case]:
    """Return the cases that were kept in this session, the oldest first."""
    found: dict[str, Case] = st.session_state.setdefault("kept_cases", {})
    return found


def keep(case: Case) -> str:
    """Keep a case for comparisons in this session and return its name; the same case has the same name.

    Beyond twenty the oldest is forgotten.
    """
    plain = json.dumps(case.as_dict(), sort_keys=True)
    name = f"{KEPT}{hashlib.sha256(plain.encode()).hexdigest()[:8]}"
    found = kept_cases()
    found.pop(name, None)
    found[name] = case
    while len(found) > MOST_KEPT:
        found.pop(next(iter(found)))
    return name


def case_name(name: str, case: Case) -> str:
    """Name of a case for readers."""
    base, count = case.base.replace("_", " "), len(case.changes)
    if name == CURRENT:
        if not count:
            return say("now: {base}", base=base)
        return say("now: {base}, {count} changed", base=base, count=count)
    if name == ORIGIN:
        return say("{base} as it was", base=base)
    if name.startswith(KEPT):
        return say("kept {number}: {base}, {count} changed", number=name[-4:], base=base, count=count)
    return base
