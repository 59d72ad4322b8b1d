"""What a management process may see and do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Generator

    import numpy as np
    import simpy

    from sim.management.payroll import Payroll
    from sim.scenario import Scenario


class Office(Protocol):
    """The part of a running world that decisions need; :class:`sim.world.World` provides it.

    Attributes
    ----------
    scenario
        Description of the world.
    flow
        Running flow network.
    payroll
        Where payments go.
    now
        Hours since the start of the history.
    """

    scenario: Scenario
    flow: Any
    payroll: Payroll

    @property
    def now(self) -> float:
        """Hours since the start of the history."""

    def timeout(self, delay: float) -> simpy.Event:
        """Wait ``delay`` hours."""

    def timeout_until(self, time: float) -> simpy.Event:
        """Wait until a moment of the history."""

    def process(self, generator: Generator[Any, Any, Any]) -> Any:
        """Start another process."""

    def event(self) -> simpy.Event:
        """Return something that can happen."""

    def forget(self, event: simpy.Event) -> None:
        """Stop watching for an event that nobody waits for any more."""

    def level_falls_to(self, node: str, level: float) -> simpy.Event:
        """Wait until a stock holds ``level`` units or fewer; at once if it does already."""

    def count_reaches(self, node: str, count: float) -> simpy.Event:
        """Wait until ``count`` entities have entered a node; at once if they have already."""

    @property
    def period(self) -> int:
        """Month of the history that ends now or is under way; negative before measuring starts."""

    @property
    def settling(self) -> bool:
        """Whether a month, or the time before measuring, ends now."""

    @property
    def measuring(self) -> bool:
        """Whether the day that ends now is measured."""

    def luck_of_each(self, purpose: str, number: int, count: int) -> np.ndarray:
        """Return uniform numbers for 0 to ``count - 1`` that depend on nothing else but seed and purpose."""

    def luck(self, purpose: str, *numbers: int) -> float:
        """Return a uniform number that depends only on the seed, the purpose and the numbers."""
