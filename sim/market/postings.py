"""What selling costs: clicks, commissions for sending buyers, the platform's take and its yearly fee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import ONLINE_CHANNELS, STORES
from sim.scenario.unit_economics import refund_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.money import Ledger
    from sim.scenario import Scenario
    from sim.scenario.segments import OrderClass
    from sim.scenario.streams import Stream


def post_traffic(ledger: Ledger, streams: tuple[Stream, ...], clicks: np.ndarray) -> None:
    """Post the price of visits.

    Parameters
    ----------
    ledger
        Open books.
    streams
        Streams of visits.
    clicks
        What visits cost when they came, in yuan by period and stream.
    """
    for column, stream in enumerate(streams):
        if clicks[:, column].any():
            ledger.post_array(
                "traffic_clicks",
                "cash",
                clicks[:, column],
                channel=stream.segment.channel,
                source=stream.segment.source,
            )


def post_takes(
    scenario: Scenario,
    ledger: Ledger,
    classes: tuple[OrderClass, ...],
    net_value: np.ndarray,
    commission_factors: Mapping[str, np.ndarray],
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
    commission_factors
        Commission relative to the scenario's, by period, for channels whose terms change.
    """
    for column, order_class in enumerate(classes):
        segment = order_class.segment
        value = net_value[:, column]
        if not value.any():
            continue
        channel = getattr(scenario.channels, segment.channel)
        tags: Any = {"channel": segment.channel, "source": segment.source}
        if segment.channel == STORES and channel.dealers is not None:
            # Shoppers pay the dealer, who bears what cards cost.
            ledger.post_array("dealer_margin", "receivables", value * channel.dealers.margin, **tags)
        else:
            ledger.post_array("payment_cost", "receivables", value * channel.payment_cost, **tags)
        if segment.channel != STORES:
            commission = channel.commission * commission_factors.get(segment.channel, 1.0)
            ledger.post_array("platform_commission", "receivables", value * commission, **tags)
        source = getattr(scenario.market.sources, segment.source, None)
        if source is not None and source.commission_on_sales > 0:
            ledger.post_array("traffic_commission", "receivables", value * source.commission_on_sales, **tags)


def years_of(days: np.ndarray) -> np.ndarray:
    """Return the year in which each period begins, counted from 0.

    Parameters
    ----------
    days
        Length of the periods; one of no length belongs to the year that ends there.
    """
    middle = np.cumsum(days) - days / 2.0
    return np.floor((middle - np.where(days > 0, 0.0, 1.0)) / DAYS_PER_YEAR).astype(int)


def post_fees(
    scenario: Scenario,
    ledger: Ledger,
    sales: Mapping[str, np.ndarray],
    days: np.ndarray,
    rating: float | None = None,
) -> None:
    """Post the yearly fees of platforms at the start of each year, and their refund at its end.

    A year that is cut short pays its part, and its sales are scaled to a whole year for the refund.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    sales
        Net sales by channel, in yuan by period.
    days
        Length of the periods in days.
    rating
        Share of satisfied customers; none: nobody was asked, and no refund fails for it.
    """
    years = years_of(days)
    for name in ONLINE_CHANNELS:
        channel = getattr(scenario.channels, name)
        if channel is None:
            continue
        for year in range(int(years.max()) + 1):
            mine = np.flatnonzero(years == year)
            part = float(days[mine].sum()) / DAYS_PER_YEAR
            sold = float(sales[name][mine].sum()) if name in sales else 0.0
            fee = channel.annual_fee * part
            disliked = rating is not None and rating < channel.refund_min_rating
            share = 0.0 if disliked else refund_share(channel.refund_tiers, sold / part)
            last = int(mine[days[mine] > 0][-1])
            ledger.post("platform_fee", "cash", fee, channel=name, period=int(mine[0]))
            ledger.post("cash", "platform_fee", fee * share, channel=name, period=last)
