"""The shopping experience as a whole: six sides, of which the weakest counts most."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.market.forces.base import Force
from sim.market.forces.measured import MeasuredMean
from sim.market.forces.remembered import Remembered
from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import ONLINE_CHANNELS, UNVISITED

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting
    from sim.scenario.schema import Effort

MALL = "mall"
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0
LEAST = 1e-9
"""Keeps logarithms finite."""


def joined(sides: np.ndarray, weights: np.ndarray, substitution: float) -> np.ndarray:
    """Join the sides of an experience, each relative to its reference, into one index.

    ``E = (sum w x**rho)**(1 / rho)`` with ``rho = 1 - 1 / substitution``: constant elasticity of substitution
    (Arrow, Chenery, Minhas & Solow 1961). Below one, a side near zero pulls the whole to zero.

    Parameters
    ----------
    sides
        Levels relative to the reference, shape (sides, shops).
    weights
        Weights of the sides; they are normalised to sum to one, shape (sides,).
    substitution
        Elasticity of substitution, above 0 and below 1.

    Examples
    --------
    >>> joined(np.array([[1.0, 2.0, 0.1], [1.0, 1.0, 1.9]]), np.array([1.0, 1.0]), 0.5).round(3).tolist()
    [1.0, 1.333, 0.19]
    """
    return _joined(sides, weights / weights.sum(), 1.0 - 1.0 / substitution)


def _joined(sides: np.ndarray, shares: np.ndarray, rho: float) -> np.ndarray:
    """Join sides with shares that sum to one; see :func:`joined`."""
    return np.asarray((shares @ np.maximum(sides, LEAST) ** rho) ** (1.0 / rho))


class Upkeep:
    """One side that spending builds up and time wears down.

    ``dx/dt = d ((B / H) (1 - x) - x)``: without spending the level ``x`` falls by the rate ``d``; spending
    ``B`` adds to what is missing. It settles at ``B / (B + H)``, so each further yuan does less, and slowly.
    A year's budget that is spent in its first days is a rate so much higher on those days, and nothing on the
    others.

    Parameters
    ----------
    rules
        Spending and decay.
    mature
        Whether it starts where its spending keeps it.
    spending_days
        Days from 1 January on which a year's budget is spent.
    first_date
        Date of the history's first day, 0 for 1 January.
    """

    def __init__(
        self, rules: Effort, *, mature: bool, spending_days: int = DAYS_PER_YEAR, first_date: int = 0
    ) -> None:
        self._spending_days = spending_days
        spent = rules.budget_per_year / rules.half_budget_per_year * DAYS_PER_YEAR / spending_days
        self._settles_at = spent / (1.0 + spent)
        decay_per_day = -math.log(1.0 - rules.decay_per_month) / DAYS_PER_MONTH
        self._still = math.exp(-decay_per_day * (1.0 + spent))
        self._worn = math.exp(-decay_per_day)
        self._reference = rules.reference_level
        self.level = self._usual(first_date) if mature else rules.opening_level

    def _usual(self, date: int) -> float:
        """Return the level on a date after many years of the same spending."""
        days = self._spending_days
        if days == DAYS_PER_YEAR:
            return self._settles_at
        # On 1 January a year's cycle comes back to where it began: x = (s + (x - s) a) b.
        built, worn = self._still**days, self._worn ** (DAYS_PER_YEAR - days)
        january = self._settles_at * (1.0 - built) * worn / (1.0 - built * worn)
        level = self._settles_at + (january - self._settles_at) * self._still ** min(date, days)
        return float(level * self._worn ** max(date - days, 0))

    def spent_on(self, date: int) -> float:
        """Return the share of a year's budget that is spent on a date, 0 for 1 January."""
        return 1.0 / self._spending_days if date < self._spending_days else 0.0

    @property
    def relative(self) -> float:
        """Level relative to the reference."""
        return self.level / self._reference

    def pass_day(self, date: int = 0) -> None:
        """Let a day go by: the one of a date, 0 for 1 January."""
        if date < self._spending_days:
            self.level = self._settles_at + (self.level - self._settles_at) * self._still
        else:
            self.level *= self._worn


class Experience(Force):
    """What visitors see moves the odds of buying, what buyers have lived through whether they come back.

    Choice, content and the mall's ease of use are built up by spending and wear down; price, delivery time
    and the share of orders that go well are measured in the run. A visitor sees the first three: price and
    delivery have effects of their own on buying (``market.price_elasticity``, ``delivery_sensitivity``), so
    they stand at their reference there. A buyer lives through all six.
    """

    mechanism = "experience"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.market.experience
        assert rules is not None
        self._rules = rules
        horizon = self.scenario.horizon
        mature = horizon.start == "mature"
        first = -horizon.warmup_days % DAYS_PER_YEAR if mature else 0
        self.assortment, self.content, self.usability = (
            Upkeep(side, mature=mature, spending_days=rules.spending_days, first_date=first)
            for side in (rules.assortment, rules.content, rules.usability)
        )
        self._has_mall = self.scenario.channels.mall is not None
        channels = tuple(
            name for name in ONLINE_CHANNELS if getattr(self.scenario.channels, name) is not None
        )
        self._lived = Remembered(setting, channels, rules.memory_days)
        self._days = self._reference_days = self.scenario.market.reference_delivery_days
        of = {name: i for i, name in enumerate(channels)}
        self._online = np.flatnonzero(setting.in_channels(*of))
        self._shop = np.array([of[setting.streams[row].segment.channel] for row in self._online], np.int64)
        self._sees = np.array(
            [setting.streams[row].segment.source not in UNVISITED for row in self._online], dtype=float
        )
        kinds = self.scenario.market.visitor_types
        self._looks = self._sees * [
            getattr(kinds, setting.streams[row].segment.kind).content_sensitivity for row in self._online
        ]
        self._mall = np.array([name == MALL for name in channels])
        prices = np.array([getattr(self.scenario.channels, name).price_index for name in channels])
        self._cheaper = 1.0 / prices
        self._streams_of_shop = np.maximum(np.bincount(self._shop, minlength=len(channels)), 1)
        self._buying = setting.conversions[self._online] * self._sees
        weights = np.array(
            [
                rules.assortment_weight,
                rules.content_weight,
                rules.usability_weight,
                rules.price_weight,
                rules.delivery_weight,
                rules.after_sales_weight,
            ]
        )
        self._weights, self._rho = weights / weights.sum(), 1.0 - 1.0 / rules.substitution
        self._levels: tuple[float, ...] = ()
        self._shown = np.zeros(self._online.size)
        """What the levels on show add to the log-odds of buying, by stream on the web."""
        self._seen = MeasuredMean()

    def open(self, today: Today) -> None:
        """Move the odds of buying by what is on show, and those of coming back by what is lived through."""
        online, shop = self._online, self._shop
        self._lived.open(today.growth)
        levels = self.assortment.relative, self.content.relative, self.usability.relative
        if levels != self._levels:
            self._show(levels)
        today.shift[online] += self._shown
        lived = self._lived_through(today)
        today.loyalty[online] *= (lived**self._rules.repurchase_elasticity).take(shop)
        if today.measured:
            buying = today.rates.take(online) * self._buying
            number = buying.sum()
            if number > 0:
                self._seen.note(float(lived.take(shop) @ buying / number), measured=True)

    def _show(self, levels: tuple[float, ...]) -> None:
        """Put levels of choice, content and ease of use on show; most stay as they are from day to day."""
        self._levels = levels
        self._sides = np.ones((self._weights.size, self._cheaper.size))
        self._sides[0], self._sides[1] = levels[:2]
        self._sides[2, self._mall] = levels[2]
        shown = np.log(np.maximum(_joined(self._sides, self._weights, self._rho), LEAST))
        self._shown = self._rules.buying_elasticity * shown[self._shop] * self._looks

    def _lived_through(self, today: Today) -> np.ndarray:
        """Return the experience that buyers live through in each shop."""
        sides = self._sides.copy()
        sides[3] = self._cheaper
        if today.discount.any():
            off = np.bincount(self._shop, today.discount.take(self._online), sides.shape[1])
            sides[3] /= 1.0 - off / self._streams_of_shop
        if self._days > 0:
            sides[4] = self._reference_days / self._days
        sides[5] = self._went_well() / self._rules.reference_good_share
        return _joined(sides, self._weights, self._rho)

    def _went_well(self) -> float:
        """Return the share of orders remembered that went well; the reference where there are none."""
        good, bad = float(self._lived.good.sum()), float(self._lived.bad.sum())
        return good / (good + bad) if good + bad > 0 else self._rules.reference_good_share

    def close(self, yesterday: Yesterday) -> None:
        """Hear of the day's orders, let the day wear things down and pay for their upkeep."""
        rules = self._rules
        self._lived.add(yesterday)
        self._days = yesterday.delivery_days
        date = yesterday.today.date
        for side in (self.assortment, self.content, self.usability):
            side.pass_day(date)
        day = self.assortment.spent_on(date)
        if day == 0.0:
            return
        self.setting.pay("experience_spend", day, rules.assortment.budget_per_year)
        self.setting.pay("experience_spend", day, rules.content.budget_per_year)
        if self._has_mall:
            self.setting.pay("experience_spend", day, rules.usability.budget_per_year, channel=MALL)

    def figures(self) -> dict[str, float]:
        """Return the mean experience that buyers live through, 1 at the reference."""
        return self._seen.figures("experience_index")
