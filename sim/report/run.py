"""The page of ``run``: profit and loss by channel, the funnel by source, how well shoppers were served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.funnel import funnel_table, identity_table
from sim.report.numbers import Value, read, text
from sim.report.page import Page, Table, Text
from sim.report.profit import account_table, per_order_table, profit_table
from sim.report.run_result import TOTAL, of_replicated, of_run
from sim.report.service import contact_table, kpi_table, names_of, service_figures, service_table
from sim.report.words import ILLUSTRATIVE, STARTS, runs_behind

__all__ = ["of_replicated", "of_run", "run_page"]

_IN_STATEMENT = (
    "visits", "orders", "orders_online", "orders_store", "sales", "contribution", "contribution_per_order",
    "cost_per_order",
)  # fmt: skip


def run_page(result: Mapping[str, Any]) -> Page:
    """Report one scenario.

    Parameters
    ----------
    result
        JSON object of ``run``: ``kpis``, ``accounts`` and, where known, what belongs to each channel and
        source; see :func:`of_replicated` and :func:`of_run`.

    Returns
    -------
    Page
        Profit and loss by channel, in yuan and per order; the funnel by source; what sales are made of; how
        shoppers are served and why they call; the other figures; every account.
    """
    kpis = {name: read(value) for name, value in result["kpis"].items()}
    orders = kpis.get("orders")
    blocks: list[Table | Text] = [_headline(result, kpis), profit_table(result, orders)]
    if (result.get("per_order") or {}).get(TOTAL):
        blocks.append(per_order_table(result))
    if result.get("funnel"):
        blocks.append(funnel_table(result["funnel"], result.get("funnel_by_source") or ()))
    if result.get("sales_identity"):
        blocks.append(identity_table(result["sales_identity"]))
    served = service_figures(kpis)
    if served:
        blocks.append(service_table(kpis))
    if result.get("contacts"):
        blocks.append(contact_table(result["contacts"]))
    told = {*_IN_STATEMENT, *(name for figure in served for name in names_of(*figure))}
    if others := {name: value for name, value in kpis.items() if name not in told}:
        blocks.append(kpi_table(others, "Other figures"))
    blocks.append(account_table(result, orders))
    return Page((*blocks, Text(_birth(result), "faint")))


def _headline(result: Mapping[str, Any], kpis: Mapping[str, Value | None]) -> Text:
    parts = [result["scenario"]]
    if (orders := kpis.get("orders")) is not None:
        parts.append(f"{text(orders)} orders")
    if (per_order := kpis.get("contribution_per_order")) is not None:
        parts.append(f"contribution {text(per_order, unit=True)}")
    return Text(f"{parts[0]}: {', '.join(parts[1:])}" if len(parts) > 1 else parts[0], "headline")


def _birth(result: Mapping[str, Any]) -> str:
    start = STARTS.get(result.get("start", ""), result.get("start", ""))
    version = result.get("model_version", "")
    born = f"{start.capitalize()}; seed {result.get('seed')}; scenario {result.get('scenario_hash', '')[:12]}"
    born += f"; model {version}." if version else "."
    return f"{runs_behind(result.get('replications'))} {born} {ILLUSTRATIVE}"
