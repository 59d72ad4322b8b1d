"""Who comes, when, at what price, and who buys."""

from sim.market.demand import expected_orders
from sim.market.traffic import price_per_visit

__all__ = ["expected_orders", "price_per_visit"]
