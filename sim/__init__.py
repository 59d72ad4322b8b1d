"""channelsim: does profit per order rise or fall as a way of selling grows, why, and on which growth path?

From Python, everything starts here:

>>> from sim import compare, incrementality, load, replicate, scale, simulate
>>> world = load("base", ["horizon.days=28"])
>>> world.name
'base'

``load`` reads a scenario, ``simulate`` one history of it; ``replicate``, ``compare``, ``scale``,
``incrementality``, ``panel`` and ``sweep`` are the studies that the commands do, with the same digits, and
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
    from sim.experiment.incrementality import incrementality
    from sim.experiment.panel import panel
    from sim.experiment.sweep import open_sweep, read_plan, sweep
    from sim.scenario import load
    from sim.world import simulate

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "compare",
    "incrementality",
    "load",
    "open_sweep",
    "panel",
    "read_plan",
    "replicate",
    "scale",
    "simulate",
    "sweep",
    "verify",
]

_HOMES = {
    "load": "sim.scenario",
    "simulate": "sim.world",
    "incrementality": "sim.experiment.incrementality",
    "panel": "sim.experiment.panel",
    **dict.fromkeys(("compare", "replicate", "scale", "verify"), "sim.experiment"),
    **dict.fromkeys(("open_sweep", "read_plan", "sweep"), "sim.experiment.sweep"),
}


def __getattr__(name: str) -> Any:
    """Look up a name of :data:`__all__` when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute '{name}'")
    return getattr(import_module(_HOMES[name]), name)


prepare_cache()
