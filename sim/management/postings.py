"""From payrolls to postings: wages, rents, hires, other merchants' share, and who caused them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.management.overdue import expected_overdue_fee

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.management.payroll import Payment
    from sim.management.points import Layer
    from sim.money import Ledger
    from sim.scenario import Scenario

Activity = dict[tuple[str, str], np.ndarray]
"""Work caused by (channel, source), one number per period."""

SHARED_PICKUP_ACCOUNTS = (
    "pickup_attendants",
    "pickup_sites",
    "pickup_capital",
    "pickup_running",
    "pickup_fees",
    "pickup_hiring",
    "pickup_supervision",
    "pickup_exceptions",
)
"""Costs of a point that other merchants share; drops, redirects and commissions are the brand's own."""


def post_payments(
    ledger: Ledger, payments: list[Payment], periods: int, activity: Mapping[str, Activity]
) -> None:
    """Post payrolls, split over channels and sources by the work they caused.

    Parameters
    ----------
    ledger
        Open books.
    payments
        Everything paid; payments outside the measured periods are left out.
    periods
        Number of measured periods.
    activity
        Work by account, or by layer for pickup accounts; an account without an entry belongs to the brand as
        a whole.
    """
    shares = {name: {pair: work.tolist() for pair, work in found.items()} for name, found in activity.items()}
    for payment in payments:
        if not 0 <= payment.period < periods:
            continue
        yuan = payment.rate * payment.quantity
        if payment.channel or payment.source:
            ledger.post(
                payment.account,
                "cash",
                yuan,
                channel=payment.channel,
                source=payment.source,
                layer=payment.layer,
                period=payment.period,
            )
            continue
        caused = shares.get(payment.layer or payment.account, {})
        split(ledger, payment.account, "cash", yuan, payment.period, caused, payment.layer)


def split(
    ledger: Ledger,
    debit: str,
    credit: str,
    yuan: float,
    period: int,
    activity: Mapping[tuple[str, str], Sequence[float] | np.ndarray],
    layer: str,
) -> None:
    """Post an amount in proportion to activity; to the brand as a whole where there was none."""
    total = sum(work[period] for work in activity.values())
    if total <= 0:
        ledger.post(debit, credit, yuan, layer=layer, period=period)
        return
    for (channel, source), work in activity.items():
        if work[period] > 0:
            ledger.post(
                debit,
                credit,
                yuan * work[period] / total,
                channel=channel,
                source=source,
                layer=layer,
                period=period,
            )


class LayerPostings:
    """Posts what other merchants' parcels cost at a pickup layer, and what they pay for it.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    periods
        Number of measured periods.
    """

    def __init__(self, scenario: Scenario, ledger: Ledger, periods: int) -> None:
        self.scenario = scenario
        self.ledger = ledger
        self.periods = periods

    def post(
        self,
        layer: Layer,
        payments: list[Payment],
        own_parcels: np.ndarray,
        own_exceptions: np.ndarray,
        activity: Activity,
    ) -> None:
        """Post fees and exceptions of other merchants' parcels and their share of the points' cost.

        Others pay ``recharge x cost per parcel`` for each of theirs, where the cost per parcel is that of the
        points (attendants, sites, wear, upkeep, fees, hires, managers, exceptions, less what late collectors
        pay) over all parcels that passed through them.

        Parameters
        ----------
        layer
            State of the layer at the end of the run.
        payments
            All payrolls.
        own_parcels, own_exceptions
            The brand's own by period.
        activity
            The brand's own parcels by channel and source.
        """
        rules = layer.rules
        late = expected_overdue_fee(rules)
        for period in range(self.periods):
            others = layer.background_parcels.get(period, 0.0)
            wrong = layer.background_exceptions.get(period, 0.0)
            fees, exceptions = others * rules.fee_per_parcel, wrong * rules.exception_cost
            split(self.ledger, "pickup_fees", "cash", fees, period, activity, layer.name)
            split(self.ledger, "pickup_exceptions", "cash", exceptions, period, activity, layer.name)
            shared = fees + exceptions
            shared += (
                own_parcels[period] * rules.fee_per_parcel + own_exceptions[period] * rules.exception_cost
            )
            shared += sum(
                payment.rate * payment.quantity
                for payment in payments
                if payment.layer == layer.name
                and payment.period == period
                and payment.account in SHARED_PICKUP_ACCOUNTS
            )
            everybody = others + own_parcels[period]
            if late > 0:
                paid = late * everybody
                split(self.ledger, "cash", "pickup_overdue_income", paid, period, activity, layer.name)
                shared -= paid
            if others > 0:
                paid = rules.background_recharge * shared * others / everybody
                split(self.ledger, "cash", "pickup_recharge", paid, period, activity, layer.name)


def spread_rents(
    scenario: Scenario, ledger: Ledger, days: np.ndarray, orders_per_day: float, staff_per_store: int
) -> None:
    """Post what runs with the calendar: head office, warehouse floor, shops and their teams.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    days
        Length of the periods in days.
    orders_per_day
        Online orders a day that the warehouse is sized for.
    staff_per_store
        People on the payroll of one store.
    """
    year = days / 365.0
    ledger.post_array("head_office", "cash", scenario.management.head_office_cost_per_year * year)
    warehouse = scenario.fulfilment.warehouse
    floor = warehouse.base_area_m2 + warehouse.area_m2_per_daily_order * orders_per_day
    ledger.post_array("warehouse_rent", "cash", floor * warehouse.rent_per_m2_day * days)
    for name in type(scenario.channels).model_fields:
        channel = getattr(scenario.channels, name)
        if channel is None:
            continue
        if name == "stores":
            if channel.dealers is not None:
                continue
            rent = channel.count * channel.area_m2 * channel.rent_per_m2_month * 12.0
            ledger.post_array("store_rent", "cash", rent * year, channel=name)
            wages = channel.count * staff_per_store * channel.wage_per_month * 12.0
            ledger.post_array("store_wages", "cash", wages * year, channel=name)
        else:
            ledger.post_array(
                "channel_team",
                "cash",
                channel.team_size * channel.team_wage_per_month * 12.0 * year,
                channel=name,
            )
            ledger.post_array("channel_running", "cash", channel.running_cost_per_year * year, channel=name)
