"""The question of a record, asked again: its study as a function, and whether its arguments fit that."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sim.experiment.comparison import compare
from sim.experiment.errors import ExperimentError, RecordError
from sim.experiment.facts import check_facts, scenarios_of
from sim.experiment.incrementality import incrementality
from sim.experiment.manifests import check_keys
from sim.experiment.panel import panel
from sim.experiment.replication import replicate
from sim.experiment.runner import Runner
from sim.experiment.scale_question import arguments_of
from sim.experiment.scaling import scale
from sim.experiment.verdict import Margins

if TYPE_CHECKING:
    from sim.scenario import Scenario

T = TypeVar("T")

_OURS = ("scenario", "scenarios", "a", "b", "runner", "workers", "progress", "out")
"""Arguments that no record has: who verifies gives them."""
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "scale": ("against", "margins", "causes", "shapley"),
    "sensitivity": ("method",),
    "optimise": ("problem",),
}
_KINDS: Mapping[str, tuple[type, ...]] = {
    "int": (int,),
    "float": (float, int),
    "str": (str,),
    "bool": (bool,),
    "None": (type(None),),
}


def check_question(path: Path, manifest: Mapping[str, Any]) -> None:
    """Refuse a manifest whose scenarios and arguments are not those of its study.

    Parameters
    ----------
    path
        The manifest, for messages.
    manifest
        What it holds.

    Raises
    ------
    RecordError
        Naming the study that nobody knows, or the scenario or argument that is missing or makes no sense.
    """
    study, arguments = manifest["study"], manifest["arguments"]
    known = inspect.signature(_function(study)).parameters
    check_keys(path, arguments, dict.fromkeys(_NEEDED.get(study, ()), object), "arguments")
    for name, value in arguments.items():
        if name in _OURS or name not in known:
            raise RecordError(f"{path} is damaged: a study of '{study}' has no argument '{name}'")
        kinds = str(known[name].annotation).split(" | ")
        if all(kind in _KINDS for kind in kinds) and not any(_is(value, kind) for kind in kinds):
            raise RecordError(f"{path} is damaged: 'arguments.{name}' makes no sense (found {value!r})")
    if study == "scale" and (
        not isinstance(arguments["margins"], dict) or set(arguments["margins"]) != set(asdict(Margins()))
    ):
        raise RecordError(f"{path} is damaged: 'arguments.margins' makes no sense")
    check_keys(path, manifest["scenarios"], dict.fromkeys(_roles(study, arguments), dict), "scenarios")


def ask_again(manifest: Mapping[str, Any], scenarios: Mapping[str, Scenario], crew: Runner) -> Any:
    """Do the study of a checked manifest again and return its result.

    Raises
    ------
    RecordError
        If its question cannot be put together.
    """
    study, arguments = manifest["study"], manifest["arguments"]
    if study == "compare":
        return compare(scenarios["a"], scenarios["b"], runner=crew, **arguments)
    if study == "scale":
        return scale(scenarios["scenario"], runner=crew, **arguments_of(arguments, scenarios))
    if study == "facts":
        return check_facts(scenarios=scenarios, runner=crew, **arguments)
    if study == "panel":  # its histories have budgets by week, so they are simulated by workers of its own
        return panel(scenarios["scenario"], workers=crew.pool.workers, progress=crew.progress, **arguments)
    if study == "sensitivity":
        from sim.experiment.sensitivity import answer, asked_again

        question = _made(lambda: asked_again(manifest, scenarios), "arguments")
        return answer(question, runner=crew)
    if study == "optimise":
        from sim.experiment.optimise import optimise, problem_of

        problem = _made(lambda: problem_of(arguments["problem"], scenarios["scenario"]), "arguments.problem")
        return optimise(problem, runner=crew, **{k: v for k, v in arguments.items() if k != "problem"})
    return _function(study)(scenarios["scenario"], runner=crew, **arguments)


def _function(study: str) -> Callable[..., Any]:
    if study == "sensitivity":
        from sim.experiment.sensitivity import question_of

        return question_of
    if study == "optimise":
        from sim.experiment.optimise import optimise

        return optimise
    known: Mapping[str, Callable[..., Any]] = {
        "replicate": replicate,
        "compare": compare,
        "scale": scale,
        "facts": check_facts,
        "incrementality": incrementality,
        "panel": panel,
    }
    if study not in known:
        raise RecordError(f"the record is of an unknown study '{study}'")
    return known[study]


def _roles(study: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names under which a study has its scenarios."""
    if study == "compare":
        return ("a", "b")
    if study == "facts":
        return _made(lambda: scenarios_of(arguments.get("names", ())), "arguments.names")
    compared = study == "scale" and arguments["against"] is None
    return ("scenario", "against") if compared else ("scenario",)


def _is(value: Any, kind: str) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "bool" or not isinstance(value, bool))


def _made(make: Callable[[], T], what: str) -> T:
    """Return what ``make`` puts together from plain data; nothing is simulated in it."""
    try:
        return make()
    except (AttributeError, ExperimentError, KeyError, TypeError, ValueError) as error:
        raise RecordError(f"manifest.json is damaged: '{what}' makes no sense ({error})") from error
