"""One tour through every page of the real program as it opens; ``python -m docs.screens`` keeps its pictures.

Nothing is planted but the sweep: pages open on the answers that come with the program, so what is looked at
here is what a visitor sees first and what the documents show.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from benchmarks import browser as browsers
from sim.experiment.sweep import sweep
from sim.ui.sweep_folder import FOLDER_VARIABLE
from tests.experiment.planted import Curve, on
from tests.experiment.sweep.worlds import small_plan
from tests.ui.browser import cut_buttons, cut_words, open_page, sideways
from tests.ui.tour import PICTURES, STOPS

pytestmark = pytest.mark.browser
KEPT = os.environ.get(PICTURES, "")
FADING = 3_000
"""Milliseconds until charts have faded in, where they are photographed."""
OPENED = (
    "([sure, charts]) => { const main = document.querySelector('[data-testid=stMain]');"
    " if (!main?.querySelector('h1') || document.querySelector('[data-testid=stSkeleton]')) return false;"
    " const drawn = [...main.querySelectorAll('.js-plotly-plot')]"
    ".filter(one => one.querySelector('.trace, .point, .sankey-link'))"
    ".filter(one => one.getBoundingClientRect().bottom <= window.innerHeight);"
    " const words = [...main.querySelectorAll('span')].filter(one => !one.children.length)"
    ".map(one => one.textContent);"
    " const badges = words.filter(one => sure.some(start => one.startsWith(start)));"
    " return drawn.length >= charts && badges.length >= sure.length"
    " && !words.some(one => /^(simulating|stale|模拟中|已过时)/.test(one)) }"
)
"""Whether so many charts are drawn above the fold, every badge is there, and nothing is being worked out."""


@pytest.fixture(scope="module")
def address():
    """Address of the real pages, beside a folder of results that holds a sweep."""
    with tempfile.TemporaryDirectory(prefix="channelsim-") as folder, pytest.MonkeyPatch.context() as patch:
        results = Path(folder) / "results"
        # A picture shows real worlds; what the page makes of them is seen in planted ones as well.
        worlds = {} if KEPT else {"simulate": on(Curve(fixed=1e5))}
        sweep(small_plan(), results / "commission", workers=1, **worlds)
        patch.setenv(FOLDER_VARIABLE, str(results))
        with browsers.serving(Path(folder)) as found:
            yield found


@pytest.fixture(scope="module")
def browser():
    """A browser."""
    with browsers.browsing() as found:
        yield found


@pytest.mark.parametrize("name", STOPS)
def test_a_page_opens_on_its_answer(browser, address, name):
    stop = STOPS[name]
    asked, complaints = [], []
    page = open_page(browser, "about:blank", **stop.screen)
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda one: complaints.append(one.text) if one.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/?s={stop.inputs.to_link()}")
    page.wait_for_function(OPENED, arg=[list(stop.sure), stop.charts])
    if KEPT:
        page.wait_for_timeout(FADING)
        page.wait_for_function(OPENED, arg=[list(stop.sure), stop.charts])
    said = page.evaluate(
        "() => [...document.querySelectorAll('[data-testid=stMain] :is(h1, h3)')]"
        ".map(one => one.innerText).join(' ')"
    )
    assert not [words for words in stop.said if words not in said], said
    for trouble in ("stException", "stAlert"):
        assert not page.get_by_test_id(trouble).all_inner_texts()
    assert page.get_by_text("No answer").count() == 0
    assert not cut_buttons(page)
    assert not cut_words(page)
    assert sideways(page) <= 0, "nobody has to scroll sideways"
    hosts = {
        urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"localhost"}
    assert not complaints
    if KEPT:
        page.screenshot(path=str(Path(KEPT) / f"{name}.png"))
    page.context.close()
