"""Every rule speaks where it should, is silent where it should be, and offers a way out."""

import pytest

from sim.scenario import load, sanity
from sim.scenario.sanity import own_parcels_per_point_day

BASE = load("base")
COMMUNITY = load("community_pickup")
SEARCH = "market.sources.platform_search"
POINTS = "pickup.community"
BOSS = "pickup.community.supervision"

CASES = [
    (
        BASE,
        {f"market.sources.{name}.visits_per_year": 0 for name in type(BASE.market.sources).model_fields},
        "nobody_comes",
        "market.sources",
        "nobody visits",
    ),
    (
        BASE,
        {"channels.tmall.price_index": 0.6},
        "price_below_cost",
        "channels.tmall.price_index",
        "sells at 0.60 of the reference price what costs",
    ),
    (
        BASE,
        {"channels.tmall.commission": 0.4},
        "takes_above_margin",
        "channels.tmall.commission",
        "take 41.0% of sales",
    ),
    (
        BASE,
        {f"{SEARCH}.cost_per_visit": 3, "mechanisms.promotion_days": False},
        "source_costs_more_than_it_brings",
        f"{SEARCH}.cost_per_visit",
        "242.4 yuan of visits",
    ),
    (
        BASE,
        {f"{SEARCH}.conversion_rate": 0},
        "source_costs_more_than_it_brings",
        f"{SEARCH}.conversion_rate",
        "end in no order",
    ),
    (
        BASE,
        {f"{SEARCH}.commission_on_sales": 0.5},
        "source_costs_more_than_it_brings",
        f"{SEARCH}.commission_on_sales",
        "an order contributes -",
    ),
    (
        BASE,
        {"mechanisms.promotion_days": True, "market.peak.discount": 0.5},
        "promotion_below_cost",
        "market.peak.discount",
        "tmall sells at 0.50 of the reference price what costs 0.65",
    ),
    (
        BASE,
        {f"{SEARCH}.mix": {"gift_collector": 1.0}},
        "mix_moves_conversion",
        f"{SEARCH}.mix",
        "0.30 times as readily",
    ),
    (
        BASE,
        {"market.sources.platform_ads.cost_per_visit": 4},
        "flat_price_far_from_auction",
        "market.sources.platform_ads.cost_per_visit",
        "1.20 yuan at auction and 4.00",
    ),
    (
        BASE,
        {"market.sources.platform_search.landing.vertical": 0, "market.sources.search_engine": None}
        | {"market.sources.navigation_portal": None}
        | {"mechanisms.return_visits": False, "mechanisms.cross_channel": False},
        "channel_hardly_visited",
        "channels.vertical",
        "is open and gets 0 orders a year",
    ),
    (
        BASE,
        {"channels.mall.team_size": 100},
        "fees_above_sales",
        "channels.mall",
        "yuan a year before its first order and sells for",
    ),
    (
        BASE,
        {"market.sources.search_engine.conversion_rate": 0.02},
        "mall_trusted_like_a_platform",
        "market.sources.search_engine.conversion_rate",
        "2.00% of the strangers",
    ),
    (
        BASE,
        {"management.head_office_cost_per_year": 9e6},
        "loses_money",
        "management.head_office_cost_per_year",
        "a fixed cost of",
    ),
    (
        BASE,
        {"fulfilment.warehouse.pick_pack_minutes.mean": 900},
        "nobody_can_pack",
        "fulfilment.warehouse.shift_end_hour",
        "an order takes 15.0 hours to pack and the shift lasts 14.0",
    ),
    (
        BASE,
        {"fulfilment.truck_departure_hours": [3, 7]},
        "nobody_can_pack",
        "fulfilment.truck_departure_hours",
        "the last truck leaves at 7, before packers start at 8",
    ),
    (
        BASE,
        {"fulfilment.courier.tariff_tiers.2.price": 1},
        "courier_below_its_last_mile",
        "fulfilment.courier.tariff_tiers.2.price",
        "less than the trip to the door",
    ),
    (
        BASE,
        {"products.stock.reorder_days": 3},
        "reorder_below_lead_time",
        "products.stock.reorder_days",
        "for 3 days and take 7",
    ),
    (
        BASE,
        {"fulfilment.promise_hours": 40},
        "promise_below_transport",
        "fulfilment.promise_hours",
        "the way alone takes 44",
    ),
    (
        BASE,
        {"market.peak.share": 0.001},
        "peak_below_average",
        "market.peak.share",
        "as many ordinary days 0.82%",
    ),
    (
        COMMUNITY,
        {f"{POINTS}.background_parcels_per_point_day": 0},
        "point_cost_dwarfs_door",
        f"{POINTS}.background_parcels_per_point_day",
        "the door costs 1.27",
    ),
    (
        COMMUNITY,
        {f"{POINTS}.choice_share": 0, f"{POINTS}.background_parcels_per_point_day": 0},
        "point_cost_dwarfs_door",
        f"{POINTS}.background_parcels_per_point_day",
        "no parcel carries it",
    ),
    (
        COMMUNITY,
        {f"{POINTS}.shelf_places": 5},
        "shelf_below_occupancy",
        f"{POINTS}.shelf_places",
        "5 places for 10 parcels",
    ),
    (
        COMMUNITY,
        {f"{POINTS}.handover_minutes": 15},
        "attendant_short_of_time",
        f"{POINTS}.attendant_hours_per_day",
        "takes 3.4 hours a day, 2 are planned",
    ),
    (
        COMMUNITY,
        {f"{BOSS}.visits_per_point_month": 20},
        "managers_short_of_time",
        f"{BOSS}.span",
        "hours of work a month, 176 are there",
    ),
    (
        COMMUNITY,
        {f"{POINTS}.points": 1000},
        "pool_too_small",
        f"{POINTS}.labour_pool_per_place",
        "vacancies are never filled",
    ),
    (
        COMMUNITY,
        {f"{POINTS}.tariff_discount": 2},
        "discount_above_last_mile",
        f"{POINTS}.tariff_discount",
        "2 yuan are taken off for a trip that costs 1.1",
    ),
    (
        BASE,
        {"products.return_rate": 0.2},
        "beyond_its_own_range",
        "products.return_rate",
        "0.2 lies outside its plausible range, 0.02 to 0.08 (share)",
    ),
]


@pytest.mark.parametrize(
    ("scenario", "changes", "rule", "path", "message"), CASES, ids=[f"{c[2]}-{c[3]}" for c in CASES]
)
def test_a_rule_speaks_where_it_should(scenario, changes, rule, path, message):
    found = list(getattr(sanity, rule)(scenario.with_values(changes)))
    fitting = [warning for warning in found if warning.path == path]
    assert fitting, found
    assert message in fitting[0].message
    assert all(len(warning.fix) > 10 for warning in found)
    assert f"{path}: {fitting[0].message}; {fitting[0].fix}" == str(fitting[0])


def test_every_rule_is_tried_and_applied():
    rules = {rule.__name__ for rule in sanity.RULES}
    assert rules == {case[2] for case in CASES} | {"guesses"}


def test_a_source_that_says_why_gets_a_note_instead_of_a_warning():
    bought = BASE.with_values({"market.sources.platform_ads.why": ""})
    path = "market.sources.platform_ads.cost_per_visit"
    (note,) = [one for one in BASE.warnings if one.path == path]
    (warning,) = [one for one in bought.warnings if one.path == path]
    assert note.reason == BASE.market.sources.platform_ads.why
    assert (note.message, warning.reason) == (warning.message, "")
    assert str(note) == f"{path}: {note.message} (why: {note.reason})"
    assert str(warning).endswith(warning.fix)
    assert bought.hash == BASE.hash


@pytest.mark.parametrize(
    "rule",
    sorted({case[2] for case in CASES} - {"source_costs_more_than_it_brings", "point_cost_dwarfs_door"}),
)
def test_a_rule_is_silent_about_the_shipped_scenarios(rule):
    assert list(getattr(sanity, rule)(COMMUNITY)) == []


@pytest.mark.parametrize(
    ("changes", "switch", "rule"),
    [
        ({f"{POINTS}.shelf_places": 5}, "shelf_limit", "shelf_below_occupancy"),
        ({f"{BOSS}.visits_per_point_month": 20}, "supervision", "managers_short_of_time"),
        ({f"{POINTS}.points": 1000}, "labour_pool", "pool_too_small"),
        ({"market.peak.share": 0.001}, "seasonality", "peak_below_average"),
        ({"market.peak.discount": 0.5}, "promotion_days", "promotion_below_cost"),
        ({"market.sources.platform_ads.cost_per_visit": 4}, "ad_auction", "flat_price_far_from_auction"),
        ({"fulfilment.warehouse.pick_pack_minutes.mean": 900}, "staff_queues", "nobody_can_pack"),
    ],
)
def test_a_rule_about_a_mechanism_is_silent_where_it_is_off(changes, switch, rule):
    assert (
        list(getattr(sanity, rule)(COMMUNITY.with_values({**changes, f"mechanisms.{switch}": False}))) == []
    )


def test_guesses_and_numbers_without_a_source_are_counted():
    (guessed,) = sanity.guesses(BASE)
    assert "numbers are guesses" in guessed.message
    shop = "{commission: 0.08, payment_cost: 0.01, annual_fee: 500, deposit: 3000, settlement_days: 15"
    own = load("tmall_only", ["channels.vertical=" + shop + ", team_size: 2, team_wage_per_month: 5000}"])
    silent, _ = sanity.guesses(own)
    assert silent.path == "channels.vertical.commission"
    assert silent.message.startswith("7 of ")


def test_warnings_are_kept_and_refuse_nothing():
    scenario = BASE.with_values({"channels.tmall.price_index": 0.6, "products.stock.reorder_days": 3})
    paths = [warning.path for warning in scenario.warnings]
    assert "channels.tmall.price_index" in paths
    assert "products.stock.reorder_days" in paths
    assert scenario.warnings == scenario.warnings


def test_parcels_per_point_follow_from_reach_and_choice():
    orders = 365.0 * 40 * own_parcels_per_point_day(COMMUNITY, "community")
    double = COMMUNITY.with_values({f"{POINTS}.points": 80})
    assert 365.0 * 80 * own_parcels_per_point_day(double, "community") == pytest.approx(orders * 1.5)
    half = COMMUNITY.with_values({f"{POINTS}.points": 20})
    assert 365.0 * 20 * own_parcels_per_point_day(half, "community") == pytest.approx(orders / 2)
    none = COMMUNITY.with_values({f"{POINTS}.points": 0})
    assert own_parcels_per_point_day(none, "community") == 0
