"""Predictions held against results."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sim.ui.prediction import Prediction, found_percent, reveal


def result(verdict: str, percents: tuple[float, float, float] | None) -> dict[str, Any]:
    """A result whose cost changes by so many percent per doubling: mean, low, high."""
    if percents is None:
        return {"verdict": verdict, "elasticity": {"mean": -0.1, "low": None, "high": None}}
    names = ("mean", "low", "high")
    ends = {name: math.log2(1 + percent / 100) for name, percent in zip(names, percents, strict=True)}
    return {"verdict": verdict, "elasticity": ends}


def test_percent_per_doubling_is_the_elasticity_in_other_words():
    assert found_percent(result("scalable", (-10.0, -12.0, -8.0))) == pytest.approx((-10.0, -12.0, -8.0))
    assert found_percent(result("cannot_tell", None)) is None
    assert found_percent({"verdict": "cannot_tell", "elasticity": None}) is None


@pytest.mark.parametrize(
    ("prediction", "verdict", "percents", "right", "expected"),
    [
        (Prediction("falls", 11.0), "scalable", (-10.0, -12.0, -8.0), True, "Spot on"),
        (
            Prediction("falls", 30.0),
            "scalable",
            (-10.0, -12.0, -8.0),
            True,
            "The direction is right; 20.0 points off",
        ),
        (Prediction("rises", 5.0), "scalable", (-10.0, -12.0, -8.0), False, "It falls; 15.0 points off"),
        (Prediction("stays flat", 0.0), "neutral", (0.5, -0.5, 1.5), True, "Spot on"),
        (Prediction("falls", 5.0), "stops_scaling", (-2.0, -4.0, 1.0), None, "falls first and then rises"),
        (Prediction("falls", 5.0), "cannot_tell", (-2.0, -9.0, 5.0), None, "cannot tell"),
        (Prediction("falls", 5.0), "cannot_tell", None, None, "cannot tell"),
    ],
)
def test_reveal(prediction, verdict, percents, right, expected):
    found, words = reveal(prediction, result(verdict, percents))
    assert found is right
    assert expected in words
    assert str(prediction) in words
