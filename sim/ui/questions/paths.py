"""All growth paths side by side: the same scenario may scale on one and not on another."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sim.ui.inputs import command_words, python_load
from sim.ui.question import SEED, Question, Stage, kind
from sim.ui.questions.scale import VOLUMES

if TYPE_CHECKING:
    from sim.ui.sharing import SharingRunner

ONE_BY_ONE = "growth paths one after another"
"""Note of every stage but the last."""
TERMS = frozenset({ONE_BY_ONE})


@kind("paths")
@dataclass(frozen=True)
class PathsQuestion(Question):
    """Elasticity and verdict along every growth path that applies.

    Attributes
    ----------
    metric
        What has the verdicts; empty: the scenario's own.
    scope
        ``brand``, a channel or a pickup layer.
    volumes
        Sizes relative to the scenario's own.
    replications
        Histories of each size.
    """

    divisible: ClassVar[bool] = True

    metric: str = ""
    scope: str = "brand"
    volumes: tuple[float, ...] = VOLUMES
    replications: int = 3

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield one more path at each stage; the last has those that do not apply too."""
        from sim.experiment import scale
        from sim.experiment.paths import PATHS, why_not

        scenario = self.case.scenario()
        asked: dict[str, Any] = {
            "metric": self.metric or None,
            "scope": self.scope,
            "volumes": self.volumes,
            "replications": self.replications,
            "seed": SEED,
            "runner": runner,
        }
        applicable = [path for path in PATHS if not why_not(scenario, path)]
        done = []
        for path in applicable[:-1]:
            done.append(scale(scenario, path=path, causes=False, worlds=0, **asked).as_dict())
            yield Stage(len(done), len(applicable), {"paths": list(done)}, ONE_BY_ONE)
        yield Stage(len(applicable), len(applicable), scale(scenario, **asked).as_dict())

    def command(self) -> str:
        """Return ``channelsim scale`` without a path, which tries all of them."""
        words = ["--volumes", ",".join(f"{volume:g}" for volume in self.volumes)]
        if self.metric:
            words += ["--metric", self.metric]
        if self.scope != "brand":
            words += ["--scope", self.scope]
        words += ["--replications", str(self.replications)]
        return shlex.join(command_words(self.case, "scale", *words))

    def python(self) -> str:
        """Return the call of :func:`sim.experiment.scale` without a path."""
        arguments = {
            "metric": self.metric or None,
            "scope": self.scope,
            "volumes": self.volumes,
            "replications": self.replications,
            "seed": SEED,
        }
        written = "".join(f"\n    {name}={value!r}," for name, value in arguments.items())
        return (
            "from sim.experiment import scale\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            f"found = scale(\n    scenario,{written}\n)\n"
            "print([(one.path, one.verdict) for one in found.paths])\n"
        )
