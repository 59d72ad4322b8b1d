"""Every number of a scenario with what it rests on: found, filtered, and counted by room and grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.report.explain import written
from sim.ui.language import say, term
from sim.ui.trail import grade_words, range_words
from sim.ui.units import unit_words

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Entry, Scenario

ALL = "all"
GUESSED, UNSAID, STRONG, FAIR, WEAK = "guess", "unsaid", "A", "B", "C"
KINDS = (GUESSED, UNSAID, WEAK, FAIR, STRONG)
"""How a number is founded, the weakest first."""
ROOMS = {
    "market": "shoppers and traffic",
    "channels": "channels",
    "products": "goods",
    "fulfilment": "fulfilment",
    "pickup": "pickup layers",
    "service": "after-sales service",
    "management": "management",
    "finance": "money",
    "mechanisms": "mechanisms",
    "horizon": "time",
}
"""Rooms of a scenario: its top keys, as readers call them."""
TERMS = frozenset(ROOMS.values())


@dataclass(frozen=True)
class Filter:
    """What a reader looks for.

    Attributes
    ----------
    room
        A key of :data:`ROOMS`, or ``all``.
    grade
        One of :data:`KINDS`, or ``all``.
    words
        All of these must stand in path, meaning (as the page says it or in English) or source; any case.
    changed
        Only these paths; None: any.
    """

    room: str = ALL
    grade: str = ALL
    words: str = ""
    changed: frozenset[str] | None = None

    def takes(self, entry: Entry) -> bool:
        """Whether an entry is looked for."""
        meaning = entry.description
        text = f"{entry.path} {meaning} {term(meaning)} {entry.source}".lower()
        return (
            self.room in (ALL, room_of(entry.path))
            and self.grade in (ALL, kind_of(entry))
            and all(word in text for word in self.words.lower().split())
            and (self.changed is None or entry.path in self.changed)
        )


def room_of(path: str) -> str:
    """Return the room of a path."""
    return path.partition(".")[0]


def kind_of(entry: Entry) -> str:
    """Return how an entry is founded: its grade, or ``unsaid``."""
    return entry.grade if entry.grade in (GUESSED, STRONG, FAIR, WEAK) else UNSAID


def entries_of(scenario: Scenario) -> list[Entry]:
    """Return everything that can be changed: guesses first, then by room, then by the schema."""
    rooms = list(ROOMS)
    found = [entry for entry in scenario.entries() if entry.role != "label" and room_of(entry.path) in ROOMS]
    return sorted(found, key=lambda entry: (KINDS.index(kind_of(entry)), rooms.index(room_of(entry.path))))


def is_number(entry: Entry) -> bool:
    """Whether an entry is a number, and no switch, word or list."""
    return isinstance(entry.value, int | float) and not isinstance(entry.value, bool)


def counts(entries: Sequence[Entry]) -> dict[str, dict[str, int]]:
    """Count numbers by room and foundation; rooms in the order of :data:`ROOMS`."""
    found: dict[str, dict[str, int]] = {}
    numbers = [entry for entry in entries if is_number(entry)]
    for room in ROOMS:
        mine = [kind_of(entry) for entry in numbers if room_of(entry.path) == room]
        if mine:
            found[room] = {kind: mine.count(kind) for kind in KINDS}
    return found


def kind_words(kind: str) -> str:
    """Name of a foundation."""
    return {
        GUESSED: say("guess: expert judgement"),
        UNSAID: say("neutral default, or set without a source"),
        WEAK: say("C: blog, vendor, translated page"),
        FAIR: say("B: reputable secondary source"),
        STRONG: say("A: filing, statistic, reviewed study"),
    }[kind]


def kind_short(kind: str) -> str:
    """Name of a foundation in a word or two."""
    return say("neutral default") if kind == UNSAID else grade_words(kind)


def room_words(room: str) -> str:
    """Name of a room."""
    return say("every room") if room == ALL else term(ROOMS[room])


def frame_of(entries: Sequence[Entry], defaults: Mapping[str, Any]) -> pd.DataFrame:
    """Return entries as the table of the page.

    Parameters
    ----------
    entries
        What is shown.
    defaults
        Values before any change, by path, of what was changed.
    """
    import pandas as pd

    own = [written(defaults[entry.path]) if entry.path in defaults else "" for entry in entries]
    return pd.DataFrame(
        {
            say("assumption"): [entry.path for entry in entries],
            say("value"): [written(entry.value) for entry in entries],
            **({say("default"): own} if any(own) else {}),
            say("unit"): [unit_words(entry.unit) for entry in entries],
            say("plausible"): [range_words(entry) for entry in entries],
            say("grade"): [grade_words(entry.grade) for entry in entries],
            say("source"): [entry.source for entry in entries],
        }
    )
