"""Facts: the entries, the rule of the verdict, and figures that are known beforehand in planted worlds."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from docs import fact_table
from sim.experiment import ExperimentError, Runner, check_facts, verify
from sim.experiment.facts import FACTS, VERDICTS, scenarios_of
from sim.experiment.facts.fact import Evidence
from sim.experiment.facts.reading import slope
from sim.experiment.facts.traffic import CONVERSION_ORDER
from sim.experiment.facts.verdict import judged
from sim.experiment.facts.worlds import LOWER_PRICE, quarter, quarter_with_lower_prices, year
from sim.experiment.jobs import Summary
from sim.experiment.statistics import Estimate
from sim.scenario import load
from sim.scenario.fields import spec_of
from sim.scenario.segments import open_layers
from tests.experiment.planted import PlantedRun, run_of

DAY = 315


def studied(name: str, simulate: Callable[..., Any], **arguments: Any) -> Any:
    """One fact in planted worlds."""
    with Runner(1, simulate=simulate) as runner:
        (result,) = check_facts([name], runner=runner, **arguments).results
    return result


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_says_what_where_from_and_how(name):
    fact = FACTS[name]
    assert re.fullmatch(r"[a-z][a-z0-9_]+", name)
    assert fact.numbers
    assert fact.worlds
    assert fact.grade in ("A", "B", "C")
    assert all(re.match(r"https?://\S+$", url) for url in fact.sources)
    assert fact.sources
    assert fact.sentence.endswith(".")
    assert fact.measured.endswith(".")
    low, high = fact.band
    assert low is not None or high is not None
    assert low is None or high is None or low < high
    for path in fact.tuned:
        assert spec_of(path) is not None


def test_there_are_enough_facts_and_worlds_have_one_meaning_each():
    assert len(FACTS) >= 10
    worlds = {world for fact in FACTS.values() for world in fact.worlds}
    assert len({world.name for world in worlds}) == len(worlds)
    assert set(scenarios_of()) == {"base", "lockers", "partner_pickup", "community_pickup"}
    assert scenarios_of(["locker_break_even"]) == ("lockers",)


@pytest.mark.parametrize(
    ("low", "high", "band", "verdict"),
    [
        (1.0, 2.0, (0.5, 2.5), "pass"),
        (1.0, 2.0, (1.0, 2.0), "pass"),
        (1.0, 2.0, (None, 2.5), "pass"),
        (1.0, 2.0, (2.1, None), "miss"),
        (1.0, 2.0, (None, 0.9), "miss"),
        (1.0, 2.0, (1.5, 2.5), "cannot_tell"),
        (1.0, 2.0, (1.4, 1.6), "cannot_tell"),
        (None, None, (0.0, 9.0), "cannot_tell"),
    ],
)
def test_the_verdict_follows_from_interval_and_band_alone(low, high, band, verdict):
    found, reason = judged(Estimate(1.5, low, high, "share", 3), band)
    assert found == verdict
    assert bool(reason) == (verdict == "cannot_tell")


def layered(scenario: Any, seed: int, *, fixed: float, each: float, door: float, **_: Any) -> PlantedRun:
    """A layer that costs ``fixed`` a point-day and ``each`` a parcel."""
    (layer,) = open_layers(scenario)
    points = getattr(scenario.pickup, layer).points
    assert getattr(scenario.pickup, layer).background_parcels_per_point_day == 0
    search = scenario.market.sources.platform_search.visits_per_year
    parcels = search / 1000.0 + seed % 7
    cost = fixed * points * scenario.horizon.days + each * parcels
    run = run_of(scenario, seed, 10.0 * parcels, {"goods": 1.0})
    run.kpis.update(
        layer_parcels=parcels, layer_cost=cost, points=float(points), door_last_mile_per_parcel=door
    )
    return run


@pytest.mark.parametrize("name", ["locker_break_even", "partner_break_even"])
def test_break_even_is_where_a_planted_layer_meets_the_door(name):
    result = studied(name, functools.partial(layered, fixed=40.0, each=0.25, door=1.25))
    assert result.ours.mean == pytest.approx(40.0)
    assert result.verdict == "pass"
    assert result.beside["a point's day without a parcel"].mean == pytest.approx(40.0)
    assert result.beside["one parcel more"].mean == pytest.approx(0.25)


def test_a_layer_that_never_breaks_even_is_a_miss_without_a_number():
    result = studied("locker_break_even", functools.partial(layered, fixed=40.0, each=1.5, door=1.25))
    assert (result.ours, result.verdict) == (None, "miss")
    assert "1.50" in result.reason


def sale(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """A hundred orders of 150 yuan a day, 1% of visits; twelve times the value on the sale's day."""
    days = scenario.horizon.days
    that_day = 1.0 if days >= DAY else 0.0
    usual = 100.0 * (days - that_day)
    orders, visits = usual + 1500.0 * that_day, 100.0 * usual + 37_500.0 * that_day
    paid = 150.0 * usual + 120.0 * 1500.0 * that_day
    run = run_of(scenario, seed, orders, {"goods": 1.0})
    in_time = 0.5 * usual + 0.2 * 1500.0 * that_day
    run.kpis.update(
        visits=visits, conversion_rate=orders / visits, average_order_value=paid / orders,
        orders_online=orders, share_in_hands=in_time / orders, cancelled_share=0.0,
    )  # fmt: skip
    return run


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("double11_in_days", 12.0),
        ("double11_order_value", -0.2),
        ("double11_conversion", 4.0),
        ("double11_in_48_hours", 0.2),
    ],
)
def test_what_happens_on_the_sale_is_the_difference_of_two_years(name, figure):
    result = studied(name, sale)
    assert result.ours.mean == pytest.approx(figure)
    assert result.verdict == "pass"


def scaled(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    """Fulfilment of 10 yuan an order at 300,000 orders, with an elasticity of -0.2."""
    orders = scenario.market.sources.platform_search.visits_per_year / 50.0
    each = 10.0 * (orders / 300_000.0) ** -0.2
    run = run_of(
        scenario, seed, orders, {"line_haul": 0.7 * each, "service_wages": 0.3 * each, "goods": 50.0}
    )
    run.kpis["orders_online"] = orders
    return run


def test_the_cost_curve_gives_back_its_own_elasticity():
    assert slope([10.0, 20.0, 40.0], [3.0, 3.0, 3.0]) == pytest.approx(0.0, abs=1e-12)
    result = studied("fulfilment_cost_by_volume", scaled)
    assert result.ours.mean == pytest.approx(-0.2)
    assert result.verdict == "pass"
    assert [round(value.mean, 2) for value in result.beside.values()] == sorted(
        (round(value.mean, 2) for value in result.beside.values()), reverse=True
    )


def summary(funnel: list[dict[str, Any]], seed: int = 1) -> Summary:
    return Summary("s" * 64, seed, "mature", "planted", {}, {}, {}, {}, tuple(funnel))


def row(source: str, visits: float, orders: float, traffic: float = 0.0) -> dict[str, Any]:
    return {"channel": "tmall", "source": source, "visits": visits, "orders": orders, "traffic": traffic}


def test_sources_are_ranked_by_their_conversion():
    base = load("base")
    falling = [row(name, 1000.0, 50.0 - 10 * place) for place, name in enumerate(CONVERSION_ORDER)]
    for funnel, tau in (
        (falling, 1.0),
        ([{**one, "orders": 1000 / one["orders"]} for one in falling[:4]], -1.0),
    ):
        evidence = Evidence({year(): base}, {year(): [summary(funnel)]})
        assert FACTS["conversion_by_source"].read(evidence).values == [tau]


def test_a_first_order_costs_what_was_paid_for_its_visitors():
    funnel = [row("platform_ads", 1000.0, 10.0, 1200.0), row("platform_search", 9000.0, 90.0)]
    evidence = Evidence({year(): load("base")}, {year(): [summary(funnel)]})
    assert FACTS["first_order_by_paid_search"].read(evidence).values == [120.0]


def test_the_price_response_leaves_repeat_orders_out():
    funnels = {
        quarter(): [row("platform_search", 1000.0, 100.0), row("repeat", 50.0, 50.0)],
        quarter_with_lower_prices(): [
            row("platform_search", 1000.0, 100.0 * LOWER_PRICE**-2.5),
            row("repeat", 90.0, 90.0),
        ],
    }
    evidence = Evidence({}, {world: [summary(rows)] for world, rows in funnels.items()})
    assert FACTS["price_response"].read(evidence).values == [pytest.approx(-2.5)]


def test_values_that_cite_the_source_of_a_fact_count_as_set_to_it():
    (result,) = check_facts(["people_who_leave"]).results
    assert "pickup.community.attrition_per_month" in result.tuned
    assert result.ours.low == result.ours.mean == result.ours.high
    other = studied("faster_delivery", scaled_sales)
    assert "market.wait_sensitivity" in other.tuned
    assert not [path for path in other.tuned if path.endswith((".mean", ".cv"))]


def scaled_sales(scenario: Any, seed: int, **_: Any) -> PlantedRun:
    run = run_of(scenario, seed, 1000.0, {"goods": 1.0})
    run.kpis["sales"] = 1e6 / scenario.fulfilment.courier.line_haul_hours.mean
    return run


def test_what_cannot_be_measured_says_why():
    assert studied(
        "double11_in_days", sale, scenarios={"base": load("base", ["horizon.days=100"])}
    ).reason == ("the measured period ends before the first day of market.peak")
    one = studied("double11_in_days", sale, replications=1)
    assert (one.verdict, one.reason) == ("cannot_tell", "a single history has no interval")
    lonely = run_of  # no figure of deliveries at all
    result = studied("loss_of_a_good_courier", lambda scenario, seed, **_: lonely(scenario, seed, 9.0, {}))
    assert (result.verdict, result.ours) == ("cannot_tell", None)
    assert "hours_to_hands" in result.reason


def test_unknown_facts_and_missing_scenarios_are_refused():
    with pytest.raises(ExperimentError, match="did you mean locker_break_even"):
        check_facts(["locker_breakeven"])
    with pytest.raises(ExperimentError, match="not given: lockers"):
        check_facts(["locker_break_even"], scenarios={"base": load("base")})


def test_a_study_of_facts_is_recorded_and_done_again(tmp_path):
    with Runner(1, simulate=sale) as runner:
        found = check_facts(["double11_in_days", "double11_conversion"], runner=runner, out=tmp_path)
    assert runner.simulated == 6  # two worlds, which both facts share
    assert json.loads((tmp_path / "result.json").read_text()) == json.loads(json.dumps(found.as_dict()))
    with Runner(1, simulate=sale) as again:
        assert verify(tmp_path, runner=again).ok


def test_the_kept_table_is_of_these_facts_and_follows_the_rule():
    rows = fact_table.kept()
    assert [row["fact"] for row in rows] == list(FACTS), "python -m docs.build docs/facts.md"
    for row_ in rows:
        fact = FACTS[row_["fact"]]
        band = tuple(float(row_[end]) if row_[end] else None for end in ("band_low", "band_high"))
        assert (band, row_["unit"]) == (fact.band, fact.unit)
        assert row_["verdict"] in VERDICTS
        if row_["ours"]:
            ours = Estimate(
                *(float(row_[name]) for name in ("ours", "low", "high")), fact.unit, int(row_["n"])
            )
            assert judged(ours, fact.band)[0] == row_["verdict"]
        else:
            assert row_["verdict"] != "pass"


def test_the_page_tells_every_fact():
    text = (fact_table.FOLDER.parents[1] / fact_table.PAGE).read_text(encoding="utf-8")
    for name, fact in FACTS.items():
        assert f"### {name.replace('_', ' ').capitalize()}\n\n{fact.sentence}" in text
        assert all(url in text for url in fact.sources)
