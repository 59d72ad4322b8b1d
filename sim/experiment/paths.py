"""Growth paths: what "twice the volume" means, as a change of the scenario.

Volume 1 is the scenario's own demand, and every path gives the scenario itself there. What a path leaves
alone is as important as what it moves: densify sells more in the same places, replicate sells the same in
more places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.given import check_scenarios
from sim.experiment.metrics import checked_choice
from sim.experiment.rivals import rivals_times
from sim.scenario.segments import ONLINE_CHANNELS, open_layers, points_of

if TYPE_CHECKING:
    from sim.scenario import Scenario

HIGHEST_PEAK_SHARE = 0.9
HIGHEST_PRICE_INDEX = 5.0
LOWEST_PRICE_FACTOR = 0.05
MOST_OF_AN_AUCTION = 0.99
MOST_TRAFFIC = 1000.0


@dataclass(frozen=True)
class Path:
    """A growth path.

    Attributes
    ----------
    name
        Stable name.
    elasticity_to
        What size means on it: ``orders``, ``points`` or ``concentration``.
    words
        What moves, for a sentence.
    """

    name: str
    elasticity_to: str
    words: str


PATHS: Mapping[str, Path] = {
    path.name: path
    for path in (
        Path("densify", "orders", "more demand in the same places"),
        Path("replicate", "orders", "more places of the same kind"),
        Path("expand", "orders", "more places, the best first"),
        Path("fragment", "points", "more points for the same orders"),
        Path("buy_traffic", "orders", "more bought traffic"),
        Path("cut_price", "orders", "lower prices"),
        Path("peak", "concentration", "the same year in fewer days"),
    )
}


@dataclass(frozen=True)
class Rung:
    """One size on a path.

    Attributes
    ----------
    volume
        What was asked for, or what whole places allow, relative to the scenario's own.
    scenario
        The scenario at this size; None where it cannot be reached.
    reason
        Why it cannot be reached; empty where it can.
    size
        Size along the path where the scenario fixes it (points, concentration); None for orders.
    """

    volume: float
    scenario: Scenario | None
    reason: str = ""
    size: float | None = None

    @property
    def reachable(self) -> bool:
        """Say whether there is such a scenario."""
        return self.scenario is not None


class _OutOfReachError(Exception):
    """Raised inside this module when a path ends before the volume asked for."""


def scenario_at(scenario: Scenario, path: str, volume: float) -> Rung:
    """Return a scenario at another volume of its own, along a growth path.

    Parameters
    ----------
    scenario
        The scenario at volume 1.
    path
        One of :data:`PATHS`.
    volume
        Volume relative to the scenario's own, above 0.

    Returns
    -------
    Rung
        With ``scenario`` None and a reason where this volume cannot be reached on this path.

    Raises
    ------
    ExperimentError
        If the path is unknown, the volume is not above zero, or the scenario has nothing that this path
        moves.
    """
    check_scenarios(scenario=scenario)
    checked_choice("growth path", path, PATHS)
    if not 0 < volume < float("inf"):
        raise ExperimentError(f"a volume must be above 0 (found {volume:g})")
    _check_applies(scenario, path)
    if volume == 1.0:
        return Rung(1.0, scenario, size=_size(scenario, path))
    try:
        realised, changed = _MOVES[path](scenario, float(volume))
    except _OutOfReachError as reason:
        return Rung(volume, None, str(reason))
    return Rung(realised, changed, size=_size(changed, path))


def why_not(scenario: Scenario, path: str) -> str:
    """Say why a scenario cannot grow along a path at all; empty if it can."""
    if path == "fragment" and not _own_points(scenario):
        if open_layers(scenario):
            return "its only pickup layer is in the stores, and a store is more than a point"
        return "the scenario has no pickup layer, so there are no points to add"
    if path == "peak" and not scenario.mechanisms.seasonality:
        return "mechanisms.seasonality is off, so every day is alike"
    if path == "buy_traffic" and not _paid_sources(scenario):
        return "no source sells visits (none has a price per visit or an auction)"
    if path == "cut_price" and not _open_online(scenario):
        return "no online channel is open"
    if path == "cut_price" and scenario.market.price_elasticity == 0:
        return "market.price_elasticity is 0, so price moves no orders"
    return ""


def _check_applies(scenario: Scenario, path: str) -> None:
    reason = why_not(scenario, path)
    if reason:
        raise ExperimentError(f"growth path '{path}' does not apply to scenario '{scenario.name}': {reason}")


def _size(scenario: Scenario, path: str) -> float | None:
    if path == "fragment":
        return float(sum(points_of(scenario, layer) for layer in open_layers(scenario)))
    if path == "peak":
        peak = scenario.market.peak
        return float(peak.share / (peak.days / 365.0))
    return None


def _own_points(scenario: Scenario) -> dict[str, int]:
    """Return the points of each open layer that stand by themselves; those in stores follow the stores."""
    return {name: points_of(scenario, name) for name in open_layers(scenario) if name != "store"}


def _sources(scenario: Scenario) -> dict[str, Any]:
    sources = scenario.market.sources
    named = {name: getattr(sources, name) for name in type(sources).model_fields}
    return {name: source for name, source in named.items() if source is not None}


def _open_online(scenario: Scenario) -> list[str]:
    return [name for name in ONLINE_CHANNELS if getattr(scenario.channels, name) is not None]


def _paid_sources(scenario: Scenario) -> dict[str, Any]:
    return {
        name: source
        for name, source in _sources(scenario).items()
        if source.visits_per_year > 0 and (source.cost_per_visit > 0 or source.auction is not None)
    }


def _demand(scenario: Scenario, factor: float) -> dict[str, Any]:
    """Scale every source's visits, the visits on sale and rivals' sales: twice the shoppers for everybody."""
    values: dict[str, Any] = {}
    for name, source in _sources(scenario).items():
        values[f"market.sources.{name}.visits_per_year"] = source.visits_per_year * factor
        if source.auction is not None:
            inventory = source.auction.inventory_visits_per_year * factor
            values[f"market.sources.{name}.auction.inventory_visits_per_year"] = inventory
    return values | rivals_times(scenario, factor)


def _whole(count: int, factor: float) -> int:
    return max(1, round(count * factor)) if count > 0 else 0


def _sites(scenario: Scenario, factor: float) -> dict[str, Any]:
    """Scale the number of pickup points and stores, in whole ones."""
    values: dict[str, Any] = {
        f"pickup.{layer}.points": _whole(points, factor) for layer, points in _own_points(scenario).items()
    }
    stores = scenario.channels.stores
    if stores is not None:
        values["channels.stores.count"] = _whole(stores.count, factor)
        if scenario.pickup.store is not None and scenario.pickup.store.points <= stores.count:
            values["pickup.store.points"] = _whole(scenario.pickup.store.points, factor)
    return values


def _densify(scenario: Scenario, volume: float) -> tuple[float, Scenario]:
    return volume, scenario.with_values(_demand(scenario, volume))


def _replicate(scenario: Scenario, volume: float) -> tuple[float, Scenario]:
    market = scenario.market
    places = _whole(market.places, volume)
    realised = places / market.places
    values = {
        "market.places": places,
        "market.potential_places": max(places, round(market.potential_places * realised)),
        **_demand(scenario, realised),
        **_sites(scenario, realised),
    }
    return realised, scenario.with_values(values)


def _expand(scenario: Scenario, volume: float) -> tuple[float, Scenario]:
    from sim.market.places import cumulative_share

    market = scenario.market
    places = _whole(market.places, volume)
    if places > market.potential_places:
        raise _OutOfReachError(f"{places} places are needed, but there are only {market.potential_places}")
    factor = places / market.places
    demand = factor
    if scenario.mechanisms.marginal_sites:
        own, potential = market.place_density_cv, market.potential_places
        demand = cumulative_share(own, potential, places) / cumulative_share(own, potential, market.places)
    return factor, scenario.with_values(
        {"market.places": places, **_demand(scenario, demand), **_sites(scenario, factor)}
    )


def _fragment(scenario: Scenario, volume: float) -> tuple[float, Scenario]:
    old = _own_points(scenario)
    new = {layer: _whole(points, volume) for layer, points in old.items()}
    realised = sum(new.values()) / sum(old.values())
    return realised, scenario.with_values({f"pickup.{layer}.points": points for layer, points in new.items()})


def _peak(scenario: Scenario, volume: float) -> tuple[float, Scenario]:
    share = scenario.market.peak.share * volume
    if share <= 0:
        raise _OutOfReachError("market.peak.share is 0; a multiple of it is still 0")
    if share > HIGHEST_PEAK_SHARE:
        raise _OutOfReachError(
            f"{share:.0%} of the year's visits would fall in the peak; at most {HIGHEST_PEAK_SHARE:.0%}"
        )
    return volume, scenario.with_values({"market.peak.share": share})


def _expected_orders(scenario: Scenario) -> float:
    from sim.market import expected_orders

    return expected_orders(scenario)


def _solve(
    change: Callable[[float], Scenario], start: float, end: float, target: float, limit: str
) -> Scenario:
    """Find the strength of a change, from ``start`` to ``end``, at which expected orders meet the target."""
    from scipy.optimize import brentq

    def excess(strength: float) -> float:
        return _expected_orders(change(strength)) / target - 1.0

    if excess(start) * excess(end) > 0:
        reached = _expected_orders(change(end))
        raise _OutOfReachError(f"{limit} the expected orders are {reached:,.0f} a year, not {target:,.0f}")
    return change(float(brentq(excess, start, end, xtol=1e-12, rtol=1e-10)))


def _buy_traffic(scenario: Scenario, volume: float) -> tuple[float, Scenario]:
    paid = _paid_sources(scenario)

    def bought(factor: float) -> Scenario:
        return scenario.with_values(
            {
                f"market.sources.{name}.visits_per_year": source.visits_per_year * factor
                for name, source in paid.items()
            }
        )

    target = _expected_orders(scenario) * volume
    if volume < 1.0:
        return volume, _solve(bought, 1.0, 0.0, target, "without any bought visit")
    most, limit = MOST_TRAFFIC, f"even at {MOST_TRAFFIC:,.0f} times the bought visits"
    for name, source in paid.items():
        if source.auction is not None and scenario.mechanisms.ad_auction:
            stock = source.auction.inventory_visits_per_year
            room = MOST_OF_AN_AUCTION * stock / source.visits_per_year
            if room < most:
                most, limit = (
                    room,
                    f"even with {MOST_OF_AN_AUCTION:.0%} of the {stock:,.0f} visits that {name} has on sale",
                )
    if most <= 1.0:
        raise _OutOfReachError(f"{limit} no more can be bought")
    return volume, _solve(bought, 1.0, most, target, limit)


def _cut_price(scenario: Scenario, volume: float) -> tuple[float, Scenario]:
    prices = {name: getattr(scenario.channels, name).price_index for name in _open_online(scenario)}

    def priced(factor: float) -> Scenario:
        return scenario.with_values(
            {f"channels.{name}.price_index": price * factor for name, price in prices.items()}
        )

    target = _expected_orders(scenario) * volume
    end = LOWEST_PRICE_FACTOR if volume > 1 else HIGHEST_PRICE_INDEX / max(prices.values())
    return volume, _solve(priced, 1.0, end, target, f"even at {end:.0%} of the price")


_MOVES: Mapping[str, Callable[[Scenario, float], tuple[float, Scenario]]] = {
    "densify": _densify,
    "replicate": _replicate,
    "expand": _expand,
    "fragment": _fragment,
    "buy_traffic": _buy_traffic,
    "cut_price": _cut_price,
    "peak": _peak,
}
