"""The loaded scenario: frozen, hashed by what decides a run, every value with what it rests on."""

import json
import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, UnknownPathError, difference, explain, load, loads

BASE = load("base")
COMMUNITY = load("community_pickup")


def shuffled(value, order):
    """The same nested values with the keys of every mapping in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(one, order) for one in value] if isinstance(value, list) else value


# --- hash -----------------------------------------------------------------------------------------


def test_hash_is_of_values_and_of_nothing_else():
    values = shuffled(COMMUNITY.values, random.Random(1))
    values["title"] = "Another title"
    values["channels"]["tmall"]["name"] = "Another name"
    values["pickup"]["community"]["name"] = "Yet another"
    other = Scenario.from_values(values, name="other")
    assert other.hash == COMMUNITY.hash
    assert len(other.hash) == 64
    assert int(other.hash, 16) >= 0


def test_hash_ignores_evidence_parts_left_out_and_ways_of_writing():
    plain = loads("extends: base.yaml\nfinance: {opening_cash: 3e6}\nmarket: {price_elasticity: -2}")
    assert plain.hash == BASE.hash
    assert loads("extends: base.yaml\npickup: {partner: null}").hash == BASE.hash
    assert (
        loads("extends: base.yaml\nfulfilment: {courier: {retry_hours: {law: deterministic, mean: 24}}}").hash
        == BASE.hash
    )


@pytest.mark.parametrize(
    "change",
    [
        {"market.places": 41},
        {"mechanisms.returns": False},
        {"horizon.start": "launch"},
        {"products.basket_online.cv": 0.81},
        {"fulfilment.courier.tariff_tiers.2.price": 7.01},
        {"market.hour_profile.0": 2.3},
        {"market.sources.rebate_alliance": None},
    ],
)
def test_hash_changes_with_every_value(change):
    assert BASE.with_values(change).hash != BASE.hash


def test_negative_zero_is_zero():
    assert (
        BASE.with_values({"finance.opening_cash": -0.0}).hash
        == BASE.with_values({"finance.opening_cash": 0}).hash
    )


# --- frozen, comparable, picklable ----------------------------------------------------------------


def test_a_scenario_is_frozen():
    with pytest.raises(AttributeError, match="frozen"):
        BASE.name = "x"
    with pytest.raises(AttributeError, match="frozen"):
        del BASE.name
    with pytest.raises(ValueError, match="frozen"):
        BASE.market.places = 3
    values = BASE.values
    values["market"]["places"] = 3
    values["market"]["hour_profile"][0] = 99
    assert BASE.values["market"]["places"] == 40
    assert BASE.market.hour_profile[0] == 2.2


def test_a_scenario_travels_to_another_process_whole():
    changed = COMMUNITY.with_values({"pickup.community.points": 60})
    copy = pickle.loads(pickle.dumps(changed))
    assert copy == changed
    assert hash(copy) == hash(changed)
    assert copy.hash == changed.hash
    assert copy.entries() == changed.entries()
    assert copy != COMMUNITY


def test_problems_travel_to_another_process():
    with pytest.raises(ScenarioError) as caught:
        load("base", ["market.places=0"])
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.problems == caught.value.problems
    assert str(copy) == str(caught.value)


def test_parts_are_attributes_and_labels_can_be_changed():
    assert BASE.market.places == 40
    assert BASE.schema_version == 1
    assert (BASE.name, BASE.title) == ("base", BASE.model.title)
    parts = (
        "horizon",
        "market",
        "channels",
        "products",
        "fulfilment",
        "pickup",
        "service",
        "management",
        "finance",
    )
    assert all(getattr(BASE, part) is getattr(BASE.model, part) for part in (*parts, "mechanisms"))
    renamed = BASE.renamed("mine", "My brand")
    assert (renamed.name, renamed.title, renamed.hash) == ("mine", "My brand", BASE.hash)
    assert renamed.entry("market.places").source == BASE.entry("market.places").source
    assert "mine" in repr(renamed)


# --- values ---------------------------------------------------------------------------------------


def test_value_reads_numbers_laws_rows_parts_and_absent_parts():
    assert BASE.value("channels.tmall.commission") == 0.05
    assert BASE.value("products.basket_online") == {"law": "lognormal", "mean": 150, "cv": 0.8}
    assert BASE.value("products.basket_online.mean") == 150
    assert BASE.value("fulfilment.courier.tariff_tiers.1.price") == 9
    assert BASE.value("market.hour_profile.23") == 4.4
    assert BASE.value("pickup.community") is None
    assert BASE.value("finance")["opening_cash"] == 3e6


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("pickup.community.points", "pickup.community is not part of this scenario"),
        ("pickup.comunity", "did you mean 'community'"),
        ("fulfilment.courier.tariff_tiers.3.price", "has 3 rows, counted from 0; there is no 3"),
        ("", "unknown name ''"),
    ],
)
def test_an_unknown_path_is_named(path, message):
    with pytest.raises(UnknownPathError, match=message):
        BASE.value(path)
    with pytest.raises(UnknownPathError, match=message):
        BASE.entry(path)
    with pytest.raises(ScenarioError, match=message):
        BASE.with_values({path: 1})


def test_with_values_changes_only_what_it_names():
    changed = COMMUNITY.with_values({"pickup.community.points": 80, "products.basket_online": {"mean": 170}})
    assert changed.value("pickup.community.points") == 80
    assert changed.value("products.basket_online") == {"law": "lognormal", "mean": 170, "cv": 0.8}
    assert {row.path for row in difference(COMMUNITY, changed)} == {
        "pickup.community.points",
        "products.basket_online.mean",
    }
    assert COMMUNITY.value("pickup.community.points") == 40
    entry = changed.entry("pickup.community.points")
    assert (entry.layer, entry.grade, entry.range, entry.line) == ("change", "set by change", (10, 400), None)
    assert changed.entry("pickup.community.choice_share") == COMMUNITY.entry("pickup.community.choice_share")


def test_with_values_takes_parts_out_and_puts_them_in():
    without = COMMUNITY.with_values({"pickup.community": None})
    assert without.hash == BASE.hash
    back = without.with_values({"pickup.community": COMMUNITY.value("pickup.community")})
    assert back.hash == COMMUNITY.hash
    assert back.entry("pickup.community.points").layer == "change"
    assert without.with_values({"pickup.community": COMMUNITY.pickup.community}).hash == COMMUNITY.hash


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"market.places": 0}, "market.places: should be a whole number from 1 to 100000"),
        ({"market.places": "many"}, "market.places: should be a whole number"),
        ({"market.places": None}, "market.places: cannot be left out"),
        ({"market.place": 3}, "did you mean 'places'"),
        ({"mechanisms.returns": 1}, "mechanisms.returns: should be true or false"),
        ({"pickup.community": {"points": 3}}, "pickup.community.shelf_places: is missing"),
        ({"pickup.community.points": 3}, "pickup.community is not part of this scenario"),
        ({"products.basket_online": 100, "products.basket_online.mean": 120}, "cannot both be changed"),
        ({"products.stock.reorder_days": 50}, "must exceed reorder_days"),
    ],
)
def test_with_values_refuses_what_a_file_may_not_say(change, message):
    with pytest.raises(ScenarioError, match=message):
        BASE.with_values(change)


def test_with_values_reports_every_unknown_path():
    with pytest.raises(ScenarioError) as caught:
        BASE.with_values({"market.place": 3, "finance.cash": 1})
    assert len(caught.value.problems) == 2


NUMBERS = [
    entry
    for entry in COMMUNITY.entries()
    if isinstance(entry.value, float) and entry.range and entry.range[0] < entry.range[1]
]


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_written_out_and_read_back_a_changed_scenario_is_the_same(data):
    chosen = data.draw(st.lists(st.sampled_from(NUMBERS), max_size=4, unique_by=lambda entry: entry.path))
    changes = {entry.path: data.draw(st.floats(*entry.range)) for entry in chosen}
    try:
        scenario = COMMUNITY.with_values(changes)
    except ScenarioError:
        return  # two thresholds of a table may have crossed
    again = loads(scenario.to_yaml(), name=scenario.name)
    assert again.hash == scenario.hash
    assert again.values == scenario.values
    for entry in COMMUNITY.entries():
        if entry.path not in changes:
            assert again.entry(entry.path).source == entry.source
            assert (
                again.entry(entry.path).grade in (entry.grade, "set by community_pickup.yaml")
                or not entry.source
            )


def test_strange_labels_survive_being_written_out():
    for title in ('quo"tes', "back\\slash", "#: {}[]", "日本", "nbsp\u00a0\u200b\U0001f600", "null", "1"):
        scenario = BASE.renamed("base", title)
        assert loads(scenario.to_yaml()).title == title


def test_from_values_names_what_is_missing():
    with pytest.raises(ScenarioError, match="market: is missing"):
        Scenario.from_values({})
    scenario = Scenario.from_values(BASE.values, name="copy")
    assert scenario.hash == BASE.hash
    assert {entry.layer for entry in scenario.entries()} == {"change"}


# --- entries --------------------------------------------------------------------------------------


def test_changing_a_scenario_leaves_the_changes_alone():
    changes = {"management.coordination": dict(BASE.values["management"]["coordination"])}
    before = dict(changes["management.coordination"])
    BASE.with_values(changes | {"management.coordination.span": 9})
    assert changes["management.coordination"] == before


def test_entries_are_every_leaf_with_what_is_known_about_it():
    entry = BASE.entry("fulfilment.courier.last_mile_cost")
    assert (entry.value, entry.unit, entry.role, entry.basic) == (1.1, "yuan/parcel", "assumption", True)
    assert (entry.bounds, entry.range, entry.grade) == ((0, 100), (0.5, 1.5), "A")
    assert (entry.layer, entry.file.endswith("base.yaml")) == ("base.yaml", True)
    assert "1.1" in Path(entry.file).read_text(encoding="utf-8").splitlines()[entry.line - 1]
    assert "ecns.cn" in entry.source
    paths = [one.path for one in BASE.entries()]
    assert len(paths) == len(set(paths))
    assert all(BASE.value(path) == one.value for path, one in zip(paths, BASE.entries(), strict=True))
    assert explain(BASE) == BASE.entries()


def test_the_leaves_of_a_law_and_of_a_table_have_entries():
    mean, cv = BASE.entry("products.basket_online.mean"), BASE.entry("products.basket_online.cv")
    assert (mean.unit, mean.range, mean.basic) == ("yuan/order", (75, 250), True)
    assert (cv.unit, cv.range) == ("ratio", (0.4, 1.5))
    assert cv.source == mean.source
    assert BASE.entry("products.basket_online") == mean
    assert BASE.entry("fulfilment.courier.retry_hours.cv").range is None
    price = BASE.entry("fulfilment.courier.tariff_tiers.0.price")
    assert (price.range, price.grade) == ((8.4, 15.6), "guess")
    assert "Yiwu" in price.source
    threshold = BASE.entry("fulfilment.courier.tariff_tiers.0.from_parcels_per_month")
    assert (threshold.range, threshold.grade) == (None, "guess")
    with pytest.raises(UnknownPathError, match="not a single value"):
        BASE.entry("finance")


def test_defaults_say_that_they_are_defaults():
    entry = BASE.entry("channels.tmall.price_index")
    assert (entry.value, entry.layer, entry.grade, entry.file, entry.line) == (
        1,
        "schema default",
        "schema default",
        "",
        None,
    )


def test_an_override_without_evidence_keeps_the_context_and_says_who_set_it():
    text = "extends: base.yaml\nproducts:\n  return_rate: 0.05\n"
    text += "  gross_margin: {value: 0.3, source: own books}\n"
    scenario = loads(text, name="mine")
    rate, margin = scenario.entry("products.return_rate"), scenario.entry("products.gross_margin")
    assert (rate.grade, rate.range, rate.layer, rate.line) == (
        "set by mine.yaml",
        (0.02, 0.08),
        "mine.yaml",
        3,
    )
    assert rate.source == BASE.entry("products.return_rate").source
    assert (margin.grade, margin.range, margin.source) == ("set by mine.yaml", (0.2, 0.45), "own books")


def test_a_law_changed_in_part_keeps_the_rest_and_a_law_given_whole_does_not():
    part = loads("extends: base.yaml\nproducts: {basket_online: {mean: 160}}", name="mine")
    assert part.value("products.basket_online") == {"law": "lognormal", "mean": 160, "cv": 0.8}
    assert part.entry("products.basket_online.cv").range == (0.4, 1.5)
    assert part.entry("products.basket_online.mean").grade == "set by mine.yaml"
    whole = loads("extends: base.yaml\nproducts: {basket_online: {law: exponential, mean: 160}}", name="mine")
    assert whole.value("products.basket_online") == {"law": "exponential", "mean": 160, "cv": 0}


def test_lists_and_tables_are_replaced_and_never_merged():
    text = (
        "extends: base.yaml\nfulfilment: {courier: {tariff_tiers: [{from_parcels_per_month: 5, price: 6}]}}"
    )
    scenario = loads(text)
    assert scenario.value("fulfilment.courier.tariff_tiers") == [{"from_parcels_per_month": 5, "price": 6}]
    assert scenario.entry("fulfilment.courier.tariff_tiers.0.price").range is None


def test_difference_lists_what_differs_and_where_it_was_set():
    rows = {row.path: row for row in difference(BASE, COMMUNITY)}
    points = rows["pickup.community.points"]
    assert (points.old, points.new, points.unit, points.old_layer) == (None, 40, "points", "")
    assert points.new_layer == "community_pickup.yaml"
    assert all(path.startswith("pickup.community.") for path in rows)
    assert difference(BASE, load("door_only")) == []
    back = [row.path for row in difference(COMMUNITY, BASE)]
    assert back == list(rows)
    order = [entry.path for entry in COMMUNITY.entries()]
    assert [path for path in order if path in rows] == list(rows)
    assert json.dumps([row.new for row in rows.values()])
