"""From counted orders and parcels to postings: sales, goods, transport, losses, returns, pickup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.money import StepTariff
from sim.scenario.segments import LAYERS, STORES

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.money import Ledger
    from sim.scenario import Scenario
    from sim.scenario.segments import OrderClass

Counts = np.ndarray
"""Counts of measured orders, shape (periods, classes); the last period follows the measured ones."""

DAYS_PER_YEAR = 365.0
MONTHS_PER_YEAR = 12.0


def purchase_factor(scenario: Scenario, units_per_year: float) -> float:
    """Return the purchase price relative to the reference; the tier reached holds for the whole quantity."""
    tiers = scenario.products.purchase_tiers
    if not scenario.mechanisms.purchase_tiers or not tiers:
        return 1.0
    tariff = StepTariff(
        tuple(t.from_units_per_year for t in tiers), tuple(t.price_factor for t in tiers), direction="any"
    )
    return tariff.price(max(units_per_year, tiers[0].from_units_per_year))


def parcel_prices(scenario: Scenario, parcels: np.ndarray, days: np.ndarray) -> np.ndarray:
    """Return the courier's price of a parcel in each period.

    Parameters
    ----------
    scenario
        The world.
    parcels
        All parcels handed to the courier by period.
    days
        Length of the periods; the price of a period of no length is that of the one before.
    """
    tiers = scenario.fulfilment.courier.tariff_tiers
    if not scenario.mechanisms.tariff_tiers:
        return np.full(parcels.size, tiers[0].price)
    tariff = StepTariff(
        tuple(t.from_parcels_per_month for t in tiers), tuple(t.price for t in tiers), direction="any"
    )
    prices = np.empty(parcels.size)
    for period, (count, length) in enumerate(zip(parcels, days, strict=True)):
        if length > 0:
            monthly = count * DAYS_PER_YEAR / MONTHS_PER_YEAR / length
            prices[period] = tariff.price(max(monthly, tiers[0].from_parcels_per_month))
        else:
            prices[period] = prices[period - 1]
    return prices


class OrderPostings:
    """Posts everything that follows from an order's way through the network.

    Parameters
    ----------
    scenario
        The world.
    ledger
        Open books.
    classes
        Measured order classes, in the order of the counts' columns.
    counts
        Returns counts of measured orders: ``counts(node, what)`` with ``what`` in entries, value, units.
    all_parcels
        Parcels handed to the courier by period, those of the warm-up cohort included: the courier bills them
        all.
    days
        Length of the periods in days.
    """

    def __init__(
        self,
        scenario: Scenario,
        ledger: Ledger,
        classes: tuple[OrderClass, ...],
        counts: Callable[[str, str], Counts],
        all_parcels: np.ndarray,
        days: np.ndarray,
    ) -> None:
        self.scenario = scenario
        self.ledger = ledger
        self.classes = classes
        self.counts = counts
        self.days = days
        self.prices = parcel_prices(scenario, all_parcels, days)
        self._price_index = np.array(
            [getattr(scenario.channels, c.segment.channel).price_index for c in classes]
        )
        year_share = days.sum() / DAYS_PER_YEAR
        units = (counts("placed", "units") - counts("cancelled", "units")).sum()
        self.cost_share = (1.0 - scenario.products.gross_margin) * purchase_factor(
            scenario, units / year_share
        )

    def _post(self, debit: str, credit: str, yuan: Counts, layer_of: bool = False) -> None:
        for column, order_class in enumerate(self.classes):
            if yuan[:, column].any():
                layer = order_class.delivery if layer_of and order_class.delivery in LAYERS else ""
                self.ledger.post_array(
                    debit,
                    credit,
                    yuan[:, column],
                    channel=order_class.segment.channel,
                    source=order_class.segment.source,
                    layer=layer,
                )

    def goods_cost(self, value: Counts) -> Counts:
        """Return what the goods behind an amount paid by shoppers cost to buy."""
        return value / self._price_index * self.cost_share

    def net_value(self) -> Counts:
        """Return what shoppers paid and did not get back, by the period of payment and of refund."""
        refunds = sum(
            self.counts(node, "value")
            for node in ("cancelled", "lost", "refused", "broken", "return_transit")
        )
        return self.counts("placed", "value") - refunds

    def post(self) -> None:
        """Post sales, goods, transport, losses and returns."""
        self._sales()
        self._transport()
        self._losses_and_returns()
        self._packing()
        self._pickup()

    def _sales(self) -> None:
        paid = self.counts("placed", "value")
        reference = paid / self._price_index
        self._post("receivables", "sales", reference)
        self._post("discounts", "receivables", reference - paid)
        self._post("refunds", "receivables", self.counts("cancelled", "value"))
        self._post("goods", "stock", self.goods_cost(paid - self.counts("cancelled", "value")))

    def _packing(self) -> None:
        material = self.scenario.fulfilment.warehouse.packing_material_cost
        self._post("packing_material", "cash", self.counts("pick_pack", "entries") * material)

    def _transport(self) -> None:
        courier = self.scenario.fulfilment.courier
        parcels = self.counts("line_haul", "entries")
        self._post("line_haul", "cash", parcels * (self.prices[:, None] - courier.last_mile_cost))
        discount = np.zeros(len(self.classes))
        for column, order_class in enumerate(self.classes):
            layer = getattr(self.scenario.pickup, order_class.delivery, None)
            discount[column] = layer.tariff_discount if layer is not None else 0.0
        self._post("last_mile", "cash", parcels * (courier.last_mile_cost - discount))
        second_trip = courier.last_mile_cost + courier.failed_attempt_cost
        self._post("failed_attempts", "cash", self.counts("failed_trip", "entries") * second_trip)

    def _losses_and_returns(self) -> None:
        returns, resale = self.scenario.fulfilment.returns, self.scenario.products.resale_share
        lost, refused, broken, back = (
            self.counts(node, "value") for node in ("lost", "refused", "broken", "return_transit")
        )
        for value in (lost, refused, broken, back):
            self._post("refunds", "receivables", value)
        self._post("lost_parcels", "goods", self.goods_cost(lost))
        self._post("breakage_loss", "goods", self.goods_cost(broken))
        self._post("stock", "goods", self.goods_cost(refused + back * resale))
        self._post("return_writedown", "goods", self.goods_cost(back) * (1.0 - resale))
        carried = self.counts("refused", "entries") + self.counts("return_transit", "entries")
        online = np.array([c.segment.channel != STORES for c in self.classes])
        self._post("return_freight", "cash", carried * returns.freight_cost * online)
        self._post("return_handling", "cash", carried * returns.handling_cost)

    def _pickup(self) -> None:
        for name in LAYERS:
            layer = getattr(self.scenario.pickup, name)
            if layer is None or layer.points == 0:
                continue
            per_parcel = {
                ("pickup_drop", f"{name}_depot"): layer.bulk_drop_cost,
                ("pickup_redirects", f"{name}_redirected"): self.scenario.fulfilment.courier.last_mile_cost,
                ("pickup_fees", f"{name}_collected"): layer.fee_per_parcel,
                ("pickup_exceptions", f"{name}_exception"): layer.exception_cost,
            }
            for (account, node), yuan in per_parcel.items():
                self._post(account, "cash", self.counts(node, "entries") * yuan, layer_of=True)
