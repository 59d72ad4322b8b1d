"""Double entry, the rounding rule, and what the ledger refuses."""

from __future__ import annotations

import pickle
from decimal import ROUND_HALF_EVEN, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.money import CHART, Ledger, PostingError, UnknownAccountError, to_fen
from sim.money.ledger import all_to_fen

NAMES = st.sampled_from(sorted(CHART))
POSTINGS = st.lists(
    st.tuples(
        st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]),
        st.floats(-1e7, 1e7, allow_nan=False),
        st.sampled_from(["", "tmall", "stores"]),
        st.sampled_from(["", "search"]),
        st.sampled_from(["", "community", "partner"]),
        st.integers(0, 3),
    ),
    max_size=25,
)


def keep(postings):
    ledger = Ledger()
    for (debit, credit), yuan, channel, source, layer, period in postings:
        ledger.post(debit, credit, yuan, channel=channel, source=source, layer=layer, period=period)
    return ledger.close()


@given(POSTINGS)
def test_every_posting_balances_in_total_and_in_every_slice(postings):
    books = keep(postings)
    assert books.trial_balance() == 0
    for field in ("channel", "source", "layer", "period"):
        slices = [books.by_account(**{field: value}) for value in books.values(field)]
        assert all(sum(balances.values()) == 0 for balances in slices)
        for name, fen in books.by_account().items():
            assert fen == sum(balances.get(name, 0) for balances in slices) == books.balance(name)


@given(POSTINGS, st.randoms(use_true_random=False))
def test_the_order_of_postings_changes_nothing(postings, random):
    cents = [(pair, round(yuan, 2), *rest) for pair, yuan, *rest in postings]
    shuffled = random.sample(cents, len(cents))
    assert keep(cents) == keep(shuffled)


@given(POSTINGS)
def test_a_posting_and_its_reversal_leave_nothing(postings):
    cents = [(pair, round(yuan, 2), *rest) for pair, yuan, *rest in postings]
    back = [(pair, -yuan, *rest) for pair, yuan, *rest in cents]
    assert keep(cents + back).entries == ()


@given(POSTINGS, NAMES)
def test_one_more_posting_moves_two_accounts_and_nothing_else(postings, other):
    before = keep(postings).by_account()
    debit = "head_office" if other != "head_office" else "cash"
    after = keep([*postings, ((debit, other), 1234.0, "", "extra", "", 9)]).by_account()
    moved = {name: after.get(name, 0) - before.get(name, 0) for name in CHART}
    assert {name: fen for name, fen in moved.items() if fen} == {debit: 123_400, other: -123_400}


@given(st.decimals(-100_000, 100_000, places=3))
def test_rounding_is_half_to_even_of_the_decimal_that_was_meant(amount):
    meant = (amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    assert to_fen(float(amount)) == int(meant)


def test_a_key_rounds_once_not_every_posting():
    ledger = Ledger()
    for _ in range(1000):
        ledger.post("platform_commission", "receivables", 0.004)
    assert ledger.close().balance("platform_commission") == 400


def test_each_key_rounds_on_its_own():
    ledger = Ledger()
    for period in range(10):
        ledger.post("goods", "stock", 0.006, period=period)
    assert ledger.close().balance("goods") == 10


def test_zero_and_amounts_that_round_to_zero_leave_no_entry():
    ledger = Ledger()
    ledger.post("goods", "stock", 0.0)
    ledger.post("goods", "stock", 0.005)
    ledger.post_array("goods", "cash", [0.0, -0.0])
    assert ledger.close().entries == ()


def test_a_negative_amount_takes_back_under_the_same_key():
    ledger = Ledger()
    ledger.post("pickup_sites", "cash", 100.0, layer="community")
    ledger.post("pickup_sites", "cash", -30.0, layer="community")
    (entry,) = ledger.close().entries
    assert (entry.debit, entry.credit, entry.fen) == ("pickup_sites", "cash", 7000)


def test_an_array_is_one_posting_per_period():
    one, many = Ledger(), Ledger()
    amounts = np.array([1.5, 0.0, -2.25, 1e6])
    many.post_array(
        "line_haul", "cash", amounts, channel="mall", source="email", layer="partner", first_period=2
    )
    for offset, yuan in enumerate(amounts):
        one.post(
            "line_haul", "cash", yuan, channel="mall", source="email", layer="partner", period=2 + offset
        )
    books = many.close()
    assert books == one.close()
    assert [entry.period for entry in books.entries] == [2, 4, 5]


def test_a_table_is_one_array_per_column():
    one, many = Ledger(), Ledger()
    places = [("mall", "email", ""), ("tmall", "search", "partner"), ("mall", "email", "")]
    amounts = np.array([[0.1, 0.0, 0.2], [0.3, -2.0, 0.0], [0.0, 7.1, 1e-9]])
    for _ in range(3):
        many.post_table("line_haul", "cash", amounts, places)
        for (channel, source, layer), yuan in zip(places, amounts.T, strict=True):
            one.post_array("line_haul", "cash", yuan, channel=channel, source=source, layer=layer)
    assert many.by_period("cash", 4).tolist() == one.by_period("cash", 4).tolist()
    assert many.close() == one.close()


def test_a_table_needs_a_place_for_every_column_and_finite_amounts():
    ledger = Ledger()
    with pytest.raises(PostingError, match=r"shape \(periods, 1\), found \(1, 2\)"):
        ledger.post_table("goods", "cash", [[1.0, 2.0]], [("mall", "", "")])
    with pytest.raises(PostingError, match="found nan in period 1"):
        ledger.post_table("goods", "cash", [[1.0], [float("nan")]], [("mall", "", "")])
    assert ledger.close().entries == ()


@given(st.lists(st.floats(-1e13, 1e13), max_size=20), st.lists(st.integers(-(10**9), 10**9), max_size=20))
def test_amounts_are_rounded_all_at_once_as_one_by_one(yuan, tenths_of_a_fen):
    near_ties = [amount / 1000 + noise for amount in tenths_of_a_fen for noise in (0.0, 1e-9, -1e-8)]
    assert all_to_fen(yuan + near_ties) == [to_fen(amount) for amount in yuan + near_ties]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_what_is_not_finite_is_refused(bad):
    ledger = Ledger()
    with pytest.raises(PostingError, match="goods from cash: amount must be finite"):
        ledger.post("goods", "cash", bad)
    with pytest.raises(PostingError, match="in period 6"):
        ledger.post_array("goods", "cash", [1.0, bad], first_period=5)
    assert ledger.close().entries == (), "a refused array leaves nothing behind"


def test_amounts_too_large_to_be_exact_are_refused_and_the_books_stay_open():
    ledger = Ledger()
    ledger.post("cash", "owners_equity", 1e15)
    with pytest.raises(PostingError, match="exact to the fen"):
        ledger.close()
    ledger.post("cash", "owners_equity", -1e15)
    assert ledger.close().entries == ()


def test_an_unknown_account_names_the_nearest():
    with pytest.raises(
        UnknownAccountError, match=r"unknown account 'last_mlie'\. Did you mean 'last_mile'\?"
    ):
        Ledger().post("last_mlie", "cash", 1.0)
    with pytest.raises(UnknownAccountError, match=r"'zzz'\. See sim\.money\.CHART"):
        Ledger().post("cash", "zzz", 1.0)


def test_a_posting_needs_two_accounts_a_whole_period_and_one_dimension():
    ledger = Ledger()
    with pytest.raises(PostingError, match="two accounts, found cash on both sides"):
        ledger.post("cash", "cash", 1.0)
    with pytest.raises(PostingError, match=r"period must be a whole number, found 1\.5"):
        ledger.post("goods", "cash", 1.0, period=1.5)
    with pytest.raises(PostingError, match=r"shape \(periods,\), found \(1, 2\)"):
        ledger.post_array("goods", "cash", [[1.0, 2.0]])


def test_closed_books_take_no_postings():
    ledger = Ledger()
    ledger.close()
    for attempt in (
        lambda: ledger.post("goods", "cash", 1.0),
        ledger.close,
        lambda: ledger.post_array("goods", "cash", [1]),
    ):
        with pytest.raises(PostingError, match="the books are closed"):
            attempt()


def test_books_answer_by_field_and_survive_pickling():
    ledger = Ledger()
    ledger.post("receivables", "sales", 100.0, channel="tmall", source="search", period=1)
    ledger.post("receivables", "sales", 50.0, channel="mall", source="email", period=2)
    ledger.post("pickup_fees", "cash", 2.0, channel="tmall", layer="partner", period=2)
    books = ledger.close()
    assert pickle.loads(pickle.dumps(books)) == books
    assert books.balance("sales", channel="tmall") == -10_000
    assert books.balance("sales", channel=["tmall", "mall"], period=range(2, 5)) == -5_000
    assert books.balance("receivables", period=np.int64(1)) == 10_000
    assert books.balance("pickup_fees", layer="partner", source="") == 200
    assert books.total(["sales", "pickup_fees"]) == -14_800
    assert books.in_yuan(channel="mall") == {"receivables": 50.0, "sales": -50.0}
    assert books.values("channel") == ("mall", "tmall")
    with pytest.raises(UnknownAccountError, match="Did you mean 'sales'"):
        books.balance("sale")


def test_the_table_of_entries_holds_every_entry_and_its_types():
    ledger = Ledger()
    ledger.post("goods", "stock", 12.34, channel="tmall", period=3)
    table = ledger.close().frame()
    assert list(table.columns) == ["debit", "credit", "channel", "source", "layer", "period", "fen"]
    assert table.to_dict("records") == [
        {
            "debit": "goods",
            "credit": "stock",
            "channel": "tmall",
            "source": "",
            "layer": "",
            "period": 3,
            "fen": 1234,
        }
    ]
    empty = Ledger().close().frame()
    assert list(empty.columns) == list(table.columns)
    assert empty["fen"].dtype == "int64"
