"""Statements add up, in every column and between each other."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.money import (
    CHART,
    COST_ACCOUNTS,
    GROUPS,
    Ledger,
    UnknownAccountError,
    accounts_in,
    balance_sheet,
    by_group,
    cash_by_period,
    contribution,
    net_sales,
    profit_and_loss,
    total_cost,
)
from tests.money.brand import CHANNELS, keep_books, tables

BOOKS = keep_books(tables())
STATEMENT = BOOKS.profit_and_loss()
COLUMNS = [*CHANNELS, "shared", "total"]


def fen(values: pd.Series) -> int:
    return int((values * 100).round().astype("int64").sum())


def line(name: str) -> pd.Series:
    return STATEMENT[STATEMENT.line == name].iloc[0]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_adds_up_from_top_to_bottom(column):
    rows = STATEMENT[STATEMENT.kind == "account"]
    for group, title in GROUPS.items():
        if group != "balance":
            assert fen(rows[rows.group == group][column]) == round(line(title)[column] * 100)
    operating = rows[rows.group != "financing"]
    assert fen(operating[column]) == round(line("Contribution")[column] * 100)
    assert fen(rows[column]) == round(line("Profit")[column] * 100)
    gross = fen(rows[rows.group.isin(["sales", "goods"])][column])
    assert gross == round(line("Gross profit")[column] * 100)


def test_every_line_adds_up_across_channels():
    assert list(STATEMENT.columns) == ["group", "line", "kind", *COLUMNS]
    for _, row in STATEMENT.iterrows():
        assert fen(row[COLUMNS[:-1]].astype(float)) == round(row["total"] * 100)


def test_the_statement_is_the_books_with_the_sign_turned():
    rows = STATEMENT[STATEMENT.kind == "account"].set_index("line")
    assert set(rows.index) == {name for name in CHART if CHART[name].group != "balance"}
    for name in rows.index:
        assert round(rows.loc[name, "tmall"] * 100) == -BOOKS.balance(name, channel="tmall")
        assert round(rows.loc[name, "shared"] * 100) == -BOOKS.balance(name, channel="")
        assert round(rows.loc[name, "total"] * 100) == -BOOKS.balance(name)


def test_lines_come_in_the_order_of_the_chart():
    accounts = STATEMENT[STATEMENT.kind == "account"].line.tolist()
    assert accounts == [name for group in GROUPS for name in accounts_in(group) if group != "balance"]
    results = STATEMENT[STATEMENT.kind == "result"].line.tolist()
    assert results == ["Gross profit", "Contribution", "Profit"]


def test_accounts_never_touched_are_left_out_unless_asked_for():
    ledger = Ledger()
    ledger.post("receivables", "sales", 10.0, channel="tmall")
    books = ledger.close()
    assert profit_and_loss(books).line.tolist() == [
        "sales",
        "Net sales",
        "Gross profit",
        "Contribution",
        "Profit",
    ]
    assert "shared" not in profit_and_loss(books).columns
    every = profit_and_loss(books, every_account=True)
    assert set(accounts_in("pickup")) < set(every.line)


def test_the_sums_of_a_mapping_agree_with_the_statement():
    amounts = BOOKS.in_yuan()
    assert net_sales(amounts) == pytest.approx(line("Net sales")["total"], abs=1e-6)
    assert contribution(amounts) == pytest.approx(line("Contribution")["total"], abs=1e-6)
    assert net_sales(amounts) - total_cost(amounts) == pytest.approx(contribution(amounts), abs=1e-6)
    for group, yuan in by_group(amounts).items():
        if group != "balance":
            assert -yuan == pytest.approx(line(GROUPS[group])["total"], abs=1e-6)


def test_cost_excludes_sales_financing_and_the_balance_sheet():
    outside = {*accounts_in("sales", "financing", "balance")}
    assert set(COST_ACCOUNTS) == set(CHART) - outside
    assert {"sales", "refunds", "discounts", "interest", "cash"} < outside
    assert "pickup_recharge" in COST_ACCOUNTS, "what other merchants pay reduces cost"


def test_cash_by_period_closes_at_the_balance_of_cash():
    table = cash_by_period(BOOKS)
    assert table.index.tolist() == [0, 1, 2]
    flows = table.drop(columns=["change", "closing"])
    for period in table.index:
        assert fen(flows.loc[period]) == round(table.change[period] * 100)
        assert round(table.change[period] * 100) == BOOKS.balance("cash", period=period)
    assert round(table.closing.iloc[-1] * 100) == BOOKS.balance("cash")
    assert (table["owners_equity"] == 90_000.0).all(), "received is positive"
    assert (table["head_office"] < 0).all(), "paid is negative"


def test_a_period_without_movement_keeps_the_closing_balance():
    ledger = Ledger()
    ledger.post("cash", "owners_equity", 100.0, period=0)
    ledger.post("head_office", "cash", 30.0, period=2)
    table = ledger.close().cash_by_period()
    assert table.closing.tolist() == [100.0, 100.0, 70.0]
    assert cash_by_period(Ledger().close()).empty


def test_the_balance_sheet_balances_and_holds_the_profit():
    sheet = balance_sheet(BOOKS).set_index("line")
    assert sheet.yuan["assets"] == sheet.yuan["liabilities and equity"]
    assert sheet.yuan["profit"] == line("Profit")["total"]
    assets = sheet[sheet.kind == "asset"].yuan
    assert fen(assets) == round(sheet.yuan["assets"] * 100)


def test_every_account_has_a_group_a_kind_and_a_description():
    for name, found in CHART.items():
        assert found.name == name
        assert found.group in GROUPS
        assert (found.group == "balance") == (found.kind in ("asset", "liability", "equity"))
        assert found.description.endswith(".")
        assert found.title[0].isupper()
        assert "_" not in found.title
    with pytest.raises(UnknownAccountError, match="Did you mean 'last_mile'"):
        accounts_in("last_mil")
