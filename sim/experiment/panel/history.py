"""One history with budgets by week, told week by week and source by source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.panel.plan import DAYS_PER_WEEK, BudgetPlan, WeeklyBudgets
from sim.market.forces import Force
from sim.market.forces.promotion_days import PromotionDays
from sim.market.forces.pull_forward import PullForward
from sim.market.forces.ranking import Ranking
from sim.market.forces.rule_craft import RuleCraft
from sim.money import accounts_in
from sim.run import Run
from sim.scenario.days import DAYS_PER_YEAR, promotion_days

if TYPE_CHECKING:
    from sim.market.day import Yesterday
    from sim.market.forces import Setting
    from sim.money import Books
    from sim.scenario import Scenario
    from sim.world import World

BEFORE_BUDGETS = (PullForward, PromotionDays, Ranking, RuleCraft)
"""Forces that act before budgets move: what was to be expected, against which a place in a list is held."""
BY_VISIT = "traffic_clicks"
FEN_PER_YUAN = 100.0


@dataclass(frozen=True)
class WeeklyRun(Run):
    """A history with its weeks.

    Attributes
    ----------
    weeks
        Rows by source and week: ``source``, ``week`` (from 1), ``days``, ``spend``, ``visits``, ``orders``,
        ``sales``, ``price_index``, ``promotion_days``, ``budget``.
    """

    weeks: tuple[dict[str, Any], ...] = ()


class Diary(Force):
    """Writes down what each measured day brought, stream by stream.

    Attributes
    ----------
    visits, clicks, orders, sales, discounts
        One row per measured day: visits, yuan paid for them, orders, yuan paid by shoppers and share taken
        off, shape (streams,).
    """

    mechanism = "budget_review"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        self.visits: list[np.ndarray] = []
        self.clicks: list[np.ndarray] = []
        self.orders: list[np.ndarray] = []
        self.sales: list[np.ndarray] = []
        self.discounts: list[np.ndarray] = []
        self._counted = np.arange(len(setting.classes)) < len(setting.classes) // 2

    def close(self, yesterday: Yesterday) -> None:
        """Write down a measured day; orders of people who came before it belong to no week."""
        today = yesterday.today
        if not today.measured:
            return
        self.visits.append(np.asarray(yesterday.visits, dtype=float))
        self.clicks.append(yesterday.visits * today.click_price)
        self.orders.append(self.setting.per_stream(yesterday.orders * self._counted))
        listed = self.setting.per_stream(yesterday.values * self._counted)
        self.sales.append(listed * (1.0 - today.discount))
        self.discounts.append(today.discount.copy())


def simulate_weekly(
    scenario: Scenario, seed: int, *, plan: BudgetPlan, engine: Any = "compiled", visits: str = "split"
) -> WeeklyRun:
    """Simulate one history with budgets by week.

    Parameters
    ----------
    scenario, seed, engine, visits
        As in :func:`sim.world.simulate`.
    plan
        Budgets by week.

    Returns
    -------
    WeeklyRun
        The history and its weeks.
    """
    from sim import __version__
    from sim.accounting import close_books
    from sim.world import World

    world = World(scenario, seed, engine=engine, visits=visits)
    setting = world.setting()
    weeks = -(-scenario.horizon.days // DAYS_PER_WEEK)
    budgets, diary = WeeklyBudgets(setting, plan, weeks), Diary(setting)
    first = [force for force in world.forces if isinstance(force, BEFORE_BUDGETS)]
    then = [force for force in world.forces if not isinstance(force, BEFORE_BUDGETS)]
    world.forces = (*first, budgets, *then, diary)
    world.live()
    run = close_books(world, __version__)
    known = {field.name: getattr(run, field.name) for field in fields(Run)}
    return WeeklyRun(**known, weeks=tuple(_rows(world, run.ledger, budgets, diary)))


def _rows(world: World, books: Books, budgets: WeeklyBudgets, diary: Diary) -> list[dict[str, Any]]:
    """Add days up to weeks, and streams to sources."""
    scenario, streams = world.scenario, world.trading.streams
    days = scenario.horizon.days
    week_of_day = np.arange(days) // DAYS_PER_WEEK
    weeks = int(week_of_day[-1]) + 1
    _add_the_late(world, diary)
    daily = {name: np.array(getattr(diary, name)) for name in ("visits", "clicks", "orders", "sales")}
    prices = np.array([stream.price_index for stream in streams]) * (1.0 - np.array(diary.discounts))
    planned = np.array([stream.visits_per_hour for stream in streams])
    promoted = {day.date for day in promotion_days(scenario)}
    in_promotion = np.array([day % DAYS_PER_YEAR in promoted for day in range(days)])
    found = []
    for source in dict.fromkeys(stream.segment.source for stream in streams):
        mine = np.array([stream.segment.source == source for stream in streams])
        by_day = {name: table[:, mine].sum(axis=1) for name, table in daily.items()}
        spend = by_day["clicks"] + _other_spend(world, books, source, by_day["sales"])
        weight = planned[mine] if planned[mine].sum() > 0 else np.ones(mine.sum())
        price = prices[:, mine] @ weight / weight.sum()
        sums = {
            name: np.bincount(week_of_day, values, weeks)
            for name, values in (
                ("spend", spend),
                *((key, by_day[key]) for key in ("visits", "orders", "sales")),
            )
        }
        lengths = np.bincount(week_of_day)
        price_index = np.bincount(week_of_day, price, weeks) / lengths
        promotion = np.bincount(week_of_day, in_promotion, weeks)
        factors = budgets.factors.get(source)
        found += [
            {
                "source": source,
                "week": week + 1,
                "days": int(lengths[week]),
                **{name: float(values[week]) for name, values in sums.items()},
                "price_index": float(price_index[week]),
                "promotion_days": int(promotion[week]),
                "budget": None if factors is None else float(factors[week]),
            }
            for week in range(weeks)
        ]
    return found


def _add_the_late(world: World, diary: Diary) -> None:
    """Count with the last day the orders that were won by an answer after it: the books count them too."""
    statistics, per_stream = world.flow.statistics(), diary.setting.per_stream
    counted = np.arange(len(world.classes)) < world.measured

    def placed(what: str) -> np.ndarray:
        table = np.asarray(statistics.counts("placed", what), dtype=float)[:, : world.measured]
        by_class = np.zeros(len(world.classes))
        by_class[: world.measured] = table.sum(axis=0)
        return per_stream(by_class * counted)

    discounts = np.zeros(len(world.classes))
    discounts[: world.measured] = world.discounts.sum(axis=0)
    paid = placed("value") - per_stream(discounts)
    diary.orders[-1] = diary.orders[-1] + placed("entries") - np.sum(diary.orders, axis=0)
    diary.sales[-1] = diary.sales[-1] + paid - np.sum(diary.sales, axis=0)


def _other_spend(world: World, books: Books, source: str, sales: np.ndarray) -> np.ndarray:
    """Return commissions, mails and print by day (yuan): a month's sum, spread like its sales.

    What the books hold after the last month (commissions given back for returns) is spread over all days.
    """
    names = set(accounts_in("traffic")) - {BY_VISIT}
    ends = np.round((world.period_ends - world.begin) / 24.0).astype(int)
    starts = np.concatenate([[0], ends[:-1]])
    found = np.zeros(sales.size)
    by_period: dict[int, float] = {}
    for entry in books.entries:
        if entry.source == source:
            sign = (entry.debit in names) - (entry.credit in names)
            if sign:
                yuan = sign * entry.fen / FEN_PER_YUAN
                by_period[entry.period] = by_period.get(entry.period, 0.0) + yuan
    for period, yuan in by_period.items():
        inside = 0 <= period < ends.size
        days = slice(int(starts[period]), int(ends[period])) if inside else slice(0, sales.size)
        weight = sales[days] if sales[days].sum() > 0 else np.ones(sales[days].size)
        found[days] += yuan * weight / weight.sum()
    return found
