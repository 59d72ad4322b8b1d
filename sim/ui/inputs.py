"""Everything a visitor set, as one object: the case, the view, and the link that restores both.

Widgets are drawn from it and change it; the address of the page is its serialised form. Nothing about a
visitor's inputs lives anywhere else.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
import shlex
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import sim
from sim.ui.case import Case, InputError, Value

if TYPE_CHECKING:
    from sim.scenario import Scenario

FORMAT = 1
LONGEST_LINK = 6_000
"""Characters of a link; browsers and chat programs cut longer ones."""
_LONGEST_PLAIN = 400_000
LONGEST_WORD = 80
"""Characters of one choice of a view."""
_VIEW_WORD = re.compile(rf"[\w.,:+-]{{0,{LONGEST_WORD}}}")
MOST_VIEW = 80
"""Choices of a view that a link may hold; pages have fewer, and a visitor may make all of them."""

VIEW_DEFAULTS: Mapping[str, str] = {
    "page": "decide",
    "language": "en",
    "path": "densify",
    "left": "profit",
    "right": "volume",
}
"""Choices of the view that every page knows; a page may keep more under names that start with its own."""


class LinkError(InputError):
    """A link that cannot be read."""


@dataclass(frozen=True)
class Inputs:
    """A case and how it is looked at.

    Attributes
    ----------
    case
        The scenario and what was changed about it.
    choices
        Choices of the view that differ from :data:`VIEW_DEFAULTS`, sorted pairs of short words.

    Raises
    ------
    InputError
        If a choice is no short word.
    """

    case: Case = field(default_factory=Case)
    choices: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        for name, word in self.choices:
            for one in (name, word):
                if not isinstance(one, str) or not _VIEW_WORD.fullmatch(one):
                    raise InputError(f"'{str(one)[:60]}' is no choice of a view")
        kept = sorted((name, word) for name, word in self.choices if VIEW_DEFAULTS.get(name, "") != word)
        object.__setattr__(self, "choices", tuple(kept))

    # --- what it says -----------------------------------------------------------------------------

    @property
    def base(self) -> str:
        """Name of the scenario that was started from."""
        return self.case.base

    @property
    def changes(self) -> dict[str, Value]:
        """Values that differ from it, by path."""
        return dict(self.case.changes)

    @property
    def hash(self) -> str:
        """Name of these inputs, view included; equal inputs have equal names."""
        return hashlib.sha256(_canonical(self.as_dict()).encode()).hexdigest()

    def view(self, name: str, default: str = "") -> str:
        """Return one choice of the view."""
        return dict(self.choices).get(name, VIEW_DEFAULTS.get(name, default))

    def scenario(self) -> Scenario:
        """Return the scenario; see :meth:`sim.ui.case.Case.scenario`."""
        return self.case.scenario()

    def baseline(self) -> Scenario:
        """Return the scenario without the changes."""
        return self.case.origin.scenario()

    # --- other inputs -----------------------------------------------------------------------------

    def changed(self, values: Mapping[str, Value]) -> Inputs:
        """Return inputs with some values changed; see :meth:`sim.ui.case.Case.changed`."""
        return replace(self, case=self.case.changed(values))

    def restored(self, *paths: str) -> Inputs:
        """Return inputs with some changes taken back; all of them if no path is given."""
        kept = {path: value for path, value in self.case.changes if paths and path not in paths}
        return replace(self, case=Case.of(self.case.base, kept, self.case.text))

    def based_on(self, base: str, text: str = "") -> Inputs:
        """Return inputs that start from another scenario, without changes."""
        return replace(self, case=Case(base, text))

    def showing(self, **choices: str) -> Inputs:
        """Return inputs with other choices of the view."""
        return replace(self, choices=tuple({**dict(self.choices), **choices}.items()))

    # --- links ------------------------------------------------------------------------------------

    def as_dict(self) -> dict[str, Any]:
        """Return plain data from which :meth:`from_dict` makes the inputs again."""
        found: dict[str, Any] = {"case": self.case.as_dict()}
        if self.choices:
            found["view"] = dict(self.choices)
        return found

    @classmethod
    def from_dict(cls, data: Any) -> Inputs:
        """Return the inputs that :meth:`as_dict` wrote.

        Raises
        ------
        InputError
            If it did not.
        """
        if not isinstance(data, dict) or not isinstance(data.get("view", {}), dict):
            raise InputError("these are no inputs: a case and a view are")
        choices = tuple(data.get("view", {}).items())
        if len(choices) > MOST_VIEW:
            raise InputError(f"a view has at most {MOST_VIEW} choices (found {len(choices)})")
        return cls(Case.from_dict(data.get("case")), choices)

    def to_link(self) -> str:
        """Return the inputs as the word that stands behind ``?s=``: format, model, and differences only.

        Raises
        ------
        LinkError
            If an uploaded scenario makes it longer than an address may be.
        """
        packed = zlib.compress(_canonical([model_stamp(), self.as_dict()]).encode(), 9)
        link = f"{FORMAT}.{base64.urlsafe_b64encode(packed).decode().rstrip('=')}"
        if len(link) > LONGEST_LINK:
            raise LinkError(f"the uploaded scenario does not fit into a link of {LONGEST_LINK:,} characters")
        return link

    @classmethod
    def from_link(cls, link: str) -> tuple[Inputs, str]:
        """Return the inputs of a link and the version of the model that it was made with.

        Raises
        ------
        LinkError
            If it is damaged, or of a format that this version does not read; the message says which.
        """
        number, dot, packed = link.partition(".")
        if not dot or not number.isdigit() or len(link) > LONGEST_LINK:
            raise LinkError("this link is damaged: copy it once more, to its end")
        if int(number) != FORMAT:
            raise LinkError(f"this link has format {number[:6]}, and this version reads format {FORMAT}")
        try:
            opened = zlib.decompressobj()
            plain = opened.decompress(
                base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)), _LONGEST_PLAIN
            )
            if not opened.eof:
                raise LinkError("this link is damaged or too long: copy it once more, to its end")
            model, data = json.loads(plain)
        except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError) as error:
            if isinstance(error, LinkError):
                raise
            raise LinkError("this link is damaged: copy it once more, to its end") from error
        if not isinstance(model, str):
            raise LinkError("this link is damaged: copy it once more, to its end")
        return cls.from_dict(data), model[:40]

    # --- the same elsewhere -----------------------------------------------------------------------

    def command(self, verb: str, *words: str) -> str:
        """Return the command that asks the same, such as ``channelsim scale base --set ...``."""
        return shlex.join(command_words(self.case, verb, *words))

    def python(self) -> str:
        """Return the lines of Python that load the same scenario as ``scenario``."""
        return "\n".join(("from sim.scenario import load", "", f"scenario = {python_load(self.case)}"))


def model_stamp() -> str:
    """Return the version of the program and of the model's sources, as links carry it."""
    from sim.experiment.cache import sources_stamp

    return f"{sim.__version__}-{sources_stamp()[:8]}"


def file_name(case: Case) -> str:
    """Return what a command names: the shipped scenario, or the file that an upload has to be saved as."""
    return f"{case.base}.yaml" if case.text else case.base


def command_words(case: Case, verb: str, *words: str) -> list[str]:
    """Return the words of a command about a case."""
    found = ["channelsim", verb, file_name(case), *words]
    for change in case.overrides():
        found += ["--set", change]
    return found


def python_load(case: Case) -> str:
    """Return the call that loads a case."""
    overrides = case.overrides()
    if not overrides:
        return f"load({file_name(case)!r})"
    lines = "".join(f"\n    {change!r}," for change in overrides)
    return f"load({file_name(case)!r}, [{lines}\n])"


def _canonical(data: Any) -> str:
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
