"""One year of the order tandem: plain SimPy, hand-written C, the compiled engine, the reference engine.

All read one table of pre-drawn luck. Counts and summed hours are compared first; a benchmark of tools that
disagree would mean nothing, so a disagreement ends the program before anything is timed.

    python -m benchmarks.tandem            one year, seven rounds
    python -m benchmarks.tandem --quick    a tenth of a year, six rounds
"""

import argparse
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import c_twin, flow_model, simpy_model
from benchmarks.luck import HOURS_A_YEAR, NODES, Luck, Tally, disagreements, draw_luck
from benchmarks.timing import (
    Ratio,
    cpu_seconds,
    markdown,
    median_ratio,
    narrate,
    write_json,
)

SIMPY, C, COMPILED, REFERENCE, OWN, C_OWN = (
    "plain SimPy",
    "C twin",
    "compiled engine",
    "reference engine",
    "compiled engine, own draws",
    "C twin, own draws",
)
BARS = {
    False: {"simpy": (90.0, 300.0), "c": (1.6, 0.5)},
    True: {"simpy": (80.0, 200.0), "c": (2.0, 0.8)},
}
Job = Callable[[], Any]


class Tools:
    """The tools on one table, ready to run; `fresh` jobs are prepared outside the clock."""

    def __init__(self, luck: Luck, horizon: float, daily: bool, twin: c_twin.CTwin | None) -> None:
        self.luck, self.horizon, self.daily, self.twin = luck, horizon, daily, twin
        self.network = flow_model.recorded_network(luck)
        self.own = flow_model.own_network()
        self.table = twin.prepare(luck) if twin else None
        self.spare = c_twin.OwnLuck(luck.orders + luck.orders // 20 + 1000)

    def job(self, tool: str) -> Job:
        """Return what is timed for this tool."""
        horizon, daily = self.horizon, self.daily
        if tool == SIMPY:
            tandem = simpy_model.prepare(self.luck, horizon, daily)
            return lambda: simpy_model.run(tandem, horizon)
        twin, table = self.twin, self.table
        if twin is not None and table is not None and tool == C:
            return lambda: twin.run(table, horizon, daily)
        if twin is not None and tool == C_OWN:
            return lambda: twin.run_own(horizon, daily, 1, self.spare)
        if tool == OWN:
            return lambda: flow_model.run(self.own, None, horizon, daily, "compiled")
        engine = "compiled" if tool == COMPILED else "reference"
        return lambda: flow_model.run(self.network, self.luck, horizon, daily, engine)

    def tally(self, tool: str) -> Tally:
        """Run once and return counts and summed hours."""
        outcome = self.job(tool)()
        return outcome if tool in (SIMPY, C) else flow_model.tally(outcome)


def check(tools: Tools, names: list[str]) -> Tally:
    """Compare all tools with plain SimPy; end the program when they disagree."""
    first = tools.tally(SIMPY)
    failed = False
    for name in names:
        if name == SIMPY:
            continue
        found = disagreements(first, tools.tally(name))
        for line in found:
            narrate(f"{name}: {line}")
        narrate(f"{name}: {'DISAGREES' if found else 'equal counts and summed hours'}")
        failed = failed or bool(found)
    if failed:
        raise SystemExit("the tools disagree; nothing was timed")
    return first


def measure(tools: Tools, names: list[str], rounds: int, pairs: int) -> dict[str, np.ndarray]:
    """CPU seconds by tool: slow tools once a round, the C twin and the engine alternating `pairs` times."""
    times: dict[str, list] = {name: [] for name in names}
    fast = [name for name in (C, COMPILED) if name in names]
    for turn in range(rounds):
        times[SIMPY].append(cpu_seconds(tools.job(SIMPY)))
        if turn == 0:  # it has no bar, and takes several times as long as plain SimPy
            times[REFERENCE].append(cpu_seconds(tools.job(REFERENCE)))
        for name in (OWN, C_OWN):
            if name in names:
                times[name].append(cpu_seconds(tools.job(name)))
        row: dict[str, list[float]] = {name: [] for name in fast}
        for pair in range(pairs):
            for name in fast if pair % 2 else fast[::-1]:
                row[name].append(cpu_seconds(tools.job(name)))
        for name in fast:
            times[name].append(row[name])
        narrate(f"round {turn + 1} of {rounds}")
    return {name: np.array(values) for name, values in times.items()}


def ratios(times: dict[str, np.ndarray]) -> dict[str, Ratio]:
    """Speed-up against plain SimPy (one pair a round) and CPU against C (every pair)."""
    found = {"simpy": median_ratio(times[SIMPY], np.median(times[COMPILED], axis=1))}
    if C in times:
        found["c"] = median_ratio(times[COMPILED].ravel(), times[C].ravel())
    return found


def speed_table(times: dict[str, np.ndarray], orders: int) -> str:
    """Orders a second and CPU seconds of every tool."""
    plain = float(np.median(times[SIMPY]))
    c = float(np.median(times[C])) if C in times else None
    rows = []
    for name, values in times.items():
        seconds = float(np.median(values))
        against_c = f"{seconds / c:.2f}" if c else "no compiler"
        rows.append(
            [name, f"{orders / seconds:,.0f}", f"{seconds:.4f}", f"{plain / seconds:.1f} x", against_c]
        )
    return markdown(["tool", "orders/s", "CPU s", "against plain SimPy", "CPU against C"], rows)


def verdict_rows(label: str, found: dict[str, Ratio], daily: bool) -> list[list[str]]:
    """One row per bar: measured, interval, bar, aim, pass or miss."""
    rows = []
    for key, what in (("simpy", "times plain SimPy"), ("c", "CPU against C")):
        bar, aim = BARS[daily][key]
        if key not in found:
            rows.append([f"{label}: {what}", "no C compiler", "-", str(bar), str(aim), "not measured"])
            continue
        r = found[key]
        good, best = (
            (r.median >= bar, r.median >= aim) if key == "simpy" else (r.median <= bar, r.median <= aim)
        )
        word = "pass, aim reached" if best else "pass" if good else "MISS"
        sign = ">=" if key == "simpy" else "<="
        interval = f"[{r.low:.3g}, {r.high:.3g}] ({r.level:.0%}, n={r.n})"
        rows.append(
            [f"{label}: {what}", f"{r.median:.3g}", interval, f"{sign} {bar:g}", f"{sign} {aim:g}", word]
        )
    return rows


def main(arguments: list[str] | None = None) -> int:
    """Check, time, print tables to stdout and write JSON; exit code 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tandem", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of a year and six rounds")
    parser.add_argument("--rounds", type=int, default=None, help="rounds (default 7, quick 6)")
    parser.add_argument("--pairs", type=int, default=5, help="C and engine runs per round (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the table of luck (default 1)")
    options = parser.parse_args(arguments)
    horizon = HOURS_A_YEAR / 10.0 if options.quick else HOURS_A_YEAR
    rounds = options.rounds or (6 if options.quick else 7)

    luck = draw_luck(horizon, options.seed)
    twin = c_twin.build()
    checked = [SIMPY, C, COMPILED, REFERENCE] if twin else [SIMPY, COMPILED, REFERENCE]
    names = [*checked, OWN, C_OWN] if twin else [*checked, OWN]
    print(f"# Order tandem, {horizon:,.0f} hours, {luck.orders:,} orders\n")
    print(f"One table of luck for all tools, {luck.megabytes:.1f} MB.")
    print(f"C twin: {twin.compiler if twin else 'no C compiler found, not measured'}\n")

    report: dict[str, Any] = {
        "horizon_hours": horizon,
        "orders": luck.orders,
        "seed": options.seed,
        "variants": {},
    }
    rows = []
    for daily in (False, True):
        label = "daily decisions" if daily else "no decisions"
        narrate(f"--- {label}: comparing")
        tools = Tools(luck, horizon, daily, twin)
        tally = check(tools, checked)
        cpu_seconds(tools.job(OWN))
        times = measure(tools, names, rounds, options.pairs)
        found = ratios(times)
        rows += verdict_rows(label, found, daily)
        hours = sum(tally.hours.values())
        print(f"## {label}\n\nAll tools agree: {tally.entries['done']:,} orders done, {hours:,.3f} hours in")
        print(f"the nodes together, {tally.decisions} decisions, {tally.changes} changes. Medians:\n")
        print(speed_table(times, luck.orders) + "\n", flush=True)
        report["variants"][label] = {
            "tally": {
                node: [tally.entries[node], tally.departures[node], tally.hours[node]] for node in NODES
            },
            "cpu_seconds": {name: values.tolist() for name, values in times.items()},
            "ratios": {key: r.as_dict() for key, r in found.items()},
        }
    print("## Bars\n")
    print(markdown(["what", "median", "interval", "bar", "aim", "outcome"], rows))
    report["verdicts"] = rows
    path = write_json("tandem-quick" if options.quick else "tandem", report)
    narrate(f"written to {path}")
    return 1 if any(row[-1] == "MISS" for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
