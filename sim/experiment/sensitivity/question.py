"""What a sensitivity study was asked, checked before anything runs, and how many runs that takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.given import check_scenarios
from sim.experiment.ladder import without_layers
from sim.experiment.metrics import checked_choice
from sim.experiment.seeds import replication_seeds
from sim.experiment.sensitivity.factors import Factor, factors_of
from sim.experiment.sensitivity.response import Response
from sim.experiment.sensitivity.screening import worlds_needed
from sim.experiment.study import Recipe
from sim.kpi import KPIS
from sim.scenario.segments import open_layers

if TYPE_CHECKING:
    from sim.scenario import Scenario

PER_ORDER = "contribution_per_order"


@dataclass(frozen=True)
class Method:
    """A way to ask which assumption matters.

    Attributes
    ----------
    name
        ``tornado``, ``morris``, ``sobol`` or ``information``.
    keep
        Assumptions looked at closely after a screening; None where all are looked at anyway.
    metric
        Default figure.
    points
        Default size of the design; None where it has none.
    replications
        Default histories of each world.
    least_points, least_replications
        Fewest that give an answer.
    worlds
        Worlds needed, given the number of assumptions and the points.
    """

    name: str
    keep: int | None
    metric: str
    points: int | None
    replications: int
    least_points: int
    least_replications: int
    worlds: Callable[[int, int], int]


METHODS = {
    method.name: method
    for method in (
        Method("tornado", 20, PER_ORDER, None, 5, 0, 2, lambda factors, _: 1 + 2 * factors),
        Method("morris", 20, PER_ORDER, 10, 2, 2, 1, lambda factors, points: points * (factors + 1)),
        Method("sobol", 8, PER_ORDER, 64, 2, 8, 1, lambda factors, points: points * (factors + 2)),
        Method("information", None, "contribution", 256, 1, 32, 1, lambda _, points: points),
    )
}


@dataclass(frozen=True)
class Question:
    """A checked request.

    Attributes
    ----------
    method
        Which way.
    response
        Scenarios and figure.
    factors
        Every assumption that could be varied.
    keep
        How many are looked at closely; None: all of them.
    points
        Size of the design: Morris' trajectories, the base sample of Sobol' indices, draws of worlds.
    replications
        Histories of each world.
    seed
        Seed of designs and luck.
    recipe
        How to ask again.
    """

    method: Method
    response: Response
    factors: tuple[Factor, ...]
    keep: int | None
    points: int
    replications: int
    seed: int
    recipe: Recipe

    @property
    def screening_runs(self) -> int:
        """Runs that choose the assumptions to look at; 0 where all are."""
        return 0 if self.keep is None else worlds_needed(len(self.factors)) * len(self.response.scenarios)

    @property
    def runs(self) -> int:
        """Runs of the whole study; those kept from earlier studies are among them."""
        factors = len(self.factors) if self.keep is None else self.keep
        worlds = self.method.worlds(factors, self.points) * self.replications
        return self.screening_runs + worlds * len(self.response.scenarios)

    @property
    def spare_luck(self) -> int:
        """Number of a piece of luck that only the screening meets."""
        return max(self.points, 1) * self.replications


def question_of(
    method: str,
    scenario: Scenario,
    *,
    metric: str | None = None,
    against: Scenario | Sequence[Scenario] | None = None,
    parameters: Sequence[str] = (),
    keep: int | None = None,
    points: int | None = None,
    replications: int | None = None,
    seed: int = 1,
) -> Question:
    """Check a request.

    Parameters
    ----------
    method
        One of :data:`METHODS`.
    scenario
        Whose assumptions are uncertain.
    metric
        Figure that is looked at, one of :data:`sim.kpi.KPIS`; the method's own if None.
    against
        With a scenario to hold against it, the figure is the paired difference; ``information`` chooses among
        all of them.
    parameters
        Paths or shell patterns. All assumptions they fit are looked at closely. Without any, all assumptions
        with a range are screened first.
    keep
        How many to look at closely after a screening; the method's own number if None.
    points, replications
        Size of the study; the method's own if None.
    seed
        Seed of designs and luck.

    Raises
    ------
    ExperimentError
        If the request makes no sense.
    """
    check_scenarios(scenario=scenario, against=against)
    checked_choice("method", method, METHODS)
    way = METHODS[method]
    figure = _figure(way, metric)
    if points is not None and way.points is None:
        raise ExperimentError(f"{method} has no points: each assumption has two ends (found {points})")
    others = () if against is None else tuple(against) if isinstance(against, Sequence) else (against,)
    check_scenarios(**{f"against[{index}]": other for index, other in enumerate(others)})
    if method == "information":
        others = others or _door(scenario)
    elif len(others) > 1:
        raise ExperimentError(f"{method} holds one scenario against another (found {len(others)} others)")
    count = _at_least(way.least_points, points if points is not None else way.points or 0, "points", method)
    histories = replications if replications is not None else way.replications
    _at_least(way.least_replications, histories, "replications", method)
    if method == "sobol" and count & (count - 1):
        raise ExperimentError(f"sobol needs a power of 2 as points, such as 64 or 128 (found {count})")
    replication_seeds(seed, histories)
    factors = factors_of(scenario, others, parameters)
    arguments: dict[str, Any] = {
        "method": method,
        "metric": figure,
        "parameters": list(parameters),
        "keep": keep,
        "points": points,
        "replications": replications,
        "seed": seed,
    }
    named = {f"against_{number}": one for number, one in enumerate(others, start=1)}
    return Question(
        method=way,
        response=Response((scenario, *others), figure),
        factors=factors,
        keep=_kept(way, keep, len(factors), bool(parameters)),
        points=count,
        replications=histories,
        seed=seed,
        recipe=Recipe("sensitivity", {"scenario": scenario, **named}, arguments),
    )


def _figure(method: Method, metric: str | None) -> str:
    figure = checked_choice("metric", method.metric if metric is None else metric, KPIS)
    if method.name == "information" and KPIS[figure].better == "none":
        raise ExperimentError(f"metric '{figure}' says nothing of better or worse, so it decides nothing")
    return figure


def _door(scenario: Scenario) -> tuple[Scenario, ...]:
    if not open_layers(scenario):
        raise ExperimentError(
            f"scenario '{scenario.name}' has no pickup layer to decide about; say what else could be chosen"
        )
    return (without_layers(scenario).renamed("door"),)


def _at_least(least: int, found: int, what: str, method: str) -> int:
    if found < least:
        raise ExperimentError(f"{method} needs at least {least} {what} (found {found})")
    return found


def _kept(method: Method, keep: int | None, factors: int, named: bool) -> int | None:
    """Return how many assumptions survive a screening; None where nothing has to be screened."""
    if keep is not None and keep < 1:
        raise ExperimentError(f"at least 1 assumption has to be kept (found {keep})")
    if keep is not None and (method.keep is None or named):
        why = "the assumptions are named" if named else f"{method.name} looks at all assumptions"
        raise ExperimentError(f"{why}, so there is nothing to screen and to keep {keep} of")
    wanted = method.keep if keep is None else keep
    return None if named or wanted is None or wanted >= factors else wanted
