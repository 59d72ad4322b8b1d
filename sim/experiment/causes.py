"""Why cost changes between two sizes: what each mechanism adds, in yuan per order or parcel.

With ``D`` the change of average cost between the two sizes, the effect of a mechanism is ``D`` with
everything on less ``D`` with that mechanism off (leave one out). What remains with all of them off is
unattributed and split by account: fixed cost spread over more orders, price breaks and the like. The rest is
interaction. The three add up to ``D`` in every replication.

Effects are paired (same luck with and without), so they are sharp. To spare runs all mechanisms are tried
once; those with the largest effects get all replications one by one, the others are left out together as one
group with all replications too.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Job
from sim.experiment.ladder import Plan, unit_for
from sim.experiment.metrics import METRICS, Measure, checked_choice, measure
from sim.experiment.paths import Rung, scenario_at, why_not
from sim.experiment.runner import Runner
from sim.experiment.statistics import Estimate, estimate
from sim.scenario.subjects import BRAND, LAYERS_ONLY, SUBJECTS

if TYPE_CHECKING:
    from sim.scenario import Scenario

INTERACTION = "interaction"
UNATTRIBUTED = "unattributed"
SMALLER = "smaller mechanisms"
MOST_PLAYERS = 6
NEGLIGIBLE = 0.01
"""Effects below this share of average cost are left to the group of smaller mechanisms."""

SCREENING_DAYS = 91
"""Length of the histories that decide which mechanisms get full replications of their own."""


@dataclass(frozen=True)
class Cause:
    """One part of the change of average cost between two sizes.

    Attributes
    ----------
    mechanism
        Name of the mechanism, or ``smaller mechanisms``, ``interaction``, ``unattributed``.
    yuan_per_order
        Its part; the unit says whether per order or per parcel.
    members
        The mechanisms in a group.
    by_account
        The unattributed part by account.
    """

    mechanism: str
    yuan_per_order: Estimate
    members: tuple[str, ...] = ()
    by_account: Mapping[str, Estimate] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return a row of ``causes``."""
        row: dict[str, Any] = {"mechanism": self.mechanism, "yuan_per_order": self.yuan_per_order.as_dict()}
        if self.members:
            row["members"] = list(self.members)
        if self.by_account:
            row["by_account"] = {name: value.as_dict() for name, value in self.by_account.items()}
        return row


def mechanisms_in_play(scenario: Scenario, metric: str) -> tuple[str, ...]:
    """Return the mechanisms that are on, have something to act on, and can move a metric.

    Background load is not among them: without other merchants' parcels the level of cost is another world's,
    and the change of that level would drown what the mechanisms do. It is varied as an assumption instead.
    """
    wanted = (LAYERS_ONLY,) if METRICS[metric].per == "layer_parcels" else (BRAND, LAYERS_ONLY)
    return tuple(
        name
        for name, subject in SUBJECTS.items()
        if name != "background_load"
        and subject.scope in wanted
        and getattr(scenario.mechanisms, name)
        and subject.acts_in(scenario)
    )


@dataclass(frozen=True)
class _Change:
    """Measures of one variant at both sizes, replication by replication."""

    low: list[Measure]
    high: list[Measure]

    def values(self) -> list[float]:
        return [high.average - low.average for low, high in zip(self.low, self.high, strict=True)]

    def by_account(self) -> dict[str, list[float]]:
        names = {name for one in (*self.low, *self.high) for name in one.accounts}
        return {
            name: [
                high.accounts.get(name, 0.0) / high.quantity - low.accounts.get(name, 0.0) / low.quantity
                for low, high in zip(self.low, self.high, strict=True)
            ]
            for name in sorted(names)
        }


class _Variants:
    """Simulates the change of average cost with any set of mechanisms off."""

    def __init__(
        self,
        crew: Runner,
        scenario: Scenario,
        plan: Plan,
        volumes: tuple[float, float],
        metric: str,
        scope: str,
    ) -> None:
        self.crew, self.scenario, self.plan = crew, scenario, plan
        self.volumes, self.metric, self.scope = volumes, metric, scope
        self._rungs: dict[frozenset[str], tuple[Scenario, Rung, Rung]] = {}

    def brief(self) -> _Variants:
        """Return the same variants over a quarter of a year, enough to see which mechanisms matter at all."""
        days = min(self.scenario.horizon.days, SCREENING_DAYS)
        if days == self.scenario.horizon.days:
            return self
        shorter = self.scenario.with_values({"horizon.days": days})
        return _Variants(self.crew, shorter, self.plan, self.volumes, self.metric, self.scope)

    def rungs(self, off: frozenset[str]) -> tuple[Scenario, Rung, Rung]:
        if off not in self._rungs:
            own = self.scenario.with_values({f"mechanisms.{name}": False for name in sorted(off)})
            if why_not(own, self.plan.path):
                raise ExperimentError(f"without {', '.join(sorted(off))}: {why_not(own, self.plan.path)}")
            low, high = (scenario_at(own, self.plan.path, volume) for volume in self.volumes)
            for rung in (low, high):
                if not rung.reachable:
                    raise ExperimentError(
                        f"without {', '.join(sorted(off))} volume {rung.volume:g}: {rung.reason}"
                    )
            self._rungs[off] = (own, low, high)
        return self._rungs[off]

    def is_possible(self, off: frozenset[str]) -> bool:
        try:
            self.rungs(off)
        except ExperimentError:
            return False
        return True

    def jobs(self, off: frozenset[str], seeds: Sequence[int]) -> list[Job]:
        own, low, high = self.rungs(off)
        return [self.plan.job(own, rung, seed) for rung in (low, high) for seed in seeds]

    def change(self, off: frozenset[str], seeds: Sequence[int]) -> _Change:
        measured = [
            measure(run, self.metric, self.scope) for run in self.crew.summaries(self.jobs(off, seeds))
        ]
        return _Change(measured[: len(seeds)], measured[len(seeds) :])

    def changes(self, offs: Sequence[frozenset[str]], seeds: Sequence[int]) -> list[_Change]:
        """Simulate several variants in one batch, so that no worker waits for another variant."""
        self.crew.summaries([job for off in offs for job in self.jobs(off, seeds)])
        return [self.change(off, seeds) for off in offs]


_FULL: frozenset[str] = frozenset()


def explain_change(
    crew: Runner,
    scenario: Scenario,
    plan: Plan,
    volumes: tuple[float, float],
    metric: str,
    scope: str,
    seeds: Sequence[int],
    *,
    keep: int = 5,
    shapley: Sequence[str] = (),
) -> tuple[Cause, ...]:
    """Split the change of average cost between two sizes into causes.

    Parameters
    ----------
    crew
        Who simulates; runs it already has are not repeated.
    scenario
        The scenario at volume 1.
    plan
        Path and manner of the ladder.
    volumes
        Smaller and larger volume.
    metric, scope
        Whose average.
    seeds
        Seeds of the replications.
    keep
        Most mechanisms shown one by one; those that move average cost by less than 1% are not.
    shapley
        Mechanisms whose interaction is shared out among them by Shapley's value instead (every combination is
        simulated); the others then stay on throughout and are part of what is unattributed.

    Returns
    -------
    tuple of Cause
        Largest effect first, then interaction and unattributed. In every replication they add up to the
        change.

    Raises
    ------
    ExperimentError
        If ``shapley`` names an unknown mechanism, one that is off, or more than six.
    """
    variants = _Variants(crew, scenario, plan, volumes, metric, scope)
    names = tuple(
        name for name in mechanisms_in_play(scenario, metric) if variants.is_possible(frozenset({name}))
    )
    if shapley:
        check_players(shapley, names)
        return _shapley(variants, tuple(dict.fromkeys(shapley)), seeds)
    return _leave_one_out(variants, names, seeds, keep)


def check_players(shapley: Sequence[str], names: tuple[str, ...]) -> None:
    """Refuse mechanisms for Shapley values that are not among ``names``, or too many of them.

    Raises
    ------
    ExperimentError
        With the nearest name.
    """
    for name in shapley:
        checked_choice("mechanism in play", name, names)
    if len(set(shapley)) > MOST_PLAYERS:
        raise ExperimentError(f"Shapley values need every combination: at most {MOST_PLAYERS} mechanisms")


def _leave_one_out(
    variants: _Variants, names: tuple[str, ...], seeds: Sequence[int], keep: int
) -> tuple[Cause, ...]:
    everything = frozenset(names)
    singles = [frozenset({name}) for name in names]
    shown = _shown(variants.brief(), names, singles, seeds[:1], keep)
    group = tuple(name for index, name in enumerate(names) if index not in shown)
    parts = [frozenset({names[index]}) for index in shown]
    if group:
        parts.append(frozenset(group))
    found = variants.changes([_FULL, *parts, everything], seeds)
    full, bare = found[0].values(), found[-1]
    unit = unit_for(variants.metric)
    causes, explained = [], []
    for part, change in zip(parts, found[1:-1], strict=True):
        effect = [a - b for a, b in zip(full, change.values(), strict=True)]
        explained.append(effect)
        is_group = bool(group) and part == frozenset(group)
        label = SMALLER if is_group else next(iter(part))
        causes.append(Cause(label, estimate(effect, unit), group if is_group else ()))
    rest = bare.values() if names else full
    interaction = [
        total - math.fsum(effect[i] for effect in explained) - rest[i] for i, total in enumerate(full)
    ]
    causes.sort(key=lambda cause: (cause.mechanism == SMALLER, -abs(cause.yuan_per_order.mean)))
    if names:
        causes.append(Cause(INTERACTION, estimate(interaction, unit)))
    return (*causes, _unattributed(bare, unit))


def _shown(
    variants: _Variants,
    names: tuple[str, ...],
    singles: list[frozenset[str]],
    seeds: Sequence[int],
    keep: int,
) -> list[int]:
    """Try every mechanism once, briefly; return the positions of those that get full replications."""
    full, *without = variants.changes([_FULL, *singles], seeds)
    level = (abs(full.low[0].average) + abs(full.high[0].average)) / 2.0
    effects = [abs(full.values()[0] - change.values()[0]) for change in without]
    ranked = sorted(range(len(names)), key=lambda index: (-effects[index], index))
    large = [index for index in ranked[:keep] if effects[index] >= NEGLIGIBLE * level]
    # A group of one is no group.
    return list(range(len(names))) if len(names) - len(large) <= 1 else sorted(large)


def _unattributed(bare: _Change, unit: str) -> Cause:
    by_account = {name: estimate(values, unit) for name, values in bare.by_account().items()}
    return Cause(UNATTRIBUTED, estimate(bare.values(), unit), by_account=by_account)


def _shapley(variants: _Variants, players: tuple[str, ...], seeds: Sequence[int]) -> tuple[Cause, ...]:
    subsets = [
        frozenset(chosen)
        for size in range(len(players) + 1)
        for chosen in itertools.combinations(players, size)
    ]
    worth = {
        off: change.values() for off, change in zip(subsets, variants.changes(subsets, seeds), strict=True)
    }
    unit, count = unit_for(variants.metric), len(players)
    causes = []
    for player in players:
        effect = [0.0] * len(seeds)
        for off in subsets:
            if player in off:
                continue
            # The player joins the coalition of those that are on; `off` are the others that are off.
            on = count - len(off) - 1
            weight = math.factorial(on) * math.factorial(count - on - 1) / math.factorial(count)
            for i in range(len(seeds)):
                effect[i] += weight * (worth[off][i] - worth[off | {player}][i])
        causes.append(Cause(player, estimate(effect, unit)))
    causes.sort(key=lambda cause: -abs(cause.yuan_per_order.mean))
    return (*causes, _unattributed(variants.change(frozenset(players), seeds), unit))
