"""From a finished history to its books, figures and checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import ImbalanceError
from sim.fulfilment.network import FINAL_STATES
from sim.fulfilment.postings import OrderPostings
from sim.kpi import KPIS
from sim.management.postings import Activity, LayerPostings, post_payments, spread_rents
from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY
from sim.market.postings import post_fees, post_takes, post_traffic
from sim.money import CHART, Books, Entry, Ledger, contribution, net_sales, total_cost
from sim.run import Funnel, Run
from sim.scenario.segments import PROMOTION, REPEAT, STORES

if TYPE_CHECKING:
    from sim.world import World

DAY_HOURS = 24.0


class Closing:
    """Works out books and figures of one finished world.

    Parameters
    ----------
    world
        A world that has lived.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.scenario = world.scenario
        self.classes = world.classes[: world.measured]
        self.months = world.period_ends.size
        starts = np.concatenate([[world.begin], world.period_ends[:-1]])
        self.days = np.append((world.period_ends - starts) / HOURS_PER_DAY, 0.0)
        self.statistics = world.flow.statistics()
        self._cache: dict[tuple[str, str], np.ndarray] = {}
        self.online = np.array([c.segment.channel != STORES for c in self.classes])

    def counts(self, node: str, what: str) -> np.ndarray:
        """Return counts of measured orders by period and class."""
        key = (node, what)
        if key not in self._cache:
            self._cache[key] = np.asarray(self.statistics.counts(node, what), dtype=float)[
                :, : len(self.classes)
            ]
        return self._cache[key]

    def total(self, node: str, what: str = "entries") -> float:
        """Return a count of measured orders over all periods and classes."""
        return float(self.counts(node, what).sum())

    def activity(self, node: str) -> Activity:
        """Return entries of a node by channel and source."""
        found: Activity = {}
        for column, entries in enumerate(self.counts(node, "entries").T):
            if entries.any():
                key = (self.classes[column].segment.channel, self.classes[column].segment.source)
                found[key] = found.get(key, 0.0) + entries
        return found

    # -- books -----------------------------------------------------------------------------------------------
    def books(self) -> Books:
        """Post everything that happened and close."""
        ledger, scenario, world = Ledger(), self.scenario, self.world
        parcels = np.asarray(self.statistics.counts("line_haul", "entries"), dtype=float).sum(axis=1)
        orders = OrderPostings(scenario, ledger, self.classes, self.counts, parcels, self.days)
        orders.post()
        post_takes(scenario, ledger, self.classes, orders.net_value())
        post_traffic(scenario, ledger, world.trading.streams, world.visits)
        payments = world.payroll.payments()
        activity = {"picking_wages": self.activity("pick_pack"), "service_wages": self.activity("service")}
        activity |= {name: self.activity(f"{name}_depot") for name in world.layers}
        post_payments(ledger, payments, self.months, activity)
        for name, layer in world.layers.items():
            own = self.counts(f"{name}_collected", "entries").sum(axis=1)
            wrong = self.counts(f"{name}_exception", "entries").sum(axis=1)
            LayerPostings(scenario, ledger, self.months).post(layer, payments, own, wrong, activity[name])
        online = float(self.counts("placed", "entries")[:, self.online].sum())
        spread_rents(scenario, ledger, self.days, online / self.days.sum())
        years = self.days.sum() / DAYS_PER_YEAR
        post_fees(scenario, ledger, self._sales_per_year(orders.net_value(), years), years, self.months - 1)
        self._capital(ledger, orders)
        return ledger.close()

    def _sales_per_year(self, net_value: np.ndarray, years: float) -> dict[str, float]:
        sales: dict[str, float] = {}
        for column, order_class in enumerate(self.classes):
            channel = order_class.segment.channel
            sales[channel] = sales.get(channel, 0.0) + float(net_value[:, column].sum()) / years
        return sales

    def _capital(self, ledger: Ledger, orders: OrderPostings) -> None:
        """Post opening cash and stock, purchases and their payment, payouts by platforms, and interest."""
        scenario, finance = self.scenario, self.scenario.finance
        goods = orders.goods_cost(self.counts("placed", "value") - self.counts("cancelled", "value")).sum(
            axis=1
        )
        per_day = goods.sum() / self.days.sum()
        stock_days = (scenario.products.stock.reorder_days + scenario.products.stock.order_up_to_days) / 2.0
        opening_stock = per_day * stock_days
        ledger.post("cash", "owners_equity", finance.opening_cash)
        ledger.post("stock", "owners_equity", opening_stock)
        ledger.post_array("stock", "payables", goods)
        ledger.post_array("payables", "cash", delayed(goods, self.days, finance.supplier_credit_days))
        tied = opening_stock
        for name in type(scenario.channels).model_fields:
            channel = getattr(scenario.channels, name)
            if channel is None:
                continue
            mine = np.array([c.segment.channel == name for c in self.classes])
            net = orders.net_value()[:, mine].sum(axis=1)
            wait = 0.0 if name == STORES else channel.settlement_days
            ledger.post_array("cash", "receivables", delayed(net, self.days, wait), channel=name)
            tied += net.sum() / self.days.sum() * wait + (0.0 if name == STORES else channel.deposit)
        tied -= per_day * finance.supplier_credit_days
        if tied > 0:
            ledger.post_array(
                "interest", "cash", tied * finance.capital_cost_per_year * self.days / DAYS_PER_YEAR
            )

    # -- figures
    # -----------------------------------------------------------------------------------------------
    def run(self, version: str) -> Run:
        """Close the books, check them and put the result together."""
        books = self.books()
        balance = self.balance(books)
        accounts = books.in_yuan()
        by_channel = {name: _in_yuan(found) for name, found in balances_by(books, "channel").items()}
        placed = self.counts("placed", "entries").sum(axis=0)
        orders_by_channel: dict[str, int] = {}
        for order_class, number in zip(self.classes, placed, strict=True):
            channel = order_class.segment.channel
            orders_by_channel[channel] = orders_by_channel.get(channel, 0) + int(number)
        figures = self.figures(books)
        world = self.world
        return Run(
            scenario_name=self.scenario.name,
            scenario_hash=self.scenario.hash,
            seed=world.seed,
            engine=world.engine,
            start=self.scenario.horizon.start,
            model_version=version,
            kpis={name: figures[name] for name in KPIS if name in figures},
            accounts=_profit_accounts(accounts),
            accounts_by_channel={name: _profit_accounts(found) for name, found in by_channel.items()},
            orders_by_channel=orders_by_channel,
            ledger=books,
            funnel=self.funnel(books),
            months=self.series(books),
            balance=balance,
            **self._log(),
        )

    def balance(self, books: Books) -> dict[str, Any]:
        """Check that the books balance and that every order is in exactly one state.

        Raises
        ------
        ImbalanceError
            If not.
        """
        states = {state: int(self.total(state)) for state in FINAL_STATES}
        placed = int(self.total("placed"))
        open_orders = self.world.open_orders()
        parcels = int(self.total("line_haul"))
        parcel_states = {
            "delivered": int(self.total("delivered")),
            "refused": int(self.total("refused")),
            "lost": int(self.total("lost")),
        }
        found = {
            "trial_balance_fen": books.trial_balance(),
            "orders_placed": placed,
            **{f"orders_{state}": number for state, number in states.items()},
            "orders_open": open_orders,
            "orders_mislaid": int(self.statistics["mislaid"].entries),
            "parcels_sent": parcels,
            **{f"parcels_{state}": number for state, number in parcel_states.items()},
        }
        found["parcels_open"] = parcels - sum(parcel_states.values())
        wrong = []
        if found["trial_balance_fen"] != 0:
            wrong.append(f"the books are out of balance by {found['trial_balance_fen']} fen")
        if placed != sum(states.values()) + open_orders or open_orders < 0:
            wrong.append(
                f"{placed} orders were placed but {sum(states.values())} closed and {open_orders} are open"
            )
        if found["orders_mislaid"]:
            wrong.append(f"{found['orders_mislaid']} orders took a way that does not exist")
        if not 0 <= found["parcels_open"] <= open_orders:
            wrong.append(f"{found['parcels_open']} parcels are neither delivered nor refused, lost or open")
        if wrong:
            raise ImbalanceError("; ".join(wrong))
        return found

    def figures(self, books: Books) -> dict[str, float]:
        """Return every figure that applies."""
        orders = self.total("placed")
        online = float(self.counts("placed", "entries")[:, self.online].sum())
        balances = books.by_account()
        profit = contribution(balances) / 100.0
        cost = total_cost(balances) / 100.0
        paid = self.total("placed", "value")
        found = {
            "visits": float(self._real_visits()),
            "orders": orders,
            "orders_online": online,
            "orders_store": orders - online,
            "sales": net_sales(balances) / 100.0,
            "contribution": profit,
            "closing_cash": books.balance("cash", period=range(self.months)) / 100.0,
            "points": float(sum(layer.count for layer in self.world.layers.values())),
            "managers": float(sum(layer.pyramid.managers for layer in self.world.layers.values())),
        }
        if orders > 0:
            found |= {
                "contribution_per_order": profit / orders,
                "cost_per_order": cost / orders,
                "average_order_value": paid / orders,
                "return_share": (self.total("return_transit") + self.total("refused")) / orders,
                "broken_share": self.total("broken") / orders,
                "lost_share": self.total("lost") / orders,
                "cancelled_share": self.total("cancelled") / orders,
            }
        if found["visits"] > 0:
            found["conversion_rate"] = self._first_orders() / found["visits"]
        return found | self._service_figures() | self._layer_figures(books)

    def _real_visits(self) -> float:
        real = [s.segment.source not in (REPEAT, PROMOTION) for s in self.world.trading.streams]
        return float(self.world.visits[:, real].sum())

    def _first_orders(self) -> float:
        first = [c.segment.source not in (REPEAT, PROMOTION) for c in self.classes]
        return float(self.counts("placed", "entries")[:, first].sum())

    def _service_figures(self) -> dict[str, float]:
        found: dict[str, float] = {}
        promise = self.scenario.fulfilment.promise_hours
        delivered = self.statistics["delivered"]
        ways = {
            "share_in_hands": self.online,
            "door_share_in_hands": np.array([c.delivery == "door" for c in self.classes]),
            "layer_share_in_hands": np.array([c.delivery in self.world.layers for c in self.classes]),
        }
        sent = self.counts("placed", "entries").sum(axis=0) - self.counts("cancelled", "entries").sum(axis=0)
        arrived = self.counts("delivered", "entries").sum(axis=0)
        for name, wanted in ways.items():
            total = float(sent[wanted].sum())
            names = [c.name for c, use in zip(self.classes, wanted, strict=True) if use]
            if total > 0:
                found[name] = (
                    float(delivered.age_share_within(promise, classes=names))
                    * float(arrived[wanted].sum())
                    / total
                )
        if self.total("delivered") > 0:
            found["hours_to_hands"] = float(delivered.mean_age)
        service = self.statistics["service"]
        if service.departures > 0:
            found["solved_in_24h_share"] = share_within(service, DAY_HOURS)
        if self.scenario.mechanisms.staff_queues:
            for kpi, node in (("packer_utilisation", "pick_pack"), ("agent_utilisation", "service")):
                if self.statistics[node].entries > 0:
                    found[kpi] = float(self.statistics[node].utilisation)
        return found

    def _layer_figures(self, books: Books) -> dict[str, float]:
        found: dict[str, float] = {}
        door = self.total("line_haul") - sum(self.total(f"{name}_depot") for name in self.world.layers)
        pickup_accounts = [account.name for account in CHART.values() if account.group == "pickup"]
        is_door = np.array([c.delivery == "door" for c in self.classes])
        courier = self.scenario.fulfilment.courier
        to_door = float(self.counts("door_trip", "entries")[:, is_door].sum())
        if door > 0 and to_door > 0:
            failed = float(self.counts("failed_trip", "entries")[:, is_door].sum())
            second_trip = courier.last_mile_cost + courier.failed_attempt_cost
            found["door_last_mile_per_parcel"] = courier.last_mile_cost + failed * second_trip / to_door
        if not self.world.layers:
            return found
        costs, parcels, overflow = 0.0, 0.0, 0.0
        for name, layer in self.world.layers.items():
            cost = books.total(pickup_accounts, layer=name) / 100.0
            cost += self._residual_last_mile(name)
            sent = self.total(f"{name}_depot")
            costs, parcels = costs + cost, parcels + sent
            overflow += self.total(f"{name}_redirected")
            found |= {f"{name}_cost": cost, f"{name}_parcels": sent}
            if sent > 0:
                found[f"{name}_cost_per_parcel"] = cost / sent
            if layer.pyramid.heads:
                found["manager_utilisation"] = float(self.statistics[f"{name}_managers"].utilisation)
        found |= {"layer_parcels": parcels, "layer_cost": costs}
        if parcels > 0:
            days = self.days.sum()
            found["layer_cost_per_parcel"] = costs / parcels
            found["overflow_share"] = overflow / parcels
            points = sum(layer.count for layer in self.world.layers.values())
            found["parcels_per_point_day"] = parcels / points / days
        point_days = sum(layer.point_days for layer in self.world.layers.values())
        if point_days > 0:
            found["vacancy_share"] = (
                sum(layer.vacancy_days for layer in self.world.layers.values()) / point_days
            )
        return found

    def _residual_last_mile(self, name: str) -> float:
        """Return what the courier still charges for a layer's last mile, failed trips included (yuan)."""
        courier = self.scenario.fulfilment.courier
        mine = np.array([c.delivery == name for c in self.classes])
        parcels = float(self.counts("line_haul", "entries")[:, mine].sum())
        failed = float(self.counts("failed_trip", "entries")[:, mine].sum())
        left = courier.last_mile_cost - getattr(self.scenario.pickup, name).tariff_discount
        return parcels * left + failed * (courier.last_mile_cost + courier.failed_attempt_cost)

    def funnel(self, books: Books) -> tuple[Funnel, ...]:
        """Return visits, orders, sales and traceable cost by channel and source."""
        visits: dict[tuple[str, str], int] = {}
        for stream, number in zip(self.world.trading.streams, self.world.visits.sum(axis=0), strict=True):
            key = (stream.segment.channel, stream.segment.source)
            visits[key] = visits.get(key, 0) + int(number)
        orders: dict[tuple[str, str], int] = {}
        for order_class, number in zip(
            self.classes, self.counts("placed", "entries").sum(axis=0), strict=True
        ):
            key = (order_class.segment.channel, order_class.segment.source)
            orders[key] = orders.get(key, 0) + int(number)
        by_pair = balances_by(books, "channel", "source")
        rows = []
        for (channel, source), number in visits.items():
            if number == 0 and orders.get((channel, source), 0) == 0:
                continue
            balances = by_pair.get((channel, source), {})
            rows.append(
                Funnel(
                    channel,
                    source,
                    number,
                    orders.get((channel, source), 0),
                    net_sales(balances) / 100.0,
                    total_cost(balances) / 100.0,
                )
            )
        return tuple(rows)

    def series(self, books: Books) -> dict[str, list[float]]:
        """Return the monthly series."""
        months = range(self.months)
        placed = self.counts("placed", "entries").sum(axis=1)
        by_month = balances_by(books, "period")
        balances = [by_month.get(month, {}) for month in months]
        cash = np.cumsum([found.get("cash", 0) / 100.0 for found in balances])
        return {
            "month": [float(month + 1) for month in months],
            "visits": self.world.visits.sum(axis=1).astype(float).tolist(),
            "orders": placed[: self.months].tolist(),
            "sales": [net_sales(found) / 100.0 for found in balances],
            "cost": [total_cost(found) / 100.0 for found in balances],
            "cash": cash.tolist(),
        }

    def _log(self) -> dict[str, Any]:
        """Return the tables of the event log, where one was kept."""
        if self.world.log is None:
            return {}
        from sim import receipts

        return {
            "orders": receipts.order_table(self.world),
            "events": receipts.event_table(self.world),
            "visits": receipts.visit_table(self.world),
            "time_sheet": receipts.time_sheet(self.world),
        }


def share_within(node: Any, hours: float) -> float:
    """Return the share of stays at a station whose wait was at most ``hours``, from its quantiles."""
    low, high = 0.0, 1.0
    if node.wait_quantile(1.0) <= hours:
        return 1.0
    for _ in range(24):
        middle = (low + high) / 2.0
        if node.wait_quantile(middle) <= hours:
            low = middle
        else:
            high = middle
    return low


def delayed(amounts: np.ndarray, days: np.ndarray, delay: float) -> np.ndarray:
    """Return when amounts that arise evenly within periods are paid if payment takes ``delay`` days.

    Parameters
    ----------
    amounts
        Amounts by period; those of a period without length arise at its moment.
    days
        Lengths of the periods.
    delay
        Days until payment; what falls after the last period stays unpaid.
    """
    starts = np.concatenate([[0.0], np.cumsum(days)[:-1]])
    ends = np.cumsum(days)
    paid = np.zeros_like(amounts)
    for amount, start, length in zip(amounts, starts, days, strict=True):
        if amount == 0 or length == 0:
            continue
        overlap = np.minimum(ends, start + length + delay) - np.maximum(starts, start + delay)
        paid += amount * np.clip(overlap, 0.0, None) / length
    return paid


def balances_by(books: Books, *fields: str) -> dict[Any, dict[str, int]]:
    """Return balances in fen by account (debit positive) for every value of one field, or pair of two."""
    places = [Entry._fields.index(name) for name in fields]
    found: dict[Any, dict[str, int]] = {}
    for entry in books.entries:
        key = entry[places[0]] if len(places) == 1 else tuple(entry[place] for place in places)
        sums = found.setdefault(key, {})
        sums[entry.debit] = sums.get(entry.debit, 0) + entry.fen
        sums[entry.credit] = sums.get(entry.credit, 0) - entry.fen
    return found


def _in_yuan(balances: dict[str, int]) -> dict[str, float]:
    return {name: balances[name] / 100.0 for name in CHART if name in balances}


def _profit_accounts(accounts: dict[str, float]) -> dict[str, float]:
    """Return income and expense accounts only."""
    return {name: yuan for name, yuan in accounts.items() if CHART[name].kind in ("income", "expense")}


def close_books(world: World, version: str) -> Run:
    """Return the result of a world that has lived."""
    return Closing(world).run(version)
