"""A market in the hand: forces act on days that a test makes up, without a simulation."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.market.day import Today, Yesterday
from sim.market.forces import Force, Setting
from sim.scenario import Scenario, load
from sim.scenario.segments import order_classes
from sim.scenario.streams import HOURS_PER_YEAR, buying_share, streams

MIX = {"planner": 0.6, "replacer": 0.4}


def source(visits: float, conversion: float, *, mix: dict[str, float] | None = None, **landing: float) -> Any:
    """Return a source of visitors."""
    return {
        "visits_per_year": visits,
        "conversion_rate": conversion,
        "mix": mix or MIX,
        "landing": landing or {"tmall": 1.0},
    }


def scenario_with(sources: dict[str, Any], changes: dict[str, Any] | None = None) -> Scenario:
    """Return the shipped base with no other sources than these, every day alike, and no slow force."""
    base = load("base")
    names = type(base.market.sources).model_fields
    values: dict[str, Any] = {f"market.sources.{name}": sources.get(name) for name in names}
    values |= {
        f"market.{name}": None for name, row in type(base.market).model_fields.items() if row.default is None
    }
    values |= {"mechanisms.seasonality": False, "market.peak.discount": 0.0}
    return base.with_values(values | (changes or {}))


class Hand:
    """What a force may know, and the days it lives through.

    Attributes
    ----------
    paid
        Payments so far: account, quantity, rate, channel, source.
    """

    def __init__(self, scenario: Scenario, *, kept: float = 0.9, bad: float = 0.02) -> None:
        self.scenario = scenario
        self.streams = streams(scenario)
        self.classes = order_classes(scenario)
        place = {stream.segment: row for row, stream in enumerate(self.streams)}
        self.stream_of_class = np.array([place[c.segment] for c in self.classes])
        self.rates = np.array([stream.visits_per_hour for stream in self.streams])
        elasticity = scenario.market.price_elasticity
        self.conversions = np.array(
            [
                buying_share(s.reference_conversion, s.price_index, elasticity)
                if s.reference_conversion < 1
                else 1.0
                for s in self.streams
            ]
        )
        self.paid: list[tuple[str, float, float, str, str]] = []
        self.setting = Setting(
            scenario=scenario,
            streams=self.streams,
            classes=self.classes,
            stream_of_class=self.stream_of_class,
            conversions=self.conversions,
            kept_share=kept,
            demand_on=lambda _: 1.0,
            luck=lambda *_: 0.5,
            pay=self._pay,
            attendants=dict,
            bad_share=bad,
        )

    def _pay(
        self, account: str, quantity: float, rate: float, *, channel: str = "", source: str = ""
    ) -> None:
        if quantity:
            self.paid.append((account, quantity, rate, channel, source))

    def rows(self, name: str, channel: str = "") -> np.ndarray:
        """Return the streams of a source."""
        return self.setting.of_streams(
            lambda s: s.segment.source == name and channel in ("", s.segment.channel)
        )

    def morning(self, day: int = 0, *, measured: bool = True, growth: float = 1.0) -> Today:
        """Return a day at reference."""
        return Today.at_reference(
            day=day,
            date=day % 365,
            measured=measured,
            growth=growth,
            rates=self.rates,
            click_price=np.ones(self.rates.size),
        )

    def night(
        self, today: Today, orders: np.ndarray | None = None, entered: dict[str, float] | None = None
    ) -> Yesterday:
        """Return what is known at midnight: expected visits, orders by stream and ends of orders in all."""
        by_stream = np.zeros(self.rates.size) if orders is None else orders
        by_class = np.zeros(len(self.classes))
        first = {int(row): code for code, row in reversed(list(enumerate(self.stream_of_class)))}
        for row, number in enumerate(by_stream):
            by_class[first[row]] = number

        def ended(node: str) -> np.ndarray:
            found = np.zeros(len(self.classes))
            found[0] = (entered or {}).get(node, 0.0)
            return found

        return Yesterday(
            today=today,
            visits=today.rates * 24.0,
            orders=by_class,
            values=by_class * 100.0,
            chats=np.zeros(len(self.classes)),
            delivery_days=self.scenario.market.reference_delivery_days,
            entered=ended,
        )

    def live(self, force: Force, days: int, first: int = 0, **known: Any) -> Today:
        """Let a force live through some days and return the last one."""
        today = self.morning(first)
        for day in range(first, first + days):
            today = self.morning(day)
            force.open(today)
            force.close(self.night(today, **known))
        return today

    def by_source(self, today: Today, name: str) -> float:
        """Return visits a year through a source."""
        return float(today.rates[self.rows(name)].sum()) * HOURS_PER_YEAR
