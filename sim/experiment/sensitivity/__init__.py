"""Which assumption matters, and what it is worth to know it.

>>> from sim.experiment.sensitivity import morris, sobol, tornado, value_of_information
"""

from sim.experiment.sensitivity.answering import answer, asked_again
from sim.experiment.sensitivity.evppi import Information, information_from
from sim.experiment.sensitivity.factors import Factor, factors_of
from sim.experiment.sensitivity.forecast import Forecast, forecast
from sim.experiment.sensitivity.information import ValueOfInformation, value_of_information
from sim.experiment.sensitivity.morris import Morris, morris
from sim.experiment.sensitivity.question import METHODS, Question, question_of
from sim.experiment.sensitivity.sobol import SobolIndices, sobol
from sim.experiment.sensitivity.study import Sensitivity
from sim.experiment.sensitivity.tornado import Tornado, tornado

__all__ = [
    "METHODS",
    "Factor",
    "Forecast",
    "Information",
    "Morris",
    "Question",
    "Sensitivity",
    "SobolIndices",
    "Tornado",
    "ValueOfInformation",
    "answer",
    "asked_again",
    "factors_of",
    "forecast",
    "information_from",
    "morris",
    "question_of",
    "sobol",
    "tornado",
    "value_of_information",
]
