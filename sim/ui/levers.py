"""The levers: which values they move, how far, what is said about them, and what they cost to pull."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ui.case import Value

if TYPE_CHECKING:
    from sim.scenario import Entry, Scenario

Number = float | int
MOST_LEVERS = 8


@dataclass(frozen=True)
class Lever:
    """One value, or one value in several places, that pages move.

    Attributes
    ----------
    name
        Short name, unique.
    label
        What it is called, its unit included, short enough for one line.
    paths
        Where the value stands; the first that a scenario has gives the lever's place, all of them move.
    low, high, step
        Where the slider ends, and how fine it is; in the unit of the field.
    message
        The big message: what pulling it does, in a sentence.
    watch
        What to watch on the charts.
    effort
        What "high" costs and how long it takes: slider lengths are no measure of effort.
    levels
        What low, middle and high mean: words and value.
    """

    name: str
    label: str
    paths: tuple[str, ...]
    low: Number
    high: Number
    step: Number
    message: str
    watch: str
    effort: str
    levels: tuple[tuple[str, Number], ...]

    def own_paths(self, scenario: Scenario) -> tuple[str, ...]:
        """Return the paths that a scenario has."""
        from sim.scenario import UnknownPathError

        found = []
        for path in self.paths:
            try:
                if scenario.value(path) is not None:
                    found.append(path)
            except UnknownPathError:
                continue
        return tuple(found)

    def place(self, scenario: Scenario) -> Number:
        """Return where a scenario has the lever, which may lie beyond the slider's ends."""
        value: Number = scenario.value(self.own_paths(scenario)[0])
        return type(self.step)(value)

    def ends(self, *scenarios: Scenario) -> tuple[Number, Number]:
        """Return the slider's ends, wide enough for where these scenarios have it."""
        places = [self.place(scenario) for scenario in scenarios]
        return min(self.low, *places), max(self.high, *places)

    def entry(self, scenario: Scenario) -> Entry:
        """Return what the scenario knows about the value: unit, bounds, range, source, grade."""
        return scenario.entry(self.own_paths(scenario)[0])

    def values(self, scenario: Scenario, place: Number) -> dict[str, Value]:
        """Return the values that put the lever somewhere."""
        return {path: type(self.step)(place) for path in self.own_paths(scenario)}


_COMMUNITY = "pickup.community"

ALL_LEVERS = (
    Lever(
        "price", "Price on the web (usual = 1)",
        ("channels.tmall.price_index", "channels.vertical.price_index", "channels.mall.price_index"),
        0.8, 1.2, 0.01,
        "A lower price sells more lamps and leaves less on each; rivals may follow.",
        "Profit per order by channel, and orders: does volume make up for margin?",
        "Changed in an hour; taken back only at the price of the brand's name.",
        (("a fifth off", 0.8), ("the usual price", 1.0), ("a fifth more", 1.2)),
    ),
    Lever(
        "ads", "Visits bought with ads a year",
        ("market.sources.platform_ads.visits_per_year",),
        0, 12_000_000, 250_000,
        "More bought visits bring more orders, each dearer than the last, and lift the rank in search.",
        "Profit per order in Tmall, and where orders come from.",
        "Runs from tomorrow; double the visits cost more than double.",
        (("none", 0), ("as today", 2_500_000), ("five times", 12_000_000)),
    ),
    Lever(
        "promise", "Delivery promise, hours",
        ("fulfilment.promise_hours",),
        24, 168, 12,
        "A shorter promise is broken more often; whoever waits longer than promised asks and complains.",
        "Share in hands in time, and the cost of service.",
        "A line on the page; keeping it takes trucks and packers.",
        (("next day", 24), ("four days", 96), ("a week", 168)),
    ),
    Lever(
        "points", "Pickup points",
        (f"{_COMMUNITY}.points", "pickup.partner.points", "pickup.station.points", "pickup.locker.points",
         "pickup.leader.points"),
        10, 400, 5,
        "More points bring collection nearer, and each costs rent, hours and a part of a manager.",
        "The layer's cost per parcel against the door, along the growth path.",
        "A month for each dozen: sites, people, a first shift.",
        (("a pilot", 10), ("one in each place", 40), ("one in each block", 400)),
    ),
    Lever(
        "others", "Others' parcels per point-day",
        ("pickup.community.background_parcels_per_point_day",
         "pickup.partner.background_parcels_per_point_day",
         "pickup.locker.background_parcels_per_point_day"),
        0, 300, 10,
        "A point pays when it hands over enough parcels; others' parcels count, and fill its shelf.",
        "Cost per parcel, and parcels turned away because the shelf is full.",
        "Takes contracts with other merchants or couriers: half a year.",
        (("ours alone", 0), ("a quiet shop", 40), ("a busy station", 300)),
    ),
    Lever(
        "hours", "Attendant's hours a day",
        (f"{_COMMUNITY}.attendant_hours_per_day",),
        0.5, 8.0, 0.5,
        "Paid hours are the largest cost of a quiet point, and what a busy one runs out of.",
        "Cost per parcel of the layer.",
        "A new roster next month; fewer hours make people leave.",
        (("an hour in the evening", 1.0), ("the evening", 2.0), ("all day", 8.0)),
    ),
    Lever(
        "span", "Points per manager",
        (f"{_COMMUNITY}.supervision.span",),
        5, 60, 1,
        "A wide span saves wages until managers fall behind: vacancies last, points stay shut.",
        "Cost per parcel on the way up the ladder; vacancies.",
        "Decided in a day, felt after a quarter.",
        (("close", 5), ("usual", 20), ("thin", 60)),
    ),
    Lever(
        "team", "Tmall team, people",
        ("channels.tmall.team_size",),
        2, 20, 1,
        "A shop needs hands for pictures, prices and rules; their wages come before the first order.",
        "Profit per order in Tmall.",
        "A quarter to hire and train.",
        (("a handful", 4), ("as today", 6), ("a department", 20)),
    ),
    Lever(
        "stores", "Stores",
        ("channels.stores.count",),
        0, 40, 1,
        "A store costs rent and people whether anybody comes or not, and is where lamps are seen.",
        "Profit per order in stores.",
        "Half a year and 150,000 yuan for each.",
        (("none", 0), ("four", 4), ("one in each place", 40)),
    ),
    Lever(
        "rebate", "Visits from rebate sites a year",
        ("market.sources.rebate_alliance.visits_per_year",),
        0, 6_000_000, 100_000,
        "Rebate sites sell at once, to people who came for the rebate.",
        "Profit per order, and who comes back.",
        "Runs from next week; hard to stop once buyers expect it.",
        (("none", 0), ("as today", 1_200_000), ("five times", 6_000_000)),
    ),
)  # fmt: skip
"""In order of importance; a scenario shows the first eight that it has."""


def levers_of(scenario: Scenario) -> tuple[Lever, ...]:
    """Return the levers that a scenario has, the most important first, at most eight."""
    return tuple(lever for lever in ALL_LEVERS if lever.own_paths(scenario))[:MOST_LEVERS]


def lever_at(path: str, levers: Sequence[Lever] = ALL_LEVERS) -> Lever | None:
    """Return the lever that moves a path; None where there is none."""
    return next((lever for lever in levers if path in lever.paths), None)
