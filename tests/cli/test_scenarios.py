"""validate and explain: what a scenario is, before anything is simulated."""

from __future__ import annotations

import pytest

from sim.scenario import load, shipped
from sim.scenario.unit_economics import source_economics


def test_validate_lists_what_is_shipped(channelsim):
    done = channelsim("validate", "--json")
    assert [row["scenario"] for row in done.data] == list(shipped())
    assert all(len(row["story"]) > 20 for row in done.data)


def test_validate_says_what_each_source_leaves_and_what_looks_wrong(channelsim):
    done = channelsim("validate", "community_pickup", "--json")
    world = load("community_pickup")
    assert done.code == 0
    assert [row["contribution"] for row in done.data["sources"]] == [
        row.contribution for row in source_economics(world)
    ]
    assert [row["fix"] for row in done.data["warnings"]] == [warning.fix for warning in world.warnings]
    page = channelsim("validate", "community_pickup").out
    assert "Fix:" in page
    assert "yuan/order" in page


def test_validate_reports_all_problems_of_all_files(channelsim, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text("schema_version: 1\nextends: base.yaml\nmarket: {placs: 3, price_elasticity: high}\n")
    done = channelsim("validate", str(bad), "nowhere")
    assert done.code == 3
    assert "did you mean 'places'?" in done.err
    assert "price_elasticity" in done.err
    assert "nowhere" in done.err
    assert "3 problems found." in done.err
    assert f"{bad}:3" in done.err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00binary", b"[1, 2]", b"a: &x [*x]\n"])
def test_files_that_are_no_scenarios_are_refused_in_words(channelsim, tmp_path, content):
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    done = channelsim("run", str(path))
    assert done.code == 3
    assert "odd.yaml" in done.err
    assert "Traceback" not in done.err


def test_a_folder_is_no_scenario(channelsim, tmp_path):
    done = channelsim("run", str(tmp_path))
    assert done.code == 3
    assert "folder" in done.err or "directory" in done.err


def test_explain_says_who_set_a_value_and_what_it_rests_on(channelsim):
    done = channelsim(
        "explain", "base", "channels.tmall", "--set", "channels.tmall.commission=0.04", "--json"
    )
    values = {row["path"]: row for row in done.data["values"]}
    assert values["channels.tmall.commission"]["layer"] == "--set"
    assert values["channels.tmall.commission"]["value"] == 0.04
    assert all(path.startswith("channels.tmall.") for path in values)
    assert {row["layer"] for path, row in values.items() if not path.endswith(".commission")} >= {"base.yaml"}
    assert "channels.tmall.commission" in channelsim("explain", "base", "channels.tmall").out


def test_explain_shows_differences(channelsim):
    done = channelsim("explain", "--diff", "base", "community_pickup", "--json")
    rows = {row["path"]: row for row in done.data["differences"]}
    assert rows["pickup.community.points"]["old"] is None
    assert rows["pickup.community.points"]["new"] == 40
    same = channelsim("explain", "--diff", "base", "base")
    assert "same world" in same.out


def test_explain_writes_the_schema(channelsim):
    schema = channelsim("explain", "--schema").data
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert "market" in schema["properties"]
