"""Claims, sensitivity and sweeps in a browser: they open, draw, and ask no other machine for anything."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from benchmarks.browser import browsing
from sim.experiment.sweep import sweep
from sim.ui.inputs import Inputs
from sim.ui.sweep_folder import FOLDER_VARIABLE
from tests.experiment.planted import Curve, on
from tests.experiment.sweep.worlds import small_plan
from tests.ui.browser import bottom_of_charts, confirmed, headline, open_page, picture, serving

pytestmark = pytest.mark.browser


CLAIM = "scale_cuts_or_raises_cost"
"""A claim about cost per order: the planted worlds have no layer's cost."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Address of the pages of a server whose folder of results holds a sweep."""
    folder = tmp_path_factory.mktemp("server")
    sweep(small_plan(), folder / "results" / "made", workers=1, simulate=on(Curve(fixed=1e5)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FOLDER_VARIABLE, str(folder / "results"))
        with serving(folder) as found:
            yield found


@pytest.fixture(scope="module")
def browser():
    """A browser."""
    with browsing() as found:
        yield found


@pytest.mark.parametrize(
    ("name", "inputs", "said"),
    [
        (
            "claims",
            Inputs().showing(page="claims", claims_id=CLAIM, claims_run=CLAIM),
            "lines of five articles",
        ),
        ("sensitivity", Inputs().based_on("door_only").showing(page="sensitivity"), "contribution per order"),
        ("sweeps", Inputs().showing(page="sweeps"), "12 of 12 runs"),
    ],
)
def test_a_page_opens_and_draws(browser, address, name, inputs, said):
    complaints, asked = [], []
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(120_000)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/?s={inputs.to_link()}")
    if name != "sweeps":
        confirmed(page, badges=1)  # no stage replaces a chart while its table is still being fetched
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/?s={inputs.to_link()}")
    assert bottom_of_charts(page, 1) < 720, "the chart is below the fold"
    assert said in headline(page)
    picture(page, name)
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
