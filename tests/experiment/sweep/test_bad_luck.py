"""Failures, interruptions, full disks, files in the way: one clear line, and nothing finished is lost."""

from __future__ import annotations

import errno
import functools
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from sim.experiment import ExperimentError, RecordError
from sim.experiment.sweep import open_sweep, sweep
from sim.experiment.sweep.blocks import record_of
from sim.experiment.sweep.driver import Driver
from sim.experiment.sweep.lock import FolderLock
from sim.experiment.sweep.places import Cluster, InThisProcess, PlaceError
from sim.experiment.sweep.shard import Shard
from sim.experiment.sweep.sweeping import prepare
from sim.scenario import load
from tests.experiment.sweep import worlds
from tests.experiment.sweep.digests import digest

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def swept(folder, plan=None, simulate=worlds.quick, **more):
    return sweep(plan or worlds.small_plan(), folder, workers=1, simulate=simulate, **more)


# --- runs that fail -------------------------------------------------------------------------------


def test_failures_are_rows_with_kind_message_and_traceback(tmp_path):
    found = swept(tmp_path, simulate=worlds.failing)
    assert found.counts() == {"done": 6, "failed": 6}
    failures = found.failures()
    assert set(failures["error_kind"]) == {"ArithmeticError"}
    assert set(failures["error_message"]) == {"the books do not balance: 3 fen are missing"}
    assert all("in failing" in text for text in failures["error_traceback"])
    assert set(found.kpis()["point"]) == {0, 1}
    assert set(found.runs().query("status == 'done'")["error_traceback"]) == {""}


def test_only_what_failed_is_simulated_again(tmp_path):
    simulate = functools.partial(worlds.failing_until, marker=str(tmp_path / "repaired"))
    swept(tmp_path / "a", simulate=simulate)
    again = swept(tmp_path / "a", simulate=simulate, resume=True)
    assert (again.simulated, again.counts()["failed"]) == (0, 6)
    (tmp_path / "repaired").touch()
    repaired = swept(tmp_path / "a", simulate=simulate, rerun_failed=True)
    assert (repaired.simulated, repaired.counts()) == (6, {"done": 12, "failed": 0})
    assert digest(tmp_path / "a") == digest(swept(tmp_path / "b").folder)


def test_a_point_that_contradicts_itself_is_a_failure_of_its_runs(tmp_path):
    service = load("door_only").service
    early, late = service.shift_start_hour, service.shift_end_hour
    hours = {"service.shift_start_hour": [early, late - 1], "service.shift_end_hour": [early + 1, late]}
    found = swept(tmp_path, worlds.plan_of({"grid": {"parameters": hours}}))
    assert found.counts() == {"done": 9, "failed": 3}
    assert set(found.failures()["error_kind"]) == {"ScenarioError"}
    assert "must follow shift_start_hour" in found.failures()["error_message"].iloc[0]


def test_too_many_failures_stop_a_sweep_that_can_go_on(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.sweep.driver.CHUNK_SECONDS", 1e-9)
    simulate = functools.partial(worlds.failing_until, marker=str(tmp_path / "repaired"))
    found = swept(tmp_path / "a", simulate=simulate, max_failures=2)
    assert found.stopped == "too many failures"
    assert found.counts()["failed"] == 3
    (tmp_path / "repaired").touch()
    assert swept(tmp_path / "a", simulate=simulate, rerun_failed=True).counts() == {"done": 12, "failed": 0}


class Fragile(InThisProcess):
    """A place whose workers are gone when work comes in, a few times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def submit(self, function, *arguments):
        self.times -= 1
        if self.times >= 0:
            raise BrokenProcessPool("a worker has ended")
        return super().submit(function, *arguments)


@pytest.mark.parametrize("times", [1, 2])
def test_work_that_comes_to_a_broken_place_is_not_forgotten(times):
    ready = prepare(worlds.small_plan())
    tasks, blocks = list(ready.tasks(ready.points)), []
    driver = Driver(Fragile(times), ready.context(worlds.quick), blocks.extend)
    driver.run(tasks, len(tasks))
    assert sorted(record_of(block).place for block in blocks) == [task.place for task in tasks]
    assert {record_of(block).status for block in blocks} == {"done"}


# --- interrupted ----------------------------------------------------------------------------------

SCRIPT = """
import functools
import sys
from sim.experiment.sweep import sweep
from tests.experiment.sweep import worlds
try:
    nap, notice = worlds.napping_for(0.03), functools.partial(print, flush=True)
    found = sweep(worlds.wide_plan(150), sys.argv[1], workers=2, simulate=nap, notice=notice)
except KeyboardInterrupt:
    sys.exit(131)
print(found.stopped)
sys.exit(130)
"""


@pytest.mark.parametrize(
    ("signals", "code"), [((signal.SIGINT,), 130), ((signal.SIGTERM,), 130), ((signal.SIGINT,) * 2, 131)]
)
def test_once_finishes_what_runs_and_twice_stops_at_once(tmp_path, signals, code):
    line = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    process = subprocess.Popen(
        line, cwd=ROOT, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    journal = tmp_path / ".journal-1of1"
    deadline = time.monotonic() + 60
    while not (journal.exists() and journal.stat().st_size > 100):
        assert time.monotonic() < deadline, "the sweep never began"
        time.sleep(0.01)
    os.killpg(process.pid, signals[0])
    assert process.stdout.readline() == "Finishing the runs under way; once more stops at once.\n"
    for number in signals[1:]:
        os.killpg(process.pid, number)
    out, _ = process.communicate(timeout=60)
    assert process.returncode == code
    if code == 130:
        assert out == "interrupted\n"
        assert 0 < len(open_sweep(tmp_path).runs()) < 150
        assert not journal.exists()
    found = sweep(worlds.wide_plan(150), tmp_path, workers=1, resume=True, simulate=worlds.quick)
    assert 0 < found.simulated < 150
    assert found.counts() == {"done": 150, "failed": 0}


# --- the folder -----------------------------------------------------------------------------------


def test_a_folder_that_holds_this_sweep_needs_resume(tmp_path):
    swept(tmp_path)
    with pytest.raises(RecordError, match="already holds this sweep; --resume goes on with it"):
        swept(tmp_path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"seed": 2}, "another plan"),
        ({"replications": 4}, "another plan"),
        ({"set": {"horizon.days": 9}}, "another plan and scenario"),
    ],
)
def test_another_sweep_in_the_folder_is_refused(tmp_path, change, expected):
    swept(tmp_path)
    before = digest(tmp_path)
    with pytest.raises(RecordError, match=expected):
        swept(tmp_path, worlds.small_plan(**change), resume=True)
    assert digest(tmp_path) == before


def test_a_change_of_the_model_is_refused(tmp_path, monkeypatch):
    swept(tmp_path)
    monkeypatch.setattr("sim.experiment.sweep.manifest.sources_stamp", lambda: "0" * 16)
    with pytest.raises(RecordError, match="the model has changed since"):
        swept(tmp_path, resume=True)


def test_a_worker_with_another_model_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiment.sweep.work.sources_stamp", lambda: "0" * 16)
    with pytest.raises(PlaceError, match="another version of the model"):
        swept(tmp_path)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            {"format": 0, "version": "0.0.1"},
            r"has format 0; this version reads and writes 1. Use channelsim 0.0.1",
        ),
        ({"study": "compare"}, r"of another study \(compare\)"),
    ],
)
def test_an_older_folder_is_refused(tmp_path, change, expected):
    swept(tmp_path)
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    for attempt in (lambda: open_sweep(tmp_path), lambda: swept(tmp_path, resume=True)):
        with pytest.raises(RecordError, match=expected):
            attempt()


@pytest.mark.parametrize("content", ["", "[]", "][", None])
def test_what_is_no_sweep_says_so(tmp_path, content):
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(RecordError, match=r"holds no manifest|cannot read|another study"):
        open_sweep(tmp_path)


def test_two_sweeps_at_once_are_refused_unless_they_are_shards(tmp_path):
    held = FolderLock(tmp_path, Shard(1, 2))
    with pytest.raises(RecordError, match=rf"another sweep is at work in .* \(process {os.getpid()} on"):
        swept(tmp_path)
    with pytest.raises(RecordError, match="another sweep is at work"):
        swept(tmp_path, shard="1/2")
    assert swept(tmp_path, shard="2/2").counts()["done"] == 6
    held.release()
    assert swept(tmp_path, resume=True).counts()["done"] == 12


def test_the_lock_of_a_process_that_is_gone_does_not_count(tmp_path):
    program = (
        "import os, sys; from pathlib import Path; from sim.experiment.sweep.lock import FolderLock, Shard; "
        "FolderLock(Path(sys.argv[1]), Shard()); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, env=ENVIRONMENT, check=False)
    assert (tmp_path / ".lock-1of1").exists()
    assert swept(tmp_path).counts()["done"] == 12
    assert not list(tmp_path.glob(".lock-*"))


@pytest.mark.parametrize("table", ["kpis", "runs"])
@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_part_is_named_and_only_its_runs_are_done_again(tmp_path, monkeypatch, table, damage):
    monkeypatch.setattr("sim.experiment.sweep.store._PART_RUNS", 4)
    monkeypatch.setattr("sim.experiment.sweep.driver.CHUNK_SECONDS", 1e-9)
    swept(tmp_path)
    before = digest(tmp_path)
    path = tmp_path / "parts" / f"{table}-1of1-00002.parquet"
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    else:
        content[len(content) // 3] ^= 255
        path.write_bytes(content if damage == "flip" else content[:-7])
    if (table, damage) == ("runs", "gone"):  # the part was never there, then
        assert swept(tmp_path, resume=True).simulated == 4
        assert digest(tmp_path) == before
        return
    with pytest.raises(
        RecordError, match=r"(is damaged|is missing); nothing else is lost: delete .*\*-1of1-00002"
    ) as error:
        swept(tmp_path, resume=True)
    assert path.name in str(error.value)
    for part in (tmp_path / "parts").glob("*-1of1-00002.parquet"):
        part.unlink()
    assert swept(tmp_path, resume=True).simulated == 4
    assert digest(tmp_path) == before


def test_a_full_disk_is_said_and_the_sweep_goes_on_later(tmp_path, monkeypatch):
    write, calls = os.pwrite, []

    def full(file, content, at):
        calls.append(at)
        if len(calls) > 6:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content, at)

    monkeypatch.setattr("sim.experiment.sweep.driver.CHUNK_SECONDS", 1e-9)
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(RecordError, match="no space left on the disk; every finished run is kept"):
            swept(tmp_path)
    found = swept(tmp_path, resume=True)
    assert 0 < found.simulated < 12
    assert digest(tmp_path) == digest(swept(tmp_path / "calm").folder)


def test_a_disk_that_is_full_when_a_part_is_written_keeps_the_runs(tmp_path, monkeypatch):
    def full(*_):
        raise RecordError("there is no space left on the disk")

    with monkeypatch.context() as patched:
        patched.setattr("sim.experiment.sweep.store.write_part", full)
        with pytest.raises(RecordError, match=r"no space left .* every finished run is kept"):
            swept(tmp_path)
    assert swept(tmp_path, resume=True).simulated == 0


def test_a_place_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(RecordError, match="taken is a file, not a folder"):
        swept(tmp_path / "taken")
    with pytest.raises(RecordError, match="cannot write in /proc/channelsim"):
        swept(Path("/proc/channelsim"))


def test_arguments_that_do_not_go_together_are_refused(tmp_path):
    with pytest.raises(ExperimentError, match="at least 1"):
        sweep(worlds.small_plan(), tmp_path / "a", workers=0)
    with pytest.raises(ExperimentError, match="not both"):
        sweep(worlds.small_plan(), tmp_path / "b", workers=2, cluster="tcp://127.0.0.1:1")
    with pytest.raises(ExperimentError, match="max_failures"):
        sweep(worlds.small_plan(), tmp_path / "c", max_failures=-1)


def test_a_cluster_that_does_not_answer_says_so(monkeypatch):
    monkeypatch.setattr("sim.experiment.sweep.places._CONNECT_SECONDS", 0.5)
    with pytest.raises(PlaceError, match=r"the cluster at tcp://127\.0\.0\.1:9 does not answer"):
        Cluster("tcp://127.0.0.1:9")
