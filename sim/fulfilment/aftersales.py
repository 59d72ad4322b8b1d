"""After delivery: questions and complaints, the decision to keep, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic
from sim.fulfilment.chances import breakage, contact_rate, return_rate
from sim.fulfilment.durations import MINUTE, in_hours

if TYPE_CHECKING:
    from sim.fulfilment.plan import Draft
    from sim.scenario import Scenario
    from sim.scenario.segments import OrderClass


def draw_aftersales(draft: Draft) -> None:
    """Draw ``delivered > service > decision > return_transit``; agents are set by management."""
    net, scenario = draft.net, draft.scenario
    net.delay("delivered", Deterministic(0.0), to=draft.by_order(lambda c: _contact_or_not(scenario, c)))
    net.station(
        "service",
        servers=0,
        service=in_hours(scenario.service.handling_minutes, MINUTE),
        to=draft.by_order(lambda c: _broken_or_not(scenario, c)),
    )
    net.delay("broken", Deterministic(0.0), to="returned")
    net.delay(
        "decision",
        in_hours(scenario.fulfilment.returns.decision_hours),
        to=draft.by_order(lambda c: _back_or_kept(scenario, c)),
    )
    net.delay("return_transit", in_hours(scenario.fulfilment.returns.transit_hours), to="returned")
    draft.count("delivered", "service", "broken", "return_transit")
    net.measure_age("delivered")


def _contact_or_not(scenario: Scenario, order_class: OrderClass) -> dict[str, float]:
    chance = contact_rate(scenario, order_class.delivery)
    return {"service": chance, "decision": 1.0 - chance}


def _broken_or_not(scenario: Scenario, order_class: OrderClass) -> dict[str, float]:
    """Among those who call, the goods are broken with the conditional probability."""
    chance = contact_rate(scenario, order_class.delivery)
    broken = breakage(scenario, order_class.delivery) / chance if chance > 0 else 0.0
    return {"broken": broken, "decision": 1.0 - broken}


def _back_or_kept(scenario: Scenario, order_class: OrderClass) -> dict[str, float]:
    chance = return_rate(scenario, order_class)
    return {"return_transit": chance, "kept": 1.0 - chance}
