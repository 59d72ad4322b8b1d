"""The lesson in a browser: by keyboard from the prediction to the curve, and no answer before the lock."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from benchmarks.browser import browsing
from sim.ui.classroom import Classroom
from sim.ui.inputs import Inputs
from sim.ui.prediction import Prediction
from tests.ui.browser import bottom_of_charts, serving

pytestmark = pytest.mark.browser
ANNA = Prediction("ANN", (120, 80, 60), (50, 50, 90))


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


def test_from_the_lock_to_the_curve_with_a_clicker(browser, address):
    asked: list[str] = []
    complaints: list[str] = []
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(120_000)
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    room = Classroom(predictions=(ANNA,), step="predict")
    page.goto(f"{address}/?s={Inputs().showing(page='lesson', **room.words()).to_link()}")
    page.get_by_role("button", name="Lock all predictions").press("Enter")
    page.get_by_text("Locked, 1 in all").wait_for()
    page.keyboard.press("PageDown")
    page.get_by_text("That is 100").wait_for()
    page.keyboard.press("PageDown")
    page.get_by_text("the middle of the class said 80").first.wait_for()
    page.keyboard.press("PageDown")
    page.get_by_text("Step 6 of 9").wait_for()
    assert bottom_of_charts(page, 1) < 720, "the curve is below the fold"
    page.context.close()
    hosts = {
        urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"localhost"}
    assert not complaints
