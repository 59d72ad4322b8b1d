"""The commands put together, and the way in and out of the program."""

from __future__ import annotations

import contextlib
import shlex
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from sim import __version__
from sim.cli import (
    claims,
    compare,
    demo,
    explain,
    optimise,
    report,
    run,
    scale,
    sensitivity,
    sweep,
    ui,
    validate,
    verify,
)
from sim.cli.failures import INTERRUPTED, failed, leave_quietly
from sim.cli.screen import asked, flush_output, say

SHORT_HELP = """\
Does profit per order rise or fall as this way of doing business grows, why, and on which growth path?

  channelsim demo                                   a finished answer, in about a minute
  channelsim scale community_pickup --path densify  the same for a scenario of your choice

channelsim --help lists everything. Prices are those of China about 2014, illustrative unless calibrated.
"""

app = typer.Typer(
    name="channelsim",
    help="Simulate a brand order by order: does profit per order rise or fall as it grows, and why?",
    epilog="Scenarios are files or shipped names; channelsim validate lists them. Results are simulated;"
    " prices are those of China about 2014 and illustrative unless calibrated.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        say(f"channelsim {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool,
        typer.Option("--version", help="Show the version and stop.", callback=_show_version, is_eager=True),
    ] = False,
) -> None:
    """Show the short help where no command is given."""
    if context.invoked_subcommand is None:
        say(SHORT_HELP, end="")


for name, command in (
    ("demo", demo.demo),
    ("run", run.run),
    ("compare", compare.compare),
    ("scale", scale.scale),
    ("claims", claims.claims),
    ("sweep", sweep.sweep),
    ("sensitivity", sensitivity.sensitivity),
    ("optimise", optimise.optimise),
    ("report", report.report),
    ("validate", validate.validate),
    ("explain", explain.explain),
    ("verify", verify.verify),
    ("ui", ui.ui),
):
    app.command(name)(command)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments
        Words after ``channelsim``; those of this process if None.

    Returns
    -------
    int
        0 fine, 1 internal error, 2 usage, 3 invalid or missing scenario, 4 failed runs, 5 verification
        mismatch, 6 input or output failed, 130 interrupted.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(joined_volumes(words))
        flush_output()
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last place where an error can be put into words
        code = failed(error)
    if code == INTERRUPTED:
        again = shlex.join(resuming(words))
        with contextlib.suppress(OSError):
            say(f"Interrupted; nothing is half-written. Run again with: channelsim {again}", error=True)
    leave_quietly()
    return code


def resuming(words: Sequence[str]) -> list[str]:
    """Return the words that go on with what was interrupted; a sweep keeps the runs it has.

    >>> resuming(["sweep", "plan.yaml"])
    ['sweep', 'plan.yaml', '--resume']
    """
    goes_on = words[:1] == ["sweep"] and not {"--resume", "--rerun-failed", "--merge"} & set(words)
    return [*words, "--resume"] if goes_on else list(words)


def joined_volumes(words: Sequence[str]) -> list[str]:
    """Take numbers that follow ``--volumes`` with blanks between them as one list.

    >>> joined_volumes(["scale", "base", "--volumes", "0.5", "1", "2", "--quiet"])
    ['scale', 'base', '--volumes', '0.5,1,2', '--quiet']
    """
    found: list[str] = []
    for word in words:
        if (
            len(found) > 1
            and found[-2] == "--volumes"
            and _is_number(word)
            and _is_number(found[-1].split(",")[-1])
        ):
            found[-1] += f",{word}"
        else:
            found.append(word)
    return found


def _is_number(word: str) -> bool:
    try:
        return float(word) > 0
    except ValueError:
        return False


def _run(words: Sequence[str]) -> int:
    asked.set(tuple(words))
    try:
        app(args=list(words), prog_name="channelsim")
    except SystemExit as end:
        if end.code == 1:  # what typer makes of a reader that went away in the middle of a help text
            raise BrokenPipeError from end
        return end.code if isinstance(end.code, int) else 0
    return 0
