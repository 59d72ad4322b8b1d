"""The claims that come with the program, and the articles' claims that they answer."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.experiment.claims.claim import Claim, read_claim
from sim.experiment.errors import ExperimentError

ARTICLES = "articles.yaml"


@dataclass(frozen=True)
class Article:
    """One claim of the articles.

    Attributes
    ----------
    id
        Number of the article and of the claim in it, such as ``000-14``.
    says
        What it says, in our words.
    out_of_reach
        Why no run can answer it; empty for those that claims answer.
    """

    id: str
    says: str
    out_of_reach: str = ""


def claims_folder() -> Path:
    """Folder of the shipped claims."""
    from sim.scenario.shipped import scenarios_folder

    return scenarios_folder() / "claims"


@lru_cache(maxsize=1)
def shipped_claims() -> Mapping[str, Claim]:
    """Return the shipped claims by id, in the order of their names.

    Raises
    ------
    ExperimentError
        If a file is no claim or two share an id.
    """
    found: dict[str, Claim] = {}
    for path in sorted(claims_folder().glob("*.yaml")):
        if path.name == ARTICLES:
            continue
        claim = read_claim(path)
        if claim.id != path.stem:
            raise ExperimentError(f"{path}: the id '{claim.id}' has to be the name of the file")
        found[claim.id] = claim
    return found


@lru_cache(maxsize=1)
def articles() -> Mapping[str, Article]:
    """Return the articles' claims by id."""
    from ruamel.yaml import YAML

    rows = YAML(typ="safe", pure=True).load((claims_folder() / ARTICLES).read_text(encoding="utf-8"))
    return {
        str(name): Article(str(name), row)
        if isinstance(row, str)
        else Article(str(name), row["says"], row["out_of_reach"])
        for name, row in rows.items()
    }


def chosen(names: Sequence[str]) -> list[Claim]:
    """Return claims by id, by an article's id (all that answer it), or from a file; if empty, all shipped.

    Raises
    ------
    ExperimentError
        If a name is none of these (the message names the nearest), or two different claims have one id.
    """
    claims = shipped_claims()
    if not names:
        return list(claims.values())
    found: dict[str, tuple[Claim, str]] = {}
    for name in names:
        for claim, place in _named(name, claims):
            before, where = found.setdefault(claim.id, (claim, place))
            if before.model_dump() != claim.model_dump():
                raise ExperimentError(f"two claims have the id '{claim.id}': {where}, {place}")
    return [claim for claim, _ in found.values()]


def _named(name: str, claims: Mapping[str, Claim]) -> list[tuple[Claim, str]]:
    """Return the claims that one word asks for, each with where it comes from."""
    if name.endswith((".yaml", ".yml")):
        return [(read_claim(Path(name)), name)]
    if name in claims:
        return [(claims[name], "the shipped one")]
    answering = [(one, "the shipped one") for one in claims.values() if name in one.articles]
    if not answering:
        raise ExperimentError(_unknown(name, claims))
    return answering


def listing() -> dict[str, list[dict[str, Any]]]:
    """Return all claims, and all lines of the articles with the claims that answer each."""
    claims = shipped_claims()
    return {
        "claims": [
            {"id": one.id, "sentence": one.sentence, "articles": list(one.articles)}
            for one in claims.values()
        ],
        "articles": [
            {
                "id": line.id,
                "says": line.says,
                "claims": [one.id for one in claims.values() if line.id in one.articles],
                "out_of_reach": line.out_of_reach,
            }
            for line in articles().values()
        ],
    }


def _unknown(name: str, claims: Mapping[str, Claim]) -> str:
    known = articles()
    if name in known:
        reason = known[name].out_of_reach
        return f"no run can answer {name}: {reason}" if reason else f"no claim answers {name} yet"
    near = difflib.get_close_matches(name, [*claims, *known], n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"unknown claim '{name}'{hint} (channelsim claims --list shows all)"
