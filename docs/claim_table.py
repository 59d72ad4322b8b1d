"""The table of claims: kept with the sources as ``claims.csv``, and shown on the page of claims.

``python -m docs.build docs/claims.md`` makes both anew from one study.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from docs.drawings import result_of
from docs.tables import FOLDER, Row
from sim.experiment.cache import sources_stamp

PAGE = "docs/claims.md"
NAME = "claims.csv"
COMMAND = "claims"
COLUMNS = (
    *("claim", "world", "outcome", "effect", "low", "high", "unit", "n"),
    *("verdict", "plausible", "draws", "version"),
)


def write() -> None:
    """Run the study and keep its table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(_found()))
    (FOLDER / NAME).write_text(text.getvalue(), encoding="utf-8")


def kept() -> list[dict[str, str]]:
    """Return the rows of the table as it is kept."""
    with (FOLDER / NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summary() -> str:
    """Return the count of verdicts and the table, as Markdown."""
    from sim.report.claims import headline, verdict_table
    from sim.report.page import Page, markdown

    found = _found()["claims"]
    return f"**{headline(found)}**\n\n{markdown(Page((verdict_table(found),))).strip()}"


def details() -> str:
    """Return a section for each claim, as Markdown."""
    return "\n\n".join(_section(claim) for claim in _found()["claims"])


def lines() -> str:
    """Return every line of the articles with the claims that answer it and their verdicts, as Markdown."""
    from sim.experiment.claims import listing

    verdicts = {claim["id"]: claim["verdict"] for claim in _found()["claims"]}
    rows = ["| line | says | answered by |", "| --- | --- | --- |"]
    for line in listing()["articles"]:
        answers = [f"[{name}](#{name.replace('_', '-')}): {verdicts[name]}" for name in line["claims"]]
        reached = "<br>".join(answers) or f"out of reach: {line['out_of_reach']}"
        rows.append(f"| {line['id']} | {line['says']} | {reached} |")
    return "\n".join(rows)


def rows(found: Mapping[str, Any]) -> Iterator[Row]:
    """Return the rows of the table: one for each claim and named world, without a heading."""
    stamp = sources_stamp()
    for claim in found["claims"]:
        share = claim["plausible_worlds"]
        for world in claim["worlds"]:
            effect = world["effect"]
            numbers = [repr(effect[name]) for name in ("mean", "low", "high")]
            plausible = "" if share["mean"] is None else repr(share["mean"])
            yield (
                claim["id"], world["name"], world["outcome"], *numbers, effect["unit"], repr(effect["n"]),
                claim["verdict"], plausible, repr(share["n"]), stamp,
            )  # fmt: skip


@cache
def _found() -> dict[str, Any]:
    """Return the study; the page and the table show one and the same."""
    return result_of(COMMAND)


def _section(claim: Mapping[str, Any]) -> str:
    from sim.report.claims import plausible_words, worlds_table
    from sim.report.page import Page, markdown

    verdict = claim["verdict"]
    parts = [
        f"### {claim['id'].replace('_', ' ')}",
        f"**{verdict[:1].upper()}{verdict[1:]}.** {claim['sentence']}",
        f"Articles: {', '.join(claim['articles'])}. {claim['reading']}".strip(),
        f"False if: {claim['fails_when']}",
        markdown(Page((worlds_table(claim),))).strip(),
        plausible_words(claim),
    ]
    return "\n\n".join(parts)
