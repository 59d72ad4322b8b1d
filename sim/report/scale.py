"""Tables of ``scale``: the ladder of sizes, the verdict and its causes; or all growth paths side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.money.accounts import GROUPS
from sim.report.numbers import NOTHING, Value, column, compact, plain, read, shown, text
from sim.report.page import Column, Page, Row, Table, Text, Tone, table
from sim.report.waterfall import ordered
from sim.report.words import (
    ILLUSTRATIVE,
    METRICS,
    PATHS,
    SIZES,
    STARTS,
    VERDICTS,
    channel_title,
    mechanism,
    runs_behind,
)

_TONES: Mapping[str, Tone] = {"scalable": "good", "non_scalable": "bad", "stops_scaling": "warning"}


def scale_page(result: Mapping[str, Any]) -> Page:
    """Report a study of scale: one growth path in depth, or all of them side by side.

    Parameters
    ----------
    result
        JSON object of ``scale``, with ``steps`` (one path) or ``paths``.
    """
    return paths_page(result) if "paths" in result else path_page(result)


def path_page(result: Mapping[str, Any]) -> Page:
    """Report one growth path: verdict, ladder, what the cost is made of, causes, plausible worlds."""
    verdict = result.get("verdict", "cannot_tell")
    path = result.get("path", "")
    where = f"{result['scenario']}, {path.replace('_', ' ')} ({PATHS.get(path, '')})"
    reason = f" - {result['reason']}" if result.get("reason") else ""
    words = f"{where}: {VERDICTS.get(verdict, verdict)}{reason}."
    blocks: list[Table | Text] = [Text(words, _TONES.get(verdict, "plain"))]
    if result.get("headline"):
        blocks.append(Text(result["headline"], "headline"))
    blocks += [ladder_table(result), Text(_slope_words(result))]
    if any(step.get("by_bucket") for step in result["steps"]):
        blocks.append(bucket_table(result))
    if len(result.get("metrics") or {}) > 1:
        blocks.append(metrics_table(result))
    if result.get("causes"):
        blocks.append(causes_table(result))
    worlds = _worlds_words(result.get("plausible_worlds"))
    remarks = [worlds, *(result.get("notes") or [])]
    blocks += [Text(remark) for remark in remarks if remark]
    blocks.append(Text(_birth(result), "faint"))
    return Page(tuple(blocks))


def ladder_table(result: Mapping[str, Any]) -> Table:
    """One row per size: average, marginal and incremental cost and contribution, with intervals."""
    steps = result["steps"]
    metric = result.get("metric", "")
    unit = next((v.unit for step in steps if (v := read(step.get("average_cost"))) is not None), "yuan")
    names = {
        "average_cost": ("average", unit),
        "marginal_cost": ("marginal", unit),
        "incremental_cost": (f"against {result.get('against') or 'nothing'}", unit),
        "contribution": ("contribution", "yuan/order"),
    }
    kept = {name: head for name, head in names.items() if any(step.get(name) is not None for step in steps)}
    sizes = [read(step.get("size")) for step in steps]
    orders = [read(step.get("orders")) for step in steps]
    heads = [Column("volume")]
    cells: list[list[str]] = [[f"×{step['volume']:g}" for step in steps]]
    if any(size is not None for size in sizes):
        heads.append(Column(SIZES.get(result.get("elasticity_to", ""), "size")))
        cells.append(column(sizes))
    heads.append(Column("orders", "orders"))
    cells.append(column(orders))
    for name, (title, own_unit) in kept.items():
        heads.append(Column(title, own_unit))
        cells.append(column([read(step.get(name)) for step in steps], signed=name == "incremental_cost"))
    if any(step.get("share_in_hands") is not None for step in steps):
        shares = [read(step.get("share_in_hands")) for step in steps]
        heads.append(Column("in hands in time", "%"))
        cells.append(column([shown(value) if value is not None else None for value in shares]))
    reasons = [step.get("not_reachable") or "" for step in steps]
    if any(reasons):
        heads.append(Column("", words=True))
        cells.append(reasons)
    title = f"{_sentence(METRICS.get(metric, metric.replace('_', ' ')))} by size"
    notes = (
        ["Marginal: change of cost per change of quantity since the row above."]
        if "marginal_cost" in kept
        else []
    )
    return table(title, heads, list(zip(*cells, strict=True)), notes)


def bucket_table(result: Mapping[str, Any]) -> Table:
    """What the average cost is made of at each size."""
    steps = [step for step in result["steps"] if step.get("by_bucket")]
    groups = list(dict.fromkeys(name for step in steps for name in step["by_bucket"]))
    groups.sort(key=lambda name: list(GROUPS).index(name) if name in GROUPS else len(GROUPS))
    heads = [Column("", words=True), *(Column(f"×{step['volume']:g}") for step in steps)]
    rows = []
    for group in groups:
        values = [read(step["by_bucket"].get(group)) for step in steps]
        rows.append((GROUPS.get(group, mechanism(group)), *column(values)))
    unit = next((v.unit for step in steps if (v := read(step.get("average_cost"))) is not None), "yuan")
    return table(f"What the cost is made of ({unit})", heads, list(rows))


def metrics_table(result: Mapping[str, Any]) -> Table:
    """Every metric of the study on every size that was reached, with its own elasticity and verdict."""
    volumes = [step["volume"] for step in result["steps"] if step.get("average_cost") is not None]
    rows = []
    for name, found in result["metrics"].items():
        averages = [read(value) for value in found["average"]]
        unit = next((value.unit for value in averages if value is not None), "")
        elasticity = read(found.get("elasticity"))
        verdict = VERDICTS.get(found["verdict"], found["verdict"])
        words = _sentence(METRICS.get(name, name.replace("_", " ")))
        rows.append((words, unit, *column(averages), text(elasticity, signed=True), verdict))
    heads = [Column("metric", words=True), Column("unit", words=True), *(Column(f"×{v:g}") for v in volumes)]
    heads += [Column("elasticity", "ratio"), Column("verdict", words=True)]
    return table("All metrics by size", heads, list(rows))


def causes_table(result: Mapping[str, Any]) -> Table:
    """What each mechanism adds between the ends of the ladder; the lines add up to the change."""
    known = {cause["mechanism"]: cause for cause in result["causes"]}
    found = [(name, read(cause["yuan_per_order"])) for name, cause in known.items()]
    steps = ordered([(name, value) for name, value in found if value is not None])
    unit = next((value.unit for _, value in steps if value.unit), "yuan")
    rows: list[Row] = []
    for (name, value), cell in zip(steps, column([v for _, v in steps], signed=True), strict=True):
        detail = known[name].get("members") or known[name].get("by_account") or ()
        seen = value.is_detectable or not value.has_interval
        rows.append(Row((mechanism(name), cell, _detail(detail)), "plain" if seen else "faint"))
    change = Value(sum(value.mean for _, value in steps), unit=unit)
    rows.append(Row(("Change of average cost", plain(change.mean, 2, signed=True), ""), "strong"))
    steps_reached = [step for step in result["steps"] if step.get("average_cost") is not None]
    ends = f"×{steps_reached[0]['volume']:g} to ×{steps_reached[-1]['volume']:g}" if steps_reached else ""
    heads = [Column("mechanism", words=True), Column("effect", unit), Column("", words=True)]
    notes = [
        "Effect: the change with everything on less the change with this mechanism off, on the same luck."
    ]
    return table(f"Causes of the change from {ends}", heads, list(rows), notes)


def paths_page(result: Mapping[str, Any]) -> Page:
    """Report all growth paths side by side."""
    paths = result["paths"]
    metric = result.get("metric") or next((p["metric"] for p in paths if p.get("metric")), "cost")
    heads = [
        Column("path", words=True), Column("what happens", words=True), Column("elasticity", "ratio"),
        Column("per doubling", "%"), Column("verdict", words=True), Column("lowest"), Column("highest"),
        Column("", words=True),
    ]  # fmt: skip
    elasticities = [read(path.get("elasticity")) for path in paths]
    written = column(elasticities, signed=True)
    rows = []
    for path, value, cell in zip(paths, elasticities, written, strict=True):
        doubling = plain(100 * (2**value.mean - 1), 1, signed=True) if value is not None else NOTHING
        verdict = path.get("verdict")
        low, high = _range_of(path.get("steps") or [])
        turning = read(path.get("turning_point"))
        remark = f"turns at {compact(turning.mean)}" if turning is not None else ""
        if value is None:
            remark, verdict = path.get("headline") or "does not apply", ""
        name = path["path"]
        rows.append(
            (
                name.replace("_", " "),
                PATHS.get(name, ""),
                cell,
                doubling,
                VERDICTS.get(verdict, NOTHING),
                low,
                high,
                remark,
            )
        )
    title = f"{_sentence(METRICS.get(metric, metric.replace('_', ' ')))} along every growth path"
    notes = [
        "Elasticity of average cost to orders (fragment: to points; peak: to concentration of the year)."
    ]
    first = next((value for value in elasticities if value is not None), None)
    scenario = result.get("scenario") or next((p["scenario"] for p in paths if p.get("scenario")), "")
    return Page(
        (
            Text(f"{scenario}: does it scale? It depends on the path.", "headline"),
            table(title, heads, list(rows), notes),
            Text(f"{runs_behind(first.n if first else None)} {ILLUSTRATIVE}".strip(), "faint"),
        )
    )


def _range_of(steps: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    known = [value for step in steps if (value := read(step.get("average_cost"))) is not None]
    if not known:
        return NOTHING, NOTHING
    low, high = min(known, key=lambda v: v.mean), max(known, key=lambda v: v.mean)
    written = column([low, high])
    return written[0], written[1]


def _slope_words(result: Mapping[str, Any]) -> str:
    parts = []
    elasticity = read(result.get("elasticity"))
    what = SIZES.get(result.get("elasticity_to", "orders"), "orders").removesuffix(" a year")
    if elasticity is not None:
        doubling = plain(100 * (2**elasticity.mean - 1), 1, signed=True)
        parts.append(f"Elasticity to {what} {text(elasticity, signed=True)}: {doubling}% per doubling.")
    turning = read(result.get("turning_point"))
    if turning is not None:
        parts.append(f"Cost stops falling at {_size(turning)} {what}.")
    efficient = read(result.get("minimum_efficient_scale"))
    if efficient is not None:
        parts.append(f"Within 5% of the lowest cost from {_size(efficient)} {what}.")
    return " ".join(parts) or "No slope: fewer than two sizes were reached."


def _size(value: Value) -> str:
    written = compact(value.mean)
    if value.low is None or value.high is None or value.low == value.high:
        return written
    return f"{written} ({compact(value.low)} to {compact(value.high)})"


def _worlds_words(worlds: Mapping[str, Any] | None) -> str:
    if not worlds:
        return ""
    share = read(worlds.get("share", worlds) if "mean" not in worlds else worlds)
    if share is None:
        return "Plausible worlds: no share, as there is no verdict to hold."
    value = shown(share)
    varied = f", {worlds['varied']} assumptions drawn from their ranges" if worlds.get("varied") else ""
    lost = f"; {worlds['lost']} worlds could not be simulated" if worlds.get("lost") else ""
    ends = (
        ""
        if value.low is None or value.high is None
        else f" ({plain(value.low, 0)} to {plain(value.high, 0)}%)"
    )
    return f"Plausible worlds: the verdict holds in {plain(value.mean, 0)}%{ends} of {share.n}{varied}{lost}."


def _detail(detail: Any) -> str:
    """The largest parts of a cause, or the names in a group."""
    if isinstance(detail, Mapping):
        parts = sorted(
            ((read(v), name) for name, v in detail.items()), key=lambda p: -abs(p[0].mean if p[0] else 0)
        )
        shown_parts = [
            f"{name.replace('_', ' ')} {plain(v.mean, 2, signed=True)}" for v, name in parts[:4] if v
        ]
        return ", ".join(shown_parts) + (" ..." if len(parts) > 4 else "")
    return ", ".join(str(name).replace("_", " ") for name in detail)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _birth(result: Mapping[str, Any]) -> str:
    first = next((v for step in result["steps"] if (v := read(step.get("average_cost"))) is not None), None)
    start = STARTS.get(result.get("start", ""), "")
    scope = result.get("scope", "brand")
    parts = [runs_behind(first.n if first else None)]
    parts += [f"Scope: {channel_title(scope)}."] if scope != "brand" else []
    parts += [f"{start.capitalize()}."] if start else []
    return " ".join([*parts, ILLUSTRATIVE]).strip()
