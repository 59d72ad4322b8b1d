"""Tables of ``run``: profit and loss by channel, the funnel by source, and how well shoppers were served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from sim.kpi import KPIS
from sim.money.accounts import CONTRIBUTION_ACCOUNTS, GROUPS, accounts_in
from sim.report.numbers import NOTHING, Value, column, half_width, plain, read, shown, text
from sim.report.page import Column, Page, Row, Table, Text, table
from sim.report.words import ILLUSTRATIVE, STARTS, channel_title, runs_behind

if TYPE_CHECKING:
    from sim.experiment.replication import Replicated
    from sim.run import Run

_IN_STATEMENT = (
    "visits", "orders", "orders_online", "orders_store", "sales", "contribution", "contribution_per_order",
    "cost_per_order",
)  # fmt: skip
_IN_THOUSANDS_FROM = 1e7
_SUBTOTALS = {
    **{group: accounts_in(group) for group in GROUPS if group != "balance"},
    "contribution": CONTRIBUTION_ACCOUNTS,
    "profit": (*CONTRIBUTION_ACCOUNTS, *accounts_in("financing")),
}


def run_page(result: Mapping[str, Any]) -> Page:
    """Report one scenario.

    Parameters
    ----------
    result
        JSON object of ``run``: ``kpis``, ``accounts`` and, where known, ``accounts_by_channel``,
        ``orders_by_channel`` and ``funnel``; see :func:`of_replicated` and :func:`of_run`.

    Returns
    -------
    Page
        First table profit and loss by channel; then the funnel by source; then the other figures with their
        intervals.
    """
    kpis = {name: read(value) for name, value in result["kpis"].items()}
    orders = kpis.get("orders")
    blocks: list[Table | Text] = [_headline(result, kpis), profit_table(result, orders)]
    if result.get("funnel"):
        blocks.append(funnel_table(result["funnel"]))
    blocks.append(kpi_table({name: value for name, value in kpis.items() if name not in _IN_STATEMENT}))
    return Page((*blocks, Text(_birth(result), "faint")))


def of_replicated(replicated: Replicated) -> dict[str, Any]:
    """Return the JSON object of several histories, with what each channel and source earned where kept."""
    from sim.experiment.statistics import estimate

    summaries = [run.summary for run in replicated.runs]
    channels = list(dict.fromkeys(name for one in summaries for name in one.accounts_by_channel))
    by_channel: dict[str, Any] = {}
    for channel in channels:
        found = [one.accounts_by_channel.get(channel, {}) for one in summaries]
        names = list(dict.fromkeys(name for one in found for name in one))
        by_channel[channel] = {
            name: estimate([one.get(name, 0.0) for one in found], "yuan").as_dict() for name in names
        }
    sold = list(dict.fromkeys(name for one in summaries for name in one.orders_by_channel))
    orders = {
        name: estimate([one.orders_by_channel.get(name, 0.0) for one in summaries], "orders").as_dict()
        for name in sold
    }
    funnels = [getattr(one, "funnel", ()) for one in summaries]
    subtotals = {
        name: estimate(
            [-sum(one.accounts.get(account, 0.0) for account in accounts) for one in summaries], "yuan"
        ).as_dict()
        for name, accounts in _SUBTOTALS.items()
    }
    return replicated.as_dict() | {
        "accounts_by_channel": by_channel,
        "orders_by_channel": orders,
        "funnel": _joined(funnels),
        "subtotals": subtotals,
    }


def of_run(run: Run) -> dict[str, Any]:
    """Return the JSON object of a single history, without intervals."""
    kpis = {name: _single(value, KPIS[name].unit) for name, value in run.kpis.items()}
    return {
        "scenario": run.scenario_name,
        "scenario_hash": run.scenario_hash,
        "seed": run.seed,
        "replications": 1,
        "start": run.start,
        "model_version": run.model_version,
        "kpis": kpis,
        "accounts": {name: _single(yuan, "yuan") for name, yuan in run.accounts.items()},
        "accounts_by_channel": {
            channel: {name: _single(yuan, "yuan") for name, yuan in accounts.items()}
            for channel, accounts in run.accounts_by_channel.items()
        },
        "orders_by_channel": {
            name: _single(number, "orders") for name, number in run.orders_by_channel.items()
        },
        "funnel": _joined([run.funnel]),
    }


def profit_table(result: Mapping[str, Any], orders: Value | None) -> Table:
    """Profit and loss by channel: money earned is positive, money spent negative, every column adds up."""
    channels = result.get("accounts_by_channel") or {}
    names = [*sorted(name for name in channels if name), *(name for name in channels if not name)]
    total = {name: read(value) for name, value in result["accounts"].items()}
    columns = {name: {a: read(v) for a, v in channels[name].items()} for name in names}
    largest = max((abs(value.mean) for value in total.values() if value is not None), default=0.0)
    factor, unit = (1e-3, "thousand yuan") if largest >= _IN_THOUSANDS_FROM else (1.0, "yuan")
    heads = [Column("", words=True), *(Column(channel_title(name), unit) for name in names)]
    heads += [Column("total", unit), Column("± 95%", unit), Column("per order", "yuan/order")]

    def line(title: str, accounts: Sequence[str], subtotal: str = "") -> tuple[str, ...]:
        known = read((result.get("subtotals") or {}).get(subtotal)) if subtotal else None
        whole = known or _earned([total.get(name) for name in accounts])
        cells = [
            _amount(_earned([own.get(name) for name in accounts]).mean * factor) for own in columns.values()
        ]
        scaled = whole.scaled(factor)
        error = half_width(scaled, 0) if scaled.half_width else NOTHING
        per_order = plain(whole.mean / orders.mean, 2) if orders is not None and orders.mean else NOTHING
        return (title, *cells, _amount(scaled.mean), error, per_order)

    rows: list[Row] = []
    for group, title in GROUPS.items():
        accounts = [name for name in accounts_in(group) if name in total]
        if group == "balance" or not accounts:
            continue
        if len(accounts) > 1:
            rows += [Row(line(f"  {_words(account)}", [account])) for account in accounts]
        rows.append(Row(line(title, accounts, group), "strong"))
        if group == "overhead":
            rows.append(Row(line("Contribution", CONTRIBUTION_ACCOUNTS, "contribution"), "strong"))
    rows.append(Row(line("Profit", _SUBTOTALS["profit"], "profit"), "strong"))
    notes = [
        "Contribution is the profit before financing. Means over the runs; the total has its 95% interval."
    ]
    return table("Profit and loss by channel", heads, list(rows), notes)


def funnel_table(rows: Sequence[Mapping[str, Any]]) -> Table:
    """Visits to orders by source and channel, with what an order from there costs and leaves."""
    heads = [
        Column("source", words=True),
        Column("channel", words=True),
        Column("visits"),
        Column("orders"),
        Column("orders per visit", "%"),
        Column("sales", "yuan/order"),
        Column("cost", "yuan/order"),
        Column("contribution", "yuan/order"),
    ]
    values = []
    for row in rows:
        visits, orders = read(row["visits"]), read(row["orders"])
        if visits is None or orders is None:
            raise ValueError(f"the funnel row of {row['source']} counts no visits or orders")
        per_order = [
            read(row.get(name)) for name in ("sales_per_order", "cost_per_order", "contribution_per_order")
        ]
        values.append(
            (row["source"], channel_title(row["channel"]), visits, orders, read(row["conversion"]), per_order)
        )
    values.sort(key=lambda found: -found[3].mean)
    shares = column([shown(v[4]) if v[4] is not None else None for v in values])
    money = [column([v[5][k] for v in values]) for k in range(3)]
    cells = [
        (_words(v[0]), v[1], text(v[2]), text(v[3]), share, *(money[k][i] for k in range(3)))
        for i, (v, share) in enumerate(zip(values, shares, strict=True))
    ]
    notes = [
        "Cost that can be traced to a source; head office, rents and the like are in the table above only."
    ]
    return table("From visits to orders, by source", heads, list(cells), notes)


def kpi_table(kpis: Mapping[str, Value | None], title: str = "Service and operations") -> Table:
    """Figures with interval and unit, in the order of :data:`sim.kpi.KPIS`."""
    rows = []
    for name in sorted(kpis, key=lambda known: list(KPIS).index(known) if known in KPIS else len(KPIS)):
        found = kpis[name]
        if found is None:
            continue
        value = shown(found)
        meaning = KPIS[name].description if name in KPIS else ""
        rows.append((_words(name), text(value), value.unit, meaning))
    heads = [
        Column("figure", words=True),
        Column("value"),
        Column("unit", words=True),
        Column("", words=True),
    ]
    return table(title, heads, list(rows))


def _amount(yuan: float) -> str:
    """Write an amount of a statement; nothing at all is a dash."""
    return plain(yuan, 0) if yuan else NOTHING


def _earned(amounts: Sequence[Value | None]) -> Value:
    """Sum of account balances with the sign of a statement; only a single one keeps its interval."""
    known = [value for value in amounts if value is not None]
    if len(known) == 1:
        return known[0].scaled(-1)
    return Value(-sum(value.mean for value in known), unit="yuan")


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


def _joined(funnels: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    """Rows by channel and source over histories, each figure with its interval."""
    from sim.experiment.statistics import estimate

    found: dict[tuple[str, str], list[Any]] = {}
    for funnel in funnels:
        for item in funnel:
            row = SimpleNamespace(**item) if isinstance(item, Mapping) else item
            found.setdefault((row.channel, row.source), []).append(row)
    joined = []
    for (channel, source), rows in found.items():
        sold = [row for row in rows if row.orders > 0]
        seen = [row for row in rows if row.visits > 0]
        ratios = {
            "conversion": ([row.orders / row.visits for row in seen], "share"),
            "sales_per_order": ([row.sales / row.orders for row in sold], "yuan/order"),
            "cost_per_order": ([row.cost / row.orders for row in sold], "yuan/order"),
            "contribution_per_order": ([(row.sales - row.cost) / row.orders for row in sold], "yuan/order"),
        }
        joined.append(
            {
                "channel": channel,
                "source": source,
                "visits": estimate([float(row.visits) for row in rows], "visits").as_dict(),
                "orders": estimate([float(row.orders) for row in rows], "orders").as_dict(),
                **{name: estimate(v, unit).as_dict() if v else None for name, (v, unit) in ratios.items()},
            }
        )
    return joined


def _single(value: float, unit: str) -> dict[str, Any]:
    return {"mean": float(value), "low": None, "high": None, "unit": unit, "n": 1}


def _words(name: str) -> str:
    return name.replace("_", " ")
