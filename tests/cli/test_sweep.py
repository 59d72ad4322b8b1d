"""``channelsim sweep``: from a plan to a folder, with exit codes, progress and the way on."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli.app import resuming
from sim.cli.sweep import SweepProgress
from sim.experiment.seeds import replication_seeds
from sim.experiment.sweep import open_sweep
from sim.scenario import load
from tests.experiment.sweep import worlds

ROOT = Path(__file__).resolve().parents[2]
PLAN = """
scenario: door_only
set: {horizon.days: 3, horizon.warmup_days: 0}
design:
  grid:
    parameters:
      channels.tmall.commission: [0.03, 0.05]
replications: 2
"""


@pytest.fixture
def plan(tmp_path, monkeypatch) -> str:
    """A plan whose runs are planted: the simulation itself has its own tests."""
    monkeypatch.setattr("sim.world.simulate", worlds.quick)
    path = tmp_path / "commission.yaml"
    path.write_text(PLAN)
    return str(path)


def words(plan: str, folder: Path, *more: str) -> tuple[str, ...]:
    return ("sweep", plan, "--out", str(folder), "--workers", "1", *more)


def test_a_sweep_says_how_far_it_came_and_where(channelsim, plan, tmp_path):
    done = channelsim(*words(plan, tmp_path / "out"))
    assert done.code == 0
    assert "4 of 4 runs of door_only are done (grid: 2 points x 2 replications)" in " ".join(done.out.split())
    assert done.err == ""


def test_json_is_one_document_and_quiet_is_silent(channelsim, plan, tmp_path):
    found = channelsim(*words(plan, tmp_path / "a", "--json")).data
    assert (found["runs"], found["done"], found["failed"], found["simulated"]) == (4, 4, 0, 4)
    silent = channelsim(*words(plan, tmp_path / "b", "--quiet"))
    assert (silent.code, silent.out, silent.err) == (0, "", "")


def test_the_command_line_goes_over_the_plan(channelsim, plan, tmp_path):
    more = ("--replications", "3", "--seed", "7", "--set", "horizon.days=4", "--json")
    found = channelsim(*words(plan, tmp_path / "a", *more)).data
    assert found["runs"] == 6
    refused = channelsim(*words(plan, tmp_path / "a", "--resume"))
    assert refused.code == 6
    assert "another plan and scenario" in refused.err
    assert channelsim(*words(plan, tmp_path / "a", *more, "--resume")).data["simulated"] == 0


def test_a_value_is_set_with_what_it_rests_on(channelsim, plan, tmp_path):
    evidence = "{value: 1.1, range: [1, 1.2], source: a price list, grade: B}"
    done = channelsim(*words(plan, tmp_path / "out", "--set", f"channels.tmall.price_index={evidence}"))
    assert done.code == 0
    kept = load(tmp_path / "out" / "scenario.yaml").entry("channels.tmall.price_index")
    assert (kept.value, kept.range, kept.source, kept.grade) == (1.1, (1, 1.2), "a price list", "B")


def test_any_seed_of_a_study_is_the_seed_of_a_sweep(channelsim, plan, tmp_path):
    larger_than_a_word = 2**70 + 1
    done = channelsim(*words(plan, tmp_path / "out", "--seed", str(larger_than_a_word), "--json"))
    assert (done.code, done.data["done"]) == (0, 4)
    swept = open_sweep(tmp_path / "out")
    assert swept.manifest["seed"] == larger_than_a_word
    assert set(swept.runs()["seed"]) == set(replication_seeds(larger_than_a_word, 2))


def test_a_dry_run_foretells_and_writes_nothing(channelsim, plan, tmp_path):
    done = channelsim(*words(plan, tmp_path / "out", "--dry-run"))
    assert done.code == 0
    assert "room on the disk" in done.out
    assert not (tmp_path / "out").exists()
    assert channelsim(*words(plan, tmp_path / "out", "--dry-run", "--json")).data["runs"] == 4


def test_failed_runs_are_shown_and_done_again(channelsim, plan, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr("sim.world.simulate", worlds.failing)
        done = channelsim(*words(plan, tmp_path / "out"))
    assert done.code == 4
    assert "2 failed" in done.out
    assert "3 fen are missing" in done.out
    again = channelsim(*words(plan, tmp_path / "out", "--rerun-failed"))
    assert again.code == 0
    assert "4 of 4 runs" in again.out


def test_too_many_failures_say_how_to_go_on(channelsim, plan, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.world.simulate", worlds.failing)
    monkeypatch.setattr("sim.experiment.sweep.driver.CHUNK_SECONDS", 1e-9)
    done = channelsim(*words(plan, tmp_path / "out", "--max-failures", "0"))
    assert done.code == 4
    said = " ".join(done.out.split())
    assert "Stopped: too many failures. 1 run left. Go on with: channelsim sweep" in said
    assert said.count("--resume") == 1


def test_shards_are_merged(channelsim, plan, tmp_path):
    for k in (1, 2):
        for more in ((), ("--resume",)):
            done = channelsim(*words(plan, tmp_path / str(k), "--shard", f"{k}/2", *more))
            assert done.code == 0
            said = " ".join(done.out.split())
            assert (
                f"Share {k}/2 is done. When all shares are, join them with: channelsim sweep --merge" in said
            )
            assert "left" not in said
    folders = (str(tmp_path / "1"), str(tmp_path / "2"))
    done = channelsim("sweep", "--merge", *folders, "--out", str(tmp_path / "all"), "--csv", "--json")
    assert (done.code, done.data["done"]) == (0, 4)
    assert (tmp_path / "all" / "kpis.csv").exists()


def test_a_share_of_a_common_folder_says_what_is_left_of_it(channelsim, plan, tmp_path, monkeypatch):
    eight = words(plan, tmp_path / "out", "--replications", "4")
    first = channelsim(*eight, "--shard", "1/2", "--json").data
    assert (first["runs"], first["done"], first["shard"], first["left"]) == (8, 4, "1/2", 0)
    with monkeypatch.context() as patched:
        patched.setattr("sim.world.simulate", worlds.failing)
        patched.setattr("sim.experiment.sweep.driver.CHUNK_SECONDS", 1e-9)
        second = channelsim(*eight, "--shard", "2/2", "--max-failures", "0")
    assert "Stopped: too many failures. 1 run left. Go on with:" in " ".join(second.out.split())
    done = channelsim(*eight, "--shard", "2/2", "--rerun-failed")
    assert "8 of 8 runs" in done.out
    assert "Share" not in done.out  # the folder holds all of them, so nothing is to be joined


def test_a_copy_of_a_part_is_refused(channelsim, plan, tmp_path):
    channelsim(*words(plan, tmp_path / "out"))
    parts = tmp_path / "out" / "parts"
    shutil.copyfile(parts / "runs-1of1-00001.parquet", parts / "runs-1of1-00002.parquet")
    done = channelsim(*words(plan, tmp_path / "out", "--resume"))
    assert (done.code, done.out) == (6, "")
    assert "runs-1of1-00002.parquet was written as runs-1of1-00001.parquet" in done.err
    (parts / "runs-1of1-00002.parquet").unlink()
    assert channelsim(*words(plan, tmp_path / "out", "--resume")).code == 0


@pytest.mark.parametrize(
    ("more", "code", "expected"),
    [
        (("--shard", "3/2"), 2, "a shard is k/n"),
        (("--engine", "compild"), 2, "did you mean compiled?"),
        (("--workers", "2", "--cluster", "tcp://127.0.0.1:9"), 2, "not both"),
        (("--csv",), 2, "--csv goes with --merge"),
        (("--set", "nonsense"), 3, "PATH=VALUE"),
        (("--set", "channels.tmall.comission=0.04"), 3, "did you mean 'commission'?"),
        (
            ("--set", "channels.tmal.price_index=1"),
            3,
            "--set: channels.tmal.price_index: unknown name 'tmal'",
        ),
        (("--set", "market.places=30", "--set", "market.places=31"), 3, "--set: market.places: is set twice"),
        (("--set", "channels.tmall.commission=0.04"), 3, "is varied by the design"),
        (
            ("--replications", "100001"),
            2,
            "--replications should be less than or equal to 100000 (got 100001)",
        ),
        (("another.yaml",), 2, "give one plan"),
        (("--merge", "--csv"), 6, "holds no manifest"),
    ],
)
def test_words_that_make_no_sense_are_refused(channelsim, plan, tmp_path, more, code, expected):
    done = channelsim("sweep", plan, "--out", str(tmp_path / "out"), *more)
    assert done.code == code
    assert expected in done.err
    assert done.out == ""


def test_a_plan_with_a_typo_is_refused_with_its_line(channelsim, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(PLAN.replace("replications", "replicatoins"))
    done = channelsim("sweep", str(path))
    assert done.code == 3
    assert "plan.yaml:8:1: replicatoins" in done.err
    assert "did you mean 'replications'?" in done.err
    assert channelsim("sweep", str(tmp_path / "nowhere.yaml")).code == 3


def test_a_folder_that_is_taken_says_how_to_go_on(channelsim, plan, tmp_path):
    channelsim(*words(plan, tmp_path / "out"))
    done = channelsim(*words(plan, tmp_path / "out"))
    assert done.code == 6
    assert "--resume goes on with it" in done.err


PROGRAM = """
import sys
import sim.world
from sim.cli import main
from tests.experiment.sweep import worlds
sim.world.simulate = worlds.napping_for(0.05)
sys.exit(main(sys.argv[1:]))
"""


def test_ctrl_c_finishes_what_runs_and_says_how_to_go_on(tmp_path):
    (tmp_path / "plan.yaml").write_text(PLAN.replace("replications: 2", "replications: 500"))
    asked = words(str(tmp_path / "plan.yaml"), tmp_path / "out")
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *asked],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    journal = tmp_path / "out" / ".journal-1of1"
    deadline = time.monotonic() + 60
    while not (journal.exists() and journal.stat().st_size > 1000):
        assert time.monotonic() < deadline, "the sweep never began"
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped: interrupted." in out
    assert "Finishing the runs under way" in err
    assert err.rstrip().endswith(f"Run again with: channelsim {shlex.join(asked)} --resume")
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["sweep", "p.yaml"], ["sweep", "p.yaml", "--resume"]),
        (["sweep", "p.yaml", "--resume"], ["sweep", "p.yaml", "--resume"]),
        (["run", "base"], ["run", "base"]),
    ],
)
def test_the_way_on_keeps_what_is_there(given, expected):
    assert resuming(given) == expected


def test_progress_has_rate_and_time_left(capsys, monkeypatch):
    clock = [100.0]
    monkeypatch.setattr("sim.cli.sweep.time.monotonic", lambda: clock[0])
    progress = SweepProgress("commission")
    clock[0] = 110.0
    progress(50, 1050, 2)
    progress.clear()
    assert (
        "commission: 50 of 1,050 runs, 2 failed, 5.0 a second, about 3 min 20 s left"
        in capsys.readouterr().err
    )
