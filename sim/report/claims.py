"""Claims on a page: the verdict, the effect with its interval, and where it comes out the other way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.numbers import NOTHING, plain, read, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.words import ILLUSTRATIVE

ORDER = ("holds", "depends", "fails", "cannot tell")


def claims_page(result: Mapping[str, Any]) -> Page:
    """Report the verdicts of claims; one claim alone is told in full.

    Parameters
    ----------
    result
        JSON object of ``claims``: ``claims``, ``family``, ``draws``, ``seed``, ``full``.

    Returns
    -------
    Page
        The count of verdicts, one row for each claim, and how to read them.
    """
    claims = result["claims"]
    if len(claims) == 1:
        return claim_page(claims[0], result)
    blocks: list[Table | Text] = [Text(headline(claims), "headline"), verdict_table(claims)]
    blocks += [Text(words, "warning") for words in surprises(claims)]
    return Page((*blocks, Text(_how(result), "faint")))


def claim_page(claim: Mapping[str, Any], result: Mapping[str, Any]) -> Page:
    """Report one claim: sentence, verdict, how it was read, and each world in which it was tried."""
    verdict = str(claim["verdict"])
    blocks: list[Table | Text] = [
        Text(f"{verdict[:1].upper()}{verdict[1:]}: {claim['sentence']}", "headline"),
    ]
    if claim["condition"]:
        blocks.append(Text(f"{claim['condition']}."))
    blocks.append(Text(f"Articles: {', '.join(claim['articles']) or 'none'}. {claim['reading']}".strip()))
    blocks.append(Text(f"It is false if: {claim['fails_when']}"))
    blocks.append(worlds_table(claim))
    blocks.append(Text(plausible_words(claim)))
    blocks += [Text(words, "warning") for words in surprises([claim])]
    return Page((*blocks, Text(_how(result), "faint")))


def headline(claims: Sequence[Mapping[str, Any]]) -> str:
    """Count the verdicts in a sentence."""
    counts = [(sum(claim["verdict"] == verdict for claim in claims), verdict) for verdict in ORDER]
    said = ", ".join(f"{count} {verdict}" for count, verdict in counts if count)
    return f"{len(claims)} claims: {said}."


def verdict_table(claims: Sequence[Mapping[str, Any]]) -> Table:
    """One row for each claim."""
    heads = [
        Column("claim", words=True),
        Column("verdict", words=True),
        Column("effect"),
        Column("unit", words=True),
        Column("holds if", words=True),
        Column("plausible worlds in which it holds"),
        Column("articles", words=True),
    ]
    rows = [
        Row(
            (
                claim["sentence"],
                claim["verdict"],
                text(read(claim["effect"])),
                claim["effect"]["unit"],
                claim["rule"],
                _share(claim),
                ", ".join(claim["articles"]),
            ),
            "strong" if claim["verdict"] in ("holds", "fails") else "plain",
        )
        for claim in claims
    ]
    return table("Claims and their verdicts", heads, list(rows))


def worlds_table(claim: Mapping[str, Any]) -> Table:
    """One row for each world in which the claim was tried."""
    heads = [
        Column("world", words=True),
        Column("outcome", words=True),
        Column("effect", claim["effect"]["unit"]),
        Column("histories"),
        Column("what is different there", words=True),
    ]
    rows = [
        (
            one["name"],
            one["outcome"],
            text(read(one["effect"])),
            str(one["effect"]["n"]),
            one["why"] or NOTHING,
        )
        for one in claim["worlds"]
    ]
    return table(f"It holds if the effect lies {claim['rule']}", heads, list(rows))


def plausible_words(claim: Mapping[str, Any]) -> str:
    """Say in how many plausible worlds the claim holds."""
    found = claim["plausible_worlds"]
    if not found["n"]:
        return "No other plausible world was drawn."
    held = round(found["mean"] * found["n"])
    words = f"It holds in {held} of {found['n']} plausible worlds, drawn over the assumptions' own ranges"
    words += f" ({plain(100 * found['low'], 0)} to {plain(100 * found['high'], 0)}% at 95% confidence)."
    if claim["lost"]:
        words += f" {claim['lost']} more could not be simulated."
    return words


def surprises(claims: Sequence[Mapping[str, Any]]) -> list[str]:
    """Name worlds that do not show what they were written to show."""
    return [
        f"{claim['id']}: the world '{one['name']}' was written to show that the claim {one['expected']};"
        f" here: {one['outcome']}."
        for claim in claims
        for one in claim["worlds"]
        if one["expected"] is not None and one["expected"] != one["outcome"]
    ]


def frontier_page(found: Mapping[str, Any], claim: Mapping[str, str]) -> Page:
    """Report where a claim's verdict flips.

    Parameters
    ----------
    found
        JSON object of ``claims --frontier``.
    claim
        Its ``id`` and ``sentence``.
    """
    heads = [
        Column("assumption", words=True),
        Column("unit", words=True),
        Column("from"),
        Column("to"),
        Column("here"),
        Column("flips at"),
    ]
    rows = [
        (
            axis["path"],
            axis["unit"],
            *(f"{axis[end]:.4g}" for end in ("low", "high", "own")),
            NOTHING if axis["flips_at"] is None else f"{axis['flips_at']:.4g}",
        )
        for axis in found["axes"]
    ]
    rate, held = found["out_of_sample"], found["holds_share"]
    right, low, high = (plain(100 * rate[end], 0) for end in ("mean", "low", "high"))
    commoner = plain(100 * max(held["mean"], 1 - held["mean"]), 0)
    return Page(
        (
            Text(claim["sentence"], "headline"),
            Text(found["sentence"]),
            table("The box; each flip with the others at their own values", heads, list(rows)),
            Text(
                f"Predicted without having been seen: {right}% of {rate['n']} points lie on the right side"
                f" ({low} to {high}%); always saying the commoner outcome would be right at {commoner}%."
            ),
            Text(ILLUSTRATIVE, "faint"),
        )
    )


def list_page(claims: Sequence[Mapping[str, Any]], articles: Sequence[Mapping[str, Any]]) -> Page:
    """List claims, and every line of the articles with the claims that answer it."""
    rows = [(one["id"], one["sentence"], ", ".join(one["articles"])) for one in claims]
    lines = [(one["id"], one["says"], ", ".join(one["claims"]) or _unanswered(one)) for one in articles]
    heads = [Column("claim", words=True), Column("sentence", words=True), Column("articles", words=True)]
    answers = [Column("article", words=True), Column("says", words=True), Column("claims", words=True)]
    return Page(
        (table("Claims", heads, list(rows)), table("The articles, line by line", answers, list(lines)))
    )


def _unanswered(line: Mapping[str, Any]) -> str:
    reason = line["out_of_reach"]
    return f"out of reach: {reason}" if reason else "no claim yet"


def _share(claim: Mapping[str, Any]) -> str:
    found = claim["plausible_worlds"]
    return f"{round(found['mean'] * found['n'])} of {found['n']}" if found["n"] else NOTHING


def _how(result: Mapping[str, Any]) -> str:
    words = (
        "Arms met the same luck. A world is looked at after four histories of every arm, and after half as"
        " many again until it is decided or the claim's own number is reached; the intervals that decide are"
        f" so wide that all looks at all {result['family']} shipped claims together are told with 95%"
        " confidence. A claim depends where fewer than 80% of plausible worlds agree with the scenario's own."
    )
    size = (
        "Full-sized worlds." if result["full"] else "Small worlds (channelsim claims --full for full size)."
    )
    return f"{words} {size} Seed {result['seed']}. {ILLUSTRATIVE}"
