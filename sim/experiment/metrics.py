"""What a study measures on a run: cost, quantity and size, for the brand, one channel or one pickup layer."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Summary
from sim.kpi import KPIS
from sim.money.accounts import CHART
from sim.scenario.segments import CHANNELS, LAYERS, open_layers

if TYPE_CHECKING:
    from sim.scenario import Scenario

BRAND = "brand"
NOT_COST = ("sales", "financing", "balance")
NOT_CONTRIBUTION = ("financing", "balance")


@dataclass(frozen=True)
class Metric:
    """A unit cost, or a unit profit read as one.

    Attributes
    ----------
    name
        Stable name.
    unit
        Unit of the average.
    per
        What it is divided by: ``orders`` or ``layer_parcels``.
    words
        How a sentence names it.
    """

    name: str
    unit: str
    per: str
    words: str


METRICS: Mapping[str, Metric] = {
    metric.name: metric
    for metric in (
        Metric("layer_cost_per_parcel", "yuan/parcel", "layer_parcels", "the layer's cost per parcel"),
        Metric("cost_per_order", "yuan/order", "orders", "cost per order"),
        Metric("contribution_per_order", "yuan/order", "orders", "contribution per order"),
    )
}


def checked_choice(what: str, name: str, allowed: Mapping[str, object] | tuple[str, ...]) -> str:
    """Return ``name`` if it is allowed.

    Raises
    ------
    ExperimentError
        Otherwise, with the nearest allowed name.
    """
    if name in allowed:
        return name
    near = difflib.get_close_matches(name, list(allowed), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    raise ExperimentError(f"unknown {what} '{name}'; allowed: {', '.join(allowed)}{hint}")


def group_of(account: str) -> str:
    """Return the bucket of an account."""
    return CHART[account].group


def default_metric(scenario: Scenario, scope: str = BRAND) -> str:
    """Return the metric a scenario is about: its pickup layer's if it has one, else the cost of an order."""
    on_layers = scope in LAYERS or (scope == BRAND and open_layers(scenario))
    return "layer_cost_per_parcel" if on_layers else "cost_per_order"


def reported_metrics(scenario: Scenario, scope: str) -> tuple[str, ...]:
    """Return the metrics that make sense for a scenario and scope."""
    if scope in LAYERS:
        return ("layer_cost_per_parcel",)
    if scope == BRAND and open_layers(scenario):
        return tuple(METRICS)
    return ("cost_per_order", "contribution_per_order")


def checked_scope(scenario: Scenario, scope: str) -> str:
    """Return a scope that the scenario has.

    Raises
    ------
    ExperimentError
        If it is unknown, or names a channel or layer that is not open.
    """
    checked_choice("scope", scope, (BRAND, *CHANNELS, *LAYERS))
    if scope in CHANNELS and getattr(scenario.channels, scope) is None:
        raise ExperimentError(f"scope '{scope}': scenario '{scenario.name}' does not open this channel")
    if scope in LAYERS and scope not in open_layers(scenario):
        raise ExperimentError(f"scope '{scope}': scenario '{scenario.name}' has no such pickup layer")
    return scope


def accounts_of(summary: Summary, scope: str = BRAND) -> dict[str, float]:
    """Return yuan by account of the brand or of one channel."""
    if scope in CHANNELS:
        return summary.accounts_by_channel.get(scope, {})
    return summary.accounts


def orders_of(summary: Summary, scope: str = BRAND) -> float:
    """Return orders of the brand or of one channel."""
    return summary.orders_by_channel.get(scope, 0.0) if scope in CHANNELS else summary.kpis["orders"]


def sum_without(accounts: Mapping[str, float], groups: tuple[str, ...]) -> float:
    """Return the sum of the accounts outside some groups, in yuan."""
    return sum(yuan for account, yuan in accounts.items() if group_of(account) not in groups)


@dataclass(frozen=True)
class Measure:
    """One metric of one run.

    Attributes
    ----------
    cost
        Yuan over the measured period; for a contribution, its negative.
    quantity
        Orders or parcels it is divided by.
    buckets
        Yuan by group of accounts; they add up to ``cost``.
    accounts
        The same by account.
    """

    cost: float
    quantity: float
    buckets: dict[str, float]
    accounts: dict[str, float]

    @property
    def average(self) -> float:
        """Yuan per unit."""
        return self.cost / self.quantity


def measure(summary: Summary, metric: str, scope: str = BRAND) -> Measure:
    """Measure a run.

    Raises
    ------
    ExperimentError
        If the run has no orders or parcels to divide by.
    """
    if metric == "layer_cost_per_parcel":
        cost, quantity, accounts = _layer(summary, scope)
    else:
        left_out = NOT_CONTRIBUTION if metric == "contribution_per_order" else NOT_COST
        accounts = {
            account: yuan
            for account, yuan in accounts_of(summary, scope).items()
            if group_of(account) not in left_out
        }
        cost, quantity = sum(accounts.values()), orders_of(summary, scope)
    if quantity <= 0:
        per = METRICS[metric].per.replace("_", " ")
        raise ExperimentError(
            f"{METRICS[metric].words} has nothing to divide by: no {per} in scope '{scope}'"
        )
    buckets: dict[str, float] = {}
    for account, yuan in accounts.items():
        group = group_of(account) if account in CHART else account
        buckets[group] = buckets.get(group, 0.0) + yuan
    return Measure(cost, quantity, buckets, accounts)


def _layer(summary: Summary, scope: str) -> tuple[float, float, dict[str, float]]:
    kpis = summary.kpis
    if "layer_cost" not in kpis or "layer_parcels" not in kpis:
        return 0.0, 0.0, {}
    accounts = {name: yuan for name, yuan in summary.accounts.items() if group_of(name) == "pickup"}
    if scope in LAYERS and f"{scope}_cost" in kpis and kpis[f"{scope}_cost"] != kpis["layer_cost"]:
        # Several layers share the accounts, so this one's total is known but not its parts.
        return kpis[f"{scope}_cost"], kpis[f"{scope}_parcels"], {"pickup": kpis[f"{scope}_cost"]}
    # A layer also bears what the courier still charges for its parcels' last mile, which the books keep with
    # the other parcels' last mile.
    courier = kpis["layer_cost"] - sum(accounts.values())
    if abs(courier) > 1e-9 * sum(abs(yuan) for yuan in accounts.values()):
        accounts["last_mile"] = courier
    return kpis["layer_cost"], kpis["layer_parcels"], accounts


def unit_of(kpi: str) -> str:
    """Return the unit of a KPI; empty for one that sim.kpi does not list."""
    return KPIS[kpi].unit if kpi in KPIS else ""
