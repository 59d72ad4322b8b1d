"""The page about growth: its digits are those of the study, switches bend the curve, nonsense is refused."""

from __future__ import annotations

import functools
import math
import re
import shlex

import pytest
from typer.testing import CliRunner

from sim.cli.app import app
from sim.experiment import scale
from sim.experiment.paths import PATHS, why_not
from sim.report.numbers import Value
from sim.scenario import load
from sim.scenario.shipped import names
from sim.ui.case import Case
from sim.ui.growth import Growth, SizesError, read_sizes
from sim.ui.inputs import Inputs
from sim.ui.pages import scale as page_module
from sim.ui.pictures.causes import causes_bars, parts_of
from sim.ui.pictures.picture import NothingToDrawError
from sim.ui.pictures.twin import twin_curve, volume_at
from sim.ui.questions.paths import PathsQuestion
from sim.ui.questions.scale import ScaleQuestion
from sim.ui.questions.why import WhyQuestion
from sim.ui.sharing import SharingRunner
from sim.ui.switches import switches_of
from sim.ui.templates import REASONS
from sim.ui.verdicts import doubling, paths_table
from tests.experiment import planted
from tests.ui.conftest import latest, press, words
from tests.ui.planted_desk import PlantedDesk

OFF = "mechanisms.supervision"
EXACT = functools.partial(planted.mechanisms, common=0.0)
"""Per doubling supervision adds 0.8, attrition 0.3, both together 0.5 more, and 2.0 are spread."""
HALF_DIGIT = 0.05
"""Half of the last digit that is written where luck plays no part."""
DOUBLINGS = math.log2(planted.size_of(load("community_pickup")) / 10_000.0)


def per_parcel(volume: float, per_doubling: float = 1.6 - planted.SPREAD) -> float:
    """The planted cost per parcel of the pickup layer, in yuan."""
    return 23.0 + per_doubling * (DOUBLINGS + math.log2(volume))


@pytest.fixture
def desk(still, monkeypatch) -> PlantedDesk:
    """A desk with planted histories, and no other plausible worlds than one."""
    del still
    found = PlantedDesk(EXACT)
    monkeypatch.setattr("sim.ui.frame.shared_desk", lambda: found)
    monkeypatch.setattr(page_module, "WORLDS", 1)
    return found


def link_of(page) -> Inputs:
    """The inputs that the address of a page holds."""
    found = page.query_params.get("s", "")
    return Inputs.from_link(found if isinstance(found, str) else found[0])[0] if found else Inputs()


def cells(page, heading: str) -> dict[str, list[str]]:
    """The rows of a table on a page by their first cell."""
    text = next(one.value for one in page.markdown if one.value.startswith(f"**{heading}**"))
    lines = [line for line in text.splitlines() if line.startswith("| ") and "--:" not in line]
    rows = [line.strip("| ").split(" | ") for line in lines]
    return {row[0].strip("* "): [cell.strip("* ") for cell in row[1:]] for row in rows}


@pytest.mark.usefixtures("desk")
def test_it_opens_on_the_curve_and_its_causes_in_planted_digits(run_page):
    page = run_page("scale")
    curve = cells(page, "Average and marginal cost by size")
    shown = [float(curve[f"×{v:g}"][1]) for v in (0.5, 1, 2, 4)]
    assert shown == pytest.approx([per_parcel(v) for v in (0.5, 1, 2, 4)], abs=HALF_DIGIT)
    # Cost q a(q) over q: from v to 2v the next parcels cost 2 a(2v) - a(v) each.
    assert float(curve["×4"][2]) == pytest.approx(2 * per_parcel(4) - per_parcel(2), abs=HALF_DIGIT)
    causes = cells(page, "Why unit cost changes from ×0.5 to ×4")
    assert causes["Supervision"][0] == f"+{3 * (planted.SUPERVISION + planted.JOINT):.2f}"
    assert causes["Attrition"][0] == f"+{3 * (planted.ATTRITION + planted.JOINT):.2f}"
    assert causes["Only together (interaction)"][0] == f"{-3 * planted.JOINT:.2f}"
    assert causes["Unattributed (fixed cost, price breaks)"][0] == f"{-3 * planted.SPREAD:.2f}"
    assert causes["sum of the parts"][0] == causes["total change"][0] == "-1.20"
    with SharingRunner(None, EXACT) as runner:
        study = scale(Case().scenario(), path="densify", worlds=1, causes=False, seed=1, runner=runner)
    assert page.subheader[0].value == study.headline
    assert words(page).count("confirmed") == 3  # the curve, its causes, all growth paths
    assert len(page.get("plotly_chart")) == 3
    in_view = [toggle.label for toggle in page.toggle][-6:]  # column by column
    assert (in_view[0], in_view[3]) == ("Supervision", "Attrition"), "the largest first"
    assert cells(page, "Plausible worlds by verdict")["scalable"] == ["1"]


def test_a_mechanism_off_bends_the_curve_beside_a_grey_one_and_comes_back(desk, run_page):
    page = run_page("scale", Inputs().changed({"pickup.community.points": 60}))
    page.toggle(key="switch-supervision").set_value(False).run()
    assert not page.exception
    assert link_of(page).changes == {"pickup.community.points": 60, OFF: False}
    curve = cells(page, "Average and marginal cost by size")
    alone = planted.ATTRITION - planted.SPREAD
    assert float(curve["×4"][1]) == pytest.approx(per_parcel(4, alone), abs=HALF_DIGIT)
    assert curve["volume"][-1].startswith("not switched"), "the grey curve differs by the mechanism alone"
    assert float(curve["×4"][3]) == pytest.approx(per_parcel(4), abs=HALF_DIGIT)
    grey = [one.case for one in desk.asked if isinstance(one, ScaleQuestion)]
    assert dict(grey[-1].changes) == {"pickup.community.points": 60}
    assert [one for one in page.warning if "“Supervision” is off" in one.value]
    press(page, "back-supervision")
    assert link_of(page).changes == {"pickup.community.points": 60}
    assert page.toggle(key=latest(page, "switch-supervision")).value is True
    assert not [one for one in page.warning if "Supervision" in one.value]


def test_reasons_wait_for_the_curve(desk, run_page):
    desk.stage = 1
    text = words(run_page("scale"))
    assert not [one for one in desk.asked if isinstance(one, WhyQuestion)]
    assert "reasons follow when the curve stands" in text
    assert "confirmed" not in text
    desk.stage = 0
    page = run_page("scale")
    assert page.subheader[0].value == "Simulating the first answer ..."
    assert not page.get("plotly_chart")


def test_all_paths_are_asked_for_by_a_button_and_say_why_they_do_not_apply(desk, run_page):
    case = Case("stores_only")
    page = run_page("scale", Inputs(case).showing(scale_volumes="1,2"))
    rows = cells(page, "cost per order along every growth path")
    assert "no pickup layer" in rows["the same orders use more points"][-1]
    assert rows["equal places are added"][1] == "not simulated yet"
    assert not [one for one in desk.asked if isinstance(one, PathsQuestion)]
    press(page, "all-paths")
    rows = cells(page, "cost per order along every growth path")
    with SharingRunner(None, EXACT) as runner:
        study = scale(case.scenario(), volumes=(1, 2), seed=1, runner=runner)
    for result in study.paths:
        if result.elasticity is not None:
            known = Value(result.elasticity.mean, result.elasticity.low, result.elasticity.high)
            assert rows[page_module.path_words(result.path)][:2] == [
                doubling(known),
                result.verdict.replace("_", "-"),
            ]
        else:
            assert rows[page_module.path_words(result.path)][-1].startswith("does not apply")
    assert "--path" not in page.code[1].value


def test_a_path_that_does_not_apply_is_explained_and_not_simulated(desk, run_page):
    desk.stage = 1
    page = run_page("scale", Inputs(Case("stores_only")).showing(path="fragment"))
    assert "there are no points to add" in page.info[0].value
    assert not desk.asked
    page.selectbox(key="scale-path").set_value("replicate").run()
    assert link_of(page).view("path") == "replicate"
    assert {one.path for one in desk.asked if isinstance(one, ScaleQuestion)} == {"replicate"}


def test_sizes_are_read_or_refused(desk, run_page):
    desk.stage = 1
    page = run_page("scale")
    page.text_input(key="scale-sizes").set_value("2, 1").run()
    assert link_of(page).view("scale_volumes") == "1,2"
    assert [one for one in desk.asked if isinstance(one, ScaleQuestion)][-1].volumes == (1.0, 2.0)
    page.text_input(key=latest(page, "scale-sizes")).set_value("1, many").run()
    assert "many" in page.error[0].value
    assert link_of(page).view("scale_volumes") == "1,2"


@pytest.mark.parametrize(
    "written", ["1", "1,1", "0,1", "-1,2", "1,99", "nan,1", "inf,1", "a,b", "1,2,3,4,5,6,7,8"]
)
def test_what_is_no_ladder_is_refused(written):
    with pytest.raises(SizesError, match=re.escape(written[:40])):
        read_sizes(written)


def test_nonsense_in_a_link_falls_back_to_what_the_scenario_has():
    growth = Growth.of(
        Inputs(Case("door_only")).showing(
            path="sideways",
            scale_metric="layer_cost_per_parcel",
            scale_scope="community",
            scale_volumes="1,1",
        )
    )
    assert growth == Growth("densify", "", "brand", (0.5, 1.0, 2.0, 4.0))
    kept = Growth.of(
        Inputs().showing(scale_metric="cost_per_order", scale_scope="tmall", scale_volumes="1,2")
    )
    assert kept == Growth("densify", "cost_per_order", "tmall", (1.0, 2.0))


# --- charts and tables ----------------------------------------------------------------------------


def u_shaped() -> dict:
    """A study of a brand whose cost per order is lowest exactly at its own size."""
    scenario = Case("door_only").scenario()
    own = planted.size_of(scenario)
    curve = planted.Curve(fixed=10.0 * own, growing=10.0 / own)
    with SharingRunner(None, planted.on(curve)) as runner:
        return scale(
            scenario,
            path="densify",
            volumes=(0.25, 0.5, 1, 2, 4),
            causes=False,
            worlds=0,
            seed=1,
            runner=runner,
        ).as_dict()


def test_the_turning_point_is_shaded_where_it_was_planted():
    result = u_shaped()
    drawn = twin_curve(result)
    band, line = drawn.figure.layout.shapes
    assert band.x0 < 1.0 < band.x1
    assert line.x0 == pytest.approx(1.0, rel=0.2)
    assert "stops falling" in " ".join(note.text for note in drawn.figure.layout.annotations)
    own = planted.size_of(Case("door_only").scenario())
    assert volume_at(result, own * 2.0**0.5) == pytest.approx(2.0**0.5)
    assert volume_at(result, own * 100) == pytest.approx(4.0), "not beyond the ladder"


def test_a_study_without_causes_has_no_bars():
    with pytest.raises(NothingToDrawError):
        causes_bars(u_shaped())


def test_the_total_is_measured_and_not_the_sum_of_the_parts():
    result = {
        "metric": "cost_per_order",
        "steps": [
            {"volume": 1.0, "average_cost": {"mean": 10.0, "low": 9.9, "high": 10.1, "unit": "yuan/order"}},
            {"volume": 2.0, "average_cost": {"mean": 8.0, "low": 7.9, "high": 8.1, "unit": "yuan/order"}},
        ],
        "causes": [
            {"mechanism": "unattributed", "yuan_per_order": {"mean": -3.0, "low": -3.1, "high": -2.9}},
            {"mechanism": "supervision", "yuan_per_order": {"mean": 0.1, "low": -0.2, "high": 0.4}},
        ],
    }
    rows, total = parts_of(result)
    assert total.mean == pytest.approx(-2.0)
    assert [name for name, _ in rows] == ["supervision", "unattributed"]
    drawn = causes_bars(result)
    assert "add up to -2.90; the average changes by -2.00" in drawn.reading
    assert "within noise" in [row.cells[2] for row in drawn.table.rows]


def test_every_switch_has_something_to_act_on_and_can_move_the_metric():
    world = load("community_pickup")
    layer, brand = switches_of(world, "layer_cost_per_parcel"), switches_of(world, "cost_per_order")
    assert "supervision" in layer
    assert "ad_auction" not in layer, "it cannot move what a parcel at a point costs"
    assert set(layer) < set(brand)
    assert "supervision" not in switches_of(load("door_only"), "cost_per_order")
    effects = [{"mechanism": "absence", "yuan_per_order": {"mean": -9.0}}]
    assert switches_of(world, "layer_cost_per_parcel", effects)[0] == "absence"


def test_every_reason_against_a_path_has_words():
    found = {why_not(load(name), path) for name in names() for path in PATHS} - {""}
    assert found <= set(REASONS)
    flat = load("base").with_values({"market.price_elasticity": 0.0, "mechanisms.seasonality": False})
    assert {why_not(flat, "peak"), why_not(flat, "cut_price")} <= set(REASONS)


def test_paths_stand_in_their_order_and_the_chosen_one_is_strong():
    found = paths_table({}, dict.fromkeys(PATHS, ""), "cost_per_order", "expand")
    assert [row.weight for row in found.rows] == ["strong" if path == "expand" else "plain" for path in PATHS]
    assert {row.cells[2] for row in found.rows} == {"not simulated yet"}


# --- the same elsewhere ---------------------------------------------------------------------------


class _EnoughError(Exception):
    """Raised when what was asked for is known."""


class _Nothing:
    """A study that found nothing."""

    def as_dict(self) -> dict:
        """Nothing."""
        return {}


@pytest.mark.parametrize(
    "question",
    [
        WhyQuestion(
            Case().changed({OFF: False}), path="replicate", metric="cost_per_order", volumes=(1.0, 3.0)
        ),
        PathsQuestion(Case("door_only"), metric="contribution_per_order", scope="tmall"),
    ],
)
def test_command_and_python_ask_what_the_page_asks(question, monkeypatch):
    asked = []

    def record(scenario, **arguments):
        asked.append((scenario.hash, arguments))
        raise _EnoughError

    def answer(scenario, **arguments):
        asked.append((scenario.hash, arguments))
        return _Nothing()

    monkeypatch.setattr("sim.experiment.scale", answer)
    list(question.stages(SharingRunner(None, EXACT)))
    monkeypatch.setattr("sim.experiment.scale", record)
    with pytest.raises(_EnoughError):
        exec(question.python(), {})
    CliRunner().invoke(app, shlex.split(question.command())[1:])
    page, python, command = (_comparable(*one) for one in asked[-3:])
    assert page == python == command


def _comparable(digest: str, arguments: dict) -> tuple:
    """What a study depends on, with what is usual filled in."""
    one = arguments.get("path") is not None
    causes = arguments.get("causes")
    return (
        digest,
        arguments.get("path"),
        arguments["metric"],
        arguments["scope"],
        tuple(arguments["volumes"]),
        arguments["replications"],
        arguments["seed"],
        one if causes is None else causes,
        arguments.get("worlds") or 0,
    )


@pytest.mark.usefixtures("desk")
def test_the_page_speaks_chinese(run_page):
    page = run_page(
        "scale", Inputs().changed({"pickup.community.points": 60, OFF: False}).showing(language="zh")
    )
    text = words(page)
    assert "区域管理" in text
    assert [one for one in page.warning if "“区域管理”已关闭" in one.value]
    for english in ("Average", "mechanism", "verdict", "plausible", "doubling"):
        assert english not in re.sub(r"`[^`]*`|\([^)]*English only\)", "", text), english
