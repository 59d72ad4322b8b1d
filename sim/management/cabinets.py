"""What stands at pickup points and lasts: cabinets, shelves and signs, paid at once, worn out over years."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.management.payroll import Payment
    from sim.management.points import Layer
    from sim.money import Ledger

DAYS_PER_YEAR = 365.0


def standing_points(layer: str, payments: Sequence[Payment], days: np.ndarray) -> np.ndarray:
    """Return the mean number of points that stood in each period, from the point-days that wear was paid for.

    A period without length keeps what stood before it.
    """
    point_days = np.zeros(days.size)
    for payment in payments:
        if payment.account == "pickup_capital" and payment.layer == layer and 0 <= payment.period < days.size:
            point_days[payment.period] += payment.quantity
    standing = np.zeros(days.size)
    for period, length in enumerate(days):
        before = standing[period - 1] if period else 0.0
        standing[period] = point_days[period] / length if length > 0 else before
    return standing


def purchases(
    standing: np.ndarray, days: np.ndarray, life_years: float, *, from_nothing: bool
) -> tuple[float, np.ndarray]:
    """Return how many points' equipment stands half worn at the start, and how much is bought in each period.

    Parameters
    ----------
    standing
        Points standing by period.
    days
        Length of the periods in days.
    life_years
        Years until equipment has to be bought again.
    from_nothing
        The first points are bought at the start, and whatever is bought again at the end of its life;
        otherwise they are of all ages and renewed evenly, as many a year as wear out.
    """
    bought = np.diff(standing, prepend=0.0 if from_nothing else standing[0])
    bought = np.maximum(bought, 0.0)
    if not from_nothing:
        return float(standing[0]), bought + standing[0] / life_years * days / DAYS_PER_YEAR
    ends, life = np.cumsum(days), life_years * DAYS_PER_YEAR
    starts = ends - days
    for period in range(days.size):
        again = int(np.searchsorted(ends, starts[period] + life, side="right"))
        if again < days.size:
            bought[again] += bought[period]
    return 0.0, bought


def post_cabinets(
    ledger: Ledger, layer: Layer, payments: Sequence[Payment], days: np.ndarray, *, from_nothing: bool
) -> float:
    """Turn wear that was booked as paid into what was paid when, and what stands at what value.

    Parameters
    ----------
    ledger
        Open books, with the wear of the layer's points paid in cash.
    layer
        State of the layer at the end of the run.
    payments
        All payrolls.
    days
        Length of the periods in days.
    from_nothing
        Whether the brand starts with nothing.

    Returns
    -------
    float
        Mean book value over the history, in yuan.
    """
    rules = layer.rules
    if rules.capital_per_point == 0:
        return 0.0
    standing = standing_points(layer.name, payments, days)
    half_worn, bought = purchases(standing, days, rules.life_years, from_nothing=from_nothing)
    wear = standing / rules.life_years * days / DAYS_PER_YEAR
    opening = half_worn * rules.capital_per_point / 2.0
    change = (bought - wear) * rules.capital_per_point
    ledger.post("equipment", "owners_equity", opening, layer=layer.name)
    ledger.post_array("equipment", "cash", change, layer=layer.name)
    value = opening + np.cumsum(change) + wear * rules.capital_per_point / 2.0
    return float((value * days).sum() / days.sum())
