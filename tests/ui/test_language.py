"""Every sentence of the pages has its Chinese, and no Chinese stands without a sentence."""

from __future__ import annotations

import ast
import re
import unicodedata
from pathlib import Path

import pytest

from sim.report.chinese import NAMES, SENTENCES
from sim.ui import language
from sim.ui.language import catalogue, names_in, say, speak, term
from sim.ui.vocabulary import kpi_name, terms
from tests.project.tree import ROOT, files, listing, tree

SOURCES = (*files(".py", "sim/ui"), *files(".py", "app.py"))
HAN = re.compile(r"[\u4e00-\u9fff]")
SAME_IN_BOTH = {"%", "% per %"}
"""What is written alike in both languages."""


def calls() -> list[tuple[Path, ast.Call]]:
    """Every call of ``say`` in the pages."""
    return [
        (path, node)
        for path in SOURCES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say"
    ]


def literals() -> dict[str, Path]:
    """Every template handed to ``say``, with a file that does."""
    return {node.args[0].value: path for path, node in calls() if isinstance(node.args[0], ast.Constant)}


@pytest.fixture
def chinese():
    """Chinese for this test."""
    speak("zh")
    yield
    speak("")


def test_say_takes_literals_only():
    wrong = [
        f"{path}:{node.lineno}"
        for path, node in calls()
        if not isinstance(node.args[0], ast.Constant) and path.name != "language.py"
    ]
    assert not wrong, listing(wrong)


def test_say_is_given_the_names_in_braces():
    wrong = [
        f"{path}:{node.lineno}: {node.args[0].value}"
        for path, node in calls()
        if isinstance(node.args[0], ast.Constant)
        and not any(word.arg is None for word in node.keywords)
        and names_in(node.args[0].value) != {word.arg for word in node.keywords}
    ]
    assert not wrong, listing(wrong)


def test_every_sentence_and_every_term_has_its_chinese():
    known = catalogue("zh")
    missing = [f"{path}: {words}" for words, path in literals().items() if words not in known]
    missing += [f"term: {words}" for words in sorted(terms()) if words not in known]
    assert not missing, listing(missing)


def test_no_translation_stands_without_its_sentence():
    orphans = sorted(set(catalogue("zh")) - set(literals()) - terms())
    assert not orphans, listing(orphans)


def test_translations_are_chinese():
    wrong = [
        f"{template}: {words}"
        for template, words in catalogue("zh").items()
        if re.search(r"[A-Za-z]{3}", re.sub(r"\{\w+\}", "", template))
        and not HAN.search(words)
        and template not in SAME_IN_BOTH
    ]
    assert not wrong, listing(wrong)


def is_punctuation(letter: str) -> bool:
    """Whether CommonMark takes a letter for punctuation."""
    return unicodedata.category(letter)[0] in "PS"


def stars_that_stay(text: str) -> list[str]:
    """Surroundings of ``**`` that CommonMark leaves as stars, since punctuation is inside and a word outside.

    See https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run: Chinese has no space that would help.
    """
    plain = f" {re.sub(r'{[^}]*}', '字', text)} "
    found = []
    for place, stars in enumerate(re.finditer(r"\*\*", plain)):
        around = plain[stars.start() - 1], plain[stars.end()]
        outer, inner = around if place % 2 == 0 else around[::-1]
        is_edge = outer.isspace() or is_punctuation(outer)
        if inner.isspace() or (is_punctuation(inner) and not is_edge):
            found.append(plain[max(stars.start() - 8, 0) : stars.end() + 8])
    return found


def test_bold_words_are_bold_and_no_stars_are_left():
    assert stars_that_stay("**举手：**从一半") == [" **举手：**从一半 "]
    assert not stars_that_stay("**举手**：从一半，**“好！”** 他说")
    assert not {text: found for text in catalogue("zh").values() if (found := stars_that_stay(text))}
    assert not {text: found for text in literals() if (found := stars_that_stay(text))}


def test_a_pickup_point_has_one_chinese_word():
    everything = (*catalogue("zh").values(), *SENTENCES.values(), *NAMES.values())
    assert not [text for text in everything if re.search("网点|取货点|提货点|代收点", text)]


def test_catalogues_that_contradict_each_other_are_refused(tmp_path, monkeypatch):
    folder = tmp_path / "zh"
    folder.mkdir()
    (folder / "a.yaml").write_text('"Undo": "撤销"\n', encoding="utf-8")
    (folder / "b.yaml").write_text('"Undo": "取消"\n', encoding="utf-8")
    monkeypatch.setattr(language, "_WORDS", tmp_path)
    with pytest.raises(ValueError, match="another file"):
        catalogue.__wrapped__("zh")
    (folder / "b.yaml").write_text('"{count} orders": "{number} 单"\n', encoding="utf-8")
    with pytest.raises(ValueError, match="same values"):
        catalogue.__wrapped__("zh")


@pytest.mark.usefixtures("chinese")
def test_words_come_in_the_language_that_was_chosen():
    assert say("simulating: {done} of {total}", done=2, total=24) == "模拟中：2/24"
    assert kpi_name("contribution_per_order") == "每单融资前利润"
    assert term("words that nobody knows") == "words that nobody knows"


def test_english_is_the_template_itself():
    assert say("simulating: {done} of {total}", done=2, total=24) == "simulating: 2 of 24"


def test_the_catalogues_travel_with_the_package():
    assert all(path.suffix == ".yaml" for path in (ROOT / "sim/ui/words/zh").iterdir())
