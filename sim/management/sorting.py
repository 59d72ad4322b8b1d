"""The courier's network on peak days: parcels wait for what everybody else has sent before them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    import numpy as np
    import simpy

    from sim.management.office import Office

HOURS_PER_DAY = 24.0


def days_held(waits: np.ndarray) -> int:
    """Return the most whole days for which a parcel can be held."""
    return math.ceil(waits.max(initial=0.0) - 1e-9)


def holding(wait_days: float, longest: int) -> list[float]:
    """Return the shares of parcels held for 0, 1, ... ``longest`` days that wait so long on average.

    Only the two whole numbers of days next to the wait occur.

    Examples
    --------
    >>> holding(1.25, 2)
    [0.0, 0.75, 0.25]
    """
    shares = [0.0] * (longest + 1)
    whole = min(int(wait_days), longest)
    rest = min(wait_days - whole, 1.0) if whole < longest else 0.0
    shares[whole] = 1.0 - rest
    if rest > 0:
        shares[whole + 1] = rest
    return shares


def hold_parcels(
    office: Office, waits: np.ndarray, nodes: Sequence[str]
) -> Generator[simpy.Event, Any, None]:
    """Say every midnight how long parcels wait that reach the network on that day.

    Parameters
    ----------
    office
        Where decisions are made.
    waits
        Wait of each day of the history, in days; none after the last.
    nodes
        Where parcels go that are held for 0, 1, ... days.
    """
    before = 0.0
    for day, wait in enumerate(waits):
        if wait == before:
            continue
        yield office.timeout_until(day * HOURS_PER_DAY)
        office.flow.set_route("sorting", dict(zip(nodes, holding(wait, len(nodes) - 1), strict=True)))
        before = wait
