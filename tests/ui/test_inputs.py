"""Inputs as one object: links restore them to the last bit, commands say the same, nonsense is refused."""

from __future__ import annotations

import base64
import itertools
import json
import random
import re
import shlex
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.ui
from sim.scenario import ScenarioError, load
from sim.ui.case import MOST_CHANGES, MOST_TEXT, Case, InputError
from sim.ui.inputs import FORMAT, LONGEST_LINK, MOST_VIEW, Inputs, LinkError, model_stamp

POINTS = "pickup.community.points"
names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
paths = st.lists(names, min_size=1, max_size=4).map(".".join)
values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**12), 10**12),
    st.floats(allow_nan=False, allow_infinity=False),
    st.from_regex(r"[A-Za-z0-9_ -]{0,20}", fullmatch=True),
)
views = st.dictionaries(names, st.from_regex(r"[A-Za-z0-9_.,:+-]{1,20}", fullmatch=True), max_size=6)
texts = st.one_of(st.just(""), st.text(max_size=200))


@st.composite
def any_inputs(draw) -> Inputs:
    base = draw(st.sampled_from(["base", "community_pickup", "stores_only"]))
    case = Case.of(base, draw(st.dictionaries(paths, values, max_size=8)), draw(texts))
    return Inputs(case, tuple(draw(views).items()))


@given(any_inputs())
@settings(max_examples=200, deadline=None)
def test_a_link_restores_inputs_and_view_exactly(inputs):
    found, model = Inputs.from_link(inputs.to_link())
    assert found == inputs
    assert found.hash == inputs.hash
    assert model == model_stamp()
    assert Inputs.from_dict(json.loads(json.dumps(inputs.as_dict()))) == inputs


@given(any_inputs(), any_inputs())
@settings(max_examples=100, deadline=None)
def test_hashes_tell_inputs_apart(one, other):
    assert (one.hash == other.hash) == (one == other)


@given(
    st.text(max_size=60) | st.binary(max_size=60).map(lambda b: "1." + base64.urlsafe_b64encode(b).decode())
)
@settings(max_examples=300, deadline=None)
def test_any_other_word_is_refused_in_one_line(word):
    with pytest.raises(InputError) as caught:
        Inputs.from_link(word)
    assert "\n" not in str(caught.value)


def packed(data) -> str:
    return f"{FORMAT}." + base64.urlsafe_b64encode(zlib.compress(json.dumps(data).encode())).decode().rstrip(
        "="
    )


@pytest.mark.parametrize(
    "data",
    [
        ["m", {}],
        ["m", {"case": {}}],
        ["m", {"case": {"base": "../../etc/passwd"}}],
        ["m", {"case": {"base": "/etc/passwd", "text": "a: 1"}}],
        ["m", {"case": {"base": "base", "changes": {"a b": 1}}}],
        ["m", {"case": {"base": "base", "changes": {"horizon.days": [1, 2]}}}],
        ["m", {"case": {"base": "base", "changes": {"horizon.days": "1; rm"}}}],
        ["m", {"case": {"base": "base"}, "view": {"page": "<script>"}}],
        ["m", {"case": {"base": "base"}, "view": {f"v{i}": "x" for i in range(100)}}],
        [1, {"case": {"base": "base"}}],
        {"case": "base"},
    ],
)
def test_a_link_that_was_tampered_with_is_refused(data):
    with pytest.raises(InputError):
        Inputs.from_link(packed(data))


def test_a_visitor_can_make_every_choice_that_pages_have():
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(sim.ui.__path__[0]).rglob("*.py"))]
    names = {name for text in texts for name in re.findall(r"""view\(["']([a-z_]+)""", text)}
    names |= {name for text in texts for name in re.findall(r"show\(\s*([a-z_]+)=", text)}
    assert "books_channel" in names
    assert len(names) < MOST_VIEW * 3 // 4, "and some are put together from parts of names"
    chosen = Inputs().showing(**{f"choice_{number}": "yes" for number in range(MOST_VIEW)})
    assert Inputs.from_link(chosen.to_link())[0] == chosen
    with pytest.raises(InputError, match=f"at most {MOST_VIEW} choices"):
        Inputs.from_link(chosen.showing(one_more="yes").to_link())


def test_a_link_that_unpacks_to_a_flood_is_refused():
    flood = f"{FORMAT}." + base64.urlsafe_b64encode(zlib.compress(b"0" * 3_000_000, 9)).decode()
    assert len(flood) < LONGEST_LINK
    with pytest.raises(LinkError):
        Inputs.from_link(flood)


def test_a_link_of_another_format_says_so():
    link = Inputs().to_link()
    with pytest.raises(LinkError, match=f"format 7, and this version reads format {FORMAT}"):
        Inputs.from_link("7" + link[1:])


def test_only_differences_are_in_a_link_and_in_the_changes():
    inputs = Inputs().changed({POINTS: 60, "channels.tmall.price_index": 1.0}).showing(path="densify")
    assert inputs.changes == {POINTS: 60}
    assert inputs.choices == ()
    assert inputs.changed({POINTS: 40}) == Inputs()
    assert len(inputs.to_link()) < 200


def test_an_upload_that_is_too_long_for_a_link_says_so():
    noise = random.Random(1).randbytes(9_000).hex()
    with pytest.raises(LinkError, match="does not fit"):
        Inputs(Case("mine", "# " + noise)).to_link()


def test_the_command_and_the_python_load_the_same_scenario():
    inputs = Inputs().changed({POINTS: 60, "channels.tmall.price_index": 0.95})
    line = shlex.split(inputs.command("scale", "--path", "densify"))
    assert line[:3] == ["channelsim", "scale", "community_pickup"]
    overrides = [word for before, word in itertools.pairwise(line) if before == "--set"]
    assert load("community_pickup", overrides).hash == inputs.scenario().hash
    found: dict = {}
    exec(inputs.python(), found)
    assert found["scenario"].hash == inputs.scenario().hash != Inputs().scenario().hash


def test_an_uploaded_text_is_data():
    case = Case("mine", "schema_version: 1\nextends: base.yaml\ntitle: Mine\nmarket: {places: 12}\n")
    assert case.scenario().value("market.places") == 12
    assert case.changed({"market.places": 13}).scenario().value("market.places") == 13
    for text in (
        "schema_version: 1\nextends: ../secrets.yaml\n",
        "schema_version: 1\nextends: /etc/passwd\n",
        "!!python/object/apply:os.system ['true']\n",
        "a: &a [*a]\n",
        "schema_version: 1\n" + "a" * 100,
    ):
        with pytest.raises(ScenarioError):
            Case("mine", text).scenario()


def test_limits_are_held():
    with pytest.raises(InputError, match="characters"):
        Case("mine", "a" * (MOST_TEXT + 1))
    with pytest.raises(InputError, match="at most"):
        Case.of("base", {f"a{i}": 1 for i in range(MOST_CHANGES + 1)})
    with pytest.raises(InputError, match="finite"):
        Case.of("base", {"horizon.days": float("nan")})
    with pytest.raises(InputError, match="no shipped scenario 'nowhere'"):
        Case("nowhere")


def test_a_change_out_of_bounds_is_named_with_what_is_allowed():
    with pytest.raises(ScenarioError, match=r"channels\.tmall\.commission"):
        Inputs().changed({"channels.tmall.commission": 1.2}).scenario()
