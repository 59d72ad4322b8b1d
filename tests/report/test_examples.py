"""The examples in the docstrings of the report room are true, and it starts without slow packages."""

from __future__ import annotations

import doctest
import importlib
import subprocess
import sys

import pytest


@pytest.mark.parametrize("module", ["numbers", "svg", "explain"])
def test_examples_are_true(module):
    result = doctest.testmod(importlib.import_module(f"sim.report.{module}"))
    assert result.attempted > 0
    assert result.failed == 0


def test_nothing_slow_is_imported_before_it_is_needed():
    modules = ("run", "compare", "scale", "explain", "terminal", "charts")
    program = "import sys; " + "; ".join(f"import sim.report.{name}" for name in modules)
    program += "; print(sorted({'rich', 'pandas', 'scipy', 'numba', 'plotly', 'simpy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
