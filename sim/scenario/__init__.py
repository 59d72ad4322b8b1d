"""Scenarios: what the user writes, read, merged, validated and explained.

``load`` gives a frozen :class:`Scenario`. This package knows values and evidence; it knows nothing of runs.
"""

from sim.scenario.entries import Entry
from sim.scenario.explaining import Difference, difference, explain
from sim.scenario.fields import UnknownPathError
from sim.scenario.loading import load, loads
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.reference import json_schema, reference_markdown
from sim.scenario.scenario import Scenario
from sim.scenario.shipped import scenarios_folder, shipped

__all__ = [
    "Difference",
    "Entry",
    "Problem",
    "Scenario",
    "ScenarioError",
    "UnknownPathError",
    "difference",
    "explain",
    "json_schema",
    "load",
    "loads",
    "reference_markdown",
    "scenarios_folder",
    "shipped",
]
