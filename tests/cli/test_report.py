"""``channelsim report``: a brief from a record and from a scenario, its files, and what is refused."""

from __future__ import annotations

import json
import re
import zipfile

import pytest

from sim.report import photograph as camera
from sim.scenario import load
from tests.cli.conftest import WEEK

SMALL = ("--path", "densify", "--volumes", "0.5,1", "--replications", "2", "--no-causes", "--worlds", "0")


@pytest.fixture(scope="module")
def effortless():
    """An effort that simulates next to nothing beyond the study."""
    from sim.experiment.brief import Effort

    return Effort(screened=2, kept=1, replications=2, pairs=0, halvings=0, worlds=1)


@pytest.fixture(autouse=True)
def _little(monkeypatch, effortless):
    monkeypatch.setattr("sim.experiment.brief.QUICK", effortless)
    monkeypatch.setattr("sim.experiment.brief.FULL", effortless)


@pytest.fixture
def record(channelsim, tmp_path):
    folder = tmp_path / "study"
    done = channelsim("scale", "community_pickup", *WEEK, *SMALL, "--out", str(folder), "--quiet")
    assert done.code == 0, done.err
    return folder


def test_a_record_becomes_a_page_a_document_and_a_bundle(channelsim, record, tmp_path):
    page, bundle = tmp_path / "brief.html", tmp_path / "brief.zip"
    words = ("--out", str(page), "--bundle", str(bundle), "--workers", "1")
    done = channelsim("report", str(record), *words, "--json")
    assert (done.code, done.err) == (0, "")
    study = json.loads((record / "result.json").read_text())
    assert done.data["study"] == study
    assert done.data["verdict"] == study["verdict"]
    assert set(done.data["effects"][0]["value"]) == {"mean", "low", "high", "unit", "n"}
    shown = dict(re.findall(r'<data value="([^"]+)" data-from="([^"]+)">', page.read_text()))
    assert (
        float(next(value for value, place in shown.items() if place == "effects.0.value.mean"))
        == (done.data["effects"][0]["value"]["mean"])
    )
    with zipfile.ZipFile(bundle) as archive:
        assert archive.read("manifest.json") == (record / "manifest.json").read_bytes()
        assert archive.read("brief.html") == page.read_bytes()
        assert json.loads(archive.read("brief.json")) == done.data
    first = bundle.read_bytes()
    again = channelsim("report", str(record), *words)
    assert again.code == 0
    assert bundle.read_bytes() == first
    assert "Written:" in again.out
    assert channelsim("report", str(bundle), "--workers", "1", "--json").data == done.data
    assert channelsim("verify", str(bundle), "--workers", "1").code == 0


def test_a_scenario_is_asked_first(channelsim, tmp_path):
    page = tmp_path / "b.html"
    words = (*WEEK, "--against", "door_only", "--question", "compare", "--replications", "2")
    done = channelsim("report", "community_pickup", *words, "--out", str(page), "--language", "zh", "--json")
    assert (done.code, done.err) == (0, "")
    assert (done.data["subject"]["scenario"], done.data["subject"]["against"]) == (
        "community_pickup",
        "door_only",
    )
    assert done.data["origin"]["replications"] == 2
    assert '<html lang="zh-Hans">' in page.read_text()
    assert "结论" in page.read_text()


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("community_pikup",), 3, "did you mean 'community_pickup'?"),
        (("base", "--question", "scal"), 2, "did you mean scale?"),
        (("base", "--path", "densfy"), 2, "did you mean densify?"),
        (("base", "--question", "compare"), 2, "--against"),
        (("base", "--question", "compare", "--against", "door_only", "--path", "densify"), 2, "--path"),
        (("base", "--language", "fr"), 2, "en, zh"),
        (("base", "--out", "brief.pdf"), 2, ".html"),
        (("base", "--out", "nowhere/brief.html"), 6, "no folder nowhere"),
        (("base", "--json", "--png"), 2, "--out"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_runs(channelsim, words, code, expected):
    done = channelsim("report", *words)
    assert done.code == code
    assert expected in done.err
    assert done.out == ""


def test_a_comparison_without_orders_is_no_brief_and_no_fault(channelsim, tmp_path):
    sources = load("door_only").market.sources
    named = [name for name in type(sources).model_fields if getattr(sources, name) is not None]
    changes = [f"    {name}: {{visits_per_year: 0}}\n" for name in named]
    idle = tmp_path / "idle.yaml"
    head = "schema_version: 1\nextends: door_only.yaml\ntitle: Idle\nmarket:\n  sources:\n"
    idle.write_text(head + "".join(changes))
    few = (*WEEK, "--replications", "2")
    words = ("--against", "door_only", "--question", "compare", "--out", str(tmp_path / "b.html"))
    done = channelsim("report", str(idle), *words, *few)
    assert done.code == 2
    assert "idle has no orders in 2 of 2 replications" in done.err
    assert not (tmp_path / "b.html").exists()
    found = channelsim("compare", "door_only", str(idle), *few, "--json")
    assert (found.code, found.data["waterfall"]) == (0, [])
    assert "contribution_per_order" not in found.data["difference"]
    assert found.data["difference"]["contribution"]["mean"] < 0


def test_options_of_a_study_do_not_go_with_a_record(channelsim, record):
    done = channelsim("report", str(record), "--seed", "2")
    assert done.code == 2
    assert "--seed goes with a scenario" in done.err


def test_a_picture_needs_a_browser(channelsim, record, monkeypatch, tmp_path):
    monkeypatch.setattr(camera, "find_browser", lambda: None)
    page = tmp_path / "brief.html"
    done = channelsim("report", str(record), "--out", str(page), "--png")
    assert done.code == 6
    assert "install Chromium or Chrome" in done.err
    assert not page.exists()
