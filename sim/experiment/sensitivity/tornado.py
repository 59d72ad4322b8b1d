"""One assumption after the other, from one end of its own plausible range to the other.

Low end, high end and the scenario's own value meet the same shoppers (common random numbers), so a swing is
a paired difference over replications with Student's t interval, far sharper than the levels are.

A bar is *within noise* when neither its swing nor its bend (the mean of both ends less the scenario's own)
can be told from zero. Several dozen bars are tested at once, so their p-values are corrected by Holm
(1979): where nothing matters at all, the chance that any bar stands out is at most 5%.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import RunFailedError
from sim.experiment.runner import Runner
from sim.experiment.sensitivity.factors import Factor
from sim.experiment.sensitivity.noise import SIGNIFICANCE, holm, p_of_mean
from sim.experiment.sensitivity.question import Question, question_of
from sim.experiment.sensitivity.response import Ask, Histories
from sim.experiment.sensitivity.study import Sensitivity, conduct
from sim.experiment.statistics import Estimate, difference, estimate

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario


@dataclass(frozen=True)
class End:
    """One end of a bar.

    Attributes
    ----------
    value
        Value of the assumption.
    result
        Figure there.
    """

    value: float
    result: Estimate

    def as_dict(self) -> dict[str, Any]:
        """Return value and figure."""
        return {"value": self.value, "result": self.result.as_dict()}


@dataclass(frozen=True)
class Bar:
    """What one assumption does.

    Attributes
    ----------
    factor
        The assumption.
    low, high
        Figure at the ends of its range.
    swing
        Figure at the high end less that at the low end, paired.
    bend
        Mean of the figures at both ends less the figure at the scenario's own value, paired. A straight line
        through the middle of the range has none.
    spread
        Largest less smallest of the three means: what bars are sorted by.
    p_value
        Chance of a swing or bend at least as clear if the assumption did nothing, corrected for the number
        of bars.
    """

    factor: Factor
    low: End
    high: End
    swing: Estimate
    bend: Estimate
    spread: float
    p_value: float

    @property
    def within_noise(self) -> bool:
        """Whether the bar cannot be told from chance."""
        return self.p_value > SIGNIFICANCE

    def as_dict(self) -> dict[str, Any]:
        """Return a row of the result."""
        return {
            **self.factor.as_dict(),
            "low": self.low.as_dict(),
            "high": self.high.as_dict(),
            "swing": self.swing.as_dict(),
            "bend": self.bend.as_dict(),
            "spread": self.spread,
            "p_value": self.p_value,
            "within_noise": self.within_noise,
        }


@dataclass(frozen=True)
class Tornado(Sensitivity):
    """Bars sorted by how far they reach.

    Attributes
    ----------
    base
        Figure at the scenario's own values.
    bars
        One for each assumption that was looked at, the longest first.
    failed
        Assumptions with an end at which the world could not be simulated.
    """

    base: Estimate
    bars: tuple[Bar, ...]
    failed: tuple[str, ...]

    def rows(self) -> list[dict[str, Any]]:
        """Return the bars as plain data, the longest first."""
        return [bar.as_dict() for bar in self.bars]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``sensitivity --method tornado --json``."""
        return {**super().as_dict(), "base": self.base.as_dict(), "failed": list(self.failed)}


def tornado(
    scenario: Scenario,
    *,
    metric: str | None = None,
    parameters: Sequence[str] = (),
    keep: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    against: Scenario | None = None,
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Tornado:
    """Move one assumption after the other over its own plausible range.

    Parameters
    ----------
    scenario
        Whose assumptions.
    metric
        Figure that is looked at; contribution per order if None.
    parameters
        Paths or shell patterns of assumptions; all of them are measured. Without any, all assumptions with a
        range are screened and ``keep`` of them (20 if None) measured.
    keep
        How many survive the screening.
    replications
        Histories of each world, at least 2; 5 if None.
    seed
        Seed of the study.
    against
        Look at the paired difference to this scenario.
    runner, workers, out
        As in :func:`sim.experiment.replicate`.

    Raises
    ------
    ExperimentError
        If the request makes no sense.
    RunFailedError
        If the scenario itself, or every changed world, could not be simulated.
    """
    question = question_of(
        "tornado",
        scenario,
        metric=metric,
        against=against,
        parameters=parameters,
        keep=keep,
        replications=replications,
        seed=seed,
    )
    return conduct(question, measure_bars, runner, workers, out)


def measure_bars(
    question: Question, factors: tuple[Factor, ...], histories: Histories
) -> Callable[..., Tornado]:
    """Simulate both ends of every assumption and return what makes the result."""
    luck = range(question.replications)
    own = histories.own("own values", question.replications)
    asks = [
        Ask(f"{factor.path} {side}", number, {factor.path: value})
        for factor in factors
        for side, value in (("low", factor.low), ("high", factor.high))
        for number in luck
    ]
    found = histories.values(asks).reshape(len(factors), 2, len(luck))
    whole = [not bool(np.isnan(one).any()) for one in found]
    failed = tuple(factor.path for factor, is_whole in zip(factors, whole, strict=True) if not is_whole)
    if not any(whole):
        raise RunFailedError(f"no assumption could be moved over its range: {histories.lost[0]}")
    measured = [
        _contrasts(own, ends[0].tolist(), ends[1].tolist(), histories.response.unit)
        for ends, is_whole in zip(found, whole, strict=True)
        if is_whole
    ]
    there = [factor for factor, is_whole in zip(factors, whole, strict=True) if is_whole]
    corrected = holm([p_value for *_, p_value in measured])
    bars = [
        Bar(factor, End(factor.low, low), End(factor.high, high), swing, bend, spread, p_value)
        for factor, (low, high, swing, bend, spread, _), p_value in zip(
            there, measured, corrected, strict=True
        )
    ]
    ordered = tuple(sorted(bars, key=lambda bar: (-bar.spread, bar.factor.path)))
    base = estimate(own, histories.response.unit)

    def finish(**common: Any) -> Tornado:
        return Tornado(base=base, bars=ordered, failed=failed, **common)

    return finish


def _contrasts(
    own: Sequence[float], low: Sequence[float], high: Sequence[float], unit: str
) -> tuple[Estimate, Estimate, Estimate, Estimate, float, float]:
    """Return both ends, swing, bend, spread, and the p-value of there being neither swing nor bend."""
    swings = [b - a for a, b in zip(low, high, strict=True)]
    bends = [(a + b) / 2.0 - o for a, b, o in zip(low, high, own, strict=True)]
    ends = estimate(low, unit), estimate(high, unit)
    means = (ends[0].mean, ends[1].mean, estimate(own, unit).mean)
    p_value = min(1.0, 2.0 * min(p_of_mean(swings), p_of_mean(bends)))
    bend = estimate(bends, unit)
    return *ends, difference(low, high, unit), bend, max(means) - min(means), p_value
