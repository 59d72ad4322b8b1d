"""The way in from Python: cheap to import, typed, documented, nothing that two users could share."""

from __future__ import annotations

import inspect
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import sim
from sim import replicate, simulate
from tests.project.tree import ROOT
from tests.world.small import brief

SLOW = ("numba", "pandas", "scipy", "duckdb", "pydantic", "simpy", "typer")


def test_importing_the_package_loads_nothing_slow():
    program = f"import sys, sim; print(sorted(set({SLOW!r}) & set(sys.modules)))"
    line = [sys.executable, "-c", program]
    assert subprocess.run(line, capture_output=True, check=True, cwd=ROOT).stdout.strip() == b"[]"


@pytest.mark.parametrize("name", [name for name in sim.__all__ if name != "__version__"])
def test_every_name_is_there_typed_and_documented(name):
    found = getattr(sim, name)
    assert callable(found)
    signature = inspect.signature(found)
    bare = [one.name for one in signature.parameters.values() if one.annotation is inspect.Parameter.empty]
    assert not bare
    assert signature.return_annotation is not inspect.Signature.empty
    text = inspect.getdoc(found) or ""
    undescribed = [one for one in signature.parameters if one not in text]
    assert not undescribed
    assert "Parameters\n----------" in text


def test_an_unknown_name_is_an_error_that_names_it():
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = sim.simulat


def test_the_package_is_marked_as_typed():
    assert (Path(sim.__file__).parent / "py.typed").exists()


def test_two_simulations_at_once_do_not_interact():
    """Compiled code gives the interpreter lock away, so these do run side by side."""
    worlds = [brief("base"), brief("community_pickup", {"channels.tmall.price_index": 0.9})]
    jobs = [(world, seed) for seed in (1, 2) for world in worlds]
    alone = [simulate(world, seed).kpis for world, seed in jobs]
    with ThreadPoolExecutor(len(jobs)) as pool:
        together = list(pool.map(lambda job: simulate(*job).kpis, jobs))
    assert together == alone
    assert alone[0] != alone[1]


def test_a_study_leaves_nothing_behind():
    world = brief("base", {"horizon.days": 7})
    before = replicate(world, replications=2).as_dict()
    replicate(brief("base", {"horizon.days": 7, "channels.tmall.commission": 0.2}), replications=1, seed=9)
    assert replicate(world, replications=2).as_dict() == before
