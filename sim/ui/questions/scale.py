"""Does unit cost fall or rise along a growth path: the ladder of sizes, its verdict, and other worlds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind, quarter, quick, steps_up_to

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.case import Case
    from sim.ui.sharing import SharingRunner

VOLUMES = (0.5, 1.0, 2.0, 4.0)
QUICK_SECONDS = 2.0
"""Where one year of each size takes longer than this, weeks are shown first."""
WEEKS_ONLY = "one history of four mean weeks of each size only"
QUARTERS_ONLY = "one history of January to March of each size only"
PEAK = "peak"
"""The growth path that is about the seasons."""


def _first_case(case: Case, path: str) -> tuple[Case | None, str]:
    """Return the case of a first look at a growth path, if years are too long for one, and what limits it."""
    return (quarter(case), QUARTERS_ONLY) if path == PEAK else (quick(case), WEEKS_ONLY)


@kind("scale")
@dataclass(frozen=True)
class ScaleQuestion(Question):
    """One study of scale.

    Attributes
    ----------
    path
        Growth path.
    metric
        What has the verdict; empty: the scenario's own.
    scope
        ``brand``, a channel or a pickup layer.
    volumes
        Sizes relative to the scenario's own.
    replications
        Histories of each size behind the confirmed answer.
    worlds
        Plausible worlds in which the verdict is tried at the end; 0: none.
    causes
        Whether the change between the ends is split into mechanisms at the end.
    """

    divisible: ClassVar[bool] = True

    path: str = "densify"
    metric: str = ""
    scope: str = "brand"
    volumes: tuple[float, ...] = VOLUMES
    replications: int = 5
    worlds: int = 0
    causes: bool = False

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield weeks first where years take long, then years, then causes and other worlds."""
        scenario = self.case.scenario()
        shorter, note = _first_case(self.case, self.path)
        total = self.replications + self.worlds + (1 if self.causes else 0)
        seconds = runner.takes(scenario)
        if shorter is not None and (seconds is None or seconds * sum(self.volumes) > QUICK_SECONDS):
            found = self._scaled(runner, shorter.scenario(), replications=1, against="none")
            yield Stage(0, total, found, note)
        for number in steps_up_to(self.replications):
            yield Stage(number, total, self._scaled(runner, scenario, replications=number))
        if total > self.replications:
            final = self._scaled(
                runner, scenario, replications=self.replications, worlds=self.worlds, causes=self.causes
            )
            yield Stage(total, total, final)

    def _scaled(
        self,
        runner: SharingRunner,
        scenario: Scenario,
        *,
        worlds: int = 0,
        causes: bool = False,
        **options: Any,
    ) -> dict[str, Any]:
        from sim.experiment import scale

        found = scale(
            scenario,
            path=self.path,
            metric=self.metric or None,
            scope=self.scope,
            volumes=self.volumes,
            seed=SEED,
            causes=causes,
            worlds=worlds,
            runner=runner,
            **options,
        )
        return found.as_dict()

    def words(self) -> list[str]:
        """Return the options of ``channelsim scale``."""
        words = ["--path", self.path, "--volumes", ",".join(f"{volume:g}" for volume in self.volumes)]
        if self.metric:
            words += ["--metric", self.metric]
        if self.scope != "brand":
            words += ["--scope", self.scope]
        words += ["--replications", str(self.replications), "--worlds", str(self.worlds)]
        return [*words, "--causes" if self.causes else "--no-causes"]

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.scale`."""
        arguments = {
            "path": self.path,
            "metric": self.metric or None,
            "scope": self.scope,
            "volumes": self.volumes,
            "replications": self.replications,
            "worlds": self.worlds,
            "causes": self.causes,
            "seed": SEED,
        }
        written = "".join(f"\n    {name}={value!r}," for name, value in arguments.items())
        return (
            "from sim.experiment import scale\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"found = scale(\n    scenario,{written}\n)\n"
            "print(found.headline)\n"
        )
