"""From the order to the customer and back: learning, picking errors, full networks, vans, crews."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run
from sim.scenario.tours import OUT_AND_BACK

_AREA_KM2, _DEPOT_KM, _ROAD, _PER_KM = 100, 5, 1.3, 0.8
_ROUNDING = 28 * 4 * 0.005
"""Most that whole fen can make in yuan: each day of four weeks is posted to four channels."""
_BUSY = {
    "market.peak.first_day": 8,
    "market.peak.share": 0.05,
    "fulfilment.courier.peak_slowdown": {"capacity_ratio": 1.5, "share_of_swing": 1.0},
    "fulfilment.warehouse.picking_errors": {
        "wrong_rate": 0.05,
        "short_rate": 0.03,
        "strain": 2.0,
        "replaced_share": 0.5,
        "replacement_hours": 72,
    },
    "fulfilment.warehouse.pick_pack_minutes": {"law": "gamma", "mean": 60, "cv": 0.7},
    "fulfilment.warehouse.learning": {
        "share_per_doubling": 0.3,
        "reference_orders": 100_000,
        "orders_before": 400_000,
    },
    "fulfilment.fleet": {
        "share_of_places": 0.5,
        "place_area_km2": _AREA_KM2,
        "depot_km": _DEPOT_KM,
        "road_factor": _ROAD,
        "stop_minutes": 4,
        "speed_km_per_hour": 25,
        "shift_hours": 9,
        "driver_wage_per_hour": 25,
        "van_cost_per_day": 80,
        "van_cost_per_km": _PER_KM,
    },
    "fulfilment.installation": {
        "share": {"planner": 0.2},
        "appointment_hours": 48,
        "job_minutes": {"law": "gamma", "mean": 60, "cv": 0.5},
        "travel_minutes": 40,
        "crew_size": 2,
        "wage_per_hour": 25,
        "shift_start_hour": 8,
        "shift_end_hour": 18,
        "target_utilisation": 0.75,
        "fee": 60,
        "failed_share": 0.1,
    },
}
"""A small world in which every mechanism has something to do."""
WORLD = ("door_only", _BUSY)


def _stops(run: Run) -> float:
    names = ("fleet_drivers", "fleet_vans", "fleet_kilometres")
    return sum(run.accounts[name] for name in names) / run.kpis["fleet_cost_per_stop"]


def _kilometres_apart(stops: float) -> float:
    """Every stop a trip to its place, from the middle of it and back."""
    return stops * _ROAD * (2 * _DEPOT_KM + OUT_AND_BACK * _AREA_KM2**0.5)


LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    # Four times the reference halve the work at 30% a doubling; whole packers blur it a little.
    "learning": lambda on, off: on.accounts["picking_wages"] < 0.75 * off.accounts["picking_wages"],
    "picking_errors": lambda on, off: (
        on.kpis["wrong_share"] > 0.03
        and "wrong" in on.contacts
        and not {"wrong", "short"} & off.contacts.keys()
        and "reshipments" not in off.accounts
    ),
    "courier_overload": lambda on, off: (
        on.kpis["hours_to_hands"] > off.kpis["hours_to_hands"] + 2
        and on.kpis["share_in_hands"] < off.kpis["share_in_hands"]
    ),
    "tour_density": lambda on, off: (
        on.accounts["fleet_kilometres"] < off.accounts["fleet_kilometres"]
        and off.accounts["fleet_kilometres"]
        == pytest.approx(_PER_KM * _kilometres_apart(_stops(off)), abs=_ROUNDING)
    ),
    "installation": lambda on, off: (
        on.accounts["installation_fees"] < 0
        and on.kpis["installation_wait_hours"] >= 48
        and not {"installation_fees", "installation_wages"} & off.accounts.keys()
    ),
}
