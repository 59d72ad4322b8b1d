"""English and Chinese: every sentence of the pages is an English template, and a catalogue has the Chinese.

Catalogues are the files in ``sim/ui/words/zh``, one for each page or kind of word, from English template to
Chinese. A test finds every literal handed to :func:`say` and asks for its entry.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = {"en": "English", "zh": "中文"}
"""Languages by code, each as it calls itself."""
_WORDS = Path(__file__).with_name("words")
_chosen: ContextVar[str] = ContextVar("language", default="")


def say(template: str, **values: Any) -> str:
    """Return a sentence in the language of the page.

    Parameters
    ----------
    template
        English, a literal, with names in braces where values go.
    values
        Values by name, written already (numbers with their unit).

    Examples
    --------
    >>> say("simulating {done} of {total}", done=2, total=24)
    'simulating 2 of 24'
    """
    return term(template).format(**values) if values else term(template)


def term(words: str) -> str:
    """Return words that stand in no literal (names of figures, levers, channels) in the language of the page.

    What the catalogue does not have stays English.
    """
    return words if language() == "en" else catalogue(language()).get(words, words)


def language() -> str:
    """Return the code of the page's language."""
    if _chosen.get():
        return _chosen.get()
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    if get_script_run_ctx(suppress_warning=True) is None:
        return "en"
    from sim.ui.session import current

    found = current().view("language")
    return found if found in LANGUAGES else "en"


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language in a block: a page looks up once which one it is, not for each of its sentences."""
    token = _chosen.set(code)
    try:
        yield
    finally:
        _chosen.reset(token)


def speak(code: str) -> None:
    """Choose the language of this thread, outside a page; an empty code leaves it to the page."""
    _chosen.set(code)


@lru_cache(maxsize=4)
def catalogue(code: str) -> Mapping[str, str]:
    """Return the words of a language by English template.

    Raises
    ------
    ValueError
        If two files translate the same template differently, or a translation has other names in braces.
    """
    from ruamel.yaml import YAML

    found: dict[str, str] = {}
    for path in sorted((_WORDS / code).glob("*.yaml")):
        for template, words in (YAML(typ="safe").load(path.read_text(encoding="utf-8")) or {}).items():
            if found.get(template, words) != words:
                raise ValueError(f"{path.name}: '{template}' is translated in another file already")
            if names_in(template) != names_in(words):
                raise ValueError(f"{path.name}: '{template}' and '{words}' do not take the same values")
            found[template] = words
    return found


def names_in(template: str) -> set[str]:
    """Return the names in braces of a template."""
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}
