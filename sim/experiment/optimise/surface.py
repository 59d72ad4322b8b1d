"""A response surface: where, by a quadratic fitted to what has been tried, better settings should lie.

The surface only proposes (Box and Wilson 1951; Kleijnen 2015, chapter 4); whatever it proposes is simulated,
and no figure of an answer comes from it.
"""

from __future__ import annotations

from collections.abc import Container, Sequence

import numpy as np

from sim.experiment.optimise.space import Setting, Space
from sim.experiment.optimise.trials import Order, Trial

_DRAWN = 2_000  # points at which the surface is read
_NEVER = 1e-6  # ridge: keeps coefficients finite where there are fewer points than these


class Surface:
    """Quadratics of merit and slacks over the levers that are numbers, weighted towards a centre.

    Parameters
    ----------
    space
        The levers.
    trials
        What has been tried and could be simulated. Only trials with the centre's options count.
    centre
        Setting around which the fit should be good.
    reach
        Distance, as a share of each span, at which a trial counts about 0.6 as much as one at the centre.
    """

    def __init__(self, space: Space, trials: Sequence[Trial], centre: Setting, reach: float) -> None:
        self._space = space
        self._numbers = [i for i, one in enumerate(space.dimensions) if not one.options]
        self._spans = np.array([max(1, space.dimensions[i].count - 1) for i in self._numbers], dtype=float)
        self._centre = np.array(space.places(centre))
        fixed = [i for i in range(len(space.dimensions)) if i not in self._numbers]
        alike = [one for one in trials if all(one.setting[i] == centre[i] for i in fixed)]
        places = np.array([space.places(one.setting) for one in alike])
        offsets = self._offsets(places)
        weights = np.exp(-0.5 * (offsets**2).sum(axis=1) / (2.0 * reach) ** 2)
        values = np.array([(one.merit, *one.slacks) for one in alike])
        self._shift, self._scale = values.mean(axis=0), values.std(axis=0) + 1e-300
        terms = _terms(offsets / reach) * np.sqrt(weights)[:, None]
        target = (values - self._shift) / self._scale * np.sqrt(weights)[:, None]
        ridge = np.sqrt(_NEVER) * np.eye(terms.shape[1])
        self._fit = np.linalg.lstsq(
            np.vstack([terms, ridge]),
            np.vstack([target, np.zeros((len(ridge), target.shape[1]))]),
            rcond=None,
        )[0]
        self._reach = reach

    def _offsets(self, places: np.ndarray) -> np.ndarray:
        return (places[:, self._numbers] - self._centre[self._numbers]) / self._spans

    def read(self, places: np.ndarray) -> np.ndarray:
        """Return merit and slacks as the surface has them, one row for each row of places."""
        return _terms(self._offsets(places) / self._reach) @ self._fit * self._scale + self._shift

    def draw(self, radius: float, luck: np.random.Generator) -> np.ndarray:
        """Draw places evenly within ``radius`` (a share of each span) of the centre."""
        wide = np.maximum(radius * self._spans, 1.0)
        places = np.tile(self._centre, (_DRAWN, 1))
        moves = luck.uniform(-1.0, 1.0, (_DRAWN, len(self._numbers))) * wide
        places[:, self._numbers] += np.rint(moves).astype(int)
        ends = np.array([one.count - 1 for one in self._space.dimensions])
        return np.clip(places, 0, ends)

    def propose(
        self, radius: float, order: Order, luck: np.random.Generator, known: Container[Setting]
    ) -> list[Setting]:
        """Return up to three new settings within ``radius``: the surface's best, its best nearer by, any.

        Parameters
        ----------
        radius
            Share of each span that may be left behind in one step.
        order
            Which is better.
        luck
            Generator of the points at which the surface is read.
        known
            Settings that have been tried.
        """
        found: list[Setting] = []
        for part in (radius, radius / 2.0):
            drawn = self.draw(part, luck)
            values = self.read(drawn)
            ranked = drawn[order.ranking(values[:, 0], values[:, 1:])]
            found += self._first_new(ranked, known, found)
        return found + self._first_new(self.draw(radius, luck), known, found)

    def _first_new(
        self, places: np.ndarray, known: Container[Setting], found: Sequence[Setting]
    ) -> list[Setting]:
        for row in places.tolist():
            setting = self._space.at(row)
            if setting not in known and setting not in found:
                return [setting]
        return []


def _terms(offsets: np.ndarray) -> np.ndarray:
    """Constant, linear, square and product terms of a quadratic.

    >>> _terms(np.array([[2.0, 3.0]])).tolist()
    [[1.0, 2.0, 3.0, 4.0, 6.0, 9.0]]
    """
    count, width = offsets.shape
    products = [offsets[:, i] * offsets[:, j] for i in range(width) for j in range(i, width)]
    return np.column_stack([np.ones(count), offsets, *products])
