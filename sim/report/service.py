"""How well shoppers are served: the figures that managers are paid by, and why shoppers call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.kpi import KPIS
from sim.report.numbers import Value, column, plain, read, shown, text
from sim.report.page import Column, Table, table

SERVICE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "goods": {
        "assortment": ("assortment",),
        "assortment, stores": ("assortment_store",),
        "assortment, online": ("assortment_online",),
        "out of stock": ("stockout_share",),
        "stock turnover": ("stock_turnover", "stock_days"),
    },
    "delivery": {
        "on time": ("on_time_share", "share_in_hands"),
        "delivery success": ("delivery_success_share",),
        "wrong": ("wrong_share",),
        "short": ("short_share",),
        "broken": ("broken_share",),
    },
    "after-sales": {
        "solved": ("solved_share",),
        "solved within 24 hours": ("solved_in_24h_share",),
        "satisfaction": ("satisfaction",),
    },
}
"""Departments, the figures each is measured by, and where to read a figure: the first that a run has."""


def names_of(department: str, figure: str) -> tuple[str, ...]:
    """Return every KPI that tells a figure, the one to be read first."""
    return SERVICE[department][figure]


def service_figures(kpis: Mapping[str, Value | None]) -> dict[tuple[str, str], str]:
    """Return, by department and figure, the KPI that holds it; what does not apply is left out."""
    found = {}
    for department, figures in SERVICE.items():
        for figure, names in figures.items():
            name = next((name for name in names if kpis.get(name) is not None), None)
            if name is not None:
                found[department, figure] = name
    return found


def service_table(kpis: Mapping[str, Value | None]) -> Table:
    """Figures by department, with interval, unit and meaning."""
    rows, before = [], ""
    for (department, figure), name in service_figures(kpis).items():
        value = kpis[name]
        if value is None:
            continue
        own = shown(value)
        meaning = KPIS[name].description if name in KPIS else ""
        rows.append((department if department != before else "", figure, text(own), own.unit, meaning))
        before = department
    heads = [
        Column("department", words=True),
        Column("figure", words=True),
        Column("value"),
        Column("unit", words=True),
        Column("", words=True),
    ]
    return table("How shoppers are served", heads, list(rows))


def contact_table(contacts: Mapping[str, Any]) -> Table:
    """Service contacts by cause, the most frequent first, with the share that the first causes make up."""
    values = {cause: read(value) for cause, value in contacts.items()}
    known = {cause: value for cause, value in values.items() if value is not None}
    total = sum(value.mean for value in known.values())
    counts = column(list(known.values()))
    rows, so_far = [], 0.0
    for (cause, value), count in zip(known.items(), counts, strict=True):
        so_far += value.mean
        share, together = (plain(100.0 * part / total, 1) if total else "-" for part in (value.mean, so_far))
        rows.append((cause.replace("_", " "), count, share, together))
    heads = [
        Column("cause", words=True),
        Column("contacts"),
        Column("of all", "%"),
        Column("with those above", "%"),
    ]
    return table("Why shoppers call", heads, list(rows))


def kpi_table(kpis: Mapping[str, Value | None], title: str = "Service and operations") -> Table:
    """Figures with interval and unit, in the order of :data:`sim.kpi.KPIS`."""
    rows = []
    for name in sorted(kpis, key=lambda known: list(KPIS).index(known) if known in KPIS else len(KPIS)):
        found = kpis[name]
        if found is None:
            continue
        value = shown(found)
        meaning = KPIS[name].description if name in KPIS else ""
        rows.append((name.replace("_", " "), text(value), value.unit, meaning))
    heads = [
        Column("figure", words=True),
        Column("value"),
        Column("unit", words=True),
        Column("", words=True),
    ]
    return table(title, heads, list(rows))
