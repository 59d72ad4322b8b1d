"""Three promises that can be read off the source: nothing is baked in, luck has a seed, every test tests."""

from __future__ import annotations

import ast
import re

import pytest

from tests.project.tree import (
    FUNCTIONS,
    at,
    called_name,
    dotted_name,
    files,
    last_name,
    listing,
    names_in,
    tree,
)

VOLUME = re.compile(r"volume|orders|parcels|quantity|units|visits|points", re.IGNORECASE)
POWERS = {"pow", "power", "float_power"}
EXPONENTIALS = {"exp", "exp2", "expm1"}
LOGARITHMS = {"log", "log2", "log10", "log1p"}
ROOMS_WITH_COSTS = ("sim/fulfilment", "sim/management", "sim/market", "sim/money")
# "file: expression" of a power of what grows with volume: which named mechanism it is, and its switch.
MECHANISMS: dict[str, str] = {}

SEEDED = {"default_rng", "SeedSequence", "PCG64", "PCG64DXSM", "Philox", "SFC64", "MT19937"}
DESIGNS = {"Sobol", "Halton", "LatinHypercube", "PoissonDisk", "MultinomialQMC", "MultivariateNormalQMC"}
SEED_WORDS = {"seed", "rng", "random_state"}
BY_CHANCE = {"random", "secrets", "uuid"}

CHECKS = re.compile(r"_?(assert|check|expect)_|raises$|warns$")


def powers_of_volume(module: ast.Module) -> list[ast.expr]:
    """Expressions that raise something named like a volume to a power, openly or through exp and log."""
    found: list[ast.expr] = []
    for node in ast.walk(module):
        base: ast.AST | None = None
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            base = node.left
        elif isinstance(node, ast.Call) and called_name(node) in POWERS and node.args:
            base = node.args[0]
        elif isinstance(node, ast.Call) and called_name(node) in EXPONENTIALS:
            calls = [item for item in ast.walk(node) if isinstance(item, ast.Call)]
            logged = [word for call in calls if called_name(call) in LOGARITHMS for word in call.args]
            base = ast.Tuple(elts=logged, ctx=ast.Load())
        if base is not None and any(VOLUME.search(name) for name in names_in(base)):
            assert isinstance(node, ast.expr)
            found.append(node)
    return found


def luck_without_a_seed(module: ast.Module) -> list[ast.stmt | ast.expr]:
    """Calls and imports whose outcome differs from run to run."""
    found: list[ast.stmt | ast.expr] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            chance = any(name.name.split(".")[0] in BY_CHANCE for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            chance = (node.module or "").split(".")[0] in BY_CHANCE
        elif isinstance(node, ast.Call):
            chance = _is_unseeded(node)
        else:
            continue
        if chance:
            found.append(node)
    return found


def _is_unseeded(call: ast.Call) -> bool:
    name = called_name(call)
    words = {item.arg for item in call.keywords}
    if name in SEEDED:
        return not call.args and not words
    if name in DESIGNS or name == "rvs":
        return not words & SEED_WORDS
    return bool(re.match(r"(np|numpy)\.random\.[a-z]", dotted_name(call.func))) and name not in SEEDED


def asserts_something(function: ast.AST) -> bool:
    """Say whether a test contains an assertion or calls a helper named after one."""
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, ast.Call) and CHECKS.match(last_name(node.func)):
            return True
    return False


def test_no_cost_rises_with_a_power_of_volume():
    found = [
        (f"{path}: {ast.unparse(node)}", at(path, node))
        for room in ROOMS_WITH_COSTS
        for path in files(".py", room)
        for node in powers_of_volume(tree(path))
    ]
    baked_in = [f"{place}: {key}" for key, place in found if key not in MECHANISMS]
    assert not baked_in, listing(baked_in)
    assert {key for key, _ in found} == MECHANISMS.keys()
    assert all(len(reason) > 20 for reason in MECHANISMS.values())


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("cost = fee * volume ** 1.1", 1),
        ("cost = fee * np.power(yearly.orders, k)", 1),
        ("cost = fee * math.exp(k * math.log(parcels_per_day))", 1),
        ("spread = (1 + rate) ** years", 0),
    ],
)
def test_a_power_of_volume_is_found(source, count):
    assert len(powers_of_volume(ast.parse(source))) == count


def test_luck_always_has_a_seed():
    found = [at(path, node) for path in files(".py", "sim") for node in luck_without_a_seed(tree(path))]
    assert not found, listing(found)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("import random", 1),
        ("x = np.random.normal(0, 1)", 1),
        ("g = np.random.default_rng()", 1),
        ("g = np.random.default_rng(seed)", 0),
        ("g = np.random.Generator(np.random.Philox(key=key))", 0),
        ("d = qmc.Sobol(3)", 1),
        ("d = qmc.Sobol(3, rng=seed)", 0),
    ],
)
def test_luck_without_a_seed_is_found(source, count):
    assert len(luck_without_a_seed(ast.parse(source))) == count


def test_every_test_asserts_something():
    silent = [
        f"{at(path, node)}: {node.name}"
        for path in files(".py", "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, FUNCTIONS) and node.name.startswith("test_") and not asserts_something(node)
    ]
    assert not silent, listing(silent)
