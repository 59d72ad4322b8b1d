"""The page of run: profit and loss that adds up, the funnel, and the figures."""

from __future__ import annotations

import pytest

from sim.experiment.jobs import Summary
from sim.experiment.replication import Replicated, estimates
from sim.experiment.study import LabelledRun, Recipe
from sim.money import CHART, GROUPS
from sim.report.numbers import read
from sim.report.page import Table, Text
from sim.report.run import funnel_table, of_replicated, of_run, profit_table, run_page
from sim.report.terminal import plain_text
from sim.run import Funnel, Run

CHANNELS = {"tmall": 0.7, "stores": 0.2, "": 0.1}
ACCOUNTS = {name: (-9000.0 if name == "sales" else 100.0) for name in CHART if CHART[name].group != "balance"}
FUNNEL = (
    Funnel("tmall", "platform_search", 1000, 15, 1500.0, 1200.0),
    Funnel("stores", "store_footfall", 50, 10, 9000.0, 7000.0),
    Funnel("tmall", "repeat", 0, 0, 0.0, 0.0),
)


def summary(replication: int) -> Summary:
    factor = 1 + replication / 10
    accounts = {name: yuan * factor for name, yuan in ACCOUNTS.items()}
    return Summary(
        scenario_hash="c" * 64,
        seed=replication,
        start="mature",
        model_version="1",
        kpis={"orders": 100.0, "contribution_per_order": 50.0 * factor, "return_share": 0.05 * factor},
        accounts=accounts,
        accounts_by_channel={
            channel: {name: yuan * share for name, yuan in accounts.items()}
            for channel, share in CHANNELS.items()
        },
        orders_by_channel={"tmall": 80.0, "stores": 20.0},
    )


def replicated(n: int = 4) -> Replicated:
    runs = tuple(LabelledRun("x", k, summary(k)) for k in range(n))
    return Replicated(
        scenario="x",
        scenario_hash="c" * 64,
        seed=3,
        start="mature",
        model_version="1",
        kpis=estimates([run.summary.kpis for run in runs]),
        accounts=estimates([run.summary.accounts for run in runs], {}),
        runs=runs,
        recipe=Recipe("replicate", {}, {}),
    )


def single() -> Run:
    one = summary(0)
    return Run(
        scenario_name="x", scenario_hash="c" * 64, seed=1, engine="compiled", start="launch",
        model_version="1",
        kpis=one.kpis, accounts=one.accounts, accounts_by_channel=one.accounts_by_channel,
        orders_by_channel={"tmall": 80}, ledger=None, funnel=FUNNEL, months={}, balance={},
    )  # fmt: skip


def number(cell: str) -> float:
    return 0.0 if cell == "-" else float(cell.replace(",", ""))


def test_profit_and_loss_adds_up_by_line_and_by_column():
    result = of_replicated(replicated())
    found = profit_table(result, read(result["kpis"]["orders"]))
    assert [column.title for column in found.columns] == [
        "", "stores", "Tmall", "shared", "total", "± 95%", "per order",
    ]  # fmt: skip
    rows = {row.cells[0]: row.cells for row in found.rows}
    for cells in rows.values():
        assert sum(number(cell) for cell in cells[1:4]) == pytest.approx(number(cells[4]), abs=2)
    for column in range(1, 5):
        groups = sum(number(rows[title][column]) for key, title in GROUPS.items() if key != "balance")
        assert groups == pytest.approx(number(rows["Profit"][column]), abs=10)
    financing = number(rows["Financing"][4])
    assert number(rows["Contribution"][4]) == pytest.approx(number(rows["Profit"][4]) - financing, abs=2)
    assert list(rows)[-1] == "Profit"


def test_money_earned_is_positive_and_every_total_has_its_interval():
    result = of_replicated(replicated())
    rows = {row.cells[0]: row.cells for row in profit_table(result, read(result["kpis"]["orders"])).rows}
    assert rows["  sales"][4] == "10,350"
    assert rows["Goods"][4] == "-115"
    assert all(cells[5] != "-" for cells in rows.values())
    profit = [-sum(run.summary.accounts.values()) for run in replicated().runs]
    assert number(rows["Profit"][4]) == pytest.approx(sum(profit) / 4, abs=1)
    assert number(rows["Profit"][6]) == pytest.approx(sum(profit) / 400, abs=0.01)


def test_large_brands_are_told_in_thousands():
    result = of_replicated(replicated())
    for name in result["accounts"]:
        for key in ("mean", "low", "high"):
            result["accounts"][name][key] *= 1e5
    found = profit_table(result, read(result["kpis"]["orders"]))
    assert {column.unit for column in found.columns[1:6]} == {"thousand yuan"}
    assert found.columns[6].unit == "yuan/order"


def test_a_single_run_has_no_intervals_and_says_so():
    page = run_page(of_run(single()))
    said = plain_text(page)
    assert "One simulated run, so no interval." in said
    assert "a launch year, from an empty network" in said.lower().replace("\n", " ")
    table = next(block for block in page.blocks if isinstance(block, Table))
    assert table.title == "Profit and loss by channel"
    assert {row.cells[5] for row in table.rows} == {"-"}


def test_the_funnel_counts_and_values_each_source():
    found = funnel_table(of_run(single())["funnel"])
    assert [row.cells for row in found.rows] == [
        ("platform search", "Tmall", "1,000", "15", "1.5", "100", "80", "20"),
        ("store footfall", "stores", "50", "10", "20.0", "900", "700", "200"),
        ("repeat", "Tmall", "0", "0", "-", "-", "-", "-"),
    ]
    assert [column.unit for column in found.columns[4:]] == ["%", "yuan/order", "yuan/order", "yuan/order"]


def test_the_page_opens_with_the_answer_and_ends_with_its_birth_certificate():
    page = run_page(of_replicated(replicated()))
    first, last = page.blocks[0], page.blocks[-1]
    assert isinstance(first, Text)
    assert first.text == "x: 100 orders, contribution 58 ± 10 yuan/order"
    assert isinstance(last, Text)
    for part in ("over 4 simulated runs", "seed 3", "cccccccccccc", "model 1", "illustrative"):
        assert part in last.text
    figures = page.blocks[-2]
    assert isinstance(figures, Table)
    assert figures.rows[0].cells[:3] == ("return share", "5.8 ± 1.0", "%")
