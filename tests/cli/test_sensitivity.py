"""``channelsim sensitivity``: what is said first, tables, exit codes, and a study of the real world."""

from __future__ import annotations

import re

import pytest

from tests.experiment.sensitivity.nursery import PATHS, additive, choice, fragile, planted, ranges

SLOPES = (12.0, -7.0, 4.0)


@pytest.fixture
def sensitivity(channelsim, monkeypatch):
    """The command over a planted world: the simulation itself has its own tests."""
    monkeypatch.setattr("sim.world.simulate", planted(additive, slopes=SLOPES, common=2.0))

    def call(*words: str, scenario: str = "door_only"):
        return channelsim("sensitivity", scenario, "--workers", "1", "--fresh", *words)

    return call


def named(*paths: str) -> tuple[str, ...]:
    return tuple(word for path in paths for word in ("--parameters", path))


def test_runs_and_time_are_said_before_the_table(sensitivity):
    done = sensitivity(*named(*PATHS[:4]), "--replications", "3")
    assert done.code == 0
    assert done.err.startswith("tornado: 27 runs for 4 assumptions, one at a time: about ")
    assert done.out.startswith(f"{PATHS[0]} moves contribution per order most: from ")
    assert "3 of 4 bars stand out of the noise." in " ".join(done.out.split())
    assert "none was left out" in done.out


def test_both_ends_are_labelled_and_bars_in_the_noise_are_marked(sensitivity):
    lines = sensitivity(*named(*PATHS[:4]), "--replications", "3").out.splitlines()
    row = next(line for line in lines if line.startswith("channels.tmall.commission"))
    assert row.split()[1:4] == ["share", "0.03", "0.055"]
    assert "-7.0" in row
    assert "within noise" not in row
    grey = next(line for line in lines if line.startswith(PATHS[3]))
    assert grey.endswith("within noise")
    table = lines[next(place for place, line in enumerate(lines) if line.startswith("---")) :]
    assert [line.split()[0] for line in table[1:5]] == list(PATHS[:4])


def test_what_a_screening_left_out_is_said(sensitivity):
    done = sensitivity("--keep", "3", "--replications", "2", "--json")
    found = done.data
    assert [row["path"] for row in found["rows"]] == list(PATHS[:3])
    about = found["assumptions"]
    assert (about["available"], about["measured"]) == (len(ranges()), 3)
    assert about["left_out"] == len(about["screening"]["left_out"]) == len(ranges()) - 3
    assert found["runs"] == found["forecast"]["runs"] == about["screening"]["worlds"] + 2 * 7
    assert found["forecast"]["seconds"] > 0.0
    assert f"to screen {len(ranges())} assumptions" in done.err


@pytest.mark.parametrize(
    ("method", "words"),
    [("morris", "moves contribution per order most"), ("sobol", "of the variance of contribution per order")],
)
def test_morris_and_sobol_have_tables_of_their_own(sensitivity, method, words):
    done = sensitivity("--method", method, *named(*PATHS[:3]), "--points", "8")
    assert done.code == 0
    assert words in " ".join(done.out.split())
    assert done.out.index(PATHS[0]) < done.out.index(PATHS[1]) < done.out.index(PATHS[2])


def test_information_ranks_by_yuan_a_year(sensitivity, monkeypatch):
    monkeypatch.setattr("sim.world.simulate", planted(choice, offset=-1.0, slopes=(6.0,), alone=0.2))
    words = ("--method", "information", *named(*PATHS[:2]), "--points", "64")
    done = sensitivity(*words, scenario="community_pickup")
    assert f"measure {PATHS[0]} first" in " ".join(done.out.split())
    assert "yuan/year" in done.out
    found = sensitivity(
        *words, "--choice", "pickup.community.points=0", "--json", scenario="community_pickup"
    ).data
    assert list(found["decisions"]) == ["community_pickup", "pickup.community.points=0"]
    assert found["rows"][0]["value"]["unit"] == "yuan/year"


def test_where_one_choice_is_always_best_no_table_of_values_is_shown(sensitivity, monkeypatch):
    monkeypatch.setattr("sim.world.simulate", planted(choice, offset=5.0, slopes=(6.0,)))
    words = ("--method", "information", *named(*PATHS[:2]), "--points", "32")
    done = sensitivity(*words, scenario="community_pickup")
    assert "no single assumption is worth measuring" in " ".join(done.out.split())
    assert "worth knowing" not in done.out


def test_a_dry_run_only_foretells(sensitivity, tmp_path):
    done = sensitivity("--dry-run", "--json", "--out", str(tmp_path / "record"))
    assert done.data["measured"] == 20
    assert done.data["runs"] == done.data["screening_runs"] + 5 * 41
    assert not (tmp_path / "record").exists()
    assert sensitivity("--dry-run").out.startswith("tornado: ")


def test_the_record_holds_tidy_tables_and_can_be_verified(sensitivity, channelsim, tmp_path):
    import pandas as pd

    folder = tmp_path / "record"
    assert sensitivity(*named(*PATHS[:3]), "--replications", "2", "--out", str(folder), "--quiet").code == 0
    for table in (pd.read_csv(folder / "assumptions.csv"), pd.read_parquet(folder / "assumptions.parquet")):
        assert list(table["path"]) == list(PATHS[:3])
    assert channelsim("verify", str(folder), "--workers", "1").code == 0


def test_the_chart_labels_both_ends_and_greys_noise(sensitivity, tmp_path):
    drawing = tmp_path / "tornado.svg"
    words = (*named(*PATHS[:4]), "--replications", "3", "--chart", str(drawing), "--quiet")
    assert sensitivity(*words).code == 0
    source = drawing.read_text()
    assert source.startswith("<svg")
    for path in PATHS[:3]:
        _, low, high = ranges()[path]
        for end in (low, high):
            assert re.search(rf">{end:g}\b[^<]*</text>", source), f"{path} at {end:g}"
    assert f"{PATHS[3]}: " in source.partition("</desc>")[0]
    assert source.partition("</desc>")[0].count("(within noise)") == 1


def test_failed_worlds_are_said_and_change_the_exit_code(sensitivity, monkeypatch):
    monkeypatch.setattr("sim.world.simulate", fragile)
    done = sensitivity(*named(*PATHS[:2]), "--replications", "2")
    assert done.code == 4
    assert f"No bar for {PATHS[1]}." in done.out
    assert "3 fen" in done.out


@pytest.mark.parametrize(
    ("words", "code", "expected"),
    [
        (("--method", "tornad"), 2, "did you mean tornado"),
        (("--metric", "contribution_per_oder"), 2, "did you mean contribution_per_order"),
        (("--parameters", "channels.tmall.comission"), 2, "channels.tmall.commission"),
        (("--parameters", "market.places"), 2, "it is a lever"),
        (("--method", "sobol", "--points", "48"), 2, "power of 2"),
        (("--method", "information"), 2, "no pickup layer to decide about"),
        (("--choice", "market.places=3"), 2, "--method information"),
        (("--method", "morris", "--chart", "x.svg"), 2, "--method tornado"),
        (("--method", "information", "--choice", "market.places=0.5.5"), 3, "market.places"),
        (("--against", "door_onli"), 3, "door_only"),
    ],
)
def test_mistakes_are_one_line(sensitivity, words, code, expected):
    done = sensitivity(*words)
    assert done.code == code
    assert expected in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_a_chart_that_could_not_be_written_is_refused_at_once(sensitivity, monkeypatch, tmp_path, words):
    monkeypatch.setattr("sim.world.simulate", lambda *_, **__: pytest.fail("it was simulated"))
    missing = tmp_path / "nowhere"
    done = sensitivity("--chart", str(missing / "x.svg"), *words)
    assert (done.code, done.out) == (6, "")
    assert done.err == f"Error: cannot write {missing / 'x.svg'}: there is no folder {missing}\n"
    assert "it is a folder" in sensitivity("--chart", str(tmp_path), *words).err


def test_a_choice_that_changes_nothing_is_no_choice(sensitivity):
    done = sensitivity("--method", "information", "--choice", "channels.tmall.commission=0.05")
    assert (done.code, "changes nothing" in done.err) == (2, True)


def test_the_products_own_world_has_a_tornado(channelsim):
    done = channelsim(
        "sensitivity", "door_only", "--workers", "1",
        "--set", "horizon.days=7", "--set", "horizon.warmup_days=0",
        "--parameters", "products.gross_margin", "--parameters", "finance.opening_cash",
        "--replications", "2", "--json",
    )  # fmt: skip
    assert done.code == 0
    margin, cash = (next(r for r in done.data["rows"] if r["path"] == p) for p in (PATHS[0], PATHS[7]))
    # A tenth more margin on goods is worth a tenth of the sales of an order and hits nothing else.
    assert margin["swing"]["mean"] > 10.0
    assert not margin["within_noise"]
    # Cash at hand pays no bill of an order.
    assert (cash["swing"]["mean"], cash["within_noise"]) == (0.0, True)
