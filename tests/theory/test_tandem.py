"""The order tandem against two models written by hand from the same table of luck: SimPy and C."""

import pytest

from benchmarks import c_twin, flow_model, simpy_model
from benchmarks.luck import disagreements, draw_luck

HOURS = 400.0


@pytest.fixture(scope="module")
def luck():
    return draw_luck(HOURS, seed=3)


@pytest.mark.parametrize("daily", [False, True], ids=["no decisions", "daily decisions"])
@pytest.mark.parametrize("engine", ["compiled", "reference"])
def test_engines_agree_with_a_hand_written_simpy_model(luck, engine, daily):
    """Equal counts at every node, summed hours to 1e-9, equal decisions."""
    by_hand = simpy_model.run(simpy_model.prepare(luck, HOURS, daily), HOURS)
    network = flow_model.recorded_network(luck)
    ours = flow_model.tally(flow_model.run(network, luck, HOURS, daily, engine))
    assert by_hand.entries["done"] > 0.8 * luck.orders
    assert by_hand.decisions == (16 if daily else 0)
    assert disagreements(by_hand, ours) == []


@pytest.mark.parametrize("daily", [False, True], ids=["no decisions", "daily decisions"])
def test_c_twin_agrees_with_the_hand_written_simpy_model(luck, daily):
    """Where a C compiler exists; without one the twin says so and there is nothing to compare."""
    twin = c_twin.build()
    by_hand = simpy_model.run(simpy_model.prepare(luck, HOURS, daily), HOURS)
    if twin is not None:
        assert disagreements(by_hand, twin.run(twin.prepare(luck), HOURS, daily)) == []
