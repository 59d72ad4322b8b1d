"""The sentence about scale: whatever the English one can say the Chinese one says, with the same numbers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product
from typing import get_args

import pytest

from sim.experiment.headline import (
    LevelKind,
    Service,
    SlopeKind,
    headline,
    is_contrast,
    level_kind,
    slope_kind,
)
from sim.experiment.metrics import METRICS
from sim.experiment.scale_result import ADDED_LATER, ScaleResult, ScaleStep
from sim.experiment.statistics import Estimate, share
from sim.experiment.study import Recipe
from sim.experiment.verdict import Curve
from sim.experiment.worlds import PlausibleWorlds
from sim.report import words as report_words
from sim.report.chinese import NAMES
from sim.ui.language import speak, term
from sim.ui.opening import shipped_answers
from sim.ui.sentences import scale_sentence
from sim.ui.vocabulary import CHANNELS, channel_name, unit_name

NUMBER = re.compile(r"[-+]?\d+(?:,\d{3})*(?:\.\d+)?%?")
SIZES = 5_120.0, 41_300.0


def about(mean, reach, unit="yuan/parcel", n=5):
    return Estimate(mean, mean - reach, mean + reach, unit, n)


def curve(verdict, elasticity, turn=None, reason=""):
    return Curve(verdict, elasticity, (), turn, None, 0, reason)


SHORT = curve("cannot_tell", None, reason="a single rung shows no slope")
STILL = curve(
    "cannot_tell",
    None,
    reason="the orders do not grow along the ladder, so there is nothing to relate cost to",
)
SLOPES: dict[str, Curve] = {
    "unknown": STILL,
    "turns": curve("stops_scaling", about(0.03, 0.2), Estimate(16_200.0, 15_500.0, 18_300.0, "orders", 5)),
    "flat": curve("neutral", about(0.006, 0.001)),
    "falls": curve("scalable", about(-0.283, 0.01)),
    "rises": curve("non_scalable", about(0.061, 0.01)),
    "one_history": curve("cannot_tell", Estimate(-0.2, None, None, "ratio", 1)),
    "doubt": curve("cannot_tell", about(-0.013, 0.07, n=3)),
}
LEVELS: dict[str, tuple[float | None, ...]] = {
    "nothing": (None, None),
    "above": (5.52, 3.44),
    "below": (-5.52, -3.44),
    "hidden": (0.05, None, 0.01),
    "sinks": (3.3, 0.0, -2.13),
    "climbs": (-3.3, 2.17),
    "mixed": (0.05, 1.25),
}
FEWER = Service(96.0, (about(0.91, 0.01), about(0.88, 0.01)), (about(0.95, 0.01),) * 2)
MORE = Service(37.5, (about(0.97, 0.01),) * 2, (about(0.85, 0.01),) * 2)
EQUAL = Service(96.0, (about(0.95, 0.01),) * 2, (about(0.96, 0.01),) * 2)
SERVICES = {"": None, "empty": Service(96.0, (), ()), "equal": EQUAL, "fewer": FEWER, "more": MORE}
WORLDS = {
    "": None,
    "none": PlausibleWorlds("cannot_tell", None, {}, 0, 0),
    "held": PlausibleWorlds("scalable", share(14, 16), {"scalable": 14, "neutral": 2}, 60, 0),
}


def made_up(found, level="nothing", service=None, worlds=None, against="door"):
    """A result with a slope, a level, a service and worlds that a test wants, as JSON."""
    values = [None if value is None else about(value, 0.1) for value in LEVELS[level]]
    said = headline(
        found,
        metric_words=METRICS["layer_cost_per_parcel"].words,
        elasticity_to="orders",
        sizes=SIZES,
        incremental=values,
        against="the door" if against == "door" else against,
        unit="yuan/parcel",
        service=service,
        worlds=worlds,
    )
    orders = (*SIZES[:1], *((9_999.0,) * (len(values) - 2)), *SIZES[1:])
    steps = tuple(
        ScaleStep(volume, orders=about(size, 10.0, "orders"), incremental_cost=value)
        for volume, size, value in zip((1.0, 2.0, 4.0), orders, values, strict=False)
    )
    return ScaleResult(
        scenario="made_up",
        scenario_hash="",
        metric="layer_cost_per_parcel",
        scope="brand",
        path="densify",
        adjust="policy",
        growth_months=None,
        seed=1,
        replications=5,
        steps=steps[:1] if found is SHORT else steps,
        curve=found,
        metrics={},
        headline=said,
        against=against,
        causes=(),
        plausible_worlds=worlds,
        service=service,
        size_range=SIZES,
        start="mature",
        notes=(),
        runs=(),
        recipe=Recipe("scale", {}, {}),
    ).as_dict()


def chinese(result):
    """What the page says in Chinese."""
    speak("zh")
    try:
        return scale_sentence(result)
    finally:
        speak("")


def numbers(sentence):
    """Every number of a sentence, and how often it is said."""
    return Counter(NUMBER.findall(sentence))


def test_every_kind_of_clause_is_tried():
    assert set(SLOPES) == set(get_args(SlopeKind))
    assert set(LEVELS) == set(get_args(LevelKind))
    for kind, found in SLOPES.items():
        assert slope_kind(found.verdict, found.elasticity, found.turning_point) == kind
    for kind, means in LEVELS.items():
        assert level_kind([None if mean is None else about(mean, 0.1) for mean in means]) == kind


@pytest.mark.parametrize(("slope", "level"), list(product(SLOPES, LEVELS)))
def test_chinese_has_every_number_of_the_english(slope, level):
    for service, worlds in product(SERVICES.values(), WORLDS.values()):
        result = made_up(SLOPES[slope], level, service, worlds)
        said = chinese(result)
        assert numbers(said) == numbers(result["headline"]), (result["headline"], said)
        assert not re.search(r"[A-Za-z{}]", said), said


def test_a_single_size_says_so():
    assert "cannot tell, a single rung shows no slope" in made_up(SHORT)["headline"]
    assert "只有一种规模" in chinese(made_up(SHORT))
    assert "没有增长" in chinese(made_up(STILL))


def test_every_kind_of_clause_has_words_of_its_own():
    for kinds in (
        [made_up(found) for found in (*SLOPES.values(), SHORT)],
        [made_up(SLOPES["flat"], level) for level in LEVELS],
        [made_up(SLOPES["flat"], "mixed", SERVICES[name]) for name in SERVICES if name != "empty"],
    ):
        assert len({NUMBER.sub("", chinese(result)) for result in kinds}) == len(kinds)


@pytest.mark.parametrize(("slope", "level"), list(product(SLOPES, LEVELS)))
def test_slope_and_level_are_joined_alike(slope, level):
    result = made_up(SLOPES[slope], level)
    assert (
        (", but " in result["headline"])
        == ("；但" in chinese(result))
        == is_contrast(SLOPES[slope].verdict, level)
    )


def test_service_is_part_of_the_level():
    for level, (name, service) in product(LEVELS, SERVICES.items()):
        result = made_up(SLOPES["falls"], level, service)
        said = chinese(result)
        assert ("服务水平" in said) == ("equal service" in result["headline"]), (level, name)
        assert ("服务水平不同" in said) == ("not at equal service" in result["headline"]), (level, name)
    assert chinese(made_up(SLOPES["falls"], "above", FEWER)) == (
        "年订单每翻一倍，自提点每件成本下降 18%（原有片区订得更多）；"
        "但在每种试过的规模下都比送货上门高 3.44 至 5.52（元/件），"
        "不过服务水平不同（96 小时内送到顾客手中的比例低 7 个百分点）。"
    )


def test_the_alternative_has_its_name():
    for level in sorted(set(LEVELS) - {"nothing"}):
        assert "送货上门" in chinese(made_up(SLOPES["falls"], level))
        assert "lockers_2014" in chinese(made_up(SLOPES["falls"], level, against="lockers_2014"))


def test_a_channel_is_named():
    result = made_up(SLOPES["falls"]) | {"metric": "cost_per_order", "scope": "tmall"}
    assert "天猫的每单成本" in chinese(result)


@pytest.mark.parametrize(("slope", "level"), list(product(SLOPES, LEVELS)))
def test_results_recorded_before_still_give_a_sentence_with_its_caveat(slope, level):
    for service in SERVICES.values():
        result = made_up(SLOPES[slope], level, service)
        older = {name: value for name, value in result.items() if name not in ADDED_LATER}
        said = chinese(older)
        assert ("服务水平不同" in said) == ("not at equal service" in result["headline"])
        plain = made_up(SLOPES[slope], level)
        assert numbers(said) == numbers(plain["headline"]), "all but the numbers of service"


def test_what_could_not_be_tried_is_said():
    reason = "the scenario has no pickup layer, so there are no points to add"
    nothing = made_up(SLOPES["falls"]) | {"steps": []}
    found = chinese(nothing | {"headline": f"Not applicable: {reason}.", "notes": [reason]})
    assert found == "不适用：此情景没有自提层，没有自提点可增加。"
    found = chinese(nothing | {"headline": "No size on this path can be reached.", "notes": ["volume 9"]})
    assert found == "这条路径上没有可达到的规模。"


def test_english_is_the_study_s_own_words():
    result = made_up(SLOPES["doubt"], "sinks", MORE, WORLDS["held"])
    assert scale_sentence(result) == result["headline"]


def test_shipped_answers_say_in_chinese_what_they_say_in_english():
    results = [answer.result or {} for answer in shipped_answers().values()]
    studies = [one for result in results for one in result.get("paths", [result]) if "elasticity" in one]
    assert studies
    for result in studies:
        if result["steps"]:
            assert numbers(chinese(result)) == numbers(result["headline"])


def test_names_in_chinese_headlines_are_those_of_the_pages():
    speak("zh")
    try:
        pages = {words: term(words) for words in (*report_words.PATHS.values(), *report_words.SIZES.values())}
        pages |= {name: channel_name(name) for name in CHANNELS}
        pages |= {unit: unit_name(unit) for unit in ("yuan/order", "yuan/parcel")}
    finally:
        speak("")
    assert pages == NAMES
