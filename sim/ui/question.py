"""What pages ask the simulator: a case, a kind of study and its options; and the stages of an answer.

A kind of question is a frozen dataclass in a file of its own in ``sim/ui/questions``. Its ``stages`` run in a
worker process (:mod:`sim.ui.worker`) and yield what is known so far, from a quick answer to the confirmed
one. They simulate with the functions of :mod:`sim.experiment` and the runner they are given, so that the
digits are those of the command line.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import pkgutil
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, TypeVar

from sim.ui.case import Case, InputError
from sim.ui.inputs import command_words

if TYPE_CHECKING:
    from sim.ui.sharing import SharingRunner

SEED = 1
QUARTER = 91
"""Days of a shorter history: a quarter instead of a year."""
WEEKS, WARMUP = 28, 14
"""Days of a quick history, and of the warm-up before it."""


class Stage(NamedTuple):
    """What is known at one moment.

    Attributes
    ----------
    done, total
        Histories behind it, of how many; equal where the answer is confirmed.
    result
        Plain data as ``--json`` prints it.
    note
        What limits it, in words that :func:`sim.ui.language.say` translates; empty where nothing does.
    """

    done: int
    total: int
    result: dict[str, Any]
    note: str = ""


@dataclass(frozen=True)
class Question:
    """One study of one case.

    Attributes
    ----------
    case
        What is studied.
    kind
        Name of the kind; a class attribute, unique.
    divisible
        Whether already its first stage has several histories, which two workers can share; a class attribute.
    """

    case: Case
    kind: ClassVar[str] = ""
    divisible: ClassVar[bool] = False

    def stages(self, runner: SharingRunner) -> Iterator[Stage]:
        """Yield what is known, stage by stage; the last has ``done == total``.

        Called in a worker. A stage may be interrupted and the whole begun again: what the runner simulated
        is kept, anything else is lost. Errors that a user can understand are raised as they are.
        """
        raise TypeError(f"{type(self).__name__} has no stages for {type(runner).__name__}")

    def words(self) -> list[str]:
        """Return the options of the command that gives the same digits."""
        return []

    def command(self) -> str:
        """Return the command that gives the same digits as the confirmed answer."""
        return shlex.join(command_words(self.case, self.kind, *self.words()))

    def python(self) -> str:
        """Return the Python that gives the same digits as the confirmed answer."""
        raise TypeError(f"{type(self).__name__} has no Python")

    @property
    def key(self) -> str:
        """Name of the question: equal questions have equal answers, within one version of the model.

        Raises
        ------
        sim.scenario.ScenarioError
            If the case makes no scenario.
        """
        return _key(self)

    def as_dict(self) -> dict[str, Any]:
        """Return plain data from which :func:`question_of` makes the question again."""
        return {"kind": self.kind, **{one.name: _plain(getattr(self, one.name)) for one in fields(self)}}


AnyQuestion = TypeVar("AnyQuestion", bound=type[Question])
_KINDS: dict[str, type[Question]] = {}


def kind(name: str) -> Callable[[AnyQuestion], AnyQuestion]:
    """Register a kind of question under a name of its own."""

    def register(question: AnyQuestion) -> AnyQuestion:
        known = _KINDS.get(name)
        if known is not None and known.__qualname__ != question.__qualname__:
            raise ValueError(f"the kind of question '{name}' is {known.__name__} already")
        question.kind = name
        _KINDS[name] = question
        return question

    return register


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, type[Question]]:
    """Return every kind of question there is: one file each in ``sim/ui/questions``."""
    package = importlib.import_module("sim.ui.questions")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"sim.ui.questions.{module.name}")
    return _KINDS


def question_of(data: Mapping[str, Any]) -> Question:
    """Return the question that :meth:`Question.as_dict` wrote.

    Raises
    ------
    InputError
        If there is no such kind.
    """
    arguments = dict(data)
    name = arguments.pop("kind")
    if name not in kinds():
        raise InputError(f"there is no kind of question '{name}'; there are {', '.join(kinds())}")
    return kinds()[name](**{option: _read(value) for option, value in arguments.items()})


def quick(case: Case) -> Case | None:
    """Return a case whose histories last four weeks; None where they are no longer than that anyway.

    Every day of them is a mean day of the year, so that what an order costs and leaves is near that of a
    year; in January it is not.
    """
    horizon = case.scenario().horizon
    if horizon.days <= WEEKS:
        return None
    warmup = min(horizon.warmup_days, WARMUP)
    return case.changed(
        {"horizon.days": WEEKS, "horizon.warmup_days": warmup, "mechanisms.seasonality": False}
    )


def quarter(case: Case) -> Case | None:
    """Return a case whose histories last from January to March; None where they are no longer anyway."""
    if case.scenario().horizon.days <= QUARTER:
        return None
    return case.changed({"horizon.days": QUARTER})


def steps_up_to(most: int) -> tuple[int, ...]:
    """Return the numbers of histories after which an answer is shown.

    >>> steps_up_to(24)
    (1, 2, 4, 8, 16, 24)
    """
    found = [1]
    while found[-1] * 2 < most:
        found.append(found[-1] * 2)
    return tuple(found) if found[-1] == most else (*found, most)


@lru_cache(maxsize=4096)
def _key(question: Question) -> str:
    from sim.experiment.cache import sources_stamp

    named = {one.name: _identity(getattr(question, one.name)) for one in fields(question)}
    plain = json.dumps([sources_stamp(), question.kind, named], sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()[:24]


def _identity(value: Any) -> Any:
    """Return what an answer depends on: of a case its name and the hash of its values."""
    if isinstance(value, Case):
        return [value.base, value.scenario().hash]
    return value


def _plain(value: Any) -> Any:
    return {"case": value.as_dict()} if isinstance(value, Case) else value


def _read(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"case"}:
        return Case.from_dict(value["case"])
    return tuple(value) if isinstance(value, list) else value
