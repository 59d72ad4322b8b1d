"""The pages of scale, compare, explain and validate: numbers with unit, interval and meaning."""

from __future__ import annotations

import math

import pytest

from sim.report.compare import compare_page, verdict_on, waterfall_table
from sim.report.explain import difference_page, economics_table, explain_page, validate_page, written
from sim.report.numbers import Value
from sim.report.page import Page, Table, Text
from sim.report.scale import bucket_table, causes_table, ladder_table, metrics_table, scale_page
from sim.report.terminal import plain_text
from sim.scenario import load
from sim.scenario.explaining import difference, explain
from sim.scenario.sanity import SanityWarning
from sim.scenario.unit_economics import source_economics
from tests.report.samples import compare_result, kpi, paths_result, scale_result, unreached_step


def tables(page: Page) -> dict[str, Table]:
    return {block.title: block for block in page.blocks if isinstance(block, Table)}


def words(page: Page) -> str:
    return " ".join(block.text for block in page.blocks if isinstance(block, Text))


def test_the_ladder_has_every_cost_with_its_interval_and_unit():
    ladder = ladder_table(scale_result())
    titles = [column.title for column in ladder.columns]
    assert titles == [
        "volume",
        "orders",
        "average",
        "marginal",
        "against door",
        "contribution",
        "in hands in time",
    ]
    units = [column.unit for column in ladder.columns]
    assert units == ["", "orders", "yuan/parcel", "yuan/parcel", "yuan/parcel", "yuan/order", "%"]
    first, second = ladder.rows[0].cells, ladder.rows[1].cells
    assert first[:4] == ("×0.5", "128,400 ± 514", "4.61 ± 0.10", "-")
    assert second[3:] == ("3.23 ± 0.20", "+2.80 ± 0.30", "11.30 ± 0.30", "95.30 ± 0.20")


def test_a_size_out_of_reach_says_why():
    steps = [*scale_result()["steps"], unreached_step(8.0, "only 2.5 times the auction is for sale")]
    ladder = ladder_table(scale_result(steps=steps))
    assert ladder.rows[-1].cells[1:6] == ("-",) * 5
    assert ladder.rows[-1].cells[-1] == "only 2.5 times the auction is for sale"


def test_the_page_of_a_path_says_verdict_reason_slope_causes_and_worlds():
    page = scale_page(scale_result())
    said = words(page)
    for part in (
        "stops scaling - cost falls up to its lowest rung",
        "Cost stops falling at about 330,000 orders",
        "Elasticity to orders +0.013 ± 0.020: +0.9% per doubling.",
        "Cost stops falling at 330k (268k to 420k) orders.",
        "Within 5% of the lowest cost from 205k (196k to 214k) orders.",
        "the verdict holds in 74% (66 to 82%) of 100, 31 assumptions drawn from their ranges; 2 worlds",
        "Staff is sized anew at every volume.",
        "Mean and 95% interval over 5 simulated runs.",
        "warmed up to the steady size",
        "illustrative unless calibrated",
    ):
        assert part in said
    assert list(tables(page)) == [
        "The layer's cost per parcel by size",
        "What the cost is made of (yuan/parcel)",
        "All metrics by size",
        "Causes of the change from ×0.5 to ×4",
    ]


def test_causes_come_by_size_then_remainders_and_add_up():
    found = causes_table(scale_result())
    names = [row.cells[0] for row in found.rows]
    assert names == [
        "Labour pool",
        "Background load",
        "Attrition",
        "Smaller mechanisms",
        "Only together (interaction)",
        "Unattributed (fixed cost, price breaks)",
        "Change of average cost",
    ]
    change = float(found.rows[-1].cells[1])
    assert change == pytest.approx(sum(float(row.cells[1].split(" ")[0]) for row in found.rows[:-1]))
    assert change == pytest.approx(4.74 - 4.61)
    assert found.rows[2].weight == "faint", "attrition shows no detectable effect"
    assert found.rows[3].cells[2] == "absence, exceptions"
    assert found.rows[5].cells[2] == "head office -0.50, pickup sites -0.12"


def test_buckets_and_metrics_have_a_column_for_every_size():
    assert bucket_table(scale_result()).rows[0].cells == (
        "Last mile", "0.01 ± <0.01", "0.01 ± <0.01", "0.01 ± <0.01", "0.01 ± <0.01",
    )  # fmt: skip
    metrics = metrics_table(scale_result())
    assert metrics.rows[1].cells[:3] == ("Cost per order", "yuan/order", "150.00 ± 0.50")
    assert metrics.rows[1].cells[-2:] == ("-0.060 ± 0.010", "scalable")


def test_without_slope_causes_or_worlds_the_page_still_stands():
    bare = scale_result(
        steps=scale_result()["steps"][:1], elasticity=None, turning_point=None, minimum_efficient_scale=None,
        causes=[], plausible_worlds=None, metrics={}, verdict="cannot_tell", reason="", notes=[],
    )  # fmt: skip
    said = words(scale_page(bare))
    assert "No slope: fewer than two sizes were reached." in said
    assert "cannot tell" in said
    empty = {"mean": None, "low": None, "high": None, "unit": "share", "n": 0, "varied": 3, "lost": 0}
    assert "no share, as there is no verdict to hold" in words(
        scale_page(scale_result(plausible_worlds=empty))
    )


def test_all_paths_stand_side_by_side_and_one_that_does_not_apply_says_why():
    (found,) = tables(scale_page(paths_result())).values()
    rows = {row.cells[0]: row.cells for row in found.rows}
    assert rows["densify"][2:5] == ("-0.130 ± 0.020", "-8.6", "scalable")
    assert rows["densify"][5:7] == ("3.92 ± 0.10", "4.74 ± 0.10")
    assert rows["cut price"][2:] == ("-", "-", "-", "-", "-", "does not apply: no online channel is open")
    assert "community_pickup" in words(scale_page(paths_result()))


def test_compare_says_what_each_difference_amounts_to():
    page = compare_page(compare_result())
    rows = {
        row.cells[0]: row.cells for row in tables(page)["community_pickup less base, on the same luck"].rows
    }
    assert rows["orders"][4:] == ("0", "exactly equal")
    assert rows["contribution per order"][2:] == ("3.19 ± 0.84", "2.31 ± 0.94", "-0.88 ± 0.15", "worse")
    assert rows["cost per order"][5] == "no detectable difference"
    assert rows["share in hands"][1:] == ("%", "97.22 ± 0.12", "97.22 ± 0.12", "+0.998 ± 0.079", "better")
    assert rows["points"][4:] == ("+40", "more")
    said = words(page)
    assert "correlation 0.99 of contribution per order" in said
    assert "varies 0.01 times as much" in said
    assert "seed 7" in said


def test_the_waterfall_of_compare_adds_up_and_gathers_what_is_under_a_fen():
    found = waterfall_table(compare_result())
    cells = [row.cells for row in found.rows]
    assert cells[0][:3] == ("pickup attendants", "Pickup layers", "-1.34 ± <0.01")
    assert cells[3][3] == "no detectable difference"
    assert cells[4] == ("1 other accounts", "", "0.00", "under a fen each")
    total = sum(float(row[2].split(" ")[0]) for row in cells[:-1])
    assert total == pytest.approx(-0.88, abs=0.005 * len(cells))
    assert cells[-1][2] == "-0.88 ± 0.15"
    one_channel = waterfall_table(compare_result(scope="tmall"))
    assert one_channel.rows[-1].cells[2] == "-0.88", "the sum of the lines where the figure is the brand's"


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("cost_per_order", Value(-1, -2, -0.5), "better"),
        ("cost_per_order", Value(1, 0.5, 2), "worse"),
        ("sales", Value(1, 0.5, 2), "better"),
        ("points", Value(-1, -2, -0.5), "less"),
        ("a_new_figure", Value(1, 0.5, 2), "more"),
        ("sales", Value(1, -0.5, 2), "no detectable difference"),
        ("sales", Value(0, 0, 0), "exactly equal"),
        ("sales", Value(1), "one run, no interval"),
    ],
)
def test_better_depends_on_the_figure(name, change, said):
    assert verdict_on(name, change) == said


def test_explain_lists_every_value_with_its_layer_and_numbered_sources():
    scenario = load("base", ["channels.tmall.commission=0.04"])
    page = explain_page("base", explain(scenario))
    (found,) = tables(page).values()
    rows = {row.cells[0]: row for row in found.rows}
    assert set(rows) == {entry.path for entry in scenario.entries()}
    changed = rows["channels.tmall.commission"]
    assert changed.cells[1] == "0.04"
    assert changed.cells[5].startswith("--set")
    assert changed.weight == "strong"
    numbered = [row.cells for row in found.rows if row.cells[6]]
    assert numbered
    for cells in numbered:
        assert any(note.startswith(f"[{cells[6]}] ") for note in found.notes)


def test_the_difference_of_two_scenarios_is_listed_and_none_is_said():
    a, b = load("base"), load("base", ["market.places=50"])
    page = difference_page("base", "changed", difference(a, b))
    assert "1 value" in words(page)
    (found,) = tables(page).values()
    assert found.rows[0].cells[:4] == ("market.places", "40", "50", "places")
    assert (
        words(difference_page("base", "twin", difference(a, a))) == "base and twin describe the same world."
    )


def test_validate_shows_warnings_with_fixes_and_what_each_source_leaves():
    scenario = load("base")
    economics = source_economics(scenario)
    page = validate_page("base", [SanityWarning("a.b", "too dear", "cut it")], economics)
    assert "base is valid, with 1 warning. a.b: too dear. Fix: cut it." in words(page)
    assert "nothing looks uneconomic" in words(validate_page("base", [], economics))
    found = economics_table(economics)
    for row, own in zip(found.rows, economics, strict=True):
        numbers = [float(cell.replace(",", "")) for cell in row.cells[4:]]
        assert numbers[0] - sum(numbers[1:-1]) == pytest.approx(numbers[-1], abs=0.03)
        assert numbers[-1] == pytest.approx(own.contribution, abs=0.005)
    assert all(column.unit for column in found.columns[2:])


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "-"), (False, "off"), (0.0001234, "0.0001234"), (7, "7"), ([1, 2], "1, 2"), ("word", "word"),
     ("a title that goes on and on and on", "a title that goes on and...")],
)  # fmt: skip
def test_values_of_a_scenario_are_written_short(value, shown):
    assert written(value) == shown


def test_no_page_writes_nan_or_infinity():
    for page in (scale_page(scale_result()), scale_page(paths_result()), compare_page(compare_result())):
        said = plain_text(page)
        assert "nan" not in said.split()
        assert "inf" not in said.split()
        assert said.isascii()
    assert math.isfinite(kpi(1, 2)["mean"])
