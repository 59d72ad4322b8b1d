"""The command line: ``channelsim``.

Each command reads a scenario, calls one function of :mod:`sim.experiment` and shows what
:mod:`sim.report` makes of the answer. Starting up loads nothing slow: whatever takes time to import is
imported inside the command that needs it.
"""

from sim.cli.app import main

__all__ = ["main"]
