"""A planted simulation whose pickup layer has the figures that claims and sensitivities ask for."""

from __future__ import annotations

from typing import Any

from tests.experiment.planted import Curve, PlantedRun
from tests.experiment.planted import simulate as planted


def simulate(scenario: Any, seed: int, **options: Any) -> PlantedRun:
    """A planted history with the layer's cost per parcel, on a curve that falls with volume."""
    run = planted(scenario, seed, curve=Curve(fixed=1e5), **options)
    if "layer_cost" in run.kpis:
        run.kpis["layer_cost_per_parcel"] = run.kpis["layer_cost"] / run.kpis["layer_parcels"]
    return run
