"""The books against an independent recomputation, order by order, from the event log and the time sheet."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sim.money import CHART, Books, Rule, audit, transfer
from sim.scenario.segments import CHANNELS, STORES
from sim.world import simulate
from tests.world.small import brief

CHANGES = {
    "horizon.days": 45,
    "channels.tmall.price_index": 0.97,
    "pickup.community.shelf_places": 12,
    "products.stock.reorder_days": 8,
    "products.stock.order_up_to_days": 15,
    # Recomputed in audits with worlds of their own.
    "fulfilment.warehouse.picking_errors": None,
    "fulfilment.returns.refurbishment": None,
    "market.rebate": None,
    "market.email": None,
    "market.print_media": None,
    "market.traffic_prices": None,
    "market.peak.discount": 0,
}
DAYS = np.array([31.0, 14.0])
UNAUDITED = ("stock", "payables", "owners_equity", "interest", "cash", "receivables", "deposits")
"""Balance-sheet accounts follow from when money is paid; the trial balance ties them to the others."""


@pytest.fixture(scope="module")
def scenario():
    return brief("community_pickup", CHANGES)


@pytest.fixture(scope="module")
def run(scenario):
    return simulate(scenario, seed=4, log=True)


def period_of(hours: pd.Series, begin: float) -> pd.Series:
    """Return the month; events at a month's end belong to it, what follows the last is one more period."""
    ends = begin + np.cumsum(DAYS) * 24.0
    return pd.Series(np.searchsorted(ends, hours.to_numpy(), side="left"), index=hours.index)


@pytest.fixture(scope="module")
def tables(run, scenario) -> dict[str, pd.DataFrame]:
    begin = scenario.horizon.warmup_days * 24.0
    orders = run.orders
    events = []
    for step in [
        name.removesuffix("_h") for name in orders.columns if name.endswith("_h") and name != "time_h"
    ]:
        rows = orders[orders[f"{step}_h"].notna()].copy()
        rows["step"] = step
        rows["period"] = period_of(rows[f"{step}_h"], begin)
        events.append(rows)
    placed = orders.copy()
    placed["step"], placed["period"] = "placed", period_of(orders["time_h"], begin)
    steps = pd.concat([placed, *events], ignore_index=True)
    all_events = run.events
    hauled = all_events[(all_events["node"] == "line_haul") & (all_events["what"] == "enter")]["time_h"]
    hauled = hauled[hauled > begin]
    parcels = np.bincount(period_of(hauled, begin), minlength=3)
    monthly = parcels[:2] * 365 / 12 / DAYS
    tiers = scenario.fulfilment.courier.tariff_tiers
    prices = [
        next(t.price for t in reversed(tiers) if count >= t.from_parcels_per_month) for count in monthly
    ]
    steps["parcel_price"] = np.array([*prices, prices[-1]])[steps["period"]]
    return {"steps": steps, "visits": run.visits, "time": run.time_sheet}


def rules(scenario, tables) -> list[Rule]:
    courier, returns, products = scenario.fulfilment.courier, scenario.fulfilment.returns, scenario.products
    layer = scenario.pickup.community
    steps = tables["steps"]
    kept_units = steps[steps.step == "placed"].units.sum() - steps[steps.step == "cancelled"].units.sum()
    yearly = kept_units * 365 / DAYS.sum()
    factor = next(
        t.price_factor for t in reversed(products.purchase_tiers) if yearly >= t.from_units_per_year
    )
    goods = (1 - products.gross_margin) * factor
    back = ("cancelled", "lost", "refused", "broken", "return_transit")
    book: list[Rule] = []

    def move(debit, credit, step, rate, quantity="value_yuan", **more):
        where = {"step": step} | more.pop("where", {})
        fields = {"layer": ""} | more.pop("fields", {})
        book.extend(transfer(debit, credit, "steps", quantity, rate, where=where, fields=fields))

    value, reference = "value_yuan", "reference_value_yuan"
    move("receivables", "sales", "placed", 1.0, reference)
    move("discounts", "receivables", "placed", 1.0, lambda rows: rows[reference] - rows[value])
    for step in back:
        move("refunds", "receivables", step, 1.0)
    for step, sign in (("placed", 1.0), *((step, -1.0) for step in back)):
        for name in CHANNELS:
            shop = getattr(scenario.channels, name)
            taken = 0.0 if name == STORES else shop.commission
            move("platform_commission", "receivables", step, sign * taken, where={"channel": name})
            move("payment_cost", "receivables", step, sign * shop.payment_cost, where={"channel": name})
        rebate = scenario.market.sources.rebate_alliance.commission_on_sales
        move("traffic_commission", "receivables", step, sign * rebate, where={"source": "rebate_alliance"})
    move("goods", "stock", "placed", goods, reference)
    move("stock", "goods", "cancelled", goods, reference)
    move("lost_parcels", "goods", "lost", goods, reference)
    move("breakage_loss", "goods", "broken", goods, reference)
    move("stock", "goods", "refused", goods, reference)
    move("stock", "goods", "return_transit", goods * products.resale_share, reference)
    move("return_writedown", "goods", "return_transit", goods * (1 - products.resale_share), reference)
    move("packing_material", "cash", "pick_pack", scenario.fulfilment.warehouse.packing_material_cost, None)
    move("line_haul", "cash", "line_haul", 1.0, lambda rows: rows.parcel_price - courier.last_mile_cost)
    move("last_mile", "cash", "line_haul", courier.last_mile_cost, None, where={"layer": ""})
    left = courier.last_mile_cost - layer.tariff_discount
    move("last_mile", "cash", "line_haul", left, None, where={"layer": "community"})
    move("failed_attempts", "cash", "failed_trip", courier.last_mile_cost + courier.failed_attempt_cost, None)
    for step in ("refused", "return_transit"):
        online = {"delivery": ("door", "community")}
        move("return_freight", "cash", step, returns.freight_cost, None, where=online)
        move("return_handling", "cash", step, returns.handling_cost, None)
    return book


def test_orders_and_parcels_explain_every_account(run, scenario, tables) -> None:
    explained = {rule.account for rule in rules(scenario, tables)}
    elsewhere = [name for name in CHART if name not in explained or name in UNAUDITED]
    book = [rule for rule in rules(scenario, tables) if rule.account not in UNAUDITED]
    found = audit(run.ledger, book, tables, by=("channel", "source", "period"), unaudited=elsewhere)
    assert not found, "\n".join(map(str, found[:10]))
    assert {
        "sales",
        "refunds",
        "goods",
        "last_mile",
        "line_haul",
        "failed_attempts",
        "breakage_loss",
    } <= explained


def lump(name: str, rate: float, quantity: str = "quantity") -> list[Rule]:
    return [
        Rule(name, 1, "time", quantity, rate, where={"account": name}, fields={"channel": "", "source": ""})
    ]


def test_hours_times_wages_equal_the_books(run, scenario, tables) -> None:
    layer, service = scenario.pickup.community, scenario.service
    span = layer.supervision.span
    heads, below = [], layer.points
    while below > 1:
        below = int(np.ceil(below / span))
        heads.append(below)
    managers = sum(
        n * layer.supervision.wage_per_month * layer.supervision.level_wage_factor**i
        for i, n in enumerate(heads)
    )
    book = [
        *lump("picking_wages", scenario.fulfilment.warehouse.wage_per_hour),
        *lump("service_wages", service.wage_per_month / service.working_hours_per_month),
        *lump("pickup_attendants", layer.attendant_wage_per_hour),
        *lump("pickup_sites", layer.site_fee_per_day),
        *lump("pickup_hiring", layer.hire_cost),
        *lump("pickup_supervision", managers),
    ]
    others = [name for name in CHART if name not in {rule.account for rule in book}]
    found = audit(run.ledger, book, tables, by=("layer", "period"), unaudited=others)
    assert not found, "\n".join(map(str, found))


def test_paid_hours_are_the_hours_on_shift(run, scenario) -> None:
    """Packers' hours on the time sheet against the shifts seen in the trace."""
    warehouse = scenario.fulfilment.warehouse
    hours = run.time_sheet.query("account == 'picking_wages'").quantity.sum()
    shift = warehouse.shift_end_hour - warehouse.shift_start_hour
    assert hours / shift == pytest.approx(round(hours / shift))
    started = run.events[(run.events.node == "pick_pack") & (run.events.what == "start")]
    of_day = started.time_h % 24
    assert ((of_day >= warehouse.shift_start_hour) & (of_day <= warehouse.shift_end_hour)).all()


def test_pickup_layer_recomputed(run, scenario, tables) -> None:
    """Fees, exceptions, drops, redirects and other merchants' share, from the orders and the time sheet."""
    layer, orders, sheet = scenario.pickup.community, run.orders, run.time_sheet
    steps = tables["steps"]
    mine = steps[steps.layer == "community"]
    hauled = mine[(mine.step == "line_haul") & mine.lost_h.isna()]
    redirected = orders.redirected.sum()
    collected = len(hauled) - redirected
    others = sheet.query("account == 'others_parcels'").quantity.sum()
    wrong = sheet.query("account == 'others_exceptions'").quantity.sum()
    books = run.accounts
    assert books["pickup_drop"] == pytest.approx(len(hauled) * layer.bulk_drop_cost, abs=0.1)
    assert books["pickup_redirects"] == pytest.approx(
        redirected * scenario.fulfilment.courier.last_mile_cost, abs=0.1
    )
    assert books["pickup_fees"] == pytest.approx((collected + others) * layer.fee_per_parcel, abs=0.2)
    assert books["pickup_exceptions"] == pytest.approx(
        (orders.exceptions.sum() + wrong) * layer.exception_cost, abs=0.2
    )
    shared = ("attendants", "sites", "fees", "hiring", "supervision", "exceptions")
    shared_yuan = sum(books[f"pickup_{name}"] for name in shared)
    assert -books["pickup_recharge"] == pytest.approx(shared_yuan * others / (others + collected), rel=0.01)
    total = sum(yuan for name, yuan in books.items() if name.startswith("pickup_"))
    failed = mine[mine.step == "failed_trip"]
    courier = scenario.fulfilment.courier
    remainder = len(failed) * (courier.last_mile_cost + courier.failed_attempt_cost)
    remainder += len(mine[mine.step == "line_haul"]) * (courier.last_mile_cost - layer.tariff_discount)
    assert run.kpis["layer_cost"] == pytest.approx(total + remainder, abs=0.1)


def test_traffic_recomputed(run, scenario) -> None:
    from sim.market.traffic import buy_at_auction

    paid = 0.0
    for name in type(scenario.market.sources).model_fields:
        source = getattr(scenario.market.sources, name)
        visits = run.visits.query("source == @name").visits.sum()
        if source.auction is not None:
            paid += visits * buy_at_auction(source.auction, source.visits_per_year)
        else:
            paid += visits * source.cost_per_visit
    assert run.accounts["traffic_clicks"] == pytest.approx(paid, abs=0.1)


def test_a_dropped_posting_is_caught(run, scenario, tables) -> None:
    """Paired postings balance without it; only the recomputation can see that it is gone."""
    book = [rule for rule in rules(scenario, tables) if rule.account not in UNAUDITED]
    explained = {rule.account for rule in book}
    elsewhere = [name for name in CHART if name not in explained]
    for account in sorted(explained):
        entries = run.ledger.entries
        victims = [
            entry for entry in entries if account in (entry.debit, entry.credit) and abs(entry.fen) > 100
        ]
        if not victims:
            continue
        broken = Books(tuple(entry for entry in entries if entry is not victims[0]))
        assert broken.trial_balance() == 0
        found = audit(broken, book, tables, by=("channel", "source", "period"), unaudited=elsewhere)
        assert any(finding.account == account for finding in found), account


def test_events_follow_the_same_orders(run) -> None:
    assert (run.orders.final_state != "open").all()
    assert len(run.orders) == run.kpis["orders"]
    assert run.orders.value_yuan.sum() == pytest.approx(run.kpis["average_order_value"] * len(run.orders))
    in_time = (run.orders.hours_to_hands <= 96).sum()
    online = run.orders.channel != "stores"
    sent = online & (run.orders.final_state != "cancelled")
    assert run.kpis["share_in_hands"] == pytest.approx(in_time / sent.sum(), abs=0.004)
