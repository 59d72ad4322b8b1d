"""Every sentence of the decision brief, in one place and in two languages.

A sentence is a template; what is put into it is escaped unless it is HTML already.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


ENGLISH: Mapping[str, str] = {
    "title_scale": "{scenario}: does it scale?",
    "title_compare": "{scenario} against {against}: is it worth it?",
    "lead_scale": "{title}. Growth path {path}: {moves}. Read on {metric}. {start}.",
    "lead_compare": "{title}. Read on contribution per order. {start}.",
    "illustrative": "Illustrative unless calibrated: prices and habits of China about 2014, most of them "
    "guesses.",
    "verdict": "Verdict",
    "slope_scalable": "Scalable: unit cost falls with size.",
    "slope_non_scalable": "Not scalable: unit cost rises with size.",
    "slope_neutral": "Neutral: unit cost stays flat.",
    "slope_stops_scaling": "Stops scaling: unit cost falls, then rises.",
    "slope_cannot_tell": "Cannot tell how unit cost moves with size.",
    "level_above": "At the largest size it is dearer than {against}.",
    "level_below": "At the largest size it is cheaper than {against}.",
    "level_no_detectable_difference": "At the largest size no difference from {against} shows.",
    "level_exactly_equal": "At the largest size it costs exactly what {against} costs.",
    "difference_better": "Better: it earns more per order.",
    "difference_worse": "Worse: it earns less per order.",
    "difference_no_detectable_difference": "No detectable difference in profit per order.",
    "difference_exactly_equal": "Exactly equal.",
    "difference_cannot_tell": "Cannot tell: one simulated history has no interval.",
    "effect": "How large",
    "per_doubling": "Unit cost per doubling of size: {value} (n = {n}).",
    "level": "Cost against {against} at volume ×{volume}: {value} (n = {n}).",
    "turning_point": "Cost stops falling at {value} (n = {n}).",
    "contribution": "Contribution at volume ×{volume}: {value} (n = {n}).",
    "difference": "Contribution per order, {scenario} less {against}: {value} (n = {n}).",
    "worlds": "The same verdict in {value} of {n} plausible worlds, with {varied} assumptions drawn from "
    "their ranges at once.",
    "no_worlds": "Plausible worlds: none drawn.",
    "no_share": "Plausible worlds: {n} drawn, but there is no clear verdict whose share could be told.",
    "flips": "Two conditions that turn it",
    "flips_one": "One condition that turns it",
    "flips_none": "What would turn it",
    "flip": "{conditions}: then it is <strong>{after}</strong> instead of {before} ({value}, n = {n}).",
    "and": " and ",
    "condition": "{path} at {value} {unit} (now {own}, plausible {low} to {high})",
    "condition_between": "{path} beyond a point between {still} and {value} {unit} (now {own}, plausible "
    "{low} to {high})",
    "tried": "Looked for at {singles} ends of ranges and {pairs} pairs of ends, of {assumptions} "
    "assumptions; {in_range} carry a range.",
    "none_found": "None found within the ranges.",
    "not_tried": "Not looked for; see the notes.",
    "lost": "{lost} ends could not be simulated.",
    "weakest": "Weakest assumption",
    "weakest_is": "{path} = {own} {unit}, graded <strong>{grade}</strong>: the lowest grade among the "
    "assumptions that matter most. {ends} {source}",
    "end": "At {value} {unit}: {change}.",
    "change_slope": "elasticity {value}",
    "change_level": "{value} against the alternative",
    "change_difference": "{value}",
    "source": "Source: {source}.",
    "measure": "Measure next",
    "measure_is": "{path} ({description}), now {own} {unit}, graded {grade}. {why} {ends} {source}",
    "why_flips": "Knowing it can change the decision: the verdict turns within its range.",
    "why_swings": "No other assumption that has not been measured moves the effect as far.",
    "no_swing": "No assumption that was tried moves the effect beyond noise.",
    "limits": "Not modelled",
    "limit": "{left_out} <span class=\"soft\">(leans: {leans})</span>",
    "limits_more": "{n} more omissions bear less on this question; docs/model.md, section 9, lists all.",
    "changed": "What was changed, against {baseline}",
    "changed_none": "Nothing was changed against {baseline}.",
    "changed_part": "{values} values",
    "added": "added", "absent": "absent", "removed": "taken out", "there": "there",
    "column_path": "value", "column_old": "old", "column_new": "new", "column_unit": "unit",
    "column_percent": "change", "percent_unit": "%",
    "column_low": "at the low end", "column_high": "at the high end", "column_grade": "grade",
    "column_own": "now", "column_noise": "remark", "noise": "within noise",
    "notes": "Notes",
    "origin": "Where this comes from",
    "origin_is": "channelsim {version}, commit {commit}, sources {sources}, Python {python} on {platform}. "
    "Seed {seed}, {replications} replications. Scenarios: {scenarios}.",
    "no_commit": "unknown",
    "again": "Again: {command}",
    "dirty": " (with uncommitted changes)",
    "numbers": "The numbers as a table",
    "why": "Why",
    "swings": "What moves it most",
    "swings_title": "What each assumption does to {what} over its own range",
    "swings_lead": "Paired runs on the same luck; each bar end is labelled with the value it stands for",
    "swings_unit_slope": "the elasticity of unit cost",
    "swings_unit_difference": "contribution per order",
}  # fmt: skip

CHINESE: Mapping[str, str] = {
    "title_scale": "{scenario}：规模扩大后成本会下降吗？",
    "title_compare": "{scenario} 与 {against} 相比：值得吗？",
    "lead_scale": "{title}。增长路径 {path}。指标：{metric}。",
    "lead_compare": "{title}。指标：每单贡献利润。",
    "illustrative": "未经校准，仅供说明：价格与习惯取自 2014 年前后的中国，多数为估计值。",
    "verdict": "结论",
    "slope_scalable": "可规模化：单位成本随规模下降。",
    "slope_non_scalable": "不可规模化：单位成本随规模上升。",
    "slope_neutral": "中性：单位成本基本不变。",
    "slope_stops_scaling": "先降后升：单位成本到某一规模后不再下降。",
    "slope_cannot_tell": "无法判断单位成本如何随规模变化。",
    "level_above": "在最大规模下，成本高于 {against}。",
    "level_below": "在最大规模下，成本低于 {against}。",
    "level_no_detectable_difference": "在最大规模下，与 {against} 看不出差别。",
    "level_exactly_equal": "在最大规模下，成本与 {against} 完全相同。",
    "difference_better": "更好：每单赚得更多。",
    "difference_worse": "更差：每单赚得更少。",
    "difference_no_detectable_difference": "每单利润看不出差别。",
    "difference_exactly_equal": "完全相同。",
    "difference_cannot_tell": "无法判断：只模拟一次，没有置信区间。",
    "effect": "影响多大",
    "per_doubling": "规模每翻一番，单位成本变化 {value}（n = {n}）。",
    "level": "规模 ×{volume} 时相对 {against} 的成本：{value}（n = {n}）。",
    "turning_point": "成本在 {value} 处停止下降（n = {n}）。",
    "contribution": "规模 ×{volume} 时的贡献利润：{value}（n = {n}）。",
    "difference": "每单贡献利润，{scenario} 减 {against}：{value}（n = {n}）。",
    "worlds": "在 {n} 个合理世界中，{value} 得出同样结论（{varied} 个假设同时在各自范围内抽取）。",
    "no_worlds": "合理世界：未抽取。",
    "no_share": "合理世界：抽取了 {n} 个，但没有明确结论可计算占比。",
    "flips": "会改变结论的两个条件",
    "flips_one": "会改变结论的一个条件",
    "flips_none": "什么会改变结论",
    "flip": "{conditions}：结论变为<strong>{after}</strong>，原为{before}（{value}，n = {n}）。",
    "and": " 且 ",
    "condition": "{path} 为 {value} {unit}（现为 {own}，合理范围 {low} 至 {high}）",
    "condition_between": "{path} 越过 {still} 与 {value} {unit} 之间的某一点"
    "（现为 {own}，合理范围 {low} 至 {high}）",
    "tried": "共试 {singles} 个范围端点和 {pairs} 对端点，涉及 {assumptions} 个假设；"
    "有范围的假设共 {in_range} 个。",
    "none_found": "在各假设的范围内未找到。",
    "not_tried": "未寻找；见附注。",
    "lost": "{lost} 个端点无法模拟。",
    "weakest": "最薄弱的假设",
    "weakest_is": "{path} = {own} {unit}，证据等级 <strong>{grade}</strong>：影响最大的假设中等级最低。"
    "{ends} {source}",
    "end": "取 {value} {unit} 时：{change}。",
    "change_slope": "弹性 {value}",
    "change_level": "相对替代方案 {value}",
    "change_difference": "{value}",
    "source": "来源：{source}。",
    "measure": "下一步应测量",
    "measure_is": "{path}（{description}），现为 {own} {unit}，证据等级 {grade}。{why} {ends} {source}",
    "why_flips": "知道它可能改变决定：结论在其范围内发生变化。",
    "why_swings": "在尚未测量的假设中，它对结果的影响最大。",
    "no_swing": "所试假设的影响均未超出随机误差。",
    "limits": "模型未包含",
    "limit": "{left_out} <span class=\"soft\">（偏向：{leans}）</span>",
    "limits_more": "另有 {n} 项与本问题关系较小；完整清单见 docs/model.md 第 9 节。",
    "changed": "改动（相对 {baseline}）",
    "changed_none": "相对 {baseline} 没有改动。",
    "changed_part": "{values} 个值",
    "added": "新增", "absent": "无", "removed": "移除", "there": "有",
    "column_path": "项目", "column_old": "原值", "column_new": "新值", "column_unit": "单位",
    "column_percent": "变化", "percent_unit": "%",
    "column_low": "下端", "column_high": "上端", "column_grade": "等级",
    "column_own": "现值", "column_noise": "备注", "noise": "在随机误差内",
    "notes": "附注",
    "origin": "出处",
    "origin_is": "channelsim {version}，提交 {commit}，源码 {sources}，Python {python}，{platform}。"
    "种子 {seed}，重复 {replications} 次。场景：{scenarios}。",
    "no_commit": "未知",
    "again": "重做：{command}",
    "dirty": "（含未提交的改动）",
    "numbers": "数据表",
    "why": "原因",
    "swings": "影响最大的假设",
    "swings_title": "各假设在自身范围内对{what}的影响",
    "swings_lead": "同样的运气下成对模拟；每个端点标出对应取值",
    "swings_unit_slope": "单位成本弹性",
    "swings_unit_difference": "每单贡献利润",
}  # fmt: skip

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "zh": CHINESE}
TAGS: Mapping[str, str] = {"en": "en", "zh": "zh-Hans"}

_VERDICTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "scalable": "scalable", "non_scalable": "non-scalable", "neutral": "neutral",
        "stops_scaling": "turning at some size", "cannot_tell": "undecided", "above": "dearer",
        "below": "cheaper", "no_detectable_difference": "not told apart", "exactly_equal": "equal",
        "better": "better", "worse": "worse",
    },
    "zh": {
        "scalable": "可规模化", "non_scalable": "不可规模化", "neutral": "中性",
        "stops_scaling": "先降后升", "cannot_tell": "无法判断", "above": "更贵", "below": "更便宜",
        "no_detectable_difference": "看不出差别", "exactly_equal": "相同", "better": "更好", "worse": "更差",
    },
}  # fmt: skip


class Words:
    """The sentences of one language.

    Parameters
    ----------
    language
        ``en`` or ``zh``.

    Raises
    ------
    ValueError
        If there are no sentences in that language.
    """

    def __init__(self, language: str) -> None:
        if language not in LANGUAGES:
            raise ValueError(f"unknown language '{language}'; allowed: {', '.join(LANGUAGES)}")
        self.language = language
        self.tag = TAGS[language]

    def say(self, key: str, **parts: object) -> Html:
        """Return a sentence as HTML, with parts put in."""
        ready = {
            name: part if isinstance(part, Html) else escape(str(part), quote=False)
            for name, part in parts.items()
        }
        return Html(LANGUAGES[self.language][key].format(**ready))

    def plain(self, key: str, **parts: object) -> str:
        """Return a sentence as plain text; its template must hold no HTML."""
        return LANGUAGES[self.language][key].format(**parts)

    def verdict(self, name: str) -> str:
        """Return a verdict as an adjective."""
        return _VERDICTS[self.language][name]
