"""What a caller from Python gives for a scenario, looked at before a study begins."""

from __future__ import annotations

import os


def check_scenarios(**given: object) -> None:
    """Refuse a name or a path where a scenario belongs.

    Raises
    ------
    TypeError
        Naming the argument, and how to read a scenario.

    Examples
    --------
    >>> check_scenarios(scenario="base")
    Traceback (most recent call last):
        ...
    TypeError: scenario should be a Scenario, not the text 'base'; read it first: load('base')
    """
    for name, value in given.items():
        if isinstance(value, str | bytes | os.PathLike):
            path = os.fsdecode(value)
            kind = "path" if isinstance(value, os.PathLike) else "text"
            raise TypeError(
                f"{name} should be a Scenario, not the {kind} {path!r}; read it first: load({path!r})"
            )
