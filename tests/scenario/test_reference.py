"""Documents made from the schema say what the schema says."""

import json

import jsonschema
import pytest
from ruamel.yaml import YAML

from sim.scenario import json_schema, load, reference_markdown, scenarios_folder, shipped
from sim.scenario.fields import UnknownPathError, fields_of, law_parts, spec_of, walk
from sim.scenario.reference import count_basic, described
from sim.scenario.schema import ROLES, ScenarioModel

SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def errors(text):
    return [error.message for error in VALIDATOR.iter_errors(YAML(typ="safe", pure=True).load(text))]


def test_the_schema_is_a_json_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert "required" not in SCHEMA


@pytest.mark.parametrize("name", list(shipped()))
def test_shipped_scenarios_satisfy_the_json_schema(name):
    assert errors((scenarios_folder() / f"{name}.yaml").read_text(encoding="utf-8")) == []
    assert errors(load(name).to_yaml()) == []


@pytest.mark.parametrize(
    "text",
    [
        "chanels: {}",
        "channels: {tmall: {commission: 1.5}}",
        "channels: {tmall: {commission: '5%'}}",
        "channels: {tmall: {commission: {range: [0, 1]}}}",
        "channels: {tmall: {commission: {value: 0.05, grade: D}}}",
        "channels: {tmall: {commission: {value: 2}}}",
        "service: {target_utilisation: 1}",
        "market: {places: 1.5}",
        "market: {weekday_profile: [1, 2]}",
        "products: {basket_online: {law: log, mean: 1}}",
        "mechanisms: {returns: 1}",
        "finance: null",
        "schema_version: 2",
    ],
)
def test_the_json_schema_refuses_what_the_program_refuses(text):
    assert errors(text)


def test_leaves_of_the_json_schema_carry_unit_role_bounds_and_default():
    tmall = SCHEMA["$defs"]["OnlineChannel"]["properties"]
    commission = tmall["commission"]
    assert (commission["x-unit"], commission["x-role"], commission["x-basic"]) == (
        "share",
        "assumption",
        True,
    )
    assert (commission["minimum"], commission["maximum"]) == (0, 0.9)
    assert tmall["price_index"]["default"] == 1.0
    assert tmall["price_index"]["exclusiveMinimum"] == 0
    assert SCHEMA["properties"]["pickup"]["allOf"] == [{"$ref": "#/$defs/Pickup"}]
    assert {"type": "null"} in SCHEMA["$defs"]["Pickup"]["properties"]["community"]["anyOf"]


def test_every_field_has_a_meaning_a_unit_and_a_role():
    for path, spec in walk():
        assert len(spec.description) > 4, path
        assert spec.description.endswith("."), path
        if spec.kind != "part":
            assert spec.unit, path
            assert spec.role in (*ROLES, "label"), path
        if spec.kind in ("number", "whole") and spec.role != "label":
            assert spec.low is not None, path
            assert spec.high is not None, path


def test_there_are_few_basic_fields():
    assert 10 <= count_basic() <= 60


def test_the_reference_names_every_field_once():
    text = reference_markdown()
    assert text == reference_markdown()
    for path, spec in walk():
        assert spec.description.rstrip(".") in text, path
        if path.count(".") < 2:
            assert f"`{path}`" in text or f"| `{spec.name}`" in text, path
    row = (
        "`commission` *",
        "Platform's share of sales.",
        "a number from 0 to 0.9",
        "share",
        "assumption",
        "required",
    )
    assert f"| {' | '.join(row)} |" in text
    assert all(line.count("|") == 7 for line in text.splitlines() if line.startswith("| "))


def test_a_path_is_described_in_words():
    assert (
        described("channels.tmall.commission")
        == "Platform's share of sales. Allowed: a number from 0 to 0.9 (share)."
    )
    assert spec_of("horizon.start").allowed() == "one of mature, launch"
    assert spec_of("mechanisms.returns").allowed() == "true or false"
    assert spec_of("market.hour_profile").allowed() == "a list of 24 numbers (weight)"
    assert spec_of("fulfilment.truck_departure_hours").allowed() == "a list of 1 to 24 numbers (hour of day)"
    assert spec_of("channels.tmall.refund_tiers.3").kind == "part"
    assert spec_of("finance.opening_cash").allowed() == "a number from -1e+12 to 1e+12 (yuan)"
    with pytest.raises(UnknownPathError, match="has no part 'x'"):
        spec_of("market.places.x")


def test_a_law_has_three_leaves_with_the_unit_of_its_field():
    law = fields_of(ScenarioModel.model_fields["products"].annotation)["basket_online"]
    assert [(name, spec.unit, spec.basic) for name, spec in law_parts(law).items()] == [
        ("law", "choice", False),
        ("mean", "yuan/order", True),
        ("cv", "ratio", False),
    ]
