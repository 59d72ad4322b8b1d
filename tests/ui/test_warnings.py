"""Ways out of warnings are said in Chinese; what holds numbers stays English, and that is said."""

from __future__ import annotations

from sim.scenario import load
from sim.ui.language import catalogue, speaking
from sim.ui.vocabulary import known_or_english
from sim.ui.warnings import literal_words
from tests.project.tree import listing

CHEAP = {"channels.tmall.price_index": 0.5}


def test_every_way_out_without_numbers_has_its_chinese():
    assert "take less off the price" in literal_words()
    missing = sorted(literal_words() - set(catalogue("zh")))
    assert not missing, listing(missing)


def test_a_warning_keeps_its_numbers_and_gets_a_chinese_way_out():
    found = next(one for one in load("base").with_values(CHEAP).warnings if "sells at 0.50" in one.message)
    with speaking("zh"):
        assert known_or_english(found.message) == f"{found.message}（仅英文）"
        assert known_or_english(found.fix) == "提高 price_index 或 products.gross_margin"
    assert known_or_english(found.fix) == found.fix
