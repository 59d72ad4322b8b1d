"""What the page about growth is asked: path, metric, scope and sizes, as the view of a link holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.ui.inputs import VIEW_DEFAULTS
from sim.ui.language import say, term
from sim.ui.questions.scale import VOLUMES
from sim.ui.vocabulary import channel_name

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.ui.inputs import Inputs

BRAND = "brand"
MOST_SIZES = 7
SMALLEST, LARGEST = 0.05, 16.0
"""Sizes that the page tries, relative to today."""
METRIC_WORDS = {
    "layer_cost_per_parcel": "pickup layer's cost per parcel",
    "cost_per_order": "cost per order",
    "contribution_per_order": "profit per order before financing",
}


class SizesError(ValueError):
    """Sizes that make no ladder; the message says what is allowed."""


@dataclass(frozen=True)
class Growth:
    """What is asked about growth.

    Attributes
    ----------
    path
        Growth path.
    metric
        What has the verdict; empty: the scenario's own.
    scope
        ``brand``, a channel or a pickup layer.
    volumes
        Sizes relative to today, smallest first.
    """

    path: str
    metric: str
    scope: str
    volumes: tuple[float, ...]

    @classmethod
    def of(cls, inputs: Inputs) -> Growth:
        """Read the view; what the scenario does not have falls back to what every scenario has."""
        world = inputs.scenario()
        scope = inputs.view("scale_scope", BRAND)
        scope = scope if scope in scopes(world) else BRAND
        metric = inputs.view("scale_metric")
        try:
            volumes = read_sizes(inputs.view("scale_volumes")) or VOLUMES
        except SizesError:
            volumes = VOLUMES
        return cls(
            path_of(inputs),
            metric if metric in metrics(world, scope) else "",
            scope,
            volumes,
        )

    def applies_to(self, scenario: Scenario) -> bool:
        """Whether the same can be asked of another scenario."""
        from sim.experiment.paths import why_not

        return (
            not why_not(scenario, self.path)
            and self.scope in scopes(scenario)
            and self.metric_of(scenario) in metrics(scenario, self.scope)
        )

    def metric_of(self, scenario: Scenario) -> str:
        """Return the metric by name, also where the scenario's own is asked for."""
        from sim.experiment.metrics import default_metric

        return self.metric or default_metric(scenario, self.scope)


def path_of(inputs: Inputs) -> str:
    """Return the growth path of the view; a word in a link that is none is the path that pages begin with."""
    from sim.experiment.paths import PATHS

    path = inputs.view("path")
    return path if path in PATHS else VIEW_DEFAULTS["path"]


def scopes(scenario: Scenario) -> tuple[str, ...]:
    """Return what cost can be measured of: the brand, its open channels, its pickup layers."""
    from sim.scenario.segments import CHANNELS, open_layers

    channels = [name for name in CHANNELS if getattr(scenario.channels, name) is not None]
    return (BRAND, *channels, *open_layers(scenario))


def metrics(scenario: Scenario, scope: str) -> tuple[str, ...]:
    """Return the metrics that make sense for a scope, the scenario's own first."""
    from sim.experiment.metrics import default_metric, reported_metrics

    own = default_metric(scenario, scope)
    return (own, *(name for name in reported_metrics(scenario, scope) if name != own))


def metric_name(metric: str) -> str:
    """Name of a metric."""
    return term(METRIC_WORDS[metric])


def scope_name(scope: str) -> str:
    """Name of the brand, a channel or a pickup layer."""
    from sim.scenario.segments import LAYER_TITLES

    return term(LAYER_TITLES[scope]) if scope in LAYER_TITLES else channel_name(scope)


def read_sizes(written: str) -> tuple[float, ...]:
    """Return the sizes of a list such as ``0.5, 1, 2, 4``, smallest first; none for an empty one.

    Raises
    ------
    SizesError
        If a word is no number, or there are too few, too many, equal or extreme sizes.
    """
    words = [word for word in re.split(r"[,\s]+", written.strip()) if word]
    if not words:
        return ()
    try:
        found = sorted(float(word) for word in words)
    except ValueError:
        raise SizesError(
            say(
                "sizes are numbers with commas between them, such as 0.5, 1, 2, 4 (found '{found}')",
                found=written[:40],
            )
        ) from None
    is_ladder = 2 <= len(found) <= MOST_SIZES and len(set(found)) == len(found)
    if not is_ladder or not all(SMALLEST <= size <= LARGEST for size in found):
        raise SizesError(
            say(
                "two to {most} different sizes from {low} to {high} times today make a ladder"
                " (found '{found}')",
                most=MOST_SIZES,
                low=f"{SMALLEST:g}",
                high=f"{LARGEST:g}",
                found=written[:40],
            )
        )
    return tuple(found)


def written_sizes(volumes: tuple[float, ...]) -> str:
    """Write sizes as the view of a link holds them."""
    return ",".join(f"{volume:g}" for volume in volumes)
