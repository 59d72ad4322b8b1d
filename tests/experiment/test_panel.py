"""Weekly panels: their sums are the books', their budgets the plan's, and their truth the paired worlds'."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest

from sim.experiment import ExperimentError, RecordError, verify
from sim.experiment.panel import BudgetPlan, panel
from sim.experiment.panel.dictionary import TABLES, columns_of
from sim.experiment.panel.history import simulate_weekly
from sim.experiment.panel.plan import bought_sources, planned
from sim.experiment.record import read_manifest
from sim.experiment.seeds import replication_seed
from sim.market.traffic import buy_at_auction
from tests.experiment.test_incrementality import NOTHING_CARRIED_OVER
from tests.world.small import brief

SEED = 3
PLAN = BudgetPlan(SEED, 0.5)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("panel")


@pytest.fixture(scope="module")
def told(folder):
    """Four weeks and two days of the model's own world, with the truth about ads and rebates."""
    world = brief("base", {"horizon.days": 30})
    return panel(world, ["platform_ads", "rebate_alliance"], seed=SEED, workers=1, out=folder)


@pytest.fixture(scope="module")
def run():
    """The same history with its books."""
    return simulate_weekly(brief("base", {"horizon.days": 30}), replication_seed(SEED, 0), plan=PLAN)


def test_sums_over_weeks_are_those_of_the_books(told, run):
    summary = told.runs[0].summary
    by_source = told.weekly.groupby("source")
    for name, column in (("visits", "visits"), ("orders", "orders"), ("traffic", "spend")):
        booked: dict[str, float] = {}
        for row in summary.funnel:
            booked[row["source"]] = booked.get(row["source"], 0.0) + row[name]
        found = by_source[column].sum()
        for source, value in booked.items():
            # Each posting is rounded to a fen.
            assert found[source] == pytest.approx(value, abs=0.05), (source, column)
    assert told.weekly["orders"].sum() == summary.kpis["orders"]
    paid = -(run.accounts["sales"] + run.accounts.get("discounts", 0.0))
    assert told.weekly["sales"].sum() == pytest.approx(paid, abs=1.0)


def test_weeks_are_whole_but_the_last(told):
    days = told.weekly.drop_duplicates("week").set_index("week")["days"]
    assert days.tolist() == [7, 7, 7, 7, 2]
    assert (told.weekly.groupby("week")["source"].nunique() == told.weekly["source"].nunique()).all()


def test_visits_follow_the_plan_at_the_price_of_so_many(told):
    world = brief("base", {"horizon.days": 30})
    even = pd.DataFrame(
        simulate_weekly(world, replication_seed(SEED, 0), plan=BudgetPlan(SEED, 0.0)).weeks
    ).set_index(["source", "week"])
    ads = told.weekly[told.weekly["source"] == "platform_ads"].set_index("week")
    factors = planned(world, PLAN, 5)["platform_ads"]
    assert np.ptp(factors) > 0.3
    source = world.market.sources.platform_ads
    usual = buy_at_auction(source.auction, source.visits_per_year)
    for week, factor in enumerate(factors, start=1):
        visits, plain = ads.loc[week, "visits"], even.loc[("platform_ads", week), "visits"]
        # Both are Poisson numbers; four standard errors of their difference.
        assert visits == pytest.approx(factor * plain, abs=4 * math.sqrt(factor * plain * (1 + factor)))
        price = buy_at_auction(source.auction, source.visits_per_year * factor) / usual
        plain_price = even.loc[("platform_ads", week), "spend"] / plain
        # Prices drift by a few percent a year, so days weigh a little differently within a week.
        assert ads.loc[week, "spend"] / visits == pytest.approx(price * plain_price, rel=1e-4)


def test_budgets_are_independent_and_spend_what_the_year_has():
    weeks = 104
    plan = BudgetPlan(7, 0.6)
    names = bought_sources(brief("base"))
    assert "platform_ads" in names
    assert not {"platform_search", "word_of_mouth", "rebate_alliance", "email", "posters"} & set(names)
    table = np.array([plan.factors(name, weeks) for name in names])
    assert table.mean(axis=1) == pytest.approx(1.0, abs=1e-12)
    assert table.min() >= 0.4 - 1e-12
    assert table.max() <= 1.6 + 1e-12
    # A uniform draw has the standard deviation swing / sqrt(3); its own sampling error is below 10% here.
    assert table.std(axis=1) == pytest.approx(0.6 / math.sqrt(3.0), rel=0.3)
    others = np.corrcoef(table)[np.triu_indices(len(names), 1)]
    assert np.abs(others).max() < 4.5 / math.sqrt(weeks)
    assert plan.factors("platform_ads", weeks).tolist() == table[names.index("platform_ads")].tolist()
    assert BudgetPlan(8, 0.6).factors("platform_ads", weeks).tolist() != table[0].tolist()


def test_no_more_is_bought_at_auction_than_there_is():
    world = brief("base")
    tight = world.with_values(
        {"market.sources.platform_ads.auction.inventory_visits_per_year": 210_000, "horizon.days": 28}
    )
    most = 0.99 * 210_000 / 200_000
    factors = planned(tight, BudgetPlan(1, 0.9), 52)["platform_ads"]
    assert factors.max() == pytest.approx(most)


def test_without_carry_over_the_truth_of_each_week_is_last_click():
    found = panel(brief("base", NOTHING_CARRIED_OVER), "platform_ads", seed=SEED, workers=1)
    weeks = found.truth_by_week
    assert weeks["last_click_orders"].sum() > 100
    assert weeks["incremental_orders"].tolist() == weeks["last_click_orders"].tolist()
    assert found.sources[0].ratios["orders"].mean == 1.0


def test_the_truth_of_the_weeks_adds_up_to_the_truth(told):
    sums = told.truth_by_week.groupby("source")["incremental_orders"].sum()
    for worth in told.sources:
        assert sums[worth.source] == worth.incremental["orders"].mean
    truth = told.truth.set_index(["source", "figure", "credit"])["mean"]
    assert truth[("platform_ads", "orders", "incremental")] == sums["platform_ads"]
    # What the ads feed is booked to others, so last click sees less.
    assert sums["platform_ads"] > truth[("platform_ads", "orders", "last_click")]


def test_tables_are_written_twice_and_described(told, folder):
    manifest = read_manifest(folder)
    assert "independent over weeks and sources" in manifest["budgets"]
    assert manifest["arguments"]["swing"] == 0.5
    for name, table in told.tables().items():
        csv = pd.read_csv(folder / f"{name}.csv")
        parquet = pd.read_parquet(folder / f"{name}.parquet")
        assert list(csv.columns) == list(parquet.columns) == columns_of(name)
        assert len(csv) == len(parquet) == len(table) > 0
        assert [meaning["name"] for meaning in manifest["dictionary"][name]] == columns_of(name)
        for column in csv.select_dtypes("number").columns:
            assert csv[column].to_numpy() == pytest.approx(parquet[column].to_numpy(float), nan_ok=True)
    assert all(meaning.text for meanings in TABLES.values() for meaning in meanings)
    assert json.loads((folder / "result.json").read_text())["tables"]["panel"][0]["week"] == 1


def test_a_panel_is_done_again_and_its_files_are_guarded(folder, told):
    found = verify(folder, workers=1)
    assert found.ok, found.first
    assert found.study == "panel"
    assert found.compared > 100
    before = (folder / "truth.csv").read_text()
    (folder / "truth.csv").write_text(before.replace(str(int(told.truth["mean"][0])), "1"))
    with pytest.raises(RecordError, match=r"truth\.csv has changed since"):
        verify(folder, workers=1)
    (folder / "truth.csv").write_text(before)


def test_senseless_budgets_are_refused():
    with pytest.raises(ExperimentError, match=r"from 0 to 0\.9"):
        BudgetPlan(1, 1.5)
