"""What sources are worth: in planted worlds whose truth is known, and in the model without carry-over."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import pytest

from sim.experiment import ExperimentError, Runner, verify
from sim.experiment.incrementality import incrementality, sources_of, without
from sim.experiment.jobs import Job, perform
from sim.market.forces.expected import usual_orders
from sim.run import Funnel
from sim.world import World
from tests.experiment import planted
from tests.world.small import AT_REFERENCE, brief

MARGIN, CONVERSION, CLICK = 40.0, 0.1, 2.0
HEAD_OFFICE, INTEREST = 5_000.0, 100.0
NOTHING_CARRIED_OVER = AT_REFERENCE | {"mechanisms.repurchase": False, "mechanisms.promotion": False}


@dataclass(frozen=True)
class FunnelRun(planted.PlantedRun):
    funnel: tuple[Funnel, ...] = field(default=())


def shop(scenario, seed, *, again=0.0, feeds=0.0, stolen=0.0, paid=CLICK, **_) -> FunnelRun:
    """One order per ten visits of each source, 150 yuan and 40 of margin each.

    Each order of the rebate alliance is followed by ``again`` repeat orders and ``feeds`` orders through
    search; ``stolen`` of its buyers would have come through search anyway. Luck moves all counts alike.
    """
    shared, _ = planted.luck(scenario, seed, 0.05, 0.0)
    sources = scenario.market.sources
    visits = {name: getattr(sources, name).visits_per_year * shared for name in sources_of(scenario)}
    orders = {name: CONVERSION * number for name, number in visits.items()}
    mine = orders.get("rebate_alliance", 0.0)
    # Those who would have come anyway: without the source they are booked to search.
    missing = CONVERSION * 1_000.0 * shared - mine
    orders.setdefault("platform_search", 0.0)
    orders["platform_search"] += feeds * mine + stolen * missing
    orders["repeat"] = again * mine
    spend = {name: (paid * visits[name] if name == "rebate_alliance" else 0.0) for name in orders}
    total, spent = sum(orders.values()), sum(spend.values())
    run = planted.run_of(scenario, seed, total, {"goods": planted.RECEIPTS - MARGIN})
    run.accounts.update({"traffic_clicks": spent, "head_office": HEAD_OFFICE, "interest": INTEREST})
    rows = tuple(
        Funnel(
            "tmall",
            name,
            round(visits.get(name, 0.0)),
            number,
            planted.RECEIPTS * number,
            (planted.RECEIPTS - MARGIN) * number + spend[name],
            spend[name],
        )
        for name, number in orders.items()
    )
    return FunnelRun(**vars(run), funnel=rows)


@pytest.fixture
def world(door):
    """Ten sources with a thousand visits each."""
    names = sources_of(door)
    return door.with_values({f"market.sources.{name}.visits_per_year": 1_000.0 for name in names})


def study(world, sources="rebate_alliance", replications=6, **planted_as):
    with Runner(1, simulate=functools.partial(shop, **planted_as)) as runner:
        return incrementality(world, sources, replications=replications, runner=runner)


def test_without_carry_over_last_click_is_the_truth(world):
    found = study(world).of("rebate_alliance")
    for name in ("orders", "sales", "contribution"):
        assert found.incremental[name].mean == pytest.approx(found.last_click[name].mean, rel=1e-12), name
        assert found.ratios[name].mean == pytest.approx(1.0, abs=1e-12)
        assert found.ratios[name].half_width == pytest.approx(0.0, abs=1e-9)
    assert found.roas.mean == pytest.approx(150.0 * CONVERSION / CLICK)
    assert found.incremental_roas.mean == pytest.approx(found.roas.mean)


def test_what_follows_from_an_order_is_credited_to_its_source(world):
    found = study(world, again=0.3, feeds=0.2).of("rebate_alliance")
    assert found.ratios["orders"].mean == pytest.approx(1.5, rel=1e-12)
    assert found.incremental_roas.mean == pytest.approx(1.5 * found.roas.mean, rel=1e-12)
    assert list(found.booked_to)[:3] == ["rebate_alliance", "repeat", "platform_search"]
    parts = {name: value.mean for name, value in found.booked_to.items()}
    assert parts["repeat"] == pytest.approx(0.3 * parts["rebate_alliance"])
    assert parts["platform_search"] == pytest.approx(0.2 * parts["rebate_alliance"])
    # Margin of 1.5 orders for each one booked, less the clicks, which were booked in full.
    orders, clicks = found.last_click["orders"].mean, found.last_click["spend"].mean
    assert found.incremental["contribution"].mean == pytest.approx(1.5 * MARGIN * orders - clicks)
    assert "as much as" in found.headline


def test_buyers_who_would_have_come_anyway_are_not_lost(world):
    found = study(world, stolen=0.75, paid=0.5).of("rebate_alliance")
    assert found.ratios["orders"].mean == pytest.approx(0.25, rel=1e-12)
    assert found.booked_to["platform_search"].mean == pytest.approx(
        -0.75 * found.booked_to["rebate_alliance"].mean
    )
    credit, truth = found.last_click["contribution"].mean, found.incremental["contribution"].mean
    assert credit == pytest.approx(truth / (MARGIN * 0.25 - 5.0) * (MARGIN - 5.0))
    assert "without it only" in found.headline
    assert "would be lost" in found.headline


def test_a_source_that_costs_more_than_it_brings_is_said_to(world):
    found = study(world, stolen=0.75).of("rebate_alliance")
    assert found.last_click["contribution"].mean > 0 > found.incremental["contribution"].high
    assert found.ratios["contribution"].mean < 0
    assert "would be gained" in found.headline
    dear = study(world, paid=10.0).of("rebate_alliance")
    assert "contribution" not in dear.ratios
    assert dear.headline.startswith("By last click rebate alliance loses")


def test_profit_and_contribution_differ_by_financing_and_the_parts_add_up(world):
    found = study(world, again=0.3).of("rebate_alliance")
    assert found.incremental["profit"].mean == pytest.approx(found.incremental["contribution"].mean)
    assert sum(v.mean for v in found.groups.values()) == pytest.approx(found.incremental["contribution"].mean)
    assert sum(v.mean for v in found.booked_to.values()) == pytest.approx(found.incremental["orders"].mean)
    assert "overhead" not in found.groups  # the head office is there in both worlds


def test_an_unpaid_source_has_no_return_on_spend(world):
    found = study(world, "word_of_mouth").of("word_of_mouth")
    assert (found.roas, found.incremental_roas) == (None, None)
    assert found.ratios["orders"].mean == pytest.approx(1.0)


def test_one_history_has_no_interval_and_says_so(world):
    found = study(world, replications=1).sources[0]
    assert found.incremental["orders"].low is None
    assert "in a single replication" in found.headline


def test_every_source_in_turn_with_one_world_shared(world):
    with Runner(1, simulate=shop) as runner:
        found = incrementality(world, "all", replications=2, runner=runner)
        assert runner.simulated == 2 * (1 + len(sources_of(world)))
    assert [one.source for one in found.sources] == list(sources_of(world))
    frame = found.frame()
    assert set(frame["source"]) == set(sources_of(world))
    assert {"last_click", "incremental", "ratio"} == set(frame["credit"])


def test_what_makes_no_sense_is_refused(world):
    with pytest.raises(ExperimentError, match=r"unknown source .* did you mean rebate_alliance\?"):
        study(world, "rebate_aliance")
    only = {f"market.sources.{name}": None for name in sources_of(world) if name != "email"}
    with pytest.raises(ExperimentError, match="has no source but email"):
        study(world.with_values(only), "email")
    with pytest.raises(ExperimentError, match="unknown adjust 'fixed'"):
        incrementality(world, "email", adjust="fixed")
    with pytest.raises(ExperimentError, match="name a source"):
        incrementality(world, [])


def test_staff_may_stay(world):
    seen = []

    def noting(scenario, seed, *, sized_for=None, **_):
        seen.append((scenario.hash, None if sized_for is None else sized_for.hash))
        return shop(scenario, seed)

    with Runner(1, simulate=noting) as runner:
        incrementality(world, "email", replications=1, adjust="none", runner=runner)
    assert seen == [(world.hash, world.hash), (without(world, "email").hash, world.hash)]


def test_a_record_is_done_again(world, tmp_path):
    with Runner(1, simulate=shop) as runner:
        incrementality(world, ["email", "rebate_alliance"], replications=2, runner=runner, out=tmp_path)
    with Runner(1, simulate=shop) as again:
        assert verify(tmp_path, runner=again).ok
    with Runner(1, simulate=functools.partial(shop, again=0.1)) as other:
        found = verify(tmp_path, runner=other)
    assert (found.first.where, found.first.name) == ("with all, replication 0", "orders")


# --- the model itself -------------------------------------------------------------------------------


def test_the_model_without_carry_over_agrees_with_last_click_order_by_order():
    world = brief("base", NOTHING_CARRIED_OVER)
    found = incrementality(world, "platform_ads", replications=2, workers=1).sources[0]
    # Other visitors meet the same luck, so not a single order of theirs may differ.
    assert found.last_click["orders"].mean > 100
    assert found.incremental["orders"] == found.last_click["orders"]
    assert {name: v.mean for name, v in found.booked_to.items() if v.mean} == {
        "platform_ads": found.last_click["orders"].mean
    }
    assert sum(v.mean for v in found.groups.values()) == pytest.approx(found.incremental["contribution"].mean)


def test_a_place_in_the_list_is_held_against_the_sales_with_the_source():
    stated = brief("base")
    assert without(stated, "platform_ads").market.ranking == stated.market.ranking
    open_ended = stated.with_values({"market.ranking.tmall_orders_per_day": None})
    held = without(open_ended, "platform_ads").market.ranking.tmall_orders_per_day
    usual = usual_orders(open_ended, World(open_ended, 0).kept_share()).of_channel("tmall")
    assert held == usual > 0
    ranks = [
        perform(Job(world, 1)).kpis["search_rank"]
        for world in (open_ended, without(open_ended, "platform_ads"))
    ]
    assert ranks[1] > ranks[0] * 1.05  # a smaller shop stands further down
