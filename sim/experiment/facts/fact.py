"""What a fact is: something measured in the world, and how the same thing is measured here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.facts.worlds import World

if TYPE_CHECKING:
    from sim.experiment.jobs import Summary
    from sim.scenario import Scenario


class CannotTellError(Exception):
    """A fact cannot be measured in these worlds; the message says why in one sentence."""


class MissError(Exception):
    """There is no number, and that by itself contradicts the fact; the message says why in one sentence."""


@dataclass(frozen=True)
class Number:
    """One published number.

    Attributes
    ----------
    label
        Year, rank or whatever tells it from its neighbours.
    value
        The number.
    unit
        Its unit.
    """

    label: str
    value: float
    unit: str


@dataclass(frozen=True)
class Beside:
    """A figure of ours that is shown beside the verdict and does not decide it.

    Attributes
    ----------
    label
        What it is.
    values
        One value per history, or a single one that no luck enters.
    unit
        Their unit.
    """

    label: str
    values: Sequence[float]
    unit: str


@dataclass(frozen=True)
class Reading:
    """What the histories say about a fact.

    Attributes
    ----------
    values
        The figure that is held against the band: one value per history, or a single one where it is read
        off the scenario and no luck enters.
    beside
        Further figures.
    """

    values: Sequence[float]
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What a fact may look at: the scenarios of its worlds and their histories, in the order of the seeds."""

    scenarios: Mapping[World, Scenario]
    histories: Mapping[World, Sequence[Summary]]

    def kpi(self, world: World, name: str) -> list[float]:
        """Return one figure in each history of a world.

        Raises
        ------
        CannotTellError
            If the figure does not apply there.
        """
        runs = self.histories[world]
        if any(name not in run.kpis for run in runs):
            raise CannotTellError(f"the figure {name} does not apply to '{world.name}'")
        return [run.kpis[name] for run in runs]


@dataclass(frozen=True)
class Fact:
    """A pattern of the real world that the simulated one should show.

    Attributes
    ----------
    id
        Stable name.
    sentence
        What is known, with its numbers, in one sentence.
    numbers
        The published numbers.
    band
        Lowest and highest value of the measured figure that agree with the published numbers; None where
        there is no bound on that side.
    unit
        Unit of band and figure.
    why_band
        Where the band comes from.
    sources
        Addresses.
    grade
        Of the evidence: A primary filing, peer-reviewed or official; B reputable secondary source or one step
        of arithmetic; C blog, translated page or interested party.
    measured
        How the figure is measured here: which worlds, which figure.
    worlds
        The worlds it needs.
    read
        From evidence to the figure.
    tuned
        Paths of the values that were set with this fact in mind, besides those whose source cites one of its
        addresses (these are found without being listed).
    is_read_off
        Whether the figure is read off a scenario, so that nothing is simulated and no luck enters.
    """

    id: str
    sentence: str
    numbers: tuple[Number, ...]
    band: tuple[float | None, float | None]
    unit: str
    why_band: str
    sources: tuple[str, ...]
    grade: str
    measured: str
    worlds: tuple[World, ...]
    read: Callable[[Evidence], Reading]
    tuned: tuple[str, ...] = ()
    is_read_off: bool = False
