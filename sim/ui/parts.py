"""Pieces of the first screen that say something in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sim.ui.desk import Answer
from sim.ui.levers import LEVERS
from sim.ui.question import STAGES

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.scenario.sanity import SanityWarning

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding-top: 1.6rem; padding-bottom: 1rem; max-width: 1500px; }
[data-testid="stHeader"] { display: none; }
[data-testid="stMain"] h1 { font-size: 1.05rem; font-weight: 600; padding: 0 0 0.5rem 0; opacity: 0.75; }
[data-testid="stMain"] h3 { font-size: 1.32rem; line-height: 1.3; padding-top: 0; }
</style>
"""

ABOUT = (
    "Prices and habits of China about 2014, illustrative and **not calibrated**: trust directions and reasons"
    " before digits. Each history is a quarter of a year (January to March), so the November peak is left"
    " out. Not modelled: rivals who react, reviews and word of mouth, shoppers who cross channels, lockers,"
    " own delivery fleets."
)


def badge(answer: Answer, compiled: bool) -> str:
    """Say how sure the picture is: what has been simulated and what still runs."""
    if answer.message:
        return ":red-badge[no answer]"
    if answer.is_final:
        return f":green-badge[confirmed: {STAGES[-1]} of {STAGES[-1]} histories of each size]"
    if not compiled:
        return ":orange-badge[compiling the simulator, once for this version: about half a minute]"
    interval = {0: "", 1: ", no interval yet"}.get(answer.replications, ", the interval narrows")
    return (
        f":orange-badge[simulating: {answer.replications} of {STAGES[-1]} histories of each size{interval}]"
    )


def verdict_badge(result: dict[str, Any]) -> str:
    """Write a verdict with its colour; the word says the same."""
    from sim.report.words import VERDICTS

    colours = {"scalable": "green", "non_scalable": "red", "stops_scaling": "orange"}
    return f":{colours.get(result['verdict'], 'gray')}-badge[{VERDICTS[result['verdict']]}]"


def new_warnings(world: Scenario, baseline: Scenario) -> list[str]:
    """Return what looks uneconomic about a scenario and did not about the baseline, each with a fix."""
    known = {(warning.path, warning.fix) for warning in baseline.warnings}
    return [told(warning) for warning in world.warnings if (warning.path, warning.fix) not in known]


def told(warning: SanityWarning) -> str:
    """Write a warning with its fix; a value that a lever moves is called as the lever is."""
    labels = {lever.path: lever.label for lever in LEVERS}
    return f"**{labels.get(warning.path, warning.path)}**: {warning.message}. Fix: {warning.fix}."


def ladder_markdown(results: Sequence[dict[str, Any]]) -> str:
    """Return the numbers behind the chart as a table, one for each result."""
    from sim.report.page import Page, markdown
    from sim.report.scale import ladder_table

    return markdown(Page(tuple(ladder_table(result) for result in results)))
