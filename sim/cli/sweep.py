"""``channelsim sweep``: many worlds of one plan, on many cores or machines, overnight if need be."""

from __future__ import annotations

import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.bench import announce_compilation
from sim.cli.failures import FAILED_RUNS, INTERRUPTED, UsageError
from sim.cli.options import Changes, Excel, Json, Quiet, Workers, checked_engine
from sim.cli.screen import Screen, is_watched

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.sweep import Plan, Swept

_REFRESH_SECONDS = 0.2
_RESULTS = Path("results")


def sweep(
    names: Annotated[
        list[str], typer.Argument(metavar="PLAN", help="A plan (YAML); with --merge folders of sweeps.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder of the results; results/PLAN if not given.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only foretell runs, time and room on the disk.")
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what is in the folder, or start where nothing is.")
    ] = False,
    rerun_failed: Annotated[
        bool, typer.Option("--rerun-failed", help="Go on, and simulate again what failed.")
    ] = False,
    max_failures: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Stop when more than N runs have failed.")
    ] = None,
    shard: Annotated[
        str | None, typer.Option(metavar="K/N", help="Simulate only the K-th of N shares of the runs.")
    ] = None,
    merge: Annotated[
        bool, typer.Option("--merge", help="Join folders of shards (or tidy up one) into --out.")
    ] = False,
    csv: Annotated[bool, typer.Option("--csv", help="With --merge: also write every table as CSV.")] = False,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Dask scheduler, such as tcp://10.0.0.5:8786, to simulate on."),
    ] = None,
    replications: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Histories of each point, over the plan's.")
    ] = None,
    seed: Annotated[int | None, typer.Option(metavar="N", min=0, help="Seed, over the plan's.")] = None,
    changes: Changes = None,
    workers: Workers = None,
    engine: Annotated[
        str | None, typer.Option(metavar="NAME", help="compiled or reference, over the plan's.")
    ] = None,
    excel: Excel = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Simulate every point of a plan; stop and go on at will.

    Grid, Latin hypercube, Sobol sequence, table or adaptive. Ctrl-C once finishes what runs.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    if merge:
        _merge(screen, names, out, csv=csv)
        return
    if len(names) != 1 or csv:
        raise UsageError(
            "--csv goes with --merge" if csv else "give one plan; several folders go with --merge"
        )
    plan = _changed(names[0], changes, seed, replications, engine)
    folder = out if out is not None else _RESULTS / Path(names[0]).stem
    announce_compilation(screen)
    if dry_run:
        from sim.experiment.sweep import forecast
        from sim.report.sweep import forecast_page

        told = forecast(plan, folder, workers=workers, cluster=cluster, shard=shard).as_dict()
        screen.data(told)
        screen.page(forecast_page(told))
        return
    from sim.experiment.sweep import sweep as swept

    progress = SweepProgress(Path(names[0]).stem) if not quiet and is_watched(sys.stderr) else None
    try:
        found = swept(
            plan,
            folder,
            workers=workers,
            cluster=cluster,
            resume=resume,
            rerun_failed=rerun_failed,
            shard=shard,
            max_failures=max_failures,
            progress=progress,
            notice=screen.note if progress is None else progress.say,
        )
    finally:
        if progress is not None:
            progress.clear()
    _show(screen, found, _way_on(names[0], folder, shard))


def _changed(
    name: str, changes: list[str] | None, seed: int | None, replications: int | None, engine: str | None
) -> Plan:
    """Read a plan, with what the command line says over it."""
    from sim.experiment.errors import ExperimentError
    from sim.experiment.sweep import read_plan

    plan = read_plan(Path(name)).overridden(changes or ())
    over: dict[str, Any] = {"seed": seed, "replications": replications}
    over["engine"] = checked_engine(engine) if engine is not None else None
    try:
        return plan.changed({key: value for key, value in over.items() if value is not None})
    except ExperimentError as error:
        raise UsageError(f"--{error}") from error  # options bear the names of the fields


def _merge(screen: Screen, names: list[str], out: Path | None, *, csv: bool) -> None:
    from sim.experiment.sweep import merge as merged

    if out is None:
        raise UsageError("--merge needs --out, a new folder for what is joined")
    _show(screen, merged([Path(name) for name in names], out, csv=csv), "")


def _way_on(plan: str, folder: Path, shard: str | None) -> str:
    words = ["channelsim", "sweep", plan, "--out", str(folder), "--resume"]
    return shlex.join([*words, "--shard", shard] if shard else words)


def _show(screen: Screen, found: Swept, way_on: str) -> None:
    from sim.report.sweep import sweep_page

    result = found.as_dict()
    failures = found.failures().to_dict("records") if result["failed"] and not screen.quiet else []
    screen.data(result, _tables(found) if screen.excel is not None else None)
    screen.page(sweep_page(result, failures, way_on))
    if found.stopped == "interrupted":
        raise typer.Exit(INTERRUPTED)
    if result["failed"]:
        raise typer.Exit(FAILED_RUNS)


def _tables(found: Swept) -> dict[str, pd.DataFrame]:
    """Return the tables of a sweep that a person looks at: the points, a row per run, what failed."""
    tables = {"design": found.design()}
    if found.counts()["done"] and "kpis" in found.manifest["tables"]:
        tables["kpis"] = found.wide()
    failures = found.failures()
    return tables if failures.empty else {**tables, "failures": failures}


class SweepProgress:
    """One line on standard error that is written over: runs done, failed, speed and time left.

    Parameters
    ----------
    what
        What is being swept.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._began = time.monotonic()
        self._shown = 0.0

    def __call__(self, done: int, total: int, failed: int) -> None:
        """Show that ``done`` of ``total`` runs are finished, ``failed`` of them badly."""
        now = time.monotonic()
        if done < total and now - self._shown < _REFRESH_SECONDS:
            return
        self._shown = now
        pace = done / (now - self._began) if now > self._began else 0.0
        words = f"{self.what}: {done:,} of {total:,} runs"
        words += f", {failed:,} failed" if failed else ""
        if pace > 0 and done < total:
            from sim.report.sweep import duration

            words += f", {pace:.1f} a second, about {duration((total - done) / pace)} left"
        sys.stderr.write(f"\r{words}\x1b[K")
        sys.stderr.flush()

    def say(self, text: str) -> None:
        """Say something on a line of its own."""
        sys.stderr.write(f"\r{text}\x1b[K\n")
        sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
