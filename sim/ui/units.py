"""Units of a scenario's fields in the language of the page: put together from few words."""

from __future__ import annotations

from sim.ui.language import language, term
from sim.ui.vocabulary import UNITS, unit_name

_PARTS = (
    "1", "1000 units", "1000 visits", "case", "choice", "contacts", "customers", "day", "day of year",
    "day or stores", "days", "exception", "failure", "h", "hand-overs", "hire", "hour", "hour of day",
    "hours",    "job", "km", "km2", "lamps", "m2", "m2-day", "m2-month", "mail", "mails", "minutes", "month",
    "months of rent", "order", "orders", "parcel", "parcels", "people", "person", "piece", "place",
    "place-month", "places", "point", "point-day", "point-year", "points", "project", "projects", "ratio",
    "reviews", "searches", "share", "share of sales", "shops", "step", "stop", "store-month", "stores",
    "switch", "table", "text", "trip", "units", "van-day", "visit", "visits", "weight", "year", "years",
    "yuan",
)  # fmt: skip
WHOLE = ("m2/(order/day)", "yuan/(visit/hour)-year")
"""Units that do not come apart at their strokes."""
_OTHERWISE = {"place": "a place with homes", "step": "tier"}
"""Parts that mean something else elsewhere on the pages, by the words that the catalogue has them under."""
TERMS = frozenset({*_PARTS, *WHOLE, *_OTHERWISE.values()} - set(_OTHERWISE))


def unit_words(unit: str) -> str:
    """Return a unit in words.

    In English as everywhere on the pages (``yuan per order``); elsewhere part by part, with strokes.

    >>> unit_words("yuan/point-day")
    'yuan per point-day'
    """
    if language() == "en" or unit in UNITS:
        return unit_name(unit)
    return (
        term(unit)
        if unit in WHOLE
        else "/".join(term(_OTHERWISE.get(part, part)) for part in unit.split("/"))
    )
