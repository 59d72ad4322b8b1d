"""Tables of ``sensitivity``: which assumption matters, how surely, and what it rests on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.report.numbers import NOTHING, Value, column, plain, read, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.sweep import duration
from sim.report.words import ILLUSTRATIVE, STARTS

NOISE = "within noise"
_HALF_BAR = 14
_SHOWN_LEFT_OUT = 3
_SHOWN_INFORMATION = 20


def sensitivity_page(result: Mapping[str, Any], *, ink: str = "#") -> Page:
    """Report a sensitivity study.

    Parameters
    ----------
    result
        JSON object of ``sensitivity``.
    ink
        Letter that bars are drawn with.
    """
    method = result["method"]
    if method == "tornado":
        body: list[Table | Text] = [Text(_tornado_words(result), "headline"), tornado_table(result, ink)]
    elif method == "morris":
        body = [Text(_largest(result, "mu_star"), "headline"), morris_table(result)]
    elif method == "sobol":
        body = [Text(_largest(result, "ST"), "headline"), sobol_table(result), Text(_variance_words(result))]
    else:
        body = [Text(_information_words(result), "headline"), decisions_table(result)]
        if any(row["value"]["mean"] > 0 for row in result["rows"]):
            body.append(value_table(result))
    body += [Text(words, "warning") for words in _losses(result)]
    body.append(Text(_chosen_words(result), "plain"))
    start = STARTS[result["start"]].capitalize()
    birth = f"{result['runs']:,} runs; {start[0].lower()}{start[1:]}; seed {result['seed']}."
    body.append(Text(f"{birth} {ILLUSTRATIVE}", "faint"))
    return Page(tuple(body))


def tornado_table(result: Mapping[str, Any], ink: str = "#") -> Table:
    """Bars from the low to the high end of each assumption, the longest first."""
    found = result["rows"]
    base = result["base"]["mean"]
    reach = max(
        (abs(row[side]["result"]["mean"] - base) for row in found for side in ("low", "high")), default=0
    )
    swings = column([read(row["swing"]) for row in found], signed=True)
    rows = [
        Row(
            (
                row["path"],
                *_ends(row),
                _bar(row, base, reach, ink),
                swing,
                row["grade"],
                _remark(row),
            ),
            "faint" if row["within_noise"] else "plain",
        )
        for row, swing in zip(found, swings, strict=True)
    ]
    heads = [
        Column("assumption", words=True),
        Column("unit", words=True),
        Column("low end"),
        Column("high end"),
        Column(f"low - and high + around {plain(base, _places(reach))}", words=True),
        Column("high less low", result["unit"]),
        Column("grade", words=True),
        Column("", words=True),
    ]
    notes = [
        "Each assumption over its own plausible range, the others as they are; paired runs on the same luck.",
        f"{NOISE.capitalize()}: neither swing nor bend can be told from zero (5% for all bars together).",
    ]
    return table(f"{_figure(result)} over the range of each assumption", heads, list(rows), notes)


def morris_table(result: Mapping[str, Any]) -> Table:
    """Elementary effects, the largest first."""
    found = result["rows"]
    sizes = column([read(row["mu_star"]) for row in found])
    means = column([read(row["mu"]) for row in found], signed=True)
    spreads = column([Value(row["sigma"]) for row in found])
    noises = column([None if row["noise"] is None else Value(row["noise"]) for row in found])
    rows = [
        Row(
            (row["path"], *_ends(row), *numbers, row["grade"], _remark(row)),
            "faint" if row["within_noise"] else "plain",
        )
        for row, *numbers in zip(found, sizes, means, spreads, noises, strict=True)
    ]
    heads = [
        Column("assumption", words=True),
        Column("unit", words=True),
        Column("low end"),
        Column("high end"),
        Column("mu*", result["unit"]),
        Column("mu", result["unit"]),
        Column("sigma", result["unit"]),
        Column("of it noise", result["unit"]),
        Column("grade", words=True),
        Column("", words=True),
    ]
    notes = [
        f"Change over the whole range, from {result['points']} places all over the space of assumptions.",
        "mu*: mean size; mu: mean; sigma: how much it depends on the other assumptions.",
    ]
    return table(f"Elementary effects on {_figure(result)}", heads, list(rows), notes)


def sobol_table(result: Mapping[str, Any]) -> Table:
    """Shares of the variance over plausible worlds, the largest first."""
    found = result["rows"]
    rows = [
        Row(
            (
                row["path"],
                *_ends(row),
                _percent(row["S1"]),
                _percent(row["ST"]),
                row["grade"],
                _remark(row),
            ),
            "faint" if row["within_noise"] else "plain",
        )
        for row in found
    ]
    heads = [
        Column("assumption", words=True),
        Column("unit", words=True),
        Column("low end"),
        Column("high end"),
        Column("alone (S1)", "%"),
        Column("in all (ST)", "%"),
        Column("grade", words=True),
        Column("", words=True),
    ]
    notes = [
        "Share of the variance over plausible worlds that would go if the assumption were known (S1), and"
        " that would stay if everything else were (ST); bootstrap intervals over base points."
    ]
    return table(f"Where the uncertainty of {_figure(result)} comes from", heads, list(rows), notes)


def decisions_table(result: Mapping[str, Any]) -> Table:
    """What each decision brings on average over plausible worlds."""
    values = {name: read(value) for name, value in result["decisions"].items()}
    written = column(values.values())
    rows = [
        Row((name, cell, "best as far as is known" if name == result["best"] else ""), _weight(name, result))
        for name, cell in zip(values, written, strict=True)
    ]
    heads = [Column("choice", words=True), Column("expected", _unit(result)), Column("", words=True)]
    return table(f"Expected {_figure(result)} over {result['worlds']:,} plausible worlds", heads, list(rows))


def value_table(result: Mapping[str, Any]) -> Table:
    """What knowing each assumption is worth, the most valuable first."""
    found = [row for row in result["rows"] if row["value"]["mean"] > 0][:_SHOWN_INFORMATION]
    written = column([read(row["value"]) for row in found])
    rows = [
        Row(
            (row["path"], *_ends(row), value, _flip_words(row), row["grade"], _remark(row)),
            "faint" if row["within_noise"] else "plain",
        )
        for row, value in zip(found, written, strict=True)
    ]
    heads = [
        Column("assumption", words=True),
        Column("unit", words=True),
        Column("low end"),
        Column("high end"),
        Column("worth knowing", _unit(result)),
        Column("choice changes at", words=True),
        Column("grade", words=True),
        Column("", words=True),
    ]
    rest = len(result["rows"]) - len(found)
    notes = [f"{rest:,} more are worth less than these or nothing."] if rest else []
    notes.append(
        f"{NOISE.capitalize()}: if nothing mattered, the best of all assumptions would look worth so much"
        " in more than 5% of deals of the same runs."
    )
    return table("What it is worth to know an assumption before deciding", heads, list(rows), notes)


def forecast_words(forecast: Mapping[str, Any], method: str) -> str:
    """Say in one sentence how many runs a study takes and how long that will be."""
    runs, screening = forecast["runs"], forecast["screening_runs"]
    words = f"{method}: {runs:,} runs"
    if screening:
        words += (
            f" ({screening:,} to screen {forecast['available']:,} assumptions,"
            f" {runs - screening:,} to measure {forecast['measured']:,} of them)"
        )
    else:
        words += f" for {forecast['measured']:,} assumptions"
    many = forecast["workers"] > 1
    where = f"{forecast['workers']} at a time" if many else "one at a time"
    kept = "runs kept from earlier studies cost nothing"
    return f"{words}, {where}: about {duration(forecast['seconds'])}; {kept}."


def forecast_page(forecast: Mapping[str, Any], method: str) -> Page:
    """Return the page of a dry run."""
    return Page((Text(forecast_words(forecast, method)),))


def _figure(result: Mapping[str, Any]) -> str:
    words = str(result["metric"]).replace("_", " ")
    against = result["against"]
    return f"{words} above that of {against[0]}" if against and result["method"] != "information" else words


def _unit(result: Mapping[str, Any]) -> str:
    return str(result["everything"]["unit"])


def _weight(name: str, result: Mapping[str, Any]) -> Any:
    return "strong" if name == result["best"] else "plain"


def _ends(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return str(row["unit"]), number(row["low"]["value"]), number(row["high"]["value"])


def number(value: float) -> str:
    """Write an input value with three or four digits, as a person would.

    >>> number(0.0025), number(1500000.0), number(31)
    ('0.0025', '1,500,000', '31')
    """
    if value == 0 or not math.isfinite(value):
        return f"{value:g}"
    return f"{float(f'{value:.4g}'):,.10g}"


def _places(reach: float) -> int:
    return 0 if reach >= 100 else 1 if reach >= 10 else 2


def _bar(row: Mapping[str, Any], base: float, reach: float, ink: str) -> str:
    """Draw both ends around the scenario's own figure: minus signs to the low end, ink to the high end."""
    cells = [" "] * (2 * _HALF_BAR + 1)
    for side, letter in (("low", "-"), ("high", ink)):
        ahead = (row[side]["result"]["mean"] - base) / reach if reach > 0 else 0.0
        for step in range(1, round(abs(ahead) * _HALF_BAR) + 1):
            cells[_HALF_BAR + (step if ahead > 0 else -step)] = letter
    cells[_HALF_BAR] = "|"
    return "".join(cells)


def _remark(row: Mapping[str, Any]) -> str:
    if row["within_noise"]:
        return NOISE
    return "noise not told" if row["within_noise"] is None else ""


def _percent(value: Mapping[str, Any]) -> str:
    found = read(value)
    return NOTHING if found is None else text(found.scaled(100.0, "%"), 0)


def _tornado_words(result: Mapping[str, Any]) -> str:
    first = result["rows"][0]
    if first["within_noise"]:
        return f"No assumption moves {_figure(result)} by more than noise."
    ends = sorted(
        ((row["result"]["mean"], row["value"]) for row in (first["low"], first["high"])),
        key=lambda end: end[0],
    )
    spans = [f"{plain(figure, _places(first['spread']))} at {number(value)}" for figure, value in ends]
    outside = sum(not row["within_noise"] for row in result["rows"])
    return (
        f"{first['path']} moves {_figure(result)} most: from {spans[0]} to {spans[1]} {result['unit']}."
        f" {outside} of {len(result['rows'])} bars stand out of the noise."
    )


def _largest(result: Mapping[str, Any], size: str) -> str:
    first = result["rows"][0]
    value = read(first[size])
    if first["within_noise"] or value is None:
        return f"No assumption moves {_figure(result)} by more than noise."
    if size == "ST":
        return f"{first['path']} brings {_percent(first[size])}% of the variance of {_figure(result)}."
    return f"{first['path']} moves {_figure(result)} most: by {text(value)} {result['unit']} over its range."


def _variance_words(result: Mapping[str, Any]) -> str:
    parts = result["variance"]
    inputs = math.sqrt(parts["inputs"])
    words = f"Standard deviation over plausible worlds {plain(inputs, 2)} {result['unit']}, from inputs alone"
    if parts["noise"] is None:
        return (
            f"{words} and noise together: with a single history of each world the two cannot be told apart."
        )
    noise = math.sqrt(parts["luck"] + parts["noise"])
    words += f"; {plain(noise, 2)} more from the luck of a single history, kept apart."
    share = parts["noise_share"]
    if share > 0.05:
        words += (
            f" Noise is {share:.0%} of the variance of what was measured: more --replications sharpen it."
        )
    return words


def _information_words(result: Mapping[str, Any]) -> str:
    everything, unit = read(result["everything"]), _unit(result)
    assert everything is not None
    lead = f"{result['best']} is best as far as is known; another choice would have done better in"
    lead += f" {result['wrong']:.0%} of worlds. Knowing everything is worth at most {text(everything)} {unit}"
    first = result["rows"][0] if result["rows"] else None
    if first is None or first["within_noise"]:
        return f"{lead}, and no single assumption is worth measuring as far as these runs can tell."
    value = read(first["value"])
    assert value is not None
    return f"{lead}; measure {first['path']} first: {text(value)} {unit}."


def _flip_words(row: Mapping[str, Any]) -> str:
    if row["within_noise"] or not row["flips_at"]:
        return ""
    parts = [row["choices"][0]]
    for value, choice in zip(row["flips_at"], row["choices"][1:], strict=True):
        parts += [f"< {number(value)} <", choice]
    return " ".join(parts)


def _losses(result: Mapping[str, Any]) -> list[str]:
    found = []
    lost = result["lost"]
    if lost["worlds"]:
        found.append(f"{lost['worlds']:,} worlds gave no figure, such as {lost['reasons'][0]}")
    if result.get("failed"):
        found.append(f"No bar for {', '.join(result['failed'])}.")
    if result["pulled"]:
        found.append(
            f"In {result['pulled']:,} worlds values contradicted each other; they were pulled towards the"
            " scenario's own until they did not."
        )
    return found


def _chosen_words(result: Mapping[str, Any]) -> str:
    found = result["assumptions"]
    screening = found["screening"]
    if screening is None:
        return f"All {found['measured']:,} assumptions asked for were looked at; none was left out."
    left: Sequence[tuple[str, float]] = list(screening["left_out"].items())
    shown = ", ".join(f"{path} ({plain(effect, 2, signed=True)})" for path, effect in left[:_SHOWN_LEFT_OUT])
    return (
        f"Of {found['available']:,} assumptions with a range the {found['measured']:,} with the largest"
        f" effects in a screening of {screening['worlds']:,} worlds were looked at."
        f" {found['left_out']:,} were left out, the largest of them {shown} {result['unit']}, estimated"
        " roughly; --json lists all, --parameters measures those you name."
    )
