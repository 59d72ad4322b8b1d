"""The event log: every order from its placing to its end, in order, at the cost that the books hold."""

from __future__ import annotations

import pandas as pd
import pytest

from sim.experiment import ExperimentError, RecordError
from sim.experiment.event_log import COLUMNS, activity_of, event_log, write_event_log
from sim.world import simulate
from tests.world.small import brief

ENDS = {"kept", "returned", "refused", "lost", "cancelled"}


@pytest.fixture(scope="module")
def world():
    return brief("community_pickup", {"pickup.community.points": 5})


@pytest.fixture(scope="module")
def run(world):
    return simulate(world, 1, log=True)


@pytest.fixture(scope="module")
def log(world, run):
    return event_log(world, run)


def test_every_order_is_told_from_its_placing_to_its_end(run, log):
    assert list(log.columns) == list(COLUMNS)
    cases = log.groupby("case_id", sort=False)
    assert len(cases) == len(run.orders) == run.kpis["orders"]
    assert set(cases["activity"].first()) == {"order placed"}
    ends = log[log["activity"].isin(ENDS)]
    assert ends["case_id"].is_unique
    assert ends["activity"].value_counts().to_dict() == {
        name: run.balance[f"orders_{name}"] for name in ENDS if run.balance[f"orders_{name}"]
    }


def test_steps_follow_one_another_in_time(world, log):
    moments = pd.to_datetime(log["timestamp"])
    assert str(moments.dt.tz) == "UTC+08:00"
    for _, own in moments.groupby(log["case_id"]):
        assert own.is_monotonic_increasing
    placed = moments[log["activity"] == "order placed"]
    first, last = pd.Timestamp("2014-01-01T00:00:00+08:00"), pd.Timestamp("2014-01-01T00:00:00+08:00")
    assert first <= placed.min()
    # Those who asked on the last evening may order after an answer.
    assert placed.max() <= last + pd.Timedelta(days=world.horizon.days + 2)


def test_channels_and_sources_are_those_of_the_orders(run, log):
    found = log.drop_duplicates("case_id").groupby(["channel", "source"]).size()
    expected = run.orders.groupby(["channel", "source"]).size()
    assert found.to_dict() == expected.to_dict()


def test_costs_add_up_to_the_books(run, log):
    by_activity = log.groupby("activity")["cost"].sum()
    booked = run.accounts
    exact = {
        "picked and packed": booked["picking_wages"] + booked["packing_material"],
        "handed to courier": booked["line_haul"] + booked["last_mile"],
        "nobody at the door": booked["failed_attempts"],
        "brought to a pickup point": booked["pickup_drop"],
        "call to service": booked["service_wages"],
    }
    for activity, yuan in exact.items():
        # Wages of a month in which no measured order came along belong to no step.
        assert by_activity[activity] == pytest.approx(yuan, rel=0.02), activity
        assert by_activity[activity] <= yuan + 0.05
    back = by_activity[["sent back", "refused", "found wrong"]].sum()
    assert back == pytest.approx(booked["return_freight"] + booked["return_handling"], abs=0.05)
    assert by_activity["order placed"] == 0.0


def test_waiting_at_a_point_names_the_point(log):
    waiting = log[log["activity"] == "waits at the point"]
    assert set(waiting["resource"]) == {f"community point {number}" for number in range(5)}
    assert activity_of("community_managers") is None
    assert activity_of("store/3")[1] == "store point 3"


@pytest.mark.parametrize("ending", [".csv", ".parquet"])
def test_the_file_holds_the_log(world, log, tmp_path, ending):
    path = tmp_path / f"events{ending}"
    assert write_event_log(world, 1, path) == len(log)
    found = pd.read_csv(path) if ending == ".csv" else pd.read_parquet(path)
    assert list(found.columns) == list(COLUMNS)
    assert found["case_id"].tolist() == log["case_id"].tolist()
    assert found["cost"].to_numpy() == pytest.approx(log["cost"].to_numpy())
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_what_cannot_be_told_or_written_is_refused(world, tmp_path):
    with pytest.raises(ExperimentError, match="simulate it with log=True"):
        event_log(world, simulate(brief("door_only", {"horizon.days": 1}), 1))
    with pytest.raises(ExperimentError, match=r"ends in .csv or .parquet"):
        write_event_log(world, 1, tmp_path / "events.xes")
    with pytest.raises(RecordError, match="there is no folder"):
        write_event_log(world, 1, tmp_path / "nowhere" / "events.csv")
