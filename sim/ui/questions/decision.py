"""The decision brief: verdict, what turns it, weakest assumption, what to measure next, in one file."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.ui.inputs import python_load
from sim.ui.question import SEED, Question, Stage, kind, quarter

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.sharing import SharingRunner

QUICK_REPLICATIONS = 3
QUARTERS_BRIEF = "a quick brief of January to March"
TERMS = (QUARTERS_BRIEF,)


@kind("report")
@dataclass(frozen=True)
class DecisionQuestion(Question):
    """The brief of a study of scale, with the bundle of its evidence.

    Attributes
    ----------
    path
        Growth path.
    """

    path: str = "densify"

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield a quick brief of a quarter, then the brief."""
        shorter = quarter(self.case)
        if shorter is not None:
            yield Stage(0, 1, self._brief(runner, shorter.scenario(), is_quick=True), QUARTERS_BRIEF)
        yield Stage(1, 1, self._brief(runner, self.case.scenario(), is_quick=False))

    def _brief(self, runner: SharingRunner, scenario: Scenario, *, is_quick: bool) -> dict[str, Any]:
        from sim.experiment import scale
        from sim.experiment.brief import FULL, QUICK, bundle_bytes, gather
        from sim.experiment.files import as_json
        from sim.report.brief import brief_html

        with tempfile.TemporaryDirectory() as folder:
            scale(
                scenario,
                path=self.path,
                replications=QUICK_REPLICATIONS if is_quick else None,
                seed=SEED,
                causes=not is_quick,
                worlds=QUICK.worlds if is_quick else None,
                runner=runner,
                out=folder,
            )
            found = gather(folder, runner=runner, effort=QUICK if is_quick else FULL).as_dict()
            pages = {language: brief_html(found, language=language) for language in ("en", "zh")}
            extra = {"brief.html": pages["en"].encode(), "brief.json": as_json(found).encode()}
            content = bundle_bytes(Path(folder), extra)
        return {"html": pages, "zip": base64.b64encode(content).decode()}

    def words(self) -> list[str]:
        """Return the options of ``channelsim report``."""
        return ["--path", self.path]

    def python(self) -> str:
        """Return the calls that write the same brief."""
        return (
            "from sim.experiment import Runner, scale\n"
            "from sim.experiment.brief import gather\n"
            "from sim.report.brief import brief_html\n"
            "from sim.scenario import load\n\n"
            f"scenario = {python_load(self.case)}\n"
            "with Runner(None) as runner:\n"
            f"    scale(scenario, path={self.path!r}, seed={SEED}, runner=runner, out='study')\n"
            "    found = gather('study', runner=runner)\n"
            "print(brief_html(found.as_dict()))\n"
        )
