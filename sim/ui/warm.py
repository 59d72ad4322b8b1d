"""Imported once by the process that worker processes are copied from: they start with everything loaded."""

from __future__ import annotations

from sim.scenario import load
from sim.world import simulate

simulate(load("base", ["horizon.days=1", "horizon.warmup_days=0"]), 1)
