"""What a claim can measure on a run, by name.

- a KPI: ``layer_cost_per_parcel`` (``channelsim explain --schema`` and docs/kpis.md list them)
- an account in yuan: ``accounts.traffic_clicks``; of a channel: ``channels.mall.accounts.channel_team``
- a channel: ``channels.tmall.orders``, ``.sales``, ``.cost``, ``.contribution``
- a source: ``sources.rebate_alliance.visits``, ``.orders``, ``.sales``, ``.cost``, ``.contribution``, and
  ``.traffic``, the part of the cost that was paid to bring its visitors; over all channels

A figure that a run does not have is refused by name; an account or source without a posting is zero.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Summary
from sim.kpi import KPIS
from sim.money.accounts import CHART, contribution, net_sales, total_cost
from sim.scenario.schema import Sources
from sim.scenario.segments import CHANNELS, SECOND_VISITS, UNVISITED

CHANNEL_FIGURES = ("orders", "sales", "cost", "contribution")
SOURCE_FIGURES = ("visits", "orders", "sales", "cost", "traffic", "contribution")


def figure(summary: Summary, name: str) -> float:
    """Return a figure of a run.

    Raises
    ------
    ExperimentError
        If there is no figure of that name, or it does not apply to the run.
    """
    head, _, rest = name.partition(".")
    if head == "accounts":
        return summary.accounts.get(_known(rest, CHART, "account"), 0.0)
    if head == "channels":
        channel, _, what = rest.partition(".")
        return _of_channel(summary, _known(channel, CHANNELS, "channel"), what)
    if head == "sources":
        source, _, what = rest.partition(".")
        allowed = (*Sources.model_fields, *UNVISITED, *SECOND_VISITS)
        return _of_source(summary, _known(source, allowed, "source"), what)
    kpi = _known(name, KPIS, "figure")
    if kpi not in summary.kpis:
        raise ExperimentError(f"the figure '{kpi}' does not apply to scenario {summary.scenario_hash[:8]}")
    return summary.kpis[kpi]


def check_name(name: str) -> None:
    """Refuse a name that no run could have.

    Raises
    ------
    ExperimentError
        With the nearest known name.
    """
    empty = Summary(
        scenario_hash="",
        seed=0,
        start="mature",
        model_version="",
        kpis=dict.fromkeys(KPIS, 1.0),
        accounts={},
        accounts_by_channel={},
        orders_by_channel={},
    )
    figure(empty, name)


def _of_channel(summary: Summary, channel: str, what: str) -> float:
    accounts = summary.accounts_by_channel.get(channel, {})
    if what.startswith("accounts."):
        return accounts.get(_known(what.removeprefix("accounts."), CHART, "account"), 0.0)
    _known(what, CHANNEL_FIGURES, "figure of a channel")
    if what == "orders":
        return summary.orders_by_channel.get(channel, 0.0)
    return {"sales": net_sales, "cost": total_cost, "contribution": contribution}[what](accounts)


def _of_source(summary: Summary, source: str, what: str) -> float:
    _known(what, SOURCE_FIGURES, "figure of a source")
    rows = [row for row in summary.funnel if row["source"] == source]
    if what == "contribution":
        return float(sum(row["sales"] - row["cost"] for row in rows))
    return float(sum(row[what] for row in rows))


def _known(name: str, allowed: Mapping[str, object] | tuple[str, ...], what: str) -> str:
    if name in allowed:
        return name
    near = difflib.get_close_matches(name, list(allowed), n=1)
    hint = f"; did you mean {near[0]}?" if near else f"; allowed: {', '.join(allowed)}"
    raise ExperimentError(f"unknown {what} '{name}'{hint}")
