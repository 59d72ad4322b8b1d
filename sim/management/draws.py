"""Random durations of decisions: a scenario's law read at a keyed uniform number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.quantiles import quantile

if TYPE_CHECKING:
    from sim.management.office import Office
    from sim.scenario.schema import Law


def from_law(law: Law, office: Office, purpose: str, *numbers: int) -> float:
    """Draw from a law with luck that belongs to the purpose and the numbers, not to the clock."""
    return quantile(law, office.luck(purpose, *numbers))
