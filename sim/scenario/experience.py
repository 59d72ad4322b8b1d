"""How a firm's own experience makes its packers quicker."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

DAYS_PER_YEAR = 365.0


def work_factor(scenario: Scenario, orders_per_day: float) -> float:
    """Return the work on one order relative to ``pick_pack_minutes``: ``(1 - b) ** log2(E / E0)``.

    Wright's curve on the firm's own output: ``E`` is what has been packed by the middle of the history,
    ``E0`` the reference. The work of a history is that of its middle, since learning within it is small
    against the years before. The fall of lamp prices with the industry's output is another thing, and no
    firm's.

    Parameters
    ----------
    scenario
        The world.
    orders_per_day
        Orders packed a day, in closed form.

    Returns
    -------
    float
        1 without learning, with ``mechanisms.learning`` off, or at the reference.
    """
    learning = scenario.fulfilment.warehouse.learning
    if learning is None or not scenario.mechanisms.learning:
        return 1.0
    packed = learning.orders_before + orders_per_day * scenario.horizon.days / 2.0
    return doubling_factor(learning.share_per_doubling, packed / learning.reference_orders)


def doubling_factor(share_per_doubling: float, experience: float) -> float:
    """Return what is left of the work after experience has grown to a multiple of the reference.

    Raises
    ------
    ValueError
        Where the multiple is not above 0: of a firm that has never packed anything nothing is known.

    Examples
    --------
    >>> round(doubling_factor(0.2, 10.0), 5)
    0.47651
    """
    if experience <= 0:
        raise ValueError(f"experience should be above 0 (got {experience})")
    doublings = math.log2(experience)
    return (1.0 - share_per_doubling) ** doublings
