"""What a claim says about its time is the time that is simulated, in both languages."""

from __future__ import annotations

import pytest

from sim.experiment.claims import Claim, shipped_claims
from sim.scenario import load
from sim.ui.language import catalogue
from tests.experiment.claims.durations import measured

CLAIMS = list(shipped_claims().values())
NEAR = 0.05
"""Two months may be 60 days and a quarter 90."""
CHINESE = {
    60: "两个月",
    91: "季",
    182: "半年",
    243: "八个月",
    273: "九个月",
    365: "年",
    547: "一年半",
    730: "两年",
    1095: "三年",
}
"""The word that the Chinese has to have, by whole days."""


def words_of(claim: Claim) -> tuple[str, ...]:
    """What a claim says about its experiment; its worlds tell what is otherwise, which may last any time."""
    return claim.sentence, claim.reading, claim.fails_when


def horizons(claim: Claim) -> set[float]:
    """Days that the arms of a claim are simulated in its first world."""
    usual = claim.size.get("horizon.days", load(claim.base).horizon.days)
    return {float(values.get("horizon.days", usual)) for values in claim.arms.values()}


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_the_time_in_the_words_is_the_time_that_is_simulated(claim: Claim) -> None:
    simulated = horizons(claim)
    wrong = {
        phrase: (days, simulated)
        for text in words_of(claim)
        for phrase, days in measured(text).items()
        if not any(abs(days - horizon) <= NEAR * days for horizon in simulated)
    }
    assert wrong == {}


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.id for claim in CLAIMS])
def test_the_chinese_says_the_same_time(claim: Claim) -> None:
    known = catalogue("zh")
    wrong = {
        phrase: known[text]
        for text in words_of(claim)
        for phrase, days in measured(text).items()
        if CHINESE.get(int(days), "no word is given for this time") not in known[text]
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Profit over half a year, for each order.", [182.5]),
        ("Contribution of the half-year has to be higher.", [182.5]),
        ("Orders in the first half year of a new brand.", [182.5]),
        ("It pays for itself within half a year.", [182.5]),
        ("Half a year with the sale in June.", [182.5]),
        ("Contribution of nine months, and of the year.", [273.75, 365.0]),
        ("The mean over two years; over its first year.", [730.0, 365.0]),
        ("A whole year. The first quarter, with its rest.", [365.0, 91.25]),
        ("How many come back in a quarter?", [91.25]),
        ("Out of money within eight months, after 3 months.", [730.0 / 3, 91.25]),
    ],
)
def test_times_are_found(text: str, days: list[float]) -> None:
    assert list(measured(text).values()) == pytest.approx(days)


@pytest.mark.parametrize(
    "text",
    [
        "A brand of a quarter of the base's size whose projects cost a quarter.",
        "In a quarter of the cases; within a quarter of an hour; instead of three quarters of the mail.",
        "An analyst (80,000 yuan a year) is paid, and a hundred thousand visits a year come.",
        "Eight mails a month, a third truck a day, four prints a year, one great effort a year.",
        "Every four weeks a third of the money moves; offers last for half a year on average.",
        "Even at the third year's price of clicks, out of the year's visits.",
        "The same film four months later, or after 120 days; ninety days later.",
        "The same yearly quantity, with its rest at New Year.",
    ],
)
def test_what_is_no_time_of_the_study_is_left_alone(text: str) -> None:
    assert measured(text) == {}
