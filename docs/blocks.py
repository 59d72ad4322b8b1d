"""Parts of the documents that are made from results: tables and the runs below them.

A part stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; what is between them is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from docs import answer_key, claim_table, fact_table
from docs.drawings import result_of

PICKUP = ("community_pickup", "partner_pickup")
SLOPES = ("densify", "replicate")
CALM = "--no-causes --worlds 0 --replications 5"
HEAD = 15


@dataclass(frozen=True)
class Flip:
    """Changes of a scenario that give a growth path another verdict.

    Attributes
    ----------
    scenario, path
        Whose verdict.
    changes
        At most three, path to value, within the stated ranges.
    why
        What happens, in one sentence.
    """

    scenario: str
    path: str
    changes: Mapping[str, str]
    why: str

    @property
    def command(self) -> str:
        """What follows ``channelsim``."""
        sets = " ".join(f"--set {path}={value}" for path, value in self.changes.items())
        return f"scale {self.scenario} --path {self.path} {CALM} {sets}"


def _community(**changes: str) -> dict[str, str]:
    return {f"pickup.community.{path.replace('__', '.')}": value for path, value in changes.items()}


def _partner(**changes: str) -> dict[str, str]:
    return {f"pickup.partner.{path.replace('__', '.')}": value for path, value in changes.items()}


FLIPS = (
    Flip(
        "community_pickup",
        "densify",
        _community(background_parcels_per_point_day="300", shelf_places="200"),
        "Other merchants have filled the point already, so our growth has nothing left to spread.",
    ),
    Flip(
        "community_pickup",
        "densify",
        _community(background_recharge="1.3"),
        "The point earns on other merchants' parcels; our own dilute that income as they grow.",
    ),
    Flip(
        "community_pickup",
        "replicate",
        _community(
            supervision__survival_per_level="0.85",
            supervision__uncontrolled_exception_rate="0.3",
            exception_cost="10",
        ),
        "A second level of managers loses control, and what goes wrong is dear.",
    ),
    Flip(
        "community_pickup",
        "replicate",
        _community(supervision__span="60", supervision__wage_per_month="9000"),
        "One well-paid manager serves sixty points, so the first ones are idle and growth fills them.",
    ),
    Flip(
        "partner_pickup",
        "densify",
        {
            **_partner(choice_share="0.6", shelf_places="10"),
            "market.sources.platform_search.visits_per_year": "60000000",
        },
        "Ten places in the shop's corner fill up, and the overflow goes to the door after all.",
    ),
    Flip(
        "partner_pickup",
        "replicate",
        _partner(supervision__span="60"),
        "The first manager is full from the start, so growth adds managers above managers.",
    ),
    Flip(
        "partner_pickup",
        "replicate",
        _partner(supervision__span="400", points="40"),
        "One manager is enough at every size tried, and is spread over more and more shops.",
    ),
)
"""Changes that turn a verdict round, found by trying."""


def headlines() -> str:
    """Return what the demo says, as a list."""
    found = result_of("demo")["paths"]
    return "\n".join(f"- **{one['scenario']}, {one['path']}.** {one['headline']}" for one in found)


def verdicts() -> str:
    """Return the verdicts of both layers on both slopes, as a table."""
    rows = [
        "| layer, path | verdict | per doubling | cost per parcel | against the door | same verdict in |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name in PICKUP:
        for path in SLOPES:
            found = result_of(f"scale {name} --path {path} --no-causes")
            level = _ends(found, "average_cost"), _ends(found, "incremental_cost", sign="+")
            cells = (f"**{_words(found['verdict'])}**", _doubling(found), *level, _worlds(found))
            rows.append(f"| {name}, {path} | {' | '.join(cells)} |")
    return "\n".join(rows)


def flips() -> str:
    """Return what each set of changes does to the verdict, as a table."""
    rows = ["| layer, path | changes | verdict | becomes | because |", "| --- | --- | --- | --- | --- |"]
    for flip in FLIPS:
        before = result_of(f"scale {flip.scenario} --path {flip.path} --no-causes")["verdict"]
        after = result_of(flip.command)["verdict"]
        changes = "<br>".join(f"`{path}={value}`" for path, value in flip.changes.items())
        cells = (f"{flip.scenario}, {flip.path}", changes, _words(before), f"**{_words(after)}**", flip.why)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def flip_runs() -> str:
    """Return a console block for each set of changes; its output is captured afterwards."""
    blocks = []
    for flip in FLIPS:
        first, *sets = re.split(r" (?=--set )", flip.command)
        written = " \\\n    ".join([f"$ channelsim {first}", *sets])
        blocks.append(f"```console\n{written} | head -{HEAD}\n```")
    return "\n\n".join(blocks)


BLOCKS: Mapping[str, Callable[[], str]] = {
    "headlines": headlines,
    "verdicts": verdicts,
    "flips": flips,
    "flip runs": flip_runs,
    "facts": fact_table.summary,
    "fact details": fact_table.details,
    "claims": claim_table.summary,
    "claim lines": claim_table.lines,
    "claim details": claim_table.details,
    "lesson answers": answer_key.english,
    "lesson answers in chinese": answer_key.chinese,
}
"""Parts by name."""


def parts_in(text: str) -> list[str]:
    """Return the names of the parts that a document holds."""
    return re.findall(r"^<!-- begin ([a-z ]+) -->$", text, re.MULTILINE)


def filled(text: str) -> str:
    """Return a document with its parts made anew."""
    for name in parts_in(text):
        pattern = rf"(<!-- begin {name} -->\n).*?(<!-- end {name} -->)"
        made = f"\n{BLOCKS[name]()}\n\n"
        text = re.sub(pattern, lambda found, made=made: found[1] + made + found[2], text, flags=re.DOTALL)
    return text


def _words(verdict: str) -> str:
    from sim.report.words import VERDICTS

    return VERDICTS[verdict]


def _doubling(found: Mapping[str, Any]) -> str:
    from sim.experiment.headline import per_doubling

    slope = found["elasticity"]
    if slope is None:
        return ""
    mean, low, high = (100 * per_doubling(slope[end]) for end in ("mean", "low", "high"))
    return f"{mean:+.1f}% ({low:+.1f} to {high:+.1f})"


def _ends(found: Mapping[str, Any], name: str, sign: str = "") -> str:
    values = [step[name] for step in found["steps"] if step[name] is not None]
    return " → ".join(
        f"{one['mean']:{sign}.2f} ± {(one['high'] - one['low']) / 2:.2f}" for one in (values[0], values[-1])
    )


def _worlds(found: Mapping[str, Any]) -> str:
    worlds = found["plausible_worlds"]
    if worlds is None or worlds["mean"] is None:
        return ""
    return f"{round(worlds['mean'] * worlds['n'])} of {worlds['n']} plausible worlds"
