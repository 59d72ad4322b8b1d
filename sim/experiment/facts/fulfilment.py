"""Facts about warehouse, courier and what arrives."""

from __future__ import annotations

from sim.experiment.facts.fact import Beside, CannotTellError, Evidence, Fact, Number, Reading
from sim.experiment.facts.reading import change, group_cost, over_worlds, slope
from sim.experiment.facts.worlds import (
    grown,
    quarter,
    quarter_delivered_sooner,
    quarter_without_good_courier,
    year,
)
from sim.money.accounts import net_sales
from sim.scenario.segments import ONLINE_CHANNELS

JD_FILINGS = (
    "https://www.sec.gov/Archives/edgar/data/1549802/000110465915028403/R4.htm",
    "https://www.sec.gov/Archives/edgar/data/1549802/000110465917028187/R4.htm",
    "http://ir.jd.com/about-JD",
)
FULFILMENT_GROUPS = ("warehouse", "transport", "last_mile", "service")
VOLUMES = (0.5, 1.0, 2.0, 4.0)
LADDER = tuple(year() if volume == 1.0 else grown("densify", volume) for volume in VOLUMES)

_OFFLINE = "the base scenario sells nothing online"

JD_ORDERS = {2012: 193.8, 2013: 323.3, 2014: 689.0, 2015: 1263.1, 2016: 1600.0}
JD_COSTS = {2012: 15.8, 2013: 12.7, 2014: 11.7, 2015: 11.0, 2016: 13.1}


def _slope_until(last: int) -> float:
    years = [when for when in JD_COSTS if when <= last]
    return slope([JD_ORDERS[when] for when in years], [JD_COSTS[when] for when in years])


def _cost_ladder(evidence: Evidence) -> Reading:
    slopes, costs = [], []
    for runs in over_worlds(evidence, LADDER):
        sizes = [run.kpis["orders_online"] for run in runs]
        if min(sizes) <= 0:
            raise CannotTellError(_OFFLINE)
        each = [group_cost(run, *FULFILMENT_GROUPS) / size for run, size in zip(runs, sizes, strict=True)]
        slopes.append(slope(sizes, each))
        costs.append(each)
    beside = tuple(
        Beside(f"cost at volume {volume:g}", [each[rung] for each in costs], "yuan/order")
        for rung, volume in enumerate(VOLUMES)
    )
    return Reading(slopes, beside)


def _cost_share(evidence: Evidence) -> Reading:
    values = []
    for run in evidence.histories[year()]:
        channels = [run.accounts_by_channel.get(name, {}) for name in ONLINE_CHANNELS]
        sold = sum(net_sales(accounts) for accounts in channels)
        if sold <= 0:
            raise CannotTellError(_OFFLINE)
        values.append(group_cost(run, *FULFILMENT_GROUPS) / sold)
    return Reading(values)


def _courier_lost(evidence: Evidence) -> Reading:
    good, worse = quarter(), quarter_without_good_courier()
    beside = (
        Beside("hours to hands before", evidence.kpi(good, "hours_to_hands"), "hours"),
        Beside("hours to hands without", evidence.kpi(worse, "hours_to_hands"), "hours"),
    )
    return Reading(change(evidence, good, worse, "sales"), beside)


def _sooner(evidence: Evidence) -> Reading:
    return Reading(change(evidence, quarter(), quarter_delivered_sooner(), "sales"))


def _broken(evidence: Evidence) -> Reading:
    base = year()
    shares, orders = evidence.kpi(base, "broken_share"), evidence.kpi(base, "orders")
    online = evidence.kpi(base, "orders_online")
    if min(online) <= 0:
        raise CannotTellError(_OFFLINE)
    return Reading([share * n / sent for share, n, sent in zip(shares, orders, online, strict=True)])


def _returned(evidence: Evidence) -> Reading:
    return Reading(evidence.kpi(year(), "return_share"))


FACTS = (
    Fact(
        id="fulfilment_cost_by_volume",
        sentence="JD's fulfilment cost per order fell from 15.8 to 11.0 yuan while orders grew from 194"
        " million to 1.26 billion (2012-2015), and rose to 13.1 at 1.6 billion in 2016.",
        numbers=(
            *(
                Number(f"{when}, {JD_ORDERS[when]:,.0f} million orders", yuan, "yuan/order")
                for when, yuan in JD_COSTS.items()
            ),
            Number("slope 2012-2015", _slope_until(2015), "elasticity"),
            Number("slope 2012-2016", _slope_until(2016), "elasticity"),
        ),
        band=(-0.3, 0.1),
        unit="elasticity",
        why_band="-0.18 over 2012-2015 (-0.19 from end to end), and upwards in 2016: -0.3 to +0.1 covers"
        " a whole span of years, not the last step alone",
        sources=JD_FILINGS,
        grade="A",
        measured="Base scenario, a year at 0.5, 1, 2 and 4 times its demand (densify): warehouse, transport,"
        " last mile and service per online order; slope of log cost on log orders.",
        worlds=LADDER,
        read=_cost_ladder,
    ),
    Fact(
        id="fulfilment_share_of_sales",
        sentence="JD's fulfilment took 5.9 to 8.1% of net revenue in 2012-2016.",
        numbers=tuple(
            Number(str(when), share, "share")
            for when, share in zip(JD_COSTS, (0.074, 0.059, 0.070, 0.077, 0.081), strict=True)
        ),
        band=(0.044, 0.108),
        unit="share",
        why_band="the published range, a quarter less to a third more; a lamp order is worth less than"
        " half of a JD order",
        sources=JD_FILINGS,
        grade="A",
        measured="Base scenario, a year: warehouse, transport, last mile and service over net sales online.",
        worlds=(year(),),
        read=_cost_share,
    ),
    Fact(
        id="loss_of_a_good_courier",
        sentence="When SF Express was taken out of Alibaba's choice of couriers for 42 hours, sales fell"
        " by 14.6% (an earlier draft: 16.4%).",
        numbers=(Number("published", -0.1456, "share"), Number("earlier draft", -0.164, "share")),
        band=(-0.20, -0.10),
        unit="share",
        why_band="both published estimates, a third more or less",
        sources=("https://papers.ssrn.com/sol3/papers.cfm?abstract_id=3234023",),
        grade="A",
        measured="Base scenario, first quarter, with and without the good courier: the other one is a"
        " day slower on the road, misses the shopper and breaks goods twice as often. Change of net"
        " sales.",
        worlds=(quarter(), quarter_without_good_courier()),
        read=_courier_lost,
        tuned=("market.wait_sensitivity",),
    ),
    Fact(
        id="faster_delivery",
        sentence="Half a day faster raised spending by 6.7% at Alibaba's warehouses; a day faster"
        " promised raised sales by 0.73% in the United States.",
        numbers=(
            Number("half a day, China", 0.067, "share"),
            Number("half of a day's 0.73%, United States", 0.00365, "share"),
        ),
        band=(0.00365, 0.067),
        unit="share",
        why_band="between the two published effects, each for half a day",
        sources=(
            "https://sfi.cuhk.edu.cn/zh-hans/node/7675",
            "https://papers.ssrn.com/sol3/papers.cfm?abstract_id=3563404",
        ),
        grade="A",
        measured="Base scenario, first quarter, with parcels half a day faster on the road. Change of"
        " net sales.",
        worlds=(quarter(), quarter_delivered_sooner()),
        read=_sooner,
        tuned=("market.wait_sensitivity",),
    ),
    Fact(
        id="goods_that_arrive_broken",
        sentence="0.5% of products arrived damaged in a test of 3,234 parcels; merchants report 2-4%,"
        " and lamps are of glass.",
        numbers=(
            Number("products damaged, United States 2013", 16 / 3234, "share"),
            Number("merchants' own reports, upper end", 0.04, "share"),
        ),
        band=(16 / 3234, 0.04),
        unit="share",
        why_band="from the tested share for goods of all kinds to the upper end of what merchants report",
        sources=(
            "http://www.huffingtonpost.com/adriana-dunn/one-in-10-ecommerce-packa_b_4371992.html",
            "https://www.getattribute.com/blog/shipping-damage-by-carrier",
        ),
        grade="B",
        measured="Base scenario, a year: broken orders over online orders.",
        worlds=(year(),),
        read=_broken,
        tuned=("fulfilment.breakage_per_handover",),
    ),
    Fact(
        id="goods_that_come_back",
        sentence="0.5% of orders came back at Yihaodian in 2012, 10.1% of apparel on Tmall in 2014.",
        numbers=(Number("Yihaodian 2012", 0.005, "share"), Number("Tmall apparel 2014", 0.1009, "share")),
        band=(0.005, 0.1009),
        unit="share",
        why_band="lamps need fitting less than clothes and more than groceries",
        sources=(
            "https://www.digitalcommerce360.com/2012/09/12/wal-marts-chinese-e-retail-partner-delivers-fast",
            "https://chinainternetwatch.com/11643/false-prosperity-behind-double-11-refund-rate-increased-to-69",
        ),
        grade="B",
        measured="Base scenario, a year: orders refused or returned whole over all orders.",
        worlds=(year(),),
        read=_returned,
        tuned=("products.return_rate",),
    ),
)
"""Facts of this area."""
