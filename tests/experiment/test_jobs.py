"""Jobs: the same digits whoever does them, failures as rows, nothing simulated twice, nobody left behind."""

from __future__ import annotations

import functools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.experiment import ExperimentError, Job, Options, RunCache, RunFailedError, Runner, run_many
from sim.experiment.jobs import Failure, GrowthPlan, Summary
from sim.experiment.seeds import replication_seed, replication_seeds
from tests.experiment import planted

SIMULATE = planted.on(planted.Curve(fixed=1e5, unit=20.0))


def jobs_for(door, count=6):
    scenarios = [door, door.with_values({"market.peak.first_day": 300})]
    return [
        Job(scenario, seed, weight=float(seed % 3)) for seed in range(count // 2) for scenario in scenarios
    ]


# --- seeds ---


def test_seeds_never_collide_within_or_between_neighbouring_studies():
    seeds = [replication_seed(study, index) for study in range(40) for index in range(250)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_a_seed_does_not_depend_on_how_many_are_asked_for():
    assert replication_seeds(7, 3) == replication_seeds(7, 10)[:3]


@pytest.mark.parametrize(("study", "index"), [(-1, 0), (0, -1)])
def test_negative_seeds_are_refused(study, index):
    with pytest.raises(ExperimentError, match="at least 0"):
        replication_seed(study, index)
    with pytest.raises(ExperimentError, match="at least 1 replication"):
        replication_seeds(1, 0)


# --- digits ---


def test_digits_do_not_depend_on_workers_or_order(door):
    jobs = jobs_for(door)
    alone = run_many(jobs, 1, simulate=SIMULATE)
    assert run_many(jobs, 2, simulate=SIMULATE) == alone
    assert run_many(jobs[::-1], 2, simulate=SIMULATE)[::-1] == alone
    assert [summary.seed for summary in alone] == [job.seed for job in jobs]


def test_failures_are_rows_and_the_others_go_on(door):
    large = door.with_values({"market.sources.platform_search.visits_per_year": 50_000.0})
    first, broken, last = run_many([Job(door, 1), Job(large, 1), Job(door, 2)], 2, simulate=planted.failing)
    assert broken == Failure("ArithmeticError", "the books do not balance: 3 fen are missing")
    assert isinstance(first, Summary)
    assert isinstance(last, Summary)


def test_a_study_that_needs_a_failed_run_says_which(door):
    large = door.with_values({"market.sources.platform_search.visits_per_year": 50_000.0})
    with (
        Runner(1, simulate=planted.failing) as runner,
        pytest.raises(RunFailedError, match=r"'door_only' with seed 5 failed: ArithmeticError: the books"),
    ):
        runner.summaries([Job(door, 5), Job(large, 5)])


def test_nothing_is_simulated_twice_and_progress_counts_runs(door):
    seen = []
    with Runner(1, simulate=SIMULATE, progress=lambda done, total: seen.append((done, total))) as runner:
        runner.summaries([Job(door, 1), Job(door, 2), Job(door, 1)])
        runner.summaries([Job(door, 2), Job(door, 3)])
        assert runner.simulated == 3
    assert seen == [(1, 2), (2, 2), (3, 3)]


def test_options_reach_the_simulation_and_tell_runs_apart(door):
    options = [
        Options(),
        Options(engine="reference"),
        Options(sized_for=door),
        Options(growth=GrowthPlan(12, 2.0)),
    ]
    keys = {Job(door, 1, option).key() for option in options}
    assert len(keys) == len(options)
    smaller = door.with_values({"market.sources.platform_search.visits_per_year": 1})
    misfit = run_many([Job(door, 1, Options(sized_for=smaller))], simulate=SIMULATE)[0]
    assert (
        misfit.kpis["cost_per_order"] > run_many([Job(door, 1)], simulate=SIMULATE)[0].kpis["cost_per_order"]
    )
    refused = run_many([Job(door, 1, Options(growth=GrowthPlan(0, 2.0)))], simulate=SIMULATE)[0]
    assert refused == Failure("AssertionError", refused.message)


@pytest.mark.parametrize("workers", [0, -2])
def test_a_senseless_number_of_workers_is_refused(workers):
    with pytest.raises(ExperimentError, match="at least 1"):
        run_many([], workers)


def test_a_script_needs_no_guard_to_use_several_workers(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from sim.experiment import Job, run_many\n"
        "from sim.scenario import load\n"
        "from tests.experiment import planted\n"
        "runs = run_many([Job(load('door_only'), s) for s in (1, 2)], 2, simulate=planted.gaussian)\n"
        "print(len(runs), __name__, __file__ is not None)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [sys.executable, str(script)], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "2 __main__ True\n"


# --- cache ---


def test_kept_summaries_have_the_same_digits_and_need_no_simulation(door, tmp_path):
    jobs = jobs_for(door)
    with Runner(1, simulate=SIMULATE, cache=RunCache(tmp_path)) as runner:
        fresh = runner.summaries(jobs)
    with Runner(1, simulate=planted.failing, cache=RunCache(tmp_path)) as runner:
        assert runner.summaries(jobs) == fresh
        assert runner.simulated == 0


def test_another_version_of_the_model_and_damaged_files_count_as_nothing(door, tmp_path):
    job = Job(door, 1)
    with Runner(1, simulate=SIMULATE, cache=RunCache(tmp_path)) as runner:
        runner.summaries([job])
    assert RunCache(tmp_path, version="other").get(job.key()) is None
    for path in tmp_path.rglob("*.json"):
        path.write_text(path.read_text()[:40])
    assert RunCache(tmp_path).get(job.key()) is None


def test_the_cache_stays_within_its_size(door, tmp_path):
    summary = run_many([Job(door, 1)], simulate=SIMULATE)[0]
    cache = RunCache(tmp_path, max_bytes=30_000)
    for number in range(40):
        cache.put(f"{number:032x}", summary)
    files = list(tmp_path.rglob("*.json"))
    assert 0 < sum(path.stat().st_size for path in files) <= 30_000
    assert cache.get(f"{39:032x}") == summary


# --- interruption ---


def sleepy(*_, folder, **__):
    """Leave a mark, then sleep for as long as a test could take."""
    Path(folder, str(os.getpid())).touch()
    time.sleep(300)


def hang(folder: str) -> None:
    """Keep two workers busy for ever; run in a process of its own by the tests below."""
    from sim.scenario import load

    scenario = load("door_only")
    run_many([Job(scenario, seed) for seed in range(4)], 2, simulate=functools.partial(sleepy, folder=folder))


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rsplit(")", maxsplit=1)[1].split()[0] != "Z"


def wait_for(condition, what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited a minute for {what}"
        time.sleep(0.05)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_workers_go_when_their_study_goes(tmp_path, how):
    main = f"if __name__ == '__main__':\n    hang({str(tmp_path)!r})\n"
    script = tmp_path.parent / f"hang_{how}.py"
    script.write_text(f"from tests.experiment.test_jobs import hang\n{main}")
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    study = subprocess.Popen([sys.executable, str(script)], env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: len(list(tmp_path.iterdir())) == 2, "two workers to start")
        workers = [int(path.name) for path in tmp_path.iterdir()]
        study.send_signal(how)
        study.wait(timeout=60)
        wait_for(lambda: not any(is_alive(pid) for pid in workers), "the workers to end")
    finally:
        study.kill()
        study.wait()
    assert not any(is_alive(pid) for pid in workers)
