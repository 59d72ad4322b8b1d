"""Trails of figures: their lines add up, and a lost line shows."""

from __future__ import annotations

import pytest

from sim.experiment.book_trails import CONTRIBUTION, TOTAL, figures_of, keep_books_of, lines, trail
from sim.experiment.seeds import replication_seed
from sim.report.run_result import of_run
from sim.world import simulate
from tests.world.small import brief

FEN = 0.005


@pytest.fixture(scope="module")
def scenario():
    """Four weeks of a small brand with points."""
    return brief("community_pickup")


@pytest.fixture(scope="module")
def data(scenario):
    """Its books."""
    return keep_books_of(scenario)


@pytest.fixture(scope="module")
def report(scenario):
    """What ``run --json`` says of the same history."""
    return of_run(simulate(scenario, replication_seed(1, 0)))


def earned(figure):
    return figure in ("sales", CONTRIBUTION)


def test_every_figure_is_what_run_reports_and_its_lines_add_up_to_it(data, report):
    seen = 0
    for channel, figures in figures_of(data).items():
        for figure in figures:
            found = trail(data, figure, channel)
            if figure in report["per_order"][channel]:
                sign = 1 if earned(figure) else -1
                reported = report["per_order"][channel][figure]["mean"]
                assert found.value == pytest.approx(sign * reported, abs=1e-9)
                seen += 1
            elif channel == TOTAL:
                assert found.value == pytest.approx(report["kpis"][figure]["mean"], abs=1e-9)
                seen += 1
            assert abs(found.off) < FEN
            own = lines(data, found.accounts, channel, found.layer, earned=earned(figure))
            booked = sum(found.accounts.values())
            assert sum(line["yuan"] for line in own) == pytest.approx(booked, abs=1e-6)
    assert seen > 40


def test_a_lost_line_is_seen(data):
    found = trail(data, "last_mile", "mall")
    place = next(
        number
        for number, entry in enumerate(data["entries"])
        if entry[0] == "last_mile" and entry[2] == "mall" and entry[6] > FEN * 100 * found.divisor
    )
    broken = {**data, "entries": [*data["entries"][:place], *data["entries"][place + 1 :]]}
    lost = data["entries"][place][6] / 100
    assert trail(broken, "last_mile", "mall").off == pytest.approx(lost / found.divisor)


def test_a_layer_bears_what_the_courier_still_charges(data, scenario):
    found = trail(data, "community_cost_per_parcel", TOTAL)
    assert all(name.startswith("pickup_") for name in found.accounts)
    courier = scenario.fulfilment.courier
    each = {part.what: part.each for part in found.counted}
    assert each["failed_attempts"] == pytest.approx(courier.last_mile_cost + courier.failed_attempt_cost)
    assert found.total / found.divisor == pytest.approx(data["kpis"]["community_cost_per_parcel"], abs=FEN)


def test_a_figure_that_is_not_there_is_named(data):
    with pytest.raises(KeyError, match="no figure 'last_mile' for 'stores'"):
        trail(data, "last_mile", "stores")
