"""The ways of orders as few links: what a picture can show, the rest grouped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sim.report.numbers import read
from sim.scenario.segments import LAYERS

MOST_LINKS = 25
"""More links than this are a tangle."""
OTHER_SOURCES, POINTS, NOT_RECEIVED = "other_sources", "points", "not_received"
NOT_KEPT = ("refused", "lost", "cancelled", "open")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """Orders, or their value, between two stops.

    Attributes
    ----------
    stage
        ``arrival`` (source to channel), ``dispatch`` (channel to way) or ``outcome`` (way to end).
    start, end
        Names of the stops.
    amount
        Mean over histories.
    """

    stage: str
    start: str
    end: str
    amount: float


def few_links(ways: Sequence[Row], measure: str, most: int = MOST_LINKS) -> list[Link]:
    """Return the links of a picture: all ways, with small ones grouped until there are few enough.

    Refused, lost, cancelled and open orders go together; if that is not enough all pickup layers do; then the
    smallest ways from a source to a channel join *other sources*. Nothing is left out: at every stop as much
    arrives as leaves, but for where ways begin and end.

    Parameters
    ----------
    ways
        Rows of :attr:`sim.experiment.ways.Told.ways`, as plain data.
    measure
        ``orders`` or ``value``.
    most
        How many links at most; below 17 there may be more.

    Examples
    --------
    >>> row = {"source": "email", "channel": "mall", "delivery": "door", "end": "kept", "orders": 2.0}
    >>> [(link.start, link.end) for link in few_links([row], "orders")]
    [('email', 'mall'), ('mall', 'door'), ('door', 'kept')]
    """
    found: list[Link] = []
    for pairs, delivery in _settings(ways, measure):
        found = list(_links(ways, measure, pairs, delivery))
        if len(found) <= most:
            break
    return found


def _settings(
    ways: Sequence[Row], measure: str
) -> Iterator[tuple[set[tuple[str, str]], Callable[[str], str]]]:
    """Yield ways of grouping, the finest first: pairs of source and channel that stay, and names of ways."""
    sums: dict[tuple[str, str], float] = {}
    for row in ways:
        pair = row["source"], row["channel"]
        sums[pair] = sums.get(pair, 0.0) + _mean(row, measure)
    pairs = sorted(sums, key=lambda pair: (-sums[pair], pair))
    layers = {row["delivery"] for row in ways} & set(LAYERS)
    kept = max(len(pairs) // 2, min(len(pairs), 6)) if len(layers) > 1 else 0
    for number in range(len(pairs), kept, -1):
        yield set(pairs[:number]), str
    for number in range(len(pairs), -1, -1):
        yield set(pairs[:number]), lambda name: POINTS if name in LAYERS and len(layers) > 1 else name


def _links(
    ways: Sequence[Row], measure: str, pairs: set[tuple[str, str]], delivery: Callable[[str], str]
) -> Iterator[Link]:
    sums: dict[tuple[str, str, str], float] = {}
    for row in ways:
        own = (row["source"], row["channel"]) in pairs
        stops = (
            row["source"] if own else OTHER_SOURCES,
            row["channel"],
            delivery(row["delivery"]),
            NOT_RECEIVED if row["end"] in NOT_KEPT else row["end"],
        )
        for stage, start, end in zip(("arrival", "dispatch", "outcome"), stops, stops[1:], strict=False):
            key = stage, start, end
            sums[key] = sums.get(key, 0.0) + _mean(row, measure)
    for key, amount in sums.items():
        if amount > 0:
            yield Link(*key, amount)


def _mean(row: Row, measure: str) -> float:
    known = read(row[measure])
    return 0.0 if known is None else known.mean
