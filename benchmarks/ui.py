"""How long a person waits: lever to headline, lever to curve, with one visitor and with ten.

``python -m benchmarks.ui`` starts the pages on the default world with an empty store of runs, opens them in
Chromium, moves a lever to places nobody has tried, and prints the median and the 95th percentile in seconds.
``--visitors 1,10 --moves 8`` choose how many.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.browser import browsing, serving
from benchmarks.timing import markdown, narrate, write_json

LEVERS = (
    "Pickup points",
    "Others' parcels per point-day",
    "Points per manager",
    "Price on the web (usual = 1)",
)
BARS = {1: {"headline": 1.0, "curve": 3.0}, 10: {"headline": 3.0}}
"""Seconds that 95 of 100 moves should stay below, on two cores with nothing else to do."""
_MAIN = "document.querySelector('[data-testid=stMain]')"
_BADGES = (
    f"[...{_MAIN}.querySelectorAll('span')].filter(one => !one.children.length)"
    ".map(one => one.textContent).filter(words => /simulating|confirmed/.test(words))"
)
# A headline is new when its badge has said stale and does so no more; its words may be the same.
_HEADLINE = (
    f"old => {{ const now = {_MAIN}.querySelector('h3')?.innerText, badges = {_BADGES};"
    " const isStale = badges.length && badges[0].startsWith('stale');"
    " window.wasStale = window.wasStale || isStale;"
    " return now && badges.length && !isStale && (window.wasStale || now !== old) }"
)
_CURVE = (
    f"() => {{ const badges = {_BADGES};"
    " return badges.length > 1 && !badges[1].startsWith('stale') && badges[1] !== 'simulating' }"
)
WAIT = 300_000


def percentile(seconds: list[float], share: float) -> float:
    """Return the smallest value that so large a share does not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 100) * len(ordered) // 100) - 1))]


def headline_of(page: Any) -> str:
    """Return the sentence on a page."""
    return str(page.wait_for_function(f"() => {_MAIN}.querySelector('h3')?.innerText").json_value())


def moved(page: Any, lever: str, keys: int) -> None:
    """Move a lever with the keyboard."""
    slider = page.get_by_role("slider", name=lever)
    slider.focus()
    for _ in range(keys):
        slider.press("ArrowRight")


def measured(pages: list[Any], moves: int) -> dict[str, list[float]]:
    """Move a lever on every page at once, so many times; return the seconds each had to wait."""
    found: dict[str, list[float]] = {"headline": [], "curve": []}
    for number in range(moves):
        before = [headline_of(page) for page in pages]
        began = []
        for place, page in enumerate(pages):
            page.evaluate("window.wasStale = false")
            # Another lever or another distance for everybody, so that no two ask the same.
            moved(page, LEVERS[(number + place) % len(LEVERS)], 1 + (number + place) // len(LEVERS))
            began.append(time.perf_counter())
        for name, condition in (("headline", _HEADLINE), ("curve", _CURVE)):
            for page, start, old in zip(pages, began, before, strict=True):
                page.wait_for_function(condition, arg=old, timeout=WAIT)
                found[name].append(time.perf_counter() - start)
    return found


def results_of(visitors: int, moves: int) -> list[dict[str, Any]]:
    """Return a row for each thing that so many visitors wait for."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address, browsing() as browser:
        pages = [browser.new_context().new_page() for _ in range(visitors)]
        for page in pages:
            page.goto(address)
            page.wait_for_function(_CURVE, timeout=WAIT)
        found = measured(pages, moves)
    return [
        {
            "visitors": visitors,
            "what": name,
            "moves": len(seconds),
            "p50": round(percentile(seconds, 0.5), 2),
            "p95": round(percentile(seconds, 0.95), 2),
            "bar": BARS.get(visitors, {}).get(name),
        }
        for name, seconds in found.items()
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print a table and write JSON; exit code 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ui", description=__doc__.splitlines()[0])
    parser.add_argument("--visitors", default="1,10", help="how many at once, separated by commas")
    parser.add_argument("--moves", type=int, default=8, help="moves of a lever by each of them")
    options = parser.parse_args(arguments)
    results: list[dict[str, Any]] = []
    for word in options.visitors.split(","):
        results += results_of(int(word), options.moves)
        narrate(f"{word} visitors: done")
    held = [row["bar"] is None or row["p95"] <= row["bar"] for row in results]
    rows = [
        [
            str(row["visitors"]),
            row["what"],
            str(row["moves"]),
            f"{row['p50']:.2f}",
            f"{row['p95']:.2f}",
            "" if row["bar"] is None else f"<= {row['bar']:.0f}",
            "" if row["bar"] is None else "yes" if is_held else "NO",
        ]
        for row, is_held in zip(results, held, strict=True)
    ]
    print("# Waiting times of the pages\n")
    print(markdown(["visitors", "lever to", "moves", "p50, s", "p95, s", "bar on p95, s", "held"], rows))
    print(f"\nwritten to {write_json('ui', {'rows': results})}")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
