"""``python -m docs.build``: make anew all that is not written by hand.

Reference tables, generated pages, drawings, tables of results and the captured output of the commands in the
documents. ``--quick`` leaves out what simulates. Runs are kept between studies, so doing it again after a
change of words takes seconds.
"""

from __future__ import annotations

import sys

from docs import blocks, commands, drawings, pages, tables


def say(text: str) -> None:
    """Tell what is being made."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(words: list[str]) -> int:
    """Make everything, or with ``--quick`` what needs no simulation; return the exit code."""
    if set(words) - {"--quick"}:
        say(f"The only option is --quick (found {' '.join(words)}).")
        return 2
    quick = "--quick" in words
    for path, make in pages.PAGES.items():
        say(path)
        (commands.ROOT / path).write_text(make(), encoding="utf-8")
    if not quick:
        for name in tables.TABLES:
            say(f"results/reference/{name}")
            tables.write(name)
        for name in drawings.FIGURES:
            say(f"docs/figures/{name}")
            drawings.draw(name)
    for document in commands.documents():
        before = document.read_text(encoding="utf-8")
        if blocks.parts_in(before) or "```console" in before:
            say(document.relative_to(commands.ROOT).as_posix())
            filled = before if quick else blocks.filled(before)
            document.write_text(commands.refreshed(filled, quick=quick), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
