"""Imported once by a worker before its first question: everything is loaded, compiled and has run."""

from __future__ import annotations

import scipy.optimize
import scipy.stats  # noqa: F401 - studies load them when they need them, which takes a second

from sim.experiment import replicate
from sim.report.run_result import of_replicated
from sim.scenario import load
from sim.ui.question import kinds

kinds()
of_replicated(
    replicate(load("community_pickup", ["horizon.days=2", "horizon.warmup_days=1"]), replications=2)
)
