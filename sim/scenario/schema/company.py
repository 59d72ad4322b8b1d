"""Time, after-sales service, head office and money in the bank."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.scenario.schema.parts import Law, Number, Part, Whole, field


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

    @model_validator(mode="after")
    def _shift(self) -> Service:
        if self.shift_end_hour <= self.shift_start_hour:
            raise ValueError(
                f"shift_end_hour ({self.shift_end_hour}) must follow"
                f" shift_start_hour ({self.shift_start_hour})"
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


class Finance(Part):
    """Money in the bank and its price."""

    opening_cash: Number = field("Cash at the start.", "yuan", ge=-1e12, le=1e12)
    supplier_credit_days: Number = field("Days until suppliers are paid.", "days", ge=0, le=365)
    capital_cost_per_year: Number = field("Interest on money tied up.", "share/year", ge=0, le=1)
