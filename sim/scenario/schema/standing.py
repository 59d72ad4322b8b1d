"""What is built up slowly and lost quickly: a brand's name, a category's, skill with a platform's rules."""

from __future__ import annotations

from pydantic import Field

from sim.scenario.schema.parts import Number, Part, field
from sim.scenario.schema.shoppers import Effort


class BrandEquity(Part):
    """A name that low prices wear down and time restores; 1 is a brand never seen below its price."""

    worn_per_discount_day: Number = field(
        "Share of the name worn away when a mean day's visitors on the web see goods for nothing; a tenth off"
        " wears away a tenth of it.",
        "share/day",
        ge=0,
        le=1,
    )
    recovery_days: Number = field("Mean time in which what is missing grows back.", "days", gt=0, le=3650)
    worth: Number = field(
        "Change of the log-odds of buying, in every channel, per unit of the log of the name.",
        "ratio",
        ge=0,
        le=10,
    )


class CategoryTrust(Part):
    """What shoppers on the web think of all sellers of lamps together, whoever was to blame."""

    brand_weight: Number = field(
        "Share of what is heard of the category that is about the brand's own orders.", "share", ge=0, le=1
    )
    others_bad_share: Number = field(
        "Share of the other sellers' orders that go badly: fakes, broken, lost.", "share", ge=0, le=1
    )
    imitation: Number = field(
        "Share of the other sellers whose quality is the brand's: they follow what it saves, and what it"
        " does better.",
        "share",
        default=0.0,
        ge=0,
        le=1,
    )
    reference_bad_share: Number = field(
        "Share of bad orders in the category when conversion rates were measured.", "share", ge=0, le=1
    )
    sensitivity: Number = field(
        "Fall of the log-odds of buying per unit of the category's bad share.",
        "ratio",
        ge=0,
        le=100,
    )
    memory_days: Number = field("Mean time until an order is forgotten.", "days", gt=0, le=3650)
    mall_share: Number = field(
        "How much of the fall reaches the brand's own mall, which is not the platforms'.",
        "share",
        default=1.0,
        ge=0,
        le=1,
    )


class RuleCraft(Part):
    """Skill in a platform's rules: it brings visits from platform search until the rules change."""

    craft: Effort = Field(description="People who study the rules and work on titles, tags and ranks.")
    search_gain: Number = field(
        "Additional visits from platform search under perfect skill relative to none.", "share", ge=0, le=10
    )
    changes_per_year: Number = field("Changes of the rules in a year.", "1/year", ge=0, le=365)
    kept_share: Number = field("Share of the skill left after a change.", "share", ge=0, le=1)
