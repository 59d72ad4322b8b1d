"""How long a claim says that it measured, read out of its words."""

from __future__ import annotations

import re

YEAR = 365.0
UNITS = {"week": 7.0, "month": YEAR / 12, "quarter": YEAR / 4, "year": YEAR}
HALF_YEAR = YEAR / 2
NUMBERS = {
    word: number
    for number, word in enumerate(
        ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=2
    )
}

_LENGTH = (
    r"(?P<and_half>a year and a half)"
    r"|(?P<half>half an? year|(?:the |its |their )?(?:first |second |last )?half[- ]year)"
    rf"|(?P<many>(?:the |its |their )?(?:first |last |next )?(?P<count>{'|'.join(NUMBERS)}|\d+) "
    r"(?P<units>week|month|quarter|year)s(?! of\b))"
    r"|(?P<one>(?:an? |one |the |its |their )(?:whole |first |second |last |bad |good )?"
    r"(?P<unit>quarter(?! of\b)|year|month))"
)
_WHOLE = (
    r"(?P<whole>a whole year|a year and a half|half a year"
    r"|the (?:whole |first |second |last )(?:half[- ]year|quarter|year))"
)
# A price a year, half of the year's visits and a quarter of a brand are no time that was measured.
_MEASURED = re.compile(
    rf"(?:\b(?:over|within|during|in|after|of) (?:{_LENGTH})|(?:^|[.:;] ){_WHOLE})(?!['\w-])",
    re.IGNORECASE,
)


def measured(text: str) -> dict[str, float]:
    """Return the phrases of a text that say how long something was measured, with their days.

    Examples
    --------
    >>> measured("Profit over a quarter, in a brand of a quarter of the base, for 80,000 yuan a year.")
    {'over a quarter': 91.25}
    >>> measured("A year and a half, against the same years at the prices of the first day.")
    {'A year and a half': 547.5}
    """
    return {found[0].strip(".:; "): _days(found) for found in _MEASURED.finditer(text)}


def _days(found: re.Match[str]) -> float:
    words = (found["whole"] or "").lower()
    if found["and_half"] or words == "a year and a half":
        return YEAR + HALF_YEAR
    if found["half"] or "half" in words:
        return HALF_YEAR
    if found["many"]:
        count = found["count"].lower()
        return float(NUMBERS.get(count) or count) * UNITS[found["units"].lower()]
    return UNITS[(found["unit"] or words.split()[-1]).lower()]
