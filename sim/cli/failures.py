"""What the program says when something went wrong: one line and an exit code, never a raw traceback."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
import traceback

from sim.cli.screen import say

INTERNAL = 1
USAGE = 2
SCENARIO = 3
FAILED_RUNS = 4
MISMATCH = 5
INPUT_OUTPUT = 6
INTERRUPTED = 130


class UsageError(Exception):
    """Options that make no sense together."""


class MismatchError(Exception):
    """A record that cannot be reproduced; it has been said on the screen."""


def failed(error: BaseException) -> int:
    """Say what went wrong on standard error and return the exit code."""
    from sim.experiment.errors import ExperimentError, RecordError, RunFailedError
    from sim.scenario.problems import ScenarioError

    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):  # whoever read our output has seen enough
        return INPUT_OUTPUT
    if isinstance(error, MismatchError):
        return MISMATCH
    if isinstance(error, ScenarioError):
        count = len(error.problems)
        _line(f"{error}\n{count} problem{'s' if count > 1 else ''} found.")
        return SCENARIO
    for kind, code in (
        (RecordError, INPUT_OUTPUT),
        (RunFailedError, FAILED_RUNS),
        (ExperimentError, USAGE),
        (UsageError, USAGE),
    ):
        if isinstance(error, kind):
            _line(f"Error: {error}")
            return code
    if isinstance(error, OSError):
        _line(f"Error: {in_words(error)}")
        return INPUT_OUTPUT
    where = _keep(error)
    _line(
        f"Sorry, that is a fault of channelsim and not yours ({type(error).__name__}). "
        f"{'The traceback is in ' + where if where else 'The traceback could not be written'}."
    )
    return INTERNAL


def in_words(error: OSError) -> str:
    """Return an error of the operating system as a sentence with the file it is about."""
    if error.errno == errno.ENOSPC:
        reason = "there is no space left on the disk"
    else:
        reason = (error.strerror or str(error) or type(error).__name__).lower()
    return f"{error.filename}: {reason}" if error.filename else reason


def leave_quietly() -> None:
    """Let the interpreter's own last flush have somewhere to go when nobody reads our output any more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - no path
                os.dup2(nowhere.fileno(), stream.fileno())


def _line(text: str) -> None:
    with contextlib.suppress(OSError):
        say(text, error=True)


def _keep(error: BaseException) -> str:
    try:
        handle, name = tempfile.mkstemp(prefix="channelsim-", suffix=".txt")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("".join(traceback.format_exception(error)))
    except OSError:
        return ""
    return name
