"""What a company does about itself: projects against causes, people's skill, linked systems."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sim.run import Run

CAUSES = [
    {"cause": "broken", "controllable": 0.8, "cost_per_project": 500, "damage_per_case": 100},
    {"cause": "wrong", "controllable": 0.8, "cost_per_project": 300, "damage_per_case": 40},
    {"cause": "short", "controllable": 0.8, "cost_per_project": 200, "damage_per_case": 20},
    {"cause": "failed", "controllable": 0.8, "cost_per_project": 150, "damage_per_case": 4},
    {"cause": "question", "controllable": 0.8, "cost_per_project": 100, "damage_per_case": 2},
]
COMPANY = {
    "fulfilment.breakage_per_handover": 0.02,
    "fulfilment.warehouse.picking_errors": {
        "wrong_rate": 0.03,
        "short_rate": 0.02,
        "strain": 1.0,
        "replaced_share": 0.8,
        "replacement_hours": 72,
    },
    "management.quality": {
        "review_days": 7,
        "projects_per_review": 5,
        "cut_per_project": 0.5,
        "relapse_per_month": 0.1,
        "gamed_share": 0.2,
        "causes": CAUSES,
    },
    "management.team": {
        "training": {
            "budget_per_year": 20_000,
            "half_budget_per_year": 100_000,
            "decay_per_month": 0.06,
            "reference_level": 0.6,
        },
        "buying_gain": 3.0,
    },
    "management.systems": {
        "linked": True,
        "link_cost_per_year": 100_000,
        "information_lag_days": 20,
        "plan_window_days": 28,
        "oversold_cost_per_order": 20,
    },
    "service.recovery": {"cost_per_case": 15, "won_back_share": 0.6},
    "fulfilment.bad_batch": {"first_day": 8, "days": 7, "breakage_factor": 2},
    # A shelf so short that it is often empty.
    "products.stock.reorder_days": 3,
    "products.stock.order_up_to_days": 5,
    "horizon.days": 84,
}
"""Each effect in a form strong enough to be seen in a few weeks."""
WORLD = ("door_only", COMPANY)

LIMITS: dict[str, Callable[[Run, Run], bool]] = {
    "quality_projects": lambda on, off: (
        on.kpis["defect_share"] < 0.8 * off.kpis["defect_share"]
        and on.kpis["reported_defect_share"] < on.kpis["defect_share"]
        and off.kpis["reported_defect_share"] == off.kpis["defect_share"]
        and on.accounts["quality_projects"] > 0
        and "quality_projects" not in off.accounts
    ),
    "team_skill": lambda on, off: (
        on.kpis["team_skill"] == pytest.approx(1 / 6)
        and on.kpis["conversion_rate"] < off.kpis["conversion_rate"]
        and on.accounts["team_training"] == pytest.approx(20_000 * 84 / 365, abs=0.1)
        and not {"team_training"} & off.accounts.keys()
        and "team_skill" not in off.kpis
    ),
    "integration": lambda on, off: (
        on.kpis["orders"] < off.kpis["orders"]
        and on.kpis["cancelled_share"] != off.kpis["cancelled_share"]
        and on.accounts["system_link"] == pytest.approx(100_000 * 84 / 365, abs=0.1)
        and on.accounts["oversold_orders"] > 0
        and not {"system_link", "oversold_orders"} & off.accounts.keys()
    ),
}
