"""The examples in the docstrings of the money room are true."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("module", ["accounts", "errors", "ledger", "tariff"])
def test_examples_are_true(module):
    result = doctest.testmod(importlib.import_module(f"sim.money.{module}"))
    assert result.attempted > 0
    assert result.failed == 0
