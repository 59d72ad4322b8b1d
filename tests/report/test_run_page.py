"""The page of run: profit and loss that adds up, the funnel, and the figures."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from sim.experiment.jobs import Summary
from sim.experiment.replication import Replicated, estimates
from sim.experiment.study import LabelledRun, Recipe
from sim.money import CHART, GROUPS, accounts_in
from sim.report.funnel import funnel_table, identity_table
from sim.report.numbers import Value, read
from sim.report.page import Table, Text
from sim.report.profit import account_table, per_order_table, profit_table
from sim.report.run import run_page
from sim.report.run_result import of_replicated, of_run
from sim.report.service import contact_table, service_figures, service_table
from sim.report.terminal import plain_text
from sim.run import Funnel, Run

CHANNELS = {"tmall": 0.7, "stores": 0.2, "": 0.1}
ACCOUNTS = {name: (-9000.0 if name == "sales" else 100.0) for name in CHART if CHART[name].group != "balance"}
FUNNEL = (
    Funnel("tmall", "search_engine", 10_000, 150, 15_000.0, 12_000.0, 3_000.0),
    Funnel("mall", "search_engine", 2_000, 50, 5_000.0, 6_000.0, 2_500.0),
    Funnel("stores", "store_footfall", 500, 100, 90_000.0, 70_000.0),
    Funnel("tmall", "repeat", 40, 40, 4_000.0, 3_000.0),
    Funnel("tmall", "game_video", 900, 2, 200.0, 400.0, 350.0),
    Funnel("tmall", "word_of_mouth", 0, 0, 0.0, 0.0),
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
        funnel=tuple(asdict(row) for row in FUNNEL),
        contacts={"broken": 20.0 * factor, "question": 60.0, "late": 20.0},
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
        "", "stores", "Tmall", "brand", "total", "± 95%", "per order",
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
    assert rows["Service"][4] == f"-{115 * len(accounts_in('service')):,}"
    assert all(cells[5] != "-" for cells in rows.values())
    profit = [-sum(run.summary.accounts.values()) for run in replicated().runs]
    assert number(rows["Profit"][4]) == pytest.approx(sum(profit) / 4, abs=1)
    assert number(rows["Profit"][6]) == pytest.approx(sum(profit) / 400, abs=0.01)


def test_every_account_stands_below_its_group_and_adds_up_to_it():
    result = of_replicated(replicated())
    found = account_table(result, read(result["kpis"]["orders"])).rows
    assert {row.cells[0].strip().replace(" ", "_") for row in found} >= {
        name for name in ACCOUNTS if len(accounts_in(CHART[name].group)) > 1
    }
    so_far = 0.0
    for row in found:
        if row.cells[0].startswith("  "):
            so_far += number(row.cells[4])
        elif so_far:
            assert number(row.cells[4]) == pytest.approx(so_far, abs=3)
            so_far = 0.0


def test_profit_per_order_divides_each_channel_by_its_own_orders():
    result = of_replicated(replicated())
    found = per_order_table(result)
    assert [column.title for column in found.columns] == ["", "stores", "Tmall", "brand", "total", "± 95%"]
    rows = {row.cells[0]: row.cells for row in found.rows}
    # What each account takes on average: 20% over 20 store orders, 70% over 80, 10% over all 100.
    spent = 115.0 * len(accounts_in("service"))
    shares = (0.2 / 20, 0.7 / 80, 0.1 / 100, 1 / 100)
    assert [number(cell) for cell in rows["Service"][1:5]] == [
        pytest.approx(-spent * share, abs=0.0051) for share in shares
    ]
    assert all(cells[5] != "-" for cells in rows.values())


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
    result = of_run(single())
    found = funnel_table(result["funnel"], result["funnel_by_source"])
    assert [row.cells for row in found.rows] == [
        ("search engine", "all", "12,000", "200", "1.7", "20.0", "90", "10", "27.5"),
        ("search engine", "Tmall", "10,000", "150", "1.5", "15.0", "80", "20", "20.0"),
        ("search engine", "own mall", "2,000", "50", "2.5", "5.0", "120", "-20", "50.0"),
        ("store footfall", "stores", "500", "100", "20.0", "90.0", "700", "200", "0.0"),
        ("repeat", "Tmall", "40", "40", "-", "4.0", "75", "25", "-"),
        ("game video", "Tmall", "900", "2", "0.2", "0.2", "-", "-", "-"),
        ("word of mouth", "Tmall", "0", "0", "-", "0.0", "-", "-", "-"),
    ]
    assert [column.unit for column in found.columns[4:]] == ["%", "thousand yuan", *["yuan/order"] * 3]


def test_sales_are_visits_times_orders_per_visit_times_value():
    result = of_replicated(replicated())
    rows = {row["channel"]: row for row in result["sales_identity"]}
    assert rows["tmall"]["visits"]["mean"] == 10_900  # those who come back by themselves left nothing
    assert rows["tmall"]["orders_per_visit"]["mean"] == pytest.approx(192 / 10_900)
    for row in rows.values():
        product = row["visits"]["mean"] * row["orders_per_visit"]["mean"] * row["sales_per_order"]["mean"]
        assert product == pytest.approx(row["sales"]["mean"], rel=1e-12)
    parts = [row["sales"]["mean"] for name, row in rows.items() if name != "total"]
    assert rows["total"]["sales"]["mean"] == pytest.approx(sum(parts))
    table = identity_table(result["sales_identity"])
    assert [row.cells[0] for row in table.rows] == ["stores", "Tmall", "own mall", "total"]


def test_service_is_told_by_the_names_of_the_articles_and_only_where_it_applies():
    kpis = {
        "share_in_hands": Value(0.9, unit="share"),
        "on_time_share": Value(0.95, unit="share"),
        "broken_share": Value(0.02, unit="share"),
        "solved_in_24h_share": None,
        "return_share": Value(0.05, unit="share"),
    }
    assert service_figures(kpis) == {
        ("delivery", "on time"): "on_time_share",
        ("delivery", "broken"): "broken_share",
    }
    assert [row.cells[:4] for row in service_table(kpis).rows] == [
        ("delivery", "on time", "95", "%"),
        ("", "broken", "2", "%"),
    ]
    del kpis["on_time_share"]
    assert service_figures(kpis)["delivery", "on time"] == "share_in_hands"


def test_contacts_come_by_cause_the_most_frequent_first():
    result = of_replicated(replicated())
    table = contact_table(result["contacts"])
    assert [row.cells[0] for row in table.rows] == ["question", "broken", "late"]
    assert [row.cells[2] for row in table.rows] == ["58.3", "22.3", "19.4"]
    assert table.rows[-1].cells[3] == "100.0"
    assert result["contacts"]["broken"]["mean"] == pytest.approx(23.0)


def test_the_page_opens_with_the_answer_and_ends_with_its_birth_certificate():
    page = run_page(of_replicated(replicated()))
    first, last = page.blocks[0], page.blocks[-1]
    assert isinstance(first, Text)
    assert first.text == "x: 100 orders, contribution 58 ± 10 yuan/order"
    assert isinstance(last, Text)
    for part in ("over 4 simulated runs", "seed 3", "cccccccccccc", "model 1", "illustrative"):
        assert part in last.text
    tables = {block.title: block for block in page.blocks if isinstance(block, Table)}
    assert list(tables) == [
        "Profit and loss by channel",
        "The same per order",
        "From visits to orders, by source",
        "What sales are made of",
        "Why shoppers call",
        "Other figures",
        "Every account, by channel",
    ]
    assert tables["Other figures"].rows[0].cells[:3] == ("return share", "5.8 ± 1.0", "%")
