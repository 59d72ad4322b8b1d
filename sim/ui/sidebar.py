"""The levers beside every page: slider, exact number, and a card of what pulling it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from sim.ui import session
from sim.ui.held import is_latest, renewed
from sim.ui.language import say, term
from sim.ui.levers import Lever, Number, levers_of
from sim.ui.units import unit_words

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.inputs import Inputs


def draw_sidebar(inputs: Inputs) -> None:
    """Draw the choice of the scenario and its levers."""
    _choose_base(inputs)
    world, baseline = inputs.scenario(), inputs.baseline()
    for lever in levers_of(baseline):
        if not lever.own_paths(world):
            continue
        _draw(lever, world, baseline)


def _choose_base(inputs: Inputs) -> None:
    from sim.scenario.shipped import names

    known = names()
    own = [inputs.base] if inputs.case.text else []
    bases, key = [*own, *known], renewed("base", inputs.base)
    st.selectbox(
        say("Scenario"),
        bases,
        bases.index(inputs.base),
        key=key,
        format_func=_base_title,
        on_change=_on_base,
        args=(key,),
        help=term(_story(inputs)),
    )


def _base_title(name: str) -> str:
    return name.replace("_", " ")


def _story(inputs: Inputs) -> str:
    return inputs.baseline().title


def _on_base(key: str) -> None:
    if not is_latest(key):
        return
    chosen = st.session_state[key]
    now = session.current()
    if chosen != now.base:
        session.apply(now.based_on(chosen))


def _draw(lever: Lever, world: Scenario, baseline: Scenario) -> None:
    low, high = lever.ends(world, baseline)
    slider, card = st.columns([6, 1], vertical_alignment="bottom", gap="small")
    place = lever.place(world)
    key = renewed(f"lever-{lever.name}", place, low, high, lever.step)
    slider.slider(
        term(lever.label),
        low,
        high,
        place,
        step=lever.step,
        key=key,
        format=_format(lever),
        on_change=_on_lever,
        args=(lever.name, key),
    )
    with card.popover("i", help=say("Exact number, meaning and source"), key=f"card-{lever.name}"):
        _card(lever, world, baseline)


def _card(lever: Lever, world: Scenario, baseline: Scenario) -> None:
    entry = lever.entry(world)
    st.markdown(f"**{term(lever.label)}**  \n{term(lever.message)}")
    place = lever.place(world)
    key = renewed(f"exact-{lever.name}", place)
    st.number_input(
        say("Exact number ({unit})", unit=unit_words(entry.unit)),
        value=place,
        step=lever.step,
        key=key,
        on_change=_on_lever,
        args=(lever.name, key),
    )
    st.markdown(
        f"**{say('Watch')}:** {term(lever.watch)}  \n"
        f"**{say('Effort')}:** {term(lever.effort)}  \n"
        f"**{say('Baseline')}:** {_written(lever.place(baseline))}"
    )
    st.markdown(
        f"| {say('level')} | {unit_words(entry.unit)} |\n| :-- | --: |\n"
        + "\n".join(f"| {term(words)} | {_written(place)} |" for words, place in lever.levels)
    )
    st.caption(_evidence(lever, world))


def _evidence(lever: Lever, world: Scenario) -> str:
    entry = lever.entry(world)
    parts = [term(entry.description)]
    if entry.range is not None:
        parts.append(
            say("Plausible: {low} to {high}.", low=_written(entry.range[0]), high=_written(entry.range[1]))
        )
    parts.append(say("Grade: {grade}.", grade=entry.grade))
    if entry.source:
        parts.append(entry.source)
    return "  \n".join(parts)


def _on_lever(name: str, key: str) -> None:
    if not is_latest(key):
        return
    now = session.current()
    lever = next(one for one in levers_of(now.baseline()) if one.name == name)
    session.change_all(lever.values(now.baseline(), st.session_state[key]))


def _format(lever: Lever) -> str:
    if lever.step >= 1000:
        return "compact"
    return "%d" if lever.step >= 1 else "%.2f" if lever.step < 0.1 else "%.1f"


def _written(number: Number) -> str:
    return f"{number:,.10g}"
