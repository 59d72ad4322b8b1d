"""How many visits are bought in each week: budgets that move by themselves, so that their effect shows.

A mix model cannot tell sources apart whose budgets move together or not at all. Here the visits bought of
each source are drawn anew for each week and for each source by itself, around those that the scenario buys.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.errors import ExperimentError
from sim.market.forces import Force
from sim.market.forces.budgets import LARGEST_SHARE_OF_STOCK
from sim.market.forces.expected import visited
from sim.market.forces.print_media import PrintMedia
from sim.market.traffic import price_per_visit

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces import Setting
    from sim.scenario import Scenario

DAYS_PER_WEEK = 7
LARGEST_SWING = 0.9


@dataclass(frozen=True)
class BudgetPlan:
    """A plan of weekly budgets.

    In week ``w`` of the measured period ``1 + swing u`` times the scenario's own visits of a source are
    bought, with ``u`` uniform on (-1, 1), independent over weeks and sources, less the mean of the source's
    own draws (and scaled back where that leads beyond 1): over whole weeks as many visits are bought as the
    scenario says.

    Attributes
    ----------
    seed
        Seed of the plan; the same in all histories of a panel.
    swing
        Largest change of a week's visits relative to the scenario's own, 0 to 0.9.
    """

    seed: int
    swing: float

    def __post_init__(self) -> None:
        if not 0 <= self.swing <= LARGEST_SWING:
            raise ExperimentError(
                f"swing of weekly budgets must be from 0 to {LARGEST_SWING} (found {self.swing:g})"
            )

    def factors(self, source: str, weeks: int) -> np.ndarray:
        """Return the visits bought relative to the scenario's own, shape (weeks,).

        Parameters
        ----------
        source
            Its name; another source's draws do not move these.
        weeks
            Number of weeks, a last one that is cut short included.
        """
        name = int.from_bytes(hashlib.blake2b(source.encode(), digest_size=8).digest(), "little")
        draws = np.random.default_rng([self.seed, name]).uniform(-1.0, 1.0, weeks)
        if weeks > 1:
            draws -= draws.mean()
        found: np.ndarray = 1.0 + self.swing * draws / max(1.0, float(np.abs(draws).max()))
        return found


def bought_sources(scenario: Scenario) -> tuple[str, ...]:
    """Return the sources whose visits are bought one by one: those that a plan of budgets can move.

    Mails and print are paid by the piece and commissions by the sale; their spend follows from the run.
    """
    market = scenario.market
    paid_otherwise = {"email"} if market.email is not None else set()
    if PrintMedia.acts_in(scenario):
        paid_otherwise.add("posters")
    sources = {name: getattr(market.sources, name) for name in type(market.sources).model_fields}
    return tuple(
        name
        for name, source in sources.items()
        if source is not None
        and name not in paid_otherwise
        and source.visits_per_year > 0
        and price_per_visit(scenario, source) > 0
    )


def planned(scenario: Scenario, plan: BudgetPlan, weeks: int) -> dict[str, np.ndarray]:
    """Return the visits bought relative to the scenario's own by source and week.

    Of visits at auction at most 99% of those on sale can be bought.
    """
    found = {}
    for name in bought_sources(scenario):
        source = getattr(scenario.market.sources, name)
        most = np.inf
        if source.auction is not None and scenario.mechanisms.ad_auction:
            stock = LARGEST_SHARE_OF_STOCK * source.auction.inventory_visits_per_year
            most = max(stock / source.visits_per_year, 1.0)
        found[name] = np.minimum(plan.factors(name, weeks), most)
    return found


class WeeklyBudgets(Force):
    """Lets come what the plan of the week buys, at what so many visits cost.

    Parameters
    ----------
    setting
        The world it acts in.
    plan
        Budgets.
    weeks
        Number of measured weeks.
    """

    mechanism = "budget_review"

    def __init__(self, setting: Setting, plan: BudgetPlan, weeks: int) -> None:
        super().__init__(setting)
        self.factors = planned(self.scenario, plan, weeks)
        self._rows = {name: visited(setting, name) for name in self.factors}
        self._prices = {name: self._relative_prices(name) for name in self.factors}
        self._day = 0

    def _relative_prices(self, name: str) -> np.ndarray:
        """Return the price of a visit in each week relative to the one at the scenario's own visits."""
        source = getattr(self.scenario.market.sources, name)
        usual = price_per_visit(self.scenario, source)
        visits = [source.visits_per_year * factor for factor in self.factors[name]]
        return np.array(
            [
                price_per_visit(self.scenario, source.model_copy(update={"visits_per_year": one})) / usual
                for one in visits
            ]
        )

    def open(self, today: Today) -> None:
        """Buy this week's visits; before measuring the scenario's own."""
        if not today.measured:
            return
        week = self._day // DAYS_PER_WEEK
        for name, rows in self._rows.items():
            today.rates[rows] *= self.factors[name][week]
            today.click_price[rows] *= self._prices[name][week]

    def close(self, yesterday: Yesterday) -> None:
        """Count the measured days."""
        self._day += yesterday.today.measured
