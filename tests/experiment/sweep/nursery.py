"""A process that brings up sweeps to be killed: everything is loaded once, each sweep is a copy of it.

It reads one line of JSON per sweep (out, workers, runs, seconds), starts it in a process group of its own,
prints the group's number, and says how it ended when asked with an empty line.
"""

from __future__ import annotations

import functools
import json
import os
import sys

import duckdb  # noqa: F401 - loaded before copies are made
import pandas as pd  # noqa: F401
from scipy.stats import qmc  # noqa: F401

from sim.experiment.sweep import sweep
from sim.experiment.sweep.sweeping import prepare
from tests.experiment.sweep import worlds


def grow(out: str, workers: int, runs: int, seconds: float) -> int:
    """Start a sweep in a copy of this process."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    simulate = functools.partial(worlds.napping, seconds=seconds)
    sweep(
        worlds.wide_plan(runs, tables=["kpis", "series"]),
        out,
        workers=workers,
        resume=True,
        simulate=simulate,
    )
    os._exit(0)


def main() -> None:
    """Serve until standard input ends."""
    prepare(worlds.wide_plan(2))
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    child = 0
    for line in sys.stdin:
        if line.strip():
            child = grow(**json.loads(line))
            sys.stdout.write(f"{child}\n")
        else:
            _, status = os.waitpid(child, 0)
            sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
