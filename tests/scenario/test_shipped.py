"""What the shipped scenarios promise in their first lines."""

import pytest

from sim.scenario import load, scenarios_folder, shipped
from sim.scenario.sanity import guesses
from sim.scenario.unit_economics import source_economics, year_estimate

NAMES = tuple(shipped())
FIRST = ("base", "community_pickup", "door_only", "null_dense", "null_flat", "partner_pickup")


def test_the_shipped_scenarios_are_there_and_tell_a_story():
    assert NAMES[0] == "base"
    assert set(FIRST) <= set(NAMES)
    for name, story in shipped().items():
        assert len(story) > 30, name
        head = (scenarios_folder() / f"{name}.yaml").read_text(encoding="utf-8").split("schema_version")[0]
        assert 3 <= len(head.splitlines()) <= 6, name
        assert all(line.startswith("# ") for line in head.splitlines()), name


@pytest.mark.parametrize("name", NAMES)
def test_every_number_of_a_shipped_scenario_says_where_it_comes_from(name):
    silent = [
        entry.path
        for entry in load(name).entries()
        if entry.role != "label"
        and not isinstance(entry.value, bool)
        and isinstance(entry.value, int | float | list)
        and entry.layer != "schema default"
        and (not entry.source or entry.grade not in ("A", "B", "C", "guess"))
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_sources_of_facts_have_an_address(name):
    definitions = ("definition", "days of eight hours", "18 June")
    for entry in load(name).entries():
        if entry.grade in ("A", "B", "C"):
            assert "http" in entry.source or any(word in entry.source for word in definitions), entry.path


@pytest.mark.parametrize("name", NAMES)
def test_most_numbers_of_the_world_have_a_plausible_range(name):
    numbers = [
        e
        for e in load(name).entries()
        if isinstance(e.value, float) and e.layer != "schema default" and e.source
    ]
    without = [e.path for e in numbers if e.range is None]
    fixed = ("cv", "landing", "refund_share", "from_", "price_factor")
    assert [path for path in without if not any(word in path for word in fixed)] == []


@pytest.mark.parametrize("name", NAMES)
def test_few_fields_are_basic(name):
    assert 10 <= sum(entry.basic for entry in load(name).entries()) <= 60


def test_the_base_is_a_plausible_year():
    year = year_estimate(load("base"))
    assert 250_000 < year.online_orders < 350_000
    assert 18e6 < year.visits < 25e6
    assert 6_000 < year.store_orders < 9_000
    assert -5 < year.profit_per_order < 15
    assert 2 < year.contribution / year.orders < 25


def test_the_mix_of_visitors_leaves_the_measured_conversion_as_it_is():
    base = load("base", ["mechanisms.promotion_days=false"])
    for row in source_economics(base):
        if row.visits and hasattr(base.market.sources, row.source):
            rate = getattr(base.market.sources, row.source).conversion_rate
            assert row.orders / row.visits == pytest.approx(rate, rel=0.1)


def test_the_base_is_the_whole_brand():
    base = load("base")
    for part in (base.channels, base.market.sources, base.market.visitor_types):
        assert all(getattr(part, name) is not None for name in type(part).model_fields)
    kinds = set(type(base.market.visitor_types).model_fields)
    seen = {
        kind
        for name in type(base.market.sources).model_fields
        for kind in kinds
        if getattr(getattr(base.market.sources, name).mix, kind) > 0
    }
    assert seen == kinds


def test_what_a_buyer_of_traffic_would_expect_of_each_source():
    """Unpaid visits bring money, bought ones cost more than a first order brings, and the file says why."""
    base = load("base")
    rows = {(row.source, row.channel): row for row in source_economics(base)}
    for (source, _), row in rows.items():
        if row.traffic == 0:
            assert row.contribution > 0, source
        elif row.contribution < 0:
            assert getattr(base.market.sources, source).why, source
    paid = {name: rows[name, "tmall"].traffic for name in ("email", "search_engine", "platform_ads")}
    assert paid["email"] < paid["search_engine"] < paid["platform_ads"] < 200
    assert rows["game_video", "tmall"].traffic > 10_000
    assert rows["platform_search", "vertical"].contribution < rows["platform_search", "tmall"].contribution


def test_no_shipped_scenario_warns_of_anything_but_its_story():
    expected = {
        # few parcels carry a staffed point
        "community_pickup": {"pickup.community.background_parcels_per_point_day"},
        # deal hunters leave nothing at a commission of 12%
        "rebate_rush": {"market.sources.rebate_alliance.commission_on_sales"},
    }
    for name in NAMES:
        scenario = load(name)
        known = {warning.path for warning in guesses(scenario)} | expected.get(name, set())
        found = {warning.path for warning in scenario.warnings if not warning.reason}
        assert found <= known, (name, found - known)


def test_door_only_is_the_base_by_another_name():
    assert load("door_only").hash == load("base").hash


def test_the_null_worlds_leave_out_what_could_bend_the_curve():
    flat = load("null_flat")
    layer = flat.pickup.community
    assert layer.points == 300
    assert layer.points % layer.supervision.span == 0
    assert flat.market.potential_places >= 10 * layer.points
    off = (
        "marginal_sites",
        "control_loss",
        "labour_pool",
        "hiring_friction",
        "purchase_tiers",
        "tariff_tiers",
        "ad_auction",
    )
    assert not any(getattr(flat.mechanisms, name) for name in off)
    assert layer.supervision.survival_per_level == 1
    assert year_estimate(flat).online_orders == pytest.approx(100_000, rel=0.05)


def test_pickup_wins_the_dense_null_world_by_arithmetic():
    dense = load("null_dense")
    layer, courier = dense.pickup.community, dense.fulfilment.courier
    parcels = layer.background_parcels_per_point_day
    managers = (
        layer.supervision.wage_per_month * (2 + layer.supervision.level_wage_factor) / layer.points / 30.4
    )
    fixed = layer.site_fee_per_day + layer.attendant_hours_per_day * layer.attendant_wage_per_hour + managers
    point = (
        fixed / parcels
        + layer.fee_per_parcel
        + layer.bulk_drop_cost
        + layer.exception_rate * layer.exception_cost
    )
    second = courier.last_mile_cost + courier.failed_attempt_cost
    door = courier.last_mile_cost + courier.failed_attempt_rate * second
    assert door == pytest.approx(1.268, abs=1e-9)
    assert point < door - 0.1
    assert layer.tariff_discount == courier.last_mile_cost
    off = ("attrition", "absence", "control_loss", "walk_penalty", "delivery_sensitivity")
    assert not any(getattr(dense.mechanisms, name) for name in off)
    assert layer.attendant_hours_per_day >= parcels * layer.handover_minutes / 60
