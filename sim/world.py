"""One brand put together: market, flow network, management and money on one clock.

:class:`World` is a SimPy environment. Before each SimPy event it lets the compiled flow network run up to
that moment, so what flows at a moment comes before what is decided at that moment. A year of orders is a few
thousand SimPy events; no order ever is one.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from sim import __version__
from sim.accounting import close_books
from sim.fulfilment.chances import breakage, return_rate
from sim.fulfilment.claims import set_errors
from sim.fulfilment.current import CurrentChances
from sim.fulfilment.network import FINAL_STATES, build_network
from sim.fulfilment.pickup import collected_route
from sim.fulfilment.plan import DESK, JOBS, FulfilmentPlan, LayerPlan, job_class, point_name
from sim.fulfilment.transport import held
from sim.fulfilment.work import Work, work_on_the_way
from sim.growth import Growth
from sim.management.bad_batch import let_a_bad_batch_through
from sim.management.desk import Desk
from sim.management.fleet import VanFleet
from sim.management.hierarchy import exception_rate, hierarchy
from sim.management.payroll import Payroll
from sim.management.picking import watch_picking
from sim.management.points import HOURS_PER_MONTH, Layer
from sim.management.quality import QualityBoard
from sim.management.replenishment import Item, stock_levels, supply
from sim.management.sorting import days_held, hold_parcels
from sim.management.staffing import Forecast, run_shifts
from sim.management.stock_age import StockRecord, watch_stock
from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY, month_ends
from sim.market.day import Yesterday
from sim.market.demand import (
    daily_orders,
    expected_first_orders,
    expected_orders,
    expected_repeat_orders,
)
from sim.market.forces import Setting, forces_of
from sim.market.outcomes import Outcomes
from sim.market.pickup_choice import coverage, delivery_shares
from sim.market.places import served_shares
from sim.market.trade_tables import stream_key
from sim.market.trading import Trading
from sim.scenario.contacts import CAUSED_ON_THE_WAY
from sim.scenario.experience import work_factor
from sim.scenario.network_load import arrivals, network_waits
from sim.scenario.picking import errors_of
from sim.scenario.segments import STORES, order_classes, points_of
from sim.scenario.subjects import SUBJECTS
from sim.scenario.team import informed_share, systems_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.flow.network import Engine
    from sim.market.day import Today
    from sim.market.trading import DayOfTrade, People
    from sim.run import Run
    from sim.scenario import Scenario

LONGEST_DRAIN_DAYS = 120
MINUTES_PER_HOUR = 60.0


class World(simpy.Environment):
    """One brand in motion.

    Parameters
    ----------
    scenario
        Description.
    seed
        Seed of the replication, 0 to 2**64 - 1.
    engine
        "compiled" or "reference".
    log
        Keep the order table and the event trace.
    visits
        "split" or "each"; see :class:`sim.market.trading.Trading`.
    sized_for
        Size staff, stock and managers for this scenario and leave them so.
    growth
        Growth within the history.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        *,
        engine: Engine = "compiled",
        log: bool = False,
        visits: str = "split",
        sized_for: Scenario | None = None,
        growth: Growth | None = None,
    ) -> None:
        super().__init__()
        self.scenario = scenario
        self.seed = seed
        self.engine = engine
        self.growth = growth
        self._sizing = sized_for or scenario
        self._frozen = sized_for is not None
        horizon = scenario.horizon
        warmup_days = horizon.warmup_days if horizon.start == "mature" else 0
        self.begin = float(warmup_days * HOURS_PER_DAY)
        self.end = self.begin + horizon.days * HOURS_PER_DAY
        self.period_ends = self.begin + month_ends(horizon.days)
        self._month_ends: list[float] = self.period_ends.tolist()
        self._settlements = {self.begin, *self._month_ends}
        self.payroll = Payroll(lambda: self.period)
        self.classes = order_classes(scenario)
        self.measured = len(self.classes) // 2
        self.trading = Trading(scenario, seed, self.begin, visits)
        shape = (self.period_ends.size, len(self.trading.streams))
        self.visits = np.zeros(shape, dtype=np.int64)
        self.clicks = np.zeros(shape)
        self.discounts = np.zeros((self.period_ends.size + 1, self.measured))
        self.coverage = coverage(scenario)
        self.log: list[tuple[People, People]] | None = [] if log else None
        self.item = Item("goods")
        self.flow = self._start_flow(log)
        self.layers = {name: self._layer(name) for name in self.coverage}
        self.desk = Desk(self, {cause: job_class(DESK, cause) for cause in CAUSED_ON_THE_WAY}, f"{DESK}_jobs")
        self.fleet = self._fleet()
        self.forces = forces_of(scenario, self.setting())
        self._start_processes()

    # -- clock -----------------------------------------------------------------------------------------------
    @property
    def period(self) -> int:
        """Month that ends now or is under way; -1 before measuring starts."""
        if self.now <= self.begin and self.begin > 0:
            return -1
        return bisect_left(self._month_ends, self.now)

    @property
    def settling(self) -> bool:
        """Whether a month, or the time before measuring, ends now."""
        return self.now in self._settlements

    @property
    def measuring(self) -> bool:
        """Whether the day that ends now is measured."""
        return self.begin < self.now <= self.end

    def timeout_until(self, time: float) -> simpy.Event:
        """Wait until a moment of the history."""
        return self.timeout(max(time - self.now, 0.0))

    def step(self) -> None:
        """Let the flow run up to the next event, then process that event.

        A watch that is crossed on the way wakes its process at the very moment of the crossing.
        """
        target = self.peek()
        if target > self.flow.now and target != float("inf"):
            reached = self.flow.advance(target)
            if self.flow.crossed:
                self._now = reached
                for watch in self.flow.crossed:
                    self._awaited.pop(watch).succeed()
                return
        super().step()

    # -- what decisions may ask
    # --------------------------------------------------------------------------------
    def level_falls_to(self, node: str, level: float) -> simpy.Event:
        """Wait until a stock holds ``level`` units or fewer; at once if it does already."""
        return self._watch(node, "level", below=level)

    def count_reaches(self, node: str, count: float) -> simpy.Event:
        """Wait until ``count`` entities have entered a node; at once if they have already."""
        return self._watch(node, "count", above=count)

    def _watch(self, node: str, what: str, **limit: float) -> simpy.Event:
        event = self.event()
        reading = self.flow.reading(node, what)
        if ("below" in limit and reading <= limit["below"]) or (
            "above" in limit and reading >= limit["above"]
        ):
            return event.succeed()
        self._awaited[self.flow.watch(node, what, **limit)] = event
        return event

    def forget(self, event: simpy.Event) -> None:
        """Stop watching for an event that nobody waits for any more."""
        for watch, awaited in list(self._awaited.items()):
            if awaited is event:
                del self._awaited[watch]
                watch.cancel()

    def luck(self, purpose: str, *numbers: int) -> float:
        """Return a uniform number in (0, 1) that depends only on seed, purpose and numbers."""
        text = f"{self.seed}|{purpose}|{'|'.join(map(str, numbers))}"
        bits = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
        return ((bits >> 12) + 0.5) * 2.0**-52

    def luck_of_each(self, purpose: str, number: int, count: int) -> np.ndarray:
        """Return uniform numbers in (0, 1) for 0 to ``count - 1``."""
        from sim.market.trade import draws

        key = np.uint64(stream_key(f"{self.seed}|{purpose}|{number}"))
        return draws(key, count)

    # -- construction
    # ------------------------------------------------------------------------------------------
    def _start_flow(self, log: bool) -> Any:
        scenario = self.scenario
        self.units_per_day = self._units_per_day(self._sizing)
        self._daily_orders = daily_orders(self._sizing)
        _, opening = stock_levels(scenario.products.stock, self._units_ahead())
        plans = {}
        for name, where in self.coverage.items():
            rules = getattr(scenario.pickup, name)
            pyramid = hierarchy(scenario, rules, self._sized_points(name))
            managers = rules.supervision
            stretch = HOURS_PER_MONTH / managers.working_hours_per_month if managers is not None else 1.0
            rate = exception_rate(scenario, rules, pyramid.survival)
            plans[name] = LayerPlan(where.weights, rate, stretch, bool(pyramid.heads))
        marked_down_after = scenario.products.stock.markdown_after_days
        self.stock_record = StockRecord(self.period_ends.size, opening, marked_down_after)
        self._waits = self._network_waits()
        quicker = work_factor(scenario, self.expected_online_per_day(scenario))
        way = FulfilmentPlan(opening, plans, quicker, days_held(self._waits))
        self._way = way
        network = build_network(scenario, way)
        self._awaited: dict[Any, simpy.Event] = {}
        return network.start(
            self.seed, engine=self.engine, warmup=self.begin, period_ends=self.period_ends.tolist(), trace=log
        )

    def _sized_points(self, name: str) -> int:
        return points_of(self._sizing, name)

    def _layer(self, name: str) -> Layer:
        points = len(self.coverage[name].weights)
        names = [point_name(name, i) for i in range(points)]
        shares = served_shares(self.scenario)
        return Layer(
            self,
            name,
            point_names=names,
            nodes=np.array([self.flow.node_index(n) for n in names]),
            place_of_point=self.coverage[name].place_of_point,
            place_density=shares * shares.size,
            jobs={job: job_class(name, job) for job in JOBS},
            job_codes=self._job_codes(name),
            sized_points=self._sized_points(name),
        )

    def _job_codes(self, name: str) -> dict[str, int]:
        """Return the class codes of a layer's jobs; they follow the order classes, layer by layer."""
        first = len(self.classes) + list(self.coverage).index(name) * len(JOBS)
        return {job: first + i for i, job in enumerate(JOBS)}

    @staticmethod
    def _units_per_day(scenario: Scenario) -> float:
        products = scenario.products
        shop = online = 0.0
        for segment, orders in expected_first_orders(scenario).items():
            if segment.channel == STORES:
                shop += orders
            else:
                online += orders
        scale = expected_orders(scenario) / (shop + online) if shop + online > 0 else 0.0
        units = shop * products.units_per_order_store + online * products.units_per_order_online
        return units * scale / DAYS_PER_YEAR

    @staticmethod
    def expected_online_per_day(scenario: Scenario) -> float:
        """Return online orders a day in closed form, repeat and promoted ones included."""
        first = expected_first_orders(scenario)
        shop = sum(orders for segment, orders in first.items() if segment.channel == STORES)
        again = expected_repeat_orders(scenario)
        shop += sum(orders for (channel, _), orders in again.items() if channel == STORES)
        return (expected_orders(scenario) - shop) / DAYS_PER_YEAR

    def _start_processes(self) -> None:
        products = self.scenario.products
        self.process(self._trade())
        if self.growth is not None and self.growth.opening:
            self.process(self._open_points())
        self.process(supply(self, self.item, products.stock, self._units_ahead, self._units_planned))
        self.process(watch_stock(self, self.item, self.stock_record))
        self._start_quality()
        self._start_way(self.expected_online_per_day(self._sizing))
        for layer in self.layers.values():
            self.process(layer.run())

    def _start_quality(self) -> None:
        """Start what moves the chances on the way: projects against causes, and a bad batch of goods."""
        scenario = self.scenario
        batch, rules = scenario.fulfilment.bad_batch, scenario.management.quality
        projects = scenario.mechanisms.quality_projects and SUBJECTS["quality_projects"].acts_in(scenario)
        self._chances: CurrentChances | None = None
        self.quality: QualityBoard | None = None
        if batch is None and not projects:
            return
        self._chances = CurrentChances(self.flow, scenario, self.classes, self._way)
        if batch is not None:
            tell = partial(self._chances.set_factors, "bad batch")
            self.process(let_a_bad_batch_through(self, batch, self.begin, tell))
        if projects and rules is not None:
            tell = partial(self._chances.set_factors, "projects")
            self.quality = QualityBoard(self, rules, self.begin, self._calls_so_far, tell)
            self.process(self.quality.run())

    def _calls_so_far(self) -> float:
        """Return calls about parcels on their way, of the whole history."""
        return float(sum(sum(by_period.values()) for by_period in self.desk.calls.values()))

    def _start_way(self, online: float) -> None:
        """Start what decides on the way to the customer and back, for so many online orders a day."""
        scenario, errors = self.scenario, errors_of(self.scenario)
        works = work_on_the_way(scenario, self._sizing, online, delivery_shares(scenario))
        orders = np.array([self._orders_on(day) for day in range(self._waits.size)])
        for work in works:
            self._staff(work, orders)
        if errors is not None:
            moving = self._chances
            tell = partial(set_errors, self.flow, scenario) if moving is None else moving.set_errors
            hours = works[0].minutes / MINUTES_PER_HOUR
            self.process(watch_picking(self, errors, scenario.fulfilment.warehouse, hours, tell))
        if self.desk.rates:
            self.process(self.desk.run())
        if self._waits.any():
            nodes = [held(day) for day in range(days_held(self._waits) + 1)]
            self.process(hold_parcels(self, self._waits, nodes))
        if self.fleet is not None:
            self.process(self.fleet.run())

    def _staff(self, work: Work, orders: np.ndarray) -> None:
        """Staff a station in the shifts of its rules; planners know how long after orders its work comes."""
        jobs = orders
        if work.days_after_order > 0:
            jobs = arrivals(orders, work.days_after_order + self._waits)
            lead = math.ceil(work.days_after_order)
            # The calendar went on just so before the history began.
            jobs[:lead] = [self._orders_on(day - lead) for day in range(lead)]
        self.process(
            run_shifts(
                self,
                work.node,
                forecast=Forecast(work.jobs_per_day, lambda day: float(jobs[day]), frozen=self._frozen),
                hours_per_job=work.minutes / MINUTES_PER_HOUR,
                start_hour=work.rules.shift_start_hour,
                end_hour=work.rules.shift_end_hour,
                utilisation=work.rules.target_utilisation,
                wage_per_hour=work.wage_per_hour,
                account=work.account,
                review_days=self.scenario.management.staffing_review_days,
                finite=self.scenario.mechanisms.staff_queues,
                at_most=getattr(work.rules, "benches", None),
            )
        )

    def _network_waits(self) -> np.ndarray:
        """Return how long the courier's network holds a parcel on each day of the history, in days."""
        days = round(self.end) // HOURS_PER_DAY + LONGEST_DRAIN_DAYS
        dates = (np.arange(days) - round(self.begin) // HOURS_PER_DAY) % DAYS_PER_YEAR
        return network_waits(self.scenario, np.asarray(daily_orders(self.scenario))[dates])

    def _fleet(self) -> VanFleet | None:
        rules = self.scenario.fulfilment.fleet
        if rules is None:
            return None
        door = [c.delivery == "door" for c in self.classes]
        return VanFleet(self, rules, served_shares(self.scenario), np.flatnonzero(door))

    def _demand_on(self, day: int) -> float:
        return self.trading.demand_on(day) * self._grown(day * HOURS_PER_DAY)

    def _orders_on(self, day: int) -> float:
        """Return the orders expected on a day of the history relative to the mean day: what planners know."""
        date = (day - round(self.begin) // HOURS_PER_DAY) % DAYS_PER_YEAR
        return float(self._daily_orders[date]) * self._grown(day * HOURS_PER_DAY)

    def _units_ahead(self) -> float:
        """Return the units that an average one of the coming days should sell, as far as stock is to last."""
        today = round(self.now) // HOURS_PER_DAY
        days = range(today, today + max(round(self.scenario.products.stock.order_up_to_days), 1))
        known = sum(map(self._orders_on, days)) / len(days)
        systems = systems_of(self.scenario)
        if systems is not None:
            # Who is not told of campaigns plans by what sold some time ago.
            last = today - systems.information_lag_days
            past = range(last - systems.plan_window_days, last)
            informed = informed_share(self.scenario)
            known = informed * known + (1.0 - informed) * sum(map(self._orders_on, past)) / len(past)
        return self.units_per_day * known

    def _stock_cover(self) -> float:
        """Return goods on hand relative to those that the orders expected today need."""
        needed = self.units_per_day * self._orders_on(round(self.now) // HOURS_PER_DAY)
        return float(self.flow.reading(self.item.node, "level")) / needed if needed > 0 else 1.0

    def _units_planned(self) -> float:
        """Return the units that a mean day of the year should sell, seasons apart."""
        return self.units_per_day * self._grown(self.now)

    def _grown(self, hour: float) -> float:
        """Return demand at a moment relative to the scenario's own, seasons apart."""
        return 1.0 if self.growth is None else self.growth.factor((hour - self.begin) / HOURS_PER_DAY)

    # -- processes
    # ---------------------------------------------------------------------------------------------
    def _trade(self) -> Generator[simpy.Event, Any, None]:
        """Open the shops every midnight: show visitors what they meet, let them buy, hand the orders over.

        Nothing that visitors meet changes between two midnights, so a day's hours are worked out in one go.
        """
        outcomes = Outcomes(self.scenario, self.flow, len(self.classes))
        while self.now < self.end:
            today = self.trading.morning(round(self.now) // HOURS_PER_DAY, self._grown(self.now))
            for force in self.forces:
                force.open(today)
            day = self.trading.trade(today)
            reduced = today.measured and bool(today.discount.any())
            won_before = outcomes.won_value() if reduced else 0.0
            if today.measured:
                self._note(today, day)
            day.orders.hand_in(self.flow, "orders")
            day.chats.hand_in(self.flow, "chats")
            if self.log is not None:
                self.log.append((day.orders.kept(), day.chats.kept()))
            yield self.timeout(float(HOURS_PER_DAY))
            won, won_values = outcomes.won(day.chats)
            orders = np.bincount(day.orders.classes, minlength=len(self.classes))
            values = np.bincount(day.orders.classes, day.orders.values, len(self.classes))
            if reduced:
                self._take_off(today, values + outcomes.won_value() - won_before)
            yesterday = Yesterday(
                today=today,
                visits=day.visits,
                orders=orders + won,
                values=values + won_values,
                chats=np.bincount(day.chats.classes, minlength=len(self.classes)),
                delivery_days=outcomes.delivery_days(),
                entered=outcomes.entered,
            )
            for force in self.forces:
                force.close(yesterday)

    def _note(self, today: Today, day: DayOfTrade) -> None:
        """Keep what the books need of a measured day."""
        month = int(np.searchsorted(self.period_ends, self.now, side="right"))
        self.visits[month] += day.visits
        self.clicks[month] += day.visits * today.click_price

    def _take_off(self, today: Today, values: np.ndarray) -> None:
        """Keep what was taken off the list price on the measured day that ends now."""
        month = int(np.searchsorted(self.period_ends, self.now, side="left"))
        off = values * today.discount[self.trading.stream_of_class]
        self.discounts[month] += off[: self.measured]

    def kept_share(self) -> float:
        """Return about which share of orders is kept, in closed form: where the warm-up starts."""
        courier = self.scenario.fulfilment.courier
        failing = courier.failed_attempt_rate if self.scenario.mechanisms.failed_delivery else 0.0
        kinds = {c.segment.kind: c for c in self.classes}.values()  # the rate hangs on who buys
        back = max(return_rate(self.scenario, c) for c in kinds)
        arrived = (
            (1.0 - courier.lost_rate)
            * (1.0 - failing * courier.given_up_rate)
            * (1.0 - breakage(self.scenario, "door"))
        )
        return arrived * (1.0 - min(self.scenario.products.return_rate, back))

    def setting(self) -> Setting:
        """Return what forces on the market may know of this world."""
        return Setting(
            scenario=self.scenario,
            streams=self.trading.streams,
            classes=self.classes,
            stream_of_class=self.trading.stream_of_class,
            conversions=self.trading.conversions,
            kept_share=self.kept_share(),
            demand_on=self._demand_on,
            luck=self.luck,
            pay=self.payroll.pay,
            attendants=lambda: {
                name: (float(layer.staffed_points), layer.pyramid.survival)
                for name, layer in self.layers.items()
            },
            bad_share=1.0
            - (1.0 - self.scenario.fulfilment.courier.lost_rate) * (1.0 - breakage(self.scenario, "door")),
            stock_cover=self._stock_cover,
        )

    def _open_points(self) -> Generator[simpy.Event, Any, None]:
        """Open new points month by month as demand grows, with the managers they need."""
        while True:
            for layer in self.layers.values():
                if layer.open_up_to(max(round(layer.count * self._grown(self.now)), 1)):
                    shares = np.where(layer.opened, self.coverage[layer.name].weights, 0.0)
                    self.flow.set_route(
                        f"{layer.name}_depot",
                        dict(zip(layer.point_names, shares / shares.sum(), strict=True)),
                    )
                    self.flow.set_route(
                        f"{layer.name}_collected",
                        collected_route(self.scenario, layer.name, layer.exception_rate),
                    )
            yield self.timeout(HOURS_PER_MONTH)

    # -- running
    # -----------------------------------------------------------------------------------------------
    def open_orders(self) -> int:
        """Return measured orders that have not reached a final state."""
        placed = self.flow.totals("placed")[: self.measured].sum()
        closed = sum(self.flow.totals(state)[: self.measured].sum() for state in FINAL_STATES)
        return int(placed - closed)

    def live(self) -> None:
        """Run to the end of the measured period, then follow its orders until all are closed."""
        for day in range(1, LONGEST_DRAIN_DAYS + 1):
            moment = self.end + day * HOURS_PER_DAY
            self.run(until=moment)
            self.flow.advance(moment)
            if self.open_orders() == 0:
                break

    def process(self, generator: Generator[Any, Any, Any]) -> simpy.Process:
        """Start a process."""
        return super().process(generator)


def simulate(
    scenario: Scenario,
    seed: int,
    *,
    engine: Engine = "compiled",
    log: bool = False,
    visits: str = "split",
    sized_for: Scenario | None = None,
    growth: Growth | None = None,
) -> Run:
    """Simulate one history of a brand.

    Parameters
    ----------
    scenario
        Description of the brand and its market.
    seed
        Seed of the replication, 0 to 2**64 - 1. The same seed gives the same shoppers in every scenario.
    engine
        "compiled", or "reference" for the SimPy twin with the same digits (small worlds).
    log
        Keep the table of orders and the trace of events.
    visits
        "split" draws the number of buyers at once; "each" decides visit by visit (slow, the same law).
    sized_for
        Size staff, stock and managers for this scenario and never review them.
    growth
        Grow within the history.

    Returns
    -------
    sim.run.Run
        Books, figures and checks. The books balance and every order is accounted for, or an error is raised.
    """
    world = World(scenario, seed, engine=engine, log=log, visits=visits, sized_for=sized_for, growth=growth)
    world.live()
    return close_books(world, __version__)
