"""What a company does about itself: causes of complaints, people's skill, systems that join departments."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.parts import Number, Part, Switch, Whole, field
from sim.scenario.schema.shoppers import Effort


class CauseOfDefects(Part):
    """One cause of bad parcels and calls, and what can be done about it."""

    cause: Literal["broken", "wrong", "short", "failed", "question"] = Field(
        description=(
            "broken: goods break in a pair of hands; wrong, short: parcels are packed wrong or short;"
            " failed: a trip to the door finds nobody; question: buyers have to ask."
        ),
        json_schema_extra={"x-unit": "choice", "x-role": "assumption", "x-basic": False},
    )
    controllable: Number = field(
        "Share of its cases that the brand could prevent at all.", "share", ge=0, le=1
    )
    cost_per_project: Number = field("What one project against it costs.", "yuan/project", ge=0, le=1e7)
    damage_per_case: Number = field(
        "What controllers reckon that a case costs; only the choice of projects by value looks at it.",
        "yuan/case",
        ge=0,
        le=1e5,
    )


class Quality(Part):
    """Projects against the causes of bad parcels and calls: each gets an owner and a deadline."""

    policy: Literal["pareto", "value", "random"] = Field(
        "pareto",
        description=(
            "How projects are picked; pareto: the causes with the most cases; value: those with the most"
            " damage that a project would prevent for its money; random: any."
        ),
        json_schema_extra={"x-unit": "choice", "x-role": "lever", "x-basic": False},
    )
    review_days: Whole = field("Days between two reviews.", "days", role="lever", default=28, ge=1, le=365)
    projects_per_review: Whole = field(
        "Projects started at a review.", "projects", role="lever", default=1, ge=0, le=5
    )
    cut_per_project: Number = field(
        "Share of what is still preventable of a cause that a project prevents.", "share", ge=0, le=1
    )
    relapse_per_month: Number = field(
        "Share of what was prevented that comes back in a month.", "share/month", default=0.0, ge=0, le=1
    )
    gamed_share: Number = field(
        "Share of a project's effect that goes into the figures instead of the cause: cases that are no"
        " longer reported.",
        "share",
        default=0.0,
        ge=0,
        le=1,
    )
    causes: list[CauseOfDefects] = Field(
        min_length=1,
        description="Causes that projects can be started against.",
        json_schema_extra={"x-unit": "table", "x-role": "assumption", "x-basic": False},
    )

    @model_validator(mode="after")
    def _causes_once(self) -> Quality:
        names = [row.cause for row in self.causes]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"causes name each cause once (found twice: {', '.join(twice)})")
        if self.projects_per_review > len(names):
            raise ValueError(
                f"projects_per_review ({self.projects_per_review}) cannot exceed the number of"
                f" causes ({len(names)})"
            )
        return self


class BadBatch(Part):
    """Days on which much more arrives broken than usual: bad glass, a careless courier."""

    first_day: Whole = field("First day, counted from the start of measuring.", "day", ge=1, le=3650)
    days: Whole = field("Length.", "days", ge=1, le=3650)
    breakage_factor: Number = field(
        "Chance that one pair of hands breaks goods relative to other days.", "ratio", ge=1, le=50
    )


class Recovery(Part):
    """What is done for buyers whose order was broken or lost, beyond their money back."""

    cost_per_case: Number = field(
        "Apology: a voucher, a gift, a call.", "yuan/case", role="lever", ge=0, le=1e4
    )
    won_back_share: Number = field(
        "Chance that such a buyer comes back relative to one whose order went well.",
        "share",
        ge=0,
        le=2,
    )


class Team(Part):
    """Skill of the people who run the shops: built by pay and training, lost as people leave and forget."""

    training: Effort = Field(description="Pay above the least, and training.")
    buying_gain: Number = field(
        "Log-odds of buying on the web that perfect skill adds to none.", "ratio", ge=0, le=5
    )


class Systems(Part):
    """Whether shops, purchasing and warehouse look at the same figures."""

    linked: Switch = Field(
        False,
        description="Whether there is a system that links them.",
        json_schema_extra={"x-unit": "switch", "x-role": "lever", "x-basic": False},
    )
    used_anyway_share: Number = field(
        "Share of work that even untrained people do in it: it is simple, or there is no other way.",
        "share",
        default=0.0,
        ge=0,
        le=1,
    )
    link_cost_per_year: Number = field("What the link costs.", "yuan/year", ge=0, le=1e9)
    information_lag_days: Whole = field(
        "Age of the sales figures that purchasing plans by without the link.", "days", ge=0, le=365
    )
    plan_window_days: Whole = field(
        "Days of sales that it averages without the link.", "days", default=28, ge=1, le=365
    )
    oversold_cost_per_order: Number = field(
        "Fine and apology for an order that is cancelled for want of stock.", "yuan/order", ge=0, le=1e4
    )
