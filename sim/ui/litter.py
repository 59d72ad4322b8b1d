"""What the garbage collector looks through: after a drawing what is new, once a minute everything.

Streamlit collects after every drawing, every look of a waiting page among them, and holds the interpreter for
as long as it takes: 60 milliseconds where ten visitors' answers and charts are kept, as much as a drawing.
What has lived through a drawing is therefore set aside until the minute is over.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field

PAUSE = 60.0
"""Seconds between two collections of everything."""


@dataclass
class Litter:
    """When everything was collected last.

    Parameters
    ----------
    pause
        See :data:`PAUSE`.
    """

    pause: float = PAUSE
    _collected: float = field(default=float("-inf"))

    def settle(self) -> None:
        """Set aside what is there by now; once in a pause collect before, what was set aside included."""
        now = time.monotonic()
        if now - self._collected > self.pause:
            self._collected = now
            gc.unfreeze()
            gc.collect()
        gc.freeze()
