"""Growth and comparison in a browser: charts in view, a switch by keyboard, no other machine."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from benchmarks.browser import browsing
from sim.ui.inputs import Inputs
from tests.ui.browser import another_headline, bottom_of_charts, confirmed, headline, serving

pytestmark = pytest.mark.browser


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


class Opened:
    """A page that was opened, with what it asked for and what its console complained of."""

    def __init__(self, browser, address: str, word: str, **options) -> None:
        self.asked: list[str] = []
        self.complaints: list[str] = []
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options})
        self.page = context.new_page()
        self.page.set_default_timeout(120_000)
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda one: self.complaints.append(one.text) if one.type == "error" else None)
        self.page.goto(f"{address}/?s={word}")

    def check(self) -> None:
        """Nothing but this machine was asked, and the console is quiet."""
        hosts = {
            urlsplit(url).hostname
            for url in self.asked
            if urlsplit(url).scheme in ("http", "https", "ws", "wss")
        }
        assert hosts == {"localhost"}
        assert not self.complaints


def test_scale_draws_its_curve_and_a_switch_moves_it(browser, address):
    opened = Opened(browser, address, Inputs().showing(page="scale", scale_volumes="1,2").to_link())
    page = opened.page
    confirmed(page, badges=2)
    assert bottom_of_charts(page, 1) > 0
    first = page.locator(".js-plotly-plot").first.bounding_box()
    assert first is None or first["y"] + first["height"] < 720, "the curve is below the fold"
    before = headline(page)
    assert "per doubling" in before
    switch = page.get_by_role("switch").or_(page.get_by_role("checkbox")).first
    switch.focus()
    switch.press("Space")
    page.get_by_role("button", name="Switch it on again").wait_for()
    page.get_by_text("not switched").first.wait_for(state="attached")
    page.get_by_role("button", name="Switch it on again").click()
    page.get_by_role("button", name="Switch it on again").wait_for(state="detached")
    opened.check()


def test_compare_draws_both_charts_in_the_dark_and_in_chinese(browser, address):
    opened = Opened(browser, address, Inputs().showing(page="compare").to_link(), color_scheme="dark")
    page = opened.page
    confirmed(page, badges=1)
    assert bottom_of_charts(page, 2) < 720, "the charts are below the fold"
    before = headline(page)
    page.get_by_role("button", name="中文").click()
    assert "每单利润" in another_headline(page, before)
    opened.check()
