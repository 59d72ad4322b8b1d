"""What counts after a warm-up, and utilisation when the number of servers changes: exact small cases."""

import numpy as np
import pytest

from sim.flow import Deterministic, Exponential, Network, Shifts

from .harness import assert_agrees

ENGINES = pytest.mark.parametrize("engine", ["compiled", "reference"])


def one_desk(service, servers=1, rate=None):
    net = Network()
    net.source("arrivals", rate=rate, to="desk")
    net.station("desk", servers=servers, service=service, to="done")
    net.sink("done")
    return net


@ENGINES
def test_time_averages_are_clipped_to_the_window(engine):
    """Two arrive every hour, served 0.3 h each; the window is (10.1, 20.2].

    In hour k the queue is 1 on [k, k + .3] and the server busy on [k, k + .6]. Clipped to the window the
    queue adds .2 + 9 x .3 + .2, the server .5 + 9 x .6 + .2, those inside .7 + 9 x .9 + .4.
    """
    flow = one_desk(Deterministic(0.3)).start(1, engine=engine, warmup=10.1)
    flow.hand_in("arrivals", np.repeat(np.arange(1.0, 31.0), 2))
    flow.advance(20.2)
    result = flow.statistics()
    r = result["desk"]
    assert r.mean_queue == pytest.approx(3.1 / 10.1, rel=1e-12)
    assert r.utilisation == pytest.approx(6.1 / 10.1, rel=1e-12)
    assert r.mean_occupancy == pytest.approx(9.2 / 10.1, rel=1e-12)
    assert (r.entries, r.departures, result["done"].entries) == (20, 20, 20)
    assert r.mean_wait == pytest.approx(0.15, rel=1e-12)
    assert r.mean_time == pytest.approx(0.45, rel=1e-12)
    assert r.still_inside == 2


@ENGINES
def test_events_at_the_ends_of_the_window(engine):
    """Counts are those of (warm-up, until]: an event at the warm-up is out, one at the end is in."""
    flow = one_desk(Deterministic(0.5), servers=9).start(1, engine=engine, warmup=2.0)
    flow.hand_in("arrivals", np.arange(1.0, 8.0))
    flow.advance(5.0)
    r = flow.statistics()["desk"]
    assert r.entries == 3  # at 3, 4 and 5, not at 2
    assert r.departures == 3  # at 2.5, 3.5 and 4.5
    assert r.mean_occupancy == pytest.approx(1.5 / 3.0, rel=1e-12)


@ENGINES
def test_stays_in_delay_gate_and_shelf_are_clipped(engine):
    """One entity stays [1, 4] in each node in turn of a window (2, 8]: 2 of 6 hours, then all, then part."""
    net = Network()
    net.source("arrivals", rate=None, to="delay")
    net.delay("delay", time=3.0, to="shelf")
    net.shelf("shelf", places=1, dwell=2.5, to="gate", on_full="done")
    net.gate("gate", every=9.0, to="done")
    net.sink("done")
    flow = net.start(1, engine=engine, warmup=2.0)
    flow.hand_in("arrivals", [1.0])
    flow.advance(8.0)
    result = flow.statistics()
    assert result["delay"].mean_occupancy == pytest.approx(2.0 / 6.0, rel=1e-12)
    assert result["shelf"].mean_occupancy == pytest.approx(2.5 / 6.0, rel=1e-12)
    assert result["gate"].mean_occupancy == pytest.approx(1.5 / 6.0, rel=1e-12)
    assert result["delay"].mean_time == pytest.approx(3.0)  # by completion, in full
    assert result["delay"].entries == 0
    assert result["gate"].still_inside == 1


@ENGINES
def test_utilisation_with_servers_that_change(engine):
    """Three jobs of 4 hours from 0 on; servers 3, then 1 from 2 h, then 2 from 6 h, until 10 h.

    All three are served at once and the two removed servers finish first: busy 12 hours. A fourth job, in
    at 1 h, starts when two of the three ended at 4 h leave one server: served from 4 to 8. Scheduled
    3 x 2 + 1 x 4 + 2 x 4 = 18 hours.
    """
    flow = one_desk(Deterministic(4.0), servers=3).start(1, engine=engine)
    flow.hand_in("arrivals", [0.0, 0.0, 0.0, 1.0])
    flow.advance(2.0)
    flow.set_servers("desk", 1)
    flow.advance(6.0)
    flow.set_servers("desk", 2)
    flow.advance(10.0)
    r = flow.statistics()["desk"]
    assert r.departures == 4
    assert r.mean_wait == pytest.approx(3.0 / 4.0, rel=1e-12)
    assert r.scheduled_hours == pytest.approx(22.0, rel=1e-12)
    assert r.utilisation == pytest.approx(16.0 / 22.0, rel=1e-12)


def test_long_run_utilisation_with_shifts_is_load_over_mean_servers():
    """Work in equals work done: lambda S = 3 busy servers on average, whatever the roster.

    Removed servers stay a little to finish: 14 / 3 scheduled servers on average by the roster and, since the
    four that leave at midnight hold each an exponential rest of at most 0.5 h, less than 2 h a day more.
    """
    roster = Shifts([0.0, 8.0], [2, 6], period=24.0)
    net = one_desk(Exponential(mean=0.5), servers=roster, rate=6.0)
    days = 60

    def measure(seed):
        r = net.run(until=24.0 * (days + 1), seed=seed, warmup=24.0)["desk"]
        assert 0.0 <= r.scheduled_hours / days - 24.0 * 14.0 / 3.0 < 2.0
        assert r.utilisation == pytest.approx(r.mean_busy * 24.0 * days / r.scheduled_hours, rel=1e-12)
        return {"busy": r.mean_busy}

    assert_agrees(measure, {"busy": 3.0}, 1000)


def test_roster_set_by_hand_equals_the_roster_of_the_node():
    """`set_servers` at the shift changes gives the statistics of `Shifts`, digit for digit."""
    roster = Shifts([0.0, 8.0], [2, 6], period=24.0)
    shifts = one_desk(Exponential(mean=0.5), servers=roster, rate=6.0).run(until=240.0, seed=9)["desk"]
    flow = one_desk(Exponential(mean=0.5), servers=2, rate=6.0).start(9)
    for day in range(10):
        flow.advance(24.0 * day + 8.0)
        flow.set_servers("desk", 6)
        flow.advance(24.0 * day + 24.0)
        flow.set_servers("desk", 2)
    by_hand = flow.statistics()["desk"]
    assert by_hand.departures == shifts.departures
    assert by_hand.mean_wait == pytest.approx(shifts.mean_wait, rel=1e-12)
    assert by_hand.utilisation == pytest.approx(shifts.utilisation, rel=1e-12)
    assert by_hand.mean_queue == pytest.approx(shifts.mean_queue, rel=1e-12)
