"""The packing in use: what it costs and what it spares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def material_cost(scenario: Scenario) -> float:
    """Return the cost of packing one order (yuan)."""
    warehouse = scenario.fulfilment.warehouse
    if warehouse.packing_grade == "reinforced" and warehouse.reinforced_packing is not None:
        return warehouse.reinforced_packing.material_cost
    return warehouse.packing_material_cost


def breakage_per_handover(scenario: Scenario) -> float:
    """Return the chance that one pair of hands breaks an order's goods."""
    warehouse = scenario.fulfilment.warehouse
    if warehouse.packing_grade == "reinforced" and warehouse.reinforced_packing is not None:
        return warehouse.reinforced_packing.breakage_per_handover
    return scenario.fulfilment.breakage_per_handover
