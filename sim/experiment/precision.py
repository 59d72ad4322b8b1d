"""Replications until an interval is narrow enough, or until a budget of them is spent.

The rule is the replications algorithm of Hoad, Robinson and Davies (2010, J. Opl. Res. Soc. 61, 1632-1644),
as in sim-tools: replications are added in the order of their numbers until the half-width of the 95% interval
is within the target, and stays there while ``look_ahead`` more are added (from 100 replications on,
proportionally more). All replications that were run, looking ahead included, are reported: that costs nothing
and takes most of the optimism out of stopping at a lucky moment. What is left of it: of 20,000 pairs of equal
scenarios between 4.8% and 5.9% look different instead of 5% with the default of at least five replications,
and up to 6.4% with three.

Replications are asked for in groups of exactly as many as the rule needs at least before it can stop, so that
workers share them, none is wasted, and the number does not depend on how many workers there are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.comparison import Compared, compare
from sim.experiment.errors import ExperimentError
from sim.experiment.figures import Figure
from sim.experiment.given import check_scenarios
from sim.experiment.jobs import Options, Summary
from sim.experiment.metrics import BRAND
from sim.experiment.replication import Replicated, replicate
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seed
from sim.experiment.statistics import t_quantile
from sim.experiment.study import job_for, runner_for

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

FEWEST = 3
LEAST = 5
MOST = 100
LOOK_AHEAD = 5
DEFAULT_METRIC = "contribution_per_order"
_PROPORTIONAL_FROM = 100


@dataclass(frozen=True)
class Precision:
    """How narrow intervals should become, and what that may cost.

    Parameters
    ----------
    width
        Half-width aimed at: in the figure's own unit, or as a share of its mean if ``relative``.
    relative
        Whether ``width`` is a share. For a difference it is a share of the first scenario's mean: a
        difference of nothing has no width relative to itself.
    metrics
        Figures that must all be that narrow; see :class:`sim.experiment.figures.Figure`.
    least, most
        Number of replications from which the width counts, at least 3, and the budget.
    look_ahead
        Replications over which the width must hold (for every hundred of them beyond the first hundred).

    Raises
    ------
    ExperimentError
        If these make no sense together, or a figure is unknown.
    """

    width: float
    relative: bool = True
    metrics: tuple[str, ...] = (DEFAULT_METRIC,)
    least: int = LEAST
    most: int = MOST
    look_ahead: int = LOOK_AHEAD
    figures: tuple[Figure, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (math.isfinite(self.width) and self.width > 0):
            raise ExperimentError(f"the width to reach should be above 0 (found {self.width:g})")
        if self.look_ahead < 0:
            raise ExperimentError(f"the look-ahead should be at least 0 (found {self.look_ahead})")
        if not FEWEST <= self.least <= self.most:
            raise ExperimentError(
                f"replications should run from at least {FEWEST} to the most "
                f"(found {self.least} and {self.most})"
            )
        if not self.metrics:
            raise ExperimentError("name at least one figure whose width is watched")
        object.__setattr__(self, "figures", tuple(Figure(name) for name in self.metrics))

    @classmethod
    def parse(cls, text: str, **others: Any) -> Precision:
        """Read ``5%`` (of the mean) or ``0.5`` (in the figure's unit).

        Raises
        ------
        ExperimentError
            If it is neither.

        Examples
        --------
        >>> Precision.parse("5%").width, Precision.parse("0.5").relative
        (0.05, False)
        """
        written = text.strip()
        relative = written.endswith("%")
        try:
            number = float(written.removesuffix("%"))
        except ValueError:
            raise ExperimentError(
                f"a width should be a share such as 5% or a number in the figure's unit such as 0.5 "
                f"(found '{text}')"
            ) from None
        return cls(number / 100.0 if relative else number, relative, **others)

    def words(self) -> str:
        """Say what is aimed at."""
        return f"{self.width:.4g}" if not self.relative else f"{100.0 * self.width:.4g}% of the mean"


@dataclass(frozen=True)
class Watched:
    """How one figure's interval narrowed.

    Attributes
    ----------
    metric, unit
        Which figure.
    half_widths
        Half-width of the 95% interval after each number of replications from two on.
    targets
        What it should be at most, at the same numbers; for a share of the mean it moves with the mean.
    reached_at
        Smallest number of replications from which the width held while looking ahead; None if it did not.
    """

    metric: str
    unit: str
    half_widths: tuple[float, ...]
    targets: tuple[float, ...]
    reached_at: int | None

    @property
    def half_width(self) -> float:
        """Half-width with all replications."""
        return self.half_widths[-1]

    def width_words(self) -> str:
        """Write the half-width with its unit."""
        return f"{self.half_width:.4g}{' ' + self.unit if self.unit else ''}"

    def shortfall_words(self, aim: str) -> str:
        """Say what is wrong with the width where it was not reached."""
        if self.half_width <= self.targets[-1]:
            return f"within {aim}, but not for long enough to rely on it"
        return f"and {aim} was asked for"

    def as_dict(self) -> dict[str, Any]:
        """Return plain data."""
        return {
            "metric": self.metric,
            "unit": self.unit,
            "half_width": self.half_width,
            "target": self.targets[-1],
            "reached_at": self.reached_at,
        }


@dataclass(frozen=True)
class Stopped:
    """Why a study stopped when it did.

    Attributes
    ----------
    replications
        Replications that were run and are reported.
    precision
        What was asked for.
    watched
        Each figure that was watched.
    """

    replications: int
    precision: Precision
    watched: tuple[Watched, ...]

    @property
    def reached(self) -> bool:
        """Whether every figure is as narrow as it should be."""
        return all(one.reached_at is not None for one in self.watched)

    @property
    def reason(self) -> str:
        """Why it stopped, in one sentence."""
        aim = self.precision.words()
        if self.reached:
            first = max(one.reached_at or 0 for one in self.watched)
            ahead = self.replications - first
            held = f" and stayed there for {ahead} more" if ahead else ""
            widths = " and ".join(f"that of {one.metric} is {one.width_words()}" for one in self.watched)
            return (
                f"Stopped at {self.replications} replications because the half-width came within {aim} "
                f"at {first}{held}; now {widths}."
            )
        return (
            f"The budget of {self.precision.most} replications is spent; "
            + " and ".join(
                f"the half-width of {one.metric} is {one.width_words()}, {one.shortfall_words(aim)}"
                for one in self.watched
                if one.reached_at is None
            )
            + "."
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object ``stopping`` of ``run`` and ``compare``."""
        return {
            "replications": self.replications,
            "budget": self.precision.most,
            "width": self.precision.width,
            "relative": self.precision.relative,
            "look_ahead": self.precision.look_ahead,
            "reached": self.reached,
            "reason": self.reason,
            "metrics": [one.as_dict() for one in self.watched],
        }

    def table(self) -> pd.DataFrame:
        """Return the half-width of each figure after each number of replications.

        Returns
        -------
        pandas.DataFrame
            Columns ``metric``, ``replications``, ``half_width`` and ``target``.
        """
        import pandas as pd

        rows = [
            (one.metric, count, width, target)
            for one in self.watched
            for count, (width, target) in enumerate(zip(one.half_widths, one.targets, strict=True), 2)
        ]
        return pd.DataFrame(rows, columns=["metric", "replications", "half_width", "target"])


class Widths:
    """Half-width of one figure's interval as replications arrive, and whether it holds.

    Mean and variance are updated one value at a time (Welford 1962), so a long study costs no more per
    replication than a short one.

    Parameters
    ----------
    precision
        What is aimed at.
    """

    def __init__(self, precision: Precision) -> None:
        self._aim = precision
        self._count = 0
        self._mean = self._squares = self._reference = 0.0
        self._held = 0
        self.half_widths: list[float] = []
        self.targets: list[float] = []
        self.reached_at: int | None = None

    def add(self, value: float, reference: float) -> None:
        """Take the next replication: its value, and what a relative width is a share of."""
        self._count += 1
        step = value - self._mean
        self._mean += step / self._count
        self._squares += step * (value - self._mean)
        self._reference += (reference - self._reference) / self._count
        if self._count < 2:
            return
        spread = math.sqrt(max(self._squares, 0.0) / (self._count - 1) / self._count)
        self.half_widths.append(t_quantile(self._count - 1, 0.975) * spread)
        self.targets.append(self._aim.width * (abs(self._reference) if self._aim.relative else 1.0))
        if self.reached_at is not None or self._count < self._aim.least:
            return
        self._held = self._held + 1 if self.half_widths[-1] <= self.targets[-1] else 0
        if self._held > self._ahead():
            self.reached_at = self._count - self._held + 1

    def _ahead(self) -> int:
        return int(self._aim.look_ahead / 100.0 * max(self._count, _PROPORTIONAL_FROM))

    def missing(self) -> int:
        """Return the least number of replications without which the rule cannot stop; 0 once it has."""
        return 0 if self.reached_at is not None else max(1, self._ahead() + 1 - self._held)


def replications_until(
    precision: Precision, rows: Callable[[int, int], Sequence[Sequence[tuple[float, float]]]]
) -> Stopped:
    """Add replications until every figure's interval is narrow enough or the budget is spent.

    Parameters
    ----------
    precision
        When to stop.
    rows
        Called with the numbers of the first replication wanted and of the first no longer wanted; returns for
        each of them, in order, one (value, reference) per figure.
    """
    gauges = [Widths(precision) for _ in precision.figures]
    count, wanted = 0, precision.least + precision.look_ahead
    while wanted > 0 and count < precision.most:
        end = min(count + wanted, precision.most)
        for row in rows(count, end):
            for gauge, (value, reference) in zip(gauges, row, strict=True):
                gauge.add(value, reference)
        count = end
        wanted = max(gauge.missing() for gauge in gauges)
    watched = tuple(
        Watched(asked.text, asked.unit, tuple(gauge.half_widths), tuple(gauge.targets), gauge.reached_at)
        for asked, gauge in zip(precision.figures, gauges, strict=True)
    )
    return Stopped(count, precision, watched)


def _summaries(
    crew: Runner, scenarios: Sequence[Scenario], seed: int, span: range, options: Options
) -> list[Summary]:
    """Simulate some replications of scenarios: all of the first one, then all of the next."""
    seeds = [replication_seed(seed, index) for index in span]
    return crew.summaries(
        [job_for(scenario, own, options=options) for scenario in scenarios for own in seeds]
    )


def replicate_until(
    scenario: Scenario,
    precision: Precision,
    *,
    seed: int = 1,
    engine: str = "compiled",
    visits: str = "split",
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> tuple[Replicated, Stopped]:
    """Simulate as many histories of a scenario as a precision takes.

    Parameters
    ----------
    scenario
        What to simulate.
    precision
        When to stop.
    seed, engine, visits, runner, workers, out
        As in :func:`sim.experiment.replicate`; the record is that of the replications reached.

    Returns
    -------
    tuple of Replicated and Stopped
        Exactly what :func:`sim.experiment.replicate` gives for that number, and why it is that number.

    Raises
    ------
    ExperimentError
        If a figure does not apply to the scenario.
    RunFailedError
        If a history raised an error.
    """
    check_scenarios(scenario=scenario)
    options = Options(engine=engine, visits=visits)
    with runner_for(runner, workers) as crew:

        def rows(first: int, end: int) -> list[list[tuple[float, float]]]:
            found = _summaries(crew, [scenario], seed, range(first, end), options)
            values = [[asked.of(run) for asked in precision.figures] for run in found]
            return [[(value, value) for value in row] for row in values]

        stopped = replications_until(precision, rows)
        result = replicate(
            scenario,
            replications=stopped.replications,
            seed=seed,
            engine=engine,
            visits=visits,
            runner=crew,
            out=out,
        )
    return result, stopped


def compare_until(
    a: Scenario,
    b: Scenario,
    precision: Precision,
    *,
    seed: int = 1,
    scope: str = BRAND,
    engine: str = "compiled",
    visits: str = "split",
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> tuple[Compared, Stopped]:
    """Compare two scenarios with as many replications as a precision of their difference takes.

    Parameters
    ----------
    a, b
        The two scenarios; a relative width is a share of the mean of ``a``.
    precision, seed, scope, engine, visits, runner, workers, out
        As in :func:`replicate_until` and :func:`sim.experiment.compare`.

    Raises
    ------
    ExperimentError
        If a figure does not apply to a scenario, or the two cannot be compared.
    RunFailedError
        If a history raised an error.
    """
    check_scenarios(a=a, b=b)
    options = Options(engine=engine, visits=visits)
    with runner_for(runner, workers) as crew:

        def rows(first: int, end: int) -> list[list[tuple[float, float]]]:
            found = _summaries(crew, [a, b], seed, range(first, end), options)
            return [
                [(asked.of(y) - asked.of(x), asked.of(x)) for asked in precision.figures]
                for x, y in zip(found[: end - first], found[end - first :], strict=True)
            ]

        stopped = replications_until(precision, rows)
        result = compare(
            a,
            b,
            replications=stopped.replications,
            seed=seed,
            scope=scope,
            engine=engine,
            visits=visits,
            runner=crew,
            out=out,
        )
    return result, stopped
