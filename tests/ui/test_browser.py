"""The pages in a browser: what a person sees, by keyboard alone too, and which machines are asked."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks.browser import browsing
from sim.ui.inputs import Inputs
from tests.ui.browser import (
    another_headline,
    bottom_of_charts,
    confirmed,
    cut_buttons,
    cut_words,
    headline,
    headline_becomes,
    open_page,
    serving,
    sideways,
)

pytestmark = pytest.mark.browser
PRICE, PROMISE = "channels.tmall.price_index", "fulfilment.promise_hours"
POINTS = "pickup.community.points"
OTHERS = "pickup.community.background_parcels_per_point_day"


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


def changed_in(url: str, path: str) -> object:
    """The changed value of an assumption that an address holds."""
    words = parse_qs(urlsplit(url).query).get("s")
    return dict(Inputs.from_link(words[0])[0].case.changes).get(path) if words else None


def test_first_paint_lever_undo_and_no_other_machine(browser, address):
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

    move(page, "Pickup points")
    another_headline(page, first)  # the first glimpse
    confirmed(page)
    second = headline(page)
    assert second != first
    assert "baseline" in second
    page.wait_for_url("**s=1.*")
    page.get_by_role("button", name="Changed: 1").click()
    page.get_by_text("40 → 45").wait_for()
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Undo").click()
    headline_becomes(page, first)
    page.context.close()
    hosts = {
        urlsplit(url).hostname for url in asked if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }
    assert hosts == {"localhost"}


def test_undo_after_a_burst_on_a_lever_walks_back_and_never_forth(browser, address):
    page = open_page(browser, f"{address}/?s={Inputs().showing(page='flow').to_link()}")
    page.get_by_role("slider", name="Delivery promise").press("Home")
    price = page.get_by_role("slider", name="Price on the web")
    for _ in range(5):
        price.press("ArrowLeft")
    page.wait_for_url(lambda url: changed_in(url, PRICE) == 0.95)
    assert price.evaluate("one => one === document.activeElement"), "the hand is still on the lever"
    assert changed_in(page.url, PROMISE) == 24
    undo, seen = page.get_by_role("button", name="Undo"), [0.95]
    for _ in range(8):
        if undo.is_disabled():
            break
        before = page.url
        undo.click()
        page.wait_for_url(lambda url, old=before: url != old)
        page.wait_for_timeout(300)  # what the browser says of its own accord
        seen.append(changed_in(page.url, PRICE) or 1.0)
    assert seen == sorted(seen), "a move that nobody made"
    assert len(seen) <= 7
    assert (changed_in(page.url, PRICE), changed_in(page.url, PROMISE)) == (None, None)
    page.context.close()


def test_a_share_link_shows_the_same_in_another_browser(browser, address):
    mine = open_page(browser, address)
    confirmed(mine)
    move(mine, "Others' parcels per point-day", 5)
    mine.get_by_role("button", name="Money", exact=True).click()
    mine.get_by_role("heading", name="Where the money of an order goes").wait_for()
    mine.wait_for_url(lambda url: changed_in(url, OTHERS) == 60)
    confirmed(mine)
    said, link = headline(mine), mine.url
    mine.context.close()

    theirs = open_page(browser, link)
    confirmed(theirs)
    theirs.get_by_role("heading", name="Where the money of an order goes").wait_for()
    assert headline(theirs) == said
    assert theirs.get_by_role("slider", name="Others' parcels per point-day").input_value() == "60"
    theirs.reload()
    confirmed(theirs)
    assert headline(theirs) == said
    theirs.context.close()


BAD = {
    "bad.yaml": (b"schema_version: 1\nextends: base.yaml\nmarket: {placess: 3}\n", "placess"),
    "worse.yaml": (b"\xff\xfe\x00", "UTF-8"),
    "steal.yaml": (b"schema_version: 1\nextends: ../../etc/passwd\n", "leads out of the folder"),
    "broken.xlsx": (b"PK but no workbook", "no Excel workbook"),
    "words.txt": (b"schema_version: 1\n", "a scenario is a .yaml or .xlsx file"),
    "huge.yaml": (b"#" * 20_000_000, "a file may have 1,000,000 bytes"),
    "aliases.yaml": (
        b"schema_version: 1\nextends: base.yaml\na: &a 1\n" + b"".join(b"k%d: *a\n" % n for n in range(90)),
        "more problems",
    ),
}


def test_a_bad_upload_is_refused_in_words(browser, address):
    page = open_page(browser, address)
    confirmed(page)
    before = headline(page)
    page.get_by_role("button", name="Share, files").click()
    panel = page.locator("[data-testid=stPopoverBody]:visible")
    for name, (content, said) in BAD.items():
        page.wait_for_function("() => document.querySelectorAll('input[type=file]').length === 1")
        page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )
        panel.locator("[data-testid=stAlert]").filter(has_text=said).filter(has_text=name).wait_for()
        assert page.locator("[data-testid=stAlert]").count() == 1, "the words about the file before are gone"
    confirmed(page)
    assert headline(page) == before
    page.context.close()


def test_an_uploaded_scenario_opens_and_fits_into_the_link(browser, address):
    page = open_page(browser, address)
    confirmed(page)
    page.get_by_role("button", name="Share, files").click()
    text = (
        "schema_version: 1\nextends: community_pickup.yaml\ntitle: Mine\npickup: {community: {points: 25}}\n"
    )
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
    )
    page.wait_for_url("**s=1.*")
    page.wait_for_function(
        "() => document.querySelector('input[type=range][aria-label=\"Pickup points\"]')?.value === '25'"
    )
    confirmed(page)
    found, _ = Inputs.from_link(parse_qs(urlsplit(page.url).query)["s"][0])
    assert (found.base, found.case.text) == ("mine", text)
    page.context.close()


def test_chinese_dark_and_on_a_tablet(browser, address):
    page = open_page(browser, address, color_scheme="dark", viewport={"width": 834, "height": 1112})
    confirmed(page)
    page.get_by_role("button", name="中文").click()
    page.get_by_role("button", name="English").wait_for()
    assert "每单" in headline(page)
    colour = page.evaluate("() => getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert sum(int(part) for part in colour[4:-1].split(",")) < 3 * 60, f"not dark: {colour}"
    assert sideways(page) <= 0, "nobody has to scroll sideways"
    page.context.close()


SCREENS = [("en", 834), ("en", 1024), ("zh", 834), ("zh", 1024), ("zh", 1280)]
"""Languages and widths; the tour (``test_browser_tour.py``) goes through every page in English at 1280."""


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_no_name_is_cut_from_tablet_to_laptop(browser, address, language, width):
    page = open_page(browser, address, viewport={"width": width, "height": 720})
    for name, charts in {"decide": 2, "scale": 2, "compare": 2}.items():
        page.goto(f"{address}/?s={Inputs().showing(page=name, language=language).to_link()}")
        bottom_of_charts(page, charts)
        page.get_by_role("button", name={"en": "Undo", "zh": "撤销"}[language]).wait_for()
        page.wait_for_timeout(500)  # charts follow the width of their column
        assert not cut_buttons(page), f"{name}: cut off {cut_buttons(page)}"
        assert not cut_words(page), f"{name}: outside their chart {cut_words(page)}"
        assert sideways(page) <= 0, f"{name}: nobody has to scroll sideways"
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
    assert {"Redo", "Undo"} & names or "Pickup points" in names
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


def test_ten_visitors_at_once_each_get_their_own_answer(browser, address):
    pages = [open_page(browser, address) for _ in range(10)]
    for page in pages:
        confirmed(page)
    first = headline(pages[0])
    for number, page in enumerate(pages):
        move(page, "Pickup points", number + 1)
    said = []
    for number, page in enumerate(pages):
        # A key that is held down reports where it stands on the way, too.
        page.wait_for_url(lambda url, points=45 + 5 * number: changed_in(url, POINTS) == points)
        another_headline(page, first)
        confirmed(page)
        said.append(headline(page))
    assert len(set(said)) == len(pages)
    assert len({page.url for page in pages}) == len(pages)
    for page in pages:
        page.context.close()
