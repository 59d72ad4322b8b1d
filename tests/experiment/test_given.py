"""A name or a path where a scenario belongs is refused in words, before anything is simulated."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.experiment import Job, Runner, replicate, scenario_at
from sim.experiment.optimise import Figure, Lever, Problem
from sim.experiment.precision import Precision, compare_until, replicate_until
from sim.scenario import load
from tests.experiment.planted import priced

BASE = load("base")
WIDTH = Precision(0.1)
STUDIES = {
    "replicate": sim.replicate,
    "compare": lambda found: sim.compare(found, BASE),
    "compare with": lambda found: sim.compare(BASE, found),
    "scale": sim.scale,
    "scenario_at": lambda found: scenario_at(found, "densify", 2.0),
    "incrementality": sim.incrementality,
    "panel": sim.panel,
    "tornado": sim.tornado,
    "tornado against": lambda found: sim.tornado(BASE, against=found),
    "morris": sim.morris,
    "sobol": sim.sobol,
    "value_of_information": sim.value_of_information,
    "value_of_information against": lambda found: sim.value_of_information(BASE, against=[found]),
    "optimise": lambda found: Problem(found, Figure("contribution"), True, (Lever("market.places", 20, 60),)),
    "job": lambda found: Job(found, 1),
    "replicate_until": lambda found: replicate_until(found, WIDTH),
    "compare_until": lambda found: compare_until(found, BASE, WIDTH),
}


@pytest.mark.parametrize("name", STUDIES)
def test_a_name_is_refused_with_the_way_to_read_it(name):
    with pytest.raises(TypeError, match=r"should be a Scenario, not the text 'base'; .*load\('base'\)"):
        STUDIES[name]("base")


def test_a_path_is_refused_too_and_the_argument_is_named():
    with pytest.raises(TypeError, match=r"^scenario should .* path 'a/mine.yaml'; .*load\('a/mine.yaml'\)"):
        sim.replicate(Path("a/mine.yaml"))
    with pytest.raises(TypeError, match=r"^b should be a Scenario"):
        sim.compare(BASE, "base")
    with pytest.raises(TypeError, match=r"^against should be a Scenario"):
        sim.scale(BASE, against=Path("other.yaml"))
    with pytest.raises(TypeError, match=r"^against\[1\] should be a Scenario"):
        sim.value_of_information(BASE, against=[BASE, "base"])


def test_a_scenario_is_taken():
    with Runner(1, simulate=priced) as runner:
        assert replicate(BASE, replications=2, runner=runner).scenario_hash == BASE.hash
