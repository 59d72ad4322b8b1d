"""Mechanisms as switches: which ones matter to a scenario, which were changed, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.ui import session
from sim.ui.held import is_latest, renewed
from sim.ui.language import say, term
from sim.ui.vocabulary import mechanism_name

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.case import Case
    from sim.ui.inputs import Inputs

MOST_IN_VIEW = 6
_PLACE = "mechanisms."


def mechanism_words() -> set[str]:
    """Return the name of every mechanism, and of what no single one explains, in English."""
    from sim.experiment.causes import INTERACTION, SMALLER, UNATTRIBUTED
    from sim.report.words import mechanism
    from sim.scenario.subjects import SUBJECTS

    return {mechanism(name) for name in (*SUBJECTS, INTERACTION, SMALLER, UNATTRIBUTED)}


def switches_of(scenario: Scenario, metric: str, causes: Sequence[Mapping[str, Any]] = ()) -> list[str]:
    """Return the mechanisms that have something to act on and can move a metric, what moves it most first.

    Parameters
    ----------
    scenario
        Present scenario.
    metric
        Metric of the page.
    causes
        ``causes`` of a study; mechanisms that it does not name keep the order of the schema.
    """
    from sim.experiment.metrics import METRICS
    from sim.scenario.subjects import BRAND, LAYERS_ONLY, SUBJECTS

    wanted = (LAYERS_ONLY,) if METRICS[metric].per == "layer_parcels" else (BRAND, LAYERS_ONLY)
    found = [
        name for name, subject in SUBJECTS.items() if subject.scope in wanted and subject.acts_in(scenario)
    ]
    effects = {cause["mechanism"]: abs(cause["yuan_per_order"]["mean"]) for cause in causes}
    return sorted(found, key=lambda name: -effects.get(name, 0.0))


def changed_switches(inputs: Inputs) -> dict[str, bool]:
    """Return the mechanisms that were switched, with their present position."""
    return {
        path.removeprefix(_PLACE): bool(value)
        for path, value in inputs.case.changes
        if path.startswith(_PLACE)
    }


def with_switches_back(case: Case) -> Case:
    """Return a case with every mechanism as the scenario has it, other changes kept."""
    from sim.ui.case import Case

    kept = {path: value for path, value in case.changes if not path.startswith(_PLACE)}
    return Case.of(case.base, kept, case.text)


def draw_banner(inputs: Inputs) -> None:
    """Say, as long as it holds, which mechanisms are switched, each with one click back."""
    for name, is_on in changed_switches(inputs).items():
        words, button = st.columns([5, 1.3], vertical_alignment="center")
        if is_on:
            words.warning(
                say("Mechanism “{name}” is on; the scenario has it off.", name=mechanism_name(name))
            )
        else:
            words.warning(
                say(
                    "Mechanism “{name}” is off: this is a world without it, not the scenario.",
                    name=mechanism_name(name),
                )
            )
        button.button(
            say("Switch it off again") if is_on else say("Switch it on again"),
            key=f"back-{name}",
            on_click=session.reset,
            args=(f"{_PLACE}{name}",),
            width="stretch",
        )


def draw_switches(inputs: Inputs, names: Sequence[str]) -> None:
    """Draw the switches under their heading, the first few in view and the others behind a button."""
    first = [*changed_switches(inputs), *names]
    in_view = list(dict.fromkeys(name for name in first if name in names))[:MOST_IN_VIEW]
    others = [name for name in names if name not in in_view]
    heading, button = st.columns([2.6, 1], vertical_alignment="center", gap="small")
    heading.markdown(f"#### {say('Mechanisms: switch one off')}")
    if others:
        with button.popover(
            say("{count} more", count=len(others)),
            key="more-switches",
            help=say("The other mechanisms of this scenario"),
            width="stretch",
        ):
            _draw_rows(inputs, others)
    _draw_rows(inputs, in_view)


def _draw_rows(inputs: Inputs, names: Sequence[str]) -> None:
    columns = st.columns(2, gap="small")
    world = inputs.scenario()
    for number, name in enumerate(names):
        is_on = bool(getattr(world.mechanisms, name))
        key = renewed(f"switch-{name}", is_on)
        columns[number % 2].toggle(
            mechanism_name(name),
            is_on,
            key=key,
            help=term(world.entry(f"{_PLACE}{name}").description),
            on_change=_on_switch,
            args=(name, key),
        )


def _on_switch(name: str, key: str) -> None:
    if is_latest(key):
        session.change(f"{_PLACE}{name}", bool(st.session_state[key]))
