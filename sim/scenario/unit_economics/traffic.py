"""What a visit costs: flat or at auction."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Auction, Law, Source


def mean_below(law: Law, share: float) -> float:
    """Mean of a random quantity given that it lies in its lowest ``share``.

    For a lognormal with mean m and log-deviation s it is ``m * Phi(z - s) / share`` with ``z =
    Phi^-1(share)``, the partial expectation of the lognormal.

    Parameters
    ----------
    law
        Distribution of the quantity.
    share
        Probability, above 0 and at most 1.

    Examples
    --------
    >>> from sim.scenario.schema import Law
    >>> round(mean_below(Law(law="uniform", mean=1.0, cv=3 ** -0.5), 0.5), 6)
    0.5
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share should be above 0 and at most 1 (got {share})")
    mean, cv = law.mean, law.cv
    if share == 1 or law.law == "deterministic" or mean == 0:
        return mean
    if law.law == "lognormal":
        sigma = math.sqrt(math.log1p(cv * cv))
        normal = NormalDist()
        return mean * normal.cdf(normal.inv_cdf(share) - sigma) / share
    if law.law == "uniform":
        half = mean * cv * math.sqrt(3.0)
        return mean - half + share * half
    from scipy.special import gammainc, gammaincinv

    shape = 1.0 if law.law == "exponential" else 1.0 / (cv * cv)
    return mean * float(gammainc(shape + 1.0, gammaincinv(shape, share))) / share


def auction_price(auction: Auction, visits_per_year: float) -> float:
    """Average price of a visit when so many are bought (yuan/visit).

    The bid b that wins them satisfies ``inventory * F(b) = visits``; the winner pays the best rival bid, so
    the average price is ``E[rival | rival < b]`` (Vickrey 1961).

    Examples
    --------
    >>> from sim.scenario.schema import Auction
    >>> rivals = {"law": "lognormal", "mean": 3.02, "cv": 0.5}
    >>> round(auction_price(Auction(inventory_visits_per_year=35e6, rival_bid=rivals), 3.5e6), 2)
    1.2
    """
    share = visits_per_year / auction.inventory_visits_per_year
    return mean_below(auction.rival_bid, min(share, 1.0)) if share > 0 else 0.0


def price_of_visit(scenario: Scenario, source: Source) -> float:
    """Average price of a visit from a source, auctioned or flat (yuan/visit)."""
    if source.auction is not None and scenario.mechanisms.ad_auction:
        return auction_price(source.auction, source.visits_per_year)
    return source.cost_per_visit
