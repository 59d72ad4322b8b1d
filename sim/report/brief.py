"""The decision brief as one self-contained HTML file: two pages of A4, readable in grey, light and dark."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import unescape
from typing import Any

from sim.report.brief_words import Html, Words
from sim.report.charts import cost_curve
from sim.report.chinese import compare_headline, scale_headline
from sim.report.compare import difference_table, waterfall_table
from sim.report.html import document, element, figure, number, table_html, wrap
from sim.report.numbers import Value, read, shown, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.scale import causes_table, ladder_table
from sim.report.swings import bars_of, swing_chart
from sim.report.waterfall import causes, change
from sim.report.words import ILLUSTRATIVE, METRICS, PATHS, STARTS

SLOPE = "slope"
_SMALL = "soft small"


def brief_html(brief: Mapping[str, Any], *, language: str = "en") -> str:
    """Write a brief as HTML.

    Parameters
    ----------
    brief
        JSON object of ``report``.
    language
        ``en`` or ``zh``. Names of values, descriptions, sources and the tables behind charts stay English.

    Returns
    -------
    str
        A whole document. Every number of the brief stands in it as ``<data value="...">`` with its full
        digits and its place in the JSON object.

    Raises
    ------
    ValueError
        If the language is unknown.
    """
    words = Words(language)
    subject = brief["subject"]
    title = words.plain(f"title_{brief['question']}", **_names(subject))
    parts = [
        element("h1", title),
        wrap("p", _lead(brief, words), css="soft"),
        _verdict(brief, words),
        _effects(brief, words),
        '<div class="columns"><div>',
        _flips(brief, words),
        "</div><div>",
        _weakest(brief, words),
        _measure(brief, words),
        "</div></div>",
        _main_chart(brief, words),
        '<div class="next">',
        *_other_charts(brief, words),
        _limits(brief, words),
        "</div>",
        _changed(brief, words),
        _notes(brief, words),
        _origin(brief, words),
    ]
    return document(title, [part for part in parts if part], language=words.tag)


def brief_page(brief: Mapping[str, Any]) -> Page:
    """Return what a terminal shows of a brief: the verdict and what would turn it."""
    words = Words("en")
    names = _names(brief["subject"])
    said = " ".join(
        words.plain(f"{target}_{verdict}", **names) for target, verdict in brief["verdicts"].items()
    )
    blocks = [Text(said, "headline"), Text(brief["headline"])]
    flips = brief["flips"]
    if flips is not None:
        blocks += [Text(f"- {_plain(_flip(flip, '', words))}") for flip in flips["found"]]
        if not flips["found"]:
            blocks.append(Text(words.plain("none_found"), "warning"))
        blocks.append(Text(words.plain("tried", **{key: flips[key] for key in _COUNTS}), "faint"))
    blocks += [Text(note, "warning") for note in brief["notes"]]
    return Page((*blocks, Text(words.plain("illustrative"), "faint")))


def _plain(said: Html) -> str:
    """A sentence without its marks."""
    return unescape(re.sub(r"<[^>]+>", "", said))


def _names(subject: Mapping[str, Any]) -> dict[str, str]:
    return {"scenario": subject["scenario"], "against": subject["against"] or "-"}


def _lead(brief: Mapping[str, Any], words: Words) -> Html:
    subject = brief["subject"]
    path, metric = subject.get("path", ""), subject.get("metric", "")
    start = STARTS.get(subject["start"], subject["start"])
    return words.say(
        f"lead_{brief['question']}",
        title=subject["title"].rstrip("."),
        path=path,
        moves=PATHS.get(path, path),
        metric=METRICS.get(metric, metric),
        start=start[:1].upper() + start[1:],
    )


def _verdict(brief: Mapping[str, Any], words: Words) -> str:
    names = _names(brief["subject"])
    said = " ".join(
        words.say(f"{target}_{verdict}", **names) for target, verdict in brief["verdicts"].items()
    )
    headline = element("p", _headline(brief, words), css="small")
    honest = wrap("p", words.say("illustrative"), css=_SMALL)
    heading = wrap("h2", words.say("verdict"))
    return f'<section class="verdict">{heading}<p><strong>{said}</strong></p>{headline}{honest}</section>'


def _headline(brief: Mapping[str, Any], words: Words) -> str:
    """Return the study's own sentence; in Chinese the same from its numbers."""
    if words.language == "en":
        return str(brief["headline"])
    if brief["question"] == "scale":
        return scale_headline(brief["study"])
    subject = brief["subject"]
    change = _value(brief["effects"][0]["value"])
    return compare_headline(change, subject["scenario"], subject["against"], subject["scope"])


def _effects(brief: Mapping[str, Any], words: Words) -> str:
    rows = []
    names = _names(brief["subject"])
    for index, effect in enumerate(brief["effects"]):
        own = _value(effect["value"])
        value = _shown(own, f"effects.{index}.value.mean", signed=effect["name"] not in _LEVELS)
        volume = "" if effect["volume"] is None else f"{effect['volume']:g}"
        rows.append(words.say(effect["name"], value=value, n=own.n, volume=volume, **names))
    rows.append(_worlds(brief["plausible_worlds"], words))
    return wrap("h2", words.say("effect")) + wrap("ul", "".join(wrap("li", row) for row in rows))


_LEVELS = ("turning_point", "contribution")


def _worlds(worlds: Mapping[str, Any] | None, words: Words) -> Html:
    if worlds is None:
        return words.say("no_worlds")
    share = read(worlds)
    if share is None:
        return words.say("no_share", n=sum(worlds["counts"].values()))
    value = _shown(share, "plausible_worlds.mean")
    return words.say("worlds", value=value, n=share.n, varied=worlds["varied"])


def _flips(brief: Mapping[str, Any], words: Words) -> str:
    flips = brief["flips"]
    if flips is None:
        return wrap("h2", words.say("flips_none")) + wrap("p", words.say("not_tried"))
    found = flips["found"]
    heading = words.say(("flips_none", "flips_one", "flips")[len(found)])
    items = [_flip(flip, f"flips.found.{index}", words) for index, flip in enumerate(found)]
    tried = [words.say("tried", **{key: flips[key] for key in _COUNTS})]
    tried += [words.say("lost", lost=flips["lost"])] if flips["lost"] else []
    body = wrap("ol", "".join(wrap("li", item) for item in items))
    if not items:
        body = wrap("p", wrap("strong", words.say("none_found")))
    return wrap("h2", heading) + body + wrap("p", " ".join(tried), css=_SMALL)


_COUNTS = ("singles", "pairs", "assumptions", "in_range")


def _flip(flip: Mapping[str, Any], place: str, words: Words) -> Html:
    conditions = []
    for index, one in enumerate(flip["changes"]):
        at = f"{place}.changes.{index}"
        numbers = {name: _bare(one[name], f"{at}.{name}") for name in ("own", "value", "low", "high")}
        key = "condition" if one["still"] is None else "condition_between"
        still = "" if one["still"] is None else _bare(one["still"], f"{at}.still")
        conditions.append(words.say(key, path=_code(one["path"]), unit=one["unit"], still=still, **numbers))
    effect = _value(flip["effect"])
    return words.say(
        "flip",
        conditions=Html(words.say("and").join(conditions)),
        after=words.verdict(flip["after"]),
        before=words.verdict(flip["before"]),
        value=_effect(flip["effect"], f"{place}.effect.mean", flip["target"], words),
        n=effect.n,
    )


def _effect(found: Mapping[str, Any], place: str, target: str, words: Words) -> Html:
    """An effect or its change, in words that say what it is of."""
    value = _value(found)
    bare = replace(value, unit="") if target == SLOPE else value
    return words.say(f"change_{target}", value=_shown(bare, place, signed=True))


def _weakest(brief: Mapping[str, Any], words: Words) -> str:
    found = brief["weakest"]
    said = words.say("no_swing") if found is None else _chosen("weakest", found, words)
    return wrap("h2", words.say("weakest")) + wrap("p", said)


def _measure(brief: Mapping[str, Any], words: Words) -> str:
    found = brief["measure_next"]
    said = words.say("no_swing") if found is None else _chosen("measure_next", found, words)
    return wrap("h2", words.say("measure")) + wrap("p", said)


def _chosen(place: str, found: Mapping[str, Any], words: Words) -> Html:
    ends = [
        words.say(
            "end",
            value=_bare(end["value"], f"{place}.ends.{index}.value"),
            unit=found["unit"],
            change=_effect(end["change"], f"{place}.ends.{index}.change.mean", found["target"], words),
        )
        for index, end in enumerate(found["ends"])
    ]
    return words.say(
        "weakest_is" if place == "weakest" else "measure_is",
        path=_code(found["path"]),
        description=found["description"].rstrip("."),
        own=_bare(found["own"], f"{place}.own"),
        unit=found["unit"],
        grade=found["grade"],
        why=words.say("why_flips" if found["flips"] else "why_swings"),
        ends=Html(" ".join(ends)),
        source=words.say("source", source=found["source"].rstrip(".")) if found["source"] else "",
    )


def _main_chart(brief: Mapping[str, Any], words: Words) -> str:
    study = brief["study"]
    if brief["question"] == "scale":
        return figure(cost_curve(study), table_html(ladder_table(study)), words.plain("numbers"))
    behind = table_html(waterfall_table(study)) + table_html(difference_table(study))
    return figure(change(study), behind, words.plain("numbers"))


def _other_charts(brief: Mapping[str, Any], words: Words) -> list[str]:
    study, swings = brief["study"], brief["swings"]
    found = []
    target = next(iter(brief["verdicts"]))
    bars = bars_of(swings, target)
    if bars:
        what = words.plain(f"swings_unit_{target}")
        drawing = swing_chart(
            bars,
            title=words.plain("swings_title", what=what),
            lead=words.plain("swings_lead"),
            unit=what,
            note=ILLUSTRATIVE if words.language == "en" else words.plain("illustrative"),
        )
        behind = table_html(swings_table(swings, target, words))
        found += [wrap("h2", words.say("swings")), figure(drawing, behind, words.plain("numbers"))]
    if brief["question"] == "scale" and study.get("causes"):
        behind = table_html(causes_table(study))
        found += [wrap("h2", words.say("why")), figure(causes(study), behind, words.plain("numbers"))]
    return found


def swings_table(swings: Sequence[Mapping[str, Any]], target: str, words: Words) -> Table:
    """Return what each assumption does to an effect at the ends of its range, as a table."""
    rows = []
    for swing in swings:
        ends = []
        for side in ("low", "high"):
            end = swing[side]
            change = None if end is None else read(end["change"][target])
            ends.append("-" if end is None else f"{end['value']:g}: {text(change, signed=True)}")
        faint = swing["within_noise"][target]
        remark = words.plain("noise") if faint else ""
        cells = (swing["path"], f"{swing['own']:g}", swing["unit"], *ends, swing["grade"], remark)
        rows.append(Row(cells, "faint" if faint else "plain"))
    are_words = {"column_path", "column_unit", "column_grade", "column_noise"}
    heads = [Column(words.plain(key), words=key in are_words) for key in _SWING_COLUMNS]
    what = words.plain(f"swings_unit_{target}")
    return table(words.plain("swings_title", what=what), heads, list(rows))


_SWING_COLUMNS = (
    "column_path", "column_own", "column_unit", "column_low", "column_high", "column_grade", "column_noise",
)  # fmt: skip


def _limits(brief: Mapping[str, Any], words: Words) -> str:
    limits = brief["not_modelled"]
    items = [
        wrap("li", words.say("limit", left_out=one["left_out"], leans=one["leans"].replace("`", "")))
        for one in limits["listed"]
    ]
    more = wrap("p", words.say("limits_more", n=limits["others"]), css=_SMALL)
    return wrap("h2", words.say("limits")) + wrap("ul", "".join(items), css="small narrow") + more


def _changed(brief: Mapping[str, Any], words: Words) -> str:
    found = brief["changed"]
    if not found["rows"]:
        return wrap("p", words.say("changed_none", baseline=found["baseline"]), css="small")
    return table_html(changed_table(found, words))


def changed_table(changed: Mapping[str, Any], words: Words) -> Table:
    """Return every difference from the baseline: old, new, unit and relative change."""
    rows = [_change_cells(row, words) for row in changed["rows"]]
    are_words = ("column_path", "column_unit")
    keys = ("column_path", "column_old", "column_new", "column_unit", "column_percent")
    heads = [Column(words.plain(key), words=key in are_words) for key in keys]
    return table(words.plain("changed", baseline=changed["baseline"]), heads, list(rows))


def _change_cells(row: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    is_part = row["values"] > 1 or (row["unit"] == "" and {row["old"], row["new"]} & {"added", "there"})
    percent = "" if row["percent"] is None else f"{row['percent']:+.1f}%"
    if not is_part:
        return row["path"], _written(row["old"], words), _written(row["new"], words), row["unit"], percent
    came = row["old"] is None
    ends = ("absent", "added") if came else ("there", "removed")
    count = words.plain("changed_part", values=row["values"])
    return row["path"], words.plain(ends[0]), words.plain(ends[1]), count, ""


def _written(value: Any, words: Words) -> str:
    if value is None:
        return words.plain("absent")
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _notes(brief: Mapping[str, Any], words: Words) -> str:
    if not brief["notes"]:
        return ""
    items = "".join(element("li", note) for note in brief["notes"])
    return wrap("h2", words.say("notes")) + wrap("ul", items, css="small")


def _origin(brief: Mapping[str, Any], words: Words) -> str:
    origin = brief["origin"]
    commit = origin["commit"]
    known = words.plain("no_commit")
    if commit is not None:
        known = commit["id"][:12] + ("" if commit["clean"] else words.plain("dirty"))
    scenarios = ", ".join(f"{one['name']} ({one['hash'][:12]})" for one in origin["scenarios"].values())
    said = words.say(
        "origin_is",
        version=origin["version"],
        commit=known,
        sources=origin["sources"],
        python=origin["python"],
        platform=origin["platform"],
        seed=origin["seed"],
        replications=origin["replications"],
        scenarios=scenarios,
    )
    again = words.say("again", command=_code(origin["command"]))
    honest = words.say("illustrative")
    lines = "".join(wrap("p", line, css=_SMALL) for line in (said, again, honest))
    return f"<footer>{wrap('h2', words.say('origin'))}{lines}</footer>"


def _value(found: Any) -> Value:
    value = read(found)
    assert value is not None, "a brief holds no empty figure here"
    return value


def _shown(value: Value, place: str, *, signed: bool = False) -> Html:
    return Html(number(shown(value), place, signed=signed, digits=value.mean))


def _bare(value: float, place: str) -> Html:
    """A value of an assumption: as many digits as it has, and no interval."""
    return Html(f'<data value="{float(value)!r}" data-from="{place}">{value:,.6g}</data>')


def _code(words: str) -> Html:
    return Html(element("code", words))
