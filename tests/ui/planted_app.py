"""The pages on planted worlds, for a browser that should not wait."""

import runpy
import sys
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import sim.ui.frame  # noqa: E402
from sim.ui.desk import Desk  # noqa: E402

WORKER = (sys.executable, str(Path(__file__).with_name("planted_worker.py")))
sim.ui.frame.Desk = partial(Desk, command=WORKER)  # type: ignore[misc, assignment]
sim.ui.frame.shipped_answers = dict
runpy.run_path(str(ROOT / "app.py"))
