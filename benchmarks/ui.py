"""How long a person waits: lever to headline, lever to curve, with one visitor and with ten.

``python -m benchmarks.ui`` starts the pages on the default world with an empty store of runs, moves a lever
to places nobody has tried, and prints the median and the 95th percentile in seconds. ``--visitors 1,10
--moves 8`` choose how many. One visitor sits at this machine, in Chromium. Ten have machines of their own:
they speak with the server as a browser would, and all move at the same moment. ``--chromium`` draws all ten
here, too, on the cores that simulate.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.browser import browsing, serving
from benchmarks.people import Person
from benchmarks.timing import markdown, narrate, write_json

LEVERS = (
    "Pickup points",
    "Others' parcels per point-day",
    "Points per manager",
    "Price on the web (usual = 1)",
)
BARS = {1: {"headline": 1.0, "curve": 3.0}, 10: {"headline": 3.0}}
"""Seconds that 95 of 100 moves should stay below, on two cores with nothing else to do."""
_CURVE_IS_THERE = """
() => {
  const badges = [...document.querySelectorAll('[data-testid=stMain] span')]
    .filter((one) => !one.children.length && /simulating|confirmed/.test(one.textContent));
  return badges.length > 1 && badges[1].textContent !== 'simulating';
}
"""
# The page itself takes the time, at every change of what it shows: who asks from outside comes too late.
# What is shown is the new answer if its badge was stale, or its words were others, since the key was pressed,
# and if the address, which is written when a drawing ends, changed without its going stale again.
_WATCH = """
() => {
  const main = document.querySelector('[data-testid=stMain]');
  const state = () => {
    const badges = [...main.querySelectorAll('span')]
      .filter((one) => !one.children.length && /simulating|confirmed/.test(one.textContent))
      .map((one) => one.textContent);
    return {headline: [badges[0], main.querySelector('h3')?.innerText], curve: [badges[1], '']};
  };
  let moved = null, before = null, from = null, came = {};
  window.waited = {};
  const look = () => {
    if (moved === null) return;
    for (const [name, [badge, words]] of Object.entries(state())) {
      if (badge === undefined) continue;
      if (badge.startsWith('stale') || badge === 'simulating') {
        came[name] = null;
        before[name] = [];
        delete window.waited[name];
        continue;
      }
      const [oldBadge, oldWords] = before[name];
      if (!came[name] && (badge !== oldBadge || words !== oldWords)) came[name] = performance.now();
      if (came[name] && location.href !== from) window.waited[name] = (came[name] - moved) / 1000;
    }
  };
  if (window.watching) window.watching.disconnect();
  window.watching = new MutationObserver(look);
  window.watching.observe(main, {childList: true, subtree: true, characterData: true});
  if (window.press) window.removeEventListener('keydown', window.press, true);
  window.press = () => {
    [moved, before, from, came, window.waited] = [performance.now(), state(), location.href, {}, {}];
  };
  window.addEventListener('keydown', window.press, true);
}
"""
WAIT = 300_000


def percentile(seconds: list[float], share: float) -> float:
    """Return the smallest value that so large a share does not exceed."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 100) * len(ordered) // 100) - 1))]


def moved(page: Any, lever: str, keys: int) -> None:
    """Move a lever with the keyboard."""
    slider = page.get_by_role("slider", name=lever)
    slider.focus()
    for _ in range(keys):
        slider.press("ArrowRight")


def measured(pages: list[Any], moves: int) -> dict[str, list[float]]:
    """Move a lever on every page, one right after the other; return the seconds that each waited."""
    found: dict[str, list[float]] = {"headline": [], "curve": []}
    for number in range(moves):
        for place, page in enumerate(pages):
            page.evaluate(_WATCH)
            # Another lever or another distance for everybody, so that no two ask the same.
            moved(page, LEVERS[(number + place) % len(LEVERS)], 1 + place // len(LEVERS))
        for page in pages:
            page.wait_for_function(
                "() => 'headline' in window.waited && 'curve' in window.waited", timeout=WAIT
            )
            for name, seconds in page.evaluate("window.waited").items():
                found[name].append(seconds)
    return found


def in_chromium(visitors: int, moves: int) -> dict[str, list[float]]:
    """Return the seconds that so many visitors waited whose pages are drawn on this machine."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address, browsing() as browser:
        pages = [browser.new_context().new_page() for _ in range(visitors)]
        for page in pages:
            page.goto(address)
            page.wait_for_function(_CURVE_IS_THERE, timeout=WAIT)
        return measured(pages, moves)


def elsewhere(visitors: int, moves: int) -> dict[str, list[float]]:
    """Return the seconds that so many visitors waited whose pages are drawn on other machines."""
    found: dict[str, list[float]] = {"headline": [], "curve": []}
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address:
        people = [Person(address) for _ in range(visitors)]
        for one in people:
            one.wait_for(seconds=WAIT / 1000)
        for number in range(moves):
            for place, one in enumerate(people):
                one.move(LEVERS[(number + place) % len(LEVERS)], 1 + place // len(LEVERS))
            for one in people:
                one.wait_for(*found, seconds=WAIT / 1000)
                for name, seconds in one.waited.items():
                    found[name].append(seconds)
        for one in people:
            one.close()
    return found


def results_of(visitors: int, moves: int, *, chromium: bool) -> list[dict[str, Any]]:
    """Return a row for each thing that so many visitors wait for."""
    found = (in_chromium if chromium or visitors == 1 else elsewhere)(visitors, moves)
    return [
        {
            "visitors": visitors,
            "drawn": "here" if chromium or visitors == 1 else "elsewhere",
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
    parser.add_argument("--chromium", action="store_true", help="draw the pages of many visitors here, too")
    options = parser.parse_args(arguments)
    results: list[dict[str, Any]] = []
    for word in options.visitors.split(","):
        results += results_of(int(word), options.moves, chromium=options.chromium)
        narrate(f"{word} visitors: done")
    held = [row["bar"] is None or row["p95"] <= row["bar"] for row in results]
    rows = [
        [
            str(row["visitors"]),
            row["drawn"],
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
    print(
        markdown(
            ["visitors", "drawn", "lever to", "moves", "p50, s", "p95, s", "bar on p95, s", "held"], rows
        )
    )
    print(f"\nwritten to {write_json('ui', {'rows': results})}")
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
