"""Warnings and notes are said in Chinese with their numbers, each by the template it was made from."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

from sim.scenario import load
from sim.ui.language import catalogue, speaking
from sim.ui.templates import NOTES, WARNINGS, made_from
from sim.ui.vocabulary import known_or_english
from sim.ui.warnings import literal_words
from tests.project.tree import files, listing, tree
from tests.scenario.test_sanity import CASES

CHEAP = {"channels.tmall.price_index": 0.5}
ONLY_ENGLISH = "仅英文"
OUT_OF_REACH = {
    "sim/experiment/paths.py": {"why_not", "_expand", "_peak", "_solve", "_buy_traffic", "_cut_price"},
    "sim/experiment/scaling.py": {"_caveats", "_causes"},
    "sim/experiment/causes.py": {"rungs"},
}
"""Functions that write the notes of a study of growth; what they say has a space in it."""


def shape(words: str) -> str:
    """A template without the names in its braces."""
    return re.sub(r"\{\w+\}", "{}", words)


def said_in(node: ast.AST) -> Iterator[str]:
    """Every sentence that a piece of code writes, without what is put into it; no docstrings."""
    for part in ast.iter_child_nodes(node):
        if isinstance(part, ast.JoinedStr):
            yield "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in part.values)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif not (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant)):
            yield from said_in(part)


def calls_in(paths: Iterable[object], name: str) -> Iterator[ast.Call]:
    """Every call of a function by its name."""
    for path in paths:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == name:
                yield node


def test_every_way_out_without_numbers_has_its_chinese():
    assert "take less off the price" in literal_words()
    missing = sorted(literal_words() - set(catalogue("zh")))
    assert not missing, listing(missing)


def test_every_warning_with_a_value_in_it_has_its_template():
    found = {
        words
        for call in calls_in(files(".py", "sim/scenario/sanity"), "SanityWarning")
        for part in call.args[1:3]
        if isinstance(part, ast.JoinedStr)
        for words in said_in(ast.Expression(part))
    }
    assert len(found) > 25
    clauses = {"{yuan} yuan each", "no parcel carries it"}
    known = {shape(words) for words in WARNINGS if words not in clauses}
    assert found == known, listing(sorted(found ^ known))


def test_every_note_of_a_study_of_growth_has_its_template():
    found = set()
    for name, functions in OUT_OF_REACH.items():
        (path,) = [one for one in files(".py", "sim/experiment") if one.as_posix().endswith(name)]
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef) and node.name in functions:
                found |= {words for words in said_in(node) if " " in words.strip()}
        if name.endswith("scaling.py"):
            found |= {words for words in said_in(tree(path)) if words.startswith("volume ") and "{}" in words}
    known = {shape(words) for words in NOTES}
    assert found - {", "} == known, listing(sorted(found ^ known))


@pytest.mark.parametrize(("scenario", "changes"), [case[:2] for case in CASES])
def test_every_warning_that_a_scenario_can_get_is_chinese_with_its_numbers(scenario, changes):
    for warning in scenario.with_values(changes).warnings:
        for english in (warning.message, warning.fix):
            with speaking("zh"):
                said = known_or_english(english)
            assert ONLY_ENGLISH not in said
            assert not re.search(r"\b(yuan|each|parcel|the|of)\b", said), said
            numbers = set(re.findall(r"\d[\d,.]*\d%?|\d%?", english))
            assert numbers <= set(re.findall(r"\d[\d,.]*\d%?|\d%?", said)), (english, said)
            assert known_or_english(english) == english


def test_a_warning_keeps_its_numbers_and_gets_a_chinese_way_out():
    found = next(one for one in load("base").with_values(CHEAP).warnings if "sells at 0.50" in one.message)
    with speaking("zh"):
        assert known_or_english(found.message) == "按参考价的 0.50 出售，而进货就要参考价的 0.62"
        assert known_or_english(found.fix) == "提高 price_index 或 products.gross_margin"
        assert known_or_english("words of nobody") == "words of nobody（仅英文）"
    assert known_or_english(found.fix) == found.fix


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        (
            "tmall sells at 0.50 of the reference price what costs 0.65 of it to buy",
            "天猫按参考价的 0.50 出售，而进货就要参考价的 0.65",
        ),
        (
            "0.2 lies outside its plausible range, 0.02 to 0.08 (share)",
            "0.2 超出其合理范围 0.02 至 0.08（比例）",
        ),
        (
            "a point costs 48 yuan a day for 0.0 parcels, no parcel carries it; the door costs 3.10",
            "一个自提点一天花 48 元、处理 0.0 件，没有包裹来分摊；送货上门为 3.10 元",
        ),
        (
            "volume 4 is not reachable: even at 50% of the price the expected orders are 1,200 a year,"
            " not 2,000",
            "规模 4 无法达到：即使价格为现价的 50%，预期年订单为 1,200，而不是 2,000",
        ),
        (
            "no causes: without attrition, ad_auction volume 2: without any bought visit the expected orders"
            " are 10 a year, not 20",
            "没有原因分解：关闭人员流失，广告竞价时，规模 2：一次访问都不买时，预期年订单为 10，而不是 20",
        ),
        (
            "no causes: without seasonality: mechanisms.seasonality is off, so every day is alike",
            "没有原因分解：关闭季节性时：mechanisms.seasonality 已关闭，每天都一样",
        ),
    ],
)
def test_what_stands_in_a_sentence_is_said_in_chinese_too(english, chinese):
    with speaking("zh"):
        assert known_or_english(english) == chinese


def test_words_that_were_made_from_no_template_are_not_taken_for_one():
    assert made_from("nobody visits") is None
    assert made_from("") is None
