"""Flow, Books and Assumptions in a browser: each opens on its chart, without an error or another machine."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from benchmarks.browser import browsing
from sim.ui.case import Case
from sim.ui.inputs import Inputs
from tests.ui.browser import open_page, picture, serving

pytestmark = pytest.mark.browser
NAMES = ("flow", "books", "assumptions")
WEEK = """
schema_version: 1
extends: community_pickup.yaml
title: a week of a brand that hardly anybody visits
horizon: {days: 7, warmup_days: 0}
market:
  sources:
    platform_search: {visits_per_year: 1000000}
    platform_ads: {visits_per_year: 100000}
    rebate_alliance: {visits_per_year: 100000}
"""
"""A scenario of its own and no changes of another, so that no warning stands above the chart."""
CHART = (
    "() => { const chart = document.querySelector('[data-testid=stMain] .js-plotly-plot');"
    " const drawn = chart?.querySelector('.sankey-link, .trace, .point');"
    " return drawn ? chart.getBoundingClientRect().bottom : null }"
)
"""Bottom of the first chart once something is drawn in it; a rerun makes charts anew."""


def test_each_page_opens_on_its_chart(tmp_path):
    inputs = Inputs(Case("week", WEEK))
    asked: list[str] = []
    errors: list[str] = []
    with serving(tmp_path) as address, browsing() as browser:
        page = open_page(browser, "about:blank")
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        for name in NAMES:
            page.goto(f"{address}/{name}?s={inputs.showing(page=name).to_link()}")
            bottom = float(page.wait_for_function(CHART).json_value())
            assert bottom <= 720, f"the chart of {name} is below the fold"
            assert page.get_by_text("No answer").count() == 0
            picture(page, name)
        page.context.close()
    assert not errors
    assert len(asked) > len(NAMES)
    hosts = {
        urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"localhost"}
