"""One optimisation on its way: look, choose with a guarantee, confirm, see what constraints cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.experiment.errors import RunFailedError
from sim.experiment.optimise.plan import SAFE_MARGINS, RunPlan
from sim.experiment.optimise.problem import Problem
from sim.experiment.optimise.result import Chosen, Relaxation, state_of
from sim.experiment.optimise.search import Search
from sim.experiment.optimise.selection import STAGE, select
from sim.experiment.optimise.space import Setting, Space
from sim.experiment.optimise.trials import Bench, Order, Trial, scales_of
from sim.experiment.seeds import replication_seed
from sim.experiment.statistics import Estimate, difference, estimate

RELAXED_BY = 0.01
"""Share of its bound by which each constraint is relaxed to see what that is worth."""

_CONFIRMING, _SEARCHING, _CHOOSING = 0, 1, 2  # stages with luck of their own
_CLOSE = 0.05  # what relaxing a constraint gives is looked for within this share of each span at first
_APART = 0.01  # finalists differ by at least this share of a span, or comparing them says nothing


@dataclass(frozen=True)
class Confirmed:
    """A setting and the scenario as it is under the same fresh luck: rows of merit and slacks."""

    best: Setting
    rows: np.ndarray
    start: np.ndarray
    met: bool

    @property
    def slacks(self) -> np.ndarray:
        """Mean slack of each constraint at the setting."""
        return self.rows[:, 1:].mean(axis=0)


class Study:
    """One optimisation on its way.

    Parameters
    ----------
    problem, space, plan
        What is asked, and how the budget is shared out.
    bench
        Who simulates.

    Raises
    ------
    RunFailedError
        If the scenario as it is cannot be simulated.
    """

    def __init__(self, problem: Problem, space: Space, bench: Bench, plan: RunPlan) -> None:
        self.problem, self.space, self.bench = problem, space, bench
        seeds = bench.seeds(_SEARCHING, 0, plan.histories)
        self.confirming = tuple(bench.seeds(_CONFIRMING, 0, plan.confirming))
        (start,) = bench.trials([space.start], seeds)
        (well_known,) = bench.trials([space.start], [*seeds, *self.confirming])
        if well_known.refused:
            name = space.scenario.name
            raise RunFailedError(f"scenario '{name}' as it is failed: {well_known.refused}")
        scales = scales_of(problem.constraints, well_known.slacks)
        order = Order(scales, (0.0,) * len(scales))
        (rows,) = map(_required, bench.rows([space.start], [*seeds, *self.confirming]))
        # What the search takes a slack to be, and what the finalists' own histories will say, both err.
        errors = math.sqrt(1.0 / len(rows) + 1.0 / plan.first_stage)
        self.margins = (rows[:, 1:].std(axis=0, ddof=1) * errors).tolist()
        luckier = [many - few for many, few in zip(well_known.slacks, start.slacks, strict=True)]
        self.search = Search(bench, seeds, order, replication_seed(bench.seed, 0) % 2**32, luckier)
        if space.start_is_inside:
            self.search.trials[space.start] = self.search.corrected(start)

    @property
    def order(self) -> Order:
        """Which trial is better in the problem as it was asked."""
        return self.search.order

    def look(self, plan: RunPlan) -> None:
        """Search, also a little on the safe side of the constraints."""
        self.search.run(plan.settings - 1 - plan.safe * len(SAFE_MARGINS))
        if plan.safe and len(self.search.trials) < self.space.size:
            for margin in SAFE_MARGINS:
                order = self._safer(margin)
                self.search.look_around(self.search.best(order).setting, order, plan.safe, reach=_CLOSE)

    def _safer(self, margin: float) -> Order:
        return self.order.tightened([margin * error for error in self.margins])

    def choose(self, plan: RunPlan, indifference: float | None) -> tuple[Chosen, Setting]:
        """Compare the best settings of the search with luck of their own, and choose one."""
        simulated = [trial for trial in self.search.trials.values() if not trial.refused]
        if not simulated:
            first = next(iter(self.search.trials.values()))
            raise RunFailedError(f"no setting could be simulated; the first: {first.refused}")
        ranked = sorted(simulated, key=self.order.key)
        if self.order.miss(ranked[0]) > 0:
            return Chosen((), None, indifference), ranked[0].setting
        finalists = self._finalists(ranked, plan.finalists)
        if len(finalists) < 2:
            return Chosen((), None, indifference), finalists[0]
        around = plan.around * len(self.problem.constraints) * plan.histories
        kept = around + plan.confirming * (2 + 2 * len(self.problem.constraints))
        most = max(plan.first_stage, (plan.budget - self.bench.spent - kept) // len(finalists))

        def draw(who: Sequence[int], first: int, end: int) -> np.ndarray:
            seeds = self.bench.seeds(_CHOOSING, first, end)
            rows = self.bench.rows([finalists[i] for i in who], seeds)
            return np.stack([self._rows(one, len(seeds)) for one in rows])

        found = select(
            draw,
            len(finalists),
            len(self.problem.constraints),
            indifference=indifference or 0.0,
            tolerances=[one.tolerance or 0.0 for one in self.problem.constraints],
            first_stage=plan.first_stage,
            most=most,
            stage=STAGE,
        )
        number = found.best if found.best is not None else 0
        return Chosen(tuple(finalists), found, indifference), finalists[number]

    def _rows(self, found: np.ndarray | str, count: int) -> np.ndarray:
        if isinstance(found, str):  # a history of it failed: it is worse than anything, for certain
            return np.full((count, 1 + len(self.problem.constraints)), -1e300)
        return found

    def _finalists(self, ranked: Sequence[Trial], most: int) -> list[Setting]:
        """The best at several distances from the constraints, the start, and the best that are apart."""
        met = [trial for trial in ranked if self.order.miss(trial) == 0]
        found = [met[0].setting]
        for margin in SAFE_MARGINS if self.problem.constraints else ():
            safer = self._safer(margin)
            safe = [trial for trial in met if safer.miss(trial) == 0]
            if safe and safe[0].setting not in found:
                found.append(safe[0].setting)
        start = self.search.trials.get(self.space.start)
        if start is not None and self.order.miss(start) == 0 and start.setting not in found:
            found = [*found[: most - 1], start.setting]
        for trial in met:
            if len(found) >= most:
                break
            if self._is_apart(trial.setting, found):
                found.append(trial.setting)
        return found[:most]

    def _room(self, trial: Trial) -> float:
        """Least slack of a trial relative to its scale."""
        return min(slack / scale for slack, scale in zip(trial.slacks, self.order.scales, strict=True))

    def _is_apart(self, setting: Setting, others: Sequence[Setting]) -> bool:
        mine = self.space.places(setting)
        return all(
            any(
                a != b if one.options else abs(a - b) >= max(1, _APART * (one.count - 1))
                for a, b, one in zip(mine, self.space.places(other), self.space.dimensions, strict=True)
            )
            for other in others
        )

    def confirm(self, best: Setting, chosen: Chosen) -> Confirmed:
        """Simulate the choice afresh; one that misses a constraint there gives way to a safer finalist.

        Settings share their luck, so what a finalist's slacks will be is foretold by those of the choice and
        by how far apart the search found the two.
        """
        first = self._confirmed(best)
        if chosen.selection is None or (first.met and first.slacks.min(initial=0.0) >= 0.0):
            return first
        short = first.slacks - np.array(self.search.trials[best].slacks)
        rest = [
            self.search.trials[setting]
            for setting, feasible in zip(chosen.finalists, chosen.selection.feasible, strict=True)
            if setting != best and feasible is not False
        ]
        safe = [trial for trial in rest if (np.array(trial.slacks) + short >= 0.0).all()]
        if not safe and (first.met or not rest):
            return first
        other = min(safe, key=self.order.key) if safe else max(rest, key=self._room)
        second = self._confirmed(other.setting)
        return second if second.met else first

    def _confirmed(self, setting: Setting) -> Confirmed:
        start, rows = map(_required, self.bench.rows([self.space.start, setting], self.confirming))
        slacks = (estimate(rows[:, 1 + j].tolist()) for j in range(rows.shape[1] - 1))
        return Confirmed(setting, rows, start, all(state_of(slack) != "missed" for slack in slacks))

    def relax(self, confirmed: Confirmed, plan: RunPlan) -> dict[int, Relaxation]:
        """Measure for each constraint what moving its bound, or leaving it out, is worth."""
        found = {}
        for j, constraint in enumerate(self.problem.constraints):
            by = RELAXED_BY * (abs(constraint.value) or self.order.scales[j])
            if self._ruled_out(j, confirmed):
                moved = self.order.relaxed(j, by)
                self.search.look_around(confirmed.best, moved, plan.around, reach=_CLOSE)
            without = self._ruled_out(j, confirmed)
            near = [trial for trial in without if trial.slacks[j] >= -by]
            found[j] = Relaxation(by, self._gain(near, confirmed), self._gain(without, confirmed))
        return found

    def _ruled_out(self, constraint: int, confirmed: Confirmed) -> list[Trial]:
        """Return the trials that look better than the result and miss this constraint only."""
        result = self.search.trials[confirmed.best]
        without = self.order.without(constraint)
        return [
            trial
            for trial in self.search.trials.values()
            if without.miss(trial) == 0 and trial.slacks[constraint] < 0 and trial.merit > result.merit
        ]

    def _gain(self, trials: Sequence[Trial], confirmed: Confirmed) -> Estimate | None:
        """Return what the best of some trials gives over the result, with the result's own luck."""
        if not trials:
            return None
        best = max(trials, key=lambda trial: trial.merit)
        (rows,) = map(_required, self.bench.rows([best.setting], self.confirming))
        unit = self.problem.objective.unit
        return difference(confirmed.rows[:, 0].tolist(), rows[:, 0].tolist(), unit)

    def blocking(self) -> list[bool]:
        """Say of each constraint whether some setting tried meets all others."""
        return [
            len(self.problem.constraints) > 1
            and self.order.without(j).miss(self.search.best(self.order.without(j))) == 0
            for j in range(len(self.problem.constraints))
        ]


def _required(found: np.ndarray | str) -> np.ndarray:
    if isinstance(found, str):
        raise RunFailedError(f"a setting that the search could simulate failed in a fresh history: {found}")
    return found
