"""What happens to an order between the click and the shopper's hands, and on the way back."""

from sim.fulfilment.network import build_network
from sim.fulfilment.plan import FulfilmentPlan, LayerPlan

__all__ = ["FulfilmentPlan", "LayerPlan", "build_network"]
