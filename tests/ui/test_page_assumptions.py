"""Assumptions: every number is arguable, bounds are refused in words, and four worlds are told apart."""

from __future__ import annotations

import pytest

from sim.experiment.fourfold import CELLS
from sim.report.numbers import decimals, read, text
from sim.scenario import load
from sim.scenario.shipped import names
from sim.ui.case import Case
from sim.ui.evidence import GUESSED, KINDS, Filter, counts, entries_of, is_number, kind_of
from sim.ui.inputs import Inputs
from sim.ui.levers import levers_of
from sim.ui.moved import Moved, chip
from sim.ui.questions.fourfold import FourfoldQuestion
from sim.ui.trail import grade_words
from tests.ui.conftest import latest, press, shrunk, stages_of, words

LOST, PRICE, POINTS = "fulfilment.courier.lost_rate", "market.price_elasticity", "pickup.community.points"


def inputs_of(page) -> Inputs:
    """The inputs that the address of a page holds."""
    word = page.query_params["s"]
    return Inputs.from_link(word if isinstance(word, str) else word[0])[0]


@pytest.mark.parametrize("name", names())
def test_every_number_of_every_scenario_has_unit_grade_and_range_or_bounds(name):
    numbers = [entry for entry in entries_of(load(name)) if is_number(entry)]
    assert numbers
    for entry in numbers:
        assert entry.unit, entry.path
        assert grade_words(entry.grade)
        if kind_of(entry) in (GUESSED, "A", "B", "C"):
            assert entry.source, entry.path


def test_guesses_come_first_and_every_line_is_there():
    world = load("community_pickup")
    found = entries_of(world)
    kinds = [KINDS.index(kind_of(entry)) for entry in found]
    assert kinds == sorted(kinds)
    assert kind_of(found[0]) == GUESSED
    shown = {entry.path for entry in found}
    assert shown == {e.path for e in world.entries() if e.role != "label"}
    total = sum(sum(row.values()) for row in counts(found).values())
    assert total == sum(is_number(entry) for entry in found)


def test_filters_and_search(run_page):
    page = run_page("assumptions")
    every = entries_of(load("community_pickup"))
    assert f"{len(every):,} of {len(every):,} lines" in words(page)
    page.selectbox(key="assumptions_room").set_value("fulfilment").run()
    page.text_input(key="assumptions_find").set_value("last (mile) COST").run()
    wanted = [e for e in every if Filter("fulfilment", words="last mile cost").takes(e)]
    assert 0 < len(wanted) < 10
    assert f"{len(wanted)} of {len(every):,} lines" in words(page)
    assert list(page.dataframe[0].value.iloc[:, 0]) == [entry.path for entry in wanted]
    page.text_input(key=latest(page, "assumptions_find")).set_value("nothing like this").run()
    assert "Nothing matches" in page.info[0].value
    assert not page.exception


def test_a_line_is_changed_refused_and_reset(run_page):
    page = run_page("assumptions", Inputs().showing(assumptions_line=LOST))
    key = f"assumptions-value-{LOST}"
    own = load("community_pickup").value(LOST)
    assert page.number_input(key=key).value == own
    page.number_input(key=key).set_value(3.0).run()
    assert "Not changed" in page.error[0].value
    assert "0 to 0.5" in page.error[0].value, "the refusal says what is allowed"
    key = latest(page, key)
    assert page.number_input(key=key).value == own
    page.number_input(key=key).set_value(0.05).run()
    assert inputs_of(page).changes == {LOST: 0.05}
    assert "moved by assumptions" in chip(inputs_of(page))
    press(page, "assumptions-reset")
    assert inputs_of(page).changes == {}
    key = latest(page, f"assumptions-value-{LOST}")
    assert page.number_input(key=key).value == own


@pytest.mark.parametrize(
    ("path", "changed"),
    [
        ("mechanisms.returns", {"mechanisms.returns": False}),
        ("products.stock.policy", {"products.stock.policy": "push"}),
        ("market.hour_profile", {"market.hour_profile.0": 9.0}),
        (POINTS, {POINTS: 7}),
    ],
)
def test_switches_words_lists_and_whole_numbers_can_be_changed(run_page, path, changed):
    page = run_page("assumptions", Inputs().showing(assumptions_line=path))
    [(own, value)] = changed.items()
    key = f"assumptions-value-{own}"
    kinds = {bool: page.toggle, str: page.selectbox, float: page.number_input, int: page.number_input}
    kinds[type(value)](key=key).set_value(value).run()
    assert not page.error
    assert inputs_of(page).changes == changed


def test_only_changed_lines_show_both_worlds(run_page):
    page = run_page("assumptions", Inputs().changed({LOST: 0.05}).showing(assumptions_only="changed"))
    table = page.dataframe[0].value
    assert table.iloc[0, :3].tolist() == [LOST, "0.05", f"{load('community_pickup').value(LOST):g}"]
    assert len(table) == 1


def test_four_worlds_are_the_study_s(run_page):
    changes = {POINTS: 20, PRICE: -4.0}
    inputs = Inputs().changed(changes).showing(assumptions_part="worlds")
    page = run_page("assumptions", inputs)
    default, levers, assumptions = Moved.of(inputs).cases(inputs.case)
    assert dict(levers.changes) == {POINTS: 20}
    assert dict(assumptions.changes) == {PRICE: -4.0}
    question = FourfoldQuestion(inputs.case, default, levers, assumptions)
    found = stages_of(shrunk(question))[-1].result
    shown = words(page)
    cells = [read(found["cells"][name]) for name in CELLS]
    places = decimals(cells)
    assert all(f"| {text(cell, places)} |" in shown for cell in cells)
    assert f"| {text(read(found['contrasts']['interaction']), places, signed=True)} |" in shown
    assert "moved by levers: 1, and by assumptions: 1" in shown
    commands = next(one.value for one in page.code if one.value.startswith("channelsim")).splitlines()
    assert len(commands) == 4
    assert [sum(f"{path}=" in line for path in changes) for line in commands] == [0, 1, 1, 2]


def test_without_changes_an_example_is_shown_and_can_be_taken(run_page):
    page = run_page("assumptions", Inputs().showing(assumptions_part="worlds"))
    assert len(page.get("plotly_chart")) == 1
    assert "this is an example" in page.info[0].value
    press(page, "assumptions-example")
    moved = Moved.of(inputs_of(page))
    assert moved.levers
    assert list(moved.assumptions) == [PRICE]
    assert not page.info


def test_the_chip_tells_levers_from_assumptions():
    assert "nothing moved" in chip(Inputs())
    assert "levers: 1]" in chip(Inputs().changed({POINTS: 20}))
    assert "assumptions: 1]" in chip(Inputs().changed({PRICE: -4.0}))


def test_what_the_sidebar_moves_counts_once_for_each_lever_and_is_no_assumption():
    inputs = Inputs()
    world = inputs.baseline()
    for lever in levers_of(world):
        inputs = inputs.changed(lever.values(world, lever.low))
    assert "moved by levers: 8]" in chip(inputs)
    _, levers, assumptions = Moved.of(inputs).cases(inputs.case)
    assert levers == inputs.case
    assert not assumptions.changes
    both = inputs.changed({PRICE: -4.0})
    assert "moved by levers: 8, and by assumptions: 1]" in chip(both)


def test_a_line_that_a_lever_moves_is_called_a_lever(run_page):
    page = run_page("assumptions", Inputs().showing(assumptions_line="fulfilment.promise_hours"))
    assert "lever: the brand decides" in words(page)


def test_nothing_is_claimed_before_anything_is_known(still, run_page):
    still.stage = 0
    page = run_page("assumptions", Inputs().showing(assumptions_part="worlds"))
    assert not page.get("plotly_chart")
    assert "confirmed" not in words(page)


def test_it_speaks_chinese(run_page):
    page = run_page("assumptions", Inputs(case=Case("base")).showing(language="zh"))
    assert "猜测" in words(page)
    assert "元/小时" in set(page.dataframe[0].value.iloc[:, 2])
