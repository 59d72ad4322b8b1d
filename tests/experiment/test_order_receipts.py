"""Receipts of orders: prices times what happened, and together the books."""

from __future__ import annotations

from collections import defaultdict

import pytest

from sim.experiment.errors import ExperimentError
from sim.experiment.order_story import KINDS, logged, receipts_of_account, story
from sim.experiment.receipts_of_orders import left_by, profit_account
from sim.experiment.seeds import replication_seed
from sim.scenario.packing import material_cost
from sim.world import simulate
from tests.world.small import brief

MALL, TMALL = "mall", "tmall"


@pytest.fixture(scope="module")
def scenario():
    """Four weeks of a small brand with points and refurbishers, so nothing is cut short."""
    return brief("community_pickup", {"horizon.days": 14})


@pytest.fixture(scope="module")
def known(scenario):
    """Its history with a log."""
    return logged(scenario)


def lines_of(known, place):
    """The receipt of an order as yuan by debit and credit."""
    return {(line.debit, line.credit): line.yuan for line in known.receipts.of(place)}


def test_all_receipts_together_are_the_books(known, scenario):
    books = defaultdict(float)
    for entry in simulate(scenario, replication_seed(1, 0)).ledger.entries:
        if entry.source and profit_account(entry.debit, entry.credit):
            books[entry.debit, entry.credit, entry.channel, entry.source] += entry.fen / 100
    shared = defaultdict(float)
    pairs = known.orders[["channel", "source"]].drop_duplicates().itertuples(index=False, name=None)
    for channel, source in pairs:
        for (debit, credit), _, parts in known.receipts.parts(channel, source):
            shared[debit, credit, channel, source] += float(parts.sum())
    ordered = {key for key in books if key[2:] in {key[2:] for key in shared}}
    assert len(ordered) > 100
    assert {key: shared[key] for key in ordered} == pytest.approx({key: books[key] for key in ordered})
    assert set(shared) <= set(books)
    nobody = {key for key in books if key not in ordered}
    assert {(debit, credit) for debit, credit, *_ in nobody} <= {
        ("traffic_clicks", "cash"), ("traffic_mail", "cash"), ("traffic_print", "cash"),
        ("presale_wages", "cash"), ("channel_servers", "cash"),
    }, "only visits can cost something without an order"  # fmt: skip


def fen(orders):
    """Half a fen of rounding in each ledger line of a source, month by month, falls on all of its orders."""
    return pytest.approx(orders, abs=0.02)


@pytest.mark.parametrize("kind", ["plain", "collected", "returned", "second_trip"])
def test_an_order_bears_prices_times_what_happened(known, scenario, kind):
    number = known.numbers_of(kind)[0]
    place = int(known.orders.index[known.orders.order_id == number][0])
    order, found = known.orders.loc[place], lines_of(known, place)
    courier, layer = scenario.fulfilment.courier, scenario.pickup.community
    discount = layer.tariff_discount if order["layer"] else 0.0
    channel = getattr(scenario.channels, order["channel"])
    kept = order["value_yuan"] if kind != "returned" else 0.0
    assert found["receivables", "sales"] == fen(order["reference_value_yuan"])
    assert found["packing_material", "cash"] == fen(material_cost(scenario))
    assert found.get(("last_mile", "cash"), 0.0) == fen(courier.last_mile_cost - discount)
    assert found.get(("platform_commission", "receivables"), 0.0) == fen(kept * channel.commission)
    assert found.get(("payment_cost", "receivables"), 0.0) == fen(kept * channel.payment_cost)
    assert found.get(("refunds", "receivables"), 0.0) == fen(order["value_yuan"] - kept)
    again = courier.last_mile_cost + courier.failed_attempt_cost if kind == "second_trip" else 0.0
    assert found.get(("failed_attempts", "cash"), 0.0) == fen(again)
    dropped = layer.bulk_drop_cost if kind == "collected" else 0.0
    assert found.get(("pickup_drop", "cash"), 0.0) == fen(dropped)
    freight = scenario.fulfilment.returns.freight_cost if kind == "returned" else 0.0
    assert found.get(("return_freight", "cash"), 0.0) == fen(freight)


def test_what_is_left_is_income_less_cost(known):
    place = int(known.orders.index[known.orders.order_id == known.numbers_of("plain")[0]][0])
    found = lines_of(known, place)
    sales = found.pop(("receivables", "sales"))
    costs = sum(yuan if debit != "cash" else -yuan for (debit, _), yuan in found.items())
    assert left_by(known.receipts.of(place)) == pytest.approx(sales - costs)
    assert left_by([]) == 0.0


def test_a_story_is_the_event_log_of_its_order(known, scenario):
    found = story(scenario, "late")
    number = found["order"]["number"]
    mine = known.events[known.events.case_id == f"order-{number}"]
    assert [step["activity"] for step in found["steps"]] == list(mine.activity)
    assert [step["cost"] for step in found["steps"]] == list(mine.cost)
    assert found["order"]["hours_to_hands"] > scenario.fulfilment.promise_hours
    hands = next(step["hours"] for step in found["steps"] if step["activity"] == "in the shopper's hands")
    assert hands == pytest.approx(found["order"]["hours_to_hands"], abs=2 / 3600), "seconds are whole"
    assert story(scenario, str(number)) == found


def test_every_kind_finds_what_it_says(known):
    orders = known.orders.set_index("order_id")
    found = {kind: orders.loc[known.numbers_of(kind)] for kind in KINDS}
    assert (found["returned"].final_state == "returned").all()
    assert found["collected"].delivered_h.notna().all()
    assert (found["collected"].layer == "community").all()
    assert found["second_trip"].failed_trip_h.notna().all()
    assert (found["refused"].final_state == "refused").all()
    assert (found["plain"].final_state == "kept").all()
    assert all(len(rows) for kind, rows in found.items() if kind != "redirected")


@pytest.mark.parametrize(("pick", "words"), [("lte", "allowed: late"), ("999999", "the numbers are")])
def test_unknown_orders_are_refused_in_words(scenario, pick, words):
    with pytest.raises(ExperimentError, match=words):
        story(scenario, pick)


def test_sample_orders_of_an_account(scenario):
    courier = scenario.fulfilment.courier
    found = receipts_of_account(scenario, "failed_attempts", channel=TMALL, most=3)["orders"]
    assert len(found) == 3
    assert {order["channel"] for order in found} == {TMALL}
    assert [order["yuan"] for order in found] == [
        fen(courier.last_mile_cost + courier.failed_attempt_cost)
    ] * 3
    assert receipts_of_account(scenario, "head_office")["orders"] == []
    assert all(order["yuan"] < 0 for order in receipts_of_account(scenario, "sales", channel=MALL)["orders"])
