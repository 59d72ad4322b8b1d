"""A share of a sweep: every n-th run, for one of several machines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sim.experiment.errors import ExperimentError


@dataclass(frozen=True)
class Shard:
    """Share ``number`` of ``count``, from 1; 1 of 1 is the whole sweep.

    Raises
    ------
    ExperimentError
        If there is no such share.
    """

    number: int = 1
    count: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.number <= self.count <= 9999:
            raise ExperimentError(f"a shard is k/n with k from 1 to n (found {self.number}/{self.count})")

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read ``2/3``.

        Raises
        ------
        ExperimentError
            If it is no share.
        """
        found = re.fullmatch(r"(\d{1,5})/(\d{1,5})", text.strip())
        if not found:
            raise ExperimentError(f"a shard is k/n, such as 1/3 for the first of three (found '{text}')")
        return cls(int(found[1]), int(found[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @property
    def label(self) -> str:
        """Return the share as file names have it: ``2of3``."""
        return f"{self.number}of{self.count}"

    @property
    def is_whole(self) -> bool:
        """Whether this is all of the sweep."""
        return self.count == 1

    def has(self, run: int) -> bool:
        """Say whether a run belongs to this share, by its number in the order of the design."""
        return run % self.count == self.number - 1

    def size(self, runs: int) -> int:
        """Return how many of the runs of a design belong to this share.

        >>> [Shard(number, 3).size(7) for number in (1, 2, 3)]
        [3, 2, 2]
        """
        return (runs - self.number) // self.count + 1

    def goes_with(self, other: Shard) -> bool:
        """Say whether two shares may work in one folder at the same time: they have no run in common."""
        return self.count == other.count and self.number != other.number


WHOLE = Shard()
