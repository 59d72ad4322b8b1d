"""Why a study has the number of replications it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.page import Page, Text


def stopping_page(result: Mapping[str, Any]) -> Page:
    """Say why replications stopped; an empty page where their number was given.

    Parameters
    ----------
    result
        JSON object of ``run`` or ``compare``.
    """
    stopping = result.get("stopping")
    if stopping is None:
        return Page()
    return Page((Text(stopping["reason"], "plain" if stopping["reached"] else "warning"),))
