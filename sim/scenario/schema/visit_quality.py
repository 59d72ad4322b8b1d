"""What visits are worth: whom the brand keeps out, and how the worth of bought visits moves."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.parts import Number, Part, field
from sim.scenario.schema.shoppers import ByKind


class Admission(Part):
    """A filter in the shops on the web that withholds the offer from some visitors.

    It knows a visitor by habits (coupons only, many returns, new accounts), so it misses some of those it is
    meant for and hits some regulars.
    """

    turned_away: ByKind = Field(
        description="Share of would-be buyers from whom the offer is withheld, by kind of visitor."
    )
    cost_per_year: Number = field(
        "People and data behind the filter.", "yuan/year", role="lever", ge=0, le=1e9
    )


class SourceDrift(Part):
    """How readily visitors of each bought source buy wanders around the scenario's conversion rate."""

    spread: Number = field(
        "Standard deviation of the logarithm of a source's odds of buying, in the long run.",
        "ratio",
        ge=0,
        le=3,
    )
    memory_days: Number = field(
        "Time in which a departure from the scenario's rate fades to 1/e.", "days", gt=0, le=3650
    )
