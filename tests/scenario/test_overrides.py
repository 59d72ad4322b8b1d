"""``--set``: over the file, checked like it, never with a traceback."""

import pytest

from sim.scenario import ScenarioError, load


def test_an_override_goes_over_the_file():
    scenario = load("base", ["channels.tmall.commission=0.04"])
    entry = scenario.entry("channels.tmall.commission")
    assert (entry.value, entry.layer, entry.grade) == (0.04, "--set", "set by --set")
    assert entry.range == (0.03, 0.055)
    assert "cosmeticschinaagency" in entry.source
    assert (entry.file, entry.line) == ("", None)


@pytest.mark.parametrize(
    ("override", "path", "value"),
    [
        ("market.places=50", "market.places", 50),
        (" market.places = 50 ", "market.places", 50),
        ("finance.opening_cash=1e6", "finance.opening_cash", 1e6),
        ("mechanisms.returns=false", "mechanisms.returns", False),
        ("horizon.start=launch", "horizon.start", "launch"),
        ("title=A = B", "title", "A = B"),
        ("fulfilment.truck_departure_hours=[10, 15, 20]", "fulfilment.truck_departure_hours", [10, 15, 20]),
        ("fulfilment.truck_departure_hours.0=13", "fulfilment.truck_departure_hours", [13, 21]),
        ("market.weekday_profile.6=2", "market.weekday_profile.6", 2),
        ("fulfilment.courier.tariff_tiers.1.price=8", "fulfilment.courier.tariff_tiers.1.price", 8),
        (
            "products.basket_online.mean=170",
            "products.basket_online",
            {"law": "lognormal", "mean": 170, "cv": 0.8},
        ),
        (
            "products.basket_online={mean: 170}",
            "products.basket_online",
            {"law": "lognormal", "mean": 170, "cv": 0.8},
        ),
        (
            "products.basket_online=170",
            "products.basket_online",
            {"law": "deterministic", "mean": 170, "cv": 0},
        ),
        ("fulfilment.courier.retry_hours.mean=20", "fulfilment.courier.retry_hours.mean", 20),
        ("channels.stores.count=2", "channels.stores.count", 2),
        ("market.sources.rebate_alliance=null", "market.sources.rebate_alliance", None),
        ("finance={opening_cash: 5}", "finance.opening_cash", 5),
    ],
)
def test_values_of_every_kind_can_be_set(override, path, value):
    assert load("base", [override]).value(path) == value


def test_an_override_may_bring_its_evidence():
    override = "channels.tmall.commission={value: 0.04, range: [0.03, 0.05], source: a contract, grade: A}"
    entry = load("base", [override]).entry("channels.tmall.commission")
    assert (entry.value, entry.range, entry.source, entry.grade) == (0.04, (0.03, 0.05), "a contract", "A")


def test_a_number_in_a_table_keeps_its_range_as_context():
    entry = load("base", ["fulfilment.courier.tariff_tiers.1.price=8"]).entry(
        "fulfilment.courier.tariff_tiers.1.price"
    )
    assert (entry.value, entry.range, entry.layer) == (8, (6.3, 11.7), "--set")
    override = "fulfilment.courier.tariff_tiers.1.price={value: 8, range: [7, 9], source: an offer, grade: B}"
    entry = load("base", [override]).entry("fulfilment.courier.tariff_tiers.1.price")
    assert (entry.range, entry.source, entry.grade) == ((7, 9), "an offer", "B")


def test_overrides_build_on_each_other():
    scenario = load("base", ["products.basket_online=100", "products.basket_online.mean=120"])
    assert scenario.value("products.basket_online") == {"law": "deterministic", "mean": 120, "cv": 0}
    scenario = load("base", ["pickup.community=null", "market.places=9"])
    assert scenario.pickup.community is None


def test_a_part_can_be_taken_out():
    assert load("community_pickup", ["pickup.community=null"]).hash == load("base").hash


@pytest.mark.parametrize(
    ("override", "message"),
    [
        ("channels.tmall.commission", "--set: 'channels.tmall.commission' should be PATH=VALUE"),
        ("=0.04", "--set: '=0.04' should be PATH=VALUE"),
        ("", "--set: '' should be PATH=VALUE"),
        (
            "chanels.tmall.commission=1",
            "--set: chanels.tmall.commission: unknown name 'chanels' at the top; did you mean 'channels'?",
        ),
        (
            "channels.tmall.comission=1",
            "unknown name 'comission' in channels.tmall; did you mean 'commission'?",
        ),
        (
            "channels.tmall.commission.x=1",
            "channels.tmall.commission is a number from 0 to 0.9 (share) and has no part 'x'",
        ),
        ("channels..commission=1", "unknown name '' in channels"),
        (
            "channels.tmall.commission=",
            "--set: channels.tmall.commission: has no value; give a number from 0 to 0.9",
        ),
        (
            "channels.tmall.commission=1.5",
            "--set: channels.tmall.commission: should be a number from 0 to 0.9 (share) (got 1.5)",
        ),
        ("channels.tmall.commission=5%", "(got '5%'); write 0.05"),
        ("channels.tmall.commission=null", "--set: channels.tmall.commission: should be a number"),
        ("channels.tmall.commission={range: [0, 1]}", "the evidence has no value"),
        ("channels.tmall.commission={value: 0.04", "--set: channels.tmall.commission: not valid YAML"),
        ("channels.tmall.commission=&a 0.04", "an anchor (&a)"),
        ("finance=null", "--set: finance: is empty and cannot be left out"),
        ("finance=3", "--set: finance: should be a part with opening_cash"),
        (
            "finance={opening_csh: 3}",
            "--set: finance.opening_csh: unknown key 'opening_csh'; did you mean 'opening_cash'?",
        ),
        ("schema_version=2", "--set: schema_version: format 2 is newer"),
        ("pickup.community.points=10", "pickup.community is not part of this scenario"),
        ("market.weekday_profile.7=1", "there is no row 7 in market.weekday_profile; its last row is 6"),
        ("market.weekday_profile.x=1", "name a row of it by its number, from 0, not 'x'"),
        ("market.weekday_profile.-1=1", "name a row of it by its number"),
        (
            "market.weekday_profile.1=many",
            "market.weekday_profile.1: should be a number (weight) (got 'many')",
        ),
        (
            "fulfilment.courier.tariff_tiers.9.price=1",
            "there is no row 9 in fulfilment.courier.tariff_tiers; its last row is 2",
        ),
        ("fulfilment.courier.tariff_tiers.0.cost=1", "unknown name 'cost'"),
        (
            "fulfilment.courier.tariff_tiers.0.price=-1",
            "--set: fulfilment.courier.tariff_tiers.0.price: should be a number",
        ),
        ("products.basket_online.cv=0", "a lognormal law needs cv > 0"),
        ("horizon.start=lunch", "(got 'lunch'); did you mean 'launch'?"),
        ("extends=base", "unknown name 'extends' at the top"),
    ],
)
def test_a_bad_override_is_refused_in_one_line(override, message):
    with pytest.raises(ScenarioError) as caught:
        load("base", [override])
    lines = str(caught.value).splitlines()
    assert any(message in line for line in lines), lines
    assert all(line.startswith("--set: ") for line in lines)


def test_setting_a_path_twice_is_refused_and_all_bad_overrides_are_reported():
    with pytest.raises(ScenarioError) as caught:
        load("base", ["market.places=3", "market.places=4", "x=1", "finance.opening_cash=much"])
    assert len(caught.value.problems) == 3
    assert "market.places: is set twice" in str(caught.value)
