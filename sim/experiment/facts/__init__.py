"""Facts: patterns of the real world beside the simulated ones, pass or miss.

A fact is one entry in the file of its area. To add one, name what is known with its source, the band of
values that agree with it, the worlds in which it is measured, and how the figure is read from their
histories.

>>> from sim.experiment.facts import FACTS, check_facts
"""

from sim.experiment.facts.fact import Fact
from sim.experiment.facts.study import FACTS, FactResult, FactTable, check_facts, scenarios_of
from sim.experiment.facts.verdict import RULE, VERDICTS

__all__ = [
    "FACTS",
    "RULE",
    "VERDICTS",
    "Fact",
    "FactResult",
    "FactTable",
    "check_facts",
    "scenarios_of",
]
