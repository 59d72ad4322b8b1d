"""Crews at the customer's home, between delivery and the decision to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.flow import Deterministic
from sim.fulfilment.aftersales import back_or_kept
from sim.fulfilment.durations import MINUTE, in_hours
from sim.fulfilment.plan import installation_of

if TYPE_CHECKING:
    from sim.fulfilment.plan import Draft
    from sim.scenario.schema import Installation
    from sim.scenario.segments import OrderClass


def draw_installation(draft: Draft) -> None:
    """Draw ``settled > appointment > installation > installed``; crews are set by management.

    A job takes its way and its work; an appointment that fails takes as much time and is made again.
    """
    rules, net, scenario = installation_of(draft.scenario), draft.net, draft.scenario
    if rules is None:
        return
    net.delay("settled", Deterministic(0.0), to=draft.by_order(lambda c: _booked_or_not(rules, c)))
    net.delay("appointment", in_hours(rules.appointment_hours), to="installation")
    net.station(
        "installation",
        servers=0,
        service=in_hours(rules.job_minutes, MINUTE * job_stretch(rules)),
        to={"installed": 1.0 - rules.failed_share, "appointment": rules.failed_share},
    )
    net.delay(
        "installed",
        in_hours(scenario.fulfilment.returns.decision_hours),
        to=draft.by_order(lambda c: back_or_kept(scenario, c, rules.return_factor)),
    )
    draft.count("appointment", "installation", "installed")


def job_stretch(rules: Installation) -> float:
    """Return how much longer a job takes with the way to it."""
    work = rules.job_minutes.mean
    return 1.0 + rules.travel_minutes / work if work > 0 else 1.0


def _booked_or_not(rules: Installation, order_class: OrderClass) -> dict[str, float]:
    share = getattr(rules.share, order_class.segment.kind)
    return {"appointment": share, "decision": 1.0 - share}
