"""The state of a lesson: variant, step, predictions, show of hands, and the lock that holds them.

It is read from the choices of the view and written back to them, so a reload or a closed browser loses
nothing that stands in the address. Nothing of the truth is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.ui.inputs import LONGEST_WORD
from sim.ui.prediction import DIRECTIONS, LONGEST_NAME, Prediction, PredictionError, prediction_of
from sim.ui.variants import COUNT

if TYPE_CHECKING:
    from sim.ui.inputs import Inputs

OPEN_STEPS = ("scene", "predict")
REVEALS = ("point", "double", "whole", "causes")
STEPS = (*OPEN_STEPS, "locked", *REVEALS, "explain", "debrief")
"""Steps of the lesson in their order; all but the first two need the lock."""
MOST = 30
"""Predictions that fit into an address."""
_PER_WORD, _WORDS = 3, 15
"""Most predictions in one choice of the view, and such choices: of the longest names two fit into one."""
MOST_HANDS = 999
SEEN = "lesson_seen"
"""Choice of the view that holds the variants whose answer was shown, with commas between them."""
LOCKED = "predictions are locked; choose another variant to predict again"
FULL = f"a class has at most {MOST} predictions; count the others by show of hands"
NOBODY = "nobody has predicted anything; hand in at least one prediction, or hands"


class ClassroomError(ValueError):
    """What cannot be done now; the message says why and what to do."""


@dataclass(frozen=True)
class Classroom:
    """One class at one moment.

    Attributes
    ----------
    variant
        0 for the shipped scenario.
    step
        One of :data:`STEPS`; never beyond ``predict`` without the lock.
    predictions
        In the order in which they were handed in.
    hands
        Show of hands: how many say falls, stays flat, rises.
    seal
        Checksum over variant, predictions and hands, written by the lock; empty before.
    lost
        Predictions of a link that could not be read.
    """

    variant: int = 0
    step: str = "scene"
    predictions: tuple[Prediction, ...] = ()
    hands: tuple[int, int, int] = (0, 0, 0)
    seal: str = ""
    lost: int = 0

    @classmethod
    def of(cls, inputs: Inputs) -> Classroom:
        """Read the state from the choices of the view; what cannot be read is counted, not guessed."""
        number = inputs.view("lesson_variant", "0")
        known = int(number) if re.fullmatch(r"\d{1,2}", number) and int(number) <= COUNT else 0
        found, lost = [], 0
        for place in range(_WORDS):
            for word in filter(None, inputs.view(f"lesson_p{place}").split("+")):
                try:
                    found.append(prediction_of(word))
                except PredictionError:
                    lost += 1
        read = cls(
            known,
            "scene",
            tuple(found),
            _hands_of(inputs.view("lesson_hands")),
            inputs.view("lesson_seal"),
            lost,
        )
        step = inputs.view("lesson_step")
        return read.at(step if step in STEPS else "scene")

    @property
    def is_locked(self) -> bool:
        """Whether the predictions are those that were locked, every one of them."""
        return bool(self.seal) and self.has_any and self.seal == self._checksum()

    @property
    def was_changed(self) -> bool:
        """Whether there is a lock, but of other predictions."""
        return bool(self.seal) and not self.is_locked

    @property
    def has_any(self) -> bool:
        """Whether anything was predicted."""
        return bool(self.predictions) or sum(self.hands) > 0

    @property
    def number(self) -> int:
        """Place of the step among :data:`STEPS`."""
        return STEPS.index(self.step)

    def at(self, step: str) -> Classroom:
        """Return the class at a step; without the lock at ``predict`` instead of any later one."""
        is_allowed = step in OPEN_STEPS or self.is_locked
        return replace(self, step=step if is_allowed else "predict")

    def handed_in(self, prediction: Prediction) -> Classroom:
        """Return the class with one more prediction; one of the same person takes the place of the old one.

        Raises
        ------
        ClassroomError
            If predictions are locked or the list is full.
        """
        if self.is_locked:
            raise ClassroomError(LOCKED)
        others = tuple(one for one in self.predictions if one.who != prediction.who)
        if len(others) >= MOST:
            raise ClassroomError(FULL)
        return replace(self, predictions=(*others, prediction), seal="")

    def by(self, who: str) -> Prediction | None:
        """Return what somebody of this name handed in; None where nobody did."""
        return next((one for one in self.predictions if one.who == who), None)

    def free_name(self, who: str) -> str:
        """Return a name like this one that nobody has, within the length that names may have."""
        tries = (f"{who[: LONGEST_NAME - len(str(number))]}{number}" for number in range(2, MOST + 3))
        return next(name for name in tries if self.by(name) is None)

    def without_last(self) -> Classroom:
        """Return the class without the latest prediction, while nothing is locked."""
        return self if self.is_locked else replace(self, predictions=self.predictions[:-1], seal="")

    def counted(self, hands: tuple[int, int, int]) -> Classroom:
        """Return the class with a show of hands, while nothing is locked."""
        if self.is_locked:
            return self
        limited = tuple(min(max(count, 0), MOST_HANDS) for count in hands)
        return replace(self, hands=(limited[0], limited[1], limited[2]), seal="")

    def locked(self) -> Classroom:
        """Return the class with its predictions locked.

        Raises
        ------
        ClassroomError
            If nothing was predicted.
        """
        if not self.has_any:
            raise ClassroomError(NOBODY)
        return replace(self, seal=self._checksum()).at("locked")

    def words(self) -> dict[str, str]:
        """Return the choices of the view that hold this state."""
        words = _packed([one.word for one in self.predictions])
        packed = {f"lesson_p{place}": words[place] if place < len(words) else "" for place in range(_WORDS)}
        return {
            "lesson_variant": str(self.variant) if self.variant else "",
            "lesson_step": "" if self.step == "scene" else self.step,
            "lesson_hands": ",".join(map(str, self.hands)) if sum(self.hands) else "",
            "lesson_seal": self.seal,
            **packed,
        }

    def directions(self) -> dict[str, int]:
        """Return how many expect each direction, hands and predictions together."""
        found = dict(zip(DIRECTIONS, self.hands, strict=True))
        for one in self.predictions:
            found[one.direction] += 1
        return found

    def _checksum(self) -> str:
        words = [str(self.variant), *(one.word for one in self.predictions), *map(str, self.hands)]
        return hashlib.sha256("|".join(words).encode()).hexdigest()[:12]


def seen_in(inputs: Inputs) -> set[int]:
    """Return the variants whose answer a link says was shown."""
    words = inputs.view(SEEN).split(",")
    return {int(word) for word in words if re.fullmatch(r"[0-9]{1,2}", word) and int(word) <= COUNT}


def anonymous(predictions: Sequence[Prediction]) -> list[Prediction]:
    """Return predictions in an order that tells nothing about who made them, without their initials."""
    ordered = sorted(predictions, key=lambda one: (one.numbers, one.chances))
    return [replace(one, who=str(place + 1)) for place, one in enumerate(ordered)]


def _packed(texts: Sequence[str]) -> list[str]:
    """Return predictions in as few choices of the view as hold them, in their order."""
    found: list[list[str]] = []
    for text in texts:
        is_room = found and len(found[-1]) < _PER_WORD
        if is_room and len("+".join([*found[-1], text])) <= LONGEST_WORD:
            found[-1].append(text)
        else:
            found.append([text])
    return ["+".join(some) for some in found]


def _hands_of(word: str) -> tuple[int, int, int]:
    found = re.fullmatch(r"(\d{1,3}),(\d{1,3}),(\d{1,3})", word)
    return (0, 0, 0) if found is None else (int(found[1]), int(found[2]), int(found[3]))
