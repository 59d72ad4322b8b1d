"""Decide: the first page. A finished answer, two linked charts, levers, a strip of more charts."""

from __future__ import annotations

import streamlit as st

from sim.ui import session
from sim.ui.answer import Answer
from sim.ui.box import choose
from sim.ui.drawn import Drawn
from sim.ui.frame import frame
from sim.ui.gallery import hang
from sim.ui.growth import BRAND, Growth, path_of, scope_name, scopes
from sim.ui.language import say
from sim.ui.opening import WORLDS
from sim.ui.pictures import PICTURES, Material, Picture
from sim.ui.questions.compare import CompareQuestion
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.year import YearQuestion
from sim.ui.sentences import scale_sentence, year_sentence
from sim.ui.sheet import Sheet
from sim.ui.thumbnail import thumbnail

NAME = "decide"
SIDES = ("left", "right")
SCOPE = "scale_scope"
"""What the curve is about, in the view that the page about growth shares."""
PICKABLE = ("profit", "orders")
"""Charts whose bars are channels."""


def title() -> str:
    """Name of the page in the navigation."""
    return say("Decide")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("Does profit per order rise or fall with growth, and why?"), first=_ask) as sheet:
        answers = _ask(sheet)
        place = st.empty()
        with place.container():
            _headline(sheet, answers)
        soon = sheet.soon(_questions(sheet)[0])
        if not answers["run"].is_known:
            answers["run"] = soon
            with place.container():
                _headline(sheet, answers)
        material = _material(answers)
        _two_charts(sheet, answers, material)
        sheet.give_way()
        _strip(sheet, material)
        with st.expander(say("Same digits elsewhere, and what this rests on")):
            sheet.commands(*_questions(sheet)[:2])
            st.markdown(
                say(
                    "A history follows every order through a year. Not modelled: taxes, rivals who enter or"
                    " leave, and anything after the horizon."
                )
            )


def _questions(sheet: Sheet) -> tuple[YearQuestion, ScaleQuestion]:
    case, path = sheet.inputs.case, path_of(sheet.inputs)
    return YearQuestion(case), ScaleQuestion(case, path=path, worlds=WORLDS)


def _ask(sheet: Sheet) -> dict[str, Answer]:
    """Ask what the page shows, the headline first."""
    year, scale = _questions(sheet)
    names: dict[str, YearQuestion | ScaleQuestion | CompareQuestion] = {"run": year, "scale": scale}
    if not sheet.is_baseline:
        origin = sheet.inputs.case.origin
        names["compare"] = CompareQuestion(sheet.inputs.case, other=origin)
        names["run_before"] = YearQuestion(origin)
        names["scale_before"] = ScaleQuestion(origin, path=scale.path, worlds=WORLDS)
    growth = Growth.of(sheet.inputs)
    if growth.scope != BRAND:
        names["curve"] = ScaleQuestion(scale.case, path=scale.path, scope=growth.scope)
        if not sheet.is_baseline and growth.applies_to(sheet.inputs.baseline()):
            names["curve_before"] = ScaleQuestion(
                sheet.inputs.case.origin, path=scale.path, scope=growth.scope
            )
    return dict(zip(names, sheet.ask(*names.values()), strict=True))


def _headline(sheet: Sheet, answers: dict[str, Answer]) -> None:
    run, is_old = sheet.latest("run", answers["run"])
    scale, scale_is_old = sheet.latest("scale", answers["scale"])
    compare = answers.get("compare")
    sentences = []
    if run.result is not None:
        compared = compare.result if compare is not None and not is_old and run.done > 0 else None
        sentences.append(year_sentence(run.result, compared))
    if scale.result is not None:
        sentences.append(scale_sentence(scale.result))
    st.subheader(" ".join(sentences) or say("Simulating the first answer ..."), anchor=False)
    left, right = st.columns(2)
    with left:
        sheet.badge(answers["run"], stale=is_old)
    with right:
        sheet.badge(answers["scale"], stale=scale_is_old)


def _material(answers: dict[str, Answer]) -> Material:
    found = {name: answer.result for name, answer in answers.items()}
    curves = {name: found.pop(name) for name in ("curve", "curve_before") if name in found}
    if curves:  # charts about growth are of one channel or layer; the headline stays with the brand
        found |= {"scale": curves["curve"], "scale_before": curves.get("curve_before")}
    return Material(**found)


def _two_charts(sheet: Sheet, answers: dict[str, Answer], material: Material) -> None:
    left, right = st.columns(2, gap="medium")
    for side, column in zip(SIDES, (left, right), strict=True):
        name = sheet.inputs.view(side)
        with column:
            _large(sheet, side, PICTURES.get(name, PICTURES["profit"]), answers, material)


def _large(sheet: Sheet, side: str, picture: Picture, answers: dict[str, Answer], material: Material) -> None:
    scope = _heading(sheet, side, picture, answers) if picture.need == "scale" else ""
    if picture.need != "scale":
        st.markdown(f"#### {picture.title()}")
    drawn = _drawn(picture, material)
    kept: dict[str, Drawn] = st.session_state.setdefault("kept_pictures", {})
    place = f"{side}:{picture.name}:{scope}:{sheet.inputs.view('language')}"
    on_pick = _on_pick if picture.name in PICKABLE else None
    if isinstance(drawn, Drawn):
        kept[place] = drawn
        sheet.chart(drawn, key=f"{side}-{picture.name}", on_pick=on_pick)
    elif drawn:
        st.info(drawn)
    elif picture.need not in answers:
        st.info(say("Move a lever: this chart shows what your changes do."))
    elif place in kept:
        sheet.chart(kept[place], key=f"{side}-{picture.name}")
    elif not answers[picture.need].message:
        st.info(say("Simulating ..."))


def _heading(sheet: Sheet, side: str, picture: Picture, answers: dict[str, Answer]) -> str:
    """Draw the heading of a chart about growth with what it is about; return that."""
    names = {scope: scope_name(scope) for scope in scopes(sheet.inputs.scenario())}
    scope = Growth.of(sheet.inputs).scope
    key = f"{SCOPE}-{side}"
    st.session_state[key] = scope
    title, choice = st.columns([2.4, 1], vertical_alignment="center", gap="small")
    title.markdown(f"#### {picture.title()}")
    choose(
        choice,
        say("Curve of"),
        list(names),
        key=key,
        words=names.__getitem__,
        on_choice=_on_scope,
        label_visibility="collapsed",
    )
    if "curve" in answers:
        sheet.badge(answers["curve"])
    return scope


def _on_scope(scope: str) -> None:
    session.show(**{SCOPE: scope})


def _on_pick(channel: str) -> None:
    """Let the curve be about the channel whose bar was clicked; the whole brand's bar takes it back."""
    known = scopes(session.current().scenario())
    session.show(**{SCOPE: channel if channel in known else BRAND})


def _drawn(picture: Picture, material: Material) -> Drawn | str:
    """Return the chart, or why there is none; empty while it is simulated."""
    if not picture.is_ready(material):
        return ""
    nothing = say("This scenario has nothing to show here: another scenario or growth path does.")
    return hang(picture, material) or nothing


def _strip(sheet: Sheet, material: Material) -> None:
    """Draw the other charts small, each with a way to make it large."""
    large = {sheet.inputs.view(side) for side in SIDES}
    others = [picture for name, picture in PICTURES.items() if name not in large]
    row = st.container(key="strip").columns(len(others), gap="small", vertical_alignment="bottom")
    for picture, column in zip(others, row, strict=True):
        with column:
            drawn = _drawn(picture, material)
            if isinstance(drawn, Drawn):
                st.image(thumbnail(drawn.figure, drawn.alt), width="stretch", alt=drawn.alt)
            side = "right" if picture.need == "scale" else "left"
            st.button(
                picture.short(),
                key=f"strip-{picture.name}",
                on_click=session.show,
                kwargs={side: picture.name},
                width="stretch",
            )
