"""A pickup layer: from the courier's depot to the shelf of a point, and home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic, by_class
from sim.fulfilment.durations import MINUTE, in_hours
from sim.fulfilment.plan import JOBS, job_class, point_name

if TYPE_CHECKING:
    from sim.fulfilment.plan import Draft, LayerPlan
    from sim.scenario import Scenario
    from sim.scenario.schema import PickupLayer


def collected_route(scenario: Scenario, layer: str, exception_rate: float) -> dict[str, float]:
    """Return where a parcel goes from the shelf of a point: home, back, or into a dispute."""
    uncollected = getattr(scenario.pickup, layer).uncollected_rate
    exception = (1.0 - uncollected) * exception_rate
    return {
        "refused": uncollected,
        f"{layer}_exception": exception,
        "delivered": 1.0 - uncollected - exception,
    }


def draw_layer(draft: Draft, name: str, plan: LayerPlan) -> None:
    """Draw one layer: depot, points, collection, disputes and its managers."""
    layer: PickupLayer = getattr(draft.scenario.pickup, name)
    net = draft.net
    courier = draft.scenario.fulfilment.courier
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
        to=collected_route(draft.scenario, name, plan.exception_rate),
    )
    _draw_managers(draft, name, layer, plan)
    for node in ("depot", "redirected", "collected", "exception"):
        net.count(f"{name}_{node}")


def _draw_managers(draft: Draft, name: str, layer: PickupLayer, plan: LayerPlan) -> None:
    net = draft.net
    own_jobs = [job_class(name, job) for job in JOBS]
    net.source(f"{name}_jobs", rate=None, to=f"{name}_managers", entity_class=own_jobs[0])
    done = {c.name: "delivered" for c in draft.classes}
    done |= dict.fromkeys(draft.jobs, "mislaid")
    done |= {job: f"{job}_done" for job in own_jobs}
    if not plan.supervised:
        net.delay(f"{name}_exception", Deterministic(0.0), to="delivered")
        net.delay(f"{name}_managers", Deterministic(0.0), to=by_class(done))
    else:
        supervision = layer.supervision
        assert supervision is not None, "a supervised layer says how"
        net.delay(f"{name}_exception", Deterministic(0.0), to=f"{name}_managers")
        unit = MINUTE * plan.job_stretch
        minutes = {
            "hire": supervision.hire_minutes,
            "visit": supervision.visit_minutes,
            "pay_run": supervision.pay_run_minutes,
            "exception": supervision.exception_minutes,
        }
        exception = in_hours(supervision.exception_minutes, unit)
        service = {c.name: exception for c in draft.classes} | dict.fromkeys(draft.jobs, exception)
        service |= {job_class(name, job): in_hours(law, unit) for job, law in minutes.items()}
        net.station(f"{name}_managers", servers=0, service=by_class(service), to=by_class(done))
    for job in own_jobs:
        net.sink(f"{job}_done")
