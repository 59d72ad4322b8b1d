"""A small brand whose books are fed in bulk and whose rule-book works row by row: two ways to one result."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.money import CHART, Books, Ledger, Rule, StepTariff, transfer

MONTHS = 3
CHANNELS = ("mall", "stores", "tmall")
COURIER = StepTariff((0, 60, 120), (10.9, 8.1, 6.3))
PRICES = {
    "goods_share": 0.65,
    "commission": {"tmall": 0.05, "mall": 0.0, "stores": 0.0},
    "payment": 0.0061,
    "rebate": 0.08,
    "material": 3.017,
    "last_mile": 1.1,
    "failed": 1.03,
    "fee": 0.5,
    "drop": 0.21,
    "redirect": 1.77,
    "exception": 2.5,
    "return_freight": 9.0,
    "return_handling": 4.0,
    "resale_share": 0.8,
}


FROM_ORDERS = {
    "sales",
    "discounts",
    "refunds",
    "goods",
    "platform_commission",
    "payment_cost",
    "traffic_commission",
    "packing_material",
    "last_mile",
    "failed_attempts",
    "line_haul",
    "pickup_fees",
    "pickup_drop",
    "pickup_redirects",
    "pickup_exceptions",
    "breakage_loss",
    "lost_parcels",
    "return_freight",
    "return_handling",
    "return_writedown",
}
"""Accounts that follow from orders; every other one gets a lump a month."""


def orders(seed: int = 5, count: int = 600) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    channel = rng.choice(CHANNELS, count, p=[0.2, 0.2, 0.6])
    delivery = np.where(channel == "stores", "store", rng.choice(["door", "community", "partner"], count))
    state = rng.choice(["kept", "returned", "lost"], count, p=[0.85, 0.12, 0.03])
    reference = rng.lognormal(5, 0.6, count).round(4)
    return pd.DataFrame(
        {
            "channel": channel,
            "source": rng.choice(["search", "rebate"], count),
            "period": rng.integers(0, MONTHS, count),
            "delivery": delivery,
            "layer": np.where(np.isin(delivery, ["community", "partner"]), delivery, ""),
            "final_state": np.where((channel == "stores") & (state == "lost"), "kept", state),
            "reference_value_yuan": reference,
            "value_yuan": reference * 0.93,
            "broken": rng.random(count) < 0.03,
            "failed_attempt": (rng.random(count) < 0.1) & (delivery == "door"),
            "redirected": (rng.random(count) < 0.1) & np.isin(delivery, ["community", "partner"]),
            "exceptions": rng.poisson(0.05, count) * np.isin(delivery, ["community", "partner"]),
        }
    )


def lumps() -> pd.DataFrame:
    """Paid hours, rents, fees and payments that no single order causes, one row per month."""
    rows = [
        ("picking_wages", "", "", 161.5, 17.03),
        ("warehouse_rent", "", "", 900.0, 0.83),
        ("service_wages", "", "", 88.0, 25.571),
        ("channel_team", "tmall", "", 2.0, 6000.0),
        ("channel_running", "mall", "", 1.0, 777.77),
        ("platform_fee", "tmall", "", 1.0, 5000.0),
        ("store_rent", "stores", "", 120.0, 119.9),
        ("store_wages", "stores", "", 3.0, 4500.0),
        ("store_fitout", "stores", "", 1.0, 3333.331),
        ("channel_build", "mall", "", 1.0, 5000.003),
        ("channel_servers", "mall", "", 41.5, 103.07),
        ("head_office", "", "", 1.0, 8333.333),
        ("overhead_steps", "", "", 2.0, 4166.665),
        ("coordination", "", "", 6.0, 8000.05),
        ("stock_writedown", "", "", 1.0, 2222.219),
        ("traffic_clicks", "tmall", "", 812.0, 1.217),
        ("pickup_attendants", "", "community", 301.25, 17.0),
        ("pickup_sites", "", "community", 155.0, 10.0),
        ("pickup_hiring", "", "community", 2.0, 300.0),
        ("pickup_supervision", "", "community", 22.5, 34.09),
        ("pickup_recharge", "", "community", -410.0, 0.87),
        ("interest", "", "", 1.0, 411.119),
        ("overdraft_interest", "", "", 1.0, 57.003),
        ("equipment", "stores", "", -1.0, 3333.331),
        ("owners_equity", "", "", -1.0, 90_000.0),
        ("deposits", "tmall", "", 1.0, 16_666.67),
        ("stock", "", "", 1.0, 31_000.01),
        ("payables", "", "", 1.0, 12_345.678),
        ("receivables", "tmall", "", -1.0, 8_000.4),
        ("refunds_due", "", "", 1.0, 1_000.1),
    ]
    named = FROM_ORDERS | {row[0] for row in rows}
    others = [name for name, one in CHART.items() if name not in named and one.group != "balance"]
    # Odd amounts, so that no two accounts can be mistaken for each other.
    rows += [(name, "", "", 1.0, 1000.0 + 7.13 * place) for place, name in enumerate(others)]
    return pd.DataFrame(
        [(*row, month) for row in rows for month in range(MONTHS)],
        columns=["what", "channel", "layer", "quantity", "rate", "period"],
    )


def tables(seed: int = 5) -> dict[str, pd.DataFrame]:
    return {"orders": orders(seed), "lumps": lumps()}


def keep_books(records: dict[str, pd.DataFrame], ledger: Ledger | None = None) -> Books:
    """Post what the records say, in bulk by key."""
    ledger = ledger or Ledger()
    table = records["orders"].copy()
    table["parcel"] = table.delivery != "store"
    for (channel, source, layer, period), group in table.groupby(["channel", "source", "layer", "period"]):
        _post_group(ledger, group, {"channel": channel, "source": source, "layer": layer, "period": period})
    parcels = table[table.parcel].groupby("period").size().reindex(range(MONTHS), fill_value=0)
    base = COURIER.value(parcels.to_numpy()) - PRICES["last_mile"] * parcels.to_numpy()
    ledger.post_array("line_haul", "cash", base)
    for row in records["lumps"].itertuples():
        where = {"channel": row.channel, "layer": row.layer, "period": row.period}
        ledger.post(row.what, "payables" if row.what == "stock" else "cash", row.quantity * row.rate, **where)
    return ledger.close()


def _post_group(ledger: Ledger, group: pd.DataFrame, where: dict) -> None:
    paid, reference = group.value_yuan.sum(), group.reference_value_yuan.sum()
    parcels, collected = int(group.parcel.sum()), int((group.layer != "").sum())
    back, lost = group[group.final_state == "returned"], group[group.final_state == "lost"]
    cost = PRICES["goods_share"] * group.reference_value_yuan
    ledger.post("receivables", "sales", reference, **where)
    ledger.post("discounts", "receivables", reference - paid, **where)
    ledger.post("goods", "stock", cost.sum(), **where)
    ledger.post("refunds", "refunds_due", back.value_yuan.sum() + lost.value_yuan.sum(), **where)
    ledger.post("platform_commission", "receivables", paid * PRICES["commission"][where["channel"]], **where)
    ledger.post("payment_cost", "receivables", paid * PRICES["payment"], **where)
    if where["source"] == "rebate":
        ledger.post("traffic_commission", "cash", paid * PRICES["rebate"], **where)
    ledger.post("packing_material", "cash", parcels * PRICES["material"], **where)
    ledger.post("last_mile", "cash", (parcels - collected) * PRICES["last_mile"], **where)
    ledger.post("failed_attempts", "cash", int(group.failed_attempt.sum()) * PRICES["failed"], **where)
    ledger.post("pickup_fees", "cash", collected * PRICES["fee"], **where)
    ledger.post("pickup_drop", "cash", collected * PRICES["drop"], **where)
    ledger.post("pickup_redirects", "cash", int(group.redirected.sum()) * PRICES["redirect"], **where)
    ledger.post("pickup_exceptions", "cash", int(group.exceptions.sum()) * PRICES["exception"], **where)
    ledger.post("breakage_loss", "stock", cost[group.broken].sum(), **where)
    ledger.post("lost_parcels", "stock", cost.loc[lost.index].sum(), **where)
    ledger.post("return_freight", "cash", len(back) * PRICES["return_freight"], **where)
    ledger.post("return_handling", "cash", len(back) * PRICES["return_handling"], **where)
    loss = (1 - PRICES["resale_share"]) * cost.loc[back.index].sum()
    ledger.post("return_writedown", "stock", loss, **where)


def _commission(rows: pd.DataFrame, prices: dict) -> np.ndarray:
    return rows.channel.map(prices["commission"]).to_numpy(dtype=float)


def _line_haul(rows: pd.DataFrame) -> np.ndarray:
    """Each parcel carries its month's price less the last mile."""
    monthly = rows.groupby("period")["channel"].transform("size").to_numpy()
    return COURIER.price(monthly) - 1.1


def rule_book() -> list[Rule]:
    """Every account of the brand, from one row at a time."""
    parcel = {"delivery": {"door", "community", "partner"}}
    collected = {"delivery": {"community", "partner"}}
    back = {"final_state": "returned"}
    brandwide = {"channel": "", "source": "", "layer": ""}

    def goods(rows: pd.DataFrame) -> pd.Series:
        return rows.reference_value_yuan * 0.65

    book = [
        *transfer("receivables", "sales", "orders", "reference_value_yuan"),
        *transfer("discounts", "receivables", "orders", lambda t: t.reference_value_yuan - t.value_yuan),
        *transfer("goods", "stock", "orders", "reference_value_yuan", "goods_share"),
        *transfer(
            "refunds", "refunds_due", "orders", "value_yuan", where={"final_state": ("returned", "lost")}
        ),
        *transfer("platform_commission", "receivables", "orders", "value_yuan", _commission),
        *transfer("payment_cost", "receivables", "orders", "value_yuan", "payment"),
        *transfer("traffic_commission", "cash", "orders", "value_yuan", "rebate", where={"source": "rebate"}),
        *transfer("packing_material", "cash", "orders", None, "material", where=parcel),
        *transfer("last_mile", "cash", "orders", None, "last_mile", where={"delivery": "door"}),
        *transfer("failed_attempts", "cash", "orders", "failed_attempt", "failed"),
        *transfer("pickup_fees", "cash", "orders", None, "fee", where=collected),
        *transfer("pickup_drop", "cash", "orders", None, "drop", where=collected),
        *transfer("pickup_redirects", "cash", "orders", "redirected", "redirect"),
        *transfer("pickup_exceptions", "cash", "orders", "exceptions", "exception"),
        *transfer("breakage_loss", "stock", "orders", goods, where={"broken": True}),
        *transfer("lost_parcels", "stock", "orders", goods, where={"final_state": "lost"}),
        *transfer("return_freight", "cash", "orders", None, "return_freight", where=back),
        *transfer("return_handling", "cash", "orders", None, "return_handling", where=back),
        *transfer(
            "return_writedown", "stock", "orders", goods, lambda _, p: 1 - p["resale_share"], where=back
        ),
        *transfer("line_haul", "cash", "orders", _line_haul, where=parcel, fields=brandwide),
    ]
    for what in lumps().what.unique():
        other = "payables" if what == "stock" else "cash"
        book += transfer(what, other, "lumps", "quantity", "rate", where={"what": what})
    return book
