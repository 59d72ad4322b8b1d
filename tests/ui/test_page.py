"""The page script: what it shows at each stage, and what it refuses to show."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.scenario import load
from sim.ui.levers import LEVERS
from tests.ui.conftest import simulated

APP = str(Path(__file__).resolve().parents[2] / "app.py")
OTHERS = "pickup.community.background_parcels_per_point_day"


def lock(page: AppTest) -> None:
    """Press the button that locks a prediction."""
    next(button for button in page.button if button.label == "Lock my prediction").click().run()


@pytest.fixture
def page(desk) -> AppTest:
    """The page as it opens."""
    del desk
    return AppTest.from_file(APP, default_timeout=60).run()


def words(page: AppTest) -> str:
    """All text on the page."""
    parts = [
        *page.title,
        *page.subheader,
        *page.markdown,
        *page.caption,
        *page.warning,
        *page.info,
        *page.success,
        *page.error,
    ]
    return "\n".join(str(part.value) for part in parts)


def test_it_opens_on_a_finished_answer(page):
    assert not page.exception
    assert page.subheader[0].value == simulated("densify", ())["headline"]
    assert len(page.slider) == len(LEVERS) == 4
    assert len(page.get("plotly_chart")) == 1
    text = words(page)
    assert "confirmed: 5 of 5" in text
    assert "not calibrated" in text
    assert "Not modelled" in text
    assert "| volume" in text


def test_levers_start_at_the_scenarios_own_values(page):
    world = load("community_pickup")
    assert [slider.value for slider in page.slider] == [lever.own(world) for lever in LEVERS]
    assert "Plausible: 10 to 400" in page.slider[0].help


def test_a_moved_lever_gives_its_own_answer_and_keeps_the_baseline(page):
    page.slider(key="others").set_value(60).run()
    assert not page.exception
    assert page.subheader[0].value == simulated("densify", ((OTHERS, 60.0),))["headline"]
    assert "10 → 60 parcels/point-day, +500%" in words(page)
    assert f"{OTHERS}=60" in page.code[0].value
    next(button for button in page.button if button.label == "Back to the baseline").click().run()
    assert "Nothing changed" in words(page)


def test_while_nothing_is_known_nothing_is_drawn(desk):
    desk.stage = 0
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception
    assert page.subheader[0].value == "Simulating the baseline ..."
    assert "simulating: 0 of 5" in words(page)
    assert '"data":[]' in page.get("plotly_chart")[0].proto.spec.replace(" ", "")


def test_the_first_answer_says_that_it_has_no_interval(desk):
    desk.stage = 1
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert "1 of 5 histories of each size, no interval yet" in words(page)
    assert "confirmed" not in words(page)


def test_a_first_compilation_is_said(desk):
    desk.stage, desk.compiled = 0, False
    assert "compiling the simulator" in words(AppTest.from_file(APP, default_timeout=60).run())


def test_a_failure_is_said_in_words(desk):
    desk.message = "no such luck"
    page = AppTest.from_file(APP, default_timeout=60).run()
    assert not page.exception
    assert "no such luck" in page.error[0].value


def test_the_second_path_stays_hidden_until_a_prediction_is_locked(page):
    hidden = simulated("replicate", ())["headline"]
    assert hidden not in words(page)
    lock(page)
    assert "Choose a direction" in words(page)
    assert hidden not in words(page)
    page.radio[0].set_value("rises")
    page.number_input[0].set_value(12.0)
    lock(page)
    assert not page.exception
    assert hidden in words(page)
    assert "You said: rises 12% per doubling." in words(page)
    page.slider(key="others").set_value(60).run()
    assert simulated("replicate", ((OTHERS, 60.0),))["headline"] not in words(page)


@pytest.mark.parametrize("nonsense", ["-5", "1e99", "many", ""])
def test_nonsense_in_the_address_does_no_harm(desk, nonsense):
    del desk
    page = AppTest.from_file(APP, default_timeout=60)
    page.query_params["points"] = nonsense
    page.run()
    assert not page.exception
    assert 10 <= page.slider(key="points").value <= 200


def test_what_looks_uneconomic_is_said_with_a_way_out(page):
    page.slider(key="others").set_value(60).run()
    page.slider(key="span").set_value(60).run()
    assert "Fix:" in page.warning[0].value
    assert "Points one manager supervises" in page.warning[0].value
