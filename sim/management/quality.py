"""Projects against what goes wrong: somebody counts the cases, picks causes, and sees them through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.scenario.schema.parts import DAYS_PER_YEAR

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    import simpy

    from sim.management.office import Office
    from sim.scenario.schema import Quality

HOURS_PER_DAY = 24.0
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0
NODES = {"broken": "broken", "wrong": "wrong", "short": "short", "failed": "failed_trip"}


class QualityBoard:
    """Meets every few weeks, looks at the cases reported by cause and starts projects.

    Of a cause the share ``c`` can be prevented at all, of which ``x`` is. A project adds
    ``u (1 - g) (1 - x)`` to it, ``u`` being its cut and ``g`` the part of its effect that goes into the
    figures; what was prevented relapses by a share a month. The chance of the cause is ``1 - c x`` times the
    scenario's own. In the same way the share of cases that are no longer reported grows by ``u g (1 - m)``.

    Parameters
    ----------
    office
        Where decisions are made.
    rules
        How projects are picked and what they do.
    begin
        Hour at which measuring starts; the board meets first a day later.
    calls
        Calls so far about parcels on their way, which are no questions.
    tell
        Takes the chance of each cause relative to the scenario's own.

    Attributes
    ----------
    started
        Projects started in measured time, by cause.
    """

    def __init__(
        self,
        office: Office,
        rules: Quality,
        begin: float,
        calls: Callable[[], float],
        tell: Callable[[Mapping[str, float]], None],
    ) -> None:
        self._office = office
        self._rules = rules
        self._begin = begin
        self._calls = calls
        self._tell = tell
        names: list[str] = [row.cause for row in rules.causes]
        self.prevented = dict.fromkeys(names, 0.0)
        self.hidden = dict.fromkeys(names, 0.0)
        self.started = dict.fromkeys(names, 0)
        self._seen: dict[str, float] = {}
        self._hidden_days = dict.fromkeys(names, 0.0)
        self._days = 0.0

    def run(self) -> Generator[simpy.Event, Any, None]:
        """Meet again and again, until measuring ends."""
        office, rules = self._office, self._rules
        has_errors = "wrong" in office.flow.plan.index
        self._nodes = {k: v for k, v in NODES.items() if has_errors or k not in ("wrong", "short")}
        # What is paid at the very start of measuring would belong to the time before.
        yield office.timeout_until(self._begin + HOURS_PER_DAY)
        number = 0
        while office.measuring:
            self._meet(number)
            yield office.timeout(rules.review_days * HOURS_PER_DAY)
            self._age(float(rules.review_days))
            number += 1

    def _meet(self, number: int) -> None:
        cases = self._new_cases()
        for cause in self._picked(cases, number):
            row = next(row for row in self._rules.causes if row.cause == cause)
            cut, gamed = self._rules.cut_per_project, self._rules.gamed_share
            self.prevented[cause] += cut * (1.0 - gamed) * (1.0 - self.prevented[cause])
            self.hidden[cause] += cut * gamed * (1.0 - self.hidden[cause])
            self.started[cause] += 1
            self._office.payroll.pay("quality_projects", 1.0, row.cost_per_project)
        self._tell(
            {row.cause: 1.0 - row.controllable * self.prevented[row.cause] for row in self._rules.causes}
        )

    def _age(self, days: float) -> None:
        """Let what was prevented and what was hidden slip back, and note what stayed hidden."""
        kept = (1.0 - self._rules.relapse_per_month) ** (days / DAYS_PER_MONTH)
        self._days += days
        for cause in self.prevented:
            self._hidden_days[cause] += self.hidden[cause] * days
            self.prevented[cause] *= kept
            self.hidden[cause] *= kept

    def _new_cases(self) -> dict[str, float]:
        """Return the cases since the last meeting, by cause."""
        flow = self._office.flow
        totals = {cause: flow.reading(node, "count") for cause, node in self._nodes.items()}
        boxes = sum(totals.get(cause, 0.0) for cause in ("broken", "wrong", "short"))
        totals["question"] = flow.reading("service", "count") - boxes - self._calls()
        found = {cause: max(total - self._seen.get(cause, 0.0), 0.0) for cause, total in totals.items()}
        self._seen = totals
        return found

    def _picked(self, cases: Mapping[str, float], number: int) -> list[str]:
        """Return the causes that get a project, by the policy; a cause without a case gets none."""
        rules = self._rules
        reported: dict[str, float] = {
            row.cause: cases.get(row.cause, 0.0) * (1.0 - self.hidden[row.cause]) for row in rules.causes
        }
        worth = reported
        if rules.policy == "random":
            worth = {
                row.cause: self._office.luck("quality project", number, place)
                for place, row in enumerate(rules.causes)
            }
        elif rules.policy == "value":
            worth = {
                row.cause: reported[row.cause]
                * row.damage_per_case
                * row.controllable
                * (1.0 - self.prevented[row.cause])
                / max(row.cost_per_project, 1.0)
                for row in rules.causes
            }
        open_causes = [cause for cause, number_of in reported.items() if number_of > 0]
        return sorted(open_causes, key=lambda cause: -worth[cause])[: rules.projects_per_review]

    def reported_share(self, cause: str) -> float:
        """Return the share of a cause's cases that were reported, mean over the reviews so far."""
        if cause not in self._hidden_days or self._days == 0:
            return 1.0
        return 1.0 - self._hidden_days[cause] / self._days
