"""Four worlds: contrasts of planted truth."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from sim.experiment.errors import ExperimentError
from sim.experiment.fourfold import CELLS, fourfold
from sim.experiment.runner import Runner
from sim.scenario import load

LEVER, ASSUMED = "channels.tmall.price_index", "market.price_elasticity"
BASE = load("door_only", ["horizon.days=7"])


def planted(scenario, seed, **_):
    """Profit of 10 + 3 levers - 2 assumptions + 4 of both, plus the same luck in all four worlds."""
    lever = scenario.value(LEVER) != BASE.value(LEVER)
    assumed = scenario.value(ASSUMED) != BASE.value(ASSUMED)
    profit = 10.0 + 3.0 * lever - 2.0 * assumed + 4.0 * (lever and assumed) + (seed % 1000) / 100.0
    return SimpleNamespace(
        scenario_hash=scenario.hash, seed=seed, start="mature", model_version="0", accounts={},
        kpis={"contribution_per_order": profit}, accounts_by_channel={}, orders_by_channel={},
    )  # fmt: skip


def worlds():
    lever, assumed = {LEVER: 0.9}, {ASSUMED: -3.0}
    return BASE, *(BASE.with_values(changes) for changes in (lever, assumed, lever | assumed))


def test_contrasts_find_the_planted_effects_exactly():
    with Runner(1, simulate=planted) as runner:
        found = fourfold(*worlds(), replications=4, runner=runner)
    means = {name: value.mean for name, value in found.contrasts.items()}
    assert means == pytest.approx(
        {
            "levers_in_default_world": 3.0,
            "levers_in_my_world": 7.0,
            "assumptions_with_default_levers": -2.0,
            "assumptions_with_my_levers": 2.0,
            "interaction": 4.0,
        }
    )
    assert all(value.half_width == pytest.approx(0.0, abs=1e-9) for value in found.contrasts.values())
    assert all(value.half_width > 0.1 for value in found.cells.values()), (
        "luck is in the results, not between"
    )
    assert list(found.cells) == list(CELLS)


def test_nothing_changed_is_exactly_nothing():
    with Runner(1, simulate=planted) as runner:
        found = fourfold(BASE, BASE, BASE, BASE, replications=3, runner=runner)
        assert runner.simulated == 3, "equal worlds are simulated once"
    assert all((value.mean, value.low, value.high) == (0.0, 0.0, 0.0) for value in found.contrasts.values())


def test_a_figure_that_one_world_lacks_is_refused():
    with Runner(1, simulate=planted) as runner, pytest.raises(ExperimentError, match="layer_cost_per_parcel"):
        fourfold(*worlds(), metric="layer_cost_per_parcel", replications=2, runner=runner)
