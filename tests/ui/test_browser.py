"""The pages in a browser: what a person sees, by keyboard alone too, and which machines are asked."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from benchmarks.browser import browsing
from tests.ui.browser import (
    bottom_of_charts,
    confirmed,
    headline,
    open_page,
    picture,
    serving,
)

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


def move(page, name: str, keys: int = 1) -> None:
    """Move a lever with the keyboard."""
    lever = page.get_by_role("slider", name=name)
    lever.focus()
    for _ in range(keys):
        lever.press("ArrowRight")


def test_first_paint_and_no_other_machine(browser, address):
    asked: list[str] = []
    page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    page.set_default_timeout(120_000)
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    confirmed(page)
    first = headline(page)
    assert "order" in first
    assert any(letter.isdigit() for letter in first), "a sentence with a number"
    assert page.get_by_role("slider").count() <= 8
    assert bottom_of_charts(page, 2) < 720, "the charts are below the fold"
    assert "s=" not in urlsplit(page.url).query
    picture(page, "decide")

    page.context.close()
    hosts = {
        urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"localhost"}


BAD = {
    "bad.yaml": (b"schema_version: 1\nextends: base.yaml\nmarket: {placess: 3}\n", "placess"),
    "worse.yaml": (b"\xff\xfe\x00", "UTF-8"),
    "steal.yaml": (b"schema_version: 1\nextends: ../../etc/passwd\n", "leads out of the folder"),
    "broken.xlsx": (b"PK but no workbook", "no Excel workbook"),
}


def test_a_bad_upload_is_refused_in_words(browser, address):
    page = open_page(browser, address)
    confirmed(page)
    before = headline(page)
    page.get_by_role("button", name="Share, files").click()
    for name, (content, said) in BAD.items():
        page.wait_for_function("() => document.querySelectorAll('input[type=file]').length === 1")
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        page.locator("[data-testid=stAlert]").filter(has_text=said).wait_for()
    confirmed(page)
    assert headline(page) == before
    page.context.close()


def test_chinese_dark_and_on_a_tablet(browser, address):
    page = open_page(browser, address, color_scheme="dark", viewport={"width": 834, "height": 1112})
    confirmed(page)
    page.get_by_role("button", name="中文").click()
    page.get_by_role("button", name="English").wait_for()
    assert "每单" in headline(page)
    colour = page.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert sum(int(part) for part in colour[4:-1].split(",")) < 3 * 60, f"not dark: {colour}"
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nobody has to scroll sideways"
    picture(page, "chinese_dark_tablet")
    page.context.close()


def test_the_keyboard_reaches_levers_and_buttons_and_shows_where_it_is(browser, address):
    page = open_page(browser, address)
    confirmed(page)
    names, ringed = set(), 0
    for _ in range(240):  # a page that is drawn anew meanwhile sends the focus back to its beginning
        if "Pickup points" in names and ringed > 10:
            break
        page.keyboard.press("Tab")
        found = page.evaluate(
            "() => { const one = document.activeElement, look = getComputedStyle(one);"
            " return [one.getAttribute('aria-label') || one.innerText || '', look.outlineStyle] }"
        )
        names.add(found[0].strip())
        ringed += found[1] == "solid"
    assert "Pickup points" in names
    assert ringed > 10
    page.context.close()


def test_charts_have_words_for_who_cannot_see_them(browser, address):
    page = open_page(browser, address)
    confirmed(page)
    bottom_of_charts(page, 2)
    handle = page.wait_for_function(
        "() => { const charts = '[data-testid=stPlotlyChart], [data-testid=stImage] img';"
        " const found = [...document.querySelectorAll(charts)]"
        ".map(one => one.closest('[aria-label]')?.ariaLabel || one.getAttribute('alt')"
        " || one.querySelector('[aria-label]')?.ariaLabel || '');"
        " return found.length > 2 ? found : null }"
    )
    silent = [words for words in handle.json_value() if not words]
    assert not silent, f"{len(silent)} pictures say nothing"
    page.context.close()
