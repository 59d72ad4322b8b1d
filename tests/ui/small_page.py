"""The page on worlds of a week, for a browser that should not wait."""

import runpy
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import sim.ui.question  # noqa: E402
from tests.ui.small import FEW_VISITS  # noqa: E402


@dataclass(frozen=True)
class WeekQuestion(sim.ui.question.Question):
    """A question about a week of a brand with few visits."""

    days: int = 7

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", {**FEW_VISITS, **self.changes})


sim.ui.question.Question = WeekQuestion  # type: ignore[misc]
runpy.run_path(str(ROOT / "app.py"))
