"""Books: three clicks from a number to its source, and the lines add up."""

from __future__ import annotations

import pytest

from sim.experiment.book_trails import figures_of, lines, trail
from sim.report.rules import assumptions_of
from sim.ui.case import Case
from sim.ui.inputs import Inputs
from sim.ui.pages.books import _numbers
from sim.ui.questions.books import BooksQuestion
from sim.ui.questions.story import ReceiptsQuestion
from tests.ui.conftest import shrunk, stages_of, words

CASE = Case()


@pytest.fixture(scope="module")
def data():
    """Books that the still desk knows."""
    return stages_of(shrunk(BooksQuestion(CASE)))[-1].result


def test_from_a_number_to_lines_receipts_rule_and_source(run_page, data):
    page = run_page("books")
    text = words(page)
    found = trail(data, "last_mile", "mall")
    assert (
        f"{found.total:,.2f} yuan over {found.divisor:,.0f} orders are {found.total / found.divisor:.4f}"
        in text
    )
    assert "The lines add up to the figure" in text
    mine = lines(data, ["last_mile"], "mall")
    assert f"{len(mine)} lines make {sum(line['yuan'] for line in mine):,.2f} yuan" in text
    assert f"{mine[0]['yuan']:,.2f}" in text
    receipts = stages_of(shrunk(ReceiptsQuestion(CASE, "last_mile", "mall")))[-1].result["orders"]
    assert receipts
    assert all(f"| {order['number']} | own mall |" in text for order in receipts)
    assert "parcels x (last mile - discount of the pickup layer)" in text
    for entry in assumptions_of(CASE.scenario(), "last_mile", channel="mall"):
        assert f"`{entry.path}`" in text
        assert not entry.source or entry.source in text


def test_the_matrix_has_every_figure_of_the_history(data):
    table = _numbers(data, figures_of(data))
    for channel, figures in figures_of(data).items():
        for figure in figures:
            if not figure.endswith("per_parcel"):
                assert table.loc[figure, channel] == trail(data, figure, channel).value
    assert table["stores"].isna()["last_mile"]


def test_other_figures_by_the_boxes(run_page, data):
    page = run_page("books")
    page.selectbox(key="books_channel").set_value("total").run()
    page.selectbox(key="books_figure").set_value("community_cost_per_parcel").run()
    assert not page.exception
    found = trail(data, "community_cost_per_parcel", "total")
    assert f"{found.total:,.2f} yuan over {found.divisor:,.0f} parcels" in words(page)
    page.selectbox(key="books_account").set_value("pickup_sites").run()
    assert not page.exception
    assert "points x days x site fee" in words(page)
    assert page.selectbox(key="books_account").value == "pickup_sites"


@pytest.mark.parametrize(
    ("channel", "figure"),
    [("stores", "sales"), ("tmall", "platform"), ("total", "contribution_per_order"), ("total", "financing")],
)
def test_other_figures_draw(run_page, data, channel, figure):
    page = run_page("books", Inputs().showing(books_channel=channel, books_figure=figure))
    assert not page.error
    found = trail(data, figure, channel)
    assert f"{found.total:,.2f} yuan over {found.divisor:,.0f} orders" in words(page)
    assert "The lines add up to the figure" in words(page)


def test_a_figure_that_the_scenario_lacks_falls_back(run_page):
    page = run_page(
        "books", Inputs().showing(books_channel="nowhere", books_figure="nothing", books_account="x")
    )
    assert page.selectbox(key="books_channel").value == "total"
    assert page.selectbox(key="books_figure").value == "sales"
    assert "The lines add up to the figure" in words(page)


def test_nothing_is_claimed_before_anything_is_known(still, run_page):
    still.stage = 0
    page = run_page("books")
    assert not page.get("plotly_chart")
    assert "add up" not in words(page)


def test_a_failure_is_said_in_words(still, run_page):
    still.message = "no such luck"
    page = run_page("books")
    assert "no such luck" in page.error[0].value


def test_it_speaks_chinese(run_page):
    page = run_page("books", Inputs().showing(language="zh"))
    assert "分录加总等于该数字" in words(page)
    assert "件数 × (末端配送费 - 自提网络的减收)" in words(page)
    assert "仅英文" not in words(page)
