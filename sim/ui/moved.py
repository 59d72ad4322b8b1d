"""Which hand moved a picture: the levers of the brand, or assumptions about the world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from sim.ui.case import Case, Value
from sim.ui.language import say

if TYPE_CHECKING:
    from sim.ui.inputs import Inputs

LEVER = "lever"


@dataclass(frozen=True)
class Moved:
    """Changes apart: decisions of the brand, and what is assumed about the world.

    Attributes
    ----------
    levers, assumptions
        Changed values by path.
    """

    levers: Mapping[str, Value]
    assumptions: Mapping[str, Value]

    @classmethod
    def of(cls, inputs: Inputs) -> Moved:
        """Sort the changes of inputs by the role that the schema gives each."""
        roles = {path: role_of(path) for path in inputs.changes}
        return cls(
            {path: value for path, value in inputs.changes.items() if roles[path] == LEVER},
            {path: value for path, value in inputs.changes.items() if roles[path] != LEVER},
        )

    def cases(self, case: Case) -> tuple[Case, Case, Case]:
        """Return the case without changes, with the levers only, and with the assumptions only."""
        origin = case.origin
        return (
            origin,
            Case.of(case.base, self.levers, case.text),
            Case.of(case.base, self.assumptions, case.text),
        )


def role_of(path: str) -> str:
    """Return whether a path is a ``lever`` or an ``assumption``; mechanisms and whole parts are assumed.

    >>> role_of("channels.tmall.price_index"), role_of("fulfilment.courier.lost_rate")
    ('lever', 'assumption')
    """
    from sim.scenario.fields import spec_of

    return LEVER if spec_of(path).role == LEVER else "assumption"


def chip(inputs: Inputs) -> str:
    """Say in a few words, as Markdown, what has moved since the baseline."""
    moved = Moved.of(inputs)
    levers, assumptions = len(moved.levers), len(moved.assumptions)
    if not levers and not assumptions:
        return f":gray-badge[{say('baseline: nothing moved')}]"
    if not assumptions:
        return f":blue-badge[{say('moved by levers: {count}', count=levers)}]"
    if not levers:
        return f":violet-badge[{say('moved by assumptions: {count}', count=assumptions)}]"
    words = say(
        "moved by levers: {levers}, and by assumptions: {assumptions}", levers=levers, assumptions=assumptions
    )
    return f":violet-badge[{words}]"


def draw_chip(inputs: Inputs) -> None:
    """Draw the chip beside a chart."""
    st.markdown(chip(inputs))
