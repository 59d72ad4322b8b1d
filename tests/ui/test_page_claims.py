"""The page of claims: its lines, the card of a claim, flipping it, its frontier, and what was kept."""

from __future__ import annotations

from functools import cache

import pytest

from sim.experiment.claims import articles, claims_result, draw_frontier, shipped_claims
from sim.experiment.runner import Runner
from sim.report.numbers import column, read
from sim.ui import kept_claims as kept_module
from sim.ui.assumption_words import assumption_name, named_path
from sim.ui.claim_card import known_from_answer, other_side
from sim.ui.claim_lines import ALL, LineFilter, all_lines
from sim.ui.inputs import Inputs
from sim.ui.kept_claims import kept_claims
from sim.ui.language import LANGUAGES, catalogue, speaking
from sim.ui.pictures.claims import frontier_chart, worlds_chart
from sim.ui.portions import Portion, Unfinished, in_portions
from sim.ui.questions.claim import FIRST_CLAIM, POINTS, ClaimQuestion, FrontierQuestion
from sim.ui.searched import as_view_word, from_view_word
from sim.ui.sentences_claims import frontier_sentence
from sim.ui.sharing import SharingRunner
from sim.ui.vocabulary import UNITS
from tests.project.tree import listing
from tests.ui.conftest import press, words
from tests.ui.planted_desk import PlantedDesk
from tests.ui.planted_layer import simulate

HEAD = "claim,world,outcome,effect,low,high,unit,n,verdict,plausible,draws,version\n"


@cache
def stages_of(question):
    """Every stage of a question, simulated once for all tests."""
    with SharingRunner(None, simulate) as runner:
        return tuple(question.stages(runner))


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch, tmp_path):
    """No kept verdicts unless a test plants some."""
    monkeypatch.setattr(kept_module, "claims_file", lambda: tmp_path / "claims.csv")
    return tmp_path / "claims.csv"


@pytest.fixture
def desk(monkeypatch, run_page):
    """A desk that answers from a planted simulation."""
    del run_page
    found = PlantedDesk(simulate)
    found.stages_of = stages_of
    monkeypatch.setattr("sim.ui.frame.shared_desk", lambda: found)
    return found


@cache
def tried(name, draws):
    """The result of the experiment itself."""
    claim = shipped_claims()[name]
    with Runner(1, simulate=simulate) as runner:
        return claims_result([claim], runner=runner, seed=1, draws=draws)["claims"][0]


def keep(file, claim, verdict, outcomes, version):
    """Write kept results of one claim."""
    rows = [
        f"{claim.id},{world.name},{outcome},{effect},{effect - 1},{effect + 1},{claim.unit},5,"
        f"{verdict},0.25,12,{version}"
        for world, (outcome, effect) in zip(claim.worlds, outcomes, strict=True)
    ]
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")


def test_it_opens_on_a_claim_that_was_tried(run_page, desk):
    page = run_page("claims")
    claim = shipped_claims()[FIRST_CLAIM]
    found = tried(FIRST_CLAIM, 12)
    text = words(page)
    assert claim.sentence in text
    for cell in column([read(one["effect"]) for one in found["worlds"]]):
        assert cell in text
    plausible = found["plausible_worlds"]
    held = round(plausible["mean"] * plausible["n"])
    assert f"holds in {held} of {plausible['n']} plausible worlds" in text
    assert f"confirmed: {found['runs']} of {found['runs']}" in text
    assert f"of {len(articles())} lines" in page.subheader[0].value
    assert any(f"claims {FIRST_CLAIM} --draws 12" in code.value for code in page.code)
    assert {question.kind for question in desk.asked} == {"claim"}, "a frontier waits for its button"


@pytest.mark.usefixtures("desk")
def test_every_line_is_listed_and_the_filters_find_it(run_page):
    page = run_page("claims")
    assert len(page.dataframe[0].value) == len(articles()) == 76
    page.selectbox(key="claims_topic").set_value("001").run()
    assert set(page.dataframe[0].value["line"].str[:3]) == {"001"}
    page.text_input(key="claims_find").set_value("magazine friend").run()
    assert list(page.dataframe[0].value["line"]) == [
        line.id
        for line in all_lines()
        if line.topic == "001" and LineFilter(words="magazine friend").takes(line, {})
    ]
    page.text_input(key="claims_find").set_value("zeppelin").run()
    assert not page.exception
    assert "Nothing matches" in words(page)


def test_a_filter_by_verdict_uses_what_is_known():
    line = next(line for line in all_lines() if len(line.claims) > 1)
    known = {line.claims[0]: "holds", line.claims[1]: "fails"}
    assert LineFilter("holds").takes(line, known)
    assert LineFilter("fails").takes(line, known)
    assert not LineFilter("depends").takes(line, known)
    assert LineFilter(ALL, line.topic, line.id).takes(line, {})
    unreachable = next(line for line in all_lines() if line.out_of_reach)
    assert unreachable.verdicts(known) == ("out of reach",)


@pytest.mark.usefixtures("desk")
def test_flip_it_goes_to_the_other_world_shows_what_changed_and_takes_it_along(run_page):
    page = run_page("claims")
    claim = shipped_claims()[FIRST_CLAIM]
    known = known_from_answer(tried(FIRST_CLAIM, 12))
    other = other_side(claim, known, claim.worlds[0].name)
    if not other:
        assert page.button(key="claim-flip").disabled
        return
    press(page, "claim-flip")
    assert not page.exception
    world = next(one for one in claim.worlds if one.name == other)
    text = words(page)
    assert f"World “{other}”" in text
    assert all(f"`{path}`" in text for path in world.set)
    press(page, "claim-take")
    link = page.query_params["s"]
    taken = Inputs.from_link(link if isinstance(link, str) else link[0])[0]
    assert taken.base == claim.base
    assert set(taken.changes) <= set(world.set)
    assert taken.scenario().hash == Inputs().based_on(claim.base).changed(world.set).scenario().hash


def test_the_other_side_is_what_was_found_before_what_was_meant():
    claim = shipped_claims()[FIRST_CLAIM]
    first, *rest = [one.name for one in claim.worlds]
    found = [{"name": first, "outcome": "holds"}, *({"name": name, "outcome": "holds"} for name in rest)]
    known = known_from_answer({"verdict": "holds", "worlds": found, "plausible_worlds": {"n": 0}})
    assert other_side(claim, known, first) == ""
    found[-1]["outcome"] = "fails"
    assert other_side(claim, known, first) == rest[-1]
    assert other_side(claim, known, rest[-1]) == first


def test_kept_results_are_shown_with_their_version_and_marked_when_the_model_moved(
    run_page, desk, nothing_kept, monkeypatch
):
    claim = shipped_claims()[FIRST_CLAIM]
    outcomes = [("fails", -7.5), *(("holds", 9.25) for _ in claim.worlds[1:])]
    from sim.experiment.cache import sources_stamp

    keep(nothing_kept, claim, "depends", outcomes, sources_stamp())
    text = words(run_page("claims"))
    assert "kept result of this model" in text
    assert "-7.5 ± 1.0" in text
    assert "holds in 3 of 12 plausible worlds" in text
    assert not [one for one in desk.asked if one.kind == "claim"], "nothing is simulated that is known"
    keep(nothing_kept, claim, "depends", outcomes, "0123456789abcdef")
    monkeypatch.setattr("sim.ui.pages.claims.AT_ONCE", 0.0)
    assert "stale: kept with model 0123456789abcdef" in words(run_page("claims"))


@pytest.mark.parametrize(
    "content", ["", "claim,world\nx,y\n", HEAD + "a,b,maybe,1,0,2,u,5,holds,1,12,v\n", "\x00\xff"]
)
def test_a_damaged_table_is_no_table(nothing_kept, content):
    nothing_kept.write_text(content, encoding="latin-1")
    assert kept_claims(nothing_kept).claims == {}


@pytest.mark.usefixtures("desk")
def test_the_frontier_comes_by_button_and_is_that_of_the_experiment(run_page):
    page = run_page("claims")
    press(page, "claim-frontier")
    assert not page.exception
    claim = shipped_claims()[FIRST_CLAIM]
    with Runner(1, simulate=simulate) as runner:
        found = draw_frontier(claim, runner=runner, seed=1, points=POINTS).as_dict()
    text = words(page)
    assert found["sentence"] in text
    assert f"Of {POINTS} points" in text
    drawn = frontier_chart(found)
    heat = drawn.figure.data[0]
    assert [max(heat.x), min(heat.y)] == [found["axes"][0]["high"], found["axes"][1]["low"]]
    # The largest margin of the surface stands where the surface has it.
    top = max(found["surface"], key=lambda row: row["margin"])
    x, y = (
        list(heat.x).index(top[found["axes"][0]["path"]]),
        list(heat.y).index(top[found["axes"][1]["path"]]),
    )
    assert heat.z[y][x] == top["margin"]


def test_a_claim_answers_in_stages_and_a_frontier_in_portions():
    claim = shipped_claims()[FIRST_CLAIM]
    stages = stages_of(ClaimQuestion.about(claim))
    rough, *_, last = stages_of(FrontierQuestion.about(claim))
    assert [stage.done for stage in stages] == sorted(stage.done for stage in stages)
    assert stages[-1].done == stages[-1].total == stages[-1].result["runs"]
    assert stages[-1].result == tried(FIRST_CLAIM, 12)
    assert rough.result["out_of_sample"]["n"] == 16
    assert last.done == last.total
    assert last.result["out_of_sample"]["n"] == POINTS


def test_portions_give_the_digits_of_the_whole_and_number_alike_for_two_workers():
    claim = shipped_claims()[FIRST_CLAIM]

    def study(runner):
        return claims_result([claim], runner=runner, seed=1, draws=3)

    with SharingRunner(None, simulate) as first, SharingRunner(None, simulate, shortest_first=True) as second:
        total = ClaimQuestion.about(claim, draws=3).histories
        mine, theirs = (list(in_portions(runner, total, study)) for runner in (first, second))
        with pytest.raises(Unfinished):
            study(Portion(first, 1))
    assert [stage.done for stage in mine] == [stage.done for stage in theirs]
    assert mine[-1].result == theirs[-1].result
    assert mine[-1].result["claims"][0] == tried(FIRST_CLAIM, 3)
    assert len(mine) > 2
    assert all(stage.done < stage.total for stage in mine[:-1])


def test_colour_never_tells_alone():
    claim = shipped_claims()[FIRST_CLAIM]
    drawn = worlds_chart(tried(FIRST_CLAIM, 0)["worlds"], claim.holds, claim.worlds[0].name)
    shown = [trace for trace in drawn.figure.data if trace.showlegend]
    assert len({trace.marker.symbol for trace in shown}) == len(shown)
    assert all(one.name in drawn.alt for one in claim.worlds)


@pytest.mark.usefixtures("desk")
def test_a_wrong_word_in_a_link_is_harmless(run_page):
    page = run_page(
        "claims", Inputs().showing(claims_id="nonsense", claims_world="99", claims_verdict="maybe")
    )
    assert shipped_claims()[FIRST_CLAIM].sentence in words(page)


@pytest.mark.usefixtures("desk")
def test_the_page_speaks_chinese(run_page):
    page = run_page("claims", Inputs().showing(language="zh", claims_world="1"))
    text = words(page)
    known = catalogue("zh")
    claim = shipped_claims()[FIRST_CLAIM]
    world = claim.worlds[1]
    assert "结论" in text
    assert "仅英文" not in "".join(one.value for one in (*page.main.markdown, *page.main.caption))
    for english in (claim.sentence, claim.fails_when, claim.reading, f"World “{world.name}”", world.why):
        assert english not in text
    for english in (claim.sentence, claim.fails_when, claim.reading, world.name, world.why):
        assert known[english] in text, english
    assert list(page.dataframe[0].value["内容"]) == [known[line.says] for line in all_lines()]
    drawn = tried(FIRST_CLAIM, 12)
    assert all(known[one["name"]] in text for one in drawn["worlds"])


@pytest.mark.usefixtures("desk")
def test_lines_are_found_by_the_words_of_either_language(run_page):
    expected = [line.id for line in all_lines() if LineFilter(words="rebate alliances").takes(line, {})]
    for typed in ("rebate alliances", "返利联盟"):
        page = run_page("claims", Inputs().showing(language="zh", claims_find=as_view_word(typed)))
        assert list(page.dataframe[0].value["句"]) == expected, typed
        assert page.text_input(key="claims_find").value == typed


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("magazine friend", "magazine friend"),
        ("返利 联盟", "返利 联盟"),
        ("返利，联盟 (KPI)", "返利 联盟 KPI"),
        ("，", ""),
    ],
)
def test_a_link_holds_what_was_typed_in_either_language(typed, kept):
    link = Inputs().showing(claims_find=as_view_word(typed)).to_link()
    assert from_view_word(Inputs.from_link(link)[0].view("claims_find")) == kept


def test_what_is_too_long_for_a_link_is_cut():
    typed = "".join(line.says for line in all_lines() if line.topic == "001")
    chinese = catalogue("zh")[all_lines()[0].says] * 9
    for text in (typed, chinese):
        link = Inputs().showing(claims_find=as_view_word(text)).to_link()
        kept = from_view_word(Inputs.from_link(link)[0].view("claims_find")).split()
        assert kept
        assert text.startswith(kept[0])


@pytest.mark.parametrize("word", ["xn:99999999b", "xn:a-99999999", "xn:a-zz99zz99", "xn:+:-a0"])
def test_a_damaged_word_of_a_link_is_looked_for_as_it_stands(word):
    assert from_view_word(word) == word.replace("+", " ")


def test_worlds_of_a_claim_keep_names_of_their_own_in_chinese():
    known = catalogue("zh")
    mixed = [
        name
        for name, claim in shipped_claims().items()
        if len({known[world.name] for world in claim.worlds}) < len(claim.worlds)
    ]
    assert not mixed, mixed


def test_everything_that_claims_and_lines_say_has_its_chinese():
    known = catalogue("zh")
    said = [
        (name, text)
        for name, claim in shipped_claims().items()
        for text in (
            claim.sentence,
            claim.fails_when,
            claim.reading,
            UNITS.get(claim.unit, claim.unit.replace("/", " per ")),
            *(words for world in claim.worlds for words in (world.name, world.why)),
        )
    ]
    said += [(line.id, text) for line in all_lines() for text in (line.says, line.out_of_reach)]
    missing = [f"{name}: {text}" for name, text in said if text and text not in known]
    assert not missing, listing(missing)


def test_the_frontier_names_its_assumptions_and_has_their_paths_beside_them():
    claim = shipped_claims()[FIRST_CLAIM]
    with Runner(1, simulate=simulate) as runner:
        found = draw_frontier(claim, runner=runner, seed=1, points=POINTS).as_dict()
    found["axes"][0]["flips_at"] = found["axes"][0]["high"]
    for language in LANGUAGES:
        with speaking(language):
            drawn, sentence = frontier_chart(found), frontier_sentence(found)
            axes = drawn.figure.layout.xaxis.title.text, drawn.figure.layout.yaxis.title.text
            for axis, title, row in zip(found["axes"], axes, drawn.table.rows, strict=False):
                name = assumption_name(axis["path"])
                assert title.startswith(name)
                assert row.cells[0] == named_path(axis["path"])
                assert name in row.cells[0]
                assert axis["path"] in row.cells[0]
            if language == "zh":
                assert named_path(found["axes"][0]["path"]) in sentence
