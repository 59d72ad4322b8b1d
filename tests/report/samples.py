"""Results of studies as ``--json`` prints them, small enough to check by hand."""

from __future__ import annotations

from typing import Any


def kpi(mean: float, reach: float | None, unit: str = "yuan/parcel", n: int = 5) -> dict[str, Any]:
    """A KPI object with an interval of ``mean ± reach``."""
    low, high = (None, None) if reach is None else (mean - reach, mean + reach)
    return {"mean": mean, "low": low, "high": high, "unit": unit, "n": n}


def step(
    volume: float, orders: float, average: float, marginal: float | None, above: float
) -> dict[str, Any]:
    return {
        "volume": volume,
        "orders": kpi(orders, 0.004 * orders, "orders"),
        "quantity": kpi(orders / 6, orders / 1000, "parcels"),
        "average_cost": kpi(average, 0.1),
        "marginal_cost": None if marginal is None else kpi(marginal, 0.2),
        "incremental_cost": kpi(above, 0.3),
        "contribution": kpi(11.2 + volume / 10, 0.3, "yuan/order"),
        "by_bucket": {"pickup": kpi(average - 0.01, 0.1), "last_mile": kpi(0.01, 0.001)},
        "share_in_hands": kpi(0.953, 0.002, "share"),
    }


def scale_result(**changes: Any) -> dict[str, Any]:
    """A study of one growth path whose cost turns."""
    found = {
        "scenario": "community_pickup",
        "metric": "layer_cost_per_parcel",
        "path": "replicate",
        "steps": [
            step(0.5, 128_400, 4.61, None, 3.5),
            step(1.0, 256_900, 3.92, 3.23, 2.8),
            step(2.0, 513_900, 4.05, 4.18, 2.9),
            step(4.0, 1_027_000, 4.74, 5.43, 3.6),
        ],
        "elasticity": kpi(0.013, 0.02, "ratio"),
        "elasticity_to": "orders",
        "minimum_efficient_scale": kpi(205_000, 9_000, "orders"),
        "turning_point": {"mean": 330_000.0, "low": 268_000.0, "high": 420_000.0, "unit": "orders", "n": 5},
        "verdict": "stops_scaling",
        "headline": "Cost stops falling at about 330,000 orders & stays above the door, at equal service.",
        "against": "door",
        "causes": [
            {"mechanism": "interaction", "yuan_per_order": kpi(0.11, 0.09)},
            {"mechanism": "attrition", "yuan_per_order": kpi(0.02, 0.04)},
            {"mechanism": "labour_pool", "yuan_per_order": kpi(0.52, 0.05)},
            {"mechanism": "background_load", "yuan_per_order": kpi(-0.31, 0.04)},
            {
                "mechanism": "smaller mechanisms",
                "yuan_per_order": kpi(0.41, 0.01),
                "members": ["absence", "exceptions"],
            },
            {
                "mechanism": "unattributed",
                "yuan_per_order": kpi(-0.62, 0.03),
                "by_account": {"head_office": kpi(-0.5, 0.01), "pickup_sites": kpi(-0.12, 0.01)},
            },
        ],
        "plausible_worlds": {
            **kpi(0.74, 0.08, "share", 100),
            "verdict": "stops_scaling",
            "varied": 31,
            "lost": 2,
        },
        "reason": "cost falls up to its lowest rung and rises after it",
        "metrics": {
            "layer_cost_per_parcel": {
                "average": [kpi(v, 0.1) for v in (4.61, 3.92, 4.05, 4.74)],
                "elasticity": kpi(0.013, 0.02, "ratio"),
                "verdict": "stops_scaling",
            },
            "cost_per_order": {
                "average": [kpi(v, 0.5, "yuan/order") for v in (150.0, 142.0, 136.0, 133.0)],
                "elasticity": kpi(-0.06, 0.01, "ratio"),
                "verdict": "scalable",
            },
        },
        "scope": "brand",
        "start": "mature",
        "notes": ["Staff is sized anew at every volume."],
    }
    return found | changes


def unreached_step(volume: float, reason: str) -> dict[str, Any]:
    blank = dict.fromkeys(step(1, 1, 1, 1, 1))
    return blank | {"volume": volume, "by_bucket": {}, "not_reachable": reason}


def paths_result() -> dict[str, Any]:
    """A study of all growth paths, one of which does not apply."""
    rows: list[tuple[str, str, dict[str, Any] | None, str]] = [
        ("densify", "scalable", kpi(-0.13, 0.02, "ratio", 3), ""),
        ("fragment", "non_scalable", kpi(0.42, 0.04, "ratio", 3), ""),
        ("buy_traffic", "cannot_tell", kpi(0.03, 0.05, "ratio", 3), ""),
        ("cut_price", "cannot_tell", None, "does not apply: no online channel is open"),
    ]
    paths = []
    for name, verdict, elasticity, headline in rows:
        steps = scale_result()["steps"] if elasticity else []
        paths.append(
            scale_result(path=name, verdict=verdict, elasticity=elasticity, headline=headline, steps=steps)
            | {"turning_point": None}
        )
    return {"paths": paths}


def compare_result(**changes: Any) -> dict[str, Any]:
    """Two scenarios: orders equal, contribution worse, visits as noisy as ever, costs better."""
    a = {
        "orders": kpi(348_990, 1_656, "orders"),
        "contribution_per_order": kpi(3.19, 0.84, "yuan/order"),
        "cost_per_order": kpi(140.3, 4.5, "yuan/order"),
        "share_in_hands": kpi(0.9722, 0.0012, "share"),
        "points": kpi(0, 0, "points"),
    }
    b = a | {"contribution_per_order": kpi(2.31, 0.94, "yuan/order"), "points": kpi(40, 0, "points")}
    found = {
        "a": {"scenario": "base", "scenario_hash": "a" * 64, "kpis": a},
        "b": {"scenario": "community_pickup", "scenario_hash": "b" * 64, "kpis": b},
        "difference": {
            "orders": kpi(0, 0, "orders"),
            "contribution_per_order": kpi(-0.88, 0.15, "yuan/order"),
            "cost_per_order": kpi(-0.2, 0.67, "yuan/order"),
            "share_in_hands": kpi(0.00998, 0.00079, "share"),
            "points": kpi(40, 0, "points"),
        },
        "waterfall": [
            {
                "account": "pickup_attendants",
                "group": "pickup",
                "yuan_per_order": kpi(-1.34, 0.004, "yuan/order"),
            },
            {"account": "pickup_sites", "group": "pickup", "yuan_per_order": kpi(-0.42, 0.1, "yuan/order")},
            {"account": "last_mile", "group": "last_mile", "yuan_per_order": kpi(0.9, 0.05, "yuan/order")},
            {"account": "goods", "group": "goods", "yuan_per_order": kpi(-0.02, 0.5, "yuan/order")},
            {"account": "store_rent", "group": "stores", "yuan_per_order": kpi(0.0004, 0.001, "yuan/order")},
        ],
        "headline": "Contribution per order: community_pickup against base: -0.88 yuan/order.",
        "scope": "brand",
        "seed": 7,
        "start": "mature",
        "pairing": {"contribution_per_order": {"correlation": 0.987, "variance_ratio": 0.013}},
    }
    return found | changes
