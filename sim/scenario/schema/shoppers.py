"""What makes shoppers ask, come back, cross to another channel, and trust: slow forces on who buys."""

from __future__ import annotations

from pydantic import Field, model_validator

from sim.scenario.schema.parts import Law, Number, Part, Whole, field


class ByKind(Part):
    """A share for each kind of visitor."""

    planner: Number = field("Of planners.", "share", default=0.0, ge=0, le=1)
    replacer: Number = field("Of replacers.", "share", default=0.0, ge=0, le=1)
    hesitater: Number = field("Of hesitaters.", "share", default=0.0, ge=0, le=1)
    deal_hunter: Number = field("Of deal hunters.", "share", default=0.0, ge=0, le=1)
    gift_collector: Number = field("Of gift collectors.", "share", default=0.0, ge=0, le=1)
    trade_buyer: Number = field("Of trade buyers.", "share", default=0.0, ge=0, le=1)


class Presale(Part):
    """The desk that answers visitors who want to know something before they buy."""

    ask_first: ByKind = Field(description="Share of online buyers who want an answer first.")
    win_share: Number = field("Share of those answered in time who then buy.", "share", gt=0, le=1)
    patience_minutes: Law = field("How long a visitor waits for an answer.", "minutes")
    reference_answered_share: Number = field(
        "Share answered in time when the conversion rates were measured.", "share", gt=0, le=1
    )
    handling_minutes: Law = field("Agent's own work on one chat; several run side by side.", "minutes")
    wage_per_month: Number = field("Full cost of an agent.", "yuan/month", ge=0, le=1e6)
    working_hours_per_month: Number = field("Working time of an agent.", "hours/month", gt=0, le=400)
    shift_start_hour: Number = field(
        "Hour at which the desk opens.", "hour of day", role="lever", ge=0, lt=24
    )
    shift_end_hour: Number = field("Hour at which the desk closes.", "hour of day", role="lever", gt=0, le=24)
    target_utilisation: Number = field(
        "Busy share of agents' time that staffing aims at.", "share", role="lever", gt=0, le=0.99
    )

    @model_validator(mode="after")
    def _shift(self) -> Presale:
        if self.shift_end_hour <= self.shift_start_hour:
            raise ValueError(
                f"shift_end_hour ({self.shift_end_hour:g}) must follow"
                f" shift_start_hour ({self.shift_start_hour:g})"
            )
        return self


class ReturnVisits(Part):
    """Visitors who leave without an order and look again later, unpaid."""

    share: ByKind = Field(description="Share of those who leave who come back.")
    mean_days: Number = field("Mean time until they come back.", "days", gt=0, le=365)
    lift: Number = field(
        "Conversion of a visit by somebody who came back relative to the first one.", "ratio", gt=0, le=20
    )


class WebLanding(Part):
    """Weights of the shops on the web; those of open shops are normalised to sum to one."""

    tmall: Number = field("Weight of the Tmall flagship store.", "weight", default=0.0, ge=0, le=1)
    vertical: Number = field("Weight of the vertical lighting platform.", "weight", default=0.0, ge=0, le=1)
    mall: Number = field("Weight of the self-built mall.", "weight", default=0.0, ge=0, le=1)

    @model_validator(mode="after")
    def _some_shop(self) -> WebLanding:
        if sum(getattr(self, name) for name in type(self).model_fields) <= 0:
            raise ValueError("at least one shop on the web needs a weight above zero")
        return self


class CrossChannel(Part):
    """Visitors who look in one channel and buy in another."""

    showrooming_share: Number = field(
        "Share of those who leave a store without buying who look the lamp up on the web.",
        "share",
        ge=0,
        le=1,
    )
    showrooming_conversion: Number = field(
        "Share of them who buy from the brand at the reference price; others buy from rivals or not at all.",
        "share",
        ge=0,
        le=0.95,
    )
    showrooming_landing: WebLanding = Field(description="Where on the web they look.")
    webrooming_share: Number = field(
        "Share of those who leave a shop on the web without buying who go to a store, where there is one.",
        "share",
        ge=0,
        le=1,
    )
    webrooming_conversion: Number = field(
        "Orders per such visit to a store, at the reference price.", "share", ge=0, le=0.95
    )


class Reviews(Part):
    """What earlier buyers say in each shop on the web."""

    memory_days: Number = field("Time over which a platform averages ratings.", "days", gt=0, le=3650)
    loss_ratio: Number = field("Weight of a bad experience relative to a good one.", "ratio", gt=0, le=100)
    bad_share_per_day_late: Number = field(
        "Share of orders that disappoint for each day that delivery takes beyond the reference.",
        "share/day",
        ge=0,
        le=1,
    )
    reference_bad_share: Number = field(
        "Share of orders that disappointed when the conversion rates were measured.", "share", ge=0, lt=1
    )
    sensitivity: Number = field(
        "Change of the log-odds of buying from the worst rating (0) to the best (1).", "ratio", ge=0, le=50
    )
    review_share: Number = field("Share of kept orders whose buyer writes a review.", "share", ge=0, le=1)
    half_count: Number = field(
        "Reviews at which half of what their number can do is done.", "reviews", gt=0, le=1e9
    )
    count_gain: Number = field("Log-odds of buying that endless reviews add to none.", "ratio", ge=0, le=10)
    reference_count: Number = field(
        "Reviews on show when the conversion rates were measured.", "reviews", ge=0, le=1e9
    )


class Guarantee(Part):
    """A promise by somebody with a name, such as seven-day returns at the seller's cost."""

    trust: Number = field("Trust that it lends to those who have none.", "share", role="lever", ge=0, le=1)
    cost_per_order: Number = field(
        "Premium and abuse for each order covered.", "yuan/order", role="lever", ge=0, le=1000
    )


class EarnedTrust(Part):
    """What an own mall must earn and a platform lends."""

    gap: Number = field(
        "Log-odds of buying that a shop nobody knows lacks against a platform's.", "ratio", ge=0, le=10
    )
    half_customers: Number = field(
        "Customers served well who still remember it, at which half of the gap is closed.",
        "customers",
        gt=0,
        le=1e9,
    )
    memory_days: Number = field("Mean time until a customer served is forgotten.", "days", gt=0, le=3650)
    loss_ratio: Number = field(
        "Customers served well who are undone by one served badly.", "ratio", ge=0, le=100
    )
    reference_trust: Number = field(
        "Trust at which the conversion rates were measured; 1 is a platform's.", "share", ge=0, le=1
    )
    guarantee: Guarantee | None = Field(None, description="Guarantee in the own mall; none: none is given.")


class Effort(Part):
    """A side of the shopping experience that spending builds up and time wears down."""

    budget_per_year: Number = field("Spending.", "yuan/year", role="lever", ge=0, le=1e9)
    half_budget_per_year: Number = field(
        "Yearly spending that keeps it halfway between nothing and perfect.", "yuan/year", gt=0, le=1e9
    )
    decay_per_month: Number = field("Share lost in a month without spending.", "share/month", gt=0, lt=1)
    reference_level: Number = field("Level at which the conversion rates were measured.", "share", gt=0, le=1)
    opening_level: Number = field(
        "Level on the first day of a shop that starts from nothing.", "share", default=0.3, gt=0, le=1
    )


class Experience(Part):
    """The shopping experience as a whole: six sides, of which the weakest counts most."""

    assortment: Effort = Field(description="Choice: lamps developed and listed.")
    content: Effort = Field(description="Pictures, texts and advice that shops show.")
    usability: Effort = Field(description="Ease of use of the own mall; platforms look after their own.")
    spending_days: Whole = field(
        "Days from 1 January on which a year's budgets for them are spent; 365: evenly.",
        "days",
        role="lever",
        default=365,
        ge=1,
        le=365,
    )
    price_weight: Number = field("Weight of price.", "weight", ge=0, le=1)
    assortment_weight: Number = field("Weight of choice.", "weight", ge=0, le=1)
    delivery_weight: Number = field("Weight of delivery time.", "weight", ge=0, le=1)
    after_sales_weight: Number = field("Weight of orders that go well.", "weight", ge=0, le=1)
    usability_weight: Number = field("Weight of ease of use.", "weight", ge=0, le=1)
    content_weight: Number = field("Weight of content.", "weight", ge=0, le=1)
    substitution: Number = field(
        "Elasticity of substitution between sides; below 1 no side can make up for another.",
        "ratio",
        gt=0,
        lt=1,
    )
    memory_days: Number = field("Mean time until an order is forgotten.", "days", gt=0, le=3650)
    reference_good_share: Number = field(
        "Share of orders that went well when the conversion rates were measured.", "share", gt=0, le=1
    )
    buying_elasticity: Number = field(
        "Elasticity of the odds of buying to the experience on show.", "ratio", ge=0, le=10
    )
    repurchase_elasticity: Number = field(
        "Elasticity of the repurchase probability to the experience lived.", "ratio", ge=0, le=10
    )

    @model_validator(mode="after")
    def _some_weight(self) -> Experience:
        if sum(getattr(self, name) for name in type(self).model_fields if name.endswith("_weight")) <= 0:
            raise ValueError("at least one side of the experience needs a weight above zero")
        return self


class OwnData(Part):
    """What an own mall learns from the history of its customers."""

    half_customers: Number = field(
        "Customers with a history at which recommendations are half as good as they can be.",
        "customers",
        gt=0,
        le=1e9,
    )
    memory_days: Number = field("Mean time until a customer's history is out of date.", "days", gt=0, le=3650)
    basket_gain: Number = field("Rise of the basket under perfect recommendations.", "share", ge=0, le=5)
    repurchase_gain: Number = field(
        "Rise of the repurchase probability under perfect recommendations.", "share", ge=0, le=5
    )
    analyst_cost_per_year: Number = field(
        "People and tools that work on the data.", "yuan/year", role="lever", ge=0, le=1e9
    )


class Rivals(Part):
    """Competitors who watch the brand's prices on the web."""

    reaction: Number = field(
        "How far they follow a price cut: 0 not at all, 1 they match it.", "ratio", ge=0, le=2
    )
    lag_days: Number = field("Mean time until they follow.", "days", gt=0, le=3650)
    cross_elasticity: Number = field(
        "Change of the log-odds of buying per unit of the log of their price, all moving together.",
        "ratio",
        ge=0,
        le=10,
    )
    least_price_index: Number = field(
        "Their cost: the price below which they do not go, relative to the reference.", "ratio", gt=0, le=1
    )
