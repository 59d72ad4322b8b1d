"""Sentences that other rooms write with numbers in them: their templates, and how to tell one.

The rooms that write them know one language. Here stand the same sentences with names in braces where values
go, as the catalogue has them; a test holds them against the sources, so that none is forgotten.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache

WARNINGS = (
    "sells at {price} of the reference price what costs {cost} of it to buy",
    "commission and payment take {taken} of sales, the margin is {margin}",
    "is open and gets {orders} orders a year",
    "land more visits there (market.sources.*.landing.{name}) or close it",
    "costs {cost} yuan a year before its first order and sells for {sales}",
    "{share} of the strangers who are sent to the own mall buy,"
    " {platform} of those who search on the platform",
    "orders contribute {contribution} yuan a year to a fixed cost of {cost}",
    "{visits} visits a year end in no order",
    "an order costs {traffic} yuan of visits and contributes {before} before them",
    "an order contributes {contribution} yuan after everything that follows it",
    "its visitors buy {factor} times as readily as conversion_rate says",
    "a visit costs {bid} yuan at auction and {flat} with mechanisms.ad_auction off",
    "the peak's {days} days get {share} of the year, as many ordinary days {ordinary}",
    "give at least {share}, or switch seasonality off",
    "{channel} sells at {price} of the reference price what costs {cost} of it to buy",
    "{value} lies outside its plausible range, {low} to {high} ({unit})",
    "{silent} of {count} numbers say nothing of where they come from, this one first",
    "{guessed} of {count} numbers are guesses, this one first",
    "an order takes {work} hours to pack and the shift lasts {shift}",
    "the last truck leaves at {last}, before packers start at {start}: everything waits for the next day",
    "{price} yuan a parcel is less than the trip to the door, {cost}",
    "goods are ordered with stock for {stock} days and take {needed}",
    "{promise} hours are promised and the way alone takes {way} on average",
    "a point costs {cost} yuan a day for {parcels} parcels, {each}; the door costs {door}",
    "{yuan} yuan each",
    "no parcel carries it",
    "pool other merchants' parcels (about {needed} a day carry it) or cut paid hours",
    "{places} places for {lying} parcels that lie there on average",
    "handing over {parcels} parcels takes {needed} hours a day, {planned} are planned",
    "{points} points give a manager {hours} hours of work a month, {there} are there",
    "lower the span to about {span}, or visit less often",
    "{points} points in a place and {people} people who would work there: vacancies are never filled",
    "{discount} yuan are taken off for a trip that costs {cost}",
)
"""What ``sim/scenario/sanity`` says with a value in it: findings, ways out, and a clause within a finding."""
REASONS = (
    "its only pickup layer is in the stores, and a store is more than a point",
    "the scenario has no pickup layer, so there are no points to add",
    "mechanisms.seasonality is off, so every day is alike",
    "no source sells visits (none has a price per visit or an auction)",
    "no online channel is open",
    "market.price_elasticity is 0, so price moves no orders",
)
"""Why a growth path does not apply, as :func:`sim.experiment.paths.why_not` says it."""
NOTES = (
    *REASONS,
    "volume {volume} is not reachable: {reason}",
    "{places} places are needed, but there are only {potential}",
    "market.peak.share is 0; a multiple of it is still 0",
    "{share} of the year's visits would fall in the peak; at most {most}",
    "{limit} the expected orders are {reached} a year, not {target}",
    "{limit} no more can be bought",
    "without any bought visit",
    "even at {factor} times the bought visits",
    "even with {share} of the {stock} visits that {source} has on sale",
    "even at {price} of the price",
    "cost is lowest at the largest size tried; the efficient scale holds for this ladder only",
    "cost rises again on the last step",
    "no causes: {reason}",
    "without {switches} volume {volume}: {reason}",
    "without {switches}: {reason}",
)
"""What a study of growth notes beside its curve, and why a size or a whole path is out of reach."""


def made_from(words: str) -> tuple[str, dict[str, str]] | None:
    """Return the template that a sentence was made from, and its values by name; None if there is none.

    >>> made_from("even at 50% of the price")
    ('even at {price} of the price', {'price': '50%'})
    """
    for template, pattern in _patterns():
        found = pattern.fullmatch(words)
        if found:
            return template, found.groupdict()
    return None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Templates with their patterns; one that begins with more words of its own is tried earlier."""
    found = [template for template in (*WARNINGS, *NOTES) if "{" in template]
    found.sort(key=lambda template: (-template.index("{"), -len(re.sub(r"\{\w+\}", "", template))))
    return tuple((template, _pattern(template)) for template in found)


def _pattern(template: str) -> re.Pattern[str]:
    parts = string.Formatter().parse(template)
    return re.compile(
        "".join(re.escape(text) + (f"(?P<{name}>.+?)" if name else "") for text, name, _, _ in parts)
    )
