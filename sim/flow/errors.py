"""Errors of the flow network: one tree, one line each, always saying what would be allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class FlowError(Exception):
    """Anything wrong with a flow network: its description, its data or the way it is driven."""


class NetworkError(FlowError):
    """The network is described wrongly: a number out of range, probabilities that do not sum to 1, ..."""


class UnknownNameError(NetworkError):
    """A node, an entity class or a group is named that does not exist."""


class ExhaustedError(FlowError):
    """A recorded table was asked for an entity or a visit it does not hold."""


class ZeroTimeCycleError(FlowError):
    """Entities go round and round without time passing."""


def unknown(kind: str, name: object, known: Iterable[str]) -> UnknownNameError:
    """Build the error for a name that does not exist, with the nearest name that does.

    Parameters
    ----------
    kind : str
        What was named: "node", "entity class", ...
    name : object
        What was found.
    known : iterable of str
        What is allowed.
    """
    names = list(known)
    near = difflib.get_close_matches(str(name), names, n=1)
    if near:
        return UnknownNameError(f"no {kind} {name!r}; did you mean {near[0]!r}?")
    shown = ", ".join(names[:12]) + (", ..." if len(names) > 12 else "")
    return UnknownNameError(f"no {kind} {name!r}; known: {shown or 'none'}")
