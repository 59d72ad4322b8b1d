"""``channelsim report``: the one-page decision brief of a study, and the bundle of its evidence."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.bench import bench
from sim.cli.failures import UsageError
from sim.cli.options import Changes, Excel, Fresh, Json, Quiet, Workers, read_scenario
from sim.cli.scale import alternative
from sim.cli.screen import Screen

if TYPE_CHECKING:
    from sim.experiment.runner import Runner
    from sim.scenario import Scenario

QUESTIONS = ("scale", "compare")
DEFAULT_PATH = "densify"
DEFAULT_FILE = Path("brief.html")
BUNDLE = ".zip"
_QUICK_DAYS = 91
_QUICK_REPLICATIONS = 3


def report(
    what: Annotated[
        str,
        typer.Argument(
            metavar="DIR|SCENARIO", help="A record of scale or compare (or its bundle), or a scenario."
        ),
    ],
    question: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of a scenario: scale (if not given) or compare.")
    ] = None,
    path: Annotated[
        str | None, typer.Option(metavar="NAME", help="Growth path; densify for a scenario if not given.")
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Of a scenario: what it is compared with; compare needs it."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The HTML file; brief.html if not given.")
    ] = None,
    png: Annotated[
        bool, typer.Option("--png", help="Also a picture beside it; needs Chromium or Chrome.")
    ] = False,
    bundle: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also a zip of the record and the brief, for channelsim verify."),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer other worlds; of a scenario a quarter of a year.")
    ] = False,
    language: Annotated[str, typer.Option(metavar="NAME", help="en or zh.")] = "en",
    replications: Annotated[
        int | None, typer.Option(metavar="N", min=2, help="Of a scenario: histories of each size or side.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", min=0, help="Of a scenario: seed of the study; 1 if not given.")
    ] = None,
    changes: Changes = None,
    excel: Excel = None,
    workers: Workers = None,
    fresh: Fresh = False,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Write the decision brief of a study, on one page or two.

    Verdict, effect, what would turn it, its weakest assumption, what to measure next, what is not modelled.
    A recorded study is not simulated again, only other worlds are held against it.
    """
    screen = Screen(json=json, quiet=quiet, excel=excel)
    target = out if out is not None else None if json else DEFAULT_FILE
    _check_files(language, target, bundle, png=png)
    recorded = (Path(what) / "manifest.json").exists() or Path(what).suffix == BUNDLE
    own = {"--question": question, "--against": against, "--set": changes, "--replications": replications,
           "--seed": seed}  # fmt: skip
    if recorded and (given := [name for name, value in own.items() if value is not None]):
        raise UsageError(
            f"{given[0]} goes with a scenario; {what} is a record, whose study was asked already"
        )
    asked = None if recorded else _ask(what, question, path, against, changes, quick=quick)
    from sim.experiment.brief import FULL, QUICK, gather

    with (
        bench(screen, f"Brief of {what}", workers=workers, fresh=fresh) as runner,
        _record(what, asked, runner, replications, seed, quick=quick) as folder,
    ):
        chosen = path if recorded else None
        found = gather(folder, runner=runner, path=chosen, effort=QUICK if quick else FULL)
        result = found.as_dict()
        written = _write(result, folder, target, bundle, language, png=png)
    screen.data(result)
    _show(screen, result, written)


def _check_files(language: str, out: Path | None, bundle: Path | None, *, png: bool) -> None:
    """Refuse what could not be written in the end, before minutes are spent on it."""
    from sim.experiment.files import check_place
    from sim.experiment.metrics import checked_choice
    from sim.report.brief_words import LANGUAGES
    from sim.report.photograph import find_browser, no_browser

    checked_choice("language", language, LANGUAGES)
    if png and out is None:
        raise UsageError("--png stands beside the HTML file; name that with --out")
    for path, ending in ((out, ".html"), (bundle, BUNDLE)):
        if path is None:
            continue
        if path.suffix != ending:
            raise UsageError(f"{path} should end in {ending}")
        check_place(path)
    if png and find_browser() is None:
        raise no_browser()


def _ask(
    what: str,
    question: str | None,
    path: str | None,
    against: str | None,
    changes: list[str] | None,
    *,
    quick: bool,
) -> dict[str, Any]:
    """Return the study of a scenario that a brief is wanted of: its kind and scenarios."""
    from sim.experiment.metrics import checked_choice

    kind = checked_choice("question", question or "scale", QUESTIONS)
    scenario = read_scenario(what, changes)
    if kind == "scale":
        from sim.experiment.paths import PATHS

        chosen = checked_choice("growth path", path or DEFAULT_PATH, PATHS)
        other = alternative(against, changes)
        return {"kind": kind, "scenario": _short(scenario, quick), "path": chosen, "against": other}
    if path is not None:
        raise UsageError("--path goes with --question scale")
    if against is None:
        raise UsageError("--question compare needs --against, a scenario to compare with")
    first = read_scenario(against, changes)
    return {"kind": kind, "scenario": _short(scenario, quick), "against": _short(first, quick)}


def _short(scenario: Scenario, quick: bool) -> Scenario:
    if not quick or scenario.horizon.days <= _QUICK_DAYS:
        return scenario
    return scenario.with_values({"horizon.days": _QUICK_DAYS})


@contextmanager
def _record(
    what: str,
    asked: dict[str, Any] | None,
    runner: Runner,
    replications: int | None,
    seed: int | None,
    *,
    quick: bool,
) -> Iterator[Path]:
    """Give the folder of the study's record: the one named, or one that lives while the brief is made."""
    from sim.experiment.bundle import is_bundle, unpacked

    if asked is None:
        with unpacked(what) if is_bundle(what) else nullcontext(Path(what)) as own:
            yield own
        return
    with tempfile.TemporaryDirectory(prefix="channelsim-") as folder:
        usual = _QUICK_REPLICATIONS if quick else None
        _study(asked, runner, replications or usual, 1 if seed is None else seed, Path(folder), quick=quick)
        yield Path(folder)


def _study(
    asked: dict[str, Any], runner: Runner, replications: int | None, seed: int, folder: Path, *, quick: bool
) -> None:
    from sim.experiment import compare, scale
    from sim.experiment.brief import QUICK
    from sim.experiment.replication import DEFAULT_REPLICATIONS

    if asked["kind"] == "compare":
        count = replications or DEFAULT_REPLICATIONS
        compare(asked["against"], asked["scenario"], replications=count, seed=seed, runner=runner, out=folder)
        return
    against = asked["against"]
    days = {"horizon.days": asked["scenario"].horizon.days}
    scale(
        asked["scenario"],
        path=asked["path"],
        against=against if against is None or isinstance(against, str) else against.with_values(days),
        replications=replications,
        seed=seed,
        causes=not quick,
        worlds=QUICK.worlds if quick else None,
        runner=runner,
        out=folder,
    )


def _write(
    result: dict[str, Any], folder: Path, out: Path | None, bundle: Path | None, language: str, *, png: bool
) -> list[Path]:
    """Write what was asked for, each file whole or not at all; return the files."""
    from sim.experiment.brief import write_bundle
    from sim.experiment.files import as_json, write_whole
    from sim.report.brief import brief_html
    from sim.report.photograph import photograph

    page = brief_html(result, language=language)
    written = []
    if out is not None:
        write_whole(out, page.encode())
        written.append(out)
    if out is not None and png:
        photograph(page, out.with_suffix(".png"))
        written.append(out.with_suffix(".png"))
    if bundle is not None:
        extra = {"brief.html": page.encode(), "brief.json": as_json(result).encode()}
        write_bundle(bundle, folder, extra)
        written.append(bundle)
    return written


def _show(screen: Screen, result: dict[str, Any], written: list[Path]) -> None:
    from sim.report.brief import brief_page
    from sim.report.page import Page, Text

    files = f"Written: {', '.join(str(path) for path in written)}." if written else ""
    screen.page(brief_page(result) + Page((Text(files, "faint"),) if files else ()))
