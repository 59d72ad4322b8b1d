"""Looking for good settings: everything where there is little, else a sampler and then a closer look.

Small spaces are tried whole. Large ones are explored by the tree-structured Parzen estimator of Optuna
(Bergstra et al. 2011; Akiba et al. 2019), asked and told in groups of a fixed size, so that what is tried
does not depend on how many workers there are. The rest of the budget looks around the best setting found, in
a region of trust that shrinks where its steps lead to nothing better; there a response surface proposes
(:mod:`sim.experiment.optimise.surface`).

Every setting meets the same histories, so the objective that the search sees is a fixed and nearly smooth
function of the levers (sample average approximation with common random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.errors import ExperimentError
from sim.experiment.optimise.space import Setting, Space
from sim.experiment.optimise.surface import Surface
from sim.experiment.optimise.trials import Bench, Order, Trial

if TYPE_CHECKING:
    import optuna

GROUP = 4
_EXPLORED = 0.5  # share of the settings that the sampler chooses; the rest look around the best of them
_FIRST = 0.3  # share of the sampler's settings that are spread evenly before it learns
_PATIENCE = 20  # groups without a new setting after which the sampler has nothing to add
FIRST_REACH = 0.25  # share of each span that the closer look starts with
FINEST = 0.005  # below this share of a span histories cannot tell settings apart


class Search:
    """Trials of one search, in the order in which they were made.

    Parameters
    ----------
    bench
        Who simulates and reads.
    seeds
        Luck that every setting meets.
    order
        Which trial is better.
    seed
        Seed of the sampler.
    luckier
        By how much the slacks of the scenario as it is are larger over many histories than over ``seeds``.
        Every setting meets the same luck, so theirs are corrected by the same amount (a control variate).
    """

    def __init__(
        self, bench: Bench, seeds: Sequence[int], order: Order, seed: int, luckier: Sequence[float] = ()
    ) -> None:
        self.bench = bench
        self.space: Space = bench.space
        self.seeds = tuple(seeds)
        self.order = order
        self.trials: dict[Setting, Trial] = {}
        self._seed = seed
        self._luckier = tuple(luckier) or (0.0,) * len(order.scales)

    def best(self, order: Order | None = None) -> Trial:
        """Return the best trial so far, in this search's order or another; the earlier one of equals."""
        return min(self.trials.values(), key=(order or self.order).key)

    def attempt(self, settings: Sequence[Setting], most: int) -> list[Trial]:
        """Try settings that have not been tried, the first ``most`` of them; return all that are known."""
        new = [setting for setting in dict.fromkeys(settings) if setting not in self.trials][:most]
        for trial in self.bench.trials(new, self.seeds):
            self.trials[trial.setting] = self.corrected(trial)
        return [self.trials[setting] for setting in settings if setting in self.trials]

    def corrected(self, trial: Trial) -> Trial:
        """Return a trial with slacks as they would be with neither good nor bad luck in common."""
        slacks = tuple(slack + more for slack, more in zip(trial.slacks, self._luckier, strict=True))
        return replace(trial, slacks=slacks)

    def run(self, settings: int) -> None:
        """Try up to ``settings`` settings."""
        if self.space.size <= settings:
            self.attempt(list(self.space.every()), settings)
            return
        explored = max(GROUP, round(_EXPLORED * settings))
        self.explore(explored)
        self.look_around(self.best().setting, self.order, settings - len(self.trials))

    def explore(self, settings: int) -> None:
        """Let the sampler choose settings."""
        optuna = _optuna()
        first = max(GROUP, round(_FIRST * settings))
        sampler = optuna.samplers.TPESampler(
            seed=self._seed, multivariate=True, constant_liar=True, n_startup_trials=first
        )
        study = optuna.create_study(direction="maximize", sampler=sampler)
        laws = {
            str(index): optuna.distributions.IntDistribution(0, one.count - 1)
            if not one.options
            else optuna.distributions.CategoricalDistribution(tuple(range(one.count)))
            for index, one in enumerate(self.space.dimensions)
        }
        for setting in self._even_start(first):
            places = self.space.places(setting)
            study.enqueue_trial({str(index): place for index, place in enumerate(places)})
        budget, idle = len(self.trials) + settings, 0
        while len(self.trials) < budget and idle < _PATIENCE:
            known = len(self.trials)
            asked = [study.ask(laws) for _ in range(GROUP)]
            wanted = [self.space.at([one.params[str(i)] for i in range(len(laws))]) for one in asked]
            self.attempt(wanted, budget - known)
            for one, setting in zip(asked, wanted, strict=True):
                self._tell(study, one, self.trials.get(setting))
            idle = idle + 1 if len(self.trials) == known else 0

    def _tell(self, study: optuna.Study, asked: optuna.Trial, found: Trial | None) -> None:
        """Tell the sampler what came out; what could not be simulated is a failure to it, too."""
        if found is None or found.refused:
            study.tell(asked, state=_optuna().trial.TrialState.FAIL)
            return
        for place, (slack, scale) in enumerate(zip(found.slacks, self.order.scales, strict=True)):
            asked.set_constraint(str(place), -slack / scale)
        study.tell(asked, found.merit)

    def _even_start(self, count: int) -> list[Setting]:
        """The scenario as it is, where that may be tried, then a Latin hypercube (McKay et al. 1979)."""
        from scipy.stats import qmc

        dimensions = self.space.dimensions
        design = qmc.LatinHypercube(len(dimensions), rng=np.random.default_rng(self._seed)).random(count)
        counts = [one.count for one in dimensions]
        spread = [self.space.at([int(u * n) for u, n in zip(row, counts, strict=True)]) for row in design]
        return ([self.space.start] if self.space.start_is_inside else []) + spread

    def look_around(
        self, centre: Setting, order: Order, settings: int, *, reach: float = FIRST_REACH
    ) -> None:
        """Walk from a setting to better ones in steps that a response surface proposes.

        Parameters
        ----------
        centre
            Where to begin; it has been tried.
        order
            Which trial is better.
        settings
            New settings at most.
        reach
            Length of the first steps as a share of each span; it halves where no step leads to anything
            better.
        """
        luck = np.random.default_rng([self._seed, len(self.trials)])
        here, end = self.trials[centre], len(self.trials) + settings
        while len(self.trials) < end:
            wanted = self._swaps(here.setting)
            if any(not one.options for one in self.space.dimensions):
                simulated = [trial for trial in self.trials.values() if not trial.refused]
                surface = Surface(self.space, simulated, here.setting, max(reach, FINEST))
                wanted = surface.propose(reach, order, luck, self.trials) + wanted
            known = len(self.trials)
            met = self.attempt(wanted, end - known)
            best = min(met, key=order.key, default=here)
            if order.key(best) < order.key(here):
                here = best
            elif len(self.trials) == known and reach <= FINEST:
                return
            else:
                reach = max(reach / 2.0, FINEST)

    def _swaps(self, setting: Setting) -> list[Setting]:
        """Settings with one choice changed."""
        return [
            (*setting[:i], other, *setting[i + 1 :])
            for i, one in enumerate(self.space.dimensions)
            for other in one.options
            if other != setting[i] and (*setting[:i], other, *setting[i + 1 :]) not in self.trials
        ]


def _optuna() -> Any:
    """Import Optuna, quietly.

    Raises
    ------
    ExperimentError
        If it is not installed.
    """
    try:
        import optuna
    except ImportError:
        raise ExperimentError(
            "the search needs Optuna; install it with: pip install 'channelsim[optimise]'"
        ) from None
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
