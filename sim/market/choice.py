"""Who buys: the odds that a visit ends in an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.scenario.unit_economics import buying_share

if TYPE_CHECKING:
    from sim.scenario import Scenario


def buying_probability(
    reference: float, price_index: float, price_elasticity: float, extra_days: float, wait_sensitivity: float
) -> float:
    """Return the probability of an order under given conditions.

    The log-odds move from the reference point by ``elasticity * ln(price index)`` and by
    ``-sensitivity * extra delivery days``; at reference price and delivery time the probability is the
    reference. (Binary logit: McFadden 1974.)

    Parameters
    ----------
    reference
        Probability at the reference price and delivery time.
    price_index
        Price relative to the reference.
    price_elasticity
        Change of the log-odds per unit of log price (about the price elasticity where few visitors buy).
    extra_days
        Delivery days beyond the reference.
    wait_sensitivity
        Fall of the log-odds per extra day.
    """
    return buying_share(reference, price_index, price_elasticity, -wait_sensitivity * extra_days)


def wait_sensitivity(scenario: Scenario) -> float:
    """Return the effective sensitivity to delivery time (per day); zero when the mechanism is off."""
    return scenario.market.wait_sensitivity if scenario.mechanisms.delivery_sensitivity else 0.0
