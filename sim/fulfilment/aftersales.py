"""After delivery: questions and complaints, the decision to keep, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic
from sim.fulfilment.chances import breakage, contact_rate, return_rate
from sim.fulfilment.claims import draw_claims, opened, ticket
from sim.fulfilment.durations import MINUTE, in_hours
from sim.fulfilment.plan import DESK
from sim.scenario.picking import errors_of

if TYPE_CHECKING:
    from sim.flow.running import Flow
    from sim.fulfilment.plan import Draft
    from sim.scenario import Scenario
    from sim.scenario.segments import OrderClass


def draw_aftersales(draft: Draft) -> None:
    """Draw ``delivered > service > decision > return_transit``; agents are set by management."""
    net, scenario = draft.net, draft.scenario
    claims = errors_of(scenario) is not None
    net.delay(
        "delivered", Deterministic(0.0), to=draft.by_way(lambda way: _contact_or_not(draft, way, claims))
    )
    net.station(
        "service",
        servers=0,
        service=in_hours(scenario.service.handling_minutes, MINUTE),
        to=draft.by_way(lambda way: _broken_or_not(draft, way, claims), desk_target="answered"),
    )
    if claims:
        draw_claims(draft)
    if draft.desk_jobs:
        net.source(f"{DESK}_jobs", rate=None, to="service", entity_class=draft.desk_jobs[0])
        net.sink("answered")
    net.delay("broken", Deterministic(0.0), to="returned")
    net.delay(
        "decision",
        in_hours(scenario.fulfilment.returns.decision_hours),
        to=draft.by_order(lambda c: back_or_kept(scenario, c)),
    )
    net.delay("return_transit", in_hours(scenario.fulfilment.returns.transit_hours), to=draft.back)
    _draw_refurbishment(draft)
    draft.count("delivered", "service", "broken", "return_transit")
    net.measure_age("delivered")


def route_aftersales(flow: Flow, draft: Draft) -> None:
    """Route a running network's deliveries and calls by the chances of the draft's scenario."""
    claims = errors_of(draft.scenario) is not None
    flow.set_route("delivered", draft.by_way(lambda way: _contact_or_not(draft, way, claims)))
    if not claims:
        answered = draft.by_way(lambda way: _broken_or_not(draft, way, claims), desk_target="answered")
        flow.set_route("service", answered)


def _draw_refurbishment(draft: Draft) -> None:
    """Draw ``refurbishment > refurbished > (returned)``; hands are set by management."""
    rules = draft.scenario.fulfilment.returns.refurbishment
    if rules is None:
        return
    draft.net.station("refurbishment", servers=0, service=in_hours(rules.minutes, MINUTE), to="refurbished")
    draft.net.delay("refurbished", Deterministic(0.0), to="returned")
    draft.count("refurbishment", "refurbished")


def _contact_or_not(draft: Draft, way: str, claims: bool) -> dict[str, float]:
    chance = contact_rate(draft.scenario, way)
    content = opened(way) if claims else draft.settled
    return {"service": chance, content: 1.0 - chance}


def _broken_or_not(draft: Draft, way: str, claims: bool) -> dict[str, float] | str:
    """Among those who call, the goods are broken with the conditional probability."""
    if claims:
        return ticket(way)
    chance = contact_rate(draft.scenario, way)
    broken = breakage(draft.scenario, way) / chance if chance > 0 else 0.0
    return {"broken": broken, draft.settled: 1.0 - broken}


def back_or_kept(scenario: Scenario, order_class: OrderClass, factor: float = 1.0) -> dict[str, float]:
    """Return where an order goes after its buyer has decided; ``factor`` scales the return rate."""
    chance = return_rate(scenario, order_class) * factor
    return {"return_transit": chance, "kept": 1.0 - chance}
