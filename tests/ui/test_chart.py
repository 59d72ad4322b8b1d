"""The cost curve: what is drawn is what was simulated, and nothing else."""

from __future__ import annotations

import itertools

from sim.ui.chart import Curve, cost_chart
from sim.ui.question import VOLUMES
from tests.ui.conftest import simulated


def lines(figure):
    """The traces that have a name, which are the curves."""
    return {trace.name: trace for trace in figure.data if trace.name}


def test_every_point_is_a_simulated_mean_with_its_band():
    result = simulated("densify", ())
    figure = cost_chart([Curve("yours", result, "current")], VOLUMES)
    line = lines(figure)["yours"]
    values = [step["average_cost"] for step in result["steps"]]
    assert list(line.y) == [value["mean"] for value in values]
    assert list(line.x) == list(VOLUMES)
    (band,) = [trace for trace in figure.data if trace.fill]
    assert list(band.y) == [value["high"] for value in values] + [value["low"] for value in reversed(values)]
    assert figure.layout.yaxis.title.text == "yuan per parcel"
    assert figure.layout.yaxis.range[0] == 0
    assert "orders" in figure.layout.xaxis.title.text


def test_one_history_has_no_band_and_says_so():
    figure = cost_chart([Curve("yours", simulated("densify", (), 1), "current")], VOLUMES)
    assert not [trace for trace in figure.data if trace.fill]
    assert "no interval" in lines(figure)["yours"].customdata[0]


def test_curves_differ_in_more_than_colour_and_their_names_do_not_overlap():
    result = simulated("densify", ())
    looks = ("current", "second", "ghost")
    figure = cost_chart([Curve(look, result, look) for look in looks], VOLUMES)
    assert len({lines(figure)[look].line.dash for look in looks}) == 3
    shifts = sorted(note.yshift for note in figure.layout.annotations)
    assert all(later - earlier >= 15 for earlier, later in itertools.pairwise(shifts))


def test_nothing_known_is_an_empty_frame():
    assert len(cost_chart([], VOLUMES).data) == 0
