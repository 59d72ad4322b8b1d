"""``python -m docs.build``: make anew all that is not written by hand.

Reference tables, generated pages, drawings, tables of results and the captured output of the commands in the
documents. ``--quick`` leaves out what simulates; names of documents make only those. Runs are kept between
studies, so doing it again after a change of words takes seconds.
"""

from __future__ import annotations

import sys

from docs import blocks, claim_table, commands, drawings, fact_table, pages, tables
from sim.ui import opening


def say(text: str) -> None:
    """Tell what is being made."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def main(words: list[str]) -> int:
    """Make everything, or what the words ask for; return the exit code."""
    documents = {path.relative_to(commands.ROOT).as_posix(): path for path in commands.documents()}
    quick = "--quick" in words
    asked = [word for word in words if word != "--quick"]
    unknown = [word for word in asked if word not in documents]
    if unknown:
        say(f"Unknown: {' '.join(unknown)}. Known: --quick, {', '.join(documents)}.")
        return 2
    if not asked:
        make_files(quick)
    for study in (fact_table, claim_table):
        if not quick and (not asked or study.PAGE in asked):
            say(f"results/reference/{study.NAME}")
            study.write()
    for name, path in documents.items():
        before = path.read_text(encoding="utf-8")
        if (not asked or name in asked) and (blocks.parts_in(before) or "```console" in before):
            say(name)
            filled = before if quick else blocks.filled(before)
            path.write_text(commands.refreshed(filled, quick=quick), encoding="utf-8")
    return 0


def make_files(quick: bool) -> None:
    """Make the files that no hand touches: pages, tables and drawings."""
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
        say(f"sim/ui/{opening.FILE.name}")
        opening.write_opening()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
