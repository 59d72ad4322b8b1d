"""Which assumptions stand in the rule of an account, and which of them a scenario has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from sim.report.rule_table import RULES, Rule
from sim.scenario.segments import CHANNELS, LAYERS

if TYPE_CHECKING:
    from sim.scenario import Entry, Scenario

MOST_EACH = 12
"""Assumptions below one path that are listed: a long table of a rule is no help to a reader."""


def paths_of(account: str, *, channel: str = "", layer: str = "", source: str = "") -> tuple[str, ...]:
    """Return the paths of an account's rule, written out.

    Parameters
    ----------
    account
        Account of the profit and loss.
    channel, layer, source
        Only these; empty: every one that the schema has.

    Examples
    --------
    >>> paths_of("platform_commission", channel="mall")
    ('channels.mall.commission',)
    """
    from sim.scenario.schema.market import Sources

    every: Mapping[str, Iterable[str]] = {
        "channel": (channel,) if channel else CHANNELS,
        "layer": (layer,) if layer else LAYERS,
        "source": (source,) if source else tuple(Sources.model_fields),
    }
    found: list[str] = []
    for path in RULES[account].paths:
        word = next((name for name in every if f"{{{name}}}" in path), None)
        found += [path] if word is None else [path.format(**{word: one}) for one in every[word]]
    return tuple(path for path in found if _is_known(path))


def _is_known(path: str) -> bool:
    """Whether the schema has a path: stores, for example, pay no platform's commission."""
    from sim.scenario import UnknownPathError
    from sim.scenario.fields import spec_of

    try:
        spec_of(path)
    except UnknownPathError:
        return False
    return True


def assumptions_of(scenario: Scenario, account: str, **only: str) -> list[Entry]:
    """Return the assumptions of an account's rule that a scenario has, those of the first path first.

    Parameters
    ----------
    scenario
        The world.
    account
        Account of the profit and loss.
    only
        As in :func:`paths_of`.
    """
    found: list[Entry] = []
    entries = scenario.entries()
    for path in paths_of(account, **only):
        below = [one for one in entries if one.path == path or one.path.startswith(f"{path}.")]
        found += [one for one in below if one.role != "label" and one.value is not None][:MOST_EACH]
    return found


__all__ = ["MOST_EACH", "RULES", "Rule", "assumptions_of", "paths_of"]
