"""Whether the assumptions that a claim names are there, and may have the values that it wants to try."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.experiment.claims.claim import Claim
from sim.experiment.worlds import ranges_in_play
from sim.scenario.fields import spec_of
from sim.scenario.problems import nearest

if TYPE_CHECKING:
    from sim.scenario import Scenario


def check_assumptions(claim: Claim, base: Scenario) -> None:
    """Refuse a claim whose plausible worlds or frontier name what the scenario does not have.

    Raises
    ------
    ExperimentError
        With file and line where they are known, and the nearest name.
    """
    ranges = ranges_in_play(base)
    for index, start in enumerate(claim.vary):
        if not any(path.startswith(start) for path in ranges):
            hint = nearest(start, _beginnings(ranges))
            raise claim.refusal(("vary", index), f"'{start}' fits no assumption with a range{hint}")
    for path, ends in (claim.frontier.over if claim.frontier is not None else {}).items():
        check_axis(claim, base, path, ends)


def check_axis(
    claim: Claim, base: Scenario, path: str, ends: tuple[float, float] | None, *, asked: bool = False
) -> None:
    """Refuse an axis of a frontier that is no number of the scenario or leaves what its schema allows.

    Parameters
    ----------
    claim, base
        Whose frontier.
    path
        The assumption.
    ends
        Its range; None for the value's own.
    asked
        Whether the path was asked for rather than written in the claim.

    Raises
    ------
    ExperimentError
        With file and line where they are known, and the nearest name.
    """
    where = () if asked else ("frontier", "over", path)
    entries = {entry.path: entry for entry in base.entries()}
    if path not in entries:
        raise claim.refusal(
            where, f"scenario '{base.name}' has no value '{path}'{nearest(path, list(entries))}"
        )
    value = entries[path].value
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise claim.refusal(where, f"'{path}' is no number, so no frontier is drawn over it")
    spec = spec_of(path)
    for end in ends or ():
        if not spec.contains(end):
            raise claim.refusal(where, f"'{path}' should be {spec.allowed()} (found {end:g})")


def _beginnings(paths: Iterable[str]) -> list[str]:
    """Return paths and all parts above them: what a word may have been meant to be."""
    found: dict[str, None] = {}
    for path in paths:
        parts = path.split(".")
        found |= dict.fromkeys(".".join(parts[:count]) for count in range(1, len(parts) + 1))
    return list(found)
