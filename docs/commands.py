"""Commands in the documents: where they stand, what they mean, what they print.

A block fenced as ``console`` holds commands after ``$ `` and, below each, what it printed; the build runs
them again. A block fenced as ``sh`` only shows commands. ``| head -N`` after a command keeps N lines.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = "channelsim"
PLAIN = {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "160"}
QUICK = ("validate", "explain", "--help", "--version")
"""Commands that simulate nothing; the tests run these again and compare."""

_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEAD = re.compile(r"\s*\|\s*head -(\d+)$")
_INTO = re.compile(r"\s+>\s+\S+$")
# Runs that were kept from an earlier study change nothing but these words.
_KEPT = (
    (
        re.compile(
            r"\n*^(?:All [\d,]+|[\d,]+ of [\d,]+) runs were kept from an\s+earlier study.*?anew\)\.\n",
            re.M | re.S,
        ),
        "\n",
    ),
    (
        re.compile(
            r";\s+[\d,]+\s+of\s+them\s+kept\s+from\s+an\s+earlier\s+study\s+\(--fresh\s+simulates\s+them\s+anew\)"
        ),
        "",
    ),
)


class CaptureError(Exception):
    """A command in a document did not end well."""


@dataclass(frozen=True)
class Command:
    """One command of a document.

    Attributes
    ----------
    words
        What follows ``channelsim``.
    head
        Number of lines of its output to keep; None for all.
    """

    words: tuple[str, ...]
    head: int | None = None

    @property
    def is_quick(self) -> bool:
        """Whether it simulates nothing."""
        return bool(self.words) and (self.words[0] in QUICK or "--help" in self.words)


def documents() -> tuple[Path, ...]:
    """Return every document for readers: the README and the pages of this folder and those in it."""
    return (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))


def parse(line: str) -> Command | None:
    """Read one line of a shell block; None where it is no command of ours.

    Examples
    --------
    >>> parse("$ channelsim explain base market | head -8")
    Command(words=('explain', 'base', 'market'), head=8)
    """
    text = line.strip().removeprefix("$ ")
    head = _HEAD.search(text)
    words = shlex.split(_INTO.sub("", _HEAD.sub("", text)), comments=True)
    if not words or Path(words[0]).name != PROGRAM:
        return None
    return Command(tuple(words[1:]), int(head.group(1)) if head else None)


def commands_in(text: str) -> list[Command]:
    """Return every command in the shell blocks of a document and in its running text."""
    found = []
    for fence in _FENCE.finditer(text):
        if fence.group(1) in ("console", "sh"):
            start = "$ " if fence.group(1) == "console" else ""
            lines = fence.group(2).replace("\\\n", " ").splitlines()
            read = (parse(line) for line in lines if line.startswith(start))
            found += [command for command in read if command is not None]
    prose = _FENCE.sub("", text)
    inline = (parse(words) for words in re.findall(r"`(channelsim [^`\n]+)`", prose))
    return found + [command for command in inline if command is not None]


def captured(command: Command) -> str:
    """Run a command in this process and return what it prints to a file.

    Raises
    ------
    CaptureError
        If it ends with another code than 0.
    """
    from sim.cli import main

    screen, errors = io.StringIO(), io.StringIO()
    before = dict(os.environ)
    os.environ.update(PLAIN)
    try:
        with contextlib.redirect_stdout(screen), contextlib.redirect_stderr(errors):
            code = main(command.words)
    finally:
        os.environ.clear()
        os.environ.update(before)
    if code:
        raise CaptureError(f"channelsim {shlex.join(command.words)} ended with {code}: {errors.getvalue()}")
    text = screen.getvalue()
    for pattern, words in _KEPT:
        text = pattern.sub(words, text)
    lines = [line.rstrip() for line in text.rstrip().splitlines()]
    return "\n".join(lines[: command.head]) + "\n"


def shown(text: str) -> Iterator[tuple[Command, str]]:
    """Yield each command of the console blocks of a document with the output that stands there."""
    for fence in _FENCE.finditer(text):
        if fence.group(1) == "console":
            yield from ((command, output) for _, command, output in _pairs(fence.group(2)))


def _pairs(block: str) -> Iterator[tuple[str, Command, str]]:
    """Yield the written command, its meaning and its output for each command of a console block."""
    for part in re.split(r"^(?=\$ )", block, flags=re.MULTILINE):
        if not part.strip():
            continue
        written, _, rest = part.partition("\n")
        while written.endswith("\\"):
            more, _, rest = rest.partition("\n")
            written = f"{written}\n{more}"
        command = parse(written.replace("\\\n", " "))
        if command is None:
            raise CaptureError(f"a console block takes commands of {PROGRAM} only, found: {written}")
        yield written, command, rest


def refreshed(text: str, *, quick: bool = False) -> str:
    """Return a document with the output of its console blocks made anew.

    Parameters
    ----------
    text
        The document.
    quick
        Leave commands that simulate as they are.
    """

    def again(fence: re.Match[str]) -> str:
        if fence.group(1) != "console":
            return fence.group(0)
        parts = [
            f"{written}\n{output if quick and not command.is_quick else captured(command)}"
            for written, command, output in _pairs(fence.group(2))
        ]
        return "```console\n" + "".join(parts) + "```"

    return _FENCE.sub(again, text)
