"""Tables of ``compare``: figures side by side with paired differences, and where a difference comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.kpi import KPIS
from sim.money.accounts import GROUPS
from sim.report.numbers import Value, column, decimals, plain, read, shown, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.words import ILLUSTRATIVE, STARTS, runs_behind

NO_DIFFERENCE = "no detectable difference"
_MAIN = "contribution_per_order"
_SMALLEST_YUAN = 0.01


def compare_page(result: Mapping[str, Any]) -> Page:
    """Report two scenarios that met the same shoppers.

    Parameters
    ----------
    result
        JSON object of ``compare``.
    """
    a, b = result["a"], result["b"]
    first = next((read(value) for value in result["difference"].values()), None)
    blocks: list[Table | Text] = [
        Text(result.get("headline") or f"{b['scenario']} against {a['scenario']}", "headline"),
        difference_table(result),
        *([waterfall_table(result)] if result["waterfall"] else []),
        Text(_pairing_words(result), "plain"),
    ]
    start = STARTS.get(result.get("start", ""), "")
    birth = f"{start.capitalize()}; seed {result.get('seed')}." if start else f"Seed {result.get('seed')}."
    blocks.append(Text(f"{runs_behind(first.n if first else None)} {birth} {ILLUSTRATIVE}", "faint"))
    return Page(tuple(block for block in blocks if not isinstance(block, Text) or block.text))


def difference_table(result: Mapping[str, Any]) -> Table:
    """Every figure of both scenarios with the paired difference and what it amounts to."""
    a, b = result["a"], result["b"]
    rows = []
    for name, change in result["difference"].items():
        values = [read(side["kpis"].get(name)) for side in (a, b)]
        delta = read(change)
        if delta is None or values[0] is None or values[1] is None:
            continue
        before, after, moved = shown(values[0]), shown(values[1]), shown(delta)
        places = decimals([before, after])
        written = text(moved, decimals([moved]) if moved.half_width else places, signed=True)
        ends = (text(before, places), text(after, places))
        cells = (name.replace("_", " "), before.unit, *ends, written, verdict_on(name, moved))
        rows.append(Row(cells, "strong" if name == _MAIN else "plain"))
    words = [Column(title, words=True) for title in ("figure", "unit")]
    heads = [
        *words,
        Column(a["scenario"]),
        Column(b["scenario"]),
        Column("difference"),
        Column("", words=True),
    ]
    return table(f"{b['scenario']} less {a['scenario']}, on the same luck", heads, list(rows))


def verdict_on(name: str, change: Value) -> str:
    """Say what a difference amounts to: equal, none that shows, better, worse, more or less."""
    if not change.has_interval:
        return "one run, no interval"
    if change.low == change.high == 0:
        return "exactly equal"
    if not change.is_detectable:
        return NO_DIFFERENCE
    better = KPIS[name].better if name in KPIS else "none"
    if better == "none":
        return "more" if change.mean > 0 else "less"
    return "better" if (change.mean > 0) == (better == "higher") else "worse"


def waterfall_table(result: Mapping[str, Any]) -> Table:
    """What each account does to contribution per order; the last line is their sum."""
    known: list[tuple[str, str, Value]] = []
    for step in result["waterfall"]:
        value = read(step["yuan_per_order"])
        if value is not None:
            known.append((step["account"], step.get("group", ""), value))
    large = [step for step in known if abs(step[2].mean) + step[2].half_width >= _SMALLEST_YUAN]
    rows: list[Row] = []
    for (name, group, value), cell in zip(
        large, column([step[2] for step in large], signed=True), strict=True
    ):
        seen = value.is_detectable or not value.has_interval
        words = (name.replace("_", " "), GROUPS.get(group, group), cell, "" if seen else NO_DIFFERENCE)
        rows.append(Row(words, "plain" if seen else "faint"))
    if len(large) < len(known):
        rest = math.fsum(v.mean for _, _, v in known) - math.fsum(v.mean for _, _, v in large)
        other = f"{len(known) - len(large)} other accounts"
        rows.append(Row((other, "", plain(rest, 2, signed=True), "under a fen each"), "faint"))
    total = read(result["difference"].get(_MAIN)) if result.get("scope", "brand") == "brand" else None
    if total is None:
        total = Value(math.fsum(value.mean for _, _, value in known), unit="yuan/order")
    rows.append(Row(("change of contribution", "", text(total, 2, signed=True), ""), "strong"))
    heads = [
        Column("account", words=True),
        Column("", words=True),
        Column("effect", "yuan/order"),
        Column("", words=True),
    ]
    notes = ["Effect on contribution per order: more cost is negative. The lines add up to the change."]
    return table("Where the difference comes from", heads, list(rows), notes)


def _pairing_words(result: Mapping[str, Any]) -> str:
    found = (result.get("pairing") or {}).get(_MAIN)
    if not found or found.get("correlation") is None or found.get("variance_ratio") is None:
        return ""
    ratio = found["variance_ratio"]
    return (
        f"Common luck: correlation {found['correlation']:.2f} of contribution per order; the paired "
        f"difference varies {ratio:.2f} times as much as one of independent runs would."
    )
