"""Simulated values as pandas tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.statistics import Estimate

COLUMNS = ("mean", "low", "high", "unit", "n")


def frame_of(values: Mapping[str, Estimate], name: str = "kpi") -> pd.DataFrame:
    """Return one row per value: mean, ends of its 95% interval, unit and n; the index has the names.

    Parameters
    ----------
    values
        Simulated values by name.
    name
        Name of the index.
    """
    import pandas as pd

    rows = [value.as_dict() for value in values.values()]
    index = pd.Index(list(values), name=name)
    return pd.DataFrame(rows, index=index, columns=list(COLUMNS))
