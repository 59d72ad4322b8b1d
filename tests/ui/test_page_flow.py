"""Flow: bands, queues and one order are those of the studies behind them."""

from __future__ import annotations

import json

import pytest

from sim.report.ways import few_links
from sim.ui.case import Case
from sim.ui.inputs import Inputs
from sim.ui.questions.story import StoryQuestion
from sim.ui.questions.ways import WaysQuestion
from sim.ui.questions.year import YearQuestion
from tests.ui.conftest import latest, shrunk, stages_of, words

CASE = Case()


def figure_of(page):
    """The first chart of a page, as plain data."""
    return json.loads(page.get("plotly_chart")[0].proto.spec)


def command_of(page):
    """The command that the page offers to copy."""
    return next(one.value for one in page.code if one.value.startswith("channelsim"))


def result_of(question):
    """What the still desk knows at last."""
    return stages_of(shrunk(question))[-1].result


def test_it_opens_on_the_ways_of_orders(run_page):
    page = run_page("flow")
    assert not page.error
    links = few_links(result_of(WaysQuestion(CASE))["ways"], "orders")
    drawn = figure_of(page)["data"][0]["link"]["value"]
    assert sorted(drawn) == sorted(link.amount for link in links)
    assert len(drawn) <= 25
    assert "confirmed: 2 of 2" in words(page)
    assert "baseline: nothing moved" in words(page)


def test_its_orders_are_those_of_run(run_page):
    page = run_page("flow")
    sent = sum(row["orders"]["mean"] for row in result_of(YearQuestion(CASE))["funnel_by_source"])
    table = next(one.value for one in page.markdown if "| from | to |" in one.value)
    orders = [
        float(line.split("|")[3].split("±")[0].replace(",", ""))
        for line in table.splitlines()
        if line.endswith("|") and not line.startswith(("| from", "| :--"))
    ]
    found = result_of(WaysQuestion(CASE))["links"]
    assert len(orders) == len([row for row in found if row["orders"]["mean"] > 0])
    arrivals = sum(row["orders"]["mean"] for row in found if row["stage"] == "arrival")
    assert arrivals == pytest.approx(sent)
    assert sum(orders) == pytest.approx(3 * sent, abs=0.5 * len(orders))
    assert command_of(page).startswith("channelsim run community_pickup --replications 5")


def test_yuan_instead_of_orders(run_page):
    page = run_page("flow")
    page.radio(key="flow_measure").set_value("value").run()
    assert not page.exception
    drawn = figure_of(page)["data"][0]["link"]["value"]
    links = few_links(result_of(WaysQuestion(CASE))["ways"], "value")
    assert sorted(drawn) == sorted(link.amount for link in links)
    assert page.radio(key="flow_measure").value == "value"


def test_every_queue_has_mean_and_peak_by_week(run_page):
    page = run_page("flow", Inputs().showing(flow_part="queues"))
    known = result_of(WaysQuestion(CASE))["queues"]
    assert len(page.radio[1].options) == len(known)
    assert {"warehouse", "chat_desk", "points", "couriers"} <= set(known)
    for name, queue in known.items():
        page.radio(key="flow_queue").set_value(name).run()
        assert not page.exception
        worst = max(week["peak"]["mean"] for week in queue["weeks"])
        assert f"Most at once: {worst:,.0f}" in words(page)


def test_one_order_with_its_receipt(run_page):
    page = run_page("flow", Inputs().showing(flow_part="order"))
    found = result_of(StoryQuestion(CASE))
    text = words(page)
    assert f"{found['left']:+,.2f} yuan left" in text
    assert all(f"{line['yuan']:,.2f}" in text for line in found["receipt"])
    assert "later than promised" in text
    assert "--events events.csv" in command_of(page)
    page.selectbox(key="flow_kind").set_value("returned").run()
    returned = result_of(StoryQuestion(CASE, "returned"))
    key = latest(page, "flow_number")
    assert page.number_input(key=key).value == returned["order"]["number"]
    page.number_input(key=key).set_value(found["order"]["number"]).run()
    assert not page.exception
    assert f"{found['left']:+,.2f} yuan left" in words(page)


def test_a_number_that_is_no_order_is_answered_in_words(still, run_page):
    still.message = "there is no measured order 3"
    page = run_page("flow", Inputs().showing(flow_part="order", flow_pick="3"))
    assert "no measured order 3" in page.error[0].value
    assert not page.get("plotly_chart")


def test_nothing_is_claimed_before_anything_is_known(still, run_page):
    still.stage = 0
    for part in ("ways", "queues", "order"):
        page = run_page("flow", Inputs().showing(flow_part=part))
        assert not page.get("plotly_chart")
        assert "confirmed" not in words(page)


def test_a_link_with_other_words_shows_the_first_choice(run_page):
    page = run_page("flow", Inputs().showing(flow_part="nonsense", flow_measure="tons"))
    assert page.radio(key="flow_part").value == "ways"
    assert page.radio(key="flow_measure").value == "orders"


def test_it_speaks_chinese(run_page):
    page = run_page("flow", Inputs().showing(language="zh", flow_part="order"))
    assert "收据" in words(page)
    assert "订单" in words(page)
