"""The lines of the articles with the claims that answer them: found, filtered, and told in a row each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sim.ui.kept_claims import VERDICTS
from sim.ui.language import say, term

ALL = "all"
UNTRIED, UNREACHABLE = "not tried", "out of reach"
TOPICS = {
    "000": "four misunderstandings of lamp makers",
    "001": "online and offline, and what joins them",
    "002": "four mistaken ideas about e-commerce",
    "003": "ten pits of running a web shop",
    "004": "misunderstandings of small firms",
}
"""The articles by number, as readers call them."""
TERMS = frozenset({*TOPICS.values(), *VERDICTS, UNTRIED, UNREACHABLE})


@dataclass(frozen=True)
class Line:
    """One line of an article.

    Attributes
    ----------
    id
        Number of the article and of the line, such as ``000-14``.
    says
        What it says.
    claims
        Ids of the claims that answer it.
    out_of_reach
        Why no run can; empty otherwise.
    """

    id: str
    says: str
    claims: tuple[str, ...]
    out_of_reach: str

    @property
    def topic(self) -> str:
        """A key of :data:`TOPICS`."""
        return self.id.partition("-")[0]

    def verdicts(self, known: Mapping[str, str]) -> tuple[str, ...]:
        """Return the verdicts of its claims, of which those that are known are in ``known``."""
        if self.out_of_reach:
            return (UNREACHABLE,)
        return tuple(known.get(claim, UNTRIED) for claim in self.claims) or (UNTRIED,)


@lru_cache(maxsize=1)
def all_lines() -> tuple[Line, ...]:
    """Return every line of the articles, in their order."""
    from sim.experiment.claims import listing

    return tuple(
        Line(row["id"], row["says"], tuple(row["claims"]), row["out_of_reach"])
        for row in listing()["articles"]
    )


@lru_cache(maxsize=1)
def sentences() -> Mapping[str, str]:
    """Return the sentence of every claim by its id."""
    from sim.experiment.claims import shipped_claims

    return {name: claim.sentence for name, claim in shipped_claims().items()}


def claim_terms() -> set[str]:
    """Return everything that shipped claims and lines of the articles say on the page."""
    from sim.experiment.claims import shipped_claims

    found: set[str] = set()
    for claim in shipped_claims().values():
        found |= {claim.sentence, claim.fails_when, claim.reading}
        found |= {words for world in claim.worlds for words in (world.name, world.why)}
    for line in all_lines():
        found |= {line.says, line.out_of_reach}
    return found - {""}


@dataclass(frozen=True)
class LineFilter:
    """What a reader looks for.

    Attributes
    ----------
    verdict
        At least one claim of the line has it; ``all`` for any.
    topic
        A key of :data:`TOPICS`, or ``all``.
    words
        All of these stand in the line or in a claim that answers it, as the page says them or in English;
        any case.
    """

    verdict: str = ALL
    topic: str = ALL
    words: str = ""

    def takes(self, line: Line, known: Mapping[str, str]) -> bool:
        """Whether a line is looked for."""
        texts = (line.says, *(sentences()[one] for one in line.claims))
        told = " ".join((line.id, *line.claims, *texts, *(term(text) for text in texts))).lower()
        return (
            self.topic in (ALL, line.topic)
            and self.verdict in (ALL, *line.verdicts(known))
            and all(word in told for word in self.words.lower().split())
        )


def verdict_word(verdict: str) -> str:
    """Name of a verdict."""
    return term(verdict)


def verdicts_in_words(verdicts: Iterable[str]) -> str:
    """Write the verdicts of a line: one alone as it is, several with their counts."""
    found = list(verdicts)
    if len(set(found)) == 1:
        return verdict_word(found[0]) if len(found) == 1 else f"{len(found)} × {verdict_word(found[0])}"
    counts = {verdict: found.count(verdict) for verdict in (*VERDICTS, UNTRIED) if verdict in found}
    return ", ".join(f"{count} × {verdict_word(verdict)}" for verdict, count in counts.items())


def frame_of(lines: Iterable[Line], known: Mapping[str, str]) -> Any:
    """Return the lines as the table of the page."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                say("line"): line.id,
                say("verdict"): verdicts_in_words(line.verdicts(known)),
                say("what it says"): term(line.says),
            }
            for line in lines
        ]
    )
