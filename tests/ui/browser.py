"""The pages in a browser on planted worlds, and ways to wait for what a person would wait for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import TimeoutError as TooLate

from benchmarks import browser

PATIENCE = 120_000
"""Milliseconds a person in a hurry on a busy machine may have to wait; nothing is asserted about speed."""
PLANTED = Path(__file__).with_name("planted_app.py")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Start the pages on planted worlds; give their address."""
    with browser.serving(folder, PLANTED) as address:
        yield address


def open_page(chromium: Any, address: str, **options: Any) -> Any:
    """Open the pages in a browser context of their own."""
    page = chromium.new_context(**{"viewport": {"width": 1280, "height": 720}, **options}).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    return page


def confirmed(page: Any, badges: int = 2) -> None:
    """Wait until the answers are confirmed; nothing else is known to have happened.

    Raises
    ------
    AssertionError
        If they never are; it says what stands on the page instead.
    """
    try:
        page.wait_for_function(
            "n => [...document.querySelectorAll('[data-testid=stMain] span')]"
            ".filter(one => !one.children.length && /^(confirmed|已确认)/.test(one.textContent)).length >= n",
            arg=badges,
        )
    except TooLate as error:
        said = page.evaluate("() => document.querySelector('[data-testid=stMain]')?.innerText")
        raise AssertionError(f"never {badges} times confirmed; the page says: {said}") from error


def headline(page: Any) -> str:
    """The sentence of the page; charts and headings are made anew at every rerun, so it is polled for."""
    handle = page.wait_for_function("() => document.querySelector('[data-testid=stMain] h3')?.innerText")
    return str(handle.json_value())


def another_headline(page: Any, old: str) -> str:
    """Wait for a sentence other than an old one."""
    handle = page.wait_for_function(
        "old => { const now = document.querySelector('[data-testid=stMain] h3')?.innerText;"
        " return now && now !== old ? now : null }",
        arg=old,
    )
    return str(handle.json_value())


def headline_becomes(page: Any, words: str) -> None:
    """Wait until the sentence of the page is this one."""
    page.wait_for_function(
        "words => document.querySelector('[data-testid=stMain] h3')?.innerText === words", arg=words
    )


def bottom_of_charts(page: Any, count: int) -> float:
    """Lowest edge of so many charts, once all of them are there (each rerun makes them anew)."""
    handle = page.wait_for_function(
        "n => { const all = [...document.querySelectorAll('.js-plotly-plot')];"
        " const drawn = all.filter(one => one.querySelector('.trace, .point'))"
        ".map(one => one.getBoundingClientRect()).filter(one => one.height);"
        " return drawn.length >= n ? Math.max(...drawn.map(one => one.bottom)) : null }",
        arg=count,
    )
    return float(handle.json_value())


def cut_buttons(page: Any) -> list[str]:
    """Words of buttons beside the sidebar of which a part is cut off, or that lie outside the page."""
    found = page.evaluate(
        "() => { const main = document.querySelector('[data-testid=stMain]');"
        " const right = main.getBoundingClientRect().left + main.clientWidth;"
        " return [...main.querySelectorAll('button')]"
        ".filter(one => one.innerText.trim() && one.getBoundingClientRect().width)"
        ".filter(one => one.getBoundingClientRect().right > right + 1"
        " || [...one.querySelectorAll('[data-testid=stMarkdownContainer]')]"
        ".some(label => label.scrollWidth > label.clientWidth || !label.clientWidth))"
        ".map(one => one.innerText.trim()) }"
    )
    return [str(words) for words in found]


def sideways(page: Any) -> float:
    """Pixels by which the page, or its part beside the sidebar, is wider than what is seen of it."""
    return float(
        page.evaluate(
            "() => Math.max(...[document.documentElement, document.querySelector('[data-testid=stMain]')]"
            ".map(one => one.scrollWidth - one.clientWidth))"
        )
    )


def cut_words(page: Any) -> list[str]:
    """Words of charts that lie outside the frame of their chart at the left or at the right."""
    found = page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {"
        " const frame = chart.getBoundingClientRect(); return [...chart.querySelectorAll('svg text')]"
        ".filter(one => { const box = one.getBoundingClientRect(); return one.textContent.trim()"
        " && box.width && (box.left < frame.left - 1 || box.right > frame.right + 1) })"
        ".map(one => one.textContent) })"
    )
    return [str(words) for words in found]
