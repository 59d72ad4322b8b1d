"""Where a brief comes from: versions, scenarios, seeds, and the commands that make it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

from sim.scenario import load
from sim.scenario.shipped import names

_SCALE_DEFAULTS: Mapping[str, Any] = {
    "scope": "brand",
    "adjust": "policy",
    "engine": "compiled",
    "growth_months": None,
}


def origin_of(manifest: Mapping[str, Any], path: str | None) -> dict[str, Any]:
    """Return the provenance of a recorded study.

    Parameters
    ----------
    manifest
        Manifest of its record.
    path
        Growth path the brief is about; None for a comparison.

    Returns
    -------
    dict
        Version, commit, state of the model's sources, Python, platform, packages, scenarios with hash and
        file, seed, replications, and the command that does the study again.
    """
    arguments = manifest["arguments"]
    return {
        "version": manifest["version"],
        "sources": manifest["sources"],
        "commit": manifest["commit"],
        "python": manifest["python"],
        "platform": manifest["platform"],
        "packages": dict(manifest["packages"]),
        "scenarios": {role: dict(birth) for role, birth in manifest["scenarios"].items()},
        "seed": arguments["seed"],
        "replications": arguments["replications"],
        "command": command_of(manifest, path),
    }


def command_of(manifest: Mapping[str, Any], path: str | None) -> str:
    """Return the command that does a recorded study again, from the folder of its record."""
    arguments = manifest["arguments"]
    given = {role: _given(birth) for role, birth in manifest["scenarios"].items()}
    if manifest["study"] == "compare":
        words = ["channelsim", "compare", given["a"], given["b"]]
        words += _options(arguments, {"scope": "brand", "engine": "compiled"})
    else:
        words = ["channelsim", "scale", given["scenario"]]
        words += ["--path", path] if path else []
        words += ["--volumes", ",".join(f"{volume:g}" for volume in arguments["volumes"])]
        words += ["--metric", arguments["metric"]] if arguments["metric"] else []
        words += _options(arguments, _SCALE_DEFAULTS)
        words += _study_of_scale(arguments, given.get("against"))
    words += ["--replications", str(arguments["replications"]), "--seed", str(arguments["seed"])]
    return shlex.join(words)


def _given(birth: Mapping[str, Any]) -> str:
    """Return how a scenario is named on the command line: a shipped name, or the file in the record."""
    name = str(birth["name"])
    if name in names() and load(name).hash == birth["hash"]:
        return name
    return str(birth["file"])


def _options(arguments: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    words: list[str] = []
    for name, default in defaults.items():
        value = arguments.get(name, default)
        if value != default:
            option = "growth" if name == "growth_months" else name
            words += [f"--{option}", str(value)]
    return words


def _study_of_scale(arguments: Mapping[str, Any], against: str | None) -> list[str]:
    other = against if against is not None else arguments["against"]
    words = ["--against", str(other)] if other is not None else []
    words += ["--causes" if arguments["causes"] else "--no-causes", "--worlds", str(arguments["worlds"])]
    words += ["--shapley", ",".join(arguments["shapley"])] if arguments["shapley"] else []
    margin = arguments["margins"]["elasticity"]
    return [*words, "--margin", f"{margin:g}"] if margin != 0.02 else words
