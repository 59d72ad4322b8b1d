"""What the stops of an order are called: ways, ends, steps, who works there, and the queues on the way."""

from __future__ import annotations

from sim.experiment.event_log import ACTIVITIES, LAYER_ACTIVITIES
from sim.experiment.order_story import KINDS
from sim.experiment.ways import QUEUES
from sim.report.ways import NOT_RECEIVED, OTHER_SOURCES, POINTS
from sim.scenario.segments import LAYER_TITLES
from sim.ui.language import say, term
from sim.ui.vocabulary import channel_name, source_name

STOPS = {
    "door": "brought to the door",
    "counter": "carried home from a store",
    POINTS: "pickup points",
    "kept": "kept",
    "returned": "returned",
    "refused": "refused",
    "lost": "lost",
    "cancelled": "cancelled",
    "open": "still open",
    NOT_RECEIVED: "refused, lost or cancelled",
    OTHER_SOURCES: "other sources",
}
QUEUE_NAMES = {
    "warehouse": "warehouse",
    "chat_desk": "chat desk",
    "service": "service desk",
    "points": "pickup points",
    "couriers": "couriers",
    "managers": "area managers",
}
QUEUE_UNITS = {
    "visitors": "visitors",
    "calls": "calls",
    "jobs": "jobs",
    "orders": "orders",
    "parcels": "parcels",
}
_STEPS = [*ACTIVITIES.values(), *LAYER_ACTIVITIES.values()]
TERMS = frozenset(
    {
        *STOPS.values(),
        *QUEUE_NAMES.values(),
        *QUEUE_UNITS.values(),
        *(meaning for _, meaning in QUEUES.values()),
        *KINDS.values(),
        *LAYER_TITLES.values(),
        *(step.name for step in _STEPS),
        *(step.resource for step in _STEPS),
        "waits at the point",
        "store",
    }
)
"""Words of these tables, for the catalogue."""


def stop_name(name: str) -> str:
    """Name of any stop: source, channel, way to the customer, or end."""
    from sim.scenario.segments import CHANNELS

    if name in STOPS:
        return term(STOPS[name])
    if name in LAYER_TITLES:
        return term(LAYER_TITLES[name])
    return channel_name(name) if name in CHANNELS else source_name(name)


def queue_name(name: str) -> str:
    """Name of a queue."""
    return term(QUEUE_NAMES[name])


def step_name(activity: str) -> str:
    """Name of a step of the event log."""
    return term(activity)


def resource_name(resource: str) -> str:
    """Who worked on a step; points have numbers."""
    layer, point, number = resource.rpartition(" point ")
    if point and layer in LAYER_TITLES:
        return say("{layer}, number {number}", layer=term(LAYER_TITLES[layer]), number=number)
    return term(resource)
