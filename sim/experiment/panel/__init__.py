"""Synthetic weekly panels with the truth, to try tools for marketing-mix models on.

>>> from sim.experiment.panel import panel
"""

from sim.experiment.panel.plan import BudgetPlan
from sim.experiment.panel.study import Panel, panel

__all__ = ["BudgetPlan", "Panel", "panel"]
