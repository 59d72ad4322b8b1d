"""What the study of scale found, as objects and as the JSON that other programs read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.experiment.causes import Cause
from sim.experiment.frames import frame_of
from sim.experiment.headline import Service
from sim.experiment.paths import PATHS
from sim.experiment.statistics import Estimate
from sim.experiment.study import LabelledRun, Recipe
from sim.experiment.verdict import Curve
from sim.experiment.worlds import PlausibleWorlds

if TYPE_CHECKING:
    import pandas as pd

ADDED_LATER = frozenset({"service_gap", "size_range"})
"""What a result may lack because it was recorded before this was in it."""


def _json(value: Estimate | None) -> dict[str, Any] | None:
    return None if value is None else value.as_dict()


@dataclass(frozen=True)
class ScaleStep:
    """One size.

    Attributes
    ----------
    volume
        Relative to the scenario's own.
    orders
        Orders in the measured period; None where this size cannot be reached, like all that follows.
    quantity
        What the average is per: orders or parcels.
    average_cost
        Of the metric, per order or parcel.
    marginal_cost
        Of one more order or parcel between the rung below and this one; None on the first rung and where the
        quantity does not grow.
    incremental_cost
        Per order or parcel, above what the study compares with.
    contribution
        Profit before financing per order.
    by_bucket
        Average cost by group of accounts.
    share_in_hands
        Share of the layer's (or all online) orders in the customer's hands in time; None without any.
    not_reachable
        Why this size cannot be reached; empty where it can.
    """

    volume: float
    orders: Estimate | None = None
    quantity: Estimate | None = None
    average_cost: Estimate | None = None
    marginal_cost: Estimate | None = None
    incremental_cost: Estimate | None = None
    contribution: Estimate | None = None
    by_bucket: Mapping[str, Estimate] = field(default_factory=dict)
    share_in_hands: Estimate | None = None
    not_reachable: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return an element of ``steps``."""
        row: dict[str, Any] = {
            "volume": self.volume,
            "orders": _json(self.orders),
            "quantity": _json(self.quantity),
            "average_cost": _json(self.average_cost),
            "marginal_cost": _json(self.marginal_cost),
            "incremental_cost": _json(self.incremental_cost),
            "contribution": _json(self.contribution),
            "by_bucket": {name: value.as_dict() for name, value in self.by_bucket.items()},
            "share_in_hands": _json(self.share_in_hands),
        }
        if self.not_reachable:
            row["not_reachable"] = self.not_reachable
        return row


@dataclass(frozen=True)
class MetricCurve:
    """A metric along the ladder.

    Attributes
    ----------
    average
        Its value on each reachable rung, in its own sense (a contribution is positive when it is a profit).
    curve
        Its reading as a cost.
    """

    average: tuple[Estimate, ...]
    curve: Curve

    def as_dict(self) -> dict[str, Any]:
        """Return an element of ``metrics``."""
        return {
            "average": [value.as_dict() for value in self.average],
            "elasticity": _json(self.curve.elasticity),
            "verdict": self.curve.verdict,
        }


@dataclass(frozen=True)
class ScaleResult:
    """Does cost fall or rise along one growth path, and why.

    Attributes
    ----------
    scenario, scenario_hash, metric, scope, path
        What was asked.
    steps
        All sizes, smallest first.
    curve
        Elasticity, segments, turning point, efficient scale and verdict of ``metric``.
    metrics
        The same for all metrics that the scenario has.
    headline
        The answer in words.
    against
        Name of what it is compared with; empty without any.
    causes
        Why average cost changes between the smallest and the largest reachable size.
    plausible_worlds
        Share of plausible worlds with the same verdict; None if none were drawn.
    service
        In the customer's hands in time, per reachable rung.
    size_range
        Smallest and largest size reached, in what elasticity is to; None where none was reached.
    start
        ``mature`` or ``launch``.
    notes
        What limits the answer.
    """

    scenario: str
    scenario_hash: str
    metric: str
    scope: str
    path: str
    adjust: str
    growth_months: int | None
    seed: int
    replications: int
    steps: tuple[ScaleStep, ...]
    curve: Curve | None
    metrics: Mapping[str, MetricCurve]
    headline: str
    against: str
    causes: tuple[Cause, ...]
    plausible_worlds: PlausibleWorlds | None
    service: Service | None
    size_range: tuple[float, float] | None
    start: str
    notes: tuple[str, ...]
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    @property
    def verdict(self) -> str:
        """One of ``scalable non_scalable neutral stops_scaling cannot_tell``."""
        return "cannot_tell" if self.curve is None else self.curve.verdict

    @property
    def elasticity(self) -> Estimate | None:
        """Elasticity of average cost between the ends of the ladder."""
        return None if self.curve is None else self.curve.elasticity

    @property
    def turning_point(self) -> Estimate | None:
        """Size at which cost stops falling."""
        return None if self.curve is None else self.curve.turning_point

    @property
    def minimum_efficient_scale(self) -> Estimate | None:
        """Smallest size within 5% of the lowest average cost that was tried."""
        return None if self.curve is None else self.curve.minimum_efficient_scale

    def frame(self) -> pd.DataFrame:
        """Return one row per size and figure: mean, low, high, unit, n; what cannot be reached has none."""
        import pandas as pd

        figures = ("orders", "average_cost", "marginal_cost", "incremental_cost", "contribution")
        parts = []
        for step in self.steps:
            known = {name: value for name in figures if (value := getattr(step, name)) is not None}
            parts.append(frame_of(known, "figure").reset_index().assign(volume=step.volume))
        table = pd.concat(parts, ignore_index=True)
        return table[["volume", "figure", "mean", "low", "high", "unit", "n"]]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``scale --path ... --json``."""
        return {
            "scenario": self.scenario,
            "metric": self.metric,
            "path": self.path,
            "steps": [step.as_dict() for step in self.steps],
            "elasticity": _json(self.elasticity),
            "elasticity_to": PATHS[self.path].elasticity_to,
            "minimum_efficient_scale": _json(self.minimum_efficient_scale),
            "turning_point": _json(self.turning_point),
            "verdict": self.verdict,
            "headline": self.headline,
            "against": self.against or None,
            "causes": [cause.as_dict() for cause in self.causes],
            "plausible_worlds": None if self.plausible_worlds is None else self.plausible_worlds.as_dict(),
            "segments": [] if self.curve is None else [value.as_dict() for value in self.curve.segments],
            "reason": "" if self.curve is None else self.curve.reason,
            "metrics": {name: found.as_dict() for name, found in self.metrics.items()},
            "scenario_hash": self.scenario_hash,
            "scope": self.scope,
            "start": self.start,
            "adjust": self.adjust,
            "growth_months": self.growth_months,
            "seed": self.seed,
            "replications": self.replications,
            "equal_service": None if self.service is None else self.service.is_equal(),
            "service_gap": None if self.service is None else self.service.as_dict(),
            "size_range": None if self.size_range is None else list(self.size_range),
            "notes": list(self.notes),
        }


@dataclass(frozen=True)
class ScalePaths:
    """All growth paths of a scenario side by side, without a verdict over all of them.

    Attributes
    ----------
    paths
        One result per growth path; a path that does not apply has no steps and says why in its headline.
    """

    scenario: str
    paths: tuple[ScaleResult, ...]
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``scale --json`` without a path."""
        return {"paths": [result.as_dict() for result in self.paths]}
