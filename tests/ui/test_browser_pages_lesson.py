"""The lesson in a browser: by keyboard from the prediction to the curve, and no answer before the lock."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from benchmarks.browser import browsing
from sim.ui.classroom import Classroom
from sim.ui.inputs import Inputs
from sim.ui.prediction import Prediction
from tests.ui.browser import PATIENCE, bottom_of_charts, serving, sideways

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


def opened(browser, address, room: Classroom, language: str = "en", **options):
    """The lesson in a browser of its own, with a class."""
    page = browser.new_context(**{"viewport": {"width": 1280, "height": 720}, **options}).new_page()
    page.set_default_timeout(PATIENCE)
    inputs = Inputs().showing(page="lesson", language=language, **room.words())
    page.goto(f"{address}/?s={inputs.to_link()}")
    return page


def test_a_refused_prediction_stays_in_its_fields_and_enter_hands_it_in(browser, address):
    page = opened(browser, address, Classroom(step="predict"))
    first = page.locator(".st-key-lesson-number-0 input")
    first.fill("120")
    page.locator(".st-key-lesson-who input").fill("王 小明")
    page.locator(".st-key-lesson-who input").press("Enter")
    page.get_by_text("please give all six").wait_for()
    assert first.input_value() == "120"
    assert page.locator(".st-key-lesson-who input").input_value() == "王 小明"
    page.context.close()


def test_the_clicker_works_with_the_cursor_in_a_field(browser, address):
    page = opened(browser, address, Classroom(predictions=(ANNA,), step="predict"))
    field = page.locator(".st-key-lesson-number-1 input")
    field.fill("70")
    page.keyboard.press("PageUp")
    page.get_by_text("Step 1 of 9").wait_for()
    page.keyboard.press("PageDown")
    page.get_by_text("Step 2 of 9").wait_for()
    page.wait_for_function("() => document.querySelector('.st-key-lesson-number-1 input')?.value === '70'")
    page.get_by_role("button", name="Lock all predictions").click()
    page.get_by_text("somebody is still typing").wait_for()
    assert field.input_value() == "70"
    page.context.close()


def test_the_clicker_works_after_a_bend_was_chosen(browser, address):
    page = opened(browser, address, Classroom(predictions=(ANNA,)).locked().at("explain"))
    page.get_by_text("Step 8 of 9").wait_for()
    page.locator(".st-key-lesson-bend input").click()
    page.get_by_role("option", name="control fades").click()
    page.get_by_text("the founder’s world").wait_for()
    page.keyboard.press("PageDown")
    page.get_by_text("Step 9 of 9").wait_for()
    assert page.get_by_text("Debrief (4 min)").is_visible()
    page.context.close()


OVERLAPS = """() => {
  const scores = document.querySelector('.st-key-lesson-scores table');
  const questions = document.querySelector('[data-testid=stMain] ol');
  const aside = document.querySelector('[data-testid=stSidebar]');
  const isStyled = !aside || getComputedStyle(aside).display === 'none';
  if (!scores || !questions || !isStyled) return null;
  const cells = [...scores.querySelectorAll('th, td')].map(one => one.getBoundingClientRect());
  const other = questions.getBoundingClientRect();
  const isOver = cells.some(one => one.left < other.right && one.right > other.left
    && one.top < other.bottom && one.bottom > other.top);
  const cut = Math.max(...cells.map(one => one.right)) - window.innerWidth;
  return [isOver, cut > 0];
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1024, 768), (820, 1180), (390, 844)])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_debrief_lies_over_nothing_and_is_not_cut_off(browser, address, width, height, language):
    room = Classroom(predictions=(ANNA,)).locked().at("debrief")
    page = opened(browser, address, room, language=language, viewport={"width": width, "height": height})
    found = page.wait_for_function(OVERLAPS).json_value()
    assert found == [False, False], "the scores lie over the questions, or are cut off at the right"
    assert sideways(page) <= 0
    page.context.close()


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
