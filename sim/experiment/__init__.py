"""Experiments: many worlds, common luck, and numbers with their error.

>>> from sim.experiment import compare, replicate, scale, verify
"""

from sim.experiment.cache import RunCache
from sim.experiment.comparison import Compared, compare
from sim.experiment.errors import ExperimentError, RecordError, RunFailedError
from sim.experiment.facts import FactTable, check_facts
from sim.experiment.jobs import Job, Options, Summary, run_many
from sim.experiment.paths import PATHS, scenario_at
from sim.experiment.replication import Replicated, replicate
from sim.experiment.runner import Runner
from sim.experiment.scale_result import ScalePaths, ScaleResult, ScaleStep
from sim.experiment.scaling import scale
from sim.experiment.seeds import replication_seed, replication_seeds
from sim.experiment.statistics import Estimate
from sim.experiment.verdict import VERDICTS, Margins, read_curve
from sim.experiment.verification import Verification, verify

__all__ = [
    "PATHS",
    "VERDICTS",
    "Compared",
    "Estimate",
    "ExperimentError",
    "FactTable",
    "Job",
    "Margins",
    "Options",
    "RecordError",
    "Replicated",
    "RunCache",
    "RunFailedError",
    "Runner",
    "ScalePaths",
    "ScaleResult",
    "ScaleStep",
    "Summary",
    "Verification",
    "check_facts",
    "compare",
    "read_curve",
    "replicate",
    "replication_seed",
    "replication_seeds",
    "run_many",
    "scale",
    "scenario_at",
    "verify",
]
