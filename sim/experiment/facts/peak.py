"""Facts about Double 11, the platform's sale.

What is ordered on its first day is the difference between a year that is measured up to that day and one that
is measured up to the evening before: both meet the same shoppers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment.facts.fact import Beside, CannotTellError, Evidence, Fact, Number, Reading
from sim.experiment.facts.reading import over_worlds
from sim.experiment.facts.worlds import until_the_sale

if TYPE_CHECKING:
    from sim.experiment.jobs import Summary

TRENDFORCE = "https://www.trendforce.com/presscenter/news/20141114-8649.html"
EVE, DAY = until_the_sale(with_it=False), until_the_sale(with_it=True)
WORLDS = (EVE, DAY)
IN_48_HOURS = tuple(until_the_sale(with_it=with_it, promise_hours=48.0) for with_it in (False, True))
_NO_ORDERS = "nothing is ordered on the sale's first day or before it"


def _paid(run: Summary) -> float:
    return run.kpis.get("average_order_value", 0.0) * run.kpis["orders"]


def _first_orders(run: Summary) -> float:
    return run.kpis.get("conversion_rate", 0.0) * run.kpis["visits"]


def _on_time(run: Summary) -> float:
    return run.kpis.get("share_in_hands", 0.0) * _sent(run)


def _sent(run: Summary) -> float:
    return run.kpis["orders_online"] - run.kpis.get("cancelled_share", 0.0) * run.kpis["orders"]


def _days_before(evidence: Evidence) -> int:
    return evidence.scenarios[EVE].horizon.days


def _days_of_value(evidence: Evidence) -> Reading:
    values = []
    for eve, day in over_worlds(evidence, WORLDS):
        usual = _paid(eve) / _days_before(evidence)
        values.append((_paid(day) - _paid(eve)) / _above_zero(usual))
    return Reading(values)


def _value_of_an_order(evidence: Evidence) -> Reading:
    values, before, then = [], [], []
    for eve, day in over_worlds(evidence, WORLDS):
        number = _above_zero(day.kpis["orders"] - eve.kpis["orders"])
        usual = _above_zero(eve.kpis.get("average_order_value", 0.0))
        that_day = (_paid(day) - _paid(eve)) / number
        values.append(that_day / usual - 1.0)
        before.append(usual)
        then.append(that_day)
    beside = (
        Beside("an order before", before, "yuan/order"),
        Beside("an order on the day", then, "yuan/order"),
    )
    return Reading(values, beside)


def _readiness(evidence: Evidence) -> Reading:
    values = []
    for eve, day in over_worlds(evidence, WORLDS):
        visits = _above_zero(day.kpis["visits"] - eve.kpis["visits"])
        usual = _above_zero(_first_orders(eve)) / _above_zero(eve.kpis["visits"])
        values.append((_first_orders(day) - _first_orders(eve)) / visits / usual)
    return Reading(values)


def _in_48_hours(evidence: Evidence) -> Reading:
    day_only, usual = [], []
    for eve, day in over_worlds(evidence, IN_48_HOURS):
        day_only.append((_on_time(day) - _on_time(eve)) / _above_zero(_sent(day) - _sent(eve)))
        usual.append(eve.kpis.get("share_in_hands", 0.0))
    return Reading(day_only, (Beside("share within 48 hours before", usual, "share"),))


def _above_zero(value: float) -> float:
    if value <= 0:
        raise CannotTellError(_NO_ORDERS)
    return value


FACTS = (
    Fact(
        id="double11_in_days",
        sentence="Lighting sold up to 16 times an average day's value on the platform on 11 November 2014.",
        numbers=(Number("11 November 2014, at most", 16.0, "days"),),
        band=(10.0, 16.0),
        unit="days",
        why_band="up to 16; the platform as a whole had 9 (2014) to 15 (2015) days' parcels; fake orders"
        " inflate all of these",
        sources=(TRENDFORCE,),
        grade="A",
        measured="Base scenario: paid value of the orders placed on the sale's first day over the mean"
        " of the days of the year before it.",
        worlds=WORLDS,
        read=_days_of_value,
        tuned=("market.peak.days", "market.peak.share", "market.peak.discount", "market.peak.intensity"),
    ),
    Fact(
        id="double11_order_value",
        sentence="The mean value of a lighting order on 11 November fell by 9.7% in 2014, when turnover"
        " grew by 38.9% and the number of orders by 53.9%.",
        numbers=(Number("2014 against 2013", -0.097, "share"),),
        band=(-0.35, -0.03),
        unit="share",
        why_band="lower, and not by more than the discounts of the day; the published change is from one"
        " sale to the next, ours is from usual days to the sale",
        sources=(TRENDFORCE,),
        grade="B",
        measured="Base scenario: paid value of an order placed on the sale's first day against the year"
        " before it.",
        worlds=WORLDS,
        read=_value_of_an_order,
    ),
    Fact(
        id="double11_conversion",
        sentence="Search-ad clicks converted above 4% on a promotion day and at about 1% on others.",
        numbers=(
            Number("usual day", 0.01, "share"),
            Number("promotion day, at least", 0.04, "share"),
            Number("one over the other, at least", 4.0, "ratio"),
        ),
        band=(3.0, 6.0),
        unit="ratio",
        why_band="4 at least; usual days 0.6-2%, promotion days 3-6%",
        sources=("https://m.leiphone.com/category/yanxishe/GdVhajX7Lchr24WF.html",),
        grade="A",
        measured="Base scenario: first orders per visit on the sale's first day over those of the year"
        " before it.",
        worlds=WORLDS,
        read=_readiness,
        tuned=tuple(f"market.sources.{name}.peak_conversion" for name in ("platform_search", "platform_ads")),
    ),
    Fact(
        id="double11_in_48_hours",
        sentence="About 40 of the 278 million orders of 11 November 2014 were delivered within 48 hours.",
        numbers=(Number("11 November 2014", 40 / 278, "share"),),
        band=(0.05, 0.25),
        unit="share",
        why_band="14%, and the congested years around it",
        sources=(
            "https://www.cep-research.com/2015/11/10/delivery-firms-launch-gigantic-logistics-operation-for-11-11-parcels-tsunami/",
        ),
        grade="B",
        measured="Base scenario with punctual meaning 48 hours: share of the online orders placed on the"
        " sale's first day that were in the shopper's hands by then.",
        worlds=IN_48_HOURS,
        read=_in_48_hours,
        tuned=("fulfilment.courier.line_haul_hours",),
    ),
)
"""Facts of this area."""
