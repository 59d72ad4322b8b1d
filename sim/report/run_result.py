"""The JSON object of ``run``: what the histories of a scenario say about channels, sources and service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.money.accounts import CONTRIBUTION_ACCOUNTS, GROUPS, accounts_in
from sim.scenario.segments import SECOND_VISITS, UNVISITED

if TYPE_CHECKING:
    from sim.experiment.jobs import Summary
    from sim.experiment.replication import Replicated
    from sim.run import Run

SUBTOTALS: Mapping[str, tuple[str, ...]] = {
    **{group: accounts_in(group) for group in GROUPS if group != "balance"},
    "contribution": CONTRIBUTION_ACCOUNTS,
    "profit": (*CONTRIBUTION_ACCOUNTS, *accounts_in("financing")),
}
"""Accounts of each group, of contribution and of profit."""

TOTAL = "total"
"""Where a table by channel has the whole brand; "" is what belongs to no channel."""

Values = dict[str, Any]


def of_replicated(replicated: Replicated) -> Values:
    """Return the JSON object of several histories, with what each channel and source earned."""
    return replicated.as_dict() | _details([run.summary for run in replicated.runs])


def of_run(run: Run) -> Values:
    """Return the JSON object of a single history, without intervals."""
    from sim.experiment.jobs import Summary
    from sim.experiment.metrics import unit_of

    summary = Summary.of(run)
    return {
        "scenario": run.scenario_name,
        "scenario_hash": run.scenario_hash,
        "seed": run.seed,
        "replications": 1,
        "start": run.start,
        "model_version": run.model_version,
        "kpis": {name: _estimate([value], unit_of(name)) for name, value in summary.kpis.items()},
        "accounts": {name: _estimate([yuan], "yuan") for name, yuan in summary.accounts.items()},
        **_details([summary]),
    }


def _details(summaries: Sequence[Summary]) -> Values:
    channels = _names(one.accounts_by_channel for one in summaries)
    sold = _names(one.orders_by_channel for one in summaries)
    return {
        "accounts_by_channel": {
            channel: _accounts([one.accounts_by_channel.get(channel, {}) for one in summaries])
            for channel in channels
        },
        "orders_by_channel": {
            name: _estimate([one.orders_by_channel.get(name, 0.0) for one in summaries], "orders")
            for name in sold
        },
        "funnel": _funnel(summaries, lambda row: (row["channel"], row["source"])),
        "funnel_by_source": _funnel(summaries, lambda row: ("", row["source"])),
        "subtotals": {
            name: _estimate([_earned(one.accounts, accounts) for one in summaries], "yuan")
            for name, accounts in SUBTOTALS.items()
        },
        "per_order": _per_order(summaries, channels),
        "sales_identity": _identity(summaries),
        "contacts": _contacts(summaries),
    }


def _names(found: Any) -> list[str]:
    return list(dict.fromkeys(name for one in found for name in one))


def _estimate(values: Sequence[float], unit: str) -> Values:
    from sim.experiment.statistics import estimate

    return estimate(values, unit).as_dict()


def _ratio(above: Sequence[float], below: Sequence[float], unit: str) -> Values | None:
    from sim.experiment.statistics import ratio

    return ratio(above, below, unit).as_dict() if sum(below) > 0 else None


def _accounts(found: Sequence[Mapping[str, float]]) -> Values:
    return {name: _estimate([one.get(name, 0.0) for one in found], "yuan") for name in _names(found)}


def _earned(amounts: Mapping[str, float], accounts: Sequence[str]) -> float:
    """Yuan earned on some accounts: income positive, expenses negative."""
    return -sum(amounts.get(name, 0.0) for name in accounts)


def _per_order(summaries: Sequence[Summary], channels: Sequence[str]) -> Values:
    """Return each group's yuan per order by channel; what belongs to none is divided by all orders."""
    found: Values = {}
    for channel in [*channels, TOTAL]:
        books = [
            one.accounts if channel == TOTAL else one.accounts_by_channel.get(channel, {})
            for one in summaries
        ]
        orders = [_orders(one, channel) for one in summaries]
        if sum(orders) <= 0:
            continue
        found[channel] = {
            name: _ratio([_earned(own, accounts) for own in books], orders, "yuan/order")
            for name, accounts in SUBTOTALS.items()
            if any(account in own for own in books for account in accounts)
        }
    return found


def _orders(summary: Summary, channel: str) -> float:
    if channel in ("", TOTAL):
        return sum(summary.orders_by_channel.values())
    return summary.orders_by_channel.get(channel, 0.0)


_COUNTS = ("visits", "orders", "sales", "cost", "traffic")


def _sums(summary: Summary, key: Callable[[Mapping[str, Any]], Any]) -> dict[Any, dict[str, float]]:
    """Add up the rows of a funnel that share a key."""
    found: dict[Any, dict[str, float]] = {}
    for row in summary.funnel:
        sums = found.setdefault(key(row), dict.fromkeys(_COUNTS, 0.0))
        for name in _COUNTS:
            sums[name] += float(row.get(name, 0.0))
    return found


def _funnel(
    summaries: Sequence[Summary], key: Callable[[Mapping[str, Any]], tuple[str, str]]
) -> list[Values]:
    """Return rows by channel and source over histories, each figure with its interval."""
    tables = [_sums(one, key) for one in summaries]
    found = []
    for channel, source in _keys(tables):
        rows = [one.get((channel, source), dict.fromkeys(_COUNTS, 0.0)) for one in tables]
        columns = {name: [row[name] for row in rows] for name in _COUNTS}
        left = [sales - cost for sales, cost in zip(columns["sales"], columns["cost"], strict=True)]
        orders = columns["orders"]
        sent = source not in (*UNVISITED, *SECOND_VISITS)
        found.append(
            {
                "channel": channel,
                "source": source,
                "visits": _estimate(columns["visits"], "visits"),
                "orders": _estimate(orders, "orders"),
                "conversion": _ratio(orders, columns["visits"], "share"),
                "sales": _estimate(columns["sales"], "yuan"),
                "sales_per_order": _ratio(columns["sales"], orders, "yuan/order"),
                "cost_per_order": _ratio(columns["cost"], orders, "yuan/order"),
                "contribution_per_order": _ratio(left, orders, "yuan/order"),
                "acquisition_cost": _ratio(columns["traffic"], orders, "yuan/order") if sent else None,
            }
        )
    return found


def _keys(tables: Sequence[Mapping[Any, Any]]) -> list[Any]:
    return list(dict.fromkeys(key for one in tables for key in one))


def _identity(summaries: Sequence[Summary]) -> list[Values]:
    """Return visits, orders per visit and value per order by channel: their product is its sales."""
    tables = [
        _sums(one, lambda row: row["channel"]) | {TOTAL: _sums(one, lambda _: TOTAL).get(TOTAL, {})}
        for one in summaries
    ]
    visits = [_real_visits(one) for one in summaries]
    found = []
    for channel in _keys(tables):
        rows = [one.get(channel, {}) for one in tables]
        seen = [own.get(channel, 0.0) for own in visits]
        orders = [row.get("orders", 0.0) for row in rows]
        sales = [row.get("sales", 0.0) for row in rows]
        found.append(
            {
                "channel": channel,
                "visits": _estimate(seen, "visits"),
                "orders_per_visit": _ratio(orders, seen, "share"),
                "sales_per_order": _ratio(sales, orders, "yuan/order"),
                "sales": _estimate(sales, "yuan"),
            }
        )
    return found if len(found) > 1 else []


def _real_visits(summary: Summary) -> dict[str, float]:
    """Count the visits of those who could also leave, by channel and in total."""
    found: dict[str, float] = {}
    for row in summary.funnel:
        if row["source"] not in UNVISITED:
            for place in (row["channel"], TOTAL):
                found[place] = found.get(place, 0.0) + row["visits"]
    return found


def _contacts(summaries: Sequence[Summary]) -> Values:
    """Return service contacts by cause, the most frequent first."""
    causes = _names(one.contacts for one in summaries)
    found = {
        cause: _estimate([one.contacts.get(cause, 0.0) for one in summaries], "contacts") for cause in causes
    }
    return dict(sorted(found.items(), key=lambda item: -item[1]["mean"]))
