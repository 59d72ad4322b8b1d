"""Claims: what the articles say, line by line, put to the test; run it, flip it, find where it turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.scenario import ScenarioError
from sim.ui import session
from sim.ui.answer import Answer
from sim.ui.assumption_words import assumption_name
from sim.ui.box import choose
from sim.ui.case import Case, InputError
from sim.ui.claim_card import (
    Known,
    answering,
    known_from_answer,
    known_from_kept,
    other_side,
    plausible_words,
    world_table,
)
from sim.ui.claim_lines import (
    ALL,
    TERMS,
    TOPICS,
    UNREACHABLE,
    UNTRIED,
    Line,
    LineFilter,
    all_lines,
    frame_of,
    sentences,
    verdict_word,
)
from sim.ui.drawn import table_markdown
from sim.ui.effort import effort_words, seconds_of
from sim.ui.frame import frame
from sim.ui.held import is_latest, renewed
from sim.ui.inputs import model_stamp
from sim.ui.kept_claims import VERDICTS, Kept, kept_claims
from sim.ui.language import say, term
from sim.ui.pictures.claims import frontier_chart, rule_words, worlds_chart
from sim.ui.questions.claim import (
    FEW_HISTORIES,
    FIRST_CLAIM,
    ClaimQuestion,
    FrontierQuestion,
    claim_of,
    claim_stamp,
)
from sim.ui.searched import as_view_word, from_view_word
from sim.ui.sentences_claims import frontier_sentence
from sim.ui.sheet import Sheet
from sim.ui.vocabulary import unit_name

if TYPE_CHECKING:
    from sim.experiment.claims import Claim

__all__ = ["NAME", "TERMS", "draw", "title"]

NAME = "claims"
AT_ONCE = 60.0
"""Seconds: a claim without a kept result that takes no longer is tried without being asked."""
LIST_HEIGHT = 300
LOOK = {"holds": "green", "fails": "red", "depends": "orange", "cannot tell": "gray"}


def title() -> str:
    """Name of the page in the navigation."""
    return say("Claims")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("What do the articles say, and does it hold?")) as sheet:
        with st.spinner(say("Reading the claims ...")):
            lines, kept = all_lines(), kept_claims()
        verdicts = {name: one.verdict for name, one in kept.claims.items()} | _tried_here()
        claim = claim_of(_chosen(sheet))
        question = ClaimQuestion.about(claim)
        place = st.container()
        left, right = st.columns([1, 1.35], gap="medium")
        with right:
            _card(sheet, claim, question, kept)
        verdicts |= _tried_here()
        with left:
            _lines(sheet, lines, verdicts, claim)
        with place:
            _headline(lines, verdicts)
        _more(sheet, claim, question)


def _tried_here() -> dict[str, str]:
    found: dict[str, str] = st.session_state.setdefault("claims_tried", {})
    return found


def _chosen(sheet: Sheet) -> str:
    name = sheet.inputs.view("claims_id", FIRST_CLAIM)
    return name if name in sentences() else FIRST_CLAIM


def _headline(lines: Sequence[Line], verdicts: Mapping[str, str]) -> None:
    counts = Counter(verdicts.get(name, UNTRIED) for name in sentences())
    said = [f"{counts[one]} {verdict_word(one)}" for one in (*VERDICTS, UNTRIED) if counts[one]]
    st.subheader(
        say(
            "{answered} of {total} lines of five articles are put to the test by {claims} claims: {counts}.",
            answered=sum(bool(line.claims) for line in lines),
            total=len(lines),
            claims=len(sentences()),
            counts=", ".join(said),
        ),
        anchor=False,
    )


# --- the lines ------------------------------------------------------------------------------------


def _lines(sheet: Sheet, lines: Sequence[Line], verdicts: Mapping[str, str], claim: Claim) -> None:
    wanted = _filter(sheet)
    found = [line for line in lines if wanted.takes(line, verdicts)]
    if not found:
        st.info(say("Nothing matches: take a filter away or search for another word."))
    else:
        _table(sheet, found, verdicts)
    names = list(dict.fromkeys(name for line in found for name in line.claims))
    names = names if claim.id in names else [claim.id, *names]
    st.session_state["claims-id"] = claim.id
    choose(
        None,
        say("Claim"),
        names,
        key="claims-id",
        words=lambda name: term(sentences()[name]),
        on_choice=_on_claim,
        help=say("Type to search. The claims that answer the lines above."),
    )


def _table(sheet: Sheet, found: Sequence[Line], verdicts: Mapping[str, str]) -> None:
    view = {name: word for name, word in sheet.inputs.choices if name.startswith("claims_")}
    key = f"claims-table-{hash(tuple(sorted(view.items())))}"
    st.dataframe(
        frame_of(found, verdicts),
        key=key,
        hide_index=True,
        height=LIST_HEIGHT,
        column_config={
            say("line"): st.column_config.Column(width=62),
            say("verdict"): st.column_config.Column(width=88),
        },
        on_select=lambda: _on_row(key, found),
        selection_mode="single-row",
    )
    st.caption(say("{count} lines. Choose one to see a claim that answers it.", count=len(found)))


def _filter(sheet: Sheet) -> LineFilter:
    cells = st.columns([1.1, 1.6, 1.3], gap="small")
    verdict = _pick(
        cells[0], "claims_verdict", (ALL, *VERDICTS, UNTRIED, UNREACHABLE),
        lambda word: say("every verdict") if word == ALL else verdict_word(word), say("Verdict"),
    )  # fmt: skip
    topic = _pick(
        cells[1], "claims_topic", (ALL, *TOPICS),
        lambda word: say("every article") if word == ALL else verdict_word(TOPICS[word]), say("Article"),
    )  # fmt: skip
    words = from_view_word(sheet.inputs.view("claims_find"))
    key = renewed("claims_find", words)
    cells[2].text_input(say("Search"), words, key=key, on_change=_on_find, args=(key,))
    return LineFilter(verdict, topic, words)


def _pick(place: Any, name: str, allowed: tuple[str, ...], words: Any, label: str) -> str:
    now = session.current().view(name, ALL).replace("_", " ")
    st.session_state[name] = now if now in allowed else ALL
    place.selectbox(label, allowed, key=name, format_func=words, on_change=_on_pick, args=(name,))
    return str(st.session_state[name])


def _on_pick(name: str) -> None:
    session.show(**{name: str(st.session_state[name]).replace(" ", "_")})


def _on_find(key: str) -> None:
    if is_latest(key):
        session.show(claims_find=as_view_word(st.session_state[key]))


def _on_claim(claim: str) -> None:
    session.show(claims_id=claim, claims_world="")


def _on_row(key: str, lines: Sequence[Line]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if not rows:
        return
    line = lines[rows[0]]
    if line.claims:
        session.show(claims_id=line.claims[0], claims_world="")
    else:
        session.complain(say("no run can answer {line}: {why}", line=line.id, why=term(line.out_of_reach)))


# --- the card -------------------------------------------------------------------------------------


def _card(sheet: Sheet, claim: Claim, question: ClaimQuestion, kept: Kept) -> None:
    st.markdown(f"#### {term(claim.sentence)}")
    old = kept.claims.get(claim.id)
    seconds = seconds_of(_base(claim), question.histories)
    is_fresh = old is not None and kept.is_current
    is_wanted = sheet.inputs.view("claims_run") == claim.id or (not is_fresh and seconds <= AT_ONCE)
    known = None if old is None else known_from_kept(old)
    answer = sheet.ask(question)[0] if is_wanted else Answer()
    if is_wanted:
        sheet.badge(answer)
    if answer.result:
        known = known_from_answer(answer.result)
        if answer.is_final:
            _tried_here()[claim.id] = known.verdict
    elif old is not None or not is_wanted:
        _kept_badge(kept, known)
    world = _world(sheet, claim)
    if known is not None:
        _found(sheet, claim, known, world, is_early=answer.note == FEW_HISTORIES)
    else:
        st.info(
            say("Simulating ...")
            if is_wanted
            else say("Not tried yet with this model: press the first button.")
        )
    _buttons(claim, question, known, world, seconds)


@st.cache_resource(max_entries=200)
def _world_of(name: str, stamp: str) -> Any:
    from sim.experiment.claims.trial import Trial

    del stamp  # a claim that was rewritten has another size
    return Trial(claim_of(name)).base


def _base(claim: Claim) -> Any:
    return _world_of(claim.id, claim_stamp(claim))


def _kept_badge(kept: Kept, known: Known | None) -> None:
    if known is None:
        st.markdown(f":gray-badge[{say('not tried yet')}]")
        return
    now = model_stamp()
    version = kept.version or say("unknown")
    if kept.is_current:
        st.markdown(f":green-badge[{say('kept result of this model ({version})', version=version)}]")
    else:
        words = say("stale: kept with model {version}, this is {now}", version=version, now=now)
        st.markdown(f":orange-badge[{words}]")


def _world(sheet: Sheet, claim: Claim) -> str:
    names = [one.name for one in claim.worlds]
    word = sheet.inputs.view("claims_world", "0")
    number = int(word) if word.isdigit() and int(word) < len(names) else 0
    return names[number]


def _found(sheet: Sheet, claim: Claim, known: Known, world: str, *, is_early: bool) -> None:
    verdict = f":{LOOK[known.verdict]}-badge[{verdict_word(known.verdict)}]"
    if is_early and known.verdict == "cannot tell":  # two histories can tell next to nothing
        verdict = f":gray-badge[{say('comes with more histories')}]"
    st.markdown(f"{say('Verdict:')} {verdict} {plausible_words(known)}")
    sheet.chart(worlds_chart(known.worlds, claim.holds, world), key="claim-worlds", height=205)


def _buttons(claim: Claim, question: ClaimQuestion, known: Known | None, world: str, seconds: float) -> None:
    cells = st.columns([1, 1, 1.4], gap="small")
    # What is decided early needs fewer.
    effort = say("At most: {effort}", effort=effort_words(question.histories, seconds))
    cells[0].button(
        say("Run it"),
        key="claim-run",
        help=effort,
        on_click=session.show,
        kwargs={"claims_run": claim.id},
        width="stretch",
    )
    other = other_side(claim, known, world)
    names = [one.name for one in claim.worlds]
    cells[1].button(
        say("Flip it"),
        key="claim-flip",
        on_click=session.show,
        kwargs={"claims_world": str(names.index(other)) if other else ""},
        disabled=not other,
        help=say(
            "Goes to the shipped world in which it comes out the other way, and shows what was changed."
        ),
        width="stretch",
    )
    cells[2].button(
        say("Take this world along"),
        key="claim-take",
        on_click=_on_take,
        args=(claim.id, world),
        help=say("Sets the inputs of all pages to this world, in full size. Undo takes it back."),
        width="stretch",
    )
    chosen = next(one for one in claim.worlds if one.name == world)
    outcome = (known.outcome(world) if known is not None else "") or str(chosen.expect or "")
    heading = say("World “{name}”: {outcome}.", name=term(world), outcome=verdict_word(outcome))
    if not chosen.set:
        st.markdown(f"**{heading}** {say('It is the scenario {base} as it is shipped.', base=claim.base)}")
        return
    st.markdown(f"**{heading}** {term(chosen.why)}")
    st.markdown(table_markdown(world_table(claim, claim_stamp(claim), world)))


def _on_take(name: str, world: str) -> None:
    claim = claim_of(name)
    values = next(one.set for one in claim.worlds if one.name == world)
    try:
        case = Case(claim.base).changed(dict(values))
        session.apply(session.current().based_on(case.base).changed(dict(case.changes)))
    except (InputError, ScenarioError) as error:
        session.complain(str(error))


# --- how it was read, and the frontier --------------------------------------------------------------


def _more(sheet: Sheet, claim: Claim, question: ClaimQuestion) -> None:
    reading, border = st.columns([1, 1.35], gap="medium")
    with reading:
        st.markdown(f"#### {say('How it was put to the test')}")
        st.markdown(
            say(
                "**Answers** lines {lines}.  \n**Rule, fixed beforehand:** it holds if the effect lies {rule}"
                " {unit}.  \n**False if:** {fails}  \n**Reading:** {reading}  \n**Claim:** `{name}`, scenario"
                " `{base}`",
                lines=answering(claim.articles),
                rule=rule_words(claim.holds),
                unit=unit_name(claim.unit),
                fails=term(claim.fails_when),
                reading=term(claim.reading) if claim.reading else "-",
                name=claim.id,
                base=claim.base,
            )
        )
        st.caption(
            say(
                "Claims bring worlds of their own: the levers at the left do not move them. Intervals that"
                " decide account for all claims at once."
            )
        )
    with border:
        frontier = _frontier(sheet, claim)
    with st.expander(say("Same digits elsewhere")):
        sheet.commands(question, *([frontier] if frontier is not None else []))


def _frontier(sheet: Sheet, claim: Claim) -> FrontierQuestion | None:
    st.markdown(f"#### {say('What would have to be true: the frontier')}")
    if claim.frontier is None:
        st.info(say("This claim names no assumptions over which its frontier would be drawn."))
        return None
    question = FrontierQuestion.about(claim)
    if sheet.inputs.view("claims_frontier") != claim.id:
        paths = say(", ").join(f"{assumption_name(path)} `{path}`" for path in claim.frontier.over)
        st.markdown(say("Over {paths}, each within its range.", paths=paths))
        effort = effort_words(question.histories, seconds_of(_base(claim), question.histories))
        st.button(
            say("Draw the frontier ({effort})", effort=effort),
            key="claim-frontier",
            on_click=session.show,
            kwargs={"claims_frontier": claim.id},
        )
        return question
    (answer,) = sheet.ask(question)
    sheet.badge(answer)
    if answer.result:
        st.markdown(frontier_sentence(answer.result))
        sheet.chart(frontier_chart(answer.result), key="claim-frontier-map", height=330)
    elif not answer.message:
        st.info(say("Simulating ..."))
    return question
