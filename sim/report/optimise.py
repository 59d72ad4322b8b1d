"""Tables of ``optimise``: levers, constraints with their slacks, and how sure the choice is."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.numbers import NOTHING, plain, read, shown, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.words import ILLUSTRATIVE, STARTS, runs_behind

_STATES = {"met": "met", "missed": "missed", "cannot_tell": "cannot tell"}


def optimise_page(result: Mapping[str, Any], changes: Sequence[str] = ()) -> Page:
    """Report an optimisation.

    Parameters
    ----------
    result
        JSON object of ``optimise``.
    changes
        Changes (``PATH=VALUE``) that the scenario as it is has over its file.
    """
    blocks: list[Table | Text] = [Text(result["headline"], "headline"), figures_table(result)]
    blocks.append(levers_table(result))
    blocks += [Text(words, "plain") for words in _way_words(result, changes)]
    blocks.append(Text(selection_words(result), "plain"))
    if result["failed"]:
        blocks.append(Text(f"{result['failed']} settings failed while they were simulated.", "warning"))
    start = STARTS.get(result["start"], "").capitalize()
    value = read(result["value"])
    birth = f"{runs_behind(value.n if value else None)} {start}; seed {result['seed']}."
    blocks.append(Text(f"{birth} {ILLUSTRATIVE}", "faint"))
    return Page(tuple(blocks))


def figures_table(result: Mapping[str, Any]) -> Table:
    """The objective and every constraint: as it is, at the result, slack, and what the bound costs."""
    rows: list[tuple[str, ...] | Row] = [
        Row(
            (
                f"{result['direction']} {result['objective']}",
                _written(result["value_at_start"]),
                _written(result["value"]),
                "",
                "",
            ),
            "strong",
        )
    ]
    for held in result["constraints"]:
        state = f"{_STATES[held['state']]}{', binds' if held['binds'] else ''}"
        rows.append(
            (
                held["constraint"],
                _written(_at_start(held)),
                _written(held["value"]),
                state,
                _written((held["relaxed"] or {}).get("gain"), signed=True),
            )
        )
    for one in result["beside"]:
        cells = (one["figure"].replace("_", " "), _written(one["start"]), _written(one["best"]), "", "")
        rows.append(Row(cells, "faint"))
    heads = [
        Column("figure", words=True),
        Column("as it is"),
        Column("result"),
        Column("", words=True),
        Column("relaxing gives"),
    ]
    notes = []
    moved = [held for held in result["constraints"] if held["relaxed"] and held["relaxed"]["gain"]]
    if moved:
        moves = ", ".join(f"{held['figure']} by {held['relaxed']['by']:.4g}" for held in moved)
        notes.append(
            f"Relaxing: the gain in {result['objective']} of the best setting tried when a bound is moved "
            f"({moves}); at least that much is to be had."
        )
    return table("What it comes to", heads, rows, notes)


def _at_start(held: Mapping[str, Any]) -> dict[str, Any]:
    """The figure of a constraint in the scenario as it is, from its slack."""
    slack, sign = held["slack_at_start"], 1.0 if held["sense"] == ">=" else -1.0
    ends = [None if slack[end] is None else held["bound"] + sign * slack[end] for end in ("low", "high")]
    low, high = ends if sign > 0 else reversed(ends)
    return {**slack, "mean": held["bound"] + sign * slack["mean"], "low": low, "high": high}


def _written(found: Mapping[str, Any] | None, *, signed: bool = False) -> str:
    value = read(found)
    return text(shown(value), signed=signed, unit=True) if value is not None else NOTHING


def levers_table(result: Mapping[str, Any]) -> Table:
    """Every lever: as it is, at the result, and between which ends it was looked for."""
    rows: list[tuple[str, ...] | Row] = []
    for one in result["levers"]:
        span = NOTHING if one["low"] is None else f"{_setting(one['low'])} to {_setting(one['high'])}"
        end = f"at its {one['end']} end" if one["end"] else ""
        note = "; ".join(part for part in (end, _role(one["role"])) if part)
        cells = (one["path"], one["unit"], _setting(one["start"]), _setting(one["best"]), span, note)
        rows.append(Row(cells, "plain" if one["best"] == one["start"] else "strong"))
    heads = [
        Column("lever", words=True),
        Column("", words=True),
        Column("as it is"),
        Column("result"),
        Column("tried"),
        Column("", words=True),
    ]
    return table("Levers", heads, rows)


def _role(role: str) -> str:
    return "" if role == "lever" else "an assumption: the world decides it, not the brand"


def _setting(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return f"{value:,.10g}"


def _way_words(result: Mapping[str, Any], changes: Sequence[str]) -> list[str]:
    """Say how to see the result, where there is one to take over."""
    if not result["changes"] or result["status"] == "not_reachable":
        return []
    own = [text for text in changes if text.partition("=")[0].strip() not in result["changes"]]
    moved = [f"{path}={_option(value)}" for path, value in result["changes"].items()]
    words = " ".join(f"--set {shlex.quote(text)}" for text in (*own, *moved))
    return [f"See it: channelsim run {result['scenario']} {words}"]


def _option(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value).lower() if isinstance(value, bool) else str(value)
    return f"{value:.12g}"


def selection_words(result: Mapping[str, Any]) -> str:
    """Say how the result was chosen and what is guaranteed."""
    tried = f"{result['tried']:,} of {result['settings']:,} settings were tried in {result['runs']:,} runs"
    refused = f", {result['refused']:,} of them refused" if result["refused"] else ""
    found = result["selection"]
    if found is None:
        return f"{tried}{refused}."
    words = (
        f"{tried}{refused}. Of the {found['finalists']} finalists the best was chosen with a probability of "
        f"at least {found['confidence']:.0%}, if it is better than the others{_by(result)}"
    )
    if any(found["tolerances"]):
        bounds = zip(result["constraints"], found["tolerances"], strict=True)
        words += " and " + ", ".join(
            f"none has its {held['figure']} within {zone:.3g} of the bound" for held, zone in bounds
        )
    asked = found["indifference_asked"]
    if asked is not None and found["indifference"] > asked:
        words += f" (a difference of {asked:g}, as asked for, takes a larger budget)"
    if found["gave_way"]:
        words += ". In fresh histories it missed a constraint on average, so a safer finalist is the result"
    return words + ". The guarantee is about the finalists, not about settings that were not tried."


def _by(result: Mapping[str, Any]) -> str:
    """Say by how much the best has to be better; nothing where any difference is told."""
    zone, unit = result["selection"]["indifference"], result["value"]["unit"]
    if zone <= 1e-9 * max(1.0, abs(result["value"]["mean"])):
        return ""
    written = plain(zone, 2) if zone >= 1 else f"{zone:.3g}"
    return f" by {written}{' ' if unit else ''}{unit} or more"


def plan_page(told: Mapping[str, Any]) -> Page:
    """Report what an optimisation would run."""
    rows: list[tuple[str, ...] | Row] = [
        ("settings there are", f"{told['settings_there_are']:,}"),
        ("settings tried, at most", f"{told['settings']:,}"),
        ("histories of each", f"{told['histories']:,}"),
        ("finalists", f"{told['finalists']:,}"),
        ("runs for choosing, at most", f"{told['choosing']:,}"),
        ("fresh histories of the answer", f"{told['confirming']:,}"),
        ("runs in all, at most", f"{told['budget']:,}"),
    ]
    plan = table("What would be run", [Column("", words=True), Column("")], rows)
    levers: list[tuple[str, ...] | Row] = [
        (
            one["path"],
            one["unit"],
            _setting(one["start"]),
            ", ".join(map(_setting, one["options"]))
            if one["options"]
            else f"{_setting(one['low'])} to {_setting(one['high'])} by {_setting(one['step'])}",
        )
        for one in told["levers"]
    ]
    heads = [Column("lever", words=True), Column("", words=True), Column("as it is"), Column("tried")]
    return Page((Text(f"{told['question']}.", "headline"), table("Levers", heads, levers), plan))
