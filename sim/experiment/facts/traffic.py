"""Facts about visitors: what they cost, where they come from, how readily they buy."""

from __future__ import annotations

import math

from sim.experiment.facts.fact import Beside, CannotTellError, Evidence, Fact, Number, Reading
from sim.experiment.facts.fulfilment import JD_FILINGS
from sim.experiment.facts.reading import by_source, over_worlds, slope
from sim.experiment.facts.worlds import (
    LOWER_PRICE,
    described,
    grown,
    quarter,
    quarter_with_lower_prices,
    year,
)
from sim.scenario.segments import UNVISITED

BOUGHT = (grown("buy_traffic", 0.95), year(), grown("buy_traffic", 1.1))

CONVERSION_ORDER = ("email", "platform_search", "search_engine", "word_of_mouth", "game_video")
"""Our sources from the readiest to the least ready, as the benchmark orders e-mail, organic search, paid
search, social sites and display."""

JD_CUSTOMERS = ((2013, 18.1, 88.0), (2014, 49.2, 82.0), (2015, 58.4, 132.0), (2016, 71.6, 148.0))
"""Year, millions of net new customers, yuan of marketing for each."""

CHITIKA = (34.4, 17.0, 11.4, 7.7, 6.2, 5.1, 4.0, 3.5, 2.9, 2.7)


def _price_of_growth(evidence: Evidence) -> Reading:
    slopes, costs = [], []
    for runs in over_worlds(evidence, BOUGHT):
        sources = [by_source(run) for run in runs]
        paid = [name for name, sums in sources[-1].items() if sums["traffic"] > 0 and sums["orders"] > 0]
        first = [sum(found[name]["orders"] for name in paid if name in found) for found in sources]
        spent = [sum(found[name]["traffic"] for name in paid if name in found) for found in sources]
        if min(first) <= 0 or min(spent) <= 0:
            raise CannotTellError("one of the worlds buys no traffic")
        each = [yuan / orders for yuan, orders in zip(spent, first, strict=True)]
        slopes.append(slope(first, each))
        costs.append(each)
    beside = tuple(
        Beside(f"yuan per first order in '{world.name}'", [each[rung] for each in costs], "yuan/order")
        for rung, world in enumerate(BOUGHT)
    )
    return Reading(slopes, beside)


def _cost_of_a_searcher(evidence: Evidence) -> Reading:
    values, blended = [], []
    for run in evidence.histories[year()]:
        found = by_source(run)
        if found.get("platform_ads", {}).get("orders", 0.0) == 0:
            raise CannotTellError("nobody buys through market.sources.platform_ads in the base scenario")
        values.append(found["platform_ads"]["traffic"] / found["platform_ads"]["orders"])
        if found.get("search_engine", {}).get("orders", 0.0) > 0:
            blended.append(found["search_engine"]["traffic"] / found["search_engine"]["orders"])
    beside = (Beside("web search, free visits included", blended, "yuan/order"),) if blended else ()
    return Reading(values, beside)


def _order_of_sources(evidence: Evidence) -> Reading:
    values, shares = [], []
    for run in evidence.histories[year()]:
        found = by_source(run)
        known = [name for name in CONVERSION_ORDER if name in found and found[name]["visits"] > 0]
        if len(known) < 4:
            raise CannotTellError(f"only {len(known)} of the sources {', '.join(CONVERSION_ORDER)} are open")
        conversions = [found[name]["orders"] / found[name]["visits"] for name in known]
        values.append(_rank_correlation(conversions))
        shares.append(dict(zip(known, conversions, strict=True)))
    beside = tuple(
        Beside(
            f"orders per visit, {name.replace('_', ' ')}",
            [one[name] for one in shares if name in one],
            "share",
        )
        for name in shares[0]
    )
    return Reading(values, beside)


def _rank_correlation(falling: list[float]) -> float:
    """Return Kendall's tau of values against the order in which they should fall; one if they do."""
    pairs = [(a, b) for i, a in enumerate(falling) for b in falling[i + 1 :]]
    return sum((a > b) - (a < b) for a, b in pairs) / len(pairs)


def _walk_ins(evidence: Evidence) -> Reading:
    values = []
    for run in evidence.histories[year()]:
        found = by_source(run).get("store_footfall")
        if found is None or found["visits"] == 0:
            raise CannotTellError("nobody walks into a store in the base scenario")
        values.append(found["orders"] / found["visits"])
    return Reading(values)


def _price_response(evidence: Evidence) -> Reading:
    values = []
    for before, after in over_worlds(evidence, (quarter(), quarter_with_lower_prices())):
        sold = [sum(row["orders"] for row in run.funnel if _meets_the_price(row)) for run in (before, after)]
        if min(sold) <= 0:
            raise CannotTellError("nothing is sold online to new visitors")
        values.append(math.log(sold[1] / sold[0]) / math.log(LOWER_PRICE))
    return Reading(values)


def _meets_the_price(row: dict[str, object]) -> bool:
    return row["channel"] != "stores" and row["source"] not in UNVISITED


def _click_shares(evidence: Evidence) -> Reading:
    from sim.market.forces.ranking import clicks

    rules = evidence.scenarios[described("base")].market.ranking
    if rules is None:
        raise CannotTellError("the base scenario has no market.ranking block")
    places = range(1, len(CHITIKA) + 1)
    found = clicks(rules, places).tolist()
    beside = (
        Beside("the first of ten", [found[0] / sum(found)], "share"),
        Beside("the eleventh against the tenth", [float(clicks(rules, 11)) / found[-1]], "ratio"),
    )
    return Reading([slope([float(place) for place in places], found)], beside)


FACTS = (
    Fact(
        id="price_of_bought_growth",
        sentence="JD spent 88, 82, 132 and 148 yuan of marketing per net new customer in 2013-2016,"
        " while the number won rose from 18 to 72 million a year.",
        numbers=(
            *(
                Number(f"{when}, {won:.1f} million won", yuan, "yuan/customer")
                for when, won, yuan in JD_CUSTOMERS
            ),
            Number(
                "slope 2013-2016",
                slope([won for _, won, _ in JD_CUSTOMERS], [yuan for *_, yuan in JD_CUSTOMERS]),
                "elasticity",
            ),
        ),
        band=(0.0, 1.6),
        unit="elasticity",
        why_band="a rise and not a fall: 0.32 over all four years by least squares, 1.57 from 2014 to"
        " 2016, the steepest span of two years",
        sources=JD_FILINGS,
        grade="B",
        measured="Base scenario, a year with so much bought traffic that orders are 0.95, 1 and 1.1"
        " times its own: what is paid for traffic per first order from the paid sources; slope of its"
        " log on log orders from them.",
        worlds=BOUGHT,
        read=_price_of_growth,
    ),
    Fact(
        id="first_order_by_paid_search",
        sentence="A first order through paid search cost about 200 yuan: one yuan a click, half a per"
        " cent of which bought.",
        numbers=(Number("published arithmetic", 200.0, "yuan/order"),),
        band=(60.0, 400.0),
        unit="yuan/order",
        why_band="clicks of 0.5 to 4 yuan and conversions of 0.5 to 1.5% around the published example",
        sources=(
            "https://topic.alibabacloud.com/a/cptfont-classtopic-s-color00c1decpmfontcps_8_8_10247075.html",
        ),
        grade="C",
        measured="Base scenario, a year: what is paid for visitors from search inside the platform, all"
        " of whom are bought, over their orders.",
        worlds=(year(),),
        read=_cost_of_a_searcher,
        tuned=("market.sources.platform_ads.cost_per_visit",),
    ),
    Fact(
        id="conversion_by_source",
        sentence="E-mail to known customers converts best, then organic search, paid search, social"
        " sites and, last, display (4.2-5.5, 2.1-2.8, 1.5-2.2, 0.5-1.5 and 0.3-0.7% in a Western"
        " benchmark).",
        numbers=tuple(
            Number(name, share, "share")
            for name, share in (
                ("e-mail", 0.0485),
                ("organic search", 0.0245),
                ("paid search", 0.0185),
                ("social", 0.01),
                ("display", 0.005),
            )
        ),
        band=(0.6, 1.0),
        unit="rank correlation",
        why_band="Kendall's tau of at least 0.6: at most two of the ten pairs the other way round;"
        " levels are not compared",
        sources=("https://www.acceleroi.com/blog/conversion-rate-by-traffic-source",),
        grade="C",
        measured="Base scenario, a year: orders per visit of e-mail, platform search, web search, word"
        " of mouth and game and video sites; rank correlation with the published order.",
        worlds=(year(),),
        read=_order_of_sources,
        tuned=tuple(f"market.sources.{name}.conversion_rate" for name in CONVERSION_ORDER),
    ),
    Fact(
        id="walk_ins_who_buy",
        sentence="20-40% of walk-ins buy in retail at large, 8-30% in electronics; about 18% is usual"
        " for a lamp store.",
        numbers=(
            Number("electronics, low end", 0.08, "share"),
            Number("expert judgement, lamps", 0.18, "share"),
            Number("electronics, high end", 0.30, "share"),
        ),
        band=(0.08, 0.30),
        unit="share",
        why_band="the range of electronics stores",
        sources=("https://eaglesight.digital/en-us/blog/physical-retail-conversion-rate",),
        grade="C",
        measured="Base scenario, a year: orders per visit of store footfall.",
        worlds=(year(),),
        read=_walk_ins,
        tuned=("market.sources.store_footfall.conversion_rate",),
    ),
    Fact(
        id="price_response",
        sentence="The price elasticity of a brand is -2.62 on average over 1,851 estimates.",
        numbers=(Number("mean", -2.62, "elasticity"),),
        band=(-4.5, -1.0),
        unit="elasticity",
        why_band="the spread of the estimates",
        sources=(
            "https://studylib.net/doc/8861132/new-empirical-generalizations-on-the-determinants-of-price",
        ),
        grade="A",
        measured="Base scenario, first quarter, with all online prices 5% lower: change of log first"
        " orders online over change of log price.",
        worlds=(quarter(), quarter_with_lower_prices()),
        read=_price_response,
        tuned=("market.price_elasticity",),
    ),
    Fact(
        id="click_share_by_rank",
        sentence="The first result of a web search gets 34.4% of the clicks, the second 17.0, the third"
        " 11.4, the tenth 2.7.",
        numbers=(
            *(Number(f"rank {rank}", share / 100, "share") for rank, share in enumerate(CHITIKA, 1)),
            Number("slope over ranks 1-10", slope(range(1, len(CHITIKA) + 1), CHITIKA), "elasticity"),
        ),
        band=(-1.8, -0.8),
        unit="elasticity",
        why_band="slope of log share on log rank: -1.13 over ranks 1-10, -1.79 over ranks 1-20 with the"
        " page break",
        sources=(
            "http://chitika.com/research/2010/the-value-of-google-result-positioning/",
            "https://www.searchenginejournal.com/the-value-of-google-result-positioning/65176/",
        ),
        grade="A",
        measured="Base scenario: slope over the first ten places of the clicks that its ranking"
        " describes, without a simulation.",
        worlds=(described("base"),),
        read=_click_shares,
        tuned=("market.ranking.click_exponent",),
        is_read_off=True,
    ),
)
"""Facts of this area."""
