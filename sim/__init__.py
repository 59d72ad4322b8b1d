"""channelsim: does profit per order rise or fall as a way of selling grows, why, and on which growth path?

From Python, everything starts here:

>>> from sim import compare, incrementality, load, replicate, scale, simulate
>>> world = load("base", ["horizon.days=28"])
>>> world.name
'base'

``load`` reads a scenario, ``simulate`` one history of it; ``replicate``, ``compare``, ``scale``,
``incrementality``, ``panel``, ``sweep``, ``try_claims``, ``tornado``, ``morris``, ``sobol``,
``value_of_information`` and ``optimise`` are the studies that the commands do, with the same digits, and
``verify`` does a recorded one again. Results are frozen and hand out pandas tables. There is no global state.

Importing this package is cheap; each name is looked up when it is asked for. Before anything compiled is
loaded it points Numba's cache at a folder named after the sources that are compiled: Numba stamps a cached
function with the file that holds it and not with the files it calls into, so a cache shared between versions
would answer with old code without a word.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sim.compilation import prepare_cache

if TYPE_CHECKING:
    from sim.experiment import compare, replicate, scale, verify
    from sim.experiment.claims import try_claims
    from sim.experiment.incrementality import incrementality
    from sim.experiment.optimise import Constraint, Lever, Problem, optimise
    from sim.experiment.panel import panel
    from sim.experiment.sensitivity.information import value_of_information
    from sim.experiment.sensitivity.morris import morris
    from sim.experiment.sensitivity.sobol import sobol
    from sim.experiment.sensitivity.tornado import tornado
    from sim.experiment.sweep import open_sweep, read_plan, sweep
    from sim.scenario import load
    from sim.world import simulate

__version__ = "0.1.0"
__all__ = [
    "Constraint",
    "Lever",
    "Problem",
    "__version__",
    "compare",
    "incrementality",
    "load",
    "morris",
    "open_sweep",
    "optimise",
    "panel",
    "read_plan",
    "replicate",
    "scale",
    "simulate",
    "sobol",
    "sweep",
    "tornado",
    "try_claims",
    "value_of_information",
    "verify",
]

_HOMES = {
    "load": "sim.scenario",
    "simulate": "sim.world",
    "incrementality": "sim.experiment.incrementality",
    "panel": "sim.experiment.panel",
    **dict.fromkeys(("compare", "replicate", "scale", "verify"), "sim.experiment"),
    **dict.fromkeys(("open_sweep", "read_plan", "sweep"), "sim.experiment.sweep"),
    "try_claims": "sim.experiment.claims",
    **dict.fromkeys(("morris", "sobol", "tornado", "value_of_information"), "sim.experiment.sensitivity"),
    **dict.fromkeys(("Constraint", "Lever", "Problem", "optimise"), "sim.experiment.optimise"),
}


def __getattr__(name: str) -> Any:
    """Look up a name of :data:`__all__` when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


prepare_cache()
