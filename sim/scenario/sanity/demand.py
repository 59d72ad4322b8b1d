"""Rules about who comes, when, and what visits cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.scenario.sanity.channels import purchase_cost
from sim.scenario.sanity.warning import SanityWarning
from sim.scenario.segments import ONLINE_CHANNELS
from sim.scenario.streams import share
from sim.scenario.unit_economics import SourceEconomics, price_of_visit, source_economics, year_estimate

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Source

DAYS_PER_YEAR = 365.0
MIX_FACTOR = 1.25
"""How far a mix may move a source's conversion rate before it is called out."""
FLAT_FACTOR = 2.0
"""How far a flat price may lie from the price at auction before it is called out."""


def _sources(scenario: Scenario) -> Iterator[tuple[str, Source]]:
    for name in type(scenario.market.sources).model_fields:
        source = getattr(scenario.market.sources, name)
        if source is not None:
            yield name, source


def nobody_comes(scenario: Scenario) -> Iterator[SanityWarning]:
    """No visits at all."""
    if year_estimate(scenario).visits == 0:
        yield SanityWarning("market.sources", "nobody visits", "give a source visits_per_year above 0")


def source_costs_more_than_it_brings(scenario: Scenario) -> Iterator[SanityWarning]:
    """An order costs more in traffic than it contributes; a note where the source says why."""
    rows: dict[str, list[SourceEconomics]] = {}
    for row in source_economics(scenario):
        if row.visits > 0 and hasattr(scenario.market.sources, row.source):
            rows.setdefault(row.source, []).append(row)
    for name, mine in rows.items():
        path, why = f"market.sources.{name}", getattr(scenario.market.sources, name).why
        orders = sum(row.orders for row in mine)
        if orders == 0:
            visits = sum(row.visits for row in mine)
            yield SanityWarning(
                f"{path}.conversion_rate",
                f"{visits:,.0f} visits a year end in no order",
                "raise conversion_rate or leave the source out",
                why,
            )
            continue
        traffic = sum(row.traffic * row.orders for row in mine) / orders
        before = sum(row.contribution_before_traffic * row.orders for row in mine) / orders
        if traffic > max(before, 0.0):
            yield SanityWarning(
                f"{path}.cost_per_visit",
                f"an order costs {traffic:,.1f} yuan of visits and contributes {before:,.1f} before them",
                "buy fewer visits or cheaper ones, or say in why what first orders lead to",
                why,
            )
        elif before - traffic <= 0:
            yield SanityWarning(
                f"{path}.commission_on_sales",
                f"an order contributes {before - traffic:,.1f} yuan after everything that follows it",
                "raise the margin or the basket, or leave the source out",
                why,
            )


def mix_moves_conversion(scenario: Scenario) -> Iterator[SanityWarning]:
    """The visitors of a source buy much more or less readily than the source's own conversion rate says."""
    kinds = scenario.market.visitor_types
    for name, source in _sources(scenario):
        mean = sum(
            share(source.mix, kind) * getattr(kinds, kind).conversion
            for kind in type(source.mix).model_fields
            if getattr(source.mix, kind) > 0
        )
        if not 1.0 / MIX_FACTOR <= mean <= MIX_FACTOR:
            yield SanityWarning(
                f"market.sources.{name}.mix",
                f"its visitors buy {mean:.2f} times as readily as conversion_rate says",
                "conversion_rate is that of the reference visitor: lower it, or change the mix",
            )


def flat_price_far_from_auction(scenario: Scenario) -> Iterator[SanityWarning]:
    """Switching the auction off would change the price of a visit by more than the auction does."""
    for name, source in _sources(scenario):
        if source.auction is None or not scenario.mechanisms.ad_auction:
            continue
        bid, flat = price_of_visit(scenario, source), source.cost_per_visit
        if bid > 0 and not bid / FLAT_FACTOR <= flat <= bid * FLAT_FACTOR:
            yield SanityWarning(
                f"market.sources.{name}.cost_per_visit",
                f"a visit costs {bid:.2f} yuan at auction and {flat:.2f} with mechanisms.ad_auction off",
                "give the price of this quantity, so that the switch takes out the slope and not the level",
            )


def peak_below_average(scenario: Scenario) -> Iterator[SanityWarning]:
    """The top days get less than ordinary days."""
    peak = scenario.market.peak
    uniform = peak.days / DAYS_PER_YEAR
    if scenario.mechanisms.seasonality and peak.share < uniform * (1.0 - 1e-3):
        yield SanityWarning(
            "market.peak.share",
            f"the peak's {peak.days} days get {peak.share:.2%} of the year,"
            f" as many ordinary days {uniform:.2%}",
            f"give at least {uniform:.4f}, or switch seasonality off",
        )


def promotion_below_cost(scenario: Scenario) -> Iterator[SanityWarning]:
    """On a promotion day goods sell for less than they cost."""
    cost = purchase_cost(scenario)
    for name in ("peak", "second_peak"):
        peak = getattr(scenario.market, name)
        if peak is None or not scenario.mechanisms.promotion_days:
            continue
        for channel in ONLINE_CHANNELS:
            shop = getattr(scenario.channels, channel)
            if shop is None or shop.price_index <= cost:
                continue
            price = shop.price_index * (1.0 - peak.discount)
            if price <= cost:
                yield SanityWarning(
                    f"market.{name}.discount",
                    f"{channel} sells at {price:.2f} of the reference price"
                    f" what costs {cost:.2f} of it to buy",
                    "take less off the price",
                )
                break
