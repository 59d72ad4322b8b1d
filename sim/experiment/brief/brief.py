"""The decision brief as plain data: what a board needs to know of one study, every number with its error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sim.experiment.brief.changed import Changed
from sim.experiment.brief.choice import Chosen
from sim.experiment.brief.flips import Flips
from sim.experiment.brief.limits import LIMITS, Limit
from sim.experiment.brief.swings import Swings
from sim.experiment.statistics import Estimate


@dataclass(frozen=True)
class Effect:
    """One size of effect.

    Attributes
    ----------
    name
        ``per_doubling`` (relative change of unit cost when size doubles), ``level`` (unit cost above what the
        study compares with), ``turning_point``, ``difference`` (in contribution per order) or
        ``contribution``.
    value
        Its value with interval and replications.
    volume
        Size at which it was measured, relative to the scenario's own; None where it belongs to no one size.
    """

    name: str
    value: Estimate
    volume: float | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return an element of ``effects``."""
        return {"name": self.name, "value": self.value.as_dict(), "volume": self.volume}


@dataclass(frozen=True)
class Brief:
    """Everything on the page, without its looks.

    Attributes
    ----------
    question
        ``scale`` or ``compare``.
    subject
        What was asked: scenario, path, metric and scope; or the two scenarios and the scope.
    verdicts
        By target, the main one first: how cost moves with size (``slope``) and where it ends (``level``), or
        the ``difference``.
    headline
        The study's own sentence.
    effects
        Sizes of effects, the main one first.
    worlds
        Share of plausible worlds with the main verdict, as the study of scale reports it; None without any.
    flips
        Conditions that turn a verdict; None where none could be looked for.
    swings
        What the assumptions do one by one; None likewise.
    weakest, measure_next
        See :mod:`sim.experiment.brief.choice`; None where no assumption moves the effect beyond noise.
    limits
        What is not modelled and bears on the question.
    baseline, changed
        What the scenario is measured against, and every difference from it.
    origin
        Provenance; see :func:`sim.experiment.brief.origin.origin_of`.
    notes
        What limits the brief itself.
    study
        Result of the study, as its own ``--json`` prints it.
    """

    question: str
    subject: Mapping[str, Any]
    verdicts: Mapping[str, str]
    headline: str
    effects: tuple[Effect, ...]
    worlds: Mapping[str, Any] | None
    flips: Flips | None
    swings: Swings | None
    weakest: Chosen | None
    measure_next: Chosen | None
    limits: tuple[Limit, ...]
    baseline: str
    changed: tuple[Changed, ...]
    origin: Mapping[str, Any]
    notes: tuple[str, ...]
    study: Mapping[str, Any]

    @property
    def verdict(self) -> str:
        """The main verdict."""
        return next(iter(self.verdicts.values()))

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``report --json``."""
        return {
            "question": self.question,
            "subject": dict(self.subject),
            "verdict": self.verdict,
            "verdicts": dict(self.verdicts),
            "headline": self.headline,
            "effects": [effect.as_dict() for effect in self.effects],
            "plausible_worlds": None if self.worlds is None else dict(self.worlds),
            "flips": None if self.flips is None else self.flips.as_dict(),
            "swings": [] if self.swings is None else [swing.as_dict() for swing in self.swings.largest],
            "weakest": None if self.weakest is None else self.weakest.as_dict(),
            "measure_next": None if self.measure_next is None else self.measure_next.as_dict(),
            "not_modelled": {
                "listed": [limit.as_dict() for limit in self.limits],
                "others": len(LIMITS) - len(self.limits),
            },
            "changed": {
                "baseline": self.baseline,
                "rows": [change.as_dict() for change in self.changed],
            },
            "origin": dict(self.origin),
            "notes": list(self.notes),
            "study": dict(self.study),
        }
