"""Full disks, readers that leave, files in the way, interruptions, faults of our own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import WEEK

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = (sys.executable, "-m", "sim.cli")


def started(*words: str, kept_runs: str, **more: object) -> subprocess.Popen[str]:
    """Start the program in a process group of its own."""
    environment = {**os.environ, "CHANNELSIM_CACHE": kept_runs}
    return subprocess.Popen(  # type: ignore[call-overload, no-any-return]
        [*PROGRAM, *words], cwd=ROOT, env=environment, text=True, start_new_session=True, **more
    )


def test_a_file_where_a_folder_should_be(channelsim, tmp_path):
    (tmp_path / "taken").write_text("mine")
    done = channelsim("run", "base", *WEEK, "--replications", "1", "--out", str(tmp_path / "taken"))
    assert done.code == 6
    assert "taken" in done.err
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize("words", [("verify", "nowhere"), ("verify", __file__)])
def test_what_is_no_record_cannot_be_verified(channelsim, words):
    done = channelsim(*words)
    assert done.code == 6
    assert "Traceback" not in done.err


def test_a_damaged_record_is_said_to_be_damaged(channelsim, tmp_path):
    folder = tmp_path / "study"
    channelsim("run", "base", *WEEK, "--replications", "1", "--out", str(folder), "--quiet")
    (folder / "runs.parquet").write_bytes(b"not a table")
    done = channelsim("verify", str(folder))
    assert done.code == 6
    assert "changed since" in done.err


def test_a_store_of_runs_that_cannot_be_written_is_done_without(channelsim, tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("")
    monkeypatch.setenv("CHANNELSIM_CACHE", str(tmp_path / "taken"))
    assert channelsim("run", "base", *WEEK, "--replications", "1").code == 0


def test_a_fault_of_our_own_is_an_apology_and_a_file(channelsim, tmp_path, monkeypatch):
    def broken(*_: object) -> None:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("sim.report.run.run_page", broken)
    done = channelsim("run", "base", *WEEK, "--replications", "1")
    assert done.code == 1
    assert done.err.startswith("Sorry")
    assert "Traceback" not in done.err
    (kept,) = tmp_path.glob("channelsim-*.txt")
    assert str(kept) in done.err
    assert "by nothing" in kept.read_text()


def test_a_run_that_fails_is_named(channelsim, monkeypatch):
    def failing(*_: object, **__: object) -> None:
        raise RuntimeError("the books do not balance")

    monkeypatch.setattr("sim.world.simulate", failing)
    done = channelsim("run", "base", *WEEK, "--replications", "1", "--seed", "99")
    assert done.code == 4
    assert "the books do not balance" in done.err


@pytest.mark.parametrize("words", [("explain", "base"), ("--help",)])
def test_a_full_disk_is_said(words, kept_runs):
    with Path("/dev/full").open("w") as full:
        process = started(*words, kept_runs=kept_runs, stdout=full, stderr=subprocess.PIPE)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 6
    assert err == "Error: there is no space left on the disk\n"


def test_a_reader_that_leaves_is_no_reason_to_shout(kept_runs):
    process = started(
        "explain", "--schema", kept_runs=kept_runs, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) == 6
    process.stderr.close()


def test_an_interrupted_study_leaves_nothing_half_written(tmp_path, kept_runs):
    folder = tmp_path / "study"
    words = (
        "scale",
        "community_pickup",
        "--path",
        "densify",
        "--workers",
        "2",
        "--seed",
        "7",
        "--out",
        str(folder),
    )
    process = started(*words, kept_runs=kept_runs, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 60
    while not (folder / "manifest.json").exists():
        assert time.monotonic() < deadline, "the study never began"
        time.sleep(0.05)
    time.sleep(1.0)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "nothing is half-written" in err
    assert "channelsim scale community_pickup" in err
    assert "Traceback" not in err
    assert json.loads((folder / "manifest.json").read_text())["status"] == "started"
    left = {path.name for path in folder.rglob("*") if path.is_file()}
    assert left == {"manifest.json", "community_pickup.yaml"}
    while alive_in_group(process.pid):  # the last of them may still be loading
        assert time.monotonic() < deadline, "processes were left behind"
        time.sleep(0.05)


def alive_in_group(group: int) -> list[int]:
    """Processes of a group that are neither gone nor waiting to be collected."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue  # it ended while we looked
        state, _, owner = rest.split()[:3]
        if int(owner) == group and state != "Z":
            found.append(int(stat.parent.name))
    return found


def test_the_first_compilation_is_said_once(channelsim, tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    first = channelsim("run", "base", *WEEK, "--replications", "1")
    assert "Compiling" in first.err
    (tmp_path / "kernel.nbi").write_text("")
    assert channelsim("run", "base", *WEEK, "--replications", "1").err == ""
