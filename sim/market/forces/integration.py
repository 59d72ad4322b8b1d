"""What shops know of the stock behind them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.market.forces.base import Force
from sim.scenario.schema.parts import DAYS_PER_YEAR
from sim.scenario.segments import ONLINE_CHANNELS
from sim.scenario.team import informed_share

if TYPE_CHECKING:
    from sim.market.day import Today, Yesterday
    from sim.market.forces.base import Setting

LEAST = 1e-3
"""What is sold out still gets an order now and then; it keeps logarithms finite."""


class Integration(Force):
    """Linked shops show what is sold out; shops that are not linked take orders that have to be cancelled.

    With stock for the share ``s`` of the orders expected today, and the share ``i`` of work done in the
    system that links them, ``1 - i (1 - s)`` of the visitors who would buy find their lamp on sale. An order
    cancelled for want of stock costs a fine and an apology. Purchasing has its own use of the link
    (:meth:`sim.world.World`): without it, it plans by what sold some weeks ago.
    """

    mechanism = "integration"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        rules = self.scenario.management.systems
        assert rules is not None
        self._rules = rules
        self._informed = informed_share(self.scenario)
        self._rows = setting.in_channels(*ONLINE_CHANNELS)

    def open(self, today: Today) -> None:
        """Take what is sold out off the page, as far as anybody knows."""
        if self._informed <= 0:
            return
        covered = min(max(self.setting.stock_cover(), 0.0), 1.0)
        if covered < 1.0:
            shown = 1.0 - self._informed * (1.0 - covered)
            today.shift[self._rows] += math.log(max(shown, LEAST))

    def close(self, yesterday: Yesterday) -> None:
        """Pay for the link and for orders that had to be cancelled."""
        rules, setting = self._rules, self.setting
        if rules.linked:
            setting.pay("system_link", 1.0 / DAYS_PER_YEAR, rules.link_cost_per_year)
        setting.pay_for_orders(
            "oversold_orders", yesterday.entered("cancelled"), rules.oversold_cost_per_order
        )
