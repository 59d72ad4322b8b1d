"""What the schema says of its lines is said in Chinese too, of every line of every scenario."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sim.report.rules import RULES
from sim.scenario import load
from sim.scenario.fields import FieldSpec, children, row, walk
from sim.scenario.shipped import names
from sim.ui.allowed import allowed_words
from sim.ui.assumption_words import assumption_name
from sim.ui.evidence import Filter, entries_of
from sim.ui.inputs import Inputs
from sim.ui.language import catalogue, speaking
from sim.ui.schema_words import part_words, scenario_titles, schema_words
from sim.ui.searched import as_view_word
from tests.project.tree import ROOT, listing
from tests.ui.conftest import words

LOST = "fulfilment.courier.lost_rate"
FOLDER = ROOT / "sim/ui/words/zh"


def test_every_line_of_every_scenario_and_every_field_has_its_chinese():
    known = catalogue("zh")
    said = {entry.description: f"{name}: {entry.path}" for name in names() for entry in load(name).entries()}
    said |= {spec.description: path for path, spec in walk() if spec.kind not in ("part", "table", "law")}
    missing = [f"{path}: {words}" for words, path in said.items() if words not in known]
    missing += [words for words in sorted(schema_words()) if words not in known]
    assert not missing, listing(missing)


def test_schema_words_are_those_of_the_lines():
    said = {entry.description for name in names() for entry in load(name).entries()}
    assert said <= schema_words()


def test_no_meaning_is_translated_twice():
    found: dict[str, Path] = {}
    twice = []
    for path in sorted(FOLDER.glob("schema_*.yaml")):
        for template in YAML(typ="safe").load(path.read_text(encoding="utf-8")):
            if template in found:
                twice.append(f"{path.name}, {found[template].name}: {template}")
            found[template] = path
    assert not twice, listing(twice)
    assert set(found) == schema_words()


def lines() -> dict[str, FieldSpec]:
    """What every line of a scenario may hold, and every number of a list, by path."""
    found = {path: spec for path, spec in walk() if spec.kind not in ("part", "table", "law")}
    for path, spec in walk():
        if spec.kind == "law":
            found |= {f"{path}.{name}": part for name, part in children(spec).items()}
        elif spec.kind == "list":
            found[f"{path}.0"] = row(spec)
    return found


def test_what_is_allowed_is_said_in_chinese():
    with speaking("zh"):
        said = {path: allowed_words(spec) for path, spec in lines().items()}
    english = [f"{path}: {words}" for path, words in said.items() if "仅英文" in words]
    assert not english, listing(english)
    assert said[LOST] == "0 至 0.5 的数（比例）"
    assert said["market.repurchase.mean_days"] == "大于 0，不大于 3,650 的数（天）"
    assert said["market.hour_profile.0"] == "任意数（权重）"


def test_what_is_allowed_is_said_in_english_as_the_schema_says_it():
    assert all(allowed_words(spec) == spec.allowed() for spec in lines().values())


def test_the_page_shows_a_meaning_in_chinese(run_page):
    page = run_page("assumptions", Inputs().showing(language="zh", assumptions_line=LOST))
    assert "途中丢失的包裹比例" in words(page)
    assert "0 至 0.5 的数（比例）" in words(page)
    assert "仅英文" not in words(page)
    assert load("community_pickup").entry(LOST).description not in words(page)


@pytest.mark.parametrize("found_by", ["途中丢失 比例", "lost on the way"])
def test_a_line_is_found_by_words_of_both_languages(found_by):
    with speaking("zh"):
        found = [one.path for one in entries_of(load("base")) if Filter(words=found_by).takes(one)]
    assert LOST in found
    assert len(found) < 10


def test_the_search_of_the_page_takes_chinese(run_page):
    inputs = Inputs().showing(language="zh", assumptions_find=as_view_word("途中丢失"))
    page = run_page("assumptions", inputs)
    assert list(page.dataframe[0].value.iloc[:, 0]) == [LOST]


def test_titles_of_scenarios_and_rules_of_accounts_are_chinese():
    known = catalogue("zh")
    missing = [title for title in scenario_titles() if title not in known]
    missing += [f"{account}: {rule.words}" for account, rule in RULES.items() if rule.words not in known]
    assert not missing, listing(missing)
    assert len(scenario_titles()) == len(names())


def test_names_of_lines_are_chinese():
    paths = {one.path for name in names() for one in load(name).entries() if one.role != "label"}
    with speaking("zh"):
        said = {path: assumption_name(path) for path in sorted(paths)}
    english = [f"{path}: {name}" for path, name in said.items() if re.search("[A-Za-z]", name)]
    assert not english, listing(english)
    assert not part_words() - set(catalogue("zh"))
    assert said["market.sources.email.conversion_rate"] == "邮件 › 转化率"
    assert assumption_name("market.sources.email.conversion_rate") == "email › conversion rate"
