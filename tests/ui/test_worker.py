"""A worker's side of the pipes: a stop that comes at any moment loses no message."""

from __future__ import annotations

import io
import json
import random
import signal
import sys
import threading
import time
from collections.abc import Iterator
from importlib import import_module

import pytest

from sim.ui.question import Stage
from sim.ui.worker import Worker

STEPS = 400
LATEST = 0.002
"""Seconds; a step takes half as long, so stops come before, within and behind its end."""


@pytest.fixture
def worker() -> Iterator[Worker]:
    """A worker in this process, with its handler of stops and an output to read."""
    found = Worker()
    found._output = io.StringIO()
    before = signal.signal(signal.SIGINT, found._on_interrupt)
    yield found
    signal.signal(signal.SIGINT, before)


def test_every_step_gets_exactly_one_message_whenever_it_is_stopped(worker, monkeypatch, request):
    def work(_step):
        until = time.perf_counter() + LATEST / 2
        while time.perf_counter() < until:
            pass
        return {"event": "found", "stage": 1}

    monkeypatch.setattr(worker, "_next", work)
    before = sys.getswitchinterval()
    sys.setswitchinterval(LATEST / 100)  # else the thread that stops comes last, every time
    request.addfinalizer(lambda: sys.setswitchinterval(before))
    chance = random.Random(1)
    for ticket in range(1, STEPS + 1):
        delay = chance.uniform(0.0, LATEST)
        stopper = threading.Timer(delay, worker._stop, args=(ticket,))
        stopper.start()
        worker._step({"ticket": ticket, "key": "a question", "helps": False, "known": 0})
        stopper.join()
    said = [json.loads(line) for line in worker._output.getvalue().splitlines()]
    assert [message["ticket"] for message in said] == list(range(1, STEPS + 1))
    assert {message["event"] for message in said} == {"found", "stopped"}


def test_a_step_that_was_stopped_before_it_began_is_left(worker, monkeypatch):
    monkeypatch.setattr(worker, "_next", lambda _step: {"event": "found", "stage": 1})
    worker._stop(1)
    for ticket in (1, 2):
        worker._step({"ticket": ticket, "key": "a question", "helps": False, "known": 0})
    said = [json.loads(line)["event"] for line in worker._output.getvalue().splitlines()]
    assert said == ["stopped", "found"]
    assert worker._unwanted == set()


def test_a_stop_waits_until_a_module_is_loaded(worker, monkeypatch, tmp_path):
    (tmp_path / "loads_slowly.py").write_text(
        "from time import sleep\nbegun = True\nfor _ in range(50):\n    sleep(0.002)\nis_whole = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "loads_slowly", raising=False)
    loaded = []

    def work(_step):
        loaded.append(import_module("loads_slowly"))
        time.sleep(60.0)
        return {"event": "found", "stage": 1}

    def stop_in_the_middle():
        while not hasattr(sys.modules.get("loads_slowly"), "begun"):
            time.sleep(0.001)
        worker._stop(1)

    monkeypatch.setattr(worker, "_next", work)
    stopper = threading.Thread(target=stop_in_the_middle)
    stopper.start()
    worker._step({"ticket": 1, "key": "a question", "helps": False, "known": 0})
    stopper.join()
    assert [json.loads(line)["event"] for line in worker._output.getvalue().splitlines()] == ["stopped"]
    assert [module.is_whole for module in loaded] == [True]


QUICK = Stage(0, 4, {"from": "quick"})
YEARS = [Stage(number, 4, {"from": "years"}) for number in (1, 2, 4)]


def found_after(worker: Worker, monkeypatch: pytest.MonkeyPatch, stages: list[Stage], *place: int) -> object:
    """What a worker finds that begins a question of which others know the stages up to a place."""
    monkeypatch.setattr(worker, "_stages", lambda _step: iter(stages))
    worker._begun.clear()
    return worker._next({"key": "a question", "helps": False, "known": list(place)})


def test_a_worker_that_leaves_out_the_quick_stage_finds_the_same_next_one(worker, monkeypatch):
    for place, done in (((-1, 0), 1), ((0, 0), 1), ((1, 0), 2), ((2, 0), 4)):
        slow = found_after(worker, monkeypatch, [QUICK, *YEARS], *place)
        fast = found_after(worker, monkeypatch, YEARS, *place)
        assert fast["done"] == done
        assert fast == slow or place == (-1, 0)


def test_stages_with_as_many_histories_are_told_apart(worker, monkeypatch):
    stages = [QUICK, QUICK._replace(result={"from": "more of it"}), *YEARS]
    assert found_after(worker, monkeypatch, stages, 0, 0)["result"] == {"from": "more of it"}
    assert found_after(worker, monkeypatch, stages, 0, 1)["done"] == 1
