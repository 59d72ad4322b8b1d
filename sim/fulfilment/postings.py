"""From counted orders and parcels to postings: sales, goods, transport, losses, returns, pickup."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.fulfilment.return_postings import post_installation, post_losses_and_returns, refunded_nodes
from sim.money import StepTariff
from sim.scenario.packing import material_cost
from sim.scenario.segments import LAYERS, points_of

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
    discounts
        Taken off the list price at the checkout, in yuan by period and class. What is refunded later of such
        an order is taken at the mean share that its class has paid.
    fleet_share
        Share of the parcels to the door that own vans bring; for these the courier is paid up to the depot.
    """

    def __init__(
        self,
        scenario: Scenario,
        ledger: Ledger,
        classes: tuple[OrderClass, ...],
        counts: Callable[[str, str], Counts],
        all_parcels: np.ndarray,
        days: np.ndarray,
        discounts: Counts,
        fleet_share: float = 0.0,
    ) -> None:
        self.scenario = scenario
        self.ledger = ledger
        self.classes = classes
        self.counts = counts
        self.days = days
        self.discounts = discounts
        self.fleet_share = fleet_share
        listed = counts("placed", "value").sum(axis=0)
        self.paid_share = 1.0 - discounts.sum(axis=0) / np.where(listed > 0, listed, 1.0)
        self.prices = parcel_prices(scenario, all_parcels, days)
        channels = {name: getattr(scenario.channels, name) for name in {c.segment.channel for c in classes}}
        self._price_index = np.array([channels[c.segment.channel].price_index for c in classes])
        self._places = [(c.segment.channel, c.segment.source, "") for c in classes]
        self._places_of_layers = [
            (channel, source, c.delivery if c.delivery in LAYERS else "")
            for c, (channel, source, _) in zip(classes, self._places, strict=True)
        ]
        year_share = days.sum() / DAYS_PER_YEAR
        units = (counts("placed", "units") - counts("cancelled", "units")).sum()
        self.cost_share = (1.0 - scenario.products.gross_margin) * purchase_factor(
            scenario, units / year_share
        )

    def post_by_class(self, debit: str, credit: str, yuan: Counts, layer_of: bool = False) -> None:
        """Post amounts by period and class, with the channel, source and, if asked, layer of each class."""
        self.ledger.post_table(debit, credit, yuan, self._places_of_layers if layer_of else self._places)

    def goods_cost(self, value: Counts) -> Counts:
        """Return what the goods behind an amount at list price cost to buy."""
        return value / self._price_index * self.cost_share

    def net_value(self) -> Counts:
        """Return what shoppers paid and did not get back, by the period of payment and of refund."""
        refunds = sum(self.refund(node) for node in refunded_nodes(self.scenario))
        return self.counts("placed", "value") - self.discounts - refunds

    def refund(self, node: str) -> Counts:
        """Return what shoppers get back for orders that entered a node."""
        return self.counts(node, "value") * self.paid_share

    def post(self) -> None:
        """Post sales, goods, transport, losses and returns."""
        self._sales()
        self._transport()
        post_losses_and_returns(self)
        self._packing()
        post_installation(self)
        self._pickup()

    def _sales(self) -> None:
        listed = self.counts("placed", "value")
        reference = listed / self._price_index
        self.post_by_class("receivables", "sales", reference)
        self.post_by_class("discounts", "receivables", reference - listed + self.discounts)
        self.post_by_class("refunds", "receivables", self.refund("cancelled"))
        self.post_by_class("goods", "stock", self.goods_cost(listed - self.counts("cancelled", "value")))

    def _packing(self) -> None:
        material = self.counts("pick_pack", "entries") * material_cost(self.scenario)
        self.post_by_class("packing_material", "cash", material)

    def _transport(self) -> None:
        courier = self.scenario.fulfilment.courier
        parcels = self.counts("line_haul", "entries")
        self.post_by_class("line_haul", "cash", parcels * (self.prices[:, None] - courier.last_mile_cost))
        pickup = self.scenario.pickup
        layers = {name: getattr(pickup, name) for name in LAYERS}
        discounts = {name: layer.tariff_discount for name, layer in layers.items() if layer is not None}
        discount = np.array([discounts.get(c.delivery, 0.0) for c in self.classes])
        own = np.array([self.fleet_share if c.delivery == "door" else 0.0 for c in self.classes])
        charged = (courier.last_mile_cost - discount) * (1.0 - own)
        self.post_by_class("last_mile", "cash", parcels * charged)
        second_trip = courier.last_mile_cost * (1.0 - own) + courier.failed_attempt_cost
        self.post_by_class("failed_attempts", "cash", self.counts("failed_trip", "entries") * second_trip)

    def _pickup(self) -> None:
        for name in LAYERS:
            if points_of(self.scenario, name) == 0:
                continue
            layer = getattr(self.scenario.pickup, name)
            per_parcel = {
                ("pickup_drop", f"{name}_depot"): layer.bulk_drop_cost,
                ("pickup_redirects", f"{name}_redirected"): self.scenario.fulfilment.courier.last_mile_cost,
                ("pickup_fees", f"{name}_collected"): layer.fee_per_parcel,
                ("pickup_exceptions", f"{name}_exception"): layer.exception_cost,
            }
            for (account, node), yuan in per_parcel.items():
                self.post_by_class(account, "cash", self.counts(node, "entries") * yuan, layer_of=True)
            if layer.shopper_fee > 0:
                fees = self.counts(f"{name}_collected", "entries") * layer.shopper_fee
                self.post_by_class("cash", "pickup_shopper_fees", fees, layer_of=True)
            if layer.commission_on_sales > 0:
                mine = np.array([c.delivery == name for c in self.classes])
                shares = self.net_value() * mine * layer.commission_on_sales
                self.post_by_class("pickup_commission", "cash", shares, layer_of=True)
