"""The desk and the process behind it: the command line's digits, one question at a time, no leftovers."""

from __future__ import annotations

import json
import shlex
import sys
import time
from collections.abc import Callable

import pytest

from sim.cli import main
from sim.ui.desk import Desk
from sim.ui.question import STAGES, Question
from tests.ui.small import FEW_VISITS

ECHO = """
import json, sys
print(json.dumps({"event": "start", "compiled": True}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if "give_up" in message:
        print(json.dumps({"event": "given_up", "key": message["give_up"]}), flush=True)
    elif message["ask"]["path"] == "replicate":
        print(json.dumps({"event": "failed", "key": "KEY", "message": "no"}).replace("KEY", "x"), flush=True)
        sys.exit(1)
"""


def wait_for(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Kept runs of this test only."""
    monkeypatch.setenv("CHANNELSIM_CACHE", str(tmp_path))


@pytest.mark.usefixtures("kept")
def test_the_page_has_the_digits_of_the_command_line(capsys):
    question = Question("densify", FEW_VISITS, days=7)
    desk = Desk()
    try:
        seen = []

        def is_there() -> bool:
            (answer,) = desk.look_at("me", question)
            if answer.replications not in seen:
                seen.append(answer.replications)
            return answer.is_final

        wait_for(is_there)
        (answer,) = desk.look_at("me", question)
        assert seen == sorted(seen)
        assert answer.replications == STAGES[-1]
        assert main([*shlex.split(question.command())[1:], "--json", "--workers", "1"]) == 0
        assert answer.result == json.loads(capsys.readouterr().out)
        process = desk._process
    finally:
        desk.close()
    assert process is not None
    assert process.returncode == 0


def test_what_nobody_looks_at_is_given_up():
    desk = Desk(command=(sys.executable, "-c", ECHO))
    first, second = Question("densify", {"a": 1}), Question("densify", {"a": 2})
    desk.look_at("me", first)
    wait_for(lambda: desk._current == first.key)
    desk.look_at("me", second)
    wait_for(lambda: desk._current == second.key)
    desk.look_at("you", second)
    desk.look_at("me", first)
    assert desk._current == second.key, "somebody else still looks at it"
    desk.look_at("you", first)
    wait_for(lambda: desk._current == first.key)
    desk.close()


def test_a_process_that_dies_is_said_and_started_again():
    desk = Desk(command=(sys.executable, "-c", ECHO))
    lost = Question("replicate")
    desk.look_at("me", lost)
    wait_for(lambda: desk.look_at("me", lost)[0].is_final)
    assert "ended unexpectedly" in desk.look_at("me", lost)[0].message
    other = Question("densify")
    desk.look_at("me", other)
    wait_for(lambda: desk._current == other.key)
    assert desk.look_at("me", other)[0].message == ""
    desk.close()


def test_equal_questions_have_equal_names():
    assert Question("densify", {"a": 1}).key == Question("densify", {"a": 1}).key
    names = {
        Question("densify").key,
        Question("replicate").key,
        Question("densify", {"a": 1}).key,
        Question("densify", days=7).key,
    }
    assert len(names) == 4
