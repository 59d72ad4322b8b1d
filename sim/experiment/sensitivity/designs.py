"""Designs over the unit cube: where the worlds of a study lie in the ranges of their assumptions.

Trajectories and the base sample of Sobol' indices are SALib's, draws of worlds are SciPy's. SALib takes a
second to import, so it is loaded when it is used.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from sim.experiment.errors import ExperimentError

LEVELS = 4


def _problem(factors: int) -> dict[str, Any]:
    names = [f"x{number}" for number in range(factors)]
    return {"num_vars": factors, "names": names, "bounds": [[0.0, 1.0]] * factors}


def trajectories(factors: int, count: int, seed: int) -> np.ndarray:
    """Draw trajectories of Morris (1991) on a grid of four levels.

    Returns
    -------
    numpy.ndarray
        Trajectories x (factors + 1) places x factors, from 0 to 1; neighbouring places differ in one factor.

    Raises
    ------
    ExperimentError
        If SALib is not installed.
    """
    drawn = _salib("morris").sample(_problem(factors), count, num_levels=LEVELS, seed=seed)
    return np.asarray(drawn).reshape(count, factors + 1, factors)


def saltelli_sample(factors: int, count: int, seed: int) -> np.ndarray:
    """Draw the sample of Saltelli et al. (2010) from a scrambled Sobol' sequence.

    Returns
    -------
    numpy.ndarray
        Base points x (factors + 2) x factors: first A, then A with each column from B in turn, last B.

    Raises
    ------
    ExperimentError
        If SALib is not installed.
    """
    drawn = _salib("sobol").sample(_problem(factors), count, calc_second_order=False, seed=seed)
    return np.asarray(drawn).reshape(count, factors + 2, factors)


def latin_hypercube(factors: int, count: int, seed: int) -> np.ndarray:
    """Draw worlds so that each assumption is tried evenly over its range (McKay, Beckman and Conover 1979).

    Returns
    -------
    numpy.ndarray
        Worlds x factors, from 0 to 1.
    """
    from scipy.stats import qmc

    return qmc.LatinHypercube(factors, rng=np.random.default_rng(seed)).random(count)


def _salib(method: str) -> Any:
    """Return the sampler of a method; it is not loaded before it is needed."""
    try:
        return importlib.import_module(f"SALib.sample.{method}")
    except ModuleNotFoundError as error:
        raise ExperimentError(
            "Morris and Sobol' designs need SALib: pip install 'channelsim[sensitivity]'"
        ) from error
