"""The audit finds what a trial balance cannot: dropped, doubled, altered and misplaced postings."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sim.money import CHART, Books, Finding, Ledger, Rule, RuleError, UnknownAccountError, audit, recompute
from tests.money.brand import PRICES, keep_books, rule_book, tables

FIELDS = ("channel", "source", "layer", "period")
RECORDS = tables()
RULES = rule_book()


def findings(books: Books, by: tuple[str, ...] = FIELDS) -> list[Finding]:
    return audit(books, RULES, RECORDS, PRICES, by=by)


class Tape(Ledger):
    """A ledger that remembers its postings, so that they can be made again."""

    def __init__(self) -> None:
        super().__init__()
        self.postings = []

    def post(self, debit, credit, yuan, *, channel="", source="", layer="", period=0):
        super().post(debit, credit, yuan, channel=channel, source=source, layer=layer, period=period)
        if yuan:
            self.postings.append(((debit, credit, channel, source, layer, period), yuan))

    def post_array(self, debit, credit, yuan, *, first_period=0, **place):
        for period, amount in enumerate(yuan, first_period):
            self.post(debit, credit, amount, period=period, **place)


TAPE = Tape()
BOOKS = keep_books(RECORDS, TAPE)


class BrokenLedger(Ledger):
    """A ledger that mistreats the first posting of at least one yuan that touches one account."""

    def __init__(self, account: str, fault: str) -> None:
        super().__init__()
        self.account, self.fault, self.done = account, fault, False

    def post(self, debit, credit, yuan, **place):
        if self.done or self.account not in (debit, credit) or abs(yuan) < 1:
            super().post(debit, credit, yuan, **place)
            return
        self.done = True
        if self.fault == "doubled":
            super().post(debit, credit, 2 * yuan, **place)
        elif self.fault == "altered":
            super().post(debit, credit, yuan + 0.25, **place)


def test_the_brand_touches_every_account():
    assert set(BOOKS.by_account()) == set(CHART)


@pytest.mark.parametrize("by", [(), ("channel",), ("period", "layer"), FIELDS])
def test_honest_books_pass(by):
    assert findings(BOOKS, by) == []


@pytest.mark.parametrize("seed", range(3))
def test_honest_books_of_other_brands_pass(seed):
    records = tables(seed)
    assert audit(keep_books(records), RULES, records, PRICES, by=FIELDS) == []


def test_recomputed_balances_are_those_of_the_books_within_rounding():
    ours = recompute(RULES, RECORDS, PRICES)
    theirs = BOOKS.by_account()
    assert list(ours) == list(theirs)
    touching = {name: sum(name in (e.debit, e.credit) for e in BOOKS.entries) for name in CHART}
    for name in CHART:
        assert abs(ours[name] - theirs[name]) <= (touching[name] + 1) / 2


@pytest.mark.parametrize("fault", ["dropped", "doubled", "altered"])
@pytest.mark.parametrize("account", CHART)
def test_a_broken_posting_is_found_in_every_account(account, fault):
    ledger = BrokenLedger(account, fault)
    for (debit, credit, channel, source, layer, period), yuan in TAPE.postings:
        ledger.post(debit, credit, yuan, channel=channel, source=source, layer=layer, period=period)
    books = ledger.close()
    assert ledger.done, f"no posting of {account} was broken: the test tests nothing"
    assert books.trial_balance() == 0, "paired postings balance whatever was done to them"
    assert account in {finding.account for finding in findings(books)}


@pytest.mark.parametrize("account", [name for name in CHART if CHART[name].kind == "expense"])
def test_a_dropped_account_is_found_in_the_totals_too(account):
    kept = Books(tuple(e for e in BOOKS.entries if account not in (e.debit, e.credit)))
    found = {finding.account: finding for finding in findings(kept, by=())}
    assert found[account].books_fen == 0
    assert found[account].records_fen == pytest.approx(BOOKS.balance(account), abs=len(BOOKS.entries))


@pytest.mark.parametrize(
    "moved",
    [{"channel": "mall"}, {"source": "posters"}, {"layer": "lockers"}, {"period": 7}],
    ids=lambda m: next(iter(m)),
)
def test_a_misplaced_posting_is_found_when_the_field_is_told_apart(moved):
    position = max(
        range(len(BOOKS.entries)), key=lambda i: BOOKS.entries[i].fen * (BOOKS.entries[i].channel == "tmall")
    )
    entries = list(BOOKS.entries)
    entries[position] = entries[position]._replace(**moved)
    (field,) = moved
    assert findings(Books(tuple(entries)), by=()) == []
    cells = {finding.cell[field] for finding in findings(Books(tuple(entries)), by=(field,))}
    assert cells == {getattr(BOOKS.entries[position], field), moved[field]}


def test_swapped_accounts_are_found():
    entries = [e._replace(debit="line_haul") if e.debit == "last_mile" else e for e in BOOKS.entries]
    assert {f.account for f in findings(Books(tuple(entries)), by=())} == {"line_haul", "last_mile"}


def test_a_price_that_differs_is_found():
    found = audit(BOOKS, RULES, RECORDS, {**PRICES, "material": 3.04})
    assert {f.account for f in found} == {"packing_material", "cash"}


def test_a_lost_record_is_found():
    orders = RECORDS["orders"].drop(index=RECORDS["orders"].index[-1])
    assert "sales" in {f.account for f in audit(BOOKS, RULES, {**RECORDS, "orders": orders}, PRICES)}


def test_an_account_without_a_rule_is_a_finding_unless_left_out():
    rules = [rule for rule in RULES if rule.account != "interest"]
    (finding,) = audit(BOOKS, rules, RECORDS, PRICES)
    assert (finding.account, finding.reason) == ("interest", "no rule covers this account")
    assert audit(BOOKS, rules, RECORDS, PRICES, unaudited={"interest"}) == []


def test_a_finding_reads_as_a_sentence():
    entries = [e._replace(fen=e.fen + 150_000) if e.debit == "channel_team" else e for e in BOOKS.entries]
    found = {f.account: str(f) for f in findings(Books(tuple(entries)), by=("channel",))}
    assert found["channel_team"] == (
        "channel_team channel=tmall: books 40,500.00 yuan, records 36,000.00 yuan "
        "(4,500.00 yuan beyond rounding over 3 entries)"
    )


def test_rounding_alone_is_never_a_finding_and_one_fen_more_is():
    ledger = Ledger()
    for period in range(9):
        ledger.post("goods", "cash", 0.014, period=period)
    rows = pd.DataFrame({"period": range(9), "yuan": 0.014})
    rules = [Rule("goods", 1, "rows", "yuan"), Rule("cash", -1, "rows", "yuan")]
    books = ledger.close()
    assert books.balance("goods") == 9
    assert recompute(rules, {"rows": rows}) == {"cash": -13, "goods": 13}
    assert audit(books, rules, {"rows": rows}) == []
    spoiled = Books(tuple(e._replace(fen=e.fen - (e.period < 2)) for e in books.entries))
    assert {f.account for f in audit(spoiled, rules, {"rows": rows})} == {"cash", "goods"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"table": "order"}, "no table 'order'. Did you mean 'orders'?"),
        ({"quantity": "value_yaun"}, "has no column 'value_yaun'. Did you mean 'value_yuan'?"),
        ({"rate": "comission"}, "no price or column 'comission'. Did you mean 'commission'?"),
        ({"where": {"chanel": "tmall"}}, "has no column 'chanel'. Did you mean 'channel'?"),
        ({"rate": float("nan")}, "an amount is not finite"),
        ({"fields": {"period": "paid_in"}}, "has no column 'paid_in'"),
        ({"fields": {"source": "none"}}, "column 'none' of 'orders' has empty cells"),
    ],
)
def test_a_rule_that_cannot_be_answered_says_why(change, message):
    rule = replace(Rule("sales", -1, "orders", "value_yuan"), **change)
    with pytest.raises(RuleError) as error:
        audit(BOOKS, [rule], {"orders": RECORDS["orders"].assign(none=None)}, PRICES, by=FIELDS)
    assert message in str(error.value)


def test_a_rule_refuses_what_makes_no_sense():
    with pytest.raises(UnknownAccountError, match="Did you mean 'sales'"):
        Rule("sale", 1, "orders")
    with pytest.raises(RuleError, match="sign must be 1"):
        Rule("sales", 2, "orders")
    with pytest.raises(RuleError, match=r"unknown field 'chanel'\. Did you mean 'channel'"):
        Rule("sales", 1, "orders", fields={"chanel": "channel"})
    with pytest.raises(RuleError, match="unknown field 'month'"):
        audit(BOOKS, RULES, RECORDS, PRICES, by=("month",))
    with pytest.raises(RuleError, match="sales is left out of the audit and has a rule"):
        audit(BOOKS, RULES, RECORDS, PRICES, unaudited={"sales"})
