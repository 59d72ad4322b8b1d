"""Cost against work: twice the orders in at most 2.2 times the CPU time, memory flat in the horizon.

The order tandem with the engine's own draws grows in two ways: a longer horizon at the same volume, and a
larger volume (orders, hands and people alike) over one year. Every size runs in a fresh process, so its
memory is its own.

    python -m benchmarks.growth            10 thousand to 1.28 million orders
    python -m benchmarks.growth --full     to 10.24 million
    python -m benchmarks.growth --quick    to 160 thousand
"""

import argparse
import json
import resource
import subprocess
import sys

import numpy as np

from benchmarks import flow_model
from benchmarks.luck import HOURS_A_YEAR, ORDERS_PER_HOUR
from benchmarks.timing import cpu_seconds, markdown, narrate, write_json

SMALLEST = 10_000
DOUBLING_BAR = 2.2
MEMORY_BAR_MB = 8.0
LADDERS = ("horizon", "volume")


def resident_mb() -> float:
    """Largest resident memory of this process so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0


def size_of(ladder: str, orders: int) -> tuple[float, float]:
    """Volume and horizon (hours) that bring about `orders` orders."""
    if ladder == "horizon":
        return 1.0, orders / ORDERS_PER_HOUR
    return orders / (ORDERS_PER_HOUR * HOURS_A_YEAR), HOURS_A_YEAR


def child(ladder: str, orders: int, repeats: int) -> dict[str, float]:
    """Measure one size in this process, after a small run that loads the compiled code."""
    flow_model.run(flow_model.own_network(), None, SMALLEST / ORDERS_PER_HOUR, False, "compiled")
    before = resident_mb()
    volume, horizon = size_of(ladder, orders)
    net = flow_model.own_network(volume)
    seen = []

    def job() -> None:
        statistics, _ = flow_model.run(net, None, horizon, False, "compiled", seed=1 + len(seen))
        seen.append(int(statistics["pick"].entries))

    seconds = [cpu_seconds(job) for _ in range(repeats)]
    return {
        "orders": float(np.median(seen)),
        "cpu_seconds": float(np.median(seconds)),
        "rss_before_mb": before,
        "rss_growth_mb": resident_mb() - before,
    }


def measure(ladder: str, orders: int) -> dict[str, float]:
    """Measure one size in a fresh process."""
    repeats = max(3, min(15, 1_500_000 // orders))
    command = [sys.executable, "-m", "benchmarks.growth", "--child", ladder, str(orders), str(repeats)]
    outcome = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(outcome.stdout)


def climb(ladder: str, sizes: list[int]) -> tuple[list[dict], list[list[str]]]:
    """Measure all sizes of a ladder and lay them out."""
    steps, rows = [], []
    for orders in sizes:
        step = measure(ladder, orders)
        factor = ""
        if steps:
            # Per twice the orders actually simulated, which chance moves a little.
            power = np.log(step["cpu_seconds"] / steps[-1]["cpu_seconds"]) / np.log(
                step["orders"] / steps[-1]["orders"]
            )
            step["per_doubling"] = float(2.0**power)
            factor = f"{step['per_doubling']:.2f}"
        steps.append(step)
        rows.append(
            [
                f"{step['orders']:,.0f}",
                f"{step['cpu_seconds']:.4f}",
                f"{step['orders'] / step['cpu_seconds']:,.0f}",
                factor,
                f"{step['rss_growth_mb']:.1f}",
            ]
        )
        narrate(f"{ladder}: {orders:,} orders in {step['cpu_seconds']:.3f} s")
    return steps, rows


def main(arguments: list[str] | None = None) -> int:
    """Climb both ladders, print tables and write JSON; exit code 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="to 10.24 million orders")
    parser.add_argument("--quick", action="store_true", help="to 160 thousand orders")
    parser.add_argument("--child", nargs=3, metavar=("LADDER", "ORDERS", "REPEATS"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.child:
        ladder, orders, repeats = options.child
        print(json.dumps(child(ladder, int(orders), int(repeats))))
        return 0
    doublings = 11 if options.full else 5 if options.quick else 8
    sizes = [SMALLEST * 2**k for k in range(doublings)]
    report, verdicts = {}, []
    print("# Cost against work: the order tandem, the engine's own draws\n")
    for ladder in LADDERS:
        steps, rows = climb(ladder, sizes)
        report[ladder] = steps
        print(f"## Larger {ladder}\n")
        header = ["orders", "CPU s", "orders/s", "time per doubling", "memory growth, MB"]
        print(markdown(header, rows) + "\n", flush=True)
        worst = max(step["per_doubling"] for step in steps[1:])
        word = "pass" if worst <= DOUBLING_BAR else "MISS"
        verdicts.append([f"{ladder}: worst doubling", f"{worst:.2f}", f"<= {DOUBLING_BAR}", word])
    growth = max(s["rss_growth_mb"] for s in report["horizon"]) - report["horizon"][0]["rss_growth_mb"]
    word = "pass" if growth <= MEMORY_BAR_MB else "MISS"
    verdicts.append(["horizon: memory over the smallest, MB", f"{growth:.1f}", f"<= {MEMORY_BAR_MB}", word])
    print("## Bars\n")
    print(markdown(["what", "measured", "bar", "outcome"], verdicts))
    path = write_json(
        "growth-quick" if options.quick else "growth", {"ladders": report, "verdicts": verdicts}
    )
    narrate(f"written to {path}")
    return 1 if any(row[-1] == "MISS" for row in verdicts) else 0


if __name__ == "__main__":
    sys.exit(main())
