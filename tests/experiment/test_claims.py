"""Claims: formulas, files, verdicts by a rule fixed before, and frontiers, on worlds with known effects."""

from __future__ import annotations

import functools
import math
from pathlib import Path

import numpy as np
import pytest

from sim.experiment import ExperimentError, Runner
from sim.experiment.claims import Claim, draw_frontier, read_claim, try_claims
from sim.experiment.claims.catalogue import chosen
from sim.experiment.claims.figures import figure
from sim.experiment.claims.formula import Formula
from sim.experiment.claims.trial import VERDICTS, family_level, verdict_of
from sim.experiment.statistics import share
from tests.experiment.planted import PlantedRun

COMMISSION = "channels.tmall.commission"
ELASTICITY = "market.price_elasticity"
DESCRIPTION = {
    "id": "planted",
    "sentence": "Commission lowers what is left of an order.",
    "articles": ["001-6"],
    "fails_when": "It does not.",
    "arms": {"low": {COMMISSION: 0.03}, "high": {COMMISSION: 0.05}},
    "measure": "contribution_per_order",
    "effect": "high - low",
    "unit": "yuan/order",
    "holds": {"below": 0},
    "worlds": [{"name": "as given", "expect": "holds"}, {"name": "other", "set": {ELASTICITY: -4.0}}],
    "vary": ["market.price_elasticity"],
}


def planted(scenario, seed, *, noise=0.5, turn=-10.0, **_) -> PlantedRun:
    """A contribution that falls with commission where demand is inelastic enough, and rises elsewhere.

    The slope is ``100 * (turn - elasticity)``: with ``turn`` -10 it is never positive in the range.
    """
    common, own = np.random.default_rng(seed).normal(size=2) * noise
    commission = scenario.channels.tmall.commission
    slope = 100.0 * (turn - scenario.market.price_elasticity)
    value = 10.0 + common + slope * commission + own * commission
    kpis = {"orders": 1000.0, "contribution_per_order": value}
    return PlantedRun(scenario.hash, seed, "mature", "planted", kpis, {}, {}, {})


def tried(changes=None, **arguments):
    simulate = functools.partial(planted, **arguments)
    with Runner(1, simulate=simulate) as runner:
        return try_claims([Claim.model_validate(DESCRIPTION | (changes or {}))], runner=runner)[0]


def test_a_formula_is_arithmetic_and_nothing_else() -> None:
    values = {"a": 8.0, "b.c": 2.0}
    assert Formula("log(a / b.c) / log(4)").value(values.__getitem__) == pytest.approx(1.0)
    assert Formula("-(a - 3) * max(b.c, 1)").value(values.__getitem__) == -10.0
    assert Formula("a + b.c + a").names == ("a", "b.c")
    for text in ("__import__('os')", "a ** 2", "[a]", "a if b else c", "a.b()", "'x'", "a <", "lambda: 1"):
        with pytest.raises(ExperimentError, match="formula"):
            Formula(text)
    with pytest.raises(ExperimentError, match="no value here"):
        Formula("a / (b.c - 2)").value(values.__getitem__)


def test_a_planted_effect_is_found_with_its_sign() -> None:
    found = tried()
    first = found.worlds[0]
    assert first.outcome == found.verdict == "holds"
    assert first.effect.low < 0.02 * 100 * (-10 + 2) < first.effect.high
    assert found.plausible.mean == 1.0
    assert tried({"holds": {"above": 0}}).verdict == "fails"


def test_a_verdict_depends_where_plausible_worlds_disagree() -> None:
    """The range of the elasticity is -4.5 to -1; the sign of the effect turns at -3."""
    found = tried(turn=-3.0, noise=0.0)
    assert [one.outcome for one in found.worlds] == ["holds", "fails"]
    assert found.verdict == "depends"
    assert found.condition == "holds in: as given. fails in: other"
    expected = (4.5 - 1.0 - 1.5) / 3.5  # share of the range in which the slope is below zero
    assert found.plausible.low < expected < found.plausible.high


def test_nothing_is_decided_where_chance_drowns_the_effect() -> None:
    assert tried(noise=2000.0).verdict == "cannot tell"


def test_the_same_arms_give_exactly_no_effect() -> None:
    found = tried({"arms": {"low": {COMMISSION: 0.03}, "high": {COMMISSION: 0.03}}})
    effect = found.worlds[0].effect
    assert (effect.mean, effect.low, effect.high) == (0.0, 0.0, 0.0)
    assert found.verdict == "fails"


def test_all_claims_together_are_wrong_at_most_one_time_in_twenty() -> None:
    """Of 40 claims without any effect, a study that decides even one is counted; their share is bounded."""
    rng = np.random.default_rng(7)
    claims, studies, wrong = 40, 400, 0
    claim = Claim.model_validate(DESCRIPTION | {"holds": {"above": 0}})
    from sim.experiment.claims.trial import decide

    level = family_level(claims)
    for _ in range(studies):
        effects = rng.normal(size=(claims, 5))
        wrong += any(decide(claim, row.tolist(), level)[0] != "cannot tell" for row in effects)
    bar = 0.05 + 2.6 * math.sqrt(0.05 * 0.95 / studies)
    assert wrong / studies <= bar


def test_verdicts_weigh_the_own_world_with_plausible_ones() -> None:
    assert verdict_of("holds", share(10, 12)) == "holds"
    assert verdict_of("fails", share(10, 12)) == "depends"
    assert verdict_of("cannot tell", share(12, 12)) == "cannot tell"
    assert verdict_of("fails", None) == "fails"
    assert set(VERDICTS) == {"holds", "fails", "depends", "cannot tell"}


def test_a_frontier_finds_where_the_sign_turns() -> None:
    frontier = {"over": {ELASTICITY: None, "products.gross_margin": None}}
    claim = Claim.model_validate(DESCRIPTION | {"frontier": frontier})
    with Runner(1, simulate=functools.partial(planted, turn=-3.0, noise=0.0)) as runner:
        found = draw_frontier(claim, runner=runner, points=32)
    elasticity, margin = found.axes
    assert elasticity.flips_at == pytest.approx(-3.0, abs=1e-6)
    assert margin.flips_at is None
    assert found.out_of_sample.mean == 1.0
    assert found.holds_share.low < 2.0 / 3.5 < found.holds_share.high
    assert ELASTICITY in found.sentence
    with Runner(1, simulate=planted) as runner, pytest.raises(ExperimentError, match="two or three"):
        draw_frontier(claim, runner=runner, over=["products.gross_margin"])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"efect": "high - low"}, "unknown key; did you mean effect"),
        ({"effect": "hihg - low"}, "did you mean high"),
        ({"measure": "contribution_per_oder"}, "did you mean contribution_per_order"),
        ({"measure": "accounts.traffic_click"}, "did you mean traffic_clicks"),
        ({"holds": {"above": 1, "below": 0}}, "exactly one of above, below, between"),
        ({"worlds": [{"name": "one", "set": {COMMISSION: 0.04}}, {"name": "two"}]}, "sets nothing"),
        ({"replications": 1}, "greater than or equal to 2"),
    ],
)
def test_a_bad_claim_is_refused_with_its_place(tmp_path: Path, changes: dict, said: str) -> None:
    import json

    path = tmp_path / "bad.yaml"
    path.write_text(json.dumps(DESCRIPTION | changes, indent=1))
    with pytest.raises(ExperimentError) as refused:
        read_claim(path)
    assert said in str(refused.value)
    assert str(refused.value).startswith(str(path))


def written(path: Path, changes: dict | None = None) -> Path:
    import json

    path.write_text(json.dumps(DESCRIPTION | (changes or {}), indent=1))
    return path


def test_no_claim_is_dropped_for_another_of_the_same_id(tmp_path: Path) -> None:
    mine = written(tmp_path / "mine.yaml")
    other = written(tmp_path / "other.yaml", {"effect": "low - high"})
    with pytest.raises(ExperimentError) as refused:
        chosen([str(mine), str(other)])
    assert str(refused.value) == f"two claims have the id 'planted': {mine}, {other}"
    shipped = written(tmp_path / "shipped.yaml", {"id": "points_raise_cost"})
    for words in (["points_raise_cost", str(shipped)], [str(shipped), "000-14"]):
        with pytest.raises(ExperimentError, match=r"two claims have the id 'points_raise_cost': .*shipped"):
            chosen(words)
    assert [one.id for one in chosen([str(mine), str(mine)])] == ["planted"]
    assert [one.id for one in chosen(["points_raise_cost", "points_raise_cost"])] == ["points_raise_cost"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id: mine\n# \x07\n", ":2:1: holds a character that YAML does not allow"),
        ("id: mine\na: " + "[" * 3000 + "]" * 3000, ":2:20: nested more than 16 levels deep"),
        ("id: mine\nid: other\n", ":2:1: 'id' is given twice"),
        ("id: [mine\n", "not valid YAML"),
        ("- mine\n", ": a claim is a mapping of keys"),
    ],
)
def test_a_file_that_is_no_claim_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(text)
    with pytest.raises(ExperimentError) as refused:
        read_claim(path)
    assert f"{path}" in str(refused.value)
    assert said in str(refused.value)


def test_what_a_claim_lacks_and_letters_of_another_kind_are_said_in_words(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("id: mine\nworlds:\n  - name: one\n  - set: {}\n")
    with pytest.raises(ExperimentError) as refused:
        read_claim(path)
    lines = str(refused.value).splitlines()
    assert f"{path}: sentence is missing" in lines
    assert f"{path}:4: worlds.1.name is missing" in lines
    assert "required" not in str(refused.value)
    path.write_bytes(b"id: mine\nsentence: caf\xe9\n")
    with pytest.raises(ExperimentError) as refused:
        read_claim(path)
    assert str(refused.value) == f"{path}:2:14: is not UTF-8 text (byte 0xe9); save it as UTF-8"


def test_a_formula_that_nobody_can_follow_is_refused(tmp_path: Path) -> None:
    for text, said in (
        ("+".join(["high"] * 5000), "at most 2,000 characters"),
        ("+".join(["low"] * 400), "at most 100 levels deep"),
        ("-" * 1900 + "low", "formula"),
        ("(" * 900 + "low" + ")" * 900, "formula"),
        ("log()", "does not fit the formula's function log"),
        ("min(low)", "does not fit the formula's function min"),
    ):
        path = written(tmp_path / "long.yaml", {"effect": text})
        with pytest.raises(ExperimentError, match=said):
            read_claim(path)
    with pytest.raises(ExperimentError, match="no value here"):
        Formula("9" * 400 + " * a").value({"a": 1.0}.__getitem__)
    assert Formula("+".join(["a"] * 100)).value({"a": 1.0}.__getitem__) == 100.0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"vary": ["nosuch.path"]}, "vary: 'nosuch.path' fits no assumption with a range"),
        ({"vary": [ELASTICITY, "market.price_elastcity"]}, f"did you mean '{ELASTICITY}'?"),
        ({"frontier": {"over": {"nosuch": None, ELASTICITY: None}}}, "has no value 'nosuch'"),
        ({"frontier": {"over": {"market.plces": None, ELASTICITY: None}}}, "did you mean 'market.places'?"),
        ({"frontier": {"over": {COMMISSION: [0, 5], ELASTICITY: None}}}, "from 0 to 0.9"),
        ({"frontier": {"over": {"horizon.start": [0, 1], ELASTICITY: None}}}, "is no number"),
    ],
)
def test_a_typing_error_in_what_is_varied_is_named(tmp_path: Path, changes: dict, said: str) -> None:
    path = written(tmp_path / "typo.yaml", changes)
    claim = read_claim(path)
    with Runner(1, simulate=planted) as runner:
        for draws in (0, 2):
            with pytest.raises(ExperimentError) as refused:
                try_claims([claim], runner=runner, draws=draws)
            assert str(refused.value).startswith(f"{path}:")
            assert said in str(refused.value)
        assert runner.simulated == 0


def test_a_reversed_range_of_a_frontier_is_refused_where_it_is_written(tmp_path: Path) -> None:
    path = written(tmp_path / "b.yaml", {"frontier": {"over": {COMMISSION: [0.1, 0.05], ELASTICITY: None}}})
    with pytest.raises(ExperimentError, match=r"b\.yaml:\d+: frontier: .*a lower and a higher end"):
        read_claim(path)


def test_figures_are_read_by_name() -> None:
    from sim.experiment.jobs import Summary

    rows = ({"channel": "mall", "source": "email", "visits": 9, "orders": 2, "sales": 30.0, "cost": 20.0},)
    summary = Summary(
        scenario_hash="x",
        seed=1,
        start="mature",
        model_version="",
        kpis={"orders": 3.0},
        accounts={"traffic_clicks": 5.0},
        accounts_by_channel={"mall": {"sales": -30.0, "goods": 12.0}},
        orders_by_channel={"mall": 2.0},
        funnel=rows,
    )
    assert figure(summary, "orders") == 3.0
    assert figure(summary, "accounts.traffic_clicks") == 5.0
    assert figure(summary, "accounts.goods") == 0.0
    assert figure(summary, "channels.mall.contribution") == 18.0
    assert figure(summary, "channels.mall.accounts.goods") == 12.0
    assert figure(summary, "sources.email.contribution") == 10.0
    with pytest.raises(ExperimentError, match="does not apply"):
        figure(summary, "contribution")
