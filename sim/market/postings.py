"""What selling costs: clicks, commissions for sending buyers, the platform's take and its yearly fee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.market.traffic import price_per_visit
from sim.scenario.segments import PROMOTION, REPEAT, STORES
from sim.scenario.unit_economics import refund_share

if TYPE_CHECKING:
    from sim.market.demand import Stream
    from sim.money import Ledger
    from sim.scenario import Scenario
    from sim.scenario.segments import OrderClass


def post_traffic(scenario: Scenario, ledger: Ledger, streams: tuple[Stream, ...], visits: np.ndarray) -> None:
    """Post the price of visits.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    streams
        Streams of visits.
    visits
        Visits by period and stream.
    """
    prices: dict[str, float] = {}
    for column, stream in enumerate(streams):
        name = stream.segment.source
        if name in (REPEAT, PROMOTION):
            continue
        if name not in prices:
            prices[name] = price_per_visit(scenario, getattr(scenario.market.sources, name))
        if prices[name] > 0:
            ledger.post_array(
                "traffic_clicks",
                "cash",
                visits[:, column] * prices[name],
                channel=stream.segment.channel,
                source=name,
            )


def post_takes(
    scenario: Scenario, ledger: Ledger, classes: tuple[OrderClass, ...], net_value: np.ndarray
) -> None:
    """Post commissions and payment costs on what shoppers paid and kept.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    classes
        Measured order classes.
    net_value
        Payments less refunds by period and class, in yuan.
    """
    for column, order_class in enumerate(classes):
        segment = order_class.segment
        value = net_value[:, column]
        if not value.any():
            continue
        channel = getattr(scenario.channels, segment.channel)
        tags: Any = {"channel": segment.channel, "source": segment.source}
        ledger.post_array("payment_cost", "receivables", value * channel.payment_cost, **tags)
        if segment.channel != STORES:
            ledger.post_array("platform_commission", "receivables", value * channel.commission, **tags)
        source = getattr(scenario.market.sources, segment.source, None)
        if source is not None and source.commission_on_sales > 0:
            ledger.post_array("traffic_commission", "receivables", value * source.commission_on_sales, **tags)


def post_fees(
    scenario: Scenario, ledger: Ledger, sales_per_year: dict[str, float], years: float, last_period: int
) -> None:
    """Post yearly platform fees, their refund at the end, and deposits.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    sales_per_year
        Net sales a year by channel, in yuan.
    years
        Length of the measured time in years.
    last_period
        Period in which refunds are paid.
    """
    for name in type(scenario.channels).model_fields:
        channel = getattr(scenario.channels, name)
        if channel is None or name == STORES:
            continue
        fee = channel.annual_fee * years
        share = refund_share(channel.refund_tiers, sales_per_year.get(name, 0.0))
        ledger.post("platform_fee", "cash", fee, channel=name)
        ledger.post("cash", "platform_fee", fee * share, channel=name, period=last_period)
        ledger.post("deposits", "cash", channel.deposit, channel=name)
