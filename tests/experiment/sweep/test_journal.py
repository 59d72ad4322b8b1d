"""What travels and what is kept: packed runs come back whole, torn ones not at all."""

from __future__ import annotations

import errno
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.experiment.sweep.blocks import FAILED, Column, RunRecord, pack, record_of, unpack
from sim.experiment.sweep.journal import MAGIC, Journal

RECORD = RunRecord(3, 1, 2**62, "ab" * 16, "cd" * 32, "1.0")
WORDS = st.lists(st.text(max_size=5), max_size=20)
NUMBERS = st.lists(st.floats(allow_nan=False), max_size=20)


def run(number, status="done") -> bytes:
    record = RunRecord(number, 0, number, f"{number:032x}", "", "1.0", status)
    return pack(record, {"kpis": {"value": Column.numbers([number / 3])}})


@given(words=WORDS, numbers=NUMBERS, wholes=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=20))
def test_a_packed_run_comes_back_to_the_last_bit(words, numbers, wholes):
    tables = {
        "kpis": {"kpi": Column.texts(words), "value": Column.numbers(numbers)},
        "ledger": {
            "fen": Column.wholes(wholes),
            "odd": Column.switches([value % 2 == 1 for value in wholes]),
        },
    }
    record, found = unpack(pack(RECORD, tables))
    assert record == record_of(pack(RECORD, tables)) == RECORD
    texts = found["kpis"]["kpi"]
    assert [texts.words[code] for code in texts.data] == words
    assert found["kpis"]["value"].data.tobytes() == np.array(numbers, dtype=float).tobytes()
    assert found["ledger"]["fen"].data.tolist() == wholes
    assert found["ledger"]["odd"].data.tolist() == [value % 2 == 1 for value in wholes]


@pytest.mark.parametrize("damage", [b"", b"\x00", b"garbage of some length", run(1)[:-3], run(1)[:20]])
def test_what_is_no_packed_run_is_refused(damage):
    with pytest.raises(ValueError, match=r"."):
        unpack(damage)


def test_what_is_appended_is_there_after_a_crash(tmp_path):
    path = tmp_path / "journal"
    Journal(path).append([run(2), run(1, FAILED)])  # never closed
    found = Journal(path)
    assert (found.places, found.failed) == ({(1, 0), (2, 0)}, {(1, 0)})
    assert list(found.blocks()) == [run(1, FAILED), run(2)]  # in the order of the design


@pytest.mark.parametrize("cut", [1, 7, 40])
def test_a_torn_record_is_cut_off_and_the_others_stay(tmp_path, cut):
    path = tmp_path / "journal"
    Journal(path).append([run(1), run(2)])
    path.write_bytes(path.read_bytes()[:-cut])
    torn = Journal(path)
    assert torn.places == {(1, 0)}
    torn.append([run(3)])
    assert list(Journal(path).blocks()) == [run(1), run(3)]


def test_a_flipped_bit_is_noticed(tmp_path):
    path = tmp_path / "journal"
    Journal(path).append([run(1), run(2)])
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)
    assert Journal(path).places == {(1, 0)}


def test_a_full_disk_leaves_the_journal_as_it_was(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "journal")
    journal.append([run(1)])
    pwrite, calls = os.pwrite, []

    def full(file, content, at):
        calls.append(at)
        if len(calls) > 1:
            raise OSError(errno.ENOSPC, "No space left on device")
        return pwrite(file, content[:10], at)

    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space"):
        journal.append([run(2)])
    monkeypatch.undo()
    assert list(journal.blocks()) == list(Journal(tmp_path / "journal").blocks()) == [run(1)]


def test_an_empty_journal_leaves_no_file(tmp_path):
    journal = Journal(tmp_path / "journal")
    journal.append([run(1)])
    journal.clear()
    assert (tmp_path / "journal").read_bytes() == MAGIC
    journal.close()
    assert list(tmp_path.iterdir()) == []
