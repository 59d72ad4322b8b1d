"""How often a parcel is packed wrong or short."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import PickingErrors


def errors_of(scenario: Scenario) -> PickingErrors | None:
    """Return the rules of picking errors; None without any, or with ``mechanisms.picking_errors`` off."""
    return scenario.fulfilment.warehouse.picking_errors if scenario.mechanisms.picking_errors else None


def strained_share(people: float, regular: float, work_hours: float, shift_hours: float) -> float:
    """Return the share of a day's parcels packed by temporary hands or beyond what a crew does in a shift.

    Parameters
    ----------
    people
        Packers of the day.
    regular
        Packers of an ordinary day; those above are temporary.
    work_hours
        Work that came in.
    shift_hours
        Length of the shift.

    Examples
    --------
    >>> strained_share(people=10, regular=10, work_hours=60, shift_hours=10)
    0.0
    >>> strained_share(people=20, regular=10, work_hours=400, shift_hours=10)
    0.75
    """
    temporary = max(0.0, 1.0 - regular / people) if people > 0 else 0.0
    beyond = max(0.0, 1.0 - people * shift_hours / work_hours) if work_hours > 0 else 0.0
    return 1.0 - (1.0 - temporary) * (1.0 - beyond)


def error_rates(rules: PickingErrors, strained: float) -> tuple[float, float]:
    """Return the shares of wrong and of short parcels on a day of which a share is strained."""
    factor = 1.0 + rules.strain * strained
    return rules.wrong_rate * factor, rules.short_rate * factor
