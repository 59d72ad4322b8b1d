"""How long a person waits: lever to headline, lever to curve, with one visitor and with ten.

``python -m benchmarks.ui`` starts the pages on the default world with an empty store of runs, opens them in
Chromium, moves a lever to places nobody has tried, and prints the median and the 95th percentile in seconds.
``--visitors 1,10 --moves 8`` choose how many; ``--json`` prints the numbers alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.browser import browsing, serving

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
_HEADLINE = (
    f"old => {{ const now = {_MAIN}.querySelector('h3')?.innerText, badges = {_BADGES};"
    " return now && now !== old && badges.length && !badges[0].startsWith('stale') }"
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
            # Another lever or another distance for everybody, so that no two ask the same.
            moved(page, LEVERS[(number + place) % len(LEVERS)], 1 + (number + place) // len(LEVERS))
            began.append(time.perf_counter())
        for name, condition in (("headline", _HEADLINE), ("curve", _CURVE)):
            for page, start, old in zip(pages, began, before, strict=True):
                page.wait_for_function(condition, arg=old, timeout=WAIT)
                found[name].append(time.perf_counter() - start)
    return found


def main(words: list[str]) -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.ui", description="Waiting times of the pages."
    )
    parser.add_argument("--visitors", default="1,10")
    parser.add_argument("--moves", type=int, default=8)
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(words)
    results = []
    for visitors in (int(word) for word in chosen.visitors.split(",")):
        with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address, browsing() as browser:
            pages = [browser.new_context().new_page() for _ in range(visitors)]
            for page in pages:
                page.goto(address)
                page.wait_for_function(_CURVE, timeout=WAIT)
            found = measured(pages, chosen.moves)
        for name, seconds in found.items():
            row = {"visitors": visitors, "what": name, "moves": len(seconds)}
            row |= {"p50": round(percentile(seconds, 0.5), 2), "p95": round(percentile(seconds, 0.95), 2)}
            results.append({**row, "bar": BARS.get(visitors, {}).get(name)})
    if chosen.json:
        print(json.dumps(results, indent=2))
        return 0
    print("visitors  what        moves    p50 s    p95 s    bar s")
    for row in results:
        bar = "-" if row["bar"] is None else f"{row['bar']:.1f}"
        waits = f"{row['p50']:9.2f}{row['p95']:9.2f}{bar:>9s}"
        print(f"{row['visitors']:8d}  {row['what']:10s}{row['moves']:7d}{waits}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
