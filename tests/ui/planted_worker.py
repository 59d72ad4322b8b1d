"""A worker whose histories are planted: instant, slow, or deadly, as the length of the horizon says.

``horizon.days`` of 400 or more sleeps for 30 ms, of 500 for a minute, of 600 it kills the process. It never
learns how fast it is, so that quick stages always come first.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from sim.ui.sharing import Pace
from sim.ui.worker import Worker
from tests.experiment.planted import Curve
from tests.experiment.planted import simulate as planted

SLOW, ENDLESS, DEADLY = 400, 500, 600


def simulate(scenario: Any, seed: int, **options: Any) -> Any:
    """A planted history."""
    days = scenario.horizon.days
    if days >= DEADLY:
        os._exit(1)
    if days >= SLOW:
        time.sleep(60.0 if days >= ENDLESS else 0.03)
    return planted(scenario, seed, curve=Curve(fixed=1e5), **options)


class Unknown(Pace):
    """Tells nobody how long a history will take."""

    def seconds(self, _scenario: Any) -> float | None:
        """Return nothing, whatever was learnt."""
        return None


if __name__ == "__main__":
    Worker(simulate, Unknown()).live()
