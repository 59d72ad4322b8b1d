"""Worlds for sweeps: quick, known in closed form, or troublesome. Module-level, so that workers find them."""

from __future__ import annotations

import functools
import hashlib
import os
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np

from sim.experiment.sweep import Plan
from tests.experiment.planted import run_of

COMMISSION = "channels.tmall.commission"
FAILED_ATTEMPTS = "fulfilment.courier.failed_attempt_rate"
PLACES = "market.places"


def plan_of(design, **more) -> Plan:
    """A plan over the scenario without pickup points."""
    return Plan.model_validate({"scenario": "door_only", "replications": 3, "design": design, **more})


def small_plan(**more) -> Plan:
    """Four points, three replications."""
    grid = {"parameters": {COMMISSION: [0.03, 0.05], FAILED_ATTEMPTS: [0.05, 0.1]}}
    return plan_of({"grid": grid}, **more)


def wide_plan(runs: int, **more) -> Plan:
    """One replication of many points."""
    spread = {"points": runs, "parameters": {COMMISSION: {"low": 0.0, "high": 0.1}}}
    return plan_of({"latin_hypercube": spread}, replications=1, **more)


def luck_of(seed) -> float:
    return float(np.random.default_rng(seed).normal())


def quick(scenario, seed, **_):
    """Cost per order of 20 yuan, the commission on 150, and luck shared by all points."""
    commission = scenario.value(COMMISSION)
    attempts = scenario.value(FAILED_ATTEMPTS)
    cost = 20.0 + 150.0 * commission + 10.0 * attempts + luck_of(seed)
    run = run_of(scenario, seed, 1000.0, {"goods": 50.0, "line_haul": cost})
    run.kpis["months_to_ruin"] = float("nan")
    months = {"month": [1.0, 2.0], "orders": [400.0, 600.0], "cash": [cost, -cost]}
    entries = [
        SimpleNamespace(
            debit="line_haul",
            credit="cash",
            channel=name,
            source="",
            layer="",
            period=0,
            fen=round(100 * cost),
        )
        for name in ("tmall", "stores")
    ]
    return SimpleNamespace(**vars(run), months=months, ledger=SimpleNamespace(entries=entries))


def napping(scenario, seed, *, seconds=0.01, **_):
    """The same after a nap."""
    time.sleep(seconds)
    return quick(scenario, seed)


def working(scenario, seed, *, seconds=0.1, **_):
    """The same after so much work of the processor."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        hashlib.sha256(b"work" * 1000).digest()
    return quick(scenario, seed)


def failing(scenario, seed, **_):
    """The dearer commission breaks the world."""
    if scenario.value(COMMISSION) > 0.04:
        raise ArithmeticError("the books do not balance: 3 fen are missing\nsecond line")
    return quick(scenario, seed)


def failing_until(scenario, seed, *, marker, **_):
    """Fails as long as a file is not there."""
    return quick(scenario, seed) if Path(marker).exists() else failing(scenario, seed)


def deadly(scenario, seed, **_):
    """One point ends its worker without a word."""
    if scenario.value(COMMISSION) > 0.04 and scenario.value(FAILED_ATTEMPTS) > 0.08:
        os._exit(9)
    return napping(scenario, seed)


def dying_once(scenario, seed, *, folder, **_):
    """The first worker to come here ends; later ones go on."""
    try:
        (Path(folder) / "died").touch(exist_ok=False)
    except FileExistsError:
        return napping(scenario, seed)
    os._exit(9)


def crossing(scenario, seed, **_):
    """Profit per order falls through zero at a commission of 6.2% (and 10% failed attempts)."""
    slope = 0.062 - scenario.value(COMMISSION) + 0.1 * (0.1 - scenario.value(FAILED_ATTEMPTS))
    run = run_of(scenario, seed, 1000.0, {"line_haul": 20.0})
    run.kpis["contribution_per_order"] = 100.0 * slope + 0.001 * luck_of(seed)
    return run


def valley(scenario, seed, **_):
    """Cost per order is least at a commission of 3.7%; luck moves the whole curve."""
    run = run_of(scenario, seed, 1000.0, {"line_haul": 20.0})
    own = np.random.default_rng([seed, round(1e9 * scenario.value(COMMISSION))]).normal()
    run.kpis["cost_per_order"] = (
        20.0 + 4e4 * (scenario.value(COMMISSION) - 0.037) ** 2 + luck_of(seed) + 0.001 * own
    )
    return run


def napping_for(seconds):
    return functools.partial(napping, seconds=seconds)
