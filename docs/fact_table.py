"""The table of facts: kept with the sources as ``facts.csv``, and shown on the page of facts.

``python -m docs.build docs/facts.md`` makes both anew from one study.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from docs.drawings import result_of
from docs.tables import FOLDER, Row

PAGE = "docs/facts.md"
NAME = "facts.csv"
COMMAND = "claims --facts"
COLUMNS = ("fact", "unit", "band_low", "band_high", "ours", "low", "high", "n", "verdict", "tuned")


def write() -> None:
    """Run the study and keep its table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(result_of(COMMAND)))
    (FOLDER / NAME).write_text(text.getvalue(), encoding="utf-8")


def kept() -> list[dict[str, str]]:
    """Return the rows of the table as it is kept."""
    with (FOLDER / NAME).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def summary() -> str:
    """Return the count of verdicts and the table, as Markdown."""
    from sim.report.facts import headline, verdict_table
    from sim.report.page import Page, markdown

    found = result_of(COMMAND)
    return f"**{headline(found)}**\n\n{markdown(Page((verdict_table(found),))).strip()}"


def details() -> str:
    """Return a section for each fact, as Markdown."""
    return "\n\n".join(_section(fact) for fact in result_of(COMMAND)["facts"])


def _rows(found: Mapping[str, Any]) -> Iterator[Row]:
    for fact in found["facts"]:
        ours, band = fact["ours"] or {}, fact["band"]
        numbers = (band["low"], band["high"], *(ours.get(name) for name in ("mean", "low", "high", "n")))
        written = ["" if number is None else repr(number) for number in numbers]
        yield fact["id"], band["unit"], *written, fact["verdict"], " ".join(fact["tuned"])


def _section(fact: Mapping[str, Any]) -> str:
    from sim.report.facts import VERDICTS, result_words

    tuned = ", ".join(f"`{path}`" for path in fact["tuned"])
    lines = [
        f"### {fact['id'].replace('_', ' ').capitalize()}",
        "",
        fact["sentence"],
        "",
        f"- **{VERDICTS[fact['verdict']]}**: {result_words(fact)}.",
        f"- Band: {fact['band']['why']}.",
        f"- Measured: {fact['measured']}",
        f"- Set to it, or citing its source: {tuned}." if tuned else "- No value was set to it.",
        f"- Source, grade {fact['grade']}: {', '.join(f'<{url}>' for url in fact['sources'])}",
    ]
    return "\n".join(lines)
