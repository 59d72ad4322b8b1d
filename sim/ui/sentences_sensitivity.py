"""Sentences about studies of sensitivity, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.numbers import decimals, plain, read, text
from sim.report.sensitivity import number
from sim.ui.assumption_words import assumption_name
from sim.ui.language import say
from sim.ui.units import unit_words
from sim.ui.vocabulary import kpi_name, unit_name

Result = Mapping[str, Any]


def sensitivity_sentence(result: Result) -> str:
    """Say what a study of sensitivity found, whatever its method."""
    rows = result["rows"]
    if not rows or rows[0]["within_noise"]:
        if result["method"] == "information":
            return say("No single assumption is worth measuring, as far as these runs can tell.")
        return say("No assumption moves {figure} by more than noise.", figure=kpi_name(result["metric"]))
    return {
        "tornado": _tornado,
        "morris": _morris,
        "sobol": _sobol,
        "information": _information,
    }[result["method"]](result)


def _tornado(result: Result) -> str:
    rows, first = result["rows"], result["rows"][0]
    ends = sorted((first[side]["result"]["mean"], first[side]["value"]) for side in ("low", "high"))
    places = decimals([read(first["low"]["result"]), read(first["high"]["result"])])
    return say(
        "{name} moves {figure} most: from {low} at {low_value} to {high} at {high_value} ({unit})."
        " {clear} of {count} bars stand out of the noise.",
        name=_opening(first["path"]),
        figure=kpi_name(result["metric"]),
        low=plain(ends[0][0], places),
        low_value=number(ends[0][1]),
        high=plain(ends[1][0], places),
        high_value=number(ends[1][1]),
        unit=unit_name(result["unit"]),
        clear=sum(not row["within_noise"] for row in rows),
        count=len(rows),
    )


def _morris(result: Result) -> str:
    first = result["rows"][0]
    return say(
        "{name} moves {figure} most wherever the others stand: by {size} {unit} over its range.",
        name=_opening(first["path"]),
        figure=kpi_name(result["metric"]),
        size=text(read(first["mu_star"])),
        unit=unit_name(result["unit"]),
    )


def _sobol(result: Result) -> str:
    first = result["rows"][0]
    value = read(first["ST"])
    assert value is not None, "an index always has a value"
    return say(
        "{name} brings {share}% of the variance of {figure} over plausible worlds.",
        name=_opening(first["path"]),
        figure=kpi_name(result["metric"]),
        share=text(value.scaled(100.0, "%"), 0),
    )


def _information(result: Result) -> str:
    first = result["rows"][0]
    return say(
        "Measure {name} first: knowing it is worth {value} {unit} to the decision.",
        name=assumption_name(first["path"]),
        value=text(read(first["value"])),
        unit=unit_name(result["everything"]["unit"]),
    )


def _opening(path: str) -> str:
    name = assumption_name(path)
    return name[:1].upper() + name[1:]


def flip_sentence(flip: Result) -> str:
    """Say under which condition a verdict is another one."""
    said = say(" and ").join(_condition(change) for change in flip["changes"])
    return say(
        "{conditions}: then it is **{after}** instead of {before}.",
        conditions=said,
        after=_verdict(flip["after"]),
        before=_verdict(flip["before"]),
    )


def _condition(change: Result) -> str:
    values = {
        "path": change["path"],
        "unit": unit_words(change["unit"]),
        **{name: number(change[name]) for name in ("own", "value", "low", "high")},
    }
    if change["still"] is None:
        return say("`{path}` at {value} {unit} (now {own}, plausible {low} to {high})", **values)
    return say(
        "`{path}` beyond a point between {still} and {value} {unit} (now {own}, plausible {low} to {high})",
        still=number(change["still"]),
        **values,
    )


def _verdict(word: str) -> str:
    from sim.ui.language import term
    from sim.ui.vocabulary import verdict_words

    return term(LEVELS[word]) if word in LEVELS else verdict_words(word)


LEVELS = {
    "above": "dearer than the alternative",
    "below": "cheaper than the alternative",
    "no_detectable_difference": "not told from the alternative",
    "exactly_equal": "equal to the alternative",
}
"""Verdicts on the level of cost, in words."""
