"""Stores that dealers run, and shoppers in stores who know the price on the web."""

from __future__ import annotations

from sim.scenario.schema.parts import Number, Part, Whole, field


class Dealers(Part):
    """Dealers who run the stores: they pay rent, assistants, fit-out and cards, and keep a margin."""

    margin: Number = field(
        "Dealers' share of what shoppers pay in their stores.", "share", role="lever", ge=0, lt=1
    )
    subsidy_per_store_month: Number = field(
        "What the brand pays a dealer for showing, advice and after-sales service.",
        "yuan/store-month",
        role="lever",
        default=0.0,
        ge=0,
        le=1e7,
    )
    least_profit_per_store_month: Number = field(
        "Profit of a month below which a dealer thinks of closing.", "yuan/store-month", ge=-1e7, le=1e7
    )
    leaving_share: Number = field("Share of the dealers below it who close at a review.", "share", ge=0, le=1)
    review_days: Whole = field("Days between two looks at the books.", "days", ge=7, le=365)
    service_worth: Number = field(
        "Log-odds of buying on the web that an open store nearby lends by its service.",
        "ratio",
        default=0.0,
        ge=0,
        le=5,
    )


class PriceGap(Part):
    """What shoppers in a store do who find the same lamp for less in the brand's own shops on the web."""

    sensitivity: Number = field(
        "Elasticity of a store's sales to its price relative to the web's, beyond that to its own price.",
        "ratio",
        ge=0,
        le=20,
    )
    kept_by_web_share: Number = field(
        "Share of those who turn away who order in the brand's shops on the web.", "share", ge=0, le=1
    )
