"""Sweeps: overhead, two cores, memory, files, and what a dry run foretells.

Runs are planted: a given amount of processor time, sixty figures and a year of months each. Every part is
measured in a fresh process.

    python -m benchmarks.sweep            about four minutes on a quiet machine
    python -m benchmarks.sweep --quick    fewer runs
"""

import argparse
import functools
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

from benchmarks.timing import markdown, narrate, write_json
from sim import __version__
from sim.experiment.sweep import Plan, forecast, sweep
from sim.kpi import KPIS

RUN_SECONDS = 0.1
COMMISSION = "channels.tmall.commission"
FIGURES = list(KPIS)[:60]
SERIES = ("visits", "orders", "sales", "cost", "cash")

OVERHEAD_BAR = 0.05
SPEEDUP_BAR = 1.8
MEMORY_BAR_MB = 1000.0
GROWTH_BAR_MB = 100.0
FILES_BAR = 200
TIME_BAR = 0.30
ROOM_BAR = 0.50


def planted(scenario, seed, *, seconds, **_):
    """Return a run after so much processor time, with as many rows as a real one."""
    end = time.thread_time() + seconds
    value = scenario.value(COMMISSION)
    while time.thread_time() < end:
        hashlib.sha256(b"work" * 2000).digest()
    months = [float(month + 1) for month in range(12)]
    return SimpleNamespace(
        model_version=__version__,
        kpis={name: value * (index + 1) + seed % 1009 / 7.0 for index, name in enumerate(FIGURES)},
        months={"month": months, **{name: [value + seed % 911 * m for m in months] for name in SERIES}},
    )


def plan_for(runs: int) -> Plan:
    """Return a plan of so many points with one replication each."""
    spread = {"points": runs, "parameters": {COMMISSION: {"low": 0.0, "high": 0.1}}}
    design = {"latin_hypercube": spread}
    return Plan.model_validate(
        {"scenario": "door_only", "design": design, "replications": 1, "tables": ["kpis", "series"]}
    )


def resident_mb() -> float:
    """Largest resident memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def child(runs: int, seconds: float, workers: int) -> dict[str, float]:
    """Sweep in this process; time runs from the first chunk kept to the last."""
    simulate = functools.partial(planted, seconds=seconds)
    marks: list[tuple[float, float, int]] = []

    def progress(done: int, *_: int) -> None:
        marks.append((time.perf_counter(), time.process_time(), done))

    with tempfile.TemporaryDirectory() as folder:
        found = sweep(plan_for(runs), folder, workers=workers, simulate=simulate, progress=progress)
        done = found.counts()["done"]
        files = len(list((Path(folder) / "parts").iterdir()))
        room = sum(path.stat().st_size for path in (Path(folder) / "parts").iterdir())
    if done != runs:
        raise RuntimeError(f"{done} of {runs} runs are done")
    # The first two chunks of each worker hold the start; the last ones, workers that wait for each other.
    (wall, cpu, first), (wall_end, cpu_end, last) = marks[2 * workers], marks[-1]
    return {
        "wall_per_run": (wall_end - wall) / (last - first),
        "cpu_per_run": (cpu_end - cpu) / (last - first),
        "memory_mb": resident_mb(),
        "files": float(files),
        "bytes": float(room),
    }


def told(runs: int, seconds: float) -> dict[str, float]:
    """Foretell a sweep in this process, then do it."""
    simulate = functools.partial(planted, seconds=seconds)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        before = forecast(plan_for(runs), out, workers=2, simulate=simulate)
        began = time.perf_counter()
        found = sweep(plan_for(runs), out, workers=2, simulate=simulate)
        taken = time.perf_counter() - began
        room = sum(path.stat().st_size for path in (found.folder / "parts").iterdir())
    return {
        "seconds_told": before.seconds,
        "seconds": taken,
        "bytes_told": float(before.bytes),
        "bytes": float(room),
    }


def measure(*words: object) -> dict[str, float]:
    """Measure one part in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.sweep", "--child", *map(str, words)]
    outcome = subprocess.run(command, check=True, capture_output=True, text=True)
    narrate(f"{' '.join(map(str, words))}: done")
    return json.loads(outcome.stdout)


def main(arguments: list[str] | None = None) -> int:
    """Measure everything, print a table and write JSON; exit code 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs")
    parser.add_argument("--child", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        what, runs, seconds, *more = options.child
        numbers = (
            told(int(runs), float(seconds))
            if what == "told"
            else child(int(runs), float(seconds), int(*more))
        )
        print(json.dumps(numbers))
        return 0
    runs = 60 if options.quick else 300
    many = 2_000 if options.quick else 10_000
    one = measure("timed", runs, RUN_SECONDS, 1)
    two = measure("timed", 2 * runs, RUN_SECONDS, 2)
    small = measure("timed", many // 5, 0.0, 2)
    large = measure("timed", many, 0.0, 2)
    forecast_of = measure("told", 2 * runs, RUN_SECONDS)
    overhead = one["cpu_per_run"] / RUN_SECONDS - 1.0
    time_off = forecast_of["seconds_told"] / forecast_of["seconds"] - 1.0
    room_off = forecast_of["bytes_told"] / forecast_of["bytes"] - 1.0
    growth = large["memory_mb"] - small["memory_mb"]
    bars = [
        ("overhead at 100 ms a run, processor time", f"{overhead:.1%}", "<= 5%", overhead <= OVERHEAD_BAR),
        (
            "two workers against one, runs per second",
            f"{one['wall_per_run'] / two['wall_per_run']:.2f}",
            ">= 1.8",
            one["wall_per_run"] / two["wall_per_run"] >= SPEEDUP_BAR,
        ),
        ("the driver's own time per run with two workers", f"{1000 * two['cpu_per_run']:.2f} ms", "", True),
        (
            f"memory of the driver at {many:,} runs",
            f"{large['memory_mb']:.0f} MB",
            "< 1000 MB",
            large["memory_mb"] < MEMORY_BAR_MB,
        ),
        ("growth of it since a fifth of the runs", f"{growth:.0f} MB", "<= 100 MB", growth <= GROWTH_BAR_MB),
        (f"files of {many:,} runs", f"{large['files']:.0f}", "<= 200", large["files"] <= FILES_BAR),
        ("bytes per run", f"{large['bytes'] / many:.0f}", "", True),
        ("time foretold against taken", f"{time_off:+.0%}", "within 30%", abs(time_off) <= TIME_BAR),
        ("room foretold against taken", f"{room_off:+.0%}", "within 50%", abs(room_off) <= ROOM_BAR),
    ]
    print("# Sweeps\n")
    rows = [[what, found, bar, "" if not bar else "yes" if held else "NO"] for what, found, bar, held in bars]
    print(markdown(["what", "measured", "bar", "held"], rows))
    parts = {"one": one, "two": two, "small": small, "large": large, "told": forecast_of}
    print(f"\nwritten to {write_json('sweep', parts)}")
    return 0 if all(held for *_, held in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
