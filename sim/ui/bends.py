"""What bends the curve of the lesson: another way to grow, a mechanism switched off, another world."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.ui.questions.scale import VOLUMES, ScaleQuestion
from sim.ui.questions.why import WhyQuestion

if TYPE_CHECKING:
    from sim.ui.case import Case, Value

COPY, FILL = "replicate", "densify"
"""The path of the lesson, and the one that is held against it."""
REPLICATIONS = 3
OFF = "off:"
_LAYER = "pickup.community."


@dataclass(frozen=True)
class Bend:
    """One way in which the curve could be another.

    Attributes
    ----------
    path
        Growth path.
    changes
        What is changed about the variant, by path; each within its stated range.
    """

    path: str
    changes: Mapping[str, Value]

    def question(self, case: Case) -> ScaleQuestion:
        """Return the study of this bend."""
        return ScaleQuestion(
            case.changed(dict(self.changes)), path=self.path, volumes=VOLUMES, replications=REPLICATIONS
        )


BENDS: Mapping[str, Bend] = {
    "fill": Bend(FILL, {}),
    "span": Bend(COPY, {f"{_LAYER}supervision.span": 60, f"{_LAYER}supervision.wage_per_month": 9000}),
    "control": Bend(
        COPY,
        {
            f"{_LAYER}supervision.survival_per_level": 0.85,
            f"{_LAYER}supervision.uncontrolled_exception_rate": 0.3,
            f"{_LAYER}exception_cost": 10,
        },
    ),
}
"""Bends by name; those with changes are flips that docs/pickup.md shows as well."""
_NO_MECHANISM = ("interaction", "unattributed")


def main_question(case: Case) -> ScaleQuestion:
    """Return the study that answers the lesson's question."""
    return Bend(COPY, {}).question(case)


def why_question(case: Case) -> WhyQuestion:
    """Return the study of its causes."""
    return WhyQuestion(case, path=COPY, volumes=VOLUMES, replications=REPLICATIONS)


def mechanisms_in(result: Mapping[str, Any] | None) -> Sequence[str]:
    """Return the mechanisms that a study of causes names one by one, what does most first."""
    if result is None:
        return ()
    single = [
        cause
        for cause in result.get("causes") or ()
        if cause["mechanism"] not in _NO_MECHANISM and not cause.get("members")
    ]
    single.sort(key=lambda cause: -abs(cause["yuan_per_order"]["mean"]))
    return tuple(cause["mechanism"] for cause in single)


def bend_of(word: str, mechanisms: Sequence[str]) -> Bend:
    """Return the bend of a choice of the view; the other path where there is no such bend."""
    if word.startswith(OFF) and word.removeprefix(OFF) in mechanisms:
        return Bend(COPY, {f"mechanisms.{word.removeprefix(OFF)}": False})
    return BENDS.get(word, BENDS["fill"])
