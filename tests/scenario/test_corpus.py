"""Scenarios that must be refused, each with place and words of its refusal, and some that must not."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import ScenarioError, load, loads, scenarios_folder

HERE = Path(__file__).parent
INVALID = sorted((HERE / "invalid").glob("*.yaml"))
VALID = sorted((HERE / "valid").glob("*.yaml"))
EXPECTATION = re.compile(r"# expect: (?P<line>[0-9]+|-|\*): (?P<message>.+)")


def problems_of(source, *overrides, **options):
    with pytest.raises(ScenarioError) as caught:
        load(source, overrides, **options)
    return caught.value.problems


def test_the_corpus_is_large():
    assert len(INVALID) >= 100
    assert len(VALID) >= 4


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_scenario_is_refused_with_place_and_message(path):
    text = path.read_text(encoding="utf-8")
    expected = [EXPECTATION.fullmatch(line) for line in text.splitlines() if line.startswith("# expect")]
    assert expected
    assert all(expected), "an expectation is '# expect: LINE: part of the message'"
    problems = problems_of(path)
    for wanted in expected:
        fitting = [one for one in problems if wanted["message"] in str(one)]
        assert fitting, [str(one) for one in problems]
        if wanted["line"] != "*":
            assert wanted["line"] in {str(one.line or "-") for one in fitting}
            assert {Path(one.file).name for one in fitting} == {path.name}
    assert all("\n" not in str(one) and len(str(one)) < 400 for one in problems)


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_valid_scenario_loads_and_survives_being_written_out(path):
    scenario = load(path)
    again = loads(scenario.to_yaml(), name=scenario.name)
    assert again.hash == scenario.hash
    assert again.values == scenario.values


def test_problems_are_sorted_by_line_and_all_reported():
    problems = problems_of(HERE / "invalid" / "several_problems.yaml")
    lines = [one.line for one in problems]
    assert len(problems) == 4
    assert lines == sorted(lines)


def test_problem_points_at_the_key_or_value_itself(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("extends: base.yaml\nchannels:\n  tmall: {commission: 1.5, comission: 0.05}\n")
    first, second = problems_of(file)
    assert (first.line, first.column, first.path) == (3, 23, "channels.tmall.commission")
    assert (second.line, second.column, second.path) == (3, 28, "channels.tmall.comission")
    assert str(first) == f"{file}:3:23: channels.tmall.commission: {first.message}"


def test_a_problem_of_the_extended_file_is_placed_there(tmp_path):
    (tmp_path / "mine.yaml").write_text("extends: parent.yaml\n")
    (tmp_path / "parent.yaml").write_text("extends: base.yaml\nmarket:\n  places: none\n")
    (problem,) = problems_of(tmp_path / "mine.yaml")
    assert (Path(problem.file).name, problem.line) == ("parent.yaml", 3)


def test_a_value_put_right_by_an_upper_layer_is_no_problem(tmp_path):
    (tmp_path / "mine.yaml").write_text("extends: parent.yaml\nmarket:\n  places: 5\n")
    (tmp_path / "parent.yaml").write_text("extends: base.yaml\nmarket:\n  places: 0\n")
    assert load(tmp_path / "mine.yaml").market.places == 5


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "is not UTF-8 text (byte 0x89)"),
        (b"title: \x00zero", "is not a text file (it holds zero bytes)"),
        ("title: wide".encode("utf-16"), "is not UTF-8 text (byte 0xff)"),
        ("title: caf\u00e9".encode("latin-1"), "is not UTF-8 text (byte 0xe9)"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"# " + b"x" * 1_000_001, "is larger than 1 MB"),
        (b"[" * 900_000, "nested more than 16 levels deep"),
        (b"a: " * 100_000, "not valid YAML"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused(tmp_path, data, message):
    file = tmp_path / "data.yaml"
    file.write_bytes(data)
    (problem,) = problems_of(file)
    assert message in problem.message


def test_byte_order_mark_and_windows_line_ends_are_fine(tmp_path):
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbfextends: base.yaml\r\nmarket:\r\n  places: 7\r\n")
    assert load(file).market.places == 7


def test_a_folder_a_missing_file_and_a_strange_name_are_refused(tmp_path):
    assert "is a folder" in problems_of(tmp_path)[0].message
    assert problems_of("bsae")[0].message == "there is no such scenario file; did you mean 'base'?"
    assert "there are base, community_pickup" in problems_of("qqq.yaml")[0].message
    assert "there is no such scenario file" in problems_of("")[0].message
    assert "there is no such scenario file" in problems_of(tmp_path / "none.yaml")[0].message
    for strange in ("a\0b", "x" * 100_000, "a\nb"):
        (problem,) = problems_of(strange)
        assert len(str(problem)) < 400
        assert str(problem).isprintable()


def test_an_unreadable_file_is_refused(tmp_path, monkeypatch):
    file = tmp_path / "locked.yaml"
    file.write_text("extends: base.yaml\n")

    def refuse(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert problems_of(file)[0].message == "cannot be read: Permission denied"


def test_names_are_looked_up_with_and_without_suffix_and_in_a_given_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load("base").hash == load("base.yaml").hash == load(scenarios_folder() / "base.yaml").hash
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.yaml").write_text((scenarios_folder() / "base.yaml").read_text())
    assert load("mine", folder=tmp_path / "own").hash == load("base").hash
    assert load("own/mine").name == "mine"


def test_a_changed_file_is_read_again(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("extends: base.yaml\nmarket: {places: 7}\n")
    assert load(file).market.places == 7
    file.write_text("extends: base.yaml\nmarket: {places: 17}\n")
    assert load(file).market.places == 17


def test_a_text_may_extend_shipped_scenarios_and_nothing_else(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.yaml").write_text("extends: base.yaml\n")
    assert loads("extends: door_only\ntitle: Uploaded").title == "Uploaded"
    with pytest.raises(
        ScenarioError, match=r"scenario.yaml:1:10: extends: there is no scenario file 'secret'"
    ):
        loads("extends: secret")
    with pytest.raises(ScenarioError, match="is larger than 1 MB"):
        loads("#" * 1_000_001)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("ab:{}[],-?!&*#|>'\"%@`~ \n\t<=019.é\x07"), max_size=60))
def test_no_text_leads_to_anything_but_a_scenario_error(text):
    with pytest.raises(ScenarioError) as caught:
        loads(text)
    assert caught.value.problems


LINES = (scenarios_folder() / "base.yaml").read_text(encoding="utf-8").splitlines()


@settings(max_examples=30, deadline=None)
@given(
    line=st.integers(0, len(LINES) - 1),
    start=st.integers(0, 40),
    end=st.integers(0, 60),
    new=st.text(alphabet=st.sampled_from("ab:{}[], -&*#'\"0.19e"), max_size=5),
)
def test_a_damaged_file_is_refused_or_read_but_never_crashes(line, start, end, new):
    damaged = LINES[line][:start] + new + LINES[line][max(start, end) :]
    text = "\n".join([*LINES[:line], damaged, *LINES[line + 1 :]])
    try:
        scenario = loads(text)
    except ScenarioError as error:
        problems = error.problems
    else:
        problems = ()
        assert loads(scenario.to_yaml()).hash == scenario.hash
    assert all(problem.message for problem in problems)
