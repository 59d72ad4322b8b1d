"""What a visitor did: the present inputs, those before, and those that an undo set aside."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sim.ui.inputs import Inputs

MOST_STEPS = 200
KEPT_VIEW = ("page", "language")
"""Where one is and how one reads is no edit: an undo leaves it as it is."""


@dataclass(frozen=True)
class History:
    """A line of inputs with a place on it.

    Attributes
    ----------
    present
        The inputs that hold.
    past, future
        Those before and, after an undo, those after it; the nearest last.
    """

    present: Inputs = field(default_factory=Inputs)
    past: tuple[Inputs, ...] = ()
    future: tuple[Inputs, ...] = ()

    def doing(self, new: Inputs) -> History:
        """Return the history after an edit; one that changes nothing is none."""
        if new == self.present:
            return self
        if _edit(new) == _edit(self.present):
            return replace(self, present=new)
        return History(new, (*self.past, self.present)[-MOST_STEPS:])

    def undone(self) -> History:
        """Return the history one edit back; the same where there is none."""
        if not self.past:
            return self
        return History(self._seen(self.past[-1]), self.past[:-1], (*self.future, self.present))

    def redone(self) -> History:
        """Return the history one undo back; the same where there is none."""
        if not self.future:
            return self
        return History(self._seen(self.future[-1]), (*self.past, self.present), self.future[:-1])

    def without_future(self) -> History:
        """Return the history with nothing to do again."""
        return replace(self, future=())

    def _seen(self, other: Inputs) -> Inputs:
        """Return other inputs, looked at from where one is."""
        return other.showing(**{name: self.present.view(name) for name in KEPT_VIEW})


def _edit(inputs: Inputs) -> Inputs:
    """Return the inputs without what is no edit."""
    return inputs.showing(**dict.fromkeys(KEPT_VIEW, ""))
