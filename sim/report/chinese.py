"""The headline of a study in Chinese: the clauses of :mod:`sim.experiment.headline` from the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.experiment.headline import (
    LevelKind,
    amount,
    gap_points,
    is_contrast,
    level_kind,
    level_numbers,
    per_doubling,
    percent,
    slope_ends,
    slope_kind,
)
from sim.experiment.metrics import BRAND
from sim.experiment.scale_question import DOOR
from sim.experiment.statistics import Estimate
from sim.report.numbers import Value, read
from sim.report.words import PATHS, SIZES
from sim.scenario.segments import LAYERS

Result = Mapping[str, Any]
SENTENCES: Mapping[str, str] = {
    "layer_cost_per_parcel": "自提点每件成本",
    "cost_per_order": "每单成本",
    "contribution_per_order": "同等利润下的每单成本",
    "metric_of_scope": "{scope}的{metric}",
    "turns": "{metric}在约 {turn}（{low} 到 {high} 之间，{size}）处不再下降，之后上升（{path}）",
    "falls": "{size}每翻一倍，{metric}下降 {percent}（{path}）",
    "rises": "{size}每翻一倍，{metric}上升 {percent}（{path}）",
    "flat": "{metric}基本持平，{size}每翻一倍变化不超过 {percent}（{path}）",
    "one_history": "{metric}：一次模拟分不清趋势和运气（{path}）",
    "doubt": "{metric}：{count} 次模拟还无法判断；"
    "{size}每翻一倍{sizes}，变化在 {low} 到 {high} 之间（{path}）",
    "single_size": "{metric}：无法判断，只有一种规模，看不出趋势（{path}）",
    "no_growth": "{metric}：无法判断，{size}没有增长，成本无从比较（{path}）",
    "sizes": "（从 {low} 到 {high}）",
    "door": "送货上门",
    "but": "；但",
    "and": "；",
    "span": "{low} 至 {high}",
    "above": "在每种试过的规模下都比{against}高 {span}（{unit}）",
    "below": "在每种试过的规模下都比{against}低 {span}（{unit}）",
    "hidden": "在任何试过的规模下与{against}都看不出差异",
    "sinks": "起初高于{against}，最后比它低 {last}（{unit}）",
    "climbs": "起初低于{against}，最后比它高 {last}（{unit}）",
    "mixed": "并非在每种试过的规模下都明显高于或低于{against}",
    "equal_service": "，服务水平相同",
    "unequal_service": "，不过服务水平不同",
    "fewer": "，不过服务水平不同（{hours} 小时内送到顾客手中的比例低 {points} 个百分点）",
    "more": "，不过服务水平不同（{hours} 小时内送到顾客手中的比例高 {points} 个百分点）",
    "worlds": "{count} 个合理世界中有 {held} 个得出同样结论。",
    "stop": "。",
    "scope": "（{scope}）",
    "difference": "每单贡献利润{where}，{scenario} 与 {against} 相比：{change}。",
    "single": "{mean} {unit}（只模拟一次，没有置信区间）",
    "exactly_equal": "完全相同",
    "no_difference": "看不出差别",
    "change": "{mean} {unit}（{low} 至 {high}）",
}
"""Clauses by kind; what is put into them has its names in braces."""
NAMES: Mapping[str, str] = {
    "the same places order more": "原有片区订得更多",
    "equal places are added": "增加同样的片区",
    "thinner places are added": "增加更稀的片区",
    "the same orders use more points": "同样订单分到更多自提点",
    "traffic is bought": "购买流量",
    "prices are cut": "降价",
    "the year crowds into fewer days": "全年集中到更少的日子",
    "orders a year": "年订单",
    "parcels a year": "年包裹",
    "pickup points": "自提点数",
    "peak days against even days": "高峰日与平日之比",
    "stores": "门店",
    "tmall": "天猫",
    "vertical": "垂直平台",
    "mall": "自营商城",
    "yuan/order": "元/单",
    "yuan/parcel": "元/件",
}
"""Chinese names of growth paths, sizes, channels and units, as the pages have them."""


def scale_headline(result: Result) -> str:
    """Say whether cost falls or rises along a path, at what level, and in how many plausible worlds.

    Parameters
    ----------
    result
        JSON object of ``scale`` for one growth path, with at least one size.
    """
    return f"{_slope(result)}{_level(result)}{_say('stop')}{_worlds(result)}"


def compare_headline(change: Value, scenario: str, against: str, scope: str = BRAND) -> str:
    """Say how contribution per order differs between two scenarios.

    Parameters
    ----------
    change
        Contribution per order of the second less that of the first.
    scenario, against
        Names of the second and of the first.
    scope
        Whose orders they are: ``brand``, or a channel.
    """
    where = "" if scope == BRAND else _say("scope", scope=_name(scope))
    values = {"where": where, "scenario": scenario, "against": against, "change": _change(change)}
    return _say("difference", **values)


def _change(change: Value) -> str:
    unit = _name(change.unit)
    values = {"mean": f"{change.mean:+,.2f}", "unit": unit}
    if change.low is None or change.high is None:
        return _say("single", **values)
    if change.mean == change.low == change.high == 0.0:
        return _say("exactly_equal")
    if not change.is_detectable:
        return _say("no_difference")
    ends = {"low": f"{change.low:+,.2f}", "high": f"{change.high:+,.2f}"}
    return _say("change", **values, **ends)


def _say(kind: str, **values: object) -> str:
    return SENTENCES[kind].format(**values)


def _name(english: str) -> str:
    return NAMES.get(english, english)


def _estimate(found: Any) -> Estimate | None:
    value = read(found)
    return None if value is None else Estimate(value.mean, value.low, value.high, value.unit, value.n or 0)


def _metric(result: Result) -> str:
    metric = SENTENCES.get(result["metric"], result["metric"])
    scope = result.get("scope") or BRAND
    if scope in (BRAND, *LAYERS):
        return str(metric)
    return _say("metric_of_scope", metric=metric, scope=_name(scope))


def _slope(result: Result) -> str:
    elasticity, turn = _estimate(result["elasticity"]), _estimate(result.get("turning_point"))
    metric, path = _metric(result), _name(PATHS[result["path"]])
    size = _name(SIZES.get(result["elasticity_to"], result["elasticity_to"]))
    kind = slope_kind(result["verdict"], elasticity, turn)
    if elasticity is None:
        return _no_slope(result, metric, path, size)
    if turn is not None and kind == "turns":
        return _say(
            "turns",
            metric=metric,
            turn=amount(turn.mean),
            low=amount(turn.mean if turn.low is None else turn.low),
            high=amount(turn.mean if turn.high is None else turn.high),
            size=size,
            path=path,
        )
    change = percent(per_doubling(elasticity.mean))
    values = {"metric": metric, "percent": change, "size": size, "path": path}
    if kind == "falls":
        return _say("falls", **values)
    if kind == "rises":
        return _say("rises", **values)
    if kind == "flat":
        return _say("flat", **values)
    if elasticity.low is None or elasticity.high is None:
        return _say("one_history", metric=metric, path=path)
    low, high = slope_ends(elasticity.low, elasticity.high)
    return _say(
        "doubt",
        metric=metric,
        count=elasticity.n,
        low=low,
        high=high,
        size=size,
        sizes=_sizes(result),
        path=path,
    )


def _no_slope(result: Result, metric: str, path: str, size: str) -> str:
    if sum(not step.get("not_reachable") for step in result["steps"]) < 2:
        return _say("single_size", metric=metric, path=path)
    return _say("no_growth", metric=metric, size=size, path=path)


def _sizes(result: Result) -> str:
    """Say from which size to which; a result recorded without its range has it where size is orders."""
    ends = result.get("size_range")
    if not ends and result["elasticity_to"] == "orders":
        ends = [value.mean for step in result["steps"] if (value := read(step.get("orders"))) is not None]
    return _say("sizes", low=amount(ends[0]), high=amount(ends[-1])) if ends else ""


def _level(result: Result) -> str:
    """Say the level against the alternative, and whether service is equal: a level without that misleads."""
    known = [
        value for step in result["steps"] if (value := _estimate(step.get("incremental_cost"))) is not None
    ]
    kind = level_kind(known)
    if not result.get("against") or kind == "nothing":
        return ""
    against = _say("door") if result["against"] == DOOR else result["against"]
    joint = _say("but") if is_contrast(result["verdict"], kind) else _say("and")
    return f"{joint}{_level_clause(kind, known, against)}{_service(result)}"


def _level_clause(kind: LevelKind, known: Sequence[Estimate], against: str) -> str:
    low, high, last = level_numbers(known)
    span = low if low == high else _say("span", low=low, high=high)
    values = {"against": against, "unit": _name(known[0].unit)}
    if kind == "above":
        return _say("above", span=span, **values)
    if kind == "below":
        return _say("below", span=span, **values)
    if kind == "hidden":
        return _say("hidden", against=against)
    if kind == "sinks":
        return _say("sinks", last=last, **values)
    if kind == "climbs":
        return _say("climbs", last=last, **values)
    return _say("mixed", against=against)


def _service(result: Result) -> str:
    equal, gap = result.get("equal_service"), result.get("service_gap")
    if equal is None or ("service_gap" in result and gap is None):
        return ""
    if equal:
        return _say("equal_service")
    if gap is None:  # recorded before the gap was in the result
        return _say("unequal_service")
    values = {"points": gap_points(gap["share"]), "hours": f"{gap['hours']:g}"}
    if gap["share"] < 0:
        return _say("fewer", **values)
    return _say("more", **values)


def _worlds(result: Result) -> str:
    worlds = result.get("plausible_worlds")
    if not worlds or worlds.get("mean") is None:
        return ""
    return " " + _say("worlds", held=round(worlds["mean"] * worlds["n"]), count=worlds["n"])
