"""What a study of scale was asked, checked before anything runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.causes import check_players, mechanisms_in_play
from sim.experiment.errors import ExperimentError
from sim.experiment.ladder import Plan, without_layers
from sim.experiment.metrics import (
    BRAND,
    METRICS,
    checked_choice,
    checked_scope,
    default_metric,
    reported_metrics,
)
from sim.experiment.seeds import replication_seeds
from sim.experiment.study import Recipe
from sim.experiment.verdict import Margins
from sim.scenario.segments import LAYERS, open_layers

if TYPE_CHECKING:
    from sim.scenario import Scenario

DOOR = "door"
NOTHING = "none"
ADJUST = ("policy", "none")


@dataclass(frozen=True)
class ScaleQuestion:
    """A checked request, the same for all growth paths.

    Attributes
    ----------
    against
        Scenario to compare with; None: the same without pickup layers.
    against_name
        Its name; empty where there is nothing to compare with.
    recipe
        How to ask again. The other attributes are the arguments of :func:`sim.experiment.scale`.
    """

    scenario: Scenario
    metric: str
    scope: str
    volumes: tuple[float, ...]
    seeds: tuple[int, ...]
    seed: int
    against: Scenario | None
    against_name: str
    adjust: str
    growth_months: int | None
    causes: bool
    keep: int
    shapley: tuple[str, ...]
    worlds: int
    margins: Margins
    engine: str
    visits: str
    recipe: Recipe

    def plan(self, path: str) -> Plan:
        """Return how the ladder of a path is simulated."""
        return Plan(path, self.adjust, self.growth_months, self.engine, self.visits)

    @property
    def orders_scope(self) -> str:
        """Whose orders count: a layer has parcels and no orders of its own."""
        return BRAND if self.scope in LAYERS else self.scope

    @property
    def against_own(self) -> Scenario | None:
        """What the study compares with, at volume 1; None where it compares with nothing."""
        if not self.against_name:
            return None
        return without_layers(self.scenario, self.scope) if self.against is None else self.against


def scale_question(
    scenario: Scenario, against: Scenario | str | None, arguments: dict[str, Any]
) -> ScaleQuestion:
    """Check a request.

    Parameters
    ----------
    scenario, against
        As in :func:`sim.experiment.scale`.
    arguments
        Its other arguments as plain data, defaults filled in.

    Raises
    ------
    ExperimentError
        If they make no sense.
    """
    scope = checked_scope(scenario, arguments["scope"])
    metric = arguments["metric"] or default_metric(scenario, scope)
    checked_choice("metric", metric, METRICS)
    allowed = reported_metrics(scenario, scope)
    if metric not in allowed:
        which = f"scope '{scope}' of scenario '{scenario.name}'"
        raise ExperimentError(f"metric '{metric}' does not apply to {which}: {', '.join(allowed)} do")
    _check_growth(arguments["growth_months"], arguments["path"])
    if arguments["shapley"]:
        if not arguments["causes"]:
            raise ExperimentError(
                "shapley shares out interaction among causes, which are off; ask for causes"
            )
        check_players(arguments["shapley"], mechanisms_in_play(scenario, metric))
    own, name = _against(scenario, against)
    scenarios = {"scenario": scenario} if own is None else {"scenario": scenario, "against": own}
    plain = {**arguments, "metric": metric, "against": None if own is not None else (name or NOTHING)}
    return ScaleQuestion(
        scenario=scenario,
        metric=metric,
        scope=scope,
        volumes=tuple(arguments["volumes"]),
        seeds=replication_seeds(arguments["seed"], arguments["replications"]),
        seed=arguments["seed"],
        against=own,
        against_name=name,
        adjust=arguments["adjust"],
        growth_months=arguments["growth_months"],
        causes=arguments["causes"],
        keep=arguments["keep"],
        shapley=tuple(arguments["shapley"]),
        worlds=arguments["worlds"],
        margins=Margins(**arguments["margins"]),
        engine=arguments["engine"],
        visits=arguments["visits"],
        recipe=Recipe("scale", scenarios, plain),
    )


GROWING_PATHS = ("densify", "replicate")
"""Paths along which one history can grow: demand in the same places, or new places and points."""


def _check_growth(months: int | None, path: str | None) -> None:
    if months is None:
        return
    if months < 1:
        raise ExperimentError(f"growth needs at least 1 month (found {months})")
    if path not in GROWING_PATHS:
        paths = " and ".join(GROWING_PATHS)
        raise ExperimentError(f"growth within one history is for paths {paths} (found {path or 'all paths'})")


def _against(scenario: Scenario, against: Scenario | str | None) -> tuple[Scenario | None, str]:
    """Return the scenario to compare with (None: the same without layers) and its name (empty: nothing)."""
    has_layer = bool(open_layers(scenario))
    if against is None:
        return None, DOOR if has_layer else ""
    if not isinstance(against, str):
        return against, against.name
    checked_choice("alternative", against, (DOOR, NOTHING))
    if against == DOOR and not has_layer:
        raise ExperimentError(
            f"scenario '{scenario.name}' has no pickup layer, so it is its own comparison with the door"
        )
    return None, "" if against == NOTHING else DOOR


def arguments_of(manifest_arguments: Mapping[str, Any], scenarios: Mapping[str, Scenario]) -> dict[str, Any]:
    """Return the keyword arguments of :func:`scale` that a record holds."""
    plain = dict(manifest_arguments)
    against = plain.pop("against")
    return {
        **plain,
        "shapley": plain["shapley"] if plain["causes"] else (),  # older studies took names without causes
        "margins": Margins(**plain["margins"]),
        "against": scenarios["against"] if against is None else against,
    }
