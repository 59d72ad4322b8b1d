"""Bad goods for some days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    import simpy

    from sim.management.office import Office
    from sim.scenario.schema import BadBatch

HOURS_PER_DAY = 24.0


def let_a_bad_batch_through(
    office: Office, batch: BadBatch, begin: float, tell: Callable[[Mapping[str, float]], None]
) -> Generator[simpy.Event, Any, None]:
    """Raise breakage for the days of the batch.

    Parameters
    ----------
    office
        Where decisions are made.
    batch
        When, how long, how bad.
    begin
        Hour at which measuring starts.
    tell
        Takes the chance of breakage relative to the scenario's own.
    """
    yield office.timeout_until(begin + (batch.first_day - 1) * HOURS_PER_DAY)
    tell({"broken": batch.breakage_factor})
    yield office.timeout(batch.days * HOURS_PER_DAY)
    tell({})
