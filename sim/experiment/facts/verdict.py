"""The rule by which a simulated figure agrees with a fact or not, fixed before anything is run."""

from __future__ import annotations

from collections.abc import Mapping

from sim.experiment.statistics import Estimate

PASS = "pass"
MISS = "miss"
CANNOT_TELL = "cannot_tell"

VERDICTS: Mapping[str, str] = {
    PASS: "the whole 95% interval of the simulated figure lies inside the band of the real one",
    MISS: "the whole interval lies outside the band",
    CANNOT_TELL: "the interval reaches over an end of the band, or the figure cannot be measured",
}
"""Verdicts by name, each with the condition for it."""

RULE = "; ".join(f"{name.replace('_', ' ')}: {words}" for name, words in VERDICTS.items())


def judged(ours: Estimate, band: tuple[float | None, float | None]) -> tuple[str, str]:
    """Hold a simulated figure against a band.

    Parameters
    ----------
    ours
        The figure with its interval.
    band
        Lowest and highest value that agree; None where there is no bound on that side.

    Returns
    -------
    tuple of str
        The verdict, one of :data:`VERDICTS`, and a reason for ``cannot_tell``.

    Examples
    --------
    >>> judged(Estimate(0.2, 0.1, 0.3, "share", 5), (0.0, 0.5))[0]
    'pass'
    >>> judged(Estimate(0.2, 0.1, 0.3, "share", 5), (0.25, 0.5))[0]
    'cannot_tell'
    """
    if ours.low is None or ours.high is None:
        return CANNOT_TELL, "a single history has no interval"
    low = float("-inf") if band[0] is None else band[0]
    high = float("inf") if band[1] is None else band[1]
    if ours.is_within(low, high):
        return PASS, ""
    if ours.is_below(low) or ours.is_above(high):
        return MISS, ""
    return CANNOT_TELL, "the interval reaches over an end of the band"
