"""How good the people are who run the shops."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Effort, Systems


def settled_level(effort: Effort) -> float:
    """Return where spending ``B`` keeps a level that halves at ``H``: ``B / (B + H)``."""
    return effort.budget_per_year / (effort.budget_per_year + effort.half_budget_per_year)


def adoption(scenario: Scenario) -> float:
    """Return the share of work that people do in the systems they were given.

    ``u + (1 - u) x`` with the share ``u`` used anyway and the skill ``x`` where ``management.team`` describes
    it: who was not trained keeps lists of his own. 1 without it, or with ``mechanisms.team_skill`` off.
    """
    team, systems = scenario.management.team, scenario.management.systems
    if team is None or systems is None or not scenario.mechanisms.team_skill:
        return 1.0
    anyway = systems.used_anyway_share
    return anyway + (1.0 - anyway) * settled_level(team.training)


def systems_of(scenario: Scenario) -> Systems | None:
    """Return what links departments; None without any, or with ``mechanisms.integration`` off."""
    return scenario.management.systems if scenario.mechanisms.integration else None


def informed_share(scenario: Scenario) -> float:
    """Return the share of decisions on stock made with today's figures: 1 in the limit of perfect links."""
    systems = systems_of(scenario)
    if systems is None:
        return 1.0
    return adoption(scenario) if systems.linked else 0.0
