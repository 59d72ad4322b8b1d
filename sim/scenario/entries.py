"""Leaves of a scenario as seen from outside: value, meaning, evidence and origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sim.scenario.evidence import SET_BY, Evidence
from sim.scenario.fields import FieldSpec
from sim.scenario.layers import Cell

CHANGE = "change"
DEFAULT = "schema default"


@dataclass(frozen=True)
class Entry:
    """One leaf of a scenario with everything known about it.

    Parameters
    ----------
    path
        Dotted path; rows of tables are counted from 0.
    value
        Number, word, switch or list of numbers.
    unit, role, basic, description
        As the schema says; ``role`` is ``lever``, ``assumption`` or ``label``.
    bounds
        Lowest and highest allowed value; None where there is no bound.
    range
        Plausible lowest and highest value, or None.
    source, grade
        What the value rests on; see :class:`sim.scenario.evidence.Evidence`.
    layer
        File name that set it, ``--set``, ``change`` (made in code) or ``schema default``.
    file, line
        Where it is written; empty and None where it is not.
    """

    path: str
    value: Any
    unit: str
    role: str
    basic: bool
    description: str
    bounds: tuple[float | None, float | None]
    range: tuple[float, float] | None
    source: str
    grade: str
    layer: str
    file: str
    line: int | None


@dataclass(frozen=True)
class Origin:
    """Where a leaf was set and what it rests on, as a whole and number by number."""

    layer: str
    file: str = ""
    line: int | None = None
    evidence: Evidence | None = None
    inner: Mapping[str, Evidence] = field(default_factory=dict)

    @classmethod
    def of(cls, cell: Cell) -> Origin:
        """Origin of a cell, without its tree."""
        mark = cell.node.mark
        file, line = (mark.file, mark.line) if mark.line else ("", None)
        return cls(cell.layer, file, line, cell.evidence, cell.inner)

    def changed(self) -> Origin:
        """Origin of a value that code put in place of this one; range and source stay as context."""
        inner = {name: proof.context_for(CHANGE) for name, proof in self.inner.items()}
        return Origin(
            CHANGE, evidence=self.evidence.context_for(CHANGE) if self.evidence else None, inner=inner
        )

    def proof(self, relative: str) -> Evidence | None:
        """Evidence of a number inside the leaf; the range of a law bounds its mean and nothing else."""
        if relative in self.inner:
            own = self.inner[relative]
            unsaid = not own.source and own.grade.startswith(SET_BY) and self.evidence is not None
            return replace(self.evidence, range=own.range) if unsaid and self.evidence else own
        if self.evidence is None or relative in ("", "mean"):
            return self.evidence
        return replace(self.evidence, range=None)


def entry_of(path: str, relative: str, value: Any, spec: FieldSpec, origin: Origin) -> Entry:
    """Entry of a leaf; ``relative`` is its path below the law or table it belongs to, or empty."""
    proof = origin.proof(relative)
    grade = proof.grade if proof else ""
    if not proof and spec.role != "label":
        grade = DEFAULT if origin.layer == DEFAULT else f"{SET_BY}{origin.layer}"
    return Entry(
        path=path,
        value=value,
        unit=spec.unit,
        role=spec.role,
        basic=spec.basic,
        description=spec.description,
        bounds=spec.bounds,
        range=proof.range if proof else None,
        source=proof.source if proof else "",
        grade=grade,
        layer=origin.layer,
        file=origin.file,
        line=origin.line,
    )
