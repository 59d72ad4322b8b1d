"""What the network has to know besides the scenario, and the sheet it is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.flow import Network, by_class

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from sim.scenario import Scenario
    from sim.scenario.segments import OrderClass

JOBS = ("hire", "visit", "pay_run", "exception")
"""What keeps area managers busy; an exception among the brand's own parcels is the parcel itself."""


@dataclass(frozen=True)
class LayerPlan:
    """What the network has to know of a pickup layer.

    Attributes
    ----------
    weights
        Share of the layer's parcels sent to each point.
    exception_rate
        Share of collected parcels that end in a dispute or a search.
    job_stretch
        Calendar hours that pass while a manager works one hour.
    supervised
        Whether exceptions need a manager.
    """

    weights: np.ndarray
    exception_rate: float
    job_stretch: float
    supervised: bool


@dataclass(frozen=True)
class FulfilmentPlan:
    """Sizes of the network that follow from policy.

    Attributes
    ----------
    opening_stock
        Lamps on hand at the start.
    layers
        Plans of the pickup layers that are open.
    """

    opening_stock: int
    layers: Mapping[str, LayerPlan]


def job_class(layer: str, job: str) -> str:
    """Return the entity class of a manager's job."""
    return f"{layer}!{job}"


def point_name(layer: str, index: int) -> str:
    """Return the node of a layer's point."""
    return f"{layer}/{index}"


class Draft:
    """The network of one brand while it is being drawn.

    Attributes
    ----------
    scenario, classes, plan
        What is drawn.
    net
        The network so far.
    jobs
        Classes of managers' jobs; they share nodes with orders only where managers do.
    """

    def __init__(self, scenario: Scenario, classes: tuple[OrderClass, ...], plan: FulfilmentPlan) -> None:
        self.scenario = scenario
        self.classes = classes
        self.plan = plan
        self.net = Network()
        self.jobs = [job_class(layer, job) for layer in plan.layers for job in JOBS]
        self.net.classes(*[c.name for c in classes], *self.jobs)

    def by_order(self, choose: Callable[[OrderClass], Any], job_target: str = "mislaid") -> Any:
        """Route (or time) by order class; jobs never pass here and would show up in ``mislaid``."""
        table = {c.name: choose(c) for c in self.classes}
        table.update(dict.fromkeys(self.jobs, job_target))
        return by_class(table)

    def count(self, *nodes: str) -> None:
        """Count entries, units and values at these nodes, by period and class."""
        for node in nodes:
            self.net.count(node)
