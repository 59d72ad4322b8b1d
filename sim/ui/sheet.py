"""What a page draws on: it asks questions, shows badges, and puts beside every chart what belongs to it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.ui.answer import Answer
from sim.ui.badge import badge
from sim.ui.desk import PRESSING
from sim.ui.drawn import Drawn, table_csv, table_markdown
from sim.ui.inputs import Inputs
from sim.ui.language import say, term
from sim.ui.question import Question
from sim.ui.turns import Turn

if TYPE_CHECKING:
    from sim.ui.desk import Desk

TICK = 0.25
"""Seconds after which the browser begins to wait for news of what was drawn; it waits here, not by asking."""
SOON, FIRST_WAIT, PULSE = 3.0, 2.0, 0.1
"""Seconds a drawing waits for the answer of its headline, and at its end for another first answer before it
leaves that to the browser; and between two chances for the visitor's next move to cut that short."""
ALWAYS = 3600.0
"""Seconds in which there is news, or a move, or nobody there any more."""


@dataclass
class Sheet:
    """The page that is being drawn.

    Attributes
    ----------
    page
        Name of the page.
    inputs
        The inputs it shows.
    desk
        Where questions are answered.
    visitor
        Who asks.
    turn
        When it may be drawn.
    """

    page: str
    inputs: Inputs
    desk: Desk
    visitor: str
    turn: Turn = field(default_factory=Turn)
    _asked: dict[str, Question] = field(default_factory=dict)
    _drawn: dict[str, Answer] = field(default_factory=dict)

    @property
    def is_baseline(self) -> bool:
        """Whether nothing was changed."""
        return not self.inputs.case.changes

    def ask(self, *questions: Question) -> tuple[Answer, ...]:
        """Ask questions, the most urgent first, and return what is known about them now.

        The page is drawn again by itself when more is known.
        """
        answers = self.desk.look_also_at(self.visitor, *questions)
        for question, answer in zip(questions, answers, strict=True):
            self._asked[question.key] = question
            self._drawn[question.key] = answer
        return answers

    def soon(self, question: Question) -> Answer:
        """Return the answer to a question already asked, after a moment's wait if there is none yet.

        What is drawn afterwards is then drawn once, with the answer, instead of twice.
        """
        answer = self._drawn[question.key]
        if answer.is_known or answer.message:
            return answer
        self.turn.give_back()
        self._hears_of([question], {question.key: answer}, SOON)
        self.go_on()
        (answer,) = self.ask(question)
        return answer

    def go_on(self) -> None:
        """Wait until it is this page's turn to be drawn; a newer move of the visitor's ends that."""
        for _ in self.turn.take(PULSE):
            _notice_moves()

    def give_way(self) -> None:
        """Let everybody else see a first answer before this page draws what is none.

        A page gives way once, and only when it shows an answer to what its visitor looks at first. Nobody is
        kept for long: see :data:`sim.ui.desk.PRESSING`.
        """
        first = next(iter(self._drawn.values()), None)
        if not self.turn.is_urgent or first is None or not (first.is_known or first.message):
            return
        self.turn.give_back()
        for _ in self.desk.moments(PRESSING, PULSE):
            _notice_moves()
            if not self.desk.others_wait(self.visitor):
                break
        self.turn.is_urgent = False
        self.go_on()

    def latest(self, slot: str, answer: Answer) -> tuple[Answer, bool]:
        """Return an answer to draw and whether it is stale: the last of this slot until there is a new one.

        Parameters
        ----------
        slot
            Name of a place on this page, such as ``headline``.
        answer
            The answer to the present question.
        """
        shown: dict[str, Answer] = st.session_state.setdefault("shown", {})
        place = f"{self.page}:{slot}"
        if answer.is_known or answer.message:
            shown[place] = answer
            return answer, False
        return (shown[place], True) if place in shown else (answer, False)

    def badge(self, answer: Answer, *, stale: bool = False) -> None:
        """Say how sure an answer is; where there is none, say why."""
        st.markdown(badge(answer, stale=stale, compiled=self.desk.compiled))
        if answer.message:
            st.error(say("No answer: {why}", why=term(answer.message)))

    def chart(
        self,
        drawn: Drawn,
        *,
        key: str,
        height: int = 280,
        on_pick: Callable[[str], None] | None = None,
    ) -> None:
        """Draw a chart with its reading, its table and its numbers to take away.

        Parameters
        ----------
        drawn
            The chart and its words.
        key
            Name of the place, unique on the page.
        height
            Of the chart, in pixels.
        on_pick
            Called with what a clicked mark stands for, empty where the click took it back. What a click does
            is also done by a field on the page: not everybody has a mouse.
        """
        drawn.figure.update_layout(height=height)
        name = f"chart-{key}"
        picking: dict[str, Any] = {}
        if on_pick is not None:
            picking = {"on_select": partial(_picked, name, on_pick), "selection_mode": "points"}
        st.plotly_chart(
            drawn.figure,
            config={"displayModeBar": False, "responsive": True},
            key=name,
            alt=drawn.alt,
            **picking,
        )
        st.caption(drawn.reading)
        with st.expander(say("Table")):
            st.markdown(table_markdown(drawn.table))
            st.download_button(
                say("Download as CSV"),
                lambda: table_csv(drawn.table),
                f"{key}.csv",
                "text/csv",
                key=f"csv-{key}",
                on_click="ignore",
            )

    def commands(self, *questions: Question) -> None:
        """Show the commands and the Python that give the same digits."""
        tabs = st.tabs([say("Copy as command"), say("Copy as Python")])
        with tabs[0]:
            st.code("\n".join(question.command() for question in questions), language="bash", wrap_lines=True)
        with tabs[1]:
            st.code(
                "\n".join(question.python() for question in questions), language="python", wrap_lines=True
            )
        if self.inputs.case.text:
            st.caption(say("Save the uploaded scenario as {file} first.", file=f"{self.inputs.base}.yaml"))

    def watch(self) -> None:
        """Draw the page again when the desk knows more than is drawn; called once, at the end.

        The browser comes back once, after the drawing, and then waits on this side for as long as it takes:
        visitors who asked several times a second would keep the server from drawing. If what makes it come
        back is lost, as happens when a drawing ends while older calls are under way, then one of those waits
        in its place.
        """
        questions, drawn = list(self._asked.values()), dict(self._drawn)
        if not questions:
            return
        self.desk.look_at(self.visitor, *questions)
        self.turn.give_back()
        if all(answer.is_final for answer in drawn.values()):
            return
        is_first = any(not answer.is_known and not answer.message for answer in drawn.values())
        if is_first and self._hears_of(questions, drawn, FIRST_WAIT):
            st.rerun()
        name = hashlib.sha256("".join(drawn).encode()).hexdigest()[:8]
        is_drawn = False

        @st.fragment(run_every=TICK)
        def look() -> None:
            nonlocal is_drawn
            st.html(f"<span data-watch='{name}'></span>")
            seconds = ALWAYS if is_drawn else 0.0
            is_drawn = True
            if self._hears_of(questions, drawn, seconds):
                st.rerun()

        look()

    def _is_news(self, questions: Sequence[Question], drawn: Mapping[str, Answer]) -> bool:
        """Look whether the desk knows something else than is drawn."""
        found = self.desk.look_also_at(self.visitor, *questions)
        known = {question.key: answer for question, answer in zip(questions, found, strict=True)}
        return any(known[key].certainty != answer.certainty for key, answer in drawn.items())

    def _hears_of(self, questions: Sequence[Question], drawn: Mapping[str, Answer], seconds: float) -> bool:
        """Wait for news so long: sooner drawn than a browser could come and ask for them.

        A look into the session is where a newer move of the visitor's ends the drawing. While a replay runs
        nobody waits here: it has its own times at which it wants to be drawn. Who has the answer to what they
        look at first lets others draw theirs before more of the page is drawn.
        """
        is_sharper = drawn[questions[0].key].is_known
        for _ in self.desk.moments(seconds, PULSE):
            is_replayed = _notice_moves()
            if self._is_news(questions, drawn) and not (is_sharper and self.desk.others_wait(self.visitor)):
                return True
            if is_replayed:
                break
        return False


def _notice_moves() -> bool:
    """Look into the session, where a newer move ends the drawing; return whether a replay runs."""
    return bool(st.session_state.get("replay"))


def _picked(chart: str, on_pick: Callable[[str], None]) -> None:
    """Tell what was clicked on a chart."""
    points = st.session_state[chart]["selection"]["points"]
    found = points[0].get("customdata", "") if points else ""
    on_pick(str(found[0] if isinstance(found, list) and found else found or ""))
