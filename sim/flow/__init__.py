"""Flow networks: entities move through sources, stations, delays, gates, shelves and stocks.

Domain-free. The description (``Network``) is separate from a running flow (``Network.start``) and from its
result (``FlowResult``). Two engines give the same digits: a compiled event loop and a reference in SimPy.
"""

from sim.flow.errors import (
    ExhaustedError,
    FlowError,
    NetworkError,
    UnknownNameError,
    ZeroTimeCycleError,
)
from sim.flow.laws import (
    Deterministic,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Recorded,
    Uniform,
)
from sim.flow.network import Network
from sim.flow.nodes import CostLine
from sim.flow.rates import PiecewiseRate, Shifts, Timetable
from sim.flow.routes import by_class, by_record

__all__ = [
    "CostLine",
    "Deterministic",
    "Erlang",
    "ExhaustedError",
    "Exponential",
    "FlowError",
    "Gamma",
    "Hyperexponential",
    "Law",
    "Lognormal",
    "Network",
    "NetworkError",
    "PiecewiseRate",
    "Recorded",
    "Shifts",
    "Timetable",
    "Uniform",
    "UnknownNameError",
    "ZeroTimeCycleError",
    "by_class",
    "by_record",
]
