"""Paired CPU times, intervals for a median of ratios, machine id, tables and JSON."""

import gc
import json
import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

RESULTS = Path(__file__).resolve().parents[1] / "results" / "benchmarks"


def cpu_seconds(job: Callable[[], Any]) -> float:
    """CPU seconds (user + system, all threads of this process) of one call, garbage collector off."""
    gc.collect()
    gc.disable()
    try:
        begin = time.process_time()
        job()
        return time.process_time() - begin
    finally:
        gc.enable()


@dataclass(frozen=True)
class Ratio:
    """Median of paired ratios with a distribution-free interval for the median."""

    median: float
    low: float
    high: float
    level: float
    n: int

    def as_dict(self) -> dict[str, float]:
        """Plain numbers for JSON."""
        return {"median": self.median, "low": self.low, "high": self.high, "level": self.level, "n": self.n}


def median_ratio(numerators: np.ndarray, denominators: np.ndarray, level: float = 0.95) -> Ratio:
    """Median of numerator / denominator and the narrowest symmetric pair of order statistics around it.

    The pair (k, n + 1 - k) covers the median with probability 1 - 2 P(Binomial(n, 1/2) < k), which is the
    `level` reported: at least the one asked for, or the best n allows.
    """
    ratios = np.sort(np.asarray(numerators) / np.asarray(denominators))
    n = len(ratios)
    k, covered = 1, 1.0 - 2.0 * 0.5**n
    below = 0.5**n
    for candidate in range(2, n // 2 + 1):
        below += math.comb(n, candidate - 1) * 0.5**n
        if 1.0 - 2.0 * below < level:
            break
        k, covered = candidate, 1.0 - 2.0 * below
    return Ratio(float(np.median(ratios)), float(ratios[k - 1]), float(ratios[n - k]), covered, n)


def machine() -> dict[str, Any]:
    """Tell on what a result was measured."""
    model = platform.processor()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        model = names[0] if names else model
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "packages": {name: version(name) for name in ("numpy", "numba", "simpy")},
        "commit": _commit(),
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _commit() -> str | None:
    try:
        outcome = subprocess.run(
            ["git", "rev-parse", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return outcome.stdout.strip()


def write_json(name: str, content: dict[str, Any]) -> Path:
    """Write a result with its machine id to results/benchmarks and return the path."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    target = RESULTS / f"{name}.json"
    target.write_text(json.dumps({"machine": machine(), **content}, indent=1) + "\n")
    return target


def markdown(header: list[str], rows: list[list[str]]) -> str:
    """Lay out a markdown table with aligned columns."""
    widths = [max(len(str(row[i])) for row in [header, *rows]) for i in range(len(header))]
    lines = [header, ["-" * w for w in widths], *rows]
    return "\n".join(
        "| " + " | ".join(str(c).ljust(w) for c, w in zip(line, widths, strict=True)) + " |" for line in lines
    )


def narrate(line: str) -> None:
    """Tell progress on stderr."""
    print(line, file=sys.stderr, flush=True)
