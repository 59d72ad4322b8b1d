"""Charts: what is drawn is what was simulated, every axis has its unit, every chart its words and table."""

from __future__ import annotations

import re

import pytest

from sim.report.page import Column, table
from sim.ui.case import Case
from sim.ui.drawn import Drawn, UnitlessError, table_csv
from sim.ui.pictures import PICTURES, Material
from sim.ui.pictures.picture import figure
from sim.ui.questions.compare import CompareQuestion
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.year import YearQuestion
from sim.ui.thumbnail import HEIGHT, WIDTH, thumbnail
from tests.ui.conftest import shrunk, stages_of

CASE = Case().changed({"pickup.community.points": 60})


def result_of(question):
    """The confirmed result of a small question."""
    return stages_of(shrunk(question))[-1].result


@pytest.fixture(scope="module")
def material() -> Material:
    """Everything there is to draw from."""
    return Material(
        run=result_of(YearQuestion(CASE)),
        run_before=result_of(YearQuestion(CASE.origin)),
        scale=result_of(ScaleQuestion(CASE)),
        scale_before=result_of(ScaleQuestion(CASE.origin)),
        compare=result_of(CompareQuestion(CASE, other=CASE.origin)),
    )


@pytest.mark.parametrize("name", PICTURES)
def test_every_chart_has_axes_words_table_and_a_small_version(material, name):
    drawn = PICTURES[name].draw(material)
    assert drawn.figure.layout.xaxis.title.text
    assert drawn.figure.layout.yaxis.title.text
    assert len(drawn.table.rows) > 1
    assert drawn.alt.startswith(PICTURES[name].title())
    assert "nan" not in (drawn.alt + drawn.reading + table_csv(drawn.table)).lower().replace("financ", "")
    small = thumbnail(drawn.figure, drawn.alt)
    numbers = [float(found) for found in re.findall(r'(?:x|y|width|height)="([-\d.]+)"', small)]
    assert all(-0.1 <= number <= max(WIDTH, HEIGHT) + 0.1 for number in numbers)


def test_profit_by_channel_is_what_the_run_says(material):
    drawn = PICTURES["profit"].draw(material)
    now = drawn.figure.data[-1]
    per_order = {
        name: found["contribution"]["mean"]
        for name, found in material.run["per_order"].items()
        if name and "contribution" in found
    }
    assert sorted(now.y) == sorted(per_order.values())
    assert drawn.figure.data[0].name == "baseline"
    assert drawn.figure.data[0].marker.color != now.marker.color


def test_the_curve_is_the_study_and_its_band_is_the_interval(material):
    drawn = PICTURES["volume"].draw(material)
    lines = {trace.name: trace for trace in drawn.figure.data if trace.name}
    steps = material.scale["steps"]
    assert list(lines["average"].y) == [step["average_cost"]["mean"] for step in steps]
    assert list(lines["marginal"].y) == [step["marginal_cost"]["mean"] for step in steps[1:]]
    assert list(lines["baseline"].y) == [
        step["average_cost"]["mean"] for step in material.scale_before["steps"]
    ]
    assert len({lines[name].line.dash for name in ("average", "marginal", "baseline")}) == 3
    bands = [list(trace.y) for trace in drawn.figure.data if trace.fill]
    lows = [step["average_cost"]["low"] for step in reversed(steps)]
    assert [step["average_cost"]["high"] for step in steps] + lows in bands
    assert "logarithmic" in drawn.figure.layout.xaxis.title.text


def test_a_turning_point_is_a_band_at_its_sizes(material):
    turning = {
        **material.scale,
        "verdict": "stops_scaling",
        "elasticity_to": "orders",
        "turning_point": {"mean": 1000.0, "low": 800.0, "high": 1200.0, "unit": "orders", "n": 5},
    }
    (band,) = PICTURES["volume"].draw(Material(scale=turning)).figure.layout.shapes
    last = turning["steps"][-1]
    orders_per_volume = last["orders"]["mean"] / last["volume"]
    assert band.x0 * orders_per_volume == pytest.approx(800.0)
    assert band.x1 * orders_per_volume == pytest.approx(1200.0)


def test_the_waterfall_adds_up(material):
    (steps,) = PICTURES["change"].draw(material).figure.data
    before, *parts, after = steps.y
    assert before + sum(parts) == pytest.approx(after, abs=1e-6)


def test_a_chart_without_units_or_words_is_refused():
    some = table("a", [Column("b")], [("1",)])
    bare = figure("", "yuan")
    bare.add_bar(x=["a"], y=[1])
    with pytest.raises(UnitlessError, match="axis"):
        Drawn(bare, some, "alt", "reading")
    good = figure("channel", "yuan")
    good.add_bar(x=["a"], y=[1])
    with pytest.raises(UnitlessError, match="reading"):
        Drawn(good, some, "", "")


def test_a_table_to_take_away_holds_no_formula():
    found = table("a", [Column("cost", "yuan"), Column("b", words=True)], [("-1.5", "=cmd()")])
    assert table_csv(found) == "cost (yuan),b\n-1.5,'=cmd()\n"
