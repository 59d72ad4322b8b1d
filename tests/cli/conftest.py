"""A command line for tests: small worlds, a store of runs of their own, one process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from sim.cli import main

WEEK = ("--set", "horizon.days=7", "--workers", "1")


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


Channelsim = Callable[..., Done]


@pytest.fixture(scope="session")
def kept_runs(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder for kept runs, shared by all tests: equal runs are simulated once."""
    return str(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def channelsim(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, kept_runs: str
) -> Channelsim:
    """Run a command in this process."""
    monkeypatch.setenv("CHANNELSIM_CACHE", kept_runs)

    def call(*words: str) -> Done:
        capsys.readouterr()
        code = main(words)
        written = capsys.readouterr()
        return Done(code, written.out, written.err)

    return call
