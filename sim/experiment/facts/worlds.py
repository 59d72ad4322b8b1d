"""The worlds in which facts are measured: a shipped scenario and what is changed in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.scenario.segments import ONLINE_CHANNELS, open_layers

if TYPE_CHECKING:
    from sim.scenario import Scenario

QUARTER_DAYS = 91
LONGER_LINE_HAUL_HOURS = 24.0
MORE_FAILURES = 2.0
HALF_A_DAY = 12.0
LOWER_PRICE = 0.95


class OutOfReachError(Exception):
    """A scenario has no such world; the message says why."""


@dataclass(frozen=True)
class World:
    """One world of the study.

    Attributes
    ----------
    name
        What tables and records call it; unique.
    scenario
        Name of the shipped scenario it is made from.
    made
        From that scenario to this world; raises :class:`OutOfReachError` where there is none.
    """

    name: str
    scenario: str
    made: Callable[[Scenario], Scenario]


def year() -> World:
    """Return the base scenario as it is."""
    return World("base", "base", _same)


def grown(path: str, volume: float) -> World:
    """Return the base scenario at another volume along a growth path."""
    return World(f"base, {path} {volume:g}", "base", _Grown(path, volume))


def until_the_sale(*, with_it: bool, promise_hours: float | None = None) -> World:
    """Return the year up to the first day of the sale, or up to the evening before.

    Both meet the same shoppers, so that their difference is what was ordered on that day.

    Parameters
    ----------
    with_it
        Whether the first day of the sale is measured.
    promise_hours
        Another time within which a delivery counts as punctual; None leaves it.
    """
    name = "base, up to the sale's first day" if with_it else "base, up to the eve of the sale"
    name += "" if promise_hours is None else f", punctual within {promise_hours:g} hours"
    return World(name, "base", _UntilTheSale(with_it, promise_hours))


def quarter() -> World:
    """Return the first quarter of the base scenario."""
    return World("base, a quarter", "base", _in_a_quarter)


def quarter_without_good_courier() -> World:
    """Return the quarter with a courier a day slower who misses and breaks twice as often."""
    return World("base, a quarter with a worse courier", "base", _worse_courier)


def quarter_delivered_sooner() -> World:
    """Return the quarter with parcels half a day faster on the road."""
    return World("base, a quarter with faster parcels", "base", _sooner)


def quarter_with_lower_prices() -> World:
    """Return the quarter with all online prices 5% lower."""
    return World("base, a quarter with lower prices", "base", _cheaper)


def unshared_layer(scenario: str, volume: float) -> World:
    """Return a pickup scenario for a quarter without other merchants' parcels, at another volume."""
    return World(f"{scenario}, a quarter at {volume:g}, own parcels only", scenario, _UnsharedLayer(volume))


def described(scenario: str) -> World:
    """Return a shipped scenario that is only read and not simulated."""
    return World(scenario, scenario, _same)


def _same(scenario: Scenario) -> Scenario:
    return scenario


def _in_a_quarter(scenario: Scenario) -> Scenario:
    days = scenario.horizon.days
    return scenario if days < QUARTER_DAYS else scenario.with_values({"horizon.days": QUARTER_DAYS})


def _worse_courier(scenario: Scenario) -> Scenario:
    fulfilment = scenario.fulfilment
    line_haul = fulfilment.courier.line_haul_hours.mean + LONGER_LINE_HAUL_HOURS
    failed = min(fulfilment.courier.failed_attempt_rate * MORE_FAILURES, 0.95)
    changes: dict[str, Any] = {
        "fulfilment.courier.line_haul_hours": {"mean": line_haul},
        "fulfilment.courier.failed_attempt_rate": failed,
        "fulfilment.breakage_per_handover": fulfilment.breakage_per_handover * MORE_FAILURES,
    }
    return _in_a_quarter(scenario).with_values(changes)


def _sooner(scenario: Scenario) -> Scenario:
    line_haul = scenario.fulfilment.courier.line_haul_hours.mean - HALF_A_DAY
    if line_haul <= 0:
        raise OutOfReachError("fulfilment.courier.line_haul_hours is shorter than half a day already")
    return _in_a_quarter(scenario).with_values({"fulfilment.courier.line_haul_hours": {"mean": line_haul}})


def _cheaper(scenario: Scenario) -> Scenario:
    prices = {
        f"channels.{name}.price_index": channel.price_index * LOWER_PRICE
        for name in ONLINE_CHANNELS
        if (channel := getattr(scenario.channels, name)) is not None
    }
    if not prices:
        raise OutOfReachError("no online channel is open")
    return _in_a_quarter(scenario).with_values(prices)


@dataclass(frozen=True)
class _Grown:
    path: str
    volume: float

    def __call__(self, scenario: Scenario) -> Scenario:
        from sim.experiment.paths import scenario_at, why_not

        if reason := why_not(scenario, self.path):
            raise OutOfReachError(reason)
        rung = scenario_at(scenario, self.path, self.volume)
        if rung.scenario is None:
            raise OutOfReachError(f"volume {self.volume:g} along {self.path} is out of reach: {rung.reason}")
        return rung.scenario


@dataclass(frozen=True)
class _UntilTheSale:
    with_it: bool
    promise_hours: float | None

    def __call__(self, scenario: Scenario) -> Scenario:
        first = scenario.market.peak.first_day
        if first < 2 or scenario.horizon.days < first:
            raise OutOfReachError("the measured period ends before the first day of market.peak")
        changes: dict[str, Any] = {"horizon.days": first if self.with_it else first - 1}
        if self.promise_hours is not None:
            changes["fulfilment.promise_hours"] = self.promise_hours
        return scenario.with_values(changes)


@dataclass(frozen=True)
class _UnsharedLayer:
    volume: float

    def __call__(self, scenario: Scenario) -> Scenario:
        layers = open_layers(scenario)
        if len(layers) != 1:
            raise OutOfReachError(f"scenario '{scenario.name}' has {len(layers)} pickup layers, not one")
        alone: Mapping[str, Any] = {f"pickup.{layers[0]}.background_parcels_per_point_day": 0.0}
        return _Grown("densify", self.volume)(_in_a_quarter(scenario).with_values(alone))
