"""Getting in: help, short help, typos, words that make no sense."""

from __future__ import annotations

import re
import socket

import pytest

from sim.cli.app import joined_volumes

COMMANDS = [
    "demo", "run", "compare", "scale", "claims", "sweep", "sensitivity",
    "optimise", "report", "validate", "explain", "verify", "ui",
]  # fmt: skip


def test_without_words_there_is_a_short_help_with_two_examples(channelsim):
    done = channelsim()
    assert done.code == 0
    assert len(re.findall(r"^  channelsim \w+", done.out, re.MULTILINE)) == 2
    assert "illustrative" in done.out
    assert len(done.out.splitlines()) < 12


def test_help_lists_every_command_whole(channelsim):
    done = channelsim("--help")
    _, _, commands = done.out.partition("Commands:")
    assert re.findall(r"^  ([a-z]+)\s{2,}\S", commands, re.MULTILINE) == COMMANDS
    assert "..." not in commands


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(channelsim, command):
    done = channelsim(command, "--help")
    assert done.code == 0
    assert f"channelsim {command}" in done.out


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("scael",), 2, "Did you mean 'scale'"),
        (("run", "--sead", "3"), 2, "--seed"),
        (("run", "--seed", "x"), 2, "--seed"),
        (("run", "--seed", "-1"), 2, "--seed"),
        (("run", "--replications", "0"), 2, "--replications"),
        (("run", "base", "--engine", "compild"), 2, "did you mean compiled?"),
        (("scale",), 2, "SCENARIO"),
        (("scale", "community_pickup", "--path", "densfy"), 2, "did you mean densify?"),
        (
            ("scale", "community_pickup", "--path", "densify", "--metric", "cost_per_oder"),
            2,
            "cost_per_order",
        ),
        (("scale", "community_pickup", "--path", "densify", "--adjust", "nope"), 2, "policy"),
        (("scale", "community_pickup", "--path", "densify", "--growth", "a year"), 2, "12m"),
        (("scale", "community_pickup", "--path", "densify", "--margin", "-1"), 2, "--margin"),
        (("scale", "community_pickup", "--volumes", "1"), 2, "at least two"),
        (("scale", "community_pickup", "--shapley", "ranking"), 2, "--path or --causes"),
        (
            ("scale", "community_pickup", "--path", "densify", "--no-causes", "--shapley", "ranking"),
            2,
            "--path or --causes",
        ),
        (("scale", "community_pickup", "--volumes", "1,two"), 2, "'two'"),
        (("scale", "community_pickup", "--volumes", "0,1"), 2, "above 0"),
        (("scale", "base", "--path", "fragment"), 2, "no pickup layer"),
        (
            ("scale", "community_pickup", "--path", "densify", "--against", "door_onli"),
            3,
            "did you mean 'door_only'?",
        ),
        (("compare", "base"), 2, "--without-source NAME"),
        (("explain", "base", "markets"), 2, "did you mean 'market'?"),
        (("explain", "--schema", "--diff", "base", "door_only"), 2, "one of them"),
        (("run", "community_pikup"), 3, "did you mean 'community_pickup'?"),
        (("run", "base", "--set", "channels.tmall.comission=0.04"), 3, "did you mean 'commission'?"),
        (("run", "base", "--set", "channels.tmall.commission=1.2"), 3, "1.2"),
        (("run", "base", "--set", "nonsense"), 3, "nonsense"),
    ],
)
def test_words_that_make_no_sense_are_refused_with_the_way_out(channelsim, words, code, expected):
    done = channelsim(*words)
    assert done.code == code
    assert expected in done.err
    assert done.out == ""
    assert "Traceback" not in done.err


def test_volumes_may_stand_with_blanks():
    words = ["scale", "base", "--volumes", "0.5", "1", "2", "--seed", "3"]
    assert joined_volumes(words) == ["scale", "base", "--volumes", "0.5,1,2", "--seed", "3"]
    assert joined_volumes(["scale", "--volumes", "1,2", "base"]) == ["scale", "--volumes", "1,2", "base"]


def test_nobody_is_sent_to_a_port_that_another_program_has(channelsim):
    with socket.socket() as other:
        other.bind(("localhost", 0))
        other.listen()
        port = other.getsockname()[1]
        done = channelsim("ui", "--port", str(port))
    assert done.code == 2
    assert f"port {port} is taken by another program; choose one with --port" in done.err
    assert "Open" not in done.err
