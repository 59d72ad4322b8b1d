"""Which assumption matters: tornado, elementary effects, shares of variance, and the worth of knowing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.ui.inputs import python_load
from sim.ui.portions import UNDERWAY, in_portions
from sim.ui.question import SEED, Question, Stage, kind, quarter

if TYPE_CHECKING:
    from sim.experiment.runner import Runner
    from sim.experiment.sensitivity import Question as Asked
    from sim.scenario import Scenario
    from sim.ui.case import Case
    from sim.ui.sharing import SharingRunner

TORNADO = "tornado"
FIRST_METRIC = "contribution_per_order"
FEWEST = 2
"""Histories of each end behind the first bars: with fewer no bar can be told from noise."""
GROWING = (2, 6, 14)
"""Assumptions after which the first bars are shown."""
QUARTERS = "two histories of January to March only"
TERMS = (QUARTERS, UNDERWAY)
_FIRST_ROOMS = ("pickup", "products", "fulfilment", "channels", "management")


def basic_assumptions(scenario: Scenario) -> tuple[str, ...]:
    """Return the assumptions with a range that the schema calls basic: pickup and goods before traffic."""
    from sim.experiment.worlds import ranges_in_play

    found = [path for path in ranges_in_play(scenario) if scenario.entry(path).basic]

    def rank(path: str) -> int:
        room = path.partition(".")[0]
        return _FIRST_ROOMS.index(room) if room in _FIRST_ROOMS else len(_FIRST_ROOMS)

    return tuple(sorted(found, key=rank))


def tornado_of(case: Case, metric: str = FIRST_METRIC, *, every: bool = False) -> SensitivityQuestion:
    """Return the question after the bars of the basic assumptions, or of all after a screening."""
    paths = () if every else basic_assumptions(case.scenario())
    return SensitivityQuestion(case, TORNADO, metric, paths, replications=5)


@kind("sensitivity")
@dataclass(frozen=True)
class SensitivityQuestion(Question):
    """One study of sensitivity.

    Attributes
    ----------
    method
        ``tornado``, ``morris``, ``sobol`` or ``information``.
    metric
        Figure that is looked at; empty: the method's own.
    parameters
        Assumptions that are looked at; empty: all with a range are screened first.
    points
        Size of the design; 0: the method's own.
    replications
        Histories of each world; 0: the method's own.
    """

    divisible: ClassVar[bool] = True

    method: str = TORNADO
    metric: str = ""
    parameters: tuple[str, ...] = ()
    points: int = 0
    replications: int = 0

    def asked(self, scenario: Scenario | None = None, **other: Any) -> Asked:
        """Return the checked question of the experiment.

        Raises
        ------
        sim.experiment.errors.ExperimentError
            If it makes no sense.
        """
        from sim.experiment.sensitivity import question_of

        return question_of(self.method, scenario or self.case.scenario(), **{**self._options(), **other})

    def _options(self) -> dict[str, Any]:
        return {
            "metric": self.metric or None,
            "parameters": self.parameters,
            "points": self.points or None,
            "replications": self.replications or None,
            "seed": SEED,
        }

    @property
    def histories(self) -> int:
        """Histories behind the confirmed answer."""
        return self.asked().runs

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield bars of a quarter for ever more assumptions first, then how far the study came."""
        total, so_far, note = self.histories, None, UNDERWAY
        shorter = quarter(self.case)
        if self.method == TORNADO and self.parameters and shorter is not None:
            for paths in growing(self.parameters):
                so_far = self._answered(runner, shorter.scenario(), parameters=paths, replications=FEWEST)
                note = QUARTERS
                yield Stage(0, total, so_far, note)
        scenario = self.case.scenario()
        yield from in_portions(runner, total, lambda crew: self._answered(crew, scenario), so_far, note)

    def _answered(self, runner: Runner, scenario: Scenario, **other: Any) -> dict[str, Any]:
        from sim.experiment.sensitivity import answer

        return answer(self.asked(scenario, **other), runner=runner).as_dict()

    def words(self) -> list[str]:
        """Return the options of ``channelsim sensitivity``."""
        words = ["--method", self.method]
        if self.metric:
            words += ["--metric", self.metric]
        for path in self.parameters:
            words += ["--parameters", path]
        if self.points:
            words += ["--points", str(self.points)]
        if self.replications:
            words += ["--replications", str(self.replications)]
        return words

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.sensitivity.answer`."""
        options = "".join(f"\n    {name}={value!r}," for name, value in self._options().items())
        return (
            "from sim.experiment.sensitivity import answer, question_of\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"found = answer(question_of(\n    {self.method!r}, scenario,{options}\n))\n"
            "print(found.table())\n"
        )


def growing(paths: Sequence[str]) -> list[tuple[str, ...]]:
    """Return ever more of the paths, up to all of them.

    >>> [len(some) for some in growing("abcdefghij")]
    [2, 6, 10]
    """
    return [tuple(paths[:count]) for count in GROWING if count < len(paths)] + [tuple(paths)]
