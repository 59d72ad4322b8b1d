"""What the network has to know besides the scenario, and the sheet it is drawn on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.flow import Network, by_class
from sim.scenario.contacts import calls_per_event

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from sim.scenario import Scenario
    from sim.scenario.schema import Installation
    from sim.scenario.segments import OrderClass

JOBS = ("hire", "visit", "pay_run", "exception")
"""What keeps area managers busy; an exception among the brand's own parcels is the parcel itself."""
DESK = "desk"
"""The service desk, whose jobs are calls about parcels that are still (or no longer) on their way."""


@dataclass(frozen=True, eq=False)
class LayerPlan:
    """What the network has to know of a pickup layer; equal where every number is.

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

    def _content(self) -> tuple[bytes, float, float, bool]:
        return self.weights.tobytes(), self.exception_rate, self.job_stretch, self.supervised

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LayerPlan) and self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())


@dataclass(frozen=True)
class FulfilmentPlan:
    """Sizes of the network that follow from policy.

    Attributes
    ----------
    opening_stock
        Lamps on hand at the start.
    layers
        Plans of the pickup layers that are open.
    work_factor
        Work on picking and packing one order relative to the scenario's own law.
    held_days
        Most days for which the courier's network holds a parcel on a peak day.
    """

    opening_stock: int
    layers: Mapping[str, LayerPlan]
    work_factor: float = 1.0
    held_days: int = 0

    def __hash__(self) -> int:
        return hash((self.opening_stock, tuple(self.layers.items()), self.work_factor, self.held_days))


def job_class(layer: str, job: str) -> str:
    """Return the entity class of a manager's or an agent's job."""
    return f"{layer}!{job}"


def point_name(layer: str, index: int) -> str:
    """Return the node of a layer's point."""
    return f"{layer}/{index}"


def installation_of(scenario: Scenario) -> Installation | None:
    """Return the rules of installation; None without any, or with ``mechanisms.installation`` off."""
    return scenario.fulfilment.installation if scenario.mechanisms.installation else None


def settled_node(scenario: Scenario) -> str:
    """Return the node of orders that the customer has and has nothing to complain about."""
    return "settled" if installation_of(scenario) is not None else "decision"


class Draft:
    """The network of one brand while it is being drawn.

    Attributes
    ----------
    scenario, classes, plan
        What is drawn.
    net
        The network so far.
    desk_jobs
        Classes of calls that come besides the parcel's own way.
    jobs
        Classes of managers' jobs and of such calls; they share nodes with orders only where managers and
        agents do.
    """

    def __init__(self, scenario: Scenario, classes: tuple[OrderClass, ...], plan: FulfilmentPlan) -> None:
        self.scenario = scenario
        self.classes = classes
        self.plan = plan
        self.net = Network()
        self.desk_jobs = [job_class(DESK, cause) for cause in calls_per_event(scenario)]
        self.jobs = [job_class(layer, job) for layer in plan.layers for job in JOBS] + self.desk_jobs
        self.net.classes(*[c.name for c in classes], *self.jobs)

    def by_order(self, choose: Callable[[OrderClass], Any], desk_target: str = "mislaid") -> Any:
        """Route by order class; managers' jobs never pass here and would show up in ``mislaid``.

        Parameters
        ----------
        choose
            Route of an order class.
        desk_target
            Where calls about parcels on their way go.
        """
        table = {c.name: choose(c) for c in self.classes}
        table.update(dict.fromkeys(self.jobs, "mislaid"))
        table.update(dict.fromkeys(self.desk_jobs, desk_target))
        return by_class(table)

    def by_way(self, choose: Callable[[str], Any], desk_target: str = "mislaid") -> Any:
        """Route by way to the customer, the counter among them; else as :meth:`by_order`.

        Parameters
        ----------
        choose
            Route of the orders that take a way.
        desk_target
            Where calls about parcels on their way go.
        """
        chosen = {way: choose(way) for way in dict.fromkeys(c.delivery for c in self.classes)}
        return self.by_order(lambda c: chosen[c.delivery], desk_target)

    @property
    def ways(self) -> tuple[str, ...]:
        """Ways to the customer's home or point: the door and the open layers."""
        return ("door", *self.plan.layers)

    @property
    def settled(self) -> str:
        """Node of orders that the customer has and has nothing to complain about."""
        return settled_node(self.scenario)

    @property
    def back(self) -> str:
        """Where goods go that have come back to the warehouse whole."""
        refurbished = self.scenario.fulfilment.returns.refurbishment is not None
        return "refurbishment" if refurbished else "returned"

    def count(self, *nodes: str) -> None:
        """Count entries, units and values at these nodes, by period and class."""
        for node in nodes:
            self.net.count(node)
