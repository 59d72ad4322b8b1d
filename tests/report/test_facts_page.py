"""The page of facts: published numbers beside ours, the count of verdicts, and what was arranged."""

from __future__ import annotations

from typing import Any

from sim.report.facts import facts_page, headline, verdict_table
from sim.report.terminal import plain_text
from tests.report.samples import kpi


def fact(name: str, verdict: str, **changes: Any) -> dict[str, Any]:
    found = {
        "id": name,
        "sentence": "A third of all walk-ins buy.",
        "sources": ["https://example.org/one", "https://example.org/two"],
        "grade": "B",
        "real": [
            {"label": "low", "value": 0.2, "unit": "share"},
            {"label": "middle", "value": 0.3, "unit": "share"},
            {"label": "high", "value": 0.4, "unit": "share"},
        ],
        "band": {"low": 0.2, "high": 0.4, "unit": "share", "why": "the published range"},
        "measured": "Base scenario, a year.",
        "ours": kpi(0.31, 0.02, "share", 3),
        "beside": {"visits": kpi(1200.0, 30.0, "visits", 3)},
        "verdict": verdict,
        "reason": "",
        "tuned": [],
    }
    return found | changes


def result(*facts: dict[str, Any]) -> dict[str, Any]:
    verdicts = [one["verdict"] for one in facts]
    return {
        "facts": list(facts),
        "passed": verdicts.count("pass"),
        "missed": verdicts.count("miss"),
        "cannot_tell": verdicts.count("cannot_tell"),
        "rule": "pass: inside the band",
        "seed": 1,
        "replications": 3,
        "model_version": "1",
    }


PASSED = fact("walk_ins", "pass")
SET = fact("price", "pass", tuned=["market.price_elasticity"])
UNKNOWN = fact("rank", "cannot_tell", ours=None, beside={}, reason="there is no ranking")
LONG = fact(
    "cost",
    "miss",
    real=[{"label": "2012", "value": 15.8, "unit": "yuan/order"}],
    band={"low": None, "high": 0.1, "unit": "elasticity", "why": "one year"},
    ours=kpi(0.35, 0.01, "elasticity", 3),
)


def test_the_headline_counts_and_tells_what_was_arranged():
    assert headline(result(PASSED)) == "1 fact: 1 pass, 0 miss."
    assert headline(result(PASSED, SET, UNKNOWN, LONG)) == (
        "4 facts: 2 pass, 1 miss, 1 cannot be told; 1 of the passes rests on values"
        " set to the fact or taken from its source."
    )


def test_each_line_has_both_worlds_in_one_unit():
    table = verdict_table(result(PASSED, SET, UNKNOWN, LONG))
    assert [row.cells for row in table.rows] == [
        ("walk ins", "20 ... 40 %", "20", "40", "31.0 ± 2.0", "%", "B", "no", "pass"),
        ("price", "20 ... 40 %", "20", "40", "31.0 ± 2.0", "%", "B", "yes", "pass"),
        ("rank", "20 ... 40 %", "20", "40", "-", "%", "B", "no", "cannot tell"),
        ("cost", "15.8 yuan/order", "-", "0.1", "0.350 ± 0.010", "elasticity", "B", "no", "miss"),
    ]
    assert [row.weight for row in table.rows] == ["plain", "plain", "plain", "strong"]


def test_the_page_gives_source_measure_and_reason():
    said = " ".join(plain_text(facts_page(result(PASSED, SET, UNKNOWN))).split())
    for part in (
        "Walk ins: pass. A third of all walk-ins buy. Band: the published range.",
        "Measured: Base scenario, a year. Ours: 31.0 +/- 2.0%; visits 1,200 +/- 30 visits.",
        "Set to it, or citing its source: market.price_elasticity.",
        "No value was set to it.",
        "Rank: cannot tell.",
        "Ours: there is no ranking.",
        "Source (B): https://example.org/one ; https://example.org/two",
        "over 3 simulated runs. Seed 1; model 1.",
        "illustrative",
    ):
        assert part in said
    nothing_ran = facts_page(result(UNKNOWN) | {"model_version": ""})
    assert "simulated runs" not in plain_text(nothing_ran)
