"""The flow network of one brand: every node an order or a manager's job can pass.

::

    orders > placed > goods > pick_pack > truck > line_haul
                       |                             |-> (lost)
                       |-> (cancelled)               |-> door_trip ------------------------> delivered
                       |-> decision (stores)         |       |-> failed_trip ------------------^
                                                     |               |-> (refused)             |
                                                     |-> LAYER_depot > LAYER/i > LAYER_collected
                                                                       |             |-> LAYER_exception ^
                                                                       |             |-> (refused)
                                                                       |-> LAYER_redirected > door_trip

    delivered > decision > (kept)
        |          |-> return_transit > (returned)
        |-> service > decision
               |-> broken > (returned)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.flow import Deterministic, Network, Timetable, by_class
from sim.fulfilment.durations import DAY, MINUTE, in_hours
from sim.scenario.segments import OrderClass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from sim.scenario import Scenario
    from sim.scenario.schema import PickupLayer

JOBS = ("hire", "visit", "pay_run", "exception")
"""What keeps area managers busy; an exception among the brand's own parcels is the parcel itself."""
COUNTED = (
    "placed",
    "cancelled",
    "pick_pack",
    "line_haul",
    "lost",
    "door_trip",
    "failed_trip",
    "refused",
    "delivered",
    "service",
    "broken",
    "return_transit",
    "returned",
    "kept",
)
FINAL_STATES = ("kept", "returned", "refused", "lost", "cancelled")


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


def breakage(scenario: Scenario, delivery: str) -> float:
    """Return the chance that goods arrive broken: each pair of hands is another chance to drop them."""
    if not scenario.mechanisms.handover_breakage or delivery == "store":
        return 0.0
    hands = scenario.fulfilment.handovers_to_door
    layer: PickupLayer | None = getattr(scenario.pickup, delivery, None)
    if layer is not None:
        hands += layer.handovers
    return 1.0 - (1.0 - scenario.fulfilment.breakage_per_handover) ** hands


def contact_rate(scenario: Scenario, delivery: str) -> float:
    """Return the chance of a service contact: a question, or a broken delivery."""
    broken = breakage(scenario, delivery)
    if delivery == "store" or not scenario.mechanisms.service_contacts:
        return broken
    return broken + (1.0 - broken) * scenario.service.contacts_per_order


def return_rate(scenario: Scenario, order_class: OrderClass) -> float:
    """Return the chance that goods which arrived whole are sent back."""
    if not scenario.mechanisms.returns:
        return 0.0
    kind = getattr(scenario.market.visitor_types, order_class.segment.kind)
    return min(scenario.products.return_rate * kind.returns, 0.95)


def collected_route(scenario: Scenario, layer: str, exception_rate: float) -> dict[str, float]:
    """Return where a parcel goes from the shelf of a point: home, back, or into a dispute."""
    uncollected = getattr(scenario.pickup, layer).uncollected_rate
    exception = (1.0 - uncollected) * exception_rate
    return {
        "refused": uncollected,
        f"{layer}_exception": exception,
        "delivered": 1.0 - uncollected - exception,
    }


class _Builder:
    """Declares the nodes of one brand."""

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

    def build(self) -> Network:
        net, scenario = self.net, self.scenario
        fulfilment = scenario.fulfilment
        net.source("orders", rate=None, to="placed")
        net.delay("placed", Deterministic(0.0), to="goods")
        net.stock(
            "goods",
            on_hand=self.plan.opening_stock,
            on_empty="cancelled",
            to=self.by_order(lambda c: "decision" if c.delivery == "store" else "pick_pack"),
        )
        net.station(
            "pick_pack",
            servers=0,
            service=in_hours(fulfilment.warehouse.pick_pack_minutes, MINUTE),
            to="truck",
        )
        departures = Timetable(tuple(fulfilment.truck_departure_hours), period=DAY)
        net.gate("truck", every=departures, to="line_haul")
        net.delay(
            "line_haul", in_hours(fulfilment.courier.line_haul_hours), to=self.by_order(self._after_line_haul)
        )
        self._door()
        for name, layer in self.plan.layers.items():
            self._layer(name, layer)
        self._after_delivery()
        for state in (*FINAL_STATES, "mislaid"):
            net.sink(state)
        for node in COUNTED:
            net.count(node)
        net.measure_age("delivered")
        return net

    def _after_line_haul(self, order_class: OrderClass) -> dict[str, float]:
        lost = self.scenario.fulfilment.courier.lost_rate
        onward = f"{order_class.delivery}_depot" if order_class.delivery in self.plan.layers else "door_trip"
        return {"lost": lost, onward: 1.0 - lost}

    def _door(self) -> None:
        courier, net = self.scenario.fulfilment.courier, self.net
        failing = courier.failed_attempt_rate if self.scenario.mechanisms.failed_delivery else 0.0
        net.delay(
            "door_trip",
            in_hours(courier.last_mile_hours),
            to={"delivered": 1.0 - failing, "failed_trip": failing},
        )
        net.delay(
            "failed_trip",
            in_hours(courier.retry_hours),
            to={"delivered": 1.0 - courier.given_up_rate, "refused": courier.given_up_rate},
        )

    def _layer(self, name: str, plan: LayerPlan) -> None:
        layer: PickupLayer = getattr(self.scenario.pickup, name)
        net = self.net
        courier = self.scenario.fulfilment.courier
        points = {point_name(name, i): float(weight) for i, weight in enumerate(plan.weights)}
        net.delay(f"{name}_depot", in_hours(courier.last_mile_hours), to=points)
        for point in points:
            net.shelf(
                point,
                places=0,
                dwell=in_hours(layer.dwell_hours),
                to=f"{name}_collected",
                on_full=f"{name}_redirected",
            )
            net.count(point, group=f"{name}_points")
        net.delay(f"{name}_redirected", Deterministic(0.0), to="door_trip")
        net.delay(
            f"{name}_collected",
            Deterministic(0.0),
            to=collected_route(self.scenario, name, plan.exception_rate),
        )
        self._managers(name, layer, plan)
        for node in ("depot", "redirected", "collected", "exception"):
            net.count(f"{name}_{node}")

    def _managers(self, name: str, layer: PickupLayer, plan: LayerPlan) -> None:
        net, supervision = self.net, layer.supervision
        own_jobs = [job_class(name, job) for job in JOBS]
        net.source(f"{name}_jobs", rate=None, to=f"{name}_managers", entity_class=own_jobs[0])
        done = {c.name: "delivered" for c in self.classes}
        done |= dict.fromkeys(self.jobs, "mislaid")
        done |= {job: f"{job}_done" for job in own_jobs}
        if not plan.supervised:
            net.delay(f"{name}_exception", Deterministic(0.0), to="delivered")
            net.delay(f"{name}_managers", Deterministic(0.0), to=by_class(done))
        else:
            net.delay(f"{name}_exception", Deterministic(0.0), to=f"{name}_managers")
            unit = MINUTE * plan.job_stretch
            minutes = {
                "hire": supervision.hire_minutes,
                "visit": supervision.visit_minutes,
                "pay_run": supervision.pay_run_minutes,
                "exception": supervision.exception_minutes,
            }
            exception = in_hours(supervision.exception_minutes, unit)
            service = {c.name: exception for c in self.classes} | dict.fromkeys(self.jobs, exception)
            service |= {job_class(name, job): in_hours(law, unit) for job, law in minutes.items()}
            net.station(f"{name}_managers", servers=0, service=by_class(service), to=by_class(done))
        for job in own_jobs:
            net.sink(f"{job}_done")

    def _after_delivery(self) -> None:
        net, scenario = self.net, self.scenario
        net.delay("delivered", Deterministic(0.0), to=self.by_order(self._contact_or_not))
        net.station(
            "service",
            servers=0,
            service=in_hours(scenario.service.handling_minutes, MINUTE),
            to=self.by_order(self._broken_or_not),
        )
        net.delay("broken", Deterministic(0.0), to="returned")
        net.delay(
            "decision",
            in_hours(scenario.fulfilment.returns.decision_hours),
            to=self.by_order(self._back_or_kept),
        )
        net.delay("return_transit", in_hours(scenario.fulfilment.returns.transit_hours), to="returned")

    def _contact_or_not(self, order_class: OrderClass) -> dict[str, float]:
        chance = contact_rate(self.scenario, order_class.delivery)
        return {"service": chance, "decision": 1.0 - chance}

    def _broken_or_not(self, order_class: OrderClass) -> dict[str, float]:
        """Among those who call, the goods are broken with the conditional probability."""
        chance = contact_rate(self.scenario, order_class.delivery)
        broken = breakage(self.scenario, order_class.delivery) / chance if chance > 0 else 0.0
        return {"broken": broken, "decision": 1.0 - broken}

    def _back_or_kept(self, order_class: OrderClass) -> dict[str, float]:
        chance = return_rate(self.scenario, order_class)
        return {"return_transit": chance, "kept": 1.0 - chance}


def build_network(scenario: Scenario, classes: tuple[OrderClass, ...], plan: FulfilmentPlan) -> Network:
    """Describe the brand's flow network; servers and shelf places start at zero and are set by management.

    Parameters
    ----------
    scenario
        The world.
    classes
        Order classes; a class code is a position in this tuple.
    plan
        Opening stock and plans of the pickup layers.
    """
    return _Builder(scenario, classes, plan).build()
