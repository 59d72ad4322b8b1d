"""Sweeps: many worlds of one plan, on many cores or machines, that can be left alone overnight.

>>> from sim.experiment.sweep import open_sweep, read_plan, sweep
"""

from sim.experiment.sweep.merging import merge
from sim.experiment.sweep.plan import Plan
from sim.experiment.sweep.probe import Forecast, forecast
from sim.experiment.sweep.reading import read_plan
from sim.experiment.sweep.result import Swept, open_sweep
from sim.experiment.sweep.shard import Shard
from sim.experiment.sweep.sweeping import sweep

__all__ = ["Forecast", "Plan", "Shard", "Swept", "forecast", "merge", "open_sweep", "read_plan", "sweep"]
