"""Arithmetic written in a claim: names of figures, numbers, + - * / and a few functions; data, never code."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping

from sim.experiment.errors import ExperimentError

FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "log": math.log,
    "abs": abs,
    "min": min,
    "max": max,
}
_OPERATORS: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
}
_ARGUMENTS: Mapping[str, tuple[int, float]] = {
    "log": (1, 2),
    "abs": (1, 1),
    "min": (2, math.inf),
    "max": (2, math.inf),
}
LONGEST = 2_000
"""Characters of a formula at most: an argument that a reader can follow is far shorter."""
DEEPEST = 100
"""Levels of a formula at most; a sum of so many terms has as many."""
ALLOWED = f"names, numbers, + - * / ( ) and {', '.join(FUNCTIONS)}"


class Formula:
    """An expression over named numbers.

    Parameters
    ----------
    text
        For example ``accounts.traffic_clicks / orders`` or ``log(many.cost / few.cost)``.

    Raises
    ------
    ExperimentError
        If the text is no such expression.

    Examples
    --------
    >>> formula = Formula("(many - few) / abs(few)")
    >>> formula.names
    ('many', 'few')
    >>> formula.value({"many": 3.0, "few": 2.0}.__getitem__)
    0.5
    """

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > LONGEST:
            raise ExperimentError(f"a formula has at most {LONGEST:,} characters (found {len(text):,})")
        try:
            self._tree = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise ExperimentError(f"'{text}' is not a formula; allowed: {ALLOWED}") from None
        _refuse_depth(self._tree)
        found: dict[str, None] = {}
        self._check(self._tree, found)
        self.names = tuple(found)

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"

    def _check(self, node: ast.expr, found: dict[str, None]) -> None:
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            self._check(node.left, found)
            self._check(node.right, found)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            self._check(node.operand, found)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS:
            least, most = _ARGUMENTS[node.func.id]
            if node.keywords or not least <= len(node.args) <= most:
                raise ExperimentError(
                    f"'{ast.unparse(node)}' does not fit the formula's function {node.func.id}"
                )
            for argument in node.args:
                self._check(argument, found)
        elif isinstance(node, ast.Name | ast.Attribute):
            found[_dotted(node, self.text)] = None
        elif not (isinstance(node, ast.Constant) and type(node.value) in (int, float)):
            raise ExperimentError(f"'{ast.unparse(node)}' has no place in a formula; allowed: {ALLOWED}")

    def value(self, read: Callable[[str], float]) -> float:
        """Return the value, reading each name with ``read``.

        Raises
        ------
        ExperimentError
            If a division by zero, the logarithm of a number that is not above zero, or a number without end
            comes up.
        """
        try:
            return self._value(self._tree, read)
        except (ArithmeticError, ValueError) as error:
            raise ExperimentError(f"'{self.text}' has no value here: {error}") from error

    def _value(self, node: ast.expr, read: Callable[[str], float]) -> float:
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](self._value(node.left, read), self._value(node.right, read))
        if isinstance(node, ast.UnaryOp):
            return -self._value(node.operand, read)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return float(FUNCTIONS[node.func.id](*(self._value(one, read) for one in node.args)))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return float(node.value)
        return read(_dotted(node, self.text))


def _refuse_depth(tree: ast.expr) -> None:
    """Refuse a tree that is too deep to walk down, level by level and without a stack of its own depth."""
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST + 1):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return
    raise ExperimentError(f"a formula is at most {DEEPEST} levels deep; split it into measures")


def _dotted(node: ast.expr, text: str) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value, text)}.{node.attr}"
    raise ExperimentError(f"'{text}' has a name that makes no sense; allowed: {ALLOWED}")
