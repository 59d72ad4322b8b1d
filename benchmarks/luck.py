"""The order tandem in numbers and one table of pre-drawn luck that every tool reads.

The tandem: 30 orders an hour; 6 packers, exponential 9 minutes; a truck every hour; 70% go out with 25
couriers, lognormal 40 minutes with coefficient of variation (cv) 0.5; 30% are collected after a lognormal
18 hours with cv 0.5; 8% of all orders come back after a uniform 24 to 168 hours, to 2 agents, exponential
12 minutes. With daily decisions, the number of packers is set every 24 hours from the queue for packing.
"""

from dataclasses import dataclass, fields

import numpy as np

ORDERS_PER_HOUR = 30.0
PACKERS = 6
PICK_MEAN = 0.15
HEADWAY = 1.0
COURIERS = 25
COURIER_MEAN = 40.0 / 60.0
COLLECT_SHARE = 0.3
DWELL_MEAN = 18.0
LOGNORMAL_CV = 0.5
RETURN_SHARE = 0.08
BACK_LOW, BACK_HIGH = 24.0, 168.0
AGENTS = 2
AGENT_MEAN = 0.2
DECIDE_EVERY = 24.0
HOURS_A_YEAR = 8760.0

NODES = ("pick", "truck", "courier", "collect", "back", "agent", "done")


def packers_for(queue: int) -> int:
    """Packers for the coming day from the number of orders waiting at its start (5, 6, 7 or 8)."""
    return 5 + (queue >= 5) + 2 * (queue >= 15)


@dataclass(frozen=True)
class Luck:
    """Everything chance decides, one entry per order in order of arrival; times in hours."""

    arrival: np.ndarray
    pick: np.ndarray
    courier: np.ndarray
    dwell: np.ndarray
    back: np.ndarray
    agent: np.ndarray
    collects: np.ndarray
    returns: np.ndarray

    @property
    def orders(self) -> int:
        """Number of orders in the table."""
        return len(self.arrival)

    @property
    def megabytes(self) -> float:
        """Size of the table in memory, MB."""
        return sum(getattr(self, field.name).nbytes for field in fields(self)) / 1e6


def lognormal_parameters(mean: float, cv: float) -> tuple[float, float]:
    """Return mu and sigma of the logarithm for a lognormal law with this mean and cv."""
    variance = float(np.log1p(cv * cv))
    return float(np.log(mean)) - variance / 2.0, variance**0.5


def draw_luck(horizon: float, seed: int) -> Luck:
    """Draw the luck of every order arriving in (0, horizon] hours."""
    rng = np.random.default_rng(seed)
    expected = ORDERS_PER_HOUR * horizon
    gaps = rng.exponential(1.0 / ORDERS_PER_HOUR, int(expected + 8.0 * expected**0.5 + 50))
    arrival = np.cumsum(gaps)
    if arrival[-1] <= horizon:
        raise ValueError("the table of arrivals ends before the horizon; draw more gaps")
    arrival = arrival[arrival <= horizon]
    n = len(arrival)
    return Luck(
        arrival=arrival,
        pick=rng.exponential(PICK_MEAN, n),
        courier=rng.lognormal(*lognormal_parameters(COURIER_MEAN, LOGNORMAL_CV), n),
        dwell=rng.lognormal(*lognormal_parameters(DWELL_MEAN, LOGNORMAL_CV), n),
        back=rng.uniform(BACK_LOW, BACK_HIGH, n),
        agent=rng.exponential(AGENT_MEAN, n),
        collects=(rng.random(n) < COLLECT_SHARE).astype(np.int8),
        returns=(rng.random(n) < RETURN_SHARE).astype(np.int8),
    )


@dataclass(frozen=True)
class Tally:
    """What a model reports: counts and summed hours (entry to departure, added at departure) by node."""

    entries: dict[str, int]
    departures: dict[str, int]
    hours: dict[str, float]
    decisions: int = 0
    changes: int = 0


def disagreements(reference: Tally, other: Tally, relative: float = 1e-9) -> list[str]:
    """List where two tallies differ: counts must be equal, summed hours equal to `relative`."""
    found = []
    for node in NODES:
        for what in ("entries", "departures"):
            a, b = getattr(reference, what)[node], getattr(other, what)[node]
            if a != b:
                found.append(f"{node}: {what} {a} against {b}")
        a, b = reference.hours[node], other.hours[node]
        if abs(a - b) > relative * max(abs(a), 1.0):
            found.append(f"{node}: summed hours {a!r} against {b!r}")
    if (reference.decisions, reference.changes) != (other.decisions, other.changes):
        found.append(
            f"decisions and changes {reference.decisions}, {reference.changes}"
            f" against {other.decisions}, {other.changes}"
        )
    return found
