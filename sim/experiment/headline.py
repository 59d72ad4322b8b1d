"""The verdict as one sentence: slope together with level, against what, at which service, and how sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sim.experiment.statistics import Estimate
from sim.experiment.verdict import Curve
from sim.experiment.worlds import PlausibleWorlds

EQUAL_SERVICE = 0.02
"""Shares in the customer's hands that differ by no more than this count as equal service."""

SlopeKind = Literal["unknown", "turns", "flat", "falls", "rises", "one_history", "doubt"]
"""What a headline can say about the slope; other languages say the same kinds."""
LevelKind = Literal["nothing", "above", "below", "hidden", "sinks", "climbs", "mixed"]
"""What it can say about the level: ``sinks`` starts above the alternative and ends below it."""


@dataclass(frozen=True)
class Service:
    """Share of orders in the customer's hands in time, per rung.

    Attributes
    ----------
    hours
        The time.
    own, against
        Shares of the scenario and of what it is compared with.
    """

    hours: float
    own: tuple[Estimate, ...]
    against: tuple[Estimate, ...]

    def widest_gap(self) -> float:
        """Return the difference ``own - against`` where it is largest in size."""
        gaps = [a.mean - b.mean for a, b in zip(self.own, self.against, strict=True)]
        return max(gaps, key=abs, default=0.0)

    def is_equal(self) -> bool:
        """Say whether service is equal on every rung."""
        return abs(self.widest_gap()) <= EQUAL_SERVICE

    def as_dict(self) -> dict[str, Any] | None:
        """Return what the headline says of it: the widest gap, and its hours; None without rungs."""
        return {"share": self.widest_gap(), "hours": self.hours} if self.own else None


def percent(share: float) -> str:
    """Return a share in percent: whole percents from 10 upwards, one decimal below."""
    value = 100.0 * abs(share)
    return f"{value:.0f}%" if value >= 9.95 else f"{value:.1f}%"


def amount(size: float) -> str:
    """Return a size for a sentence: three digits at most, thousands separated."""
    if size >= 1000:
        digits = 10 ** (len(str(int(size))) - 3)
        return f"{round(size / digits) * digits:,.0f}"
    return f"{size:.3g}"


def per_doubling(elasticity: float) -> float:
    """Return the relative change of cost when size doubles.

    >>> round(per_doubling(-0.1), 3)
    -0.067
    """
    return float(2.0**elasticity - 1.0)


def slope_kind(verdict: str, elasticity: Estimate | None, turning_point: Estimate | None) -> SlopeKind:
    """Return what can be said about the slope."""
    if elasticity is None:
        return "unknown"
    if verdict == "stops_scaling" and turning_point is not None:
        return "turns"
    if verdict == "neutral":
        return "flat"
    if verdict == "scalable":
        return "falls"
    if verdict == "non_scalable":
        return "rises"
    return "one_history" if elasticity.low is None or elasticity.high is None else "doubt"


def level_kind(incremental: Sequence[Estimate | None]) -> LevelKind:
    """Return what can be said about the level over all sizes that were tried."""
    known = [value for value in incremental if value is not None]
    if not known:
        return "nothing"
    if all(value.is_above(0.0) for value in known):
        return "above"
    if all(value.is_below(0.0) for value in known):
        return "below"
    if not any(value.is_detectable() for value in known):
        return "hidden"
    if known[0].is_above(0.0) and known[-1].is_below(0.0):
        return "sinks"
    if known[0].is_below(0.0) and known[-1].is_above(0.0):
        return "climbs"
    return "mixed"


def is_contrast(verdict: str, level: LevelKind) -> bool:
    """Say whether slope and level speak against each other, so that a "but" joins them."""
    if verdict == "scalable":
        return level in ("above", "sinks", "climbs", "mixed")
    return verdict in ("non_scalable", "stops_scaling") and level == "below"


def slope_words(curve: Curve, metric_words: str, elasticity_to: str, smallest: float, largest: float) -> str:
    """Say how average cost moves along the ladder."""
    subject = metric_words[0].upper() + metric_words[1:]
    if curve.elasticity is None:
        return f"{subject}: cannot tell, {curve.reason}"
    doubling = f"per doubling of {elasticity_to}"
    slope = per_doubling(curve.elasticity.mean)
    kind = slope_kind(curve.verdict, curve.elasticity, curve.turning_point)
    if kind == "turns":
        turn = curve.turning_point
        assert turn is not None, "a turn has its point"
        assert turn.low is not None, "a turning point has an interval"
        assert turn.high is not None, "a turning point has an interval"
        return (
            f"{subject} stops falling at about {amount(turn.mean)} {elasticity_to} "
            f"(between {amount(turn.low)} and {amount(turn.high)}) and rises after that"
        )
    if kind == "flat":
        return f"{subject} stays flat (within {percent(slope)} {doubling})"
    if kind == "falls":
        return f"{subject} falls {percent(slope)} {doubling}"
    if kind == "rises":
        return f"{subject} rises {percent(slope)} {doubling}"
    if curve.elasticity.low is None or curve.elasticity.high is None:
        return f"{subject}: a single replication cannot tell a slope from luck"
    low, high = slope_ends(curve.elasticity.low, curve.elasticity.high)
    return (
        f"{subject}: cannot tell with {curve.elasticity.n} replications; between {low} and "
        f"{high} {doubling} from {amount(smallest)} to {amount(largest)}"
    )


def slope_ends(low: float, high: float) -> tuple[str, str]:
    """Return the change per doubling at both ends of an elasticity's interval."""
    first, last = (f"{100 * per_doubling(end):+.1f}%" for end in (low, high))
    return first, last


def level_words(incremental: Sequence[Estimate | None], against: str, unit: str) -> str:
    """Say how the level compares with the alternative over all sizes that were tried."""
    kind = level_kind(incremental)
    if kind == "nothing":
        return ""
    per = unit.rsplit("/", maxsplit=1)[-1]
    low, high, last = level_numbers(incremental)
    span = low if low == high else f"{low} to {high}"
    return {
        "above": f"stays {span} yuan per {per} above {against} at every volume tried",
        "below": f"stays {span} yuan per {per} below {against} at every volume tried",
        "hidden": f"shows no detectable difference from {against} at any volume tried",
        "sinks": f"starts above {against} and ends {last} yuan per {per} below it",
        "climbs": f"starts below {against} and ends {last} yuan per {per} above it",
        "mixed": f"is not clearly above or below {against} at every volume tried",
    }[kind]


def level_numbers(incremental: Sequence[Estimate | None]) -> tuple[str, str, str]:
    """Return the smallest difference in level, the largest, and that at the largest size, without signs."""
    sizes = [abs(value.mean) for value in incremental if value is not None]
    low, high, last = (f"{size:.2f}" for size in (min(sizes), max(sizes), sizes[-1]))
    return low, high, last


def service_words(service: Service | None) -> str:
    """Say whether the comparison is at equal service."""
    if service is None or not service.own:
        return ""
    if service.is_equal():
        return "at equal service"
    gap = service.widest_gap()
    points = f"{gap_points(gap)} percentage points {'fewer' if gap < 0 else 'more'}"
    return f"though not at equal service ({points} in the customer's hands within {service.hours:g} hours)"


def gap_points(gap: float) -> str:
    """Return a difference of shares in percentage points, without its sign."""
    return f"{abs(gap) * 100:.0f}"


def headline(
    curve: Curve,
    *,
    metric_words: str,
    elasticity_to: str,
    sizes: tuple[float, float],
    incremental: Sequence[Estimate | None],
    against: str,
    unit: str,
    service: Service | None,
    worlds: PlausibleWorlds | None,
) -> str:
    """Return the verdict as one sentence or two.

    Parameters
    ----------
    curve
        Slope and verdict.
    metric_words, unit
        What falls or rises.
    elasticity_to
        What grows.
    sizes
        Smallest and largest size tried.
    incremental
        Difference in level per rung, None where unknown.
    against
        Name of the alternative.
    service
        Shares in the customer's hands, None where they do not matter.
    worlds
        Share of plausible worlds, None if none were drawn.
    """
    text = slope_words(curve, metric_words, elasticity_to, *sizes)
    level = level_words(incremental, against, unit)
    if level:
        joint = "but" if is_contrast(curve.verdict, level_kind(incremental)) else "and"
        words = service_words(service)
        text += f", {joint} {level}" + (f", {words}" if words else "")
    text += "."
    if worlds is not None and worlds.share is not None:
        held = round(worlds.share.mean * worlds.share.n)
        text += f" The same verdict in {held} of {worlds.share.n} plausible worlds."
    return text
