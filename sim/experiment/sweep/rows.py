"""Rows that a run leaves in each table of a sweep, and what their columns mean."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.metrics import unit_of
from sim.experiment.sweep.blocks import Column

if TYPE_CHECKING:
    import pandas as pd

RUNS = "runs"
KEYS = ("point", "replication", "seed", "scenario_hash", "run_id")
# Names that mean something else in an order than in a sweep.
_RENAMED = {"point": "pickup_point"}


@dataclass(frozen=True)
class Meaning:
    """What a column holds.

    Attributes
    ----------
    name
        Column; ``*_h`` stands for all that end so.
    kind
        Type in Parquet.
    unit
        Unit of the value, or empty.
    text
        What it means.
    """

    name: str
    kind: str
    unit: str
    text: str


_PLACE = (
    Meaning("point", "INTEGER", "", "Point of the design, from 0; design.parquet has its values."),
    Meaning("replication", "INTEGER", "", "Replication, from 0; equal numbers met the same luck."),
    Meaning("seed", "BIGINT", "", "Seed of the run."),
    Meaning("scenario_hash", "VARCHAR", "", "Name of the resolved scenario; joins every table."),
    Meaning("run_id", "VARCHAR", "", "Hash of model version, resolved scenario, seed and options."),
)
MEANINGS: Mapping[str, tuple[Meaning, ...]] = {
    RUNS: (
        *_PLACE,
        Meaning("model_version", "VARCHAR", "", "Version of the model."),
        Meaning("status", "VARCHAR", "", "done or failed."),
        Meaning("error_kind", "VARCHAR", "", "Kind of error of a failed run, else empty."),
        Meaning("error_message", "VARCHAR", "", "Its message."),
        Meaning("error_traceback", "VARCHAR", "", "Where in the program it happened."),
    ),
    "kpis": (
        *_PLACE,
        Meaning("kpi", "VARCHAR", "", "Figure; the list of figures says what it means."),
        Meaning("value", "DOUBLE", "see unit", "Its value. A figure that does not apply has no row."),
        Meaning("unit", "VARCHAR", "", "Unit of the value."),
    ),
    "series": (
        *_PLACE,
        Meaning("month", "INTEGER", "month", "Month of the measured period, from 1."),
        Meaning("series", "VARCHAR", "", "What is told month by month."),
        Meaning("value", "DOUBLE", "see unit", "Its value."),
        Meaning("unit", "VARCHAR", "", "Unit of the value."),
    ),
    "ledger": (
        *_PLACE,
        Meaning("debit", "VARCHAR", "", "Account that receives."),
        Meaning("credit", "VARCHAR", "", "Account that gives."),
        Meaning("channel", "VARCHAR", "", "Channel, empty for the whole brand."),
        Meaning("source", "VARCHAR", "", "Source of visitors, empty where it cannot be told."),
        Meaning("layer", "VARCHAR", "", "Pickup layer, or empty."),
        Meaning("period", "INTEGER", "month", "Month, from 0; -1 before measuring starts."),
        Meaning("fen", "BIGINT", "fen", "Amount; 100 fen are a yuan."),
    ),
    "orders": (
        *_PLACE,
        Meaning("order_id", "BIGINT", "", "Number of the order within its run."),
        Meaning("channel", "VARCHAR", "", "Channel."),
        Meaning("source", "VARCHAR", "", "Source of the visitor."),
        Meaning("visitor_type", "VARCHAR", "", "Kind of visitor."),
        Meaning("delivery", "VARCHAR", "", "Way to the customer."),
        Meaning("layer", "VARCHAR", "", "Pickup layer, or empty."),
        Meaning("asked_first", "BOOLEAN", "", "Whether a chat came first."),
        Meaning("time_h", "DOUBLE", "hours", "When it was placed, since the start of the history."),
        Meaning("value_yuan", "DOUBLE", "yuan", "List price."),
        Meaning("reference_value_yuan", "DOUBLE", "yuan", "Value at the reference price."),
        Meaning("units", "BIGINT", "lamps", "Lamps."),
        Meaning("final_state", "VARCHAR", "", "How it ended; open where it has not."),
        Meaning("pickup_point", "BIGINT", "", "Pickup point it went to, or -1."),
        Meaning("redirected", "BOOLEAN", "", "Whether the point turned it away."),
        Meaning("exceptions", "BIGINT", "", "Disputes and missing parcels at the point."),
        Meaning("hours_to_hands", "DOUBLE", "hours", "From order to hands; empty where it never arrived."),
        Meaning("*_h", "DOUBLE", "hours", "When it entered a step; empty where it never did."),
    ),
}
"""Columns of every table; a column that a table has beyond these is an order's own step."""

_SERIES_UNITS = {"visits": "visits", "orders": "orders", "sales": "yuan", "cost": "yuan", "cash": "yuan"}


def tables_of(run: Any, wanted: tuple[str, ...]) -> dict[str, dict[str, Column]]:
    """Return the rows of a run, table by table and column by column.

    Parameters
    ----------
    run
        A simulated history.
    wanted
        Tables asked for.
    """
    makers = {"kpis": _kpis, "series": _series, "ledger": _ledger, "orders": _orders}
    return {table: makers[table](run) for table in wanted}


def _kpis(run: Any) -> dict[str, Column]:
    kept = {str(name): float(value) for name, value in run.kpis.items() if not math.isnan(float(value))}
    return {
        "kpi": Column.texts(list(kept)),
        "value": Column.numbers(list(kept.values())),
        "unit": Column.texts([unit_of(name) for name in kept]),
    }


def _series(run: Any) -> dict[str, Column]:
    months: Mapping[str, list[float]] = getattr(run, "months", {})
    numbers = [int(number) for number in months.get("month", [])]
    rows = [
        (month, name, float(value))
        for name, values in months.items()
        if name != "month"
        for month, value in zip(numbers, values, strict=True)
        if not math.isnan(float(value))
    ]
    return {
        "month": Column.wholes([row[0] for row in rows]),
        "series": Column.texts([row[1] for row in rows]),
        "value": Column.numbers([row[2] for row in rows]),
        "unit": Column.texts([_SERIES_UNITS.get(row[1], unit_of(row[1])) for row in rows]),
    }


def _ledger(run: Any) -> dict[str, Column]:
    entries = list(run.ledger.entries)
    texts = {name: [str(getattr(entry, name)) for entry in entries] for name in _LEDGER_TEXTS}
    return {
        **{name: Column.texts(values) for name, values in texts.items()},
        "period": Column.wholes([entry.period for entry in entries]),
        "fen": Column.wholes([entry.fen for entry in entries]),
    }


_LEDGER_TEXTS = ("debit", "credit", "channel", "source", "layer")


def _orders(run: Any) -> dict[str, Column]:
    orders: pd.DataFrame = run.orders
    return {_RENAMED.get(str(name), str(name)): _column(orders[name]) for name in orders.columns}


def _column(series: pd.Series) -> Column:
    kind = series.dtype.kind
    if kind == "b":
        return Column.switches(series.to_numpy())
    if kind in "iu":
        return Column.wholes(series.to_numpy())
    if kind == "f":
        return Column.numbers(series.to_numpy())
    codes, words = series.factorize()
    return Column("text", np.asarray(codes, dtype="<i4"), tuple(str(word) for word in words))
