"""What the first screen asks the simulator: a scenario, a growth path, and how often."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.scenario import Scenario

SCENARIO = "community_pickup"
VOLUMES = (0.5, 1.0, 2.0, 4.0)
STAGES = (1, 3, 5)
"""Replications after which an answer is shown; the last is the confirmed one."""
QUARTER = 91
"""Days of a history: a quarter instead of a year, so that an answer takes about a second."""
SEED = 1


@dataclass(frozen=True)
class Question:
    """One study of scale.

    Attributes
    ----------
    path
        Growth path.
    changes
        Values that differ from the shipped scenario, by path.
    days
        Length of a history.
    scenario
        Name of the shipped scenario.
    """

    path: str
    changes: Mapping[str, float | int] = field(default_factory=dict)
    days: int = QUARTER
    scenario: str = SCENARIO

    @property
    def key(self) -> str:
        """Name of the question: equal questions have equal answers."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:24]

    def world(self) -> Scenario:
        """Return the scenario that is asked about.

        Raises
        ------
        sim.scenario.ScenarioError
            If the values together make no scenario.
        """
        from sim.scenario import load

        return load(self.scenario, self.overrides())

    def overrides(self) -> list[str]:
        """Return the changes as ``--set`` takes them."""
        return [
            f"{path}={json.dumps(value)}"
            for path, value in {"horizon.days": self.days, **self.changes}.items()
        ]

    def arguments(self, replications: int) -> dict[str, Any]:
        """Return the arguments of :func:`sim.experiment.scale`."""
        return {
            "path": self.path,
            "volumes": VOLUMES,
            "replications": replications,
            "seed": SEED,
            "causes": False,
            "worlds": 0,
        }

    def command(self) -> str:
        """Return the command that gives the same digits."""
        words = ["channelsim", "scale", self.scenario, "--path", self.path]
        words += [
            "--volumes",
            ",".join(f"{volume:g}" for volume in VOLUMES),
            "--replications",
            str(STAGES[-1]),
        ]
        words += ["--no-causes", "--worlds", "0"]
        for change in self.overrides():
            words += ["--set", change]
        return shlex.join(words)
