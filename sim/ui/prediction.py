"""Predict, then reveal: what somebody expected of a second growth path, held against what was simulated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

DIRECTIONS = ("falls", "stays flat", "rises")
_OF_VERDICT = {"scalable": "falls", "neutral": "stays flat", "non_scalable": "rises"}


@dataclass(frozen=True)
class Prediction:
    """What somebody expects.

    Attributes
    ----------
    direction
        One of :data:`DIRECTIONS`.
    percent
        By how much when orders double, without a sign; 0 where it stays flat.
    """

    direction: str
    percent: float

    @property
    def signed(self) -> float:
        """Change when orders double, in percent."""
        return {"falls": -1.0, "stays flat": 0.0, "rises": 1.0}[self.direction] * self.percent

    def __str__(self) -> str:
        return (
            self.direction
            if self.direction == "stays flat"
            else f"{self.direction} {self.percent:g}% per doubling"
        )


def found_percent(result: Mapping[str, Any]) -> tuple[float, float, float] | None:
    """Return the simulated change when orders double, in percent, with its interval, or None."""
    elasticity = result["elasticity"]
    if elasticity is None or elasticity["low"] is None:
        return None
    mean, low, high = (100.0 * (2.0 ** elasticity[name] - 1.0) for name in ("mean", "low", "high"))
    return mean, low, high


def reveal(prediction: Prediction, result: Mapping[str, Any]) -> tuple[bool | None, str]:
    """Hold a prediction against a result of ``scale``.

    Returns
    -------
    tuple
        Whether the direction was right (None where the result has no single direction), and what to say.
    """
    found = found_percent(result)
    verdict = result["verdict"]
    said = f"You said: {prediction}."
    if found is None:
        return None, f"{said} The simulation cannot tell."
    mean, low, high = found
    measured = f"Simulated between the ends: {mean:+.1f}% per doubling ({low:+.1f} to {high:+.1f})."
    if verdict not in _OF_VERDICT:
        words = (
            "it falls first and then rises" if verdict == "stops_scaling" else "the simulation cannot tell"
        )
        return None, f"{said} No single word fits: {words}. {measured}"
    right = prediction.direction == _OF_VERDICT[verdict]
    if low <= prediction.signed <= high:
        return right, f"{said} Spot on: inside the interval. {measured}"
    off = abs(prediction.signed - mean)
    opening = "The direction is right" if right else f"It {_OF_VERDICT[verdict]}"
    return right, f"{said} {opening}; {off:.1f} points off. {measured}"
