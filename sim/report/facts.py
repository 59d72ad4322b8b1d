"""Tables of ``claims --facts``: published numbers, the band that agrees with them, ours, and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.numbers import NOTHING, Value, plain, read, shown, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.words import ILLUSTRATIVE, runs_behind

VERDICTS: Mapping[str, str] = {"pass": "pass", "miss": "miss", "cannot_tell": "cannot tell"}


def facts_page(result: Mapping[str, Any]) -> Page:
    """Report how many facts the simulation shows, and each of them.

    Parameters
    ----------
    result
        JSON object of ``claims --facts``; see :class:`sim.experiment.facts.FactTable`.

    Returns
    -------
    Page
        The count, the table of verdicts, then one paragraph for each fact with its source, how it is
        measured and which values were set to it.
    """
    facts = result["facts"]
    blocks: list[Table | Text] = [Text(headline(result), "headline"), verdict_table(result)]
    blocks += [Text(paragraph(fact)) for fact in facts]
    birth = ""
    if result["model_version"]:
        birth = (
            f"{runs_behind(result['replications'])} Seed {result['seed']}; model {result['model_version']}. "
        )
    return Page((*blocks, Text(f"{birth}{ILLUSTRATIVE}", "faint")))


def headline(result: Mapping[str, Any]) -> str:
    """Say how many facts pass, how many miss, and how many of the passes were arranged."""
    facts = result["facts"]
    parts = [f"{result['passed']} pass", f"{result['missed']} miss"]
    if result["cannot_tell"]:
        parts.append(f"{result['cannot_tell']} cannot be told")
    words = f"{len(facts)} fact{'' if len(facts) == 1 else 's'}: {', '.join(parts)}"
    arranged = sum(fact["verdict"] == "pass" and bool(fact["tuned"]) for fact in facts)
    if arranged:
        rest = "rests" if arranged == 1 else "rest"
        words += f"; {arranged} of the passes {rest} on values set to the fact or taken from its source"
    return f"{words}."


def verdict_table(result: Mapping[str, Any]) -> Table:
    """One line for each fact: what is published, the band, ours, the verdict."""
    heads = [
        Column("fact", words=True),
        Column("published", words=True),
        Column("agrees from"),
        Column("to"),
        Column("ours"),
        Column("unit", words=True),
        Column("grade", words=True),
        Column("set to it", words=True),
        Column("verdict", words=True),
    ]
    rows = []
    for fact in result["facts"]:
        ours, band = read(fact["ours"]), fact["band"]
        factor, unit = (100.0, "%") if band["unit"] == "share" else (1.0, band["unit"])
        rows.append(
            Row(
                (
                    fact["id"].replace("_", " "),
                    _published(fact["real"], band["unit"]),
                    *(_end(band[end], factor) for end in ("low", "high")),
                    text(None if ours is None else ours.scaled(factor, unit)),
                    unit,
                    fact["grade"],
                    "yes" if fact["tuned"] else "no",
                    VERDICTS[fact["verdict"]],
                ),
                "strong" if fact["verdict"] == "miss" else "plain",
            )
        )
    return table(
        "The real world beside the simulated one", heads, list(rows), [f"Verdicts. {result['rule']}."]
    )


def paragraph(fact: Mapping[str, Any]) -> str:
    """Say what is known, from where, how it is measured here and what came out."""
    parts = [
        f"{fact['id'].replace('_', ' ').capitalize()}: {VERDICTS[fact['verdict']]}.",
        fact["sentence"],
        f"Band: {fact['band']['why']}.",
        f"Measured: {fact['measured']}",
    ]
    parts.append(f"Ours: {result_words(fact)}.")
    parts.append(
        f"Set to it, or citing its source: {', '.join(fact['tuned'])}."
        if fact["tuned"]
        else "No value was set to it."
    )
    parts.append(f"Source ({fact['grade']}): {' ; '.join(fact['sources'])}")
    return " ".join(parts)


def result_words(fact: Mapping[str, Any]) -> str:
    """Say what came out: the figure, why there is none or no verdict, and the figures beside it."""
    parts = [] if fact["ours"] is None else [_with_unit(read(fact["ours"]))]
    if fact["reason"]:
        parts.append(fact["reason"])
    if fact["beside"]:
        parts.append(
            ", ".join(f"{label} {_with_unit(read(value))}" for label, value in fact["beside"].items())
        )
    return "; ".join(parts)


def _published(known: list[Mapping[str, Any]], unit: str) -> str:
    """First and last published number, in the unit of the band if any is; shares as per cent."""
    numbers = [number for number in known if number["unit"] == unit] or known
    shares = [number["value"] * (100.0 if number["unit"] == "share" else 1.0) for number in numbers]
    ends = [shares[0]] if len(shares) == 1 else [shares[0], shares[-1]]
    written = " ... ".join(_short(value) for value in ends)
    return f"{written} {numbers[0]['unit'].replace('share', '%')}"


def _end(value: float | None, factor: float) -> str:
    return NOTHING if value is None else _short(value * factor)


def _short(value: float) -> str:
    """Write a published number with three digits and no empty decimals."""
    return plain(value, 0) if abs(value) >= 100 else f"{float(f'{value:.3g}'):g}"


def _with_unit(value: Value | None) -> str:
    return text(None if value is None else shown(value), unit=True)
