"""Slow forces on who comes: ranks, memory, talk, mails, print, rebates, campaign days, auctions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.parts import Law, Number, Part, Whole, field


class Ranking(Part):
    """A platform that sorts what it finds by recent sales.

    Rivals' sales are lognormal; the shop's place follows from how its sales compare with those of a shop at
    the reference place, where the visits of platform search were measured.
    """

    platform: Literal["tmall", "vertical", "both"] = Field(
        "tmall", description="Channels whose platform search is sorted by sales."
    )
    rivals: Whole = field("Rival shops in the same list.", "shops", ge=1, le=1_000_000)
    reference_rank: Number = field(
        "Mean place of the shop in the list when its visits were measured.", "place", gt=1, le=1_000_000
    )
    sales_spread: Number = field(
        "Spread of rivals' sales (standard deviation of their logarithm).", "ratio", gt=0, le=5
    )
    window_days: Whole = field("Days whose sales count for the place.", "days", ge=1, le=365)
    sales_weight: Number = field(
        "Share of searches that are sorted by sales; the others by price, newness or taste.",
        "share",
        ge=0,
        le=1,
    )
    click_exponent: Number = field(
        "Fall of clicks with the place: clicks ~ place^-exponent.", "ratio", ge=0, le=3
    )
    page_size: Whole = field("Places on the first page.", "places", ge=1, le=1000)
    page_break: Number = field(
        "Clicks on a place behind the first page relative to the same fall without a break.",
        "ratio",
        gt=0,
        le=1,
    )
    popular_places: Whole = field(
        "First places that are marked as popular.", "places", default=5, ge=0, le=1000
    )
    popularity_bump: Number = field(
        "Additional clicks of a shop that is marked as popular.", "share", default=0.0, ge=0, le=1
    )
    searches_per_visit: Number = field(
        "All searches of the category for each visit that the shop had when visits were measured.",
        "searches/visit",
        ge=1,
        le=1e6,
    )
    place_spread: Number = field(
        "How much better or worse than its mean place the shop stands from one search word to another, in"
        " standard deviations of the normal law that rivals' sales follow.",
        "ratio",
        default=0.0,
        ge=0,
        le=5,
    )
    tmall_orders_per_day: Number | None = field(
        "Orders of a shop at the reference place on Tmall, repeat orders included, on a mean day of the year;"
        " none: the scenario's own, so that only what is not planned moves the place.",
        "orders/day",
        default=None,
        gt=0,
        le=1e7,
    )
    vertical_orders_per_day: Number | None = field(
        "Orders of a shop at the reference place on the vertical platform, repeat orders included, on a mean"
        " day of the year; none: the scenario's own.",
        "orders/day",
        default=None,
        gt=0,
        le=1e7,
    )

    @model_validator(mode="after")
    def _within_the_list(self) -> Ranking:
        if self.reference_rank > self.rivals:
            raise ValueError(
                f"reference_rank ({self.reference_rank:g}) cannot be above rivals ({self.rivals})"
            )
        return self


class Film(Part):
    """One film that everybody may pass on, or nobody."""

    first_day: Whole = field("Day on which it is shown, from the start of measuring.", "day", ge=1, le=3650)
    cost: Number = field("Making and placing it.", "yuan", role="lever", ge=0, le=1e9)
    people: Law = field("People whom it makes aware of the brand: most films few, some very many.", "people")


class Awareness(Part):
    """People who have seen the brand and come later, until they forget it.

    A stock of people aware of the brand: visits add to it, half of it is forgotten in a half-life.
    """

    per_navigation_visit: Number = field(
        "People made aware for each visit from navigation pages and portals, who only saw it included.",
        "people/visit",
        default=0.0,
        ge=0,
        le=1000,
    )
    per_game_video_visit: Number = field(
        "People made aware for each visit from game and video sites, who only saw it included.",
        "people/visit",
        default=0.0,
        ge=0,
        le=1000,
    )
    per_poster_visit: Number = field(
        "People made aware for each visit from posters and catalogues, who only saw it included.",
        "people/visit",
        default=0.0,
        ge=0,
        le=1000,
    )
    per_store_visit: Number = field(
        "People made aware for each visit to a store, who only passed it included.",
        "people/visit",
        default=0.0,
        ge=0,
        le=1000,
    )
    half_life_days: Number = field("Time in which half of them forget.", "days", gt=0, le=3650)
    later_visits_per_person: Number = field(
        "Later visits of each person made aware, until the brand is forgotten.", "visits/person", ge=0, le=10
    )
    to_search_engine: Number = field("Weight of web search among them.", "weight", default=0.5, ge=0, le=1)
    to_platform_search: Number = field(
        "Weight of search inside the platform among them.", "weight", default=0.4, ge=0, le=1
    )
    to_navigation: Number = field(
        "Weight of navigation pages among them, where people type the brand's name.",
        "weight",
        default=0.1,
        ge=0,
        le=1,
    )

    film: Film | None = Field(None, description="A film meant to go viral; none: none is made.")

    @model_validator(mode="after")
    def _somewhere(self) -> Awareness:
        if self.to_search_engine + self.to_platform_search + self.to_navigation <= 0:
            raise ValueError(
                "to_search_engine, to_platform_search and to_navigation need a sum above 0 (found 0)"
            )
        return self


class WordOfMouth(Part):
    """Buyers who tell others; it comes on top of the visits that the source has by itself."""

    invites_per_kept_order: Number = field(
        "Visits caused by each order that was kept.", "visits/order", ge=0, le=10
    )
    warnings_per_bad_order: Number = field(
        "Visits kept away by each order that arrived broken, was lost or cancelled.",
        "visits/order",
        default=0.0,
        ge=0,
        le=100,
    )
    delay_days: Number = field("Mean time until those who were told come.", "days", gt=0, le=365)


class MailList(Part):
    """Mails to customers who have agreed to get them.

    The list is as long as the visits of the e-mail source, its clicks and its mails say. It grows with kept
    orders and shrinks by those who leave. Mails are paid instead of the source's cost per visit.
    """

    mails_per_customer_month: Number = field(
        "Mails that each customer on the list gets.", "mails/month", role="lever", ge=0, le=100
    )
    reference_mails_per_customer_month: Number = field(
        "Mails that each got when visits and clicks were measured.", "mails/month", gt=0, le=100
    )
    click_rate: Number = field("Visits per mail when they were measured.", "share", gt=0, le=1)
    fatigue_per_mail: Number = field(
        "Fall of the logarithm of the click rate for each further mail a month.", "1/mail", ge=0, le=5
    )
    unsubscribe_per_mail: Number = field("Customers who leave the list for each mail.", "share", ge=0, le=0.5)
    churn_per_month: Number = field(
        "Share of addresses that fall silent in a month, whatever is sent.", "share/month", gt=0, le=0.9
    )
    cost_per_mail: Number = field("Sending one mail.", "yuan/mail", ge=0, le=10)


class PrintMedia(Part):
    """Posters and catalogues: read on paper, followed up on the web, out of date after a while.

    As many pieces are printed as the visits of the posters source, the response and the hop say; they are
    paid instead of the source's cost per visit.
    """

    response_rate: Number = field(
        "Readers per piece who want to follow an offer up, before the hop to the web.", "share", gt=0, le=1
    )
    hop_survival: Number = field("Share of those readers who do reach an online shop.", "share", gt=0, le=1)
    cost_per_piece: Number = field("Print and delivery of one piece.", "yuan/piece", ge=0, le=1000)
    basket_factor: Number = field(
        "Basket of those who choose among the few printed lamps relative to the channel's own.",
        "ratio",
        default=1.0,
        gt=0,
        le=5,
    )
    cycle_days: Whole = field("Days until the next print.", "days", role="lever", ge=1, le=730)
    offer_change_per_day: Number = field(
        "Share of offers whose price or stock changes in a day.", "share/day", ge=0, le=1
    )
    stale_lost_share: Number = field(
        "Share of buyers of an outdated offer who leave; the others get the printed terms.",
        "share",
        ge=0,
        le=1,
    )
    compensation_per_stale_order: Number = field(
        "Cost of honouring an outdated offer.", "yuan/order", default=0.0, ge=0, le=10_000
    )


class RebateTerms(Part):
    """How a rebate alliance uses that the brand depends on it."""

    commission_rise_per_year: Number = field(
        "Rise of the commission in a year in which every order came from the alliance.",
        "share/year",
        ge=0,
        le=2,
    )
    highest_commission: Number = field("Highest commission it asks for.", "share of sales", ge=0, le=0.9)
    habit_per_year: Number = field(
        "Rate at which returning customers get used to the rebate, in a year in which every order came from"
        " the alliance.",
        "1/year",
        ge=0,
        le=20,
    )
    window_days: Number = field("Days over which it looks at its share.", "days", default=30.0, gt=0, le=365)
    cap_share: Number | None = field(
        "Highest share of orders that the brand accepts from the alliance; none: any.",
        "share",
        role="lever",
        default=None,
        gt=0,
        lt=1,
    )


class PullForward(Part):
    """Buyers who wait for a campaign day, or come on it instead of later."""

    pulled_share: Number = field(
        "Share of the additional visits of a campaign taken from the days around it; the rest comes evenly"
        " from the other days.",
        "share",
        ge=0,
        le=1,
    )
    days_before: Whole = field("Days before a campaign that lose visits.", "days", ge=0, le=90)
    days_after: Whole = field("Days after a campaign that lose visits.", "days", ge=0, le=90)
    decay_days: Number = field("Distance in days at which the loss has fallen to 1/e.", "days", gt=0, le=365)

    @model_validator(mode="after")
    def _some_days(self) -> PullForward:
        if self.pulled_share > 0 and self.days_before + self.days_after == 0:
            raise ValueError(
                f"pulled_share ({self.pulled_share:g}) needs days_before or days_after above 0 (found 0, 0)"
            )
        return self


class TrafficPrices(Part):
    """How the price of auctioned visits moves over time: more bidders for a stock that grows or not."""

    bid_growth_per_year: Number = field(
        "Rise of rivals' bids as more of them want the same visits.", "share/year", ge=-0.9, le=5
    )
    stock_growth_per_year: Number = field(
        "Growth of the stock of visits on sale.", "share/year", default=0.0, ge=-0.9, le=5
    )
    peak_bid_factor: Number = field(
        "Rivals' bids on the first day of a campaign relative to other days.",
        "ratio",
        default=1.0,
        gt=0,
        le=20,
    )
