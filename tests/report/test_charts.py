"""Charts are well-formed, self-contained drawings that stay inside their card and say what they show."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.charts import causes, change, cost_curve, growth_paths
from sim.report.svg import Scale, text_width, tick_words, ticks, wrapped
from tests.report.samples import compare_result, kpi, paths_result, scale_result, unreached_step

SVG = "{http://www.w3.org/2000/svg}"
DRAWINGS = {
    "curve": lambda: cost_curve(scale_result()),
    "causes": lambda: causes(scale_result()),
    "change": lambda: change(compare_result()),
    "paths": lambda: growth_paths(paths_result()),
}


def said(source: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(source).iter(f"{SVG}text")]


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_is_well_formed_needs_nothing_else_and_says_what_it_shows(name):
    source = DRAWINGS[name]()
    root = ET.fromstring(source)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text
    assert len(root.find(f"{SVG}desc").text) > 40
    assert "prefers-color-scheme:dark" in source
    outside = source.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?:|<script|@import|href", outside)
    assert "nan" not in source
    assert "inf" not in re.sub(r"[a-z]inf|inf[a-z]", "", source)


@pytest.mark.parametrize("name", DRAWINGS)
def test_everything_stays_inside_the_card(name):
    root = ET.fromstring(DRAWINGS[name]())
    _, _, width, height = map(float, root.get("viewBox").split())
    for element in root.iter(f"{SVG}text"):
        x, y, size = (float(element.get(key)) for key in ("x", "y", "font-size"))
        reach = text_width(element.text or "", size)
        left = {"start": x, "middle": x - reach / 2, "end": x - reach}[element.get("text-anchor")]
        assert left >= 0, element.text
        assert left + reach <= width, element.text
        assert size <= y <= height, element.text
    for element in root.iter(f"{SVG}circle"):
        assert 0 < float(element.get("cx")) < width
        assert 0 < float(element.get("cy")) < height


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_look_has_a_colour_for_light_and_for_dark(name):
    source = DRAWINGS[name]()
    sheet = source[source.index("<style>") : source.index("</style>")]
    light, dark = sheet.split("@media")
    used = {word for names in re.findall(r'class="([^"]+)"', source) for word in names.split()} - {"cs"}
    for look in used:
        assert f".{look}{{" in light
        assert f".{look}{{" in dark


def test_the_curve_writes_averages_marginal_turning_point_and_efficient_scale():
    words = said(cost_curve(scale_result()))
    for part in (
        "4.61", "3.92", "4.05", "4.74", "average", "4.74 ± 0.10", "marginal", "5.43 ± 0.20", "128k", "×0.5",
        "×4",
        "yuan/parcel", "stops scaling at 330k (268k to 420k)", "within 5% of the lowest from 205k",
        "break-even", "1.14 with door",
        "Mean and 95% interval over 5 simulated runs. Prices and habits of China about 2014, illustrative"
        " unless calibrated.",
    ):  # fmt: skip
        assert part in words


def test_the_curve_escapes_what_a_name_may_contain():
    source = cost_curve(scale_result(headline='5 < 6 & "so on"'), title="A & B <c>")
    assert "A & B <c>" in said(source)
    assert ET.fromstring(source).get("aria-label") == "A & B <c>"


def test_a_wild_marginal_cost_points_off_the_chart():
    steps = scale_result()["steps"]
    steps[1]["marginal_cost"] = kpi(40.0, 5.0)
    steps[2]["marginal_cost"] = kpi(-30.0, 5.0)
    words = said(cost_curve(scale_result(steps=steps)))
    assert "marginal 40.0, off the chart" in words
    assert "marginal -30.0, off the chart" in words


def test_a_noisy_alternative_is_not_drawn():
    steps = scale_result()["steps"]
    for step in steps:
        step["incremental_cost"] = kpi(17.0, 131.0)
    assert "break-even" not in said(cost_curve(scale_result(steps=steps)))


def test_unreached_sizes_are_left_out_and_one_size_is_no_curve():
    steps = scale_result()["steps"]
    with_gap = scale_result(steps=[*steps, unreached_step(8.0, "too far")])
    assert "×8" not in said(cost_curve(with_gap))
    with pytest.raises(ValueError, match="at least two rungs"):
        cost_curve(scale_result(steps=[steps[0], unreached_step(8.0, "too far")]))


def test_what_grows_is_named_on_the_axis():
    steps = [dict(step, size=kpi(40 * step["volume"], 0, "points")) for step in scale_result()["steps"]]
    words = said(
        cost_curve(scale_result(path="fragment", elasticity_to="points", steps=steps, turning_point=None))
    )
    assert "pickup points, logarithmic; × is volume relative to the scenario" in words
    assert {"20", "40", "80", "160"} <= set(words)
    unknown = said(cost_curve(scale_result(path="fragment", elasticity_to="points")))
    assert "volume relative to the scenario, logarithmic" in unknown
    assert not any("stops scaling" in word for word in unknown), "its unit is not that of the axis"


def test_causes_run_from_one_end_to_the_other():
    words = said(causes(scale_result()))
    assert "Volume ×0.5 (128k)" in words
    assert "Volume ×4 (1.03M)" in words
    assert (
        words.index("Labour pool")
        < words.index("Background load")
        < words.index("Only together (interaction)")
    )
    assert "+0.52 ± 0.05" in words
    with pytest.raises(ValueError, match="no causes to draw"):
        causes(scale_result(causes=[]))


def test_rising_and_falling_causes_differ_in_colour_and_sign():
    root = ET.fromstring(causes(scale_result()))
    bars = [e for e in root.iter(f"{SVG}rect") if e.get("height") == "22"]
    looks = [bar.get("class") for bar in bars]
    assert looks == ["cs-second", "cs-first", "cs-second", "cs-second", "cs-second", "cs-first"]
    widths = [float(bar.get("width")) for bar in bars]
    sizes = [0.52, 0.31, 0.02, 0.41, 0.11, 0.62]
    for width, size in zip(widths, sizes, strict=True):
        assert width / sum(widths) == pytest.approx(size / sum(sizes), abs=0.002)


def test_the_change_between_scenarios_is_drawn_by_group():
    words = said(change(compare_result()))
    assert {"base", "community_pickup", "Pickup layers", "Last mile", "Goods", "Stores"} <= set(words)
    assert "-1.76 ± 0.10" in words
    with pytest.raises(ValueError, match="no contribution per order"):
        change(compare_result(a={"scenario": "base", "kpis": {}}))


def test_paths_show_verdicts_and_why_one_does_not_apply():
    words = said(growth_paths(paths_result()))
    assert {"densify", "scalable", "fragment", "non-scalable", "cut price", "neutral"} <= set(words)
    assert any(word.startswith("does not apply") for word in words)
    with pytest.raises(ValueError, match="no growth path has an elasticity"):
        growth_paths({"paths": [paths_result()["paths"][3]]})


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 9))
def test_ticks_are_round_inside_and_told_apart(low, span, wanted):
    high = low + span
    marks = ticks(low, high, wanted)
    assert 1 <= len(marks) <= 2.5 * wanted
    slack = 1e-9 * max(abs(low), abs(high), 1)
    assert all(low - slack <= mark <= high + slack for mark in marks)
    assert len(set(tick_words(marks))) == len(marks) or span < 1e-2


def test_scales_keep_order_and_ratios():
    straight = Scale(0, 10, 100, 200)
    assert [straight(0), straight(5), straight(10)] == [100, 150, 200]
    log = Scale(1, 100, 0, 200, is_log=True)
    assert log(10) == pytest.approx(100)
    assert Scale(0, 1, 300, 100)(1e9) == -100, "what is far outside stays near the drawing"


def test_text_breaks_between_words_and_ends_in_an_ellipsis():
    lines = wrapped("one two three four five six", 10, text_width("one two three", 10), 2)
    assert lines[0] == "one two three"
    assert wrapped("one two three four five six", 10, 60, 1)[0].endswith("…")
    assert wrapped("", 10, 60) == []
