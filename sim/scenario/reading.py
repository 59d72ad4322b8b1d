"""From YAML text to a tree that knows its places: every value with file, line and column.

YAML 1.2 core schema: ``on`` is a word, ``1e3`` is a number, ``10:00`` is a text. Of YAML only mappings,
lists and scalars are taken. Anchors, aliases, merge keys, tags and several documents are refused: a
scenario is data that a reader sees whole, and nothing in it can expand. The tree is built from parser
events, so limits hold while reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.scenario.problems import Mark, Problem, ScenarioError, quoted

LARGEST_FILE = 1_000_000
DEEPEST = 16

_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass
class Node:
    """One value of a text with its place; mappings also keep the places of their keys."""

    value: Any
    mark: Mark
    keys: dict[str, Mark] = field(default_factory=dict)

    def plain(self) -> Any:
        """Value without places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value


def scalar(text: str) -> Any:
    """Value of an unquoted YAML 1.2 scalar.

    >>> scalar("1e3"), scalar("on"), scalar("5%"), scalar("~")
    (1000.0, 'on', '5%', None)
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.match(text):
        # Python refuses to convert thousands of digits; as a float they are infinite and out of bounds.
        return int(text) if len(text) < 400 else float(text)
    return float(text) if _FLOAT.match(text) else text


def shown(path: Path) -> str:
    """A file as a person names it: relative to the current folder where it lies below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return str(path)


def read_text(path: Path) -> str:
    """Text of a scenario file.

    Raises
    ------
    ScenarioError
        When it cannot be read, is a folder, is over 1 MB, is binary or not UTF-8.
    """
    file = shown(path)

    def refuse(message: str, line: int | None = None) -> ScenarioError:
        return ScenarioError([Problem(file, line, 1 if line else None, "", message)])

    try:
        if path.is_dir():
            raise refuse("is a folder; a scenario is one YAML file")
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror or error}") from error
    if len(data) > LARGEST_FILE:
        raise refuse("is larger than 1 MB; scenarios are a few kilobytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(f"is not UTF-8 text (byte 0x{data[error.start]:02x}); save it as UTF-8", line) from error
    if "\0" in text:
        raise refuse("is not a text file (it holds zero bytes)", text[: text.index("\0")].count("\n") + 1)
    return text


def parse(text: str, file: str, problems: list[Problem]) -> Node | None:
    """Tree of a text; every problem that does not stop the parser is appended to ``problems``.

    Raises
    ------
    ScenarioError
        When the text is not YAML at all: the parser cannot go on after that.
    """
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST_FILE:
        raise ScenarioError(
            [Problem(file, None, None, "", "is larger than 1 MB; scenarios are a few kilobytes")]
        )
    _refuse_tabs(text, file)
    return _Builder(text, file, problems).build()


def _refuse_tabs(text: str, file: str) -> None:
    for number, line in enumerate(text.split("\n"), start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent and line.strip():
            column = indent.index("\t") + 1
            raise ScenarioError(
                [Problem(file, number, column, "", "a tab in the indentation; indent with spaces")]
            )


class _Builder:
    """Builds the tree from the parser's events, holding the limits."""

    def __init__(self, text: str, file: str, problems: list[Problem]) -> None:
        self.text, self.file, self.problems = text, file, problems

    def build(self) -> Node | None:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        reader = YAML(typ="safe", pure=True)
        try:
            return self._document(iter(reader.parse(self.text)))
        except MarkedYAMLError as error:
            place = error.problem_mark or error.context_mark
            mark = self._mark(place) if place is not None else None
            # The text after the first line break is advice on the library's own settings.
            what = str(error.problem or error.context or "").strip().split("\n")[0]
            raise ScenarioError([Problem.at(mark, "", f"not valid YAML: {what}", file=self.file)]) from error
        except YAMLError as error:
            position = getattr(error, "position", 0) or 0
            line = self.text.count("\n", 0, position) + 1
            code = getattr(error, "character", None)
            message = "holds a character that YAML does not allow" + (
                f" ({chr(code)!r})" if isinstance(code, int) else ""
            )
            raise ScenarioError([Problem(self.file, line, 1, "", message)]) from error

    def _document(self, events: Iterator[Any]) -> Node | None:
        from ruamel.yaml import events as kinds

        root: Node | None = None
        documents = 0
        for event in events:
            if isinstance(event, kinds.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._complain(event, "a second document starts here; a scenario is one document")
                    break
                root = self._node(next(events), events, 0)
        return root

    def _mark(self, place: Any) -> Mark:
        return Mark(self.file, place.line + 1, place.column + 1)

    def _complain(self, event: Any, message: str) -> None:
        self.problems.append(Problem.at(self._mark(event.start_mark), "", message))

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> Node:
        from ruamel.yaml import events as kinds

        mark = self._mark(event.start_mark)
        if depth > DEEPEST:
            raise ScenarioError([Problem.at(mark, "", f"nested more than {DEEPEST} levels deep")])
        if isinstance(event, kinds.AliasEvent):
            self._complain(event, f"an alias (*{event.anchor}); write the value out")
            return Node(None, mark)
        if event.anchor is not None:
            self._complain(event, f"an anchor (&{event.anchor}); write values out where they are used")
        tag = str(event.tag) if getattr(event, "tag", None) else ""
        if tag and tag != "!":
            self._complain(event, f"a tag ({tag}); scenarios take plain values only")
        if isinstance(event, kinds.ScalarEvent):
            return Node(scalar(event.value) if event.implicit[0] and not event.style else event.value, mark)
        if isinstance(event, kinds.SequenceStartEvent):
            return Node(self._items(events, depth), mark)
        return self._mapping(mark, events, depth)

    def _items(self, events: Iterator[Any], depth: int) -> list[Node]:
        from ruamel.yaml import events as kinds

        items: list[Node] = []
        while not isinstance(event := next(events), kinds.SequenceEndEvent):
            items.append(self._node(event, events, depth + 1))
        return items

    def _mapping(self, mark: Mark, events: Iterator[Any], depth: int) -> Node:
        from ruamel.yaml import events as kinds

        node = Node({}, mark)
        while not isinstance(event := next(events), kinds.MappingEndEvent):
            key_node = self._node(event, events, depth + 1)
            child = self._node(next(events), events, depth + 1)
            key = event.value if isinstance(event, kinds.ScalarEvent) else None
            if key is None:
                self._complain(event, f"a key must be a plain name (got {quoted(key_node.plain())})")
            elif key == "<<":
                self._complain(event, "a merge key (<<); use extends, or write the values out")
            elif key in node.keys:
                self._complain(event, f"'{key}' is given twice (first in line {node.keys[key].line})")
            else:
                node.value[key] = child
                node.keys[key] = key_node.mark
        return node
