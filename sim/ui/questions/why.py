"""Why unit cost changes between the smallest and the largest size: the part of every mechanism."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.ui.question import SEED, Question, Stage, kind, quarter, steps_up_to
from sim.ui.questions.scale import QUARTERS_ONLY, VOLUMES, ScaleQuestion

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.sharing import SharingRunner


@kind("why")
@dataclass(frozen=True)
class WhyQuestion(Question):
    """The causes of a change of unit cost; see :func:`sim.experiment.causes.explain_change`.

    Attributes
    ----------
    path, metric, scope, volumes, replications
        As of :class:`sim.ui.questions.scale.ScaleQuestion`.
    """

    divisible: ClassVar[bool] = True

    path: str = "densify"
    metric: str = ""
    scope: str = "brand"
    volumes: tuple[float, ...] = VOLUMES
    replications: int = 5

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield what one quarter says, which also finds out which mechanisms matter, then years."""
        shorter = quarter(self.case)
        if shorter is not None:
            found = self._explained(runner, shorter.scenario(), replications=1, against="none")
            yield Stage(0, self.replications, found, QUARTERS_ONLY)
        scenario = self.case.scenario()
        for number in steps_up_to(self.replications):
            yield Stage(number, self.replications, self._explained(runner, scenario, replications=number))

    def _explained(self, runner: SharingRunner, scenario: Scenario, **options: Any) -> dict[str, Any]:
        from sim.experiment import scale

        found = scale(
            scenario,
            path=self.path,
            metric=self.metric or None,
            scope=self.scope,
            volumes=self.volumes,
            seed=SEED,
            causes=True,
            worlds=0,
            runner=runner,
            **options,
        )
        return found.as_dict()

    def command(self) -> str:
        """Return the command of the same study of scale, with causes."""
        return self._as_scale().command()

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.scale` with causes."""
        return self._as_scale().python()

    def _as_scale(self) -> ScaleQuestion:
        return ScaleQuestion(
            self.case, self.path, self.metric, self.scope, self.volumes, self.replications, causes=True
        )
