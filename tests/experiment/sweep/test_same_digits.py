"""The same results, byte for byte: any workers, order and machines, and whatever was killed on the way."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiment.sweep import sweep
from sim.experiment.sweep.driver import Driver
from tests.experiment.sweep import worlds
from tests.experiment.sweep.digests import digest

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}
RUNS = 120
TABLES = ["kpis", "series"]
PATIENCE = 60.0


@pytest.fixture(scope="module")
def expected(tmp_path_factory) -> str:
    folder = tmp_path_factory.mktemp("expected")
    sweep(worlds.wide_plan(RUNS, tables=TABLES), folder, workers=1, simulate=worlds.quick)
    return digest(folder)


def wait_for(condition, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited too long for {what}"
        time.sleep(0.01)


def test_two_workers_give_what_one_gives(tmp_path, expected):
    plan = worlds.wide_plan(RUNS, tables=TABLES)
    found = sweep(plan, tmp_path, workers=2, simulate=worlds.napping)
    assert (digest(tmp_path), found.simulated) == (expected, RUNS)


def test_any_order_gives_the_same(tmp_path, expected, monkeypatch):
    run = Driver.run

    def shuffled(self, tasks, count):
        run(self, random.Random(5).sample(list(tasks), count), count)

    monkeypatch.setattr(Driver, "run", shuffled)
    sweep(worlds.wide_plan(RUNS, tables=TABLES), tmp_path, workers=1, simulate=worlds.quick)
    assert digest(tmp_path) == expected


# --- killed ---------------------------------------------------------------------------------------


class Nursery:
    """Starts sweeps that can be killed."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.experiment.sweep.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=ENVIRONMENT,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def _say(self, line: str) -> int:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, workers: int, seconds: float = 0.01) -> int:
        asked = {"out": str(self.out), "workers": workers, "runs": RUNS, "seconds": seconds}
        return self._say(json.dumps(asked))

    def end(self) -> int:
        return self._say("")

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=PATIENCE)
        self._process.stdout.close()

    def kept(self) -> int:
        journal = self.out / ".journal-1of1"
        return journal.stat().st_size if journal.exists() else 0


@pytest.fixture
def nursery(tmp_path):
    nursery = Nursery(tmp_path / "swept")
    yield nursery
    nursery.close()


def test_twenty_kills_and_resumes_lose_nothing_and_double_nothing(nursery, expected):
    luck = random.Random(7)
    for kill in range(20):
        before = nursery.kept()
        workers = 2 if kill in (3, 11) else 1
        group = nursery.start(workers)
        if kill % 5 == 0:
            time.sleep(luck.uniform(0.0, 0.3))  # also in the middle of starting up
        else:
            wait_for(lambda before=before: nursery.kept() > before, "a run to be kept")
        os.killpg(group, signal.SIGKILL)
        nursery.end()
        assert nursery.kept() >= before
    nursery.start(1, 0.0)
    assert nursery.end() == 0
    assert digest(nursery.out) == expected
    assert not [path for path in nursery.out.rglob("*") if path.name.endswith(".tmp")]


@pytest.mark.parametrize("step", range(4))
def test_a_crash_while_a_part_is_written_loses_nothing(tmp_path, expected, monkeypatch, step):
    """The crash comes before the first, second or third table is in its place, or after all of them."""
    plan = worlds.wide_plan(RUNS, tables=TABLES)
    moved = []
    replace = Path.replace

    def crash(*_):
        raise KeyboardInterrupt

    def replace_until_step(path, target):
        if target.parent.name == "parts":
            if len(moved) == step:
                crash()
            moved.append(target)
        return replace(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", replace_until_step)
        patched.setattr("sim.experiment.sweep.journal.Journal.clear", crash)
        with pytest.raises(KeyboardInterrupt):
            sweep(plan, tmp_path, workers=1, simulate=worlds.quick)
    assert len(moved) == step
    found = sweep(plan, tmp_path, workers=1, resume=True, simulate=worlds.failing)
    assert (found.simulated, found.counts()) == (0, {"done": RUNS, "failed": 0})
    assert digest(tmp_path) == expected


def test_a_worker_that_is_killed_is_replaced(tmp_path):
    simulate = worlds.functools.partial(worlds.dying_once, folder=str(tmp_path))
    plan = worlds.wide_plan(40)
    found = sweep(plan, tmp_path / "swept", workers=2, simulate=simulate)
    sweep(plan, tmp_path / "calm", workers=1, simulate=worlds.quick)
    assert (tmp_path / "died").exists()
    assert found.counts() == {"done": 40, "failed": 0}
    assert digest(tmp_path / "swept") == digest(tmp_path / "calm")


def test_a_run_that_brings_its_worker_down_becomes_a_row(tmp_path):
    found = sweep(worlds.small_plan(), tmp_path, workers=2, simulate=worlds.deadly)
    assert found.counts() == {"done": 9, "failed": 3}
    failures = found.failures()
    assert set(failures["error_kind"]) == {"WorkerLost"}
    assert set(failures["point"]) == {3}


# --- a cluster ------------------------------------------------------------------------------------


def dask(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words],
        env=ENVIRONMENT,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def worker_at(address: str) -> subprocess.Popen[bytes]:
    return dask("worker", address, "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", "--no-nanny")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """A scheduler and two workers on this machine, started by their own commands."""
    file = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    quiet = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
    started = [dask("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), *quiet)]
    try:
        # The scheduler writes its file in place: there is a moment at which it exists and is empty.
        wait_for(lambda: file.exists() and file.read_text().endswith("}"), "the scheduler")
        address = json.loads(file.read_text())["address"]
        started += [worker_at(address), worker_at(address)]
        yield address
    finally:
        for process in started[::-1]:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_a_cluster_gives_what_one_process_gives(tmp_path, cluster, expected):
    wait_for(lambda: workers_of(cluster) == 2, "two workers")
    found = sweep(worlds.wide_plan(RUNS, tables=TABLES), tmp_path, cluster=cluster, simulate=worlds.napping)
    assert (digest(tmp_path), found.simulated) == (expected, RUNS)


def test_a_worker_of_the_cluster_may_be_killed(tmp_path, cluster, expected):
    doomed = worker_at(cluster)
    wait_for(lambda: workers_of(cluster) >= 3, "the third worker")
    seen = []

    def progress(done, *_):
        if done > 20 and not seen:
            seen.append(done)
            os.killpg(doomed.pid, signal.SIGKILL)

    plan = worlds.wide_plan(RUNS, tables=TABLES)
    found = sweep(plan, tmp_path, cluster=cluster, simulate=worlds.napping_for(0.05), progress=progress)
    doomed.wait()
    assert seen
    assert found.counts() == {"done": RUNS, "failed": 0}
    assert digest(tmp_path) == expected


def workers_of(address: str) -> int:
    from dask import distributed

    with distributed.Client(address, set_as_default=False) as client:
        return len(client.nthreads())
