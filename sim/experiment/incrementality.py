"""What a source of visitors is truly worth: the same world without it, beside what last click books to it.

Last click books an order to the source that sent the visit in which it was placed. That leaves out what
follows from the order (it is bought again, told of, counted in a list sorted by sales) and counts what would
have come anyway. Here the source is taken out of a second world that meets the same shoppers, and the
difference of the two is what it brings (an experiment with a control group, as in Johnson, Lewis and
Nubbemeyer 2017, without the cost of one): every order, whoever it is booked to, after fulfilment, returns and
service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.given import check_scenarios
from sim.experiment.jobs import Options, Summary
from sim.experiment.metrics import NOT_CONTRIBUTION, checked_choice, group_of, unit_of
from sim.experiment.record import recording
from sim.experiment.replication import DEFAULT_REPLICATIONS
from sim.experiment.rivals import FIELDS
from sim.experiment.runner import Runner
from sim.experiment.seeds import replication_seeds
from sim.experiment.statistics import Estimate, difference, estimate, ratio
from sim.experiment.study import LabelledRun, Recipe, common_start, job_for, labelled, runner_for
from sim.money.accounts import GROUPS

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario import Scenario

ADJUST = ("policy", "none")
ALL = "all"
FIGURES: Mapping[str, str] = {
    "orders": "orders",
    "sales": "yuan",
    "contribution": "yuan",
    "profit": "yuan",
}
"""What is lost without a source, and its unit: orders placed, sales after refunds, profit before and after
financing."""
LAST_CLICK: Mapping[str, str] = {
    "visits": "visits",
    "orders": "orders",
    "sales": "yuan",
    "contribution": "yuan",
    "spend": "yuan",
}
"""What the funnel books to a source, and its unit; ``spend`` is what was paid to bring its visitors."""


@dataclass(frozen=True)
class Worth:
    """One source with and without, beside last click.

    Attributes
    ----------
    source
        Its name in ``market.sources``.
    incremental
        What would be lost without it, by the names of :data:`FIGURES`.
    last_click
        What the funnel books to it, by the names of :data:`LAST_CLICK`.
    ratios
        Incremental over last click, for orders, sales and contribution; left out where last click books
        nothing or a loss, as a ratio would say nothing.
    roas, incremental_roas
        Sales per yuan spent on the source, by last click and truly (iROAS); None where nothing is spent.
    booked_to
        The orders lost, by the source that last click books them to; they add up to the orders lost.
    groups
        The contribution lost, by group of accounts (a cost that would be saved is negative); they add up to
        the contribution lost.
    kpis
        Every figure of both worlds: with the source less without it.
    headline
        The answer in words.
    """

    source: str
    incremental: dict[str, Estimate]
    last_click: dict[str, Estimate]
    ratios: dict[str, Estimate]
    roas: Estimate | None
    incremental_roas: Estimate | None
    booked_to: dict[str, Estimate]
    groups: dict[str, Estimate]
    kpis: dict[str, Estimate]
    headline: str

    def as_dict(self) -> dict[str, Any]:
        """Return an element of ``sources``."""
        return {
            "source": self.source,
            **{
                name: {key: value.as_dict() for key, value in getattr(self, name).items()}
                for name in ("incremental", "last_click", "ratios", "booked_to", "groups", "kpis")
            },
            "roas": None if self.roas is None else self.roas.as_dict(),
            "incremental_roas": None if self.incremental_roas is None else self.incremental_roas.as_dict(),
            "headline": self.headline,
        }


@dataclass(frozen=True)
class Incrementality:
    """What sources are worth, one by one.

    Attributes
    ----------
    scenario, scenario_hash, seed, start
        Birth certificate; ``seed`` is the study's.
    adjust
        ``policy``: the smaller brand fits staff, stock and points to its size; ``none``: they stay.
    sources
        One result for each source that was taken out. They need not add up to the whole: what two sources
        only bring together is lost without either of them.
    runs
        The histories behind them.
    recipe
        How to do it again.
    """

    scenario: str
    scenario_hash: str
    seed: int
    start: str
    adjust: str
    sources: tuple[Worth, ...]
    runs: tuple[LabelledRun, ...]
    recipe: Recipe

    @property
    def headline(self) -> str:
        """The answer for the first source."""
        return self.sources[0].headline

    def of(self, source: str) -> Worth:
        """Return the result for one source.

        Raises
        ------
        ExperimentError
            If it was not taken out.
        """
        found = {worth.source: worth for worth in self.sources}
        return found[checked_choice("source of this study", source, tuple(found))]

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``compare --without-source``."""
        return {
            "scenario": self.scenario,
            "scenario_hash": self.scenario_hash,
            "seed": self.seed,
            "start": self.start,
            "adjust": self.adjust,
            "headline": self.headline,
            "sources": [worth.as_dict() for worth in self.sources],
        }

    def frame(self) -> pd.DataFrame:
        """Return one row per source and figure: source, credit, figure, mean, low, high, unit, n.

        ``credit`` is ``last_click``, ``incremental`` or ``ratio``.
        """
        import pandas as pd

        rows = [
            {"source": worth.source, "credit": credit, "figure": name, **value.as_dict()}
            for worth in self.sources
            for credit, values in (
                ("last_click", worth.last_click),
                ("incremental", worth.incremental),
                ("ratio", worth.ratios),
            )
            for name, value in values.items()
        ]
        return pd.DataFrame(rows)


# --- worlds -----------------------------------------------------------------------------------------


def sources_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the sources that send visitors, in the order of the schema."""
    sources = scenario.market.sources
    return tuple(name for name in type(sources).model_fields if getattr(sources, name) is not None)


def checked_sources(scenario: Scenario, names: Sequence[str] | str) -> tuple[str, ...]:
    """Return the sources to take out, one by one.

    Parameters
    ----------
    scenario
        The world with all of them.
    names
        One name, several, or ``all``.

    Raises
    ------
    ExperimentError
        If the scenario has no such source, or no other one.
    """
    known = sources_of(scenario)
    wanted = (names,) if isinstance(names, str) else tuple(names)
    chosen = known if ALL in wanted else tuple(dict.fromkeys(wanted))
    if not chosen:
        raise ExperimentError(f"name a source to take out: {', '.join(known)}, or {ALL}")
    for name in chosen:
        checked_choice("source of visitors", name, known)
    if len(known) == 1:
        raise ExperimentError(f"scenario '{scenario.name}' has no source but {known[0]}: nobody would come")
    return chosen


def without(scenario: Scenario, source: str) -> Scenario:
    """Return the same world without one source of visitors.

    Its visits, its spend and all that follows from them are gone. What others are measured against stays: a
    place in a list sorted by sales is held against the sales of the world with the source, also where the
    scenario leaves them to be worked out.
    """
    changes: dict[str, Any] = {**_places_held(scenario), f"market.sources.{source}": None}
    return scenario.with_values(changes).renamed(f"{scenario.name} without {source}")


def _places_held(scenario: Scenario) -> dict[str, float]:
    """Return the sales against which a platform's list is sorted, where the scenario leaves them out."""
    rules = scenario.market.ranking
    if rules is None or not scenario.mechanisms.ranking:
        return {}
    sorted_here = tuple(FIELDS) if rules.platform == "both" else (rules.platform,)
    open_ended = [name for name in sorted_here if getattr(rules, FIELDS[name]) is None]
    if not open_ended:
        return {}
    from sim.market.forces.expected import usual_orders
    from sim.world import World

    usual = usual_orders(scenario, World(scenario, 0).kept_share())
    sold = {f"market.ranking.{FIELDS[name]}": usual.of_channel(name) for name in open_ended}
    return {path: orders for path, orders in sold.items() if orders > 0}


# --- the study --------------------------------------------------------------------------------------


def incrementality(
    scenario: Scenario,
    sources: Sequence[str] | str = ALL,
    *,
    replications: int = DEFAULT_REPLICATIONS,
    seed: int = 1,
    adjust: str = "policy",
    engine: str = "compiled",
    visits: str = "split",
    runner: Runner | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
) -> Incrementality:
    """Take sources of visitors out, one by one, and say what each is truly worth.

    Both worlds meet the same shoppers with the same luck. A ``mature`` scenario compares two mature years,
    one of them of a brand that never had the source; a ``launch`` one compares two first years.

    Parameters
    ----------
    scenario
        The world with all its sources.
    sources
        Names in ``market.sources``, or ``all``.
    replications, seed, engine, visits, runner, workers, out
        As in :func:`sim.experiment.replicate`.
    adjust
        ``policy``: staff, stock and points fit each world; ``none``: they stay as the world with the source
        needs them, so only what varies by itself can be saved.

    Raises
    ------
    ExperimentError
        If the request makes no sense.
    RunFailedError
        If a history raised an error.
    """
    check_scenarios(scenario=scenario)
    seeds = replication_seeds(seed, replications)
    chosen = checked_sources(scenario, sources)
    checked_choice("adjust", adjust, ADJUST)
    recipe = Recipe(
        "incrementality",
        {"scenario": scenario},
        {
            "sources": list(chosen),
            "replications": replications,
            "seed": seed,
            "adjust": adjust,
            "engine": engine,
            "visits": visits,
        },
    )
    sized_for = None if adjust == "policy" else scenario
    options = Options(engine=engine, visits=visits, sized_for=sized_for)
    worlds = [scenario, *(without(scenario, name) for name in chosen)]
    with recording(out, recipe) as record, runner_for(runner, workers) as crew:
        jobs = [job_for(world, own, options=options) for world in worlds for own in seeds]
        summaries = crew.summaries(jobs)
        labels = [(label, index) for label in labels_of(chosen) for index in range(replications)]
        result = Incrementality(
            scenario=scenario.name,
            scenario_hash=scenario.hash,
            seed=seed,
            start=common_start(summaries),
            adjust=adjust,
            sources=worths(chosen, summaries),
            runs=labelled(labels, summaries),
            recipe=recipe,
        )
        record.finish(result.as_dict(), result.runs)
    return result


def labels_of(sources: Sequence[str]) -> list[str]:
    """Return what the worlds of a study are called: the one with all sources, then those without one."""
    return ["with all", *(f"without {name}" for name in sources)]


def worths(sources: Sequence[str], summaries: Sequence[Summary]) -> tuple[Worth, ...]:
    """Measure each source on runs of the world with all of them, followed by those without each.

    Parameters
    ----------
    sources
        The sources taken out.
    summaries
        Runs by world and, within a world, by replication with the same seeds.
    """
    n = len(summaries) // (len(sources) + 1)
    return tuple(
        worth(name, summaries[:n], summaries[n * place : n * (place + 1)])
        for place, name in enumerate(sources, start=1)
    )


# --- one source -------------------------------------------------------------------------------------


def worth(source: str, rows_with: Sequence[Summary], rows_without: Sequence[Summary]) -> Worth:
    """Measure one source on paired runs.

    Parameters
    ----------
    source
        The source that is missing from the second runs.
    rows_with, rows_without
        Runs of both worlds with the same seeds in the same order.
    """
    lost = {name: _lost(name, rows_with, rows_without) for name in FIGURES}
    booked = {name: [_booked(row, source)[name] for row in rows_with] for name in LAST_CLICK}
    incremental = {name: estimate(values, FIGURES[name]) for name, values in lost.items()}
    last_click = {name: estimate(values, LAST_CLICK[name]) for name, values in booked.items()}
    ratios = {
        name: ratio(lost[name], booked[name], "ratio")
        for name in ("orders", "sales", "contribution")
        if sum(booked[name]) > 0
    }
    spent = booked["spend"] if sum(booked["spend"]) > 0 else None
    shared = [name for name in rows_with[0].kpis if all(name in r.kpis for r in (*rows_with, *rows_without))]
    return Worth(
        source=source,
        incremental=incremental,
        last_click=last_click,
        ratios=ratios,
        roas=ratio(booked["sales"], spent, "yuan/yuan") if spent else None,
        incremental_roas=ratio(lost["sales"], spent, "yuan/yuan") if spent else None,
        booked_to=_booked_to(rows_with, rows_without),
        groups=_groups(rows_with, rows_without),
        kpis={
            name: difference(
                [row.kpis[name] for row in rows_without], [row.kpis[name] for row in rows_with], unit_of(name)
            )
            for name in shared
        },
        headline=_headline(source, booked["contribution"], lost["contribution"]),
    )


def _figure(summary: Summary, name: str) -> float:
    if name == "orders":
        return summary.kpis["orders"]
    if name == "sales":
        return -sum(yuan for account, yuan in summary.accounts.items() if group_of(account) == "sales")
    left_out = NOT_CONTRIBUTION if name == "contribution" else ("balance",)
    return -sum(yuan for account, yuan in summary.accounts.items() if group_of(account) not in left_out)


def _lost(name: str, rows_with: Sequence[Summary], rows_without: Sequence[Summary]) -> list[float]:
    return [_figure(a, name) - _figure(b, name) for a, b in zip(rows_with, rows_without, strict=True)]


def _booked(summary: Summary, source: str) -> dict[str, float]:
    """Return what a run's funnel books to a source over all channels."""
    rows = [row for row in summary.funnel if row["source"] == source]
    sums = {name: float(sum(row[name] for row in rows)) for name in ("visits", "orders", "sales", "cost")}
    contribution = sums["sales"] - sums.pop("cost")
    return {**sums, "contribution": contribution, "spend": float(sum(row["traffic"] for row in rows))}


def _booked_to(rows_with: Sequence[Summary], rows_without: Sequence[Summary]) -> dict[str, Estimate]:
    """Return the orders lost by the source that last click books them to, the most lost first."""
    names = list(dict.fromkeys(row["source"] for one in (*rows_with, *rows_without) for row in one.funnel))
    found = {
        name: estimate(
            [
                _booked(a, name)["orders"] - _booked(b, name)["orders"]
                for a, b in zip(rows_with, rows_without, strict=True)
            ],
            "orders",
        )
        for name in names
    }
    return dict(sorted(found.items(), key=lambda item: -abs(item[1].mean)))


def _groups(rows_with: Sequence[Summary], rows_without: Sequence[Summary]) -> dict[str, Estimate]:
    found = {}
    for group in (name for name in GROUPS if name not in NOT_CONTRIBUTION):
        values = [
            _of_group(a, group) - _of_group(b, group) for a, b in zip(rows_with, rows_without, strict=True)
        ]
        if any(values):
            found[group] = estimate(values, "yuan")
    return found


def _of_group(summary: Summary, group: str) -> float:
    return -sum(yuan for account, yuan in summary.accounts.items() if group_of(account) == group)


# --- words ------------------------------------------------------------------------------------------


def _headline(source: str, booked: Sequence[float], lost: Sequence[float]) -> str:
    """Say what last click credits, and what would be lost."""
    credit, truth = estimate(booked, "yuan"), estimate(lost, "yuan")
    name = source.replace("_", " ")
    said = (
        f"Last click credits {name} with {yuan(credit.mean)} of contribution"
        if credit.mean >= 0
        else f"By last click {name} loses {yuan(-credit.mean)}"
    )
    if truth.low is None or truth.high is None:
        change = "lost" if truth.mean >= 0 else "gained"
        return f"{said}; without it {yuan(abs(truth.mean))} would be {change} in a single replication."
    reach = _span(truth.low, truth.high)
    if truth.low == truth.high == 0.0:
        return f"{said}; without it nothing would be lost."
    if not truth.is_detectable():
        return f"{said}; whether anything would be lost without it cannot be told {reach}."
    if truth.mean < 0:
        return f"{said}; without it {yuan(-truth.mean)} {_span(-truth.high, -truth.low)} would be gained."
    gap = difference(booked, lost)
    only = "only " if gap.is_below(0.0) else ""
    even = "as much as " if gap.is_above(0.0) and credit.mean > 0 else ""
    return f"{said}; without it {only}{even}{yuan(truth.mean)} {reach} would be lost."


def _span(low: float, high: float) -> str:
    return f"({yuan(low).removesuffix(' yuan')} to {yuan(high).removesuffix(' yuan')})"


def yuan(amount: float) -> str:
    """Write an amount of money for a sentence.

    >>> yuan(1_234_567.0), yuan(86_893.4), yuan(-512.0)
    ('1.23 M yuan', '86,900 yuan', '-512 yuan')
    """
    if abs(amount) >= 999_500.0:
        return f"{amount / 1e6:,.2f} M yuan"
    return f"{round(amount, -2) if abs(amount) >= 10_000 else round(amount):,.0f} yuan"
