"""What is set aside from the garbage collector comes back to it."""

from __future__ import annotations

import gc
import threading

from sim.ui.litter import Litter


def test_what_lives_through_a_drawing_is_looked_through_once_a_minute():
    litter = Litter(pause=3600.0)
    try:
        litter.settle()
        kept = [[] for _ in range(1000)]
        frozen = gc.get_freeze_count()
        litter.settle()
        assert gc.get_freeze_count() >= frozen + len(kept)
        seen = threading.Event()

        class Loop:
            def __init__(self) -> None:
                self.me = self

            def __del__(self) -> None:
                seen.set()

        Loop()
        litter.settle()
        gc.collect()
        assert not seen.is_set(), "set aside"
        litter.pause = 0.0
        litter.settle()
        assert seen.is_set(), "nothing is set aside for ever"
    finally:
        gc.unfreeze()
