"""Sweeps: many worlds of one plan, as the command line simulated them, opened, filtered and charted."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from sim.experiment.errors import ExperimentError, RecordError
from sim.ui import session
from sim.ui.frame import frame
from sim.ui.held import is_latest, renewed
from sim.ui.language import say
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.pictures.sweeps import sweep_chart
from sim.ui.sheet import Sheet
from sim.ui.sweep_folder import name_of, results_folder, sweeps
from sim.ui.sweep_table import Chosen, figures_of, numeric_parameters, parameter_name
from sim.ui.vocabulary import kpi_name

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweep import Swept
    from sim.experiment.sweep.watching import Progress

NAME = "sweeps"
ALL = "all"
HEIGHT = 350
REFRESH_SECONDS = 2.0
MOST_FAILURES = 50
PLAN = """scenario: community_pickup
design:
  grid:
    parameters:
      channels.tmall.commission: [0.03, 0.04, 0.05]
      pickup.community.points: {low: 20, high: 60, steps: 5}
replications: 5
"""
"""An example that fits on the page; see ``docs/how-to.md`` for all there is."""


def title() -> str:
    """Name of the page in the navigation."""
    return say("Sweeps")


def draw() -> None:
    """Draw the page."""
    with frame(NAME, say("What came out of many worlds at once?")) as sheet:
        found = sweeps()
        if not found:
            st.subheader(say("No sweep has been made on this machine yet."), anchor=False)
            st.markdown(
                say("Looked for in `{folder}`. A sweep is started on the command line; here it is watched.",
                    folder=str(results_folder()))
            )  # fmt: skip
            _how_to_start(is_open=True)
            return
        cells = st.columns([3, 1], gap="medium", vertical_alignment="center")
        with cells[1]:
            folder = _folder(sheet, found)
        try:
            _sweep(sheet, folder, cells[0])
        except (ExperimentError, RecordError, OSError) as error:
            st.error(
                say(
                    "This sweep cannot be read: {why}. Nothing was changed; the others can still be opened.",
                    why=str(error),
                )
            )
        _how_to_start(is_open=False)


def _folder(sheet: Sheet, found: Any) -> Path:
    word = sheet.inputs.view("sweeps_folder")
    st.session_state["sweeps-folder"] = word if word in found else next(iter(found))
    st.selectbox(
        say("Sweep"),
        list(found),
        key="sweeps-folder",
        format_func=lambda one: name_of(found[one]),
        on_change=_on_folder,
        help=say("Sweeps in `{folder}`, the newest first.", folder=str(results_folder())),
        label_visibility="collapsed",
    )
    return Path(found[st.session_state["sweeps-folder"]])


def _on_folder() -> None:
    session.show(
        sweeps_folder=st.session_state["sweeps-folder"], sweeps_kpi="", sweeps_x="", sweeps_by="",
        sweeps_filter="", sweeps_range="",
    )  # fmt: skip


# --- one sweep --------------------------------------------------------------------------------------


def _sweep(sheet: Sheet, folder: Path, place: Any) -> None:
    from sim.experiment.sweep import open_sweep
    from sim.experiment.sweep.watching import progress_of

    swept, progress = open_sweep(folder), progress_of(folder)
    with place:
        _headline(swept, progress)
    _watch(folder, progress)
    chart, about = st.columns([2.4, 1], gap="medium")
    with chart:
        _chart(sheet, swept)
    with about:
        _about(swept)
        _download(swept, progress)
    if progress.failed:
        _failures(swept, progress)


def _headline(swept: Swept, progress: Progress) -> None:
    st.subheader(
        say(
            "{done} of {runs} runs of {scenario} are done; {failed} failed.",
            done=f"{progress.done:,}",
            runs=f"{progress.runs:,}",
            failed=f"{progress.failed:,}",
            scenario=swept.manifest["scenario"]["name"],
        ),
        anchor=False,
    )
    if progress.is_running:
        st.markdown(f":orange-badge[{say('running')}]")
    elif progress.left:
        st.markdown(f":orange-badge[{say('stopped: {count} runs left', count=f'{progress.left:,}')}]")
    else:
        st.markdown(f":green-badge[{say('finished')}]")


def _watch(folder: Path, drawn: Progress) -> None:
    """Show how far a sweep comes while it runs; the page is drawn again when its tables grow or it ends."""
    if not drawn.is_running:
        return

    @st.fragment(run_every=REFRESH_SECONDS)
    def look() -> None:
        from sim.experiment.sweep.watching import progress_of

        now = progress_of(folder)
        if not now.is_running or now.in_tables != drawn.in_tables:
            st.rerun()
        share = (now.done + now.failed) / max(1, now.runs)
        st.progress(
            min(1.0, share),
            say(
                "{done} of {runs} runs; {waiting} of them are still in the journal and not in the chart",
                done=f"{now.done + now.failed:,}",
                runs=f"{now.runs:,}",
                waiting=f"{now.done + now.failed - now.in_tables:,}",
            ),
        )

    look()


def _chart(sheet: Sheet, swept: Swept) -> None:
    names = figures_of(swept)
    numeric = numeric_parameters(swept.design(), swept.parameters)
    if not names or not numeric:
        st.info(
            say("There is nothing to draw: no parameter of this design is a number.")
            if names
            else say(
                "The tables are still empty: a part is written after ten minutes, or when the sweep ends."
            )
        )
        return
    cells = st.columns(4, gap="small")
    kpi = _pick(cells[0], sheet, "sweeps_kpi", names, say("Figure"), kpi_name)
    across = _pick(cells[1], sheet, "sweeps_x", numeric, say("Against"), parameter_name)
    rest = [path for path in numeric if path != across]
    beside = _pick(
        cells[2], sheet, "sweeps_by", [*rest[:1], ALL, *rest[1:]], say("One line or colour for each"),
        lambda path: say("none") if path == ALL else parameter_name(path),
    )  # fmt: skip
    points = _filter(cells[3], sheet, swept.by_point(kpi), numeric)
    try:
        drawn = sweep_chart(points, swept.parameters, kpi, across, "" if beside == ALL else beside)
    except NothingToDrawError:
        st.info(say("No point is left: widen the range."))
    else:
        sheet.chart(drawn, key="sweep", height=HEIGHT)


def _pick(place: Any, sheet: Sheet, name: str, allowed: list[str], label: str, words: Any) -> str:
    now = sheet.inputs.view(name)
    st.session_state[name] = now if now in allowed else allowed[0]
    place.selectbox(label, allowed, key=name, format_func=words, on_change=_on_pick, args=(name,))
    return str(st.session_state[name])


def _on_pick(name: str) -> None:
    session.show(**{name: str(st.session_state[name])})


def _filter(place: Any, sheet: Sheet, points: pd.DataFrame, numeric: list[str]) -> pd.DataFrame:
    """Draw the choice of points by a range of one parameter and return those inside."""
    path = _pick(
        place, sheet, "sweeps_filter", [ALL, *numeric], say("Only points where"),
        lambda one: say("all points") if one == ALL else parameter_name(one),
    )  # fmt: skip
    if path == ALL or points.empty:
        return points
    low, high = float(points[path].min()), float(points[path].max())
    if low == high:
        return points
    chosen = _range(sheet.inputs.view("sweeps_range"), low, high)
    key = renewed("sweeps-range", chosen, low, high)
    chosen_low, chosen_high = st.slider(
        say("lies between"), low, high, chosen, step=(high - low) / 100, format="%.6g",
        key=key, on_change=_on_range, args=(key,),
    )  # fmt: skip
    return Chosen(path, chosen_low, chosen_high).of(points)


def _range(word: str, low: float, high: float) -> tuple[float, float]:
    try:
        first, last = (float(part) for part in word.split(":"))
    except ValueError:
        return low, high
    first, last = max(low, min(first, high)), max(low, min(last, high))
    return (first, last) if first <= last else (low, high)


def _on_range(key: str) -> None:
    if not is_latest(key):
        return
    low, high = st.session_state[key]
    session.show(sweeps_range=f"{low:.10g}:{high:.10g}")


def _download(swept: Swept, progress: Progress) -> None:
    if not progress.in_tables:
        return
    st.download_button(
        say("Download every run as CSV"),
        lambda: swept.wide().to_csv(index=False).encode(),
        f"{swept.folder.name}.csv",
        "text/csv",
        key="csv-runs",
        on_click="ignore",
    )


def _about(swept: Swept) -> None:
    plan = swept.manifest
    st.markdown(f"#### {say('What was asked')}")
    st.markdown(
        say(
            "Scenario `{scenario}` `{hash}`  \nDesign: {design}, {points} points × {replications} histories,"
            " seed {seed}  \nModel {version} ({sources})  \nFolder `{folder}`",
            scenario=plan["scenario"]["name"],
            hash=plan["scenario"]["hash"][:8],
            design=plan["design"]["method"].replace("_", " "),
            points=f"{swept.total // int(plan['replications']):,}",
            replications=plan["replications"],
            seed=plan["seed"],
            version=plan["version"],
            sources=plan["sources"][:8],
            folder=str(swept.folder),
        )
    )
    from sim.experiment.cache import sources_stamp

    if plan["sources"] != sources_stamp():
        st.warning(say("Made with another version of the model: digits of today's differ."))
    with st.expander(say("The whole manifest")):
        st.json(dict(plan), expanded=1)


def _failures(swept: Swept, progress: Progress) -> None:
    found = swept.failures()
    with st.expander(say("Runs that failed: {count}", count=f"{progress.failed:,}")):
        st.dataframe(
            found[["point", "replication", "error_kind", "error_message"]].head(MOST_FAILURES),
            hide_index=True,
        )
        st.markdown(say("`--rerun-failed` simulates them again; everything else is kept."))


# --- how to start one -------------------------------------------------------------------------------


def _how_to_start(*, is_open: bool) -> None:
    out = shlex.quote(str(results_folder() / "commission"))
    with st.expander(say("How to start one"), expanded=is_open):
        st.markdown(say("Write a plan, such as `commission.yaml`:"))
        st.code(PLAN, language="yaml")
        st.markdown(say("Ask what it takes, start it, go on with it after a stop:"))
        st.code(
            "channelsim sweep commission.yaml --dry-run\n"
            f"channelsim sweep commission.yaml --out {out}\n"
            f"channelsim sweep commission.yaml --out {out} --resume",
            language="bash",
        )
        st.markdown(say("It shows up here at once and can be watched. The same from Python:"))
        st.code(
            "from sim.experiment.sweep import open_sweep\n\n"
            f"swept = open_sweep({str(results_folder() / 'commission')!r})\n"
            'print(swept.by_point("contribution_per_order"))',
            language="python",
        )
