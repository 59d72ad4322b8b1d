"""Ways of orders and queues: the same digits as any history, and counts that the trace confirms."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

from sim.experiment import replicate
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seed
from sim.experiment.ways import HOURS_PER_WEEK, STAGES, simulate_told, ways
from sim.report.ways import MOST_LINKS, few_links
from sim.world import simulate
from tests.world.small import brief

SEED = replication_seed(1, 0)


@pytest.fixture(scope="module")
def scenario():
    """Four weeks of a small brand with points."""
    return brief("community_pickup")


@pytest.fixture(scope="module")
def run(scenario):
    """The same history with its trace, simulated as always."""
    return simulate(scenario, SEED, log=True)


@pytest.fixture(scope="module")
def told(scenario):
    """The history, told."""
    return simulate_told(scenario, SEED)


def test_looking_changes_no_digit(run, told):
    assert told.kpis == run.kpis
    assert told.ledger == run.ledger


def queue(told, name):
    """Mean and peak of a queue, week by week."""
    rows = [row for row in told.weeks if row["kind"] == "queue" and row["queue"] == name]
    return [(row["mean"], row["peak"]) for row in rows]


def counted_from_trace(run, scenario, nodes, began, ended):
    """Mean and peak of those between two kinds of events at every full hour, from the trace alone."""
    events = run.events[run.events.node.isin(nodes)]
    begin = scenario.horizon.warmup_days * 24
    hours = begin + 1.0 + np.arange(scenario.horizon.days * 24)
    came = np.sort(events[events.what.isin(began)].time_h.to_numpy())
    went = np.sort(events[events.what.isin(ended)].time_h.to_numpy())
    there = np.searchsorted(came, hours, side="right") - np.searchsorted(went, hours, side="right")
    weeks = there.reshape(-1, HOURS_PER_WEEK)
    return [(float(week.mean()), float(week.max())) for week in weeks]


def test_queues_are_those_of_the_trace(run, told, scenario):
    points = [node for node in run.events.node.unique() if node.startswith("community/")]
    assert len(points) == scenario.pickup.community.points
    for name, nodes, ended in (
        ("warehouse", ["pick_pack"], ["start"]),
        ("couriers", ["door_trip", "failed_trip"], ["depart"]),
        ("points", points, ["depart", "overflow"]),
    ):
        expected = counted_from_trace(run, scenario, nodes, ["enter"], ended)
        assert all(peak > 0 for _, peak in expected)
        assert queue(told, name) == expected, name


def test_links_carry_every_order_and_agree_with_the_funnel(scenario):
    found = ways(scenario, replications=2).as_dict()
    same = replicate(scenario, replications=2)
    for measure in ("orders", "value"):
        sums = defaultdict(float)
        for link in found["links"]:
            sums[link["stage"]] += link[measure]["mean"]
        assert len(sums) == len(STAGES)
        assert max(sums.values()) == pytest.approx(min(sums.values()), rel=1e-12)
    assert sums["arrival"] > 0
    funnel = defaultdict(float)
    for one in same.runs:
        for row in one.summary.funnel:
            funnel[row["source"], row["channel"]] += row["orders"] / 2
    drawn = {
        (link["start"], link["end"]): link["orders"]["mean"]
        for link in found["links"]
        if link["stage"] == "arrival"
    }
    assert drawn == {pair: number for pair, number in funnel.items() if number}
    assert {row["orders"]["n"] for row in found["links"]} == {2}


def test_a_runner_keeps_told_histories(scenario):
    with Runner(1, simulate=simulate_told) as runner:
        first = ways(scenario, replications=1, runner=runner).as_dict()
        again = ways(scenario, replications=1, runner=runner).as_dict()
        assert runner.simulated == 1
    assert first == again


def many_ways(rng, sources, layers):
    """Ways of a brand with all channels."""
    return [
        {
            "source": f"source_{source}", "channel": channel, "delivery": delivery, "end": end,
            "orders": float(rng.integers(1, 1000)),
        }
        for source in range(sources)
        for channel in ("stores", "tmall", "vertical", "mall")
        for delivery in (("counter",) if channel == "stores" else ("door", *layers))
        for end in ("kept", "returned", "refused", "lost", "cancelled", "open")
    ]  # fmt: skip


@pytest.mark.parametrize("sources", [1, 3, 14])
@pytest.mark.parametrize("layers", [(), ("community",), ("community", "partner", "locker", "leader")])
def test_a_picture_has_few_links_and_loses_nothing(sources, layers):
    rows = many_ways(np.random.default_rng(sources), sources, layers)
    links = few_links(rows, "orders")
    assert len(links) <= MOST_LINKS
    total = sum(row["orders"] for row in rows)
    for stage in STAGES:
        assert sum(link.amount for link in links if link.stage == stage) == pytest.approx(total, rel=1e-12)
    for before, after in (("arrival", "dispatch"), ("dispatch", "outcome")):
        came, went = defaultdict(float), defaultdict(float)
        for link in links:
            if link.stage == before:
                came[link.end] += link.amount
            if link.stage == after:
                went[link.start] += link.amount
        assert came == pytest.approx(went)


def test_few_ways_stay_as_they_are():
    rows = [
        {"source": "email", "channel": "mall", "delivery": "door", "end": "kept", "orders": 3.0},
        {"source": "email", "channel": "tmall", "delivery": "door", "end": "lost", "orders": 1.0},
    ]
    links = {(link.start, link.end): link.amount for link in few_links(rows, "orders")}
    assert links == {
        ("email", "mall"): 3.0, ("email", "tmall"): 1.0, ("mall", "door"): 3.0, ("tmall", "door"): 1.0,
        ("door", "kept"): 3.0, ("door", "not_received"): 1.0,
    }  # fmt: skip
