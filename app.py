"""The first screen: does a layer of pickup points scale? Four levers, one chart, one question.

The script draws what the desk knows and simulates nothing itself. Run it with ``channelsim ui``.
"""

import streamlit as st

from sim.scenario import Scenario, ScenarioError
from sim.ui.chart import Curve, cost_chart
from sim.ui.desk import Answer, Desk
from sim.ui.levers import LEVERS, Change, Number, changes
from sim.ui.parts import ABOUT, STYLE, badge, ladder_markdown, new_warnings, told, verdict_badge
from sim.ui.prediction import DIRECTIONS, Prediction, reveal
from sim.ui.question import VOLUMES, Question

POLL_SECONDS = 0.3
FIRST_PATH, SECOND_PATH = "densify", "replicate"


@st.cache_resource
def shared_desk() -> Desk:
    """The desk of this server; its process outlives every page."""
    return Desk()


@st.cache_resource
def shipped_world() -> Scenario:
    """The scenario as it is shipped."""
    return Question(FIRST_PATH).world()


def visitor() -> str:
    """Name of this browser tab."""
    context = st.runtime.scriptrunner.get_script_run_ctx()
    return context.session_id if context is not None else "nobody"


def reset() -> None:
    """Put every lever back."""
    for lever in LEVERS:
        st.session_state[lever.name] = lever.own(shipped_world())


def draw_levers(world: Scenario) -> list[Change]:
    """Draw the levers and what they were moved from."""
    st.markdown("**Levers**")
    positions: dict[str, Number] = {}
    for lever in LEVERS:
        own = lever.own(world)
        kind = type(own)
        positions[lever.name] = st.slider(
            f"{lever.label} ({lever.unit(world)})",
            kind(lever.low),
            kind(lever.high),
            own,
            kind(lever.step),
            lever.format,
            lever.name,
            help=lever.story(world),
            bind="query-params",
        )
    moved = changes(world, positions)
    if moved:
        st.caption("What you changed  \n" + "  \n".join(str(change) for change in moved))
        st.button("Back to the baseline", on_click=reset)
    else:
        st.caption("Nothing changed: this is the baseline. The address of the page keeps your levers.")
    return moved


def draw_status(questions: list[Question], drawn: list[Answer]) -> None:
    """Say how far the simulation is, and draw the page again when more is known than is drawn."""
    is_busy = not all(answer.is_final for answer in drawn)

    @st.fragment(run_every=POLL_SECONDS if is_busy else None)
    def status() -> None:
        found = shared_desk().look_at(visitor(), *questions)[: len(drawn)]
        known = [answer.result is not None for answer in drawn[:1]]
        line = badge(found[0], shared_desk().compiled)
        if known[0] and drawn[0].result is not None and drawn[0].is_final:
            line += " " + verdict_badge(drawn[0].result)
        st.markdown(line)
        if is_busy and [answer.replications for answer in found] != [answer.replications for answer in drawn]:
            st.rerun()

    status()


def draw_question(question: Question, answer: Answer) -> Prediction | None:
    """Ask for a prediction of the second path; its verdict stays hidden until one is locked."""
    locked: dict[str, Prediction] = st.session_state.setdefault("locked", {})
    prediction = locked.get(question.key)
    st.markdown(
        "**Predict, then reveal.** The chart grows by *more orders in the same places*. Suppose the brand"
        " adds *places and points of the same kind* instead, from half to four times today. What then?"
    )
    if prediction is None:
        with st.form(f"prediction-{question.key}", border=False):
            left, middle, right = st.columns([2.2, 2.2, 1.4], vertical_alignment="bottom")
            direction = left.radio("The layer's cost per parcel", DIRECTIONS, index=None, horizontal=True)
            percent = middle.number_input(
                "by about how many percent per doubling of orders",
                0.0,
                90.0,
                None,
                1.0,
                placeholder="such as 5",
            )
            is_locked = right.form_submit_button("Lock my prediction", type="primary")
        if is_locked and direction is not None and (percent is not None or direction == "stays flat"):
            locked[question.key] = Prediction(
                direction, 0.0 if direction == "stays flat" else float(percent or 0.0)
            )
            st.rerun()
        elif is_locked:
            st.warning("Choose a direction and a size first; both stay as you said them.")
        return None
    if not answer.is_final:
        st.info(f"Locked: {prediction}. {badge(answer, shared_desk().compiled)}")
    elif answer.result is None:
        st.error(f"Locked: {prediction}. No answer: {answer.message}")
    else:
        is_right, words = reveal(prediction, answer.result)
        show = st.success if is_right else st.info if is_right is None else st.warning
        show(f"{verdict_badge(answer.result)} {words}  \n{answer.result['headline']}")
    return prediction


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="channelsim", page_icon="💡", layout="wide")
    st.html(STYLE)
    baseline = shipped_world()
    st.title("channelsim: do pickup points for parcels scale, or does growth make them dearer?")
    left, right = st.columns([1, 2.9], gap="medium")
    with left:
        moved = draw_levers(baseline)
    values = {change.lever.path: change.new for change in moved}
    first, second, ghost = Question(FIRST_PATH, values), Question(SECOND_PATH, values), Question(FIRST_PATH)
    try:
        world = first.world()
    except ScenarioError as error:
        right.error(f"These levers make no scenario: {error}")
        return
    is_locked = second.key in st.session_state.get("locked", {})
    questions = [first, ghost, second]
    answer, ghost_answer, second_answer = shared_desk().look_at(visitor(), *questions)
    with right:
        if answer.message:
            st.error(f"No answer: {answer.message}")
        elif answer.result is not None:
            st.subheader(answer.result["headline"], anchor=False)
        else:
            what = "your change; the baseline stays in grey" if moved else "the baseline"
            st.subheader(f"Simulating {what} ...", anchor=False)
        draw_status(questions, [answer, ghost_answer] + ([second_answer] if is_locked else []))
        for warning in new_warnings(world, baseline):
            st.warning(warning)
        curves = []
        if answer.result is not None:
            curves.append(Curve("yours" if moved else "baseline", answer.result, "current"))
        if is_locked and second_answer.is_final and second_answer.result is not None:
            curves.append(Curve("more places", second_answer.result, "second"))
        if moved and ghost_answer.result is not None:
            curves.append(Curve("baseline", ghost_answer.result, "ghost"))
        st.plotly_chart(
            cost_chart(curves, VOLUMES), config={"displayModeBar": False}, alt="Cost of a parcel by volume"
        )
        draw_question(second, second_answer)
        table, why, command = st.tabs(["Table", "What this rests on", "Same digits on the command line"])
        if curves:
            table.markdown(ladder_markdown([dict(curve.result) for curve in curves]))
        why.markdown(ABOUT)
        why.markdown("\n".join(f"- {told(warning)}" for warning in baseline.warnings))
        command.code(first.command(), language="bash", wrap_lines=True)
    st.caption(ABOUT)


main()
