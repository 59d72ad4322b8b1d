r"""The value of knowing one uncertain input before deciding, told from simulated worlds alone.

With decisions :math:`d`, benefits :math:`B_d` and one input :math:`\theta_i`, the expected value of partial
perfect information is

.. math:: E_{\theta_i}\left[\max_d E[B_d \mid \theta_i]\right] - \max_d E[B_d].

The inner expectation is a regression of benefits on the input over worlds in which all inputs were drawn
together (Strong, Oakley and Brennan 2014, who use a generalised additive model; here it is a natural cubic
spline). So no further runs are needed, and the luck of single histories is residual like the other inputs.
The spline is as wiggly as its error on worlds left out allows: a constant, a straight line, or two or four
knots inside.

The largest of noisy numbers is too large on average, so chance alone gives every input some value. How much
is measured, not assumed: benefits are dealt to the worlds anew many times, and the largest value that any
input then seems to have is compared with the real one (Westfall and Young 1993).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiment.errors import ExperimentError
from sim.experiment.statistics import Estimate, estimate

DEALS = 199
RESAMPLES = 300
LEAST_WORLDS = 32
_INNER_KNOTS = (0, 2, 4)
_Columns = Mapping[str, Sequence[float] | np.ndarray]


@dataclass(frozen=True)
class Knowing:
    """What it is worth to know one input.

    Attributes
    ----------
    name
        The input.
    value
        Expected value of knowing it, in the unit of the benefits, with a bootstrap interval over worlds.
    p_value
        Chance that any input would seem worth so much if none told anything about the benefits.
    flips_at
        Values of the input at which another decision becomes the best one, from low to high.
    choices
        Best decision below the first of them, between each two, and above the last.
    """

    name: str
    value: Estimate
    p_value: float
    flips_at: tuple[float, ...]
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Information:
    """What it is worth to know more before deciding.

    Attributes
    ----------
    decisions
        Expected benefit of each decision.
    best
        The best one with what is known now.
    everything
        Expected value of knowing everything: every input and the luck of the year. No study is worth more.
    wrong
        Share of worlds in which another decision would have done better.
    inputs
        Value of knowing each input, the largest first.
    """

    decisions: Mapping[str, Estimate]
    best: str
    everything: Estimate
    wrong: float
    inputs: tuple[Knowing, ...]


def information_from(inputs: _Columns, benefits: _Columns, *, unit: str = "", seed: int = 1) -> Information:
    """Tell what knowing each input is worth, from runs at hand.

    Parameters
    ----------
    inputs
        Values of each uncertain input, one per world, drawn from what is plausible (a mapping or a table).
    benefits
        Benefit of each decision in the same worlds, more is better; at least two decisions.
    unit
        Unit of the benefits.
    seed
        Seed of the resampling.

    Raises
    ------
    ExperimentError
        If there are fewer than 32 worlds or two decisions, or the columns have different lengths.

    Examples
    --------
    Where the alternative gains ``x`` and ``x`` lies evenly from -1 to 1, knowing ``x`` is worth 1/4 and
    knowing something else nothing:

    >>> import numpy as np
    >>> x = np.linspace(-1, 1, 201)
    >>> found = information_from({"x": x, "other": np.tile([1.0, 2.0, 3.0], 67)}, {"stay": 0 * x, "go": x})
    >>> [(one.name, round(one.value.mean, 2)) for one in found.inputs]
    [('x', 0.25), ('other', 0.0)]
    """
    columns = {name: np.asarray(inputs[name], dtype=float) for name in inputs}
    names = list(benefits)
    table = _table(columns, {name: np.asarray(benefits[name], dtype=float) for name in names})
    means = table.mean(axis=0)
    best = int(means.argmax())
    gains = np.delete(table - table[:, [best]], best, axis=1)  # of each other decision over the best one
    others = [name for name in names if name != names[best]]
    splines = {name: Spline(column) for name, column in columns.items()}
    values = {name: float(spline.values(gains[:, :, None])[0]) for name, spline in splines.items()}
    chance = _largest_by_chance(tuple(splines.values()), gains, seed)
    weights = _resampled(len(table), seed)
    found = []
    for name, spline in splines.items():
        p_value = float((1 + (chance >= values[name]).sum()) / (1 + len(chance))) if values[name] > 0 else 1.0
        flips, choices = spline.flips(gains)
        interval = _interval(values[name], spline.resampled_values(gains, weights), unit, len(table))
        words = tuple(names[best] if choice < 0 else others[choice] for choice in choices)
        found.append(Knowing(name, interval, p_value, flips, words))
    regret = np.maximum(gains.max(axis=1), 0.0)
    return Information(
        decisions={name: estimate(table[:, i].tolist(), unit) for i, name in enumerate(names)},
        best=names[best],
        everything=estimate(regret.tolist(), unit),
        wrong=float((regret > 0).mean()),
        inputs=tuple(sorted(found, key=lambda one: (-one.value.mean, one.p_value, one.name))),
    )


def _table(columns: Mapping[str, np.ndarray], benefits: Mapping[str, np.ndarray]) -> np.ndarray:
    if len(benefits) < 2:
        raise ExperimentError(
            f"information needs at least 2 decisions to choose from (found {len(benefits)})"
        )
    lengths = {len(column) for column in (*columns.values(), *benefits.values())}
    if len(lengths) != 1:
        raise ExperimentError(
            f"inputs and benefits should have one value per world (found {sorted(lengths)})"
        )
    worlds = lengths.pop()
    if worlds < LEAST_WORLDS:
        raise ExperimentError(f"information needs at least {LEAST_WORLDS} worlds (found {worlds})")
    return np.column_stack(list(benefits.values()))


class Spline:
    """Regressions of gains on one input, from a constant to a natural cubic spline.

    Parameters
    ----------
    column
        Values of the input, one per world.
    """

    def __init__(self, column: np.ndarray) -> None:
        self._column = column
        spread = float(np.ptp(column))
        self._scaled = (column - column.min()) / spread if spread > 0 else np.zeros_like(column)
        distinct = len(np.unique(column))
        self._bases = [np.linalg.qr(np.ones((len(column), 1)))[0]]
        self._designs = [np.ones((len(column), 1))]
        for knots in _INNER_KNOTS:
            if distinct > knots + 2:
                self._designs.append(_natural_spline(self._scaled, knots))
                self._bases.append(np.linalg.qr(self._designs[-1])[0])

    def _fits(self, gains: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return fitted gains like ``gains`` (worlds x decisions x cases), and which basis fits each case.

        The basis of a case is the one with the smallest squared error on worlds left out one at a time,
        relative to the spread of each decision's gains.
        """
        scale = gains.var(axis=0) + np.finfo(float).tiny
        fits, errors = [], []
        for basis in self._bases:
            fitted = np.tensordot(basis, np.tensordot(basis.T, gains, axes=1), axes=1)
            leverage = (basis**2).sum(axis=1)[:, None, None]
            left_out = ((gains - fitted) / np.maximum(1.0 - leverage, 1e-9)) ** 2
            fits.append(fitted)
            errors.append((left_out.mean(axis=0) / scale).sum(axis=0))
        chosen = np.argmin(errors, axis=0)
        best = np.choose(chosen[None, None, :], fits) if len(fits) > 1 else fits[0]
        return best, chosen

    def values(self, gains: np.ndarray) -> np.ndarray:
        """Return the value of knowing the input, for each case of gains (worlds x decisions x cases)."""
        fitted, _ = self._fits(gains)
        informed = np.maximum(fitted.max(axis=1), 0.0).mean(axis=0)
        return np.asarray(informed - np.maximum(gains.mean(axis=0).max(axis=0), 0.0))

    def resampled_values(self, gains: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the value for each row of weights of the worlds, with the basis that fits the whole best."""
        chosen = int(self._fits(gains[:, :, None])[1][0])
        design = self._designs[max(chosen, min(1, len(self._designs) - 1))]
        columns = design.shape[1]
        products = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
        normal = (weights @ products).reshape(-1, columns, columns)
        normal = normal + 1e-9 * np.eye(columns) * np.trace(normal, axis1=1, axis2=2)[:, None, None]
        values = (design[:, :, None] * gains[:, None, :]).reshape(len(design), -1)
        right = (weights @ values).reshape(-1, columns, gains.shape[1])
        fitted = design @ np.linalg.solve(normal, right)  # cases x worlds x decisions
        share = weights / weights.sum(axis=1, keepdims=True)
        informed = (share * np.maximum(fitted.max(axis=2), 0.0)).sum(axis=1)
        return np.asarray(np.maximum(informed - np.maximum((share @ gains).max(axis=1), 0.0), 0.0))

    def flips(self, gains: np.ndarray) -> tuple[tuple[float, ...], tuple[int, ...]]:
        """Return where the best decision changes along the input, and the best in between (-1: today's)."""
        fitted = self._fits(gains[:, :, None])[0][:, :, 0]
        order = np.argsort(self._column, kind="stable")
        padded = np.column_stack([np.zeros(len(fitted)), fitted])[order]
        where, best = self._column[order], padded.argmax(axis=1)
        flips, choices = [], [int(best[0]) - 1]
        for place in np.flatnonzero(np.diff(best)).tolist():
            lead = padded[:, best[place + 1]] - padded[:, best[place]]
            before, after = float(lead[place]), float(lead[place + 1])
            part = before / (before - after) if before != after else 0.5
            flips.append(float(where[place] + part * (where[place + 1] - where[place])))
            choices.append(int(best[place + 1]) - 1)
        return tuple(flips), tuple(choices)


def _natural_spline(x: np.ndarray, inner: int) -> np.ndarray:
    """Return a basis of natural cubic splines (Hastie, Tibshirani and Friedman 2009, equation 5.4).

    Knots lie at even quantiles, the outer two at the ends; with no inner knot it is a straight line.
    """
    knots = np.unique(np.quantile(x, np.linspace(0.0, 1.0, inner + 2)))
    cubes = np.maximum(x[:, None] - knots[None, :], 0.0) ** 3
    slopes = (cubes[:, :-1] - cubes[:, -1:]) / (knots[-1] - knots[:-1])
    return np.column_stack([np.ones_like(x), x, slopes[:, :-1] - slopes[:, -1:]])


def _largest_by_chance(splines: Sequence[Spline], gains: np.ndarray, seed: int) -> np.ndarray:
    """Return the largest value of any input in each of many deals of the gains to the worlds."""
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(0,)))
    dealt = np.stack([gains[rng.permutation(len(gains))] for _ in range(DEALS)], axis=2)
    largest = np.zeros(DEALS)
    for spline in splines:
        largest = np.maximum(largest, spline.values(dealt))
    return largest


def _resampled(worlds: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,)))
    return np.asarray(rng.multinomial(worlds, np.full(worlds, 1.0 / worlds), size=RESAMPLES), dtype=float)


def _interval(value: float, again: np.ndarray, unit: str, worlds: int) -> Estimate:
    low, high = np.quantile(again, (0.025, 0.975)).tolist()
    return Estimate(max(value, 0.0), min(low, value), max(high, value), unit, worlds)
