"""The levers of the first screen: which values they move, how far, and what is said about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario import Scenario

Number = float | int


@dataclass(frozen=True)
class Lever:
    """One value that the first screen moves.

    Attributes
    ----------
    name
        Short name, also in the address of the page.
    path
        Path in the scenario.
    label
        What it is called.
    low, high, step
        Where the slider ends, and how fine it is; in the unit of the field.
    """

    name: str
    path: str
    label: str
    low: Number
    high: Number
    step: Number

    @property
    def format(self) -> str:
        """How the slider writes a number."""
        return "%d" if self.step >= 1 else "%.1f"

    def own(self, scenario: Scenario) -> Number:
        """Return the scenario's own value."""
        value: Number = scenario.value(self.path)
        return value

    def unit(self, scenario: Scenario) -> str:
        """Return the unit of the field."""
        return scenario.entry(self.path).unit

    def story(self, scenario: Scenario) -> str:
        """Return what the field means, its plausible range, and what that rests on."""
        entry = scenario.entry(self.path)
        text = f"{entry.description} ({entry.unit})"
        if entry.range is not None:
            text += f" Plausible: {entry.range[0]:g} to {entry.range[1]:g}."
        if entry.source:
            text += f" {entry.grade[:1].upper()}{entry.grade[1:]}: {entry.source}."
        return text


LEVERS = (
    Lever("points", "pickup.community.points", "Pickup points", 10, 200, 5),
    Lever(
        "others",
        "pickup.community.background_parcels_per_point_day",
        "Other merchants' parcels at a point",
        0,
        300,
        10,
    ),
    Lever("hours", "pickup.community.attendant_hours_per_day", "Attendant's paid hours", 0.5, 8.0, 0.5),
    Lever("span", "pickup.community.supervision.span", "Points one manager supervises", 5, 60, 1),
)


@dataclass(frozen=True)
class Change:
    """One lever that was moved."""

    lever: Lever
    old: Number
    new: Number
    unit: str

    def __str__(self) -> str:
        share = f", {100 * (self.new / self.old - 1):+.0f}%" if self.old else ""
        return f"{self.lever.label}: {self.old:g} → {self.new:g} {self.unit}{share}"


def changes(scenario: Scenario, positions: Mapping[str, Number]) -> list[Change]:
    """Return the levers that stand elsewhere than in the scenario, given all positions by name."""
    moved = []
    for lever in LEVERS:
        old, new = lever.own(scenario), positions[lever.name]
        if new != old:
            moved.append(Change(lever, old, type(old)(new), lever.unit(scenario)))
    return moved
