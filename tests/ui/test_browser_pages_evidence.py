"""Claims and sensitivity in a browser: a claim is tried, and a bar leads on."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from benchmarks.browser import browsing
from sim.ui.inputs import Inputs
from tests.ui.browser import bottom_of_charts, confirmed, headline, open_page, serving

pytestmark = pytest.mark.browser


CLAIM = "scale_cuts_or_raises_cost"
"""A claim about cost per order: the planted worlds have no layer's cost."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of the pages."""
    with serving(tmp_path_factory.mktemp("server")) as found:
        yield found


@pytest.fixture(scope="module")
def browser():
    """A browser."""
    with browsing() as found:
        yield found


def test_a_claim_is_tried_and_drawn(browser, address):
    complaints, asked = [], []
    inputs = Inputs().showing(page="claims", claims_id=CLAIM, claims_run=CLAIM)
    page = open_page(browser, "about:blank")
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?s={inputs.to_link()}")
    confirmed(page, badges=1)  # no stage replaces a chart while its table is still being fetched
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/?s={inputs.to_link()}")
    assert bottom_of_charts(page, 1) < 720, "the chart is below the fold"
    assert "lines of five articles" in headline(page)
    page.context.close()
    assert not complaints
    hosts = {
        urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"localhost"}


def test_a_bar_leads_to_the_page_of_assumptions(browser, address):
    link = Inputs().based_on("door_only").showing(page="sensitivity").to_link()
    page = open_page(browser, f"{address}/?s={link}")
    page.get_by_role("button", name="Open in Assumptions").press("Enter")
    page.wait_for_url("**/assumptions*")
    page.get_by_text("What is assumed, and what if it is not so?").wait_for()
    assert urlsplit(page.url).path == "/assumptions"
    page.context.close()
