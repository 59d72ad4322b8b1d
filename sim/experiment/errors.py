"""What can go wrong in a study, each with a message of one line."""

from __future__ import annotations


class ExperimentError(Exception):
    """A study was asked for something that it cannot do."""


class RunFailedError(ExperimentError):
    """A simulated history raised an error, so the study that needs it has no answer."""


class RecordError(ExperimentError):
    """A result folder is missing, incomplete or cannot be read."""
