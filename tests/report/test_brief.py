"""The brief as HTML: whole, self-contained, and with the numbers of its JSON object."""

from __future__ import annotations

import json
import re
import string
import subprocess
from html import escape
from html.parser import HTMLParser
from typing import Any

import pytest

from sim.experiment import Runner, compare, scale
from sim.experiment.brief import Effort, gather
from sim.experiment.errors import RecordError
from sim.report import photograph as camera
from sim.report.brief import brief_html, brief_page
from sim.report.brief_words import CHINESE, ENGLISH, Words
from sim.report.chinese import compare_headline, scale_headline
from sim.report.html import STYLE
from sim.report.numbers import Value
from sim.report.page import Text
from tests.experiment import planted_briefs
from tests.experiment.conftest import _sized

LIGHT = Effort(screened=32, kept=3, pairs=2, halvings=1, worlds=2)
VOID = {"meta", "br", "rect", "line", "circle", "path"}


@pytest.fixture(scope="module")
def community():
    return _sized("community_pickup")


@pytest.fixture(scope="module")
def of_scale(community, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scale")
    with Runner(1, simulate=planted_briefs.by_manager) as runner:
        scale(community, path="densify", replications=3, worlds=3, keep=1, runner=runner, out=folder)
        return gather(folder, runner=runner, effort=LIGHT).as_dict()


@pytest.fixture(scope="module")
def of_comparison(community, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare")
    with Runner(1, simulate=planted_briefs.by_goods) as runner:
        compare(_sized("door_only"), community, replications=3, runner=runner, out=folder)
        return gather(folder, runner=runner, effort=LIGHT).as_dict()


class Reader(HTMLParser):
    """Reads a page: are its elements closed, what does it fetch, which numbers does it show?"""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.wrong: list[str] = []
        self.fetched: list[str] = []
        self.numbers: dict[str, float] = {}
        self.drawings: list[dict[str, str | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        self.fetched += [
            f"{tag} {name}" for name in found if name in ("src", "href", "srcset", "action", "xlink:href")
        ]
        if tag == "data":
            self.numbers[str(found["data-from"])] = float(str(found["value"]))
        if tag == "svg":
            self.drawings.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def at(document: Any, place: str) -> Any:
    """What stands in a JSON object at a dotted place."""
    for name in place.split("."):
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


@pytest.mark.parametrize("which", ["of_scale", "of_comparison"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_and_needs_nothing_from_outside(which, language, request):
    page = brief_html(request.getfixturevalue(which), language=language)
    read = Reader(page)
    assert (read.open, read.wrong, read.fetched) == ([], [], [])
    assert not {"script", "link", "iframe", "img", "object", "embed"} & set(read.tags)
    assert "url(" not in page.replace("url(#", "")
    assert "@import" not in page
    assert "xmlns" not in page
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in read.drawings)
    assert page.count("<details>") == len(read.drawings) == page.count("<desc>") >= 2


@pytest.mark.parametrize("which", ["of_scale", "of_comparison"])
def test_the_numbers_on_the_page_are_those_of_the_json(which, request):
    brief = json.loads(json.dumps(request.getfixturevalue(which)))
    numbers = Reader(brief_html(brief)).numbers
    assert {place: at(brief, place) for place in numbers} == numbers
    assert {f"effects.{index}.value.mean" for index in range(len(brief["effects"]))} <= set(numbers)
    assert any(place.startswith("flips.found.0.changes.0.value") for place in numbers)


def test_everything_a_board_asks_for_has_a_heading(of_scale):
    headings = re.findall(r"<h2>(.*?)</h2>", brief_html(of_scale))
    asked = [
        "Verdict",
        "How large",
        "What would turn it",
        "Weakest assumption",
        "Measure next",
        "Not modelled",
    ]
    for heading in asked:
        near = {"What would turn it": "One condition that turns it"}.get(heading, heading)
        assert {heading, near} & set(headings), heading
    page = brief_html(of_scale)
    assert page.count("Illustrative unless calibrated") >= 2
    assert "Other merchants' parcels" in page.replace("&#x27;", "'")
    assert of_scale["origin"]["command"].split()[0] == "channelsim"


def test_names_from_a_scenario_cannot_become_marks(of_scale):
    evil = "<script>alert('x')</script>"
    brief = {**of_scale, "headline": evil, "notes": [evil], "subject": {**of_scale["subject"], "title": evil}}
    page = brief_html(brief)
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_nothing_found_is_said(of_scale):
    none = {**of_scale, "flips": {**of_scale["flips"], "found": []}}
    assert "None found within the ranges." in brief_html(none)
    assert any("None found" in block.text for block in brief_page(none).blocks if isinstance(block, Text))
    assert "Not looked for" in brief_html({**of_scale, "flips": None, "swings": []})


def test_a_terminal_shows_the_condition_without_marks(of_scale):
    words = " ".join(block.text for block in brief_page(of_scale).blocks if isinstance(block, Text))
    assert planted_briefs.MANAGER in words
    assert "<" not in words


def test_both_languages_have_the_same_sentences_with_the_same_parts():
    def parts(template: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}

    assert set(ENGLISH) == set(CHINESE)
    missing = {key: parts(ENGLISH[key]) ^ parts(CHINESE[key]) for key in ENGLISH}
    left = {key: names for key, names in missing.items() if names and not names <= {"moves", "start"}}
    assert left == {}
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        Words("fr")


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2.2)."""
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_its_ground_in_every_theme():
    themes = [dict(re.findall(r"--(\w+):(#\w+)", block)) for block in re.findall(r":root\{[^}]*\}", STYLE)]
    assert len(themes) == 3
    for theme in themes:
        for ink in ("ink", "soft", "mark"):
            for ground in ("ground", "tint"):
                pair = sorted((luminance(theme[ink]), luminance(theme[ground])))
                assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, (ink, ground, theme)


def test_without_a_browser_it_is_said_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(camera, "find_browser", lambda: None)
    with pytest.raises(RecordError, match="install Chromium or Chrome"):
        camera.photograph("<html></html>", tmp_path / "x.png")
    assert list(tmp_path.iterdir()) == []


def test_the_picture_is_as_high_as_the_page(monkeypatch, tmp_path):
    called: list[list[str]] = []

    def browser(words: list[str], **_: Any) -> subprocess.CompletedProcess[str]:
        called.append(words)
        shot = next((word for word in words if word.startswith("--screenshot=")), "")
        if shot:
            with open(shot.removeprefix("--screenshot="), "wb") as file:  # noqa: PTH123 - as a browser does
                file.write(b"picture")
        return subprocess.CompletedProcess(words, 0, "<title>height 1234</title>", "")

    monkeypatch.setattr(camera, "find_browser", lambda: "browser")
    monkeypatch.setattr(camera.subprocess, "run", browser)
    camera.photograph("<html><body></body></html>", tmp_path / "x.png")
    assert (tmp_path / "x.png").read_bytes() == b"picture"
    assert f"--window-size={camera.WIDTH},1234" in called[-1]


def test_the_headline_stands_on_the_page_in_both_languages(of_scale, of_comparison):
    for brief in (of_scale, of_comparison):
        assert f'<p class="small">{escape(brief["headline"])}</p>' in brief_html(brief)
    said = brief_html(of_scale, language="zh")
    assert f'<p class="small">{scale_headline(of_scale["study"])}</p>' in said
    assert "每翻一倍" in scale_headline(of_scale["study"])
    change = Value(**of_comparison["effects"][0]["value"])
    names = of_comparison["subject"]
    chinese = compare_headline(change, names["scenario"], names["against"])
    assert f'<p class="small">{chinese}</p>' in brief_html(of_comparison, language="zh")
    assert f"{change.mean:+,.2f} 元/单" in chinese
    for brief in (of_scale, of_comparison):
        assert f'<p class="small">{escape(brief["headline"])}</p>' not in brief_html(brief, language="zh")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (Value(-0.88, -0.9, -0.86, "yuan/order", 5), "-0.88 元/单（-0.90 至 -0.86）"),
        (Value(0.01, -0.1, 0.12, "yuan/order", 5), "看不出差别"),
        (Value(0.0, 0.0, 0.0, "yuan/order", 5), "完全相同"),
        (Value(1.5, None, None, "yuan/order", 1), "+1.50 元/单（只模拟一次，没有置信区间）"),
    ],
)
def test_a_difference_is_said_in_chinese_as_in_english(change, said):
    assert compare_headline(change, "b", "a") == f"每单贡献利润，b 与 a 相比：{said}。"
    assert compare_headline(change, "b", "a", "tmall") == f"每单贡献利润（天猫），b 与 a 相比：{said}。"


def test_a_name_in_a_chinese_headline_cannot_become_marks(of_comparison):
    subject = {**of_comparison["subject"], "scenario": "<script>", "against": "<b>"}
    page = brief_html({**of_comparison, "subject": subject}, language="zh")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
