"""``channelsim demo``: a finished answer to look at, and where to read on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.cli.bench import bench, kept_by
from sim.cli.chart import cost_bars
from sim.cli.options import (
    Changes,
    Engine,
    Excel,
    Fresh,
    Json,
    Out,
    Quiet,
    Replications,
    Seed,
    Workers,
    checked_engine,
    read_scenario,
)
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.experiment import Runner
    from sim.report.page import Page
    from sim.scenario import Scenario

SCENARIOS = ("community_pickup", "partner_pickup")
PATHS = ("densify", "replicate")
VOLUMES = (0.5, 1.0, 2.0)
REPLICATIONS = 3
QUARTER = "horizon.days=91"

_QUESTION = (
    "A lamp brand delivers to the door and thinks of pickup points: own staffed ones in housing compounds"
    " (community_pickup) or partner shops paid by the parcel (partner_pickup). Does the cost of a parcel fall"
    " as it grows? That depends on how it grows: more orders in the same places (densify) or more places and"
    " points of the same kind (replicate)."
)
_READ_ON = (
    "Read on: channelsim scale community_pickup --path densify (whole years, five replications, up to four"
    " times the volume, plausible worlds); channelsim scale community_pickup (all seven growth paths);"
    " channelsim explain community_pickup pickup (every assumption with its source); channelsim ui (levers)."
)


@dataclass(frozen=True)
class Study:
    """One scenario along one path."""

    scenario: Scenario
    path: str
    result: dict[str, Any]


def demo(
    seed: Seed = 1,
    replications: Replications = REPLICATIONS,
    changes: Changes = None,
    out: Out = None,
    excel: Excel = None,
    workers: Workers = None,
    engine: Engine = "compiled",
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Do pickup points scale? A finished answer.

    Community points and partner shops against the door, on two growth paths, with causes.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    engine = checked_engine(engine)
    worlds = [read_scenario(name, _with_quarter(changes)) for name in SCENARIOS]
    from sim.experiment import scale

    studies = []
    with bench(screen, "Simulating", workers=workers, fresh=fresh) as runner:
        for world in worlds:
            for path in PATHS:
                found = scale(
                    world,
                    path=path,
                    volumes=VOLUMES,
                    replications=replications,
                    seed=seed,
                    worlds=0,
                    engine=engine,
                    runner=runner,
                    out=None if out is None else out / f"{world.name}-{path}",
                )
                studies.append(Study(world, path, found.as_dict()))
    screen.data({"paths": [study.result for study in studies]})
    if not json and not quiet:
        screen.page(_page(studies, _what_ran(runner, worlds[0], replications)))


def _with_quarter(changes: list[str] | None) -> list[str]:
    """Shorten the histories, unless the user says how long they are."""
    given = changes or []
    return given if any(change.startswith("horizon.days=") for change in given) else [QUARTER, *given]


def _what_ran(runner: Runner, world: Scenario, replications: int) -> str:
    kept = kept_by(runner)
    earlier = f"; {kept:,} of them kept from an earlier study (--fresh simulates them anew)" if kept else ""
    sizes = ", ".join(f"{volume:g}" for volume in VOLUMES)
    return (
        f"What was run: {runner.simulated + kept:,} histories of {world.horizon.days} days{earlier}. Volumes"
        f" {sizes}, {replications} replications on the same luck, causes between the smallest and the largest"
        " volume. Whole years, with the peak in November, are what channelsim scale simulates."
    )


def _page(studies: list[Study], what_ran: str) -> Page:
    from sim.report.page import Page, Text
    from sim.report.scale import causes_table, ladder_table
    from sim.report.words import ILLUSTRATIVE
    from sim.report.words import PATHS as PATH_WORDS

    page = Page((Text(_QUESTION),))
    for study in studies:
        result = study.result
        words = f"{study.scenario.title}, {study.path}: {PATH_WORDS[study.path]}"
        page += Page(
            (
                Text(words, "headline"),
                Text(result["headline"], _tone(result["verdict"])),
                ladder_table(result),
            )
        )
        if result["causes"]:
            page += Page((causes_table(result),))
    bars = cost_bars([study.result for study in studies])
    return page + Page((bars, Text(what_ran), Text(_READ_ON), Text(ILLUSTRATIVE, "faint")))


def _tone(verdict: str) -> Any:
    return {"scalable": "good", "non_scalable": "bad", "stops_scaling": "warning"}.get(verdict, "plain")
