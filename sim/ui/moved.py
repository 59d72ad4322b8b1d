"""Which hand moved a picture: the levers of the brand, or assumptions about the world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from sim.ui.case import Case, Value
from sim.ui.language import say
from sim.ui.levers import ALL_LEVERS, Lever, lever_at, levers_of

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
    lever_moves
        How many levers that is, as the pages show them: one may set several paths.
    """

    levers: Mapping[str, Value]
    assumptions: Mapping[str, Value]
    lever_moves: int

    @classmethod
    def of(cls, inputs: Inputs) -> Moved:
        """Sort the changes of inputs: what a lever of the pages moves is done, whatever else it may be."""
        shown = levers_of(inputs.baseline())
        roles = {path: role_of(path, shown) for path in inputs.changes}
        levers = {path: value for path, value in inputs.changes.items() if roles[path] == LEVER}
        moves = {lever.name if (lever := lever_at(path, shown)) else path for path in levers}
        return cls(
            levers,
            {path: value for path, value in inputs.changes.items() if roles[path] != LEVER},
            len(moves),
        )

    def cases(self, case: Case) -> tuple[Case, Case, Case]:
        """Return the case without changes, with the levers only, and with the assumptions only."""
        origin = case.origin
        return (
            origin,
            Case.of(case.base, self.levers, case.text),
            Case.of(case.base, self.assumptions, case.text),
        )


def role_of(path: str, levers: Sequence[Lever] = ALL_LEVERS) -> str:
    """Return whether a path is a ``lever`` or an ``assumption``; mechanisms and whole parts are assumed.

    What one of the levers of the pages moves is a lever, though the schema may take it for an assumption.

    >>> role_of("channels.tmall.price_index"), role_of("fulfilment.courier.lost_rate")
    ('lever', 'assumption')
    >>> role_of("fulfilment.promise_hours"), role_of("fulfilment.promise_hours", ())
    ('lever', 'assumption')
    """
    from sim.scenario.fields import spec_of

    return LEVER if lever_at(path, levers) or spec_of(path).role == LEVER else "assumption"


def chip(inputs: Inputs) -> str:
    """Say in a few words, as Markdown, what has moved since the baseline."""
    moved = Moved.of(inputs)
    levers, assumptions = moved.lever_moves, len(moved.assumptions)
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
