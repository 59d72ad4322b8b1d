"""Chances on the way as they are at present, where projects or bad goods have moved them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.fulfilment.aftersales import route_aftersales
from sim.fulfilment.claims import set_errors
from sim.fulfilment.plan import Draft
from sim.fulfilment.transport import door_route
from sim.scenario import Scenario
from sim.scenario.picking import error_rates, errors_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sim.flow.running import Flow
    from sim.fulfilment.plan import FulfilmentPlan
    from sim.scenario.segments import OrderClass

HIGHEST_BREAKAGE = 0.5
"""As in the schema: not even the worst pair of hands breaks more."""


class CurrentChances:
    """Moves the chances of a running network: broken, wrong, short, failed trips, questions.

    Several reasons multiply: a project halves what a bad batch has trebled. A change holds for all parcels
    that pass the place from now on, those under way included.

    Parameters
    ----------
    flow
        The running network.
    scenario, classes, plan
        What it was built from.
    """

    def __init__(
        self, flow: Flow, scenario: Scenario, classes: tuple[OrderClass, ...], plan: FulfilmentPlan
    ) -> None:
        self._flow = flow
        self._scenario = self._now = scenario
        self._classes = classes
        self._plan = plan
        self._reasons: dict[str, Mapping[str, float]] = {}
        rules = errors_of(scenario)
        self._errors = error_rates(rules, 0.0) if rules is not None else (0.0, 0.0)

    def factor(self, cause: str) -> float:
        """Return the present chance of a cause relative to the scenario's own."""
        product = 1.0
        for factors in self._reasons.values():
            product *= factors.get(cause, 1.0)
        return product

    def set_errors(self, wrong: float, short: float) -> None:
        """Let these shares of parcels be wrong and short, before projects have prevented any."""
        self._errors = wrong, short
        set_errors(self._flow, self._now, wrong * self.factor("wrong"), short * self.factor("short"))

    def set_factors(self, reason: str, factors: Mapping[str, float]) -> None:
        """Let a reason multiply the chances of causes from now on.

        Parameters
        ----------
        reason
            Who says so; what the same reason said before no longer holds.
        factors
            Chance relative to the scenario's own by cause.
        """
        self._reasons[reason] = dict(factors)
        self._now = self._moved()
        draft = Draft(self._now, self._classes, self._plan)
        route_aftersales(self._flow, draft)
        self._flow.set_route("door_trip", door_route(self._now))
        if errors_of(self._scenario) is not None:
            self.set_errors(*self._errors)

    def _moved(self) -> Scenario:
        """Return the scenario with the present chances; bounds hold, so nothing has to be validated again."""
        model = self._scenario.model
        fulfilment, broken = model.fulfilment, self.factor("broken")
        changes: dict[str, Any] = {
            "breakage_per_handover": min(fulfilment.breakage_per_handover * broken, HIGHEST_BREAKAGE),
            "courier": fulfilment.courier.model_copy(
                update={
                    "failed_attempt_rate": min(
                        fulfilment.courier.failed_attempt_rate * self.factor("failed"), 0.95
                    )
                }
            ),
        }
        packing = fulfilment.warehouse.reinforced_packing
        if packing is not None:
            better = min(packing.breakage_per_handover * broken, HIGHEST_BREAKAGE)
            update = {"reinforced_packing": packing.model_copy(update={"breakage_per_handover": better})}
            changes["warehouse"] = fulfilment.warehouse.model_copy(update=update)
        asked = min(model.service.contacts_per_order * self.factor("question"), 1.0)
        moved = model.model_copy(
            update={
                "fulfilment": fulfilment.model_copy(update=changes),
                "service": model.service.model_copy(update={"contacts_per_order": asked}),
            }
        )
        return Scenario(moved, name=self._scenario.name, origins={})
