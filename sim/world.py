"""One brand put together: market, flow network, management and money on one clock.

:class:`World` is a SimPy environment. Before each SimPy event it lets the compiled flow network run up to
that moment, so what flows at a moment comes before what is decided at that moment. A year of orders is a few
thousand SimPy events; no order ever is one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import simpy

from sim import __version__
from sim.accounting import close_books
from sim.fulfilment.chances import breakage, contact_rate, return_rate
from sim.fulfilment.network import FINAL_STATES, build_network
from sim.fulfilment.pickup import collected_route
from sim.fulfilment.plan import JOBS, FulfilmentPlan, LayerPlan, job_class, point_name
from sim.management.hierarchy import exception_rate, hierarchy
from sim.management.payroll import Payroll
from sim.management.points import HOURS_PER_MONTH, Layer
from sim.management.replenishment import Item, replenish, stock_levels
from sim.management.staffing import Forecast, run_shifts
from sim.market.calendar import DAYS_PER_YEAR, HOURS_PER_DAY, month_ends
from sim.market.demand import (
    delivery_shares,
    expected_first_orders,
    expected_orders,
    expected_repeat_orders,
    promotion_orders_per_hour,
    repurchase_probability,
)
from sim.market.pickup_choice import cover
from sim.market.places import served_shares
from sim.market.trading import Trading, stream_key
from sim.scenario.segments import REPEAT, STORES, open_layers, order_classes

if TYPE_CHECKING:
    from collections.abc import Generator

    from sim.flow.network import Engine
    from sim.run import Run
    from sim.scenario import Scenario

LONGEST_DRAIN_DAYS = 120
SEEN_DELIVERY_DAYS = 7
"""Visitors see the mean delivery time of this many days."""
MINUTES_PER_HOUR = 60.0


@dataclass(frozen=True)
class Growth:
    """Growth within one history instead of from year to year; the scenario is where it ends.

    Attributes
    ----------
    months
        Time from the beginning of measuring until the scenario's own demand is reached.
    volume
        The scenario's demand relative to that of the beginning.
    opening
        Whether the share of points that are open follows demand (new places) or all are open from the start.
    """

    months: float
    volume: float
    opening: bool = False

    def factor(self, days: float) -> float:
        """Return demand after ``days`` relative to the scenario's own: the same percentage more every day."""
        grown = min(max(days, 0.0) / (self.months * DAYS_PER_YEAR / 12.0), 1.0)
        return self.volume ** (grown - 1.0)


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
        self._settlements = {self.begin, *self.period_ends.tolist()}
        self.payroll = Payroll(lambda: self.period)
        self.classes = order_classes(scenario)
        self.measured = len(self.classes) // 2
        self.trading = Trading(scenario, seed, self.classes, self.begin, visits)
        self.visits = np.zeros((self.period_ends.size, len(self.trading.streams)), dtype=np.int64)
        self.coverage = {name: cover(scenario, name) for name in open_layers(scenario)}
        self.log: list[tuple[np.ndarray, ...]] | None = [] if log else None
        self.item = Item("goods")
        self.flow = self._start_flow(log)
        self.layers = {name: self._layer(name) for name in self.coverage}
        self._deliveries: list[tuple[float, float]] = []
        self._start_processes()

    # -- clock -----------------------------------------------------------------------------------------------
    @property
    def period(self) -> int:
        """Month that ends now or is under way; -1 before measuring starts."""
        if self.now <= self.begin and self.begin > 0:
            return -1
        return int(np.searchsorted(self.period_ends, self.now, side="left"))

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
        _, opening = stock_levels(scenario.products.stock, self.units_per_day * self._grown(0.0))
        plans = {}
        for name, coverage in self.coverage.items():
            rules = getattr(scenario.pickup, name)
            pyramid = hierarchy(scenario, rules, self._sized_points(name))
            stretch = HOURS_PER_MONTH / rules.supervision.working_hours_per_month
            rate = exception_rate(scenario, rules, pyramid.survival)
            plans[name] = LayerPlan(coverage.weights, rate, stretch, bool(pyramid.heads))
        network = build_network(scenario, self.classes, FulfilmentPlan(opening, plans))
        self._awaited: dict[Any, simpy.Event] = {}
        return network.start(
            self.seed, engine=self.engine, warmup=self.begin, period_ends=self.period_ends.tolist(), trace=log
        )

    def _sized_points(self, name: str) -> int:
        layer = getattr(self._sizing.pickup, name)
        return layer.points if layer is not None else 0

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
        scenario = self.scenario
        mechanisms, products = scenario.mechanisms, scenario.products
        self.process(self._trade())
        if self.growth is not None and self.growth.opening:
            self.process(self._open_points())
        self.process(
            replenish(self, self.item, products.stock, lambda: self.units_per_day * self._grown(self.now))
        )
        warehouse, service, days = (
            scenario.fulfilment.warehouse,
            scenario.service,
            scenario.management.staffing_review_days,
        )
        online = self.expected_online_per_day(self._sizing)
        self.process(
            run_shifts(
                self,
                "pick_pack",
                forecast=Forecast(online, self._demand_on, frozen=self._frozen),
                hours_per_job=warehouse.pick_pack_minutes.mean / MINUTES_PER_HOUR,
                start_hour=warehouse.shift_start_hour,
                end_hour=warehouse.shift_end_hour,
                utilisation=warehouse.target_utilisation,
                wage_per_hour=warehouse.wage_per_hour,
                account="picking_wages",
                review_days=days,
                finite=mechanisms.staff_queues,
            )
        )
        shares = delivery_shares(scenario)
        contacts = online * sum(share * contact_rate(scenario, way) for way, share in shares.items())
        self.process(
            run_shifts(
                self,
                "service",
                forecast=Forecast(contacts, self._demand_on, frozen=self._frozen),
                hours_per_job=service.handling_minutes.mean / MINUTES_PER_HOUR,
                start_hour=service.shift_start_hour,
                end_hour=service.shift_end_hour,
                utilisation=service.target_utilisation,
                wage_per_hour=service.wage_per_month / service.working_hours_per_month,
                account="service_wages",
                review_days=days,
                finite=mechanisms.staff_queues,
            )
        )
        for layer in self.layers.values():
            self.process(layer.run())

    def _demand_on(self, day: int) -> float:
        weights = self.trading.demand_at(day * HOURS_PER_DAY, HOURS_PER_DAY)
        return float(weights.mean()) * self._grown(day * HOURS_PER_DAY)

    def _grown(self, hour: float) -> float:
        """Return demand at a moment relative to the scenario's own, seasons apart."""
        return 1.0 if self.growth is None else self.growth.factor((hour - self.begin) / HOURS_PER_DAY)

    # -- processes
    # ---------------------------------------------------------------------------------------------
    def _trade(self) -> Generator[simpy.Event, Any, None]:
        """Open the shops every midnight: show visitors what they see, let them buy, hand the orders over.

        Nothing that visitors see changes between two midnights, so a day's slices are worked out in one go.
        """
        self._plan_returning()
        while self.now < self.end:
            self.trading.see(self._seen_delivery_days())
            self._set_returning()
            hour = round(self.now)
            measured = self.now >= self.begin
            self.trading.growth = self._grown(self.now)
            visits, orders = self.trading.trade(hour, HOURS_PER_DAY, measured)
            if measured:
                self.visits[int(np.searchsorted(self.period_ends, self.now, side="right"))] += visits.sum(
                    axis=0
                )
            self._spend_returning(orders[1])
            times, classes, units, values, births = orders
            self.flow.hand_in("orders", times, classes=classes, units=units, values=values, births=births)
            if self.log is not None:
                self.log.append(tuple(column.copy() for column in orders))
            yield self.timeout(float(HOURS_PER_DAY))

    def _plan_returning(self) -> None:
        """Prepare the stock of buyers who will come back: one number per (channel, visitor type)."""
        self._repeat_keys = sorted(expected_repeat_orders(self.scenario))
        position = {key: i for i, key in enumerate(self._repeat_keys)}
        keys = [(c.segment.channel, c.segment.kind) for c in self.classes]
        self._key_of_class = np.array([position[key] for key in keys])
        self._repurchase = np.array(
            [repurchase_probability(self.scenario, c.segment, c.delivery) for c in self.classes]
        )
        self._repeats = np.array([c.segment.source == REPEAT for c in self.classes])
        self._returning = np.zeros(len(self._repeat_keys))
        if self.scenario.horizon.start == "mature" and self.scenario.mechanisms.repurchase:
            expected = expected_repeat_orders(self.scenario, self._kept_share())
            days = self.scenario.market.repurchase.mean_days
            mature = np.array([expected[key] for key in self._repeat_keys]) * days / DAYS_PER_YEAR
            self._returning += mature * self._grown(0.0)
        self._kept_before = np.zeros(len(self.classes))

    def _kept_share(self) -> float:
        """Return about which share of orders is kept, in closed form: where the warm-up starts."""
        courier = self.scenario.fulfilment.courier
        failing = courier.failed_attempt_rate if self.scenario.mechanisms.failed_delivery else 0.0
        back = max(return_rate(self.scenario, c) for c in self.classes)
        arrived = (
            (1.0 - courier.lost_rate)
            * (1.0 - failing * courier.given_up_rate)
            * (1.0 - breakage(self.scenario, "door"))
        )
        return arrived * (1.0 - min(self.scenario.products.return_rate, back))

    def _set_returning(self) -> None:
        """Add those who kept an order since yesterday and will buy again; set today's rates."""
        kept = self.flow.totals("kept")[: len(self.classes)].astype(float)
        if kept.sum() < self._kept_before.sum():  # counts begin anew when measuring starts
            self._kept_before = np.zeros(len(self.classes))
        added = (kept - self._kept_before) * self._repurchase
        self._kept_before = kept
        self._returning += np.bincount(self._key_of_class, added, len(self._repeat_keys))
        survival = {name: layer.pyramid.survival for name, layer in self.layers.items()}
        staffed = {name: float(layer.staffed_points) for name, layer in self.layers.items()}
        promoted = promotion_orders_per_hour(self.scenario, survival, staffed)
        hours = self.scenario.market.repurchase.mean_days * HOURS_PER_DAY
        # Trading multiplies every rate by growth; buyers who come back are counted in full already.
        grown = self._grown(self.now)
        rates = dict(zip(self._repeat_keys, self._returning / hours / grown, strict=True))
        self.trading.set_returning(rates, promoted / grown)

    def _spend_returning(self, codes: np.ndarray) -> None:
        """Take today's repeat buyers out of those who will still come back."""
        again = codes[self._repeats[codes]]
        spent = np.bincount(self._key_of_class[again], minlength=len(self._repeat_keys))
        self._returning = np.maximum(self._returning - spent, 0.0)

    def _seen_delivery_days(self) -> float:
        """Return the mean delivery time of the last days, or the reference while there is none."""
        total, number = self.flow.reading("delivered", "total_age"), self.flow.reading("delivered", "aged")
        if self._deliveries and number < self._deliveries[-1][1]:
            self._deliveries.clear()
        self._deliveries.append((total, number))
        earlier = self._deliveries[max(len(self._deliveries) - 1 - SEEN_DELIVERY_DAYS, 0)]
        if number <= earlier[1]:
            return self.scenario.market.reference_delivery_days
        return (total - earlier[0]) / (number - earlier[1]) / HOURS_PER_DAY

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
