"""The rungs of a ladder as numbers: average, marginal and incremental cost, contribution, service."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiment.headline import Service
from sim.experiment.jobs import Summary
from sim.experiment.ladder import Ladder, unit_for
from sim.experiment.metrics import METRICS, Measure, group_of, measure, orders_of
from sim.experiment.paths import Rung
from sim.experiment.scale_question import ScaleQuestion
from sim.experiment.scale_result import ScaleStep
from sim.experiment.statistics import Estimate, estimate
from sim.scenario.segments import LAYERS

DELIVERY = ("warehouse", "transport", "last_mile", "pickup", "losses", "returns", "service")
"""Groups of accounts between the packing table and the customer's hands, and back."""
# Below this growth of the quantity a difference quotient is noise.
LEAST_GROWTH = 0.01


def steps_of(
    question: ScaleQuestion,
    rungs: Sequence[Rung],
    ladder: Ladder,
    incremental: Sequence[Estimate | None],
    service: Service | None,
) -> tuple[ScaleStep, ...]:
    """Return one step per rung; those out of reach say why."""
    steps: list[ScaleStep] = []
    measures = ladder.measures(question.metric, question.scope)
    metric, unit = METRICS[question.metric], unit_for(question.metric)
    sign = -1.0 if question.metric == "contribution_per_order" else 1.0
    position = 0
    for rung in rungs:
        if not rung.reachable:
            steps.append(ScaleStep(rung.volume, not_reachable=rung.reason))
            continue
        column = [row[position] for row in measures]
        below = [row[position - 1] for row in measures] if position else None
        runs = [row[position] for row in ladder.rows]
        buckets = sorted({name for one in column for name in one.buckets})
        steps.append(
            ScaleStep(
                volume=rung.volume,
                orders=estimate([orders_of(run, question.scope) for run in runs], "orders"),
                quantity=estimate([one.quantity for one in column], metric.per.replace("layer_", "")),
                average_cost=estimate([sign * one.average for one in column], unit),
                marginal_cost=None if below is None else _marginal(below, column, unit, sign),
                incremental_cost=incremental[position],
                contribution=estimate(
                    [-measure(run, "contribution_per_order", question.orders_scope).average for run in runs],
                    "yuan/order",
                ),
                by_bucket={
                    name: estimate([sign * one.buckets.get(name, 0.0) / one.quantity for one in column], unit)
                    for name in buckets
                },
                share_in_hands=None if service is None else service.own[position],
            )
        )
        position += 1
    return tuple(steps)


def _marginal(below: Sequence[Measure], here: Sequence[Measure], unit: str, sign: float) -> Estimate | None:
    """Return the cost of one more between two rungs, dC/dQ; None where the quantity hardly grows."""
    growth = [b.quantity - a.quantity for a, b in zip(below, here, strict=True)]
    if any(step < LEAST_GROWTH * a.quantity for step, a in zip(growth, below, strict=True)):
        return None
    return estimate(
        [sign * (b.cost - a.cost) / step for a, b, step in zip(below, here, growth, strict=True)], unit
    )


def incremental_costs(question: ScaleQuestion, ladder: Ladder, other: Ladder | None) -> list[Estimate | None]:
    """Return the extra cost per order or parcel above the alternative on each rung.

    For a layer it is the difference in the cost of delivery per order, times the orders, per parcel of the
    layer. Delivery is all that happens between the packing table and the customer's hands, and back; goods,
    traffic, shops and head office are left out, where the layer changes nothing but the luck of baskets. With
    equal orders this is the difference in total cost per parcel; orders that the layer brings or drives away
    do not pass for a cost or a saving.
    """
    if other is None:
        return [None] * len(ladder.rungs)
    found: list[Estimate | None] = []
    counterpart = {rung.volume: index for index, rung in enumerate(other.rungs)}
    for position, rung in enumerate(ladder.rungs):
        index = counterpart.get(rung.volume)
        if index is None:
            found.append(None)
            continue
        values = [
            _extra(question, row[position], against[index])
            for row, against in zip(ladder.rows, other.rows, strict=True)
        ]
        found.append(estimate(values, unit_for(question.metric)))
    return found


def _extra(question: ScaleQuestion, own: Summary, against: Summary) -> float:
    if METRICS[question.metric].per != "layer_parcels":
        scope = question.orders_scope
        return measure(own, question.metric, scope).average - measure(against, question.metric, scope).average
    per_order = _delivery(own) / orders_of(own) - _delivery(against) / orders_of(against)
    return per_order * orders_of(own) / measure(own, question.metric, question.scope).quantity


def _delivery(summary: Summary) -> float:
    return sum(yuan for account, yuan in summary.accounts.items() if group_of(account) in DELIVERY)


def service_of(question: ScaleQuestion, ladder: Ladder, other: Ladder | None) -> Service | None:
    """Return shares in the customer's hands in time; None where the runs report none."""
    on_layer = METRICS[question.metric].per == "layer_parcels"
    ours = f"{question.scope}_share_in_hands" if question.scope in LAYERS else "layer_share_in_hands"
    own = _shares(ladder, ours if on_layer else "share_in_hands")
    if not own:
        return None
    against = () if other is None else _shares(other, "door_share_in_hands" if on_layer else "share_in_hands")
    if len(against) != len(own):
        against = own
    return Service(question.scenario.fulfilment.promise_hours, own, against)


def _shares(ladder: Ladder, kpi: str) -> tuple[Estimate, ...]:
    columns = list(zip(*ladder.rows, strict=True))
    if not all(kpi in run.kpis for column in columns for run in column):
        return ()
    return tuple(estimate([run.kpis[kpi] for run in column], "share") for column in columns)
