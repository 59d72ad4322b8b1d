"""The strict base of every part, the declaration of a field, and the laws of anything random."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator

HOURS_PER_DAY = 24
DAYS_PER_YEAR = 365

Role = Literal["lever", "assumption"]
Grade = Literal["A", "B", "C", "guess"]


class Part(BaseModel):
    """Base of every part of a scenario: strict, frozen, no unknown keys, no infinities."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, validate_default=True)


def field(
    doc: str,
    unit: str,
    *,
    role: Role = "assumption",
    basic: bool = False,
    default: Any = ...,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    min_length: int | None = None,
    max_length: int | None = None,
) -> Any:
    """Declare one field: what it means, its unit, its hard bounds and its role."""
    return Field(
        default,
        description=doc,
        ge=ge,
        gt=gt,
        le=le,
        lt=lt,
        min_length=min_length,
        max_length=max_length,
        json_schema_extra={"x-unit": unit, "x-role": role, "x-basic": basic},
    )


def increasing(rows: list[Any], name: str, table: str) -> None:
    """Refuse a table of tiers whose thresholds do not increase."""
    starts = [getattr(row, name) for row in rows]
    if any(later <= earlier for earlier, later in pairwise(starts)):
        found = ", ".join(f"{one:g}" for one in starts)
        raise ValueError(f"{table} needs rows with increasing {name} (found {found})")


def _no_text(value: Any) -> Any:
    if isinstance(value, str | bool):
        raise ValueError("should be a number")
    return value


Number = Annotated[float, BeforeValidator(_no_text)]
Whole = Annotated[int, BeforeValidator(_no_text)]
Switch = Annotated[bool, Strict()]


class Law(Part):
    """A random duration or quantity. A plain number means that it never varies."""

    law: Literal["deterministic", "exponential", "lognormal", "gamma", "uniform"] = Field(
        "deterministic", description="Family of the distribution."
    )
    mean: Number = field("Mean.", "as the field", ge=0, le=1e9)
    cv: Number = field(
        "Coefficient of variation (standard deviation / mean).", "ratio", default=0.0, ge=0, le=10
    )

    @model_validator(mode="before")
    @classmethod
    def _plain_number(cls, value: Any) -> Any:
        return {"mean": value} if isinstance(value, int | float) and not isinstance(value, bool) else value

    @model_validator(mode="after")
    def _law_fits(self) -> Law:
        if self.law in ("lognormal", "gamma") and self.cv <= 0:
            raise ValueError(f"a {self.law} law needs cv > 0; use law: deterministic for no variation")
        if self.law in ("deterministic", "exponential") and self.cv not in (0.0, 1.0):
            raise ValueError(f"a {self.law} law takes no cv (found {self.cv}); lognormal and gamma do")
        if self.law == "uniform" and not 0 < self.cv <= 1 / 3**0.5 + 1e-12:
            raise ValueError("a uniform law needs 0 < cv <= 0.577 (it starts at or above zero)")
        return self
