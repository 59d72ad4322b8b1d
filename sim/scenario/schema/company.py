"""Time, after-sales service, head office and money in the bank."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.improvement import Quality, Recovery, Systems, Team
from sim.scenario.schema.parts import Law, Number, Part, Switch, Whole, field, increasing
from sim.scenario.schema.shoppers import Presale


class Horizon(Part):
    """How long one history lasts and how it starts."""

    start: Literal["mature", "launch"] = Field(
        "mature",
        description="mature: warmed up to the steady size of its policies; launch: starts from nothing.",
        json_schema_extra={"x-unit": "choice", "x-role": "assumption", "x-basic": True},
    )
    days: Whole = field("Length of the measured period.", "days", default=365, ge=1, le=3650)
    warmup_days: Whole = field(
        "Days simulated before measuring starts (mature only).", "days", default=28, ge=0, le=365
    )


class Service(Part):
    """After-sales service."""

    contacts_per_order: Number = field(
        "Share of delivered orders with a question or complaint.", "share", ge=0, le=1
    )
    handling_minutes: Law = field("Agent's work on one contact.", "minutes")
    wage_per_month: Number = field("Full cost of an agent.", "yuan/month", ge=0, le=1e6)
    working_hours_per_month: Number = field("Working time of an agent.", "hours/month", gt=0, le=400)
    shift_start_hour: Number = field("Hour at which agents start.", "hour of day", ge=0, lt=24)
    shift_end_hour: Number = field("Hour at which agents stop.", "hour of day", gt=0, le=24)
    target_utilisation: Number = field(
        "Busy share of agents' time that staffing aims at.", "share", role="lever", gt=0, lt=1
    )
    presale: Presale | None = Field(
        None, description="Answers before the sale; none: nobody asks before buying."
    )
    recovery: Recovery | None = Field(
        None, description="Winning back buyers whose order went badly; none: they do not come back."
    )

    @model_validator(mode="after")
    def _shift(self) -> Service:
        if self.shift_end_hour <= self.shift_start_hour:
            raise ValueError(
                f"shift_end_hour ({self.shift_end_hour}) must follow"
                f" shift_start_hour ({self.shift_start_hour})"
            )
        return self


class Step(Part):
    """A lump of fixed cost that arrives when the brand outgrows what it has."""

    name: str = Field("", description="Name shown in tables; it changes no digit.", max_length=60)
    per: Literal["orders", "orders_online", "parcels", "stores"] = Field(
        description="What is counted: orders or parcels a day, or stores.",
        json_schema_extra={"x-unit": "choice", "x-role": "assumption", "x-basic": False},
    )
    from_per_day: Number = field(
        "Volume that can be had without it: a day, or stores in all.", "1/day or stores", gt=0, le=1e9
    )
    cost_per_year: Number = field("What it costs.", "yuan/year", ge=0, le=1e10)
    repeats: Switch = Field(
        False,
        description="Whether it is needed again for every further such volume.",
        json_schema_extra={"x-unit": "switch", "x-role": "assumption", "x-basic": False},
    )


class Coordination(Part):
    """Managers above those who work: as many as the span of control asks for."""

    span: Number = field("People under one manager, on every level.", "people", role="lever", gt=1, le=1000)
    wage_per_month: Number = field("Full cost of a manager of the lowest level.", "yuan/month", ge=0, le=1e6)
    level_wage_factor: Number = field(
        "Pay of a level relative to the one below.", "ratio", default=1.0, ge=1, le=10
    )


class BudgetRule(Part):
    """How budgets for paid visits follow what they earned."""

    rule: Literal["marginal", "roi_stop"] = Field(
        description=(
            "marginal: money moves from the worst source to the best;"
            " roi_stop: a source that earns too little is not bought any more."
        ),
        json_schema_extra={"x-unit": "choice", "x-role": "lever", "x-basic": False},
    )
    aim: Literal["contribution", "conversion"] = Field(
        "contribution",
        description="What sources are judged by: contribution after traffic per order, or orders per visit.",
        json_schema_extra={"x-unit": "choice", "x-role": "lever", "x-basic": False},
    )
    review_days: Whole = field("Days between two decisions.", "days", role="lever", default=28, ge=1, le=365)
    moved_share: Number = field(
        "Share of the worst source's visits whose money moves at a decision.",
        "share",
        role="lever",
        default=0.1,
        ge=0,
        le=1,
    )
    least_contribution_per_order: Number = field(
        "What an order has to leave after traffic for its source to be bought on (roi_stop).",
        "yuan/order",
        role="lever",
        default=0.0,
        ge=-1e5,
        le=1e5,
    )
    trial_share: Number = field(
        "Share of its planned visits still bought of a source that earns too little, to notice when it"
        " changes (roi_stop); 0: it is never bought again.",
        "share",
        role="lever",
        default=0.0,
        ge=0,
        le=1,
    )
    most: Number = field(
        "Largest visits of a source relative to plan; what cannot be spent is saved.",
        "ratio",
        default=3.0,
        ge=1,
        le=100,
    )

    @model_validator(mode="after")
    def _aims_fit(self) -> BudgetRule:
        if self.rule == "roi_stop" and self.aim == "conversion":
            raise ValueError("rule roi_stop judges by contribution; aim conversion goes with rule marginal")
        if self.rule == "marginal" and self.trial_share > 0:
            raise ValueError(
                f"trial_share ({self.trial_share:g}) goes with rule roi_stop; marginal never stops a source"
            )
        return self


class Management(Part):
    """Head office and how often it decides."""

    head_office_cost_per_year: Number = field(
        "Fixed cost of running the brand.", "yuan/year", basic=True, ge=0, le=1e10
    )
    staffing_review_days: Whole = field(
        "Days between two staffing decisions.", "days", role="lever", ge=1, le=365
    )
    steps: list[Step] = Field(
        default_factory=list,
        description="Lumps of fixed cost by volume.",
        json_schema_extra={"x-unit": "table", "x-role": "assumption", "x-basic": False},
    )
    coordination: Coordination | None = Field(
        None, description="Managers above teams; none: head office's fixed cost covers them."
    )
    budget_rule: BudgetRule | None = Field(
        None, description="How budgets follow results; none: they stay as planned."
    )
    quality: Quality | None = Field(
        None, description="Projects against causes of complaints; none: causes stay as they are."
    )
    team: Team | None = Field(
        None, description="Skill of those who run the shops; none: as when conversion rates were measured."
    )
    systems: Systems | None = Field(
        None, description="Link of shops, purchasing and stock; none: everybody knows everything at once."
    )


class FundingRound(Part):
    """Money that owners put in, if the brand has grown as promised."""

    month: Whole = field("Month of the history at whose start it comes.", "month", ge=1, le=120)
    amount: Number = field("Money put in.", "yuan", role="lever", ge=0, le=1e12)
    needs_growth: Number = field(
        "Growth of sales since the first months that owners ask for, seasons apart; 0: none.",
        "share",
        default=0.0,
        ge=0,
        le=100,
    )


class Finance(Part):
    """Money in the bank and its price."""

    opening_cash: Number = field("Cash at the start.", "yuan", ge=-1e12, le=1e12)
    supplier_credit_days: Number = field("Days until suppliers are paid.", "days", ge=0, le=365)
    capital_cost_per_year: Number = field("Interest on money tied up.", "share/year", ge=0, le=1)
    credit_line: Number | None = field(
        "Overdraft that the bank allows; none: any.", "yuan", role="lever", default=None, ge=0, le=1e12
    )
    overdraft_cost_per_year: Number = field(
        "Interest on an overdraft, beyond the price of money tied up.",
        "share/year",
        default=0.0,
        ge=0,
        le=5,
    )
    funding_rounds: list[FundingRound] = Field(
        default_factory=list,
        description="Money that owners put in on the way.",
        json_schema_extra={"x-unit": "table", "x-role": "lever", "x-basic": False},
    )

    @model_validator(mode="after")
    def _rounds(self) -> Finance:
        increasing(self.funding_rounds, "month", "funding_rounds")
        return self
