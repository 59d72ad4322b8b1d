"""Words that a visitor looks for, as a link holds them: in letters of the alphabet only."""

from __future__ import annotations

import re

_NOT_ENGLISH = "xn:"
_LONGEST = 80


def as_view_word(text: str) -> str:
    """Return words to look for as a link can hold them, which are letters of the alphabet only.

    >>> as_view_word("magazine friend"), as_view_word("返利 filter")
    ('magazine+friend', 'xn:+filter-ks0lj796b')
    """
    if text.isascii():
        return "+".join(re.findall(r"[A-Za-z0-9_.,:-]+", text))[:_LONGEST]
    words = "+".join(re.findall(r"[\w.,:-]+", text))
    while len(found := f"{_NOT_ENGLISH}{words.encode('punycode').decode()}") > _LONGEST:
        words = words[:-1]
    return found


def from_view_word(word: str) -> str:
    """Return the words to look for that a link holds; what nobody can have typed is taken as it stands.

    >>> from_view_word(as_view_word("返利 filter"))
    '返利 filter'
    """
    if word.startswith(_NOT_ENGLISH):
        try:
            found = word.removeprefix(_NOT_ENGLISH).encode().decode("punycode")
        except UnicodeError:
            found = word
        word = found if re.fullmatch(r"[\w.,:+-]*", found) else word
    return word.replace("+", " ")
