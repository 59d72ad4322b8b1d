"""The decision brief of a study: its verdict, what turns it, what it rests on, and what to measure next.

>>> from sim.experiment.brief import gather
"""

from sim.experiment.brief.brief import Brief, Effect
from sim.experiment.brief.gathering import FULL, gather
from sim.experiment.brief.limits import LIMITS, Limit, limits_for
from sim.experiment.brief.packing import bundle_bytes, write_bundle
from sim.experiment.brief.swings import QUICK, Effort

__all__ = [
    "FULL",
    "LIMITS",
    "QUICK",
    "Brief",
    "Effect",
    "Effort",
    "Limit",
    "bundle_bytes",
    "gather",
    "limits_for",
    "write_bundle",
]
