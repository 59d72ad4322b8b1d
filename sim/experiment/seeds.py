"""Seeds of replications: spawned from the study's seed, never added to it."""

from __future__ import annotations

import numpy as np

from sim.experiment.errors import ExperimentError


def replication_seed(study_seed: int, index: int) -> int:
    """Return the seed of one replication.

    It depends on the study's seed and the replication's number alone, so that every scenario of a study meets
    the same shoppers (common random numbers). Seeds of different studies are unrelated, also when the
    studies' own seeds are neighbours, because both numbers are hashed (``numpy.random.SeedSequence``).

    Parameters
    ----------
    study_seed
        Seed of the whole study, zero or more.
    index
        Number of the replication, from zero.

    Returns
    -------
    int
        A number of 63 bits; it fits into a signed machine word.

    Raises
    ------
    ExperimentError
        If either number is negative.
    """
    if study_seed < 0 or index < 0:
        raise ExperimentError(f"a seed must be a whole number of at least 0 (found {min(study_seed, index)})")
    state = np.random.SeedSequence(study_seed, spawn_key=(index,)).generate_state(1, np.uint64)
    return int(state[0]) >> 1


def replication_seeds(study_seed: int, replications: int) -> tuple[int, ...]:
    """Return the seeds of the first ``replications`` replications of a study.

    Raises
    ------
    ExperimentError
        If fewer than one replication is asked for.
    """
    if replications < 1:
        raise ExperimentError(f"a study needs at least 1 replication (found {replications})")
    return tuple(replication_seed(study_seed, index) for index in range(replications))
