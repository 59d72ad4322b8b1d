"""A figure of a run as a person asks for it: a name, or arithmetic over names.

``contribution``, ``share_in_hands``, ``cost`` (all costs but financing, in yuan) and whatever a claim can
measure: ``channels.tmall.contribution / channels.tmall.sales`` is the net margin of one channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sim.experiment.claims.figures import check_name, figure
from sim.experiment.claims.formula import Formula
from sim.experiment.errors import ExperimentError
from sim.experiment.jobs import Summary
from sim.experiment.metrics import unit_of
from sim.kpi import KPIS
from sim.money.accounts import total_cost
from sim.scenario.problems import nearest

COST = "cost"
EFFORT = "effort"
OWN_NAMES = (COST, EFFORT)
TOUCHED_BY_EFFORT = (COST, EFFORT, "contribution", "contribution_per_order", "cost_per_order")
"""Figures that an effort outside the model changes."""


@dataclass(frozen=True)
class Figure:
    """A number that every run of a study has.

    Parameters
    ----------
    text
        A name or a formula. Besides the figures of a claim (see :mod:`sim.experiment.claims.figures`) there
        are ``cost``, the sum of all cost accounts in yuan, and ``effort``, what pulling levers costs outside
        the model.

    Raises
    ------
    ExperimentError
        If it is no formula, or a name in it is unknown; with the nearest known name.

    Examples
    --------
    >>> Figure("channels.tmall.contribution / channels.tmall.sales").names
    ('channels.tmall.contribution', 'channels.tmall.sales')
    >>> Figure("contribution_per_order").unit
    'yuan/order'
    """

    text: str
    _formula: Formula = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        formula = Formula(self.text)
        if not formula.names:
            raise ExperimentError(f"'{self.text}' names no figure; an example: contribution_per_order")
        for name in formula.names:
            _check(name)
        object.__setattr__(self, "text", self.text.strip())
        object.__setattr__(self, "_formula", formula)

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the formula."""
        return self._formula.names

    @property
    def unit(self) -> str:
        """Unit of a figure with one name; empty for arithmetic, whose unit nobody has declared."""
        if self.names != (self.text,):
            return ""
        last = self.text.rpartition(".")[2]
        if "." not in self.text:
            return "yuan" if self.text in OWN_NAMES else unit_of(self.text)
        return {"orders": "orders", "visits": "visits"}.get(last, "yuan")

    @property
    def feels_effort(self) -> bool:
        """Whether an effort outside the model changes it."""
        return bool(set(self.names) & set(TOUCHED_BY_EFFORT))

    def of(self, summary: Summary, effort: float = 0.0) -> float:
        """Return the figure of one run.

        Parameters
        ----------
        summary
            The run.
        effort
            Yuan spent outside the model over the measured period: more cost, less contribution.

        Raises
        ------
        ExperimentError
            If the run does not have the figure, or the formula divides by zero.
        """
        return self._formula.value(lambda name: _read(summary, name, effort))


def _check(name: str) -> None:
    if name in OWN_NAMES:
        return
    try:
        check_name(name)
    except ExperimentError:
        if "." in name:
            raise
        hint = nearest(name, [*KPIS, *OWN_NAMES]) or "; docs/kpis.md lists them"
        raise ExperimentError(f"unknown figure '{name}'{hint}") from None


def _read(summary: Summary, name: str, effort: float) -> float:
    if name == EFFORT:
        return effort
    if name == COST:
        return total_cost(summary.accounts) + effort
    value = figure(summary, name)
    if not effort:
        return value
    if name == "contribution":
        return value - effort
    if name in ("contribution_per_order", "cost_per_order"):
        share = effort / summary.kpis["orders"]
        return value + share if name == "cost_per_order" else value - share
    return value


def column(figure_asked: Figure, runs: Sequence[Summary], effort: float = 0.0) -> list[float]:
    """Return a figure of several runs, in their order."""
    return [figure_asked.of(run, effort) for run in runs]
