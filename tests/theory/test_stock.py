"""Stock points under policies written as SimPy processes, on the running flow."""

import numpy as np
import pytest
import simpy

from sim.flow import Network

from . import closed_forms as cf
from .harness import LIMIT, PRECISION, Estimate, assert_agrees, hours_needed, seeds


def shop(on_hand, rate=None, **options):
    net = Network()
    net.source("demand", rate=rate, to="stock")
    net.stock("stock", on_hand=on_hand, to="sold", **options)
    net.sink("sold")
    return net


def drive(env, flow, until, on_crossing):
    """Run flow and SimPy side by side: the flow goes first to the next SimPy event or a crossing."""
    while flow.now < until:
        while env.peek() <= flow.now:
            env.step()
        flow.advance(min(env.peek(), until))
        if flow.crossed:
            on_crossing(flow.now)


# Law & Kelton's (s, S) system, in months.

ORDER_FIXED, ORDER_UNIT, HOLDING, SHORTAGE, MONTHS = 32.0, 3.0, 1.0, 5.0, 120.0

# Means of 120 months over 600 independent runs with their 95% half-widths: total, ordering, holding,
# shortage. Simulated independently of this engine with the book's generator, whose nine published
# single runs the same program repeats to the cent.
LAW_KELTON = {
    (20, 40): ((125.137, 97.608, 9.109, 18.419), (0.352, 0.248, 0.043, 0.199)),
    (20, 60): ((119.112, 88.577, 17.517, 13.018), (0.270, 0.194, 0.061, 0.161)),
    (20, 80): ((121.449, 84.935, 26.858, 9.656), (0.272, 0.217, 0.078, 0.151)),
    (40, 60): ((125.615, 98.183, 25.534, 1.898), (0.228, 0.252, 0.068, 0.056)),
}


def law_kelton_run(s, big_s, seed, engine="compiled"):
    """Total, ordering, holding and shortage cost a month of one run of 120 months.

    A demand of d units is d entities at one time, so that a part of it can be met. What is on hand is the
    backlog plus the net level, whose time average follows from the times of demands and receipts.
    """
    rng = np.random.default_rng(seed)
    epochs = np.cumsum(rng.exponential(0.1, 1600))
    epochs = epochs[epochs <= MONTHS]
    sizes = rng.choice([1, 2, 3, 4], size=len(epochs), p=[1 / 6, 1 / 3, 1 / 3, 1 / 6])
    flow = shop(60, backorder=True).start(seed, engine=engine)
    flow.hand_in("demand", np.repeat(epochs, sizes))
    env = simpy.Environment()
    ordering = [0.0]
    receipts = []

    def deliver(quantity):
        yield env.timeout(rng.uniform(0.5, 1.0))
        flow.advance(env.now)
        flow.receive("stock", quantity)
        receipts.append((env.now, quantity))

    def review():
        while True:
            flow.advance(env.now)
            inventory = int(flow.reading("stock", "level"))
            if inventory < s:
                ordering[0] += ORDER_FIXED + ORDER_UNIT * (big_s - inventory)
                env.process(deliver(big_s - inventory))
            yield env.timeout(1.0)

    env.process(review())
    env.run(until=MONTHS)
    flow.advance(MONTHS)
    stock = flow.statistics()["stock"]
    received = sum((MONTHS - time) * units for time, units in receipts)
    demanded = float(((MONTHS - epochs) * sizes).sum())
    net_level = 60.0 + (received - demanded) / MONTHS
    holding, shortage = HOLDING * (net_level + stock.mean_queue), SHORTAGE * stock.mean_queue
    order_cost = ordering[0] / MONTHS
    return order_cost + holding + shortage, order_cost, holding, shortage


@pytest.mark.parametrize("policy", LAW_KELTON)
def test_law_kelton_policies(policy):
    """Each cost within 3 joint standard errors of 600 independent runs, and the total to 2%."""
    means, half_widths = LAW_KELTON[policy]
    runs = np.array([law_kelton_run(*policy, seed) for seed in seeds(800 + sum(policy), 150)])
    for column, (name, mean, half) in enumerate(
        zip(("total", "ordering", "holding", "shortage"), means, half_widths, strict=True)
    ):
        e = Estimate.of(runs[:, column])
        joint = float(np.hypot(e.standard_error, half / 1.96))
        assert abs(e.mean - mean) <= LIMIT * joint, f"{policy} {name}: {e.mean:.3f} against {mean}"
        if name == "total":
            assert e.half_width <= PRECISION * mean


def test_law_kelton_on_the_reference_engine():
    """The same digits from both engines for whole runs under a policy."""
    for seed in (1, 2):
        assert law_kelton_run(20, 60, seed, "reference") == law_kelton_run(20, 60, seed, "compiled")


def reorder_point_run(seed, hours, rate, lead_time, reorder_at, quantity):
    """Backlog, share met at once and net level of an (r, Q) policy acting at the demand that reaches r."""
    flow = shop(reorder_at + quantity, rate=rate, backorder=True).start(seed, warmup=20.0)
    env = simpy.Environment()
    orders = [0]

    def deliver(at):
        yield env.timeout(at - env.now)
        assert flow.now == env.now
        flow.receive("stock", quantity)

    def order(now):
        orders[0] += 1
        env.process(deliver(now + lead_time))
        flow.watch("stock", "count", above=quantity * (orders[0] + 1))

    flow.watch("stock", "count", above=quantity)
    drive(env, flow, 20.0 + hours, order)
    stock = flow.statistics()["stock"]
    return {"backlog": stock.mean_queue, "met at once": 1.0 - stock.share_waiting}


def test_reorder_point_with_watches():
    """Hadley & Whitin: Poisson 10, lead time 2, r 24, Q 20: 97.562% are met at once."""
    exact = cf.reorder_point_stock(10.0, 2.0, 24, 20)

    def measure(seed):
        return {"met at once": reorder_point_run(seed, 400.0, 10.0, 2.0, 24, 20)["met at once"]}

    assert_agrees(measure, {"met at once": exact.fill_share}, 820)


def test_reorder_point_backlog():
    """The same with r 16, where a backlog is common enough to be measured to 2%."""
    exact = cf.reorder_point_stock(10.0, 2.0, 16, 20)

    def measure(seed):
        return reorder_point_run(seed, 2500.0, 10.0, 2.0, 16, 20)

    assert_agrees(measure, {"backlog": exact.mean_backlog, "met at once": exact.fill_share}, 821)


@pytest.mark.parametrize("lead", ["deterministic", "exponential"])
def test_base_stock_with_lost_sales_is_erlang_b(lead):
    """Karush (1957): base stock 4, demand 3 in a lead time: Erlang B is lost for any law of the lead time."""
    base, load = 4, 3.0
    lost = cf.erlang_b(base, load)
    chain = cf.station_chain(load, 1.0, base, 0)
    full = (np.arange(base + 1) == base).astype(float)
    hours = hours_needed(chain.asymptotic_variance(full), lost)
    net = shop(base, rate=load, on_empty="lost")
    net.sink("lost")

    def measure(seed):
        rng = np.random.default_rng(seed)
        flow = net.start(seed, warmup=10.0)
        env = simpy.Environment()
        sold = [0]

        def deliver(at):
            yield env.timeout(at - env.now)
            flow.receive("stock", 1)

        def replace(now):
            sold[0] += 1
            lead_time = 1.0 if lead == "deterministic" else rng.exponential(1.0)
            env.process(deliver(now + lead_time))
            flow.watch("sold", "count", above=sold[0] + 1)

        flow.watch("sold", "count", above=1)
        drive(env, flow, 10.0 + hours, replace)
        result = flow.statistics()
        return {"lost": result["lost"].entries / result["stock"].entries}

    assert_agrees(measure, {"lost": lost}, 830)
