"""Scale: does unit cost fall or rise along a growth path, why, and without which mechanism would it not?"""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from sim.scenario.segments import LAYER_TITLES
from sim.ui import session
from sim.ui.answer import Answer
from sim.ui.box import choose
from sim.ui.case import Case
from sim.ui.drawn import table_markdown
from sim.ui.frame import frame
from sim.ui.growth import (
    METRIC_WORDS,
    Growth,
    SizesError,
    metric_name,
    metrics,
    read_sizes,
    scope_name,
    scopes,
    written_sizes,
)
from sim.ui.held import is_latest, renewed
from sim.ui.language import say, term
from sim.ui.opening import WORLDS, shipped_answers
from sim.ui.pictures import PICTURES, Material
from sim.ui.pictures.causes import causes_bars
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.pictures.twin import twin_curve
from sim.ui.questions.paths import PathsQuestion
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.why import WhyQuestion
from sim.ui.sentences import scale_sentence
from sim.ui.sheet import Sheet
from sim.ui.switches import changed_switches, draw_banner, draw_switches, switches_of, with_switches_back
from sim.ui.templates import REASONS
from sim.ui.verdicts import paths_table, verdict_table, worlds_table, worlds_words
from sim.ui.vocabulary import known_or_english, path_words

NAME = "scale"
TERMS = frozenset({*REASONS, *METRIC_WORDS.values(), *LAYER_TITLES.values()})
SECONDS_PER_WEIGHT = 1.5 / 95e6
"""Roughly what one processor needs; only for telling how long something will take."""


def title() -> str:
    """Name of the page in the navigation."""
    return say("Scale")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("Does unit cost fall or rise, on which path, and why?")) as sheet:
        growth = Growth.of(sheet.inputs)
        draw_banner(sheet.inputs)
        reasons = _reasons(sheet)
        place = st.container()
        _choices(sheet, growth, reasons)
        if reasons[growth.path]:
            st.info(
                say(
                    "This growth path does not apply: {reason}. Choose another one above.",
                    reason=term(reasons[growth.path]),
                )
            )
            _all_paths(sheet, growth, reasons, None)
            return
        _answered(sheet, growth, reasons, place)


# --- what is asked --------------------------------------------------------------------------------


def _reasons(sheet: Sheet) -> dict[str, str]:
    """Return why each growth path does not apply; empty where it does."""
    from sim.experiment.paths import PATHS, why_not

    world = sheet.inputs.scenario()
    return {path: why_not(world, path) for path in PATHS}


def _question(case: Case, growth: Growth) -> ScaleQuestion:
    return ScaleQuestion(
        case,
        path=growth.path,
        metric=growth.metric,
        scope=growth.scope,
        volumes=growth.volumes,
        worlds=WORLDS,
    )


def _why(case: Case, growth: Growth) -> WhyQuestion:
    return WhyQuestion(
        case, path=growth.path, metric=growth.metric, scope=growth.scope, volumes=growth.volumes
    )


def _beside(sheet: Sheet, growth: Growth) -> tuple[Case | None, str]:
    """Return the case of the grey curve and its name.

    Where a mechanism is switched, it is the same case without the switch, so that what the curves differ by
    is the mechanism alone; else the scenario that was started from.
    """
    case = sheet.inputs.case
    if sheet.is_baseline:
        return None, ""
    is_switched = bool(changed_switches(sheet.inputs))
    other = with_switches_back(case) if is_switched else case.origin
    same_metric = growth.applies_to(other.scenario()) and (
        growth.metric_of(other.scenario()) == growth.metric_of(case.scenario())
    )
    if not same_metric:
        return None, ""
    return other, say("not switched") if is_switched else say("baseline")


# --- what is chosen -------------------------------------------------------------------------------


def _choices(sheet: Sheet, growth: Growth, reasons: dict[str, str]) -> None:
    """Draw path, metric, scope and sizes."""
    world = sheet.inputs.scenario()
    cells = st.columns([2.2, 1.6, 1.2, 1.2], gap="small")
    st.session_state["scale-path"] = growth.path
    choose(
        cells[0],
        say("Growth path"),
        list(reasons),
        key="scale-path",
        words=lambda path: _path_title(path, reasons[path]),
        on_choice=partial(_on_choice, "path"),
        help=say("What happens when the brand grows. A path that does not apply says why."),
    )
    own = metrics(world, growth.scope)
    st.session_state["scale-metric"] = growth.metric_of(world)
    choose(
        cells[1],
        say("What is measured"),
        own,
        key="scale-metric",
        words=metric_name,
        on_choice=partial(_on_metric, own[0]),
    )
    st.session_state["scale-scope"] = growth.scope
    choose(
        cells[2],
        say("Where"),
        scopes(world),
        key="scale-scope",
        words=scope_name,
        on_choice=partial(_on_choice, "scale_scope"),
    )
    sizes = ", ".join(f"{volume:g}" for volume in growth.volumes)
    key = renewed("scale-sizes", sizes)
    cells[3].text_input(
        say("Sizes (today = 1)"),
        sizes,
        key=key,
        on_change=_on_sizes,
        args=(key,),
        help=say("Two to seven sizes relative to today, such as 0.5, 1, 2, 4. Larger ones take longer."),
    )


def _path_title(path: str, reason: str) -> str:
    if not reason:
        return path_words(path)
    return say("{path} (does not apply: {reason})", path=path_words(path), reason=term(reason))


def _on_choice(view: str, word: str) -> None:
    session.show(**{view: word})


def _on_metric(own: str, chosen: str) -> None:
    session.show(scale_metric="" if chosen == own else chosen)


def _on_sizes(key: str) -> None:
    if not is_latest(key):
        return
    try:
        sizes = read_sizes(st.session_state[key])
    except SizesError as error:
        session.complain(str(error))
    else:
        session.show(scale_volumes=written_sizes(sizes))


# --- what is shown --------------------------------------------------------------------------------


def _answered(sheet: Sheet, growth: Growth, reasons: dict[str, str], place: Any) -> None:
    """Ask for the curve, then for the grey one and the reasons, and draw what is known."""
    case = sheet.inputs.case
    question, why = _question(case, growth), _why(case, growth)
    (answer,) = sheet.ask(question)
    shown, is_old = sheet.latest("curve", answer)
    beside, beside_name = _beside(sheet, growth)
    before = None
    if beside is not None:
        (found,) = sheet.ask(_question(beside, growth))
        before = None if is_old else found.result
    with place:
        st.subheader(
            scale_sentence(shown.result) if shown.result else say("Simulating the first answer ..."),
            anchor=False,
        )
    # The reasons take minutes; they wait until the curve stands, so that a lever is always answered first.
    reason_answer = sheet.ask(why)[0] if answer.is_final and answer.is_known else Answer()
    causes, causes_are_old = sheet.latest("why", reason_answer)
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        sheet.badge(answer, stale=is_old)
        _curve(sheet, shown, before, beside_name)
    with right:
        _switches(sheet, growth, causes)
        _causes(sheet, answer, reason_answer, causes, is_old=causes_are_old)
    if shown.result is not None:
        _details(sheet, shown.result)
    _all_paths(sheet, growth, reasons, None if is_old else shown.result)
    with st.expander(say("Same digits elsewhere")):
        sheet.commands(question, why)


def _curve(sheet: Sheet, shown: Answer, before: Any, beside_name: str) -> None:
    if shown.result is None:
        if not shown.message:
            st.info(say("Simulating ..."))
        return
    try:
        drawn = twin_curve(shown.result, before, beside_name)
    except NothingToDrawError:
        st.info(say("No size on this path can be reached from here; another path or other sizes may do."))
    else:
        sheet.chart(drawn, key="twin-curve", height=330)
    for note in shown.result["notes"]:
        st.caption(known_or_english(note))


def _switches(sheet: Sheet, growth: Growth, causes: Answer) -> None:
    """Draw the switches of the mechanisms that matter here, what does most first."""
    world = sheet.inputs.scenario()
    known = causes.result["causes"] if causes.result is not None else ()
    names = switches_of(world, growth.metric_of(world), known)
    draw_switches(sheet.inputs, names)


def _causes(sheet: Sheet, curve: Answer, now: Answer, causes: Answer, *, is_old: bool) -> None:
    """Draw why cost changes; it waits for the curve and is simulated after it."""
    st.markdown(f"#### {say('Why: the part of each mechanism')}")
    if curve.message:
        return
    if curve.is_final:
        sheet.badge(now, stale=is_old)
    if causes.result is None:
        st.info(
            say(
                "The reasons follow when the curve stands. Every mechanism that matters is simulated on and"
                " off, at both ends of the curve: some minutes."
            )
        )
        return
    if not curve.is_final:
        st.caption(say("Stale: reasons of the inputs before; the new ones follow when the curve stands."))
    try:
        sheet.chart(causes_bars(causes.result), key="why", height=300)
    except NothingToDrawError:
        st.info(say("There is nothing to explain: fewer than two sizes on this path could be reached."))


def _details(sheet: Sheet, result: Any) -> None:
    """Draw what cost is made of, the verdict in numbers, and the plausible worlds."""
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        picture = PICTURES["buckets"]
        st.markdown(f"#### {picture.title()}")
        try:
            sheet.chart(picture.draw(Material(scale=result)), key="buckets", height=330)
        except NothingToDrawError:
            st.info(say("No size on this path can be reached from here; another path or other sizes may do."))
    with right:
        st.markdown(table_markdown(verdict_table(result)))
        words = worlds_words(result)
        if words:
            st.markdown(words)
            st.markdown(table_markdown(worlds_table(result)))
        else:
            st.caption(say("Plausible worlds follow when the curve stands."))


def _all_paths(sheet: Sheet, growth: Growth, reasons: dict[str, str], result: Any) -> None:
    """Draw the table of all growth paths; it is simulated when somebody asks for it."""
    case = sheet.inputs.case
    question = PathsQuestion(case, metric=growth.metric, scope=growth.scope, volumes=growth.volumes)
    is_wanted = bool(sheet.inputs.view("scale_all")) or question.key in _shipped()
    found: dict[str, Any] = {} if result is None else {result["path"]: result}
    if is_wanted:
        (answer,) = sheet.ask(question)
        sheet.badge(answer)
        st.caption(
            say(
                "{count} runs of each size on every path, fewer than the curve above has: the last digits may"
                " differ.",
                count=question.replications,
            )
        )
        if answer.result is not None:
            found = {**{one["path"]: one for one in answer.result["paths"]}}
            found |= {} if result is None or result["path"] in found else {result["path"]: result}
    metric = growth.metric_of(sheet.inputs.scenario())
    st.markdown(table_markdown(paths_table(found, reasons, metric, growth.path)))
    if is_wanted:
        sheet.commands(question)
        return
    st.button(
        say("Simulate all growth paths (about {minutes} minutes)", minutes=_minutes(sheet, growth, reasons)),
        key="all-paths",
        on_click=session.show,
        kwargs={"scale_all": "yes"},
    )


def _minutes(sheet: Sheet, growth: Growth, reasons: dict[str, str]) -> int:
    """Return roughly how long all paths will take on two processors."""
    from sim.experiment.study import weight_of
    from sim.scenario.segments import open_layers

    world = sheet.inputs.scenario()
    ladders = 2 if open_layers(world) else 1
    histories = PathsQuestion(sheet.inputs.case).replications * ladders
    years = sum(growth.volumes) * sum(not reason for reason in reasons.values()) * histories
    return max(1, round(years * weight_of(world) * SECONDS_PER_WEIGHT / 2 / 60))


@st.cache_resource
def _shipped() -> frozenset[str]:
    """Return the questions whose confirmed answers came with the program."""
    return frozenset(shipped_answers())
