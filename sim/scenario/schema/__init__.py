"""The shape of a scenario: every field with its meaning, unit, hard bounds and role.

This one description yields validation, the JSON Schema, the reference documentation, ``explain`` and the
ranges of experiments. Hard bounds say what makes sense at all; what is *plausible* is evidence and stands
beside each value in the scenario file (range, source, grade).

Roles: a **lever** is decided by the brand, an **assumption** describes the world.
"""

from typing import get_args

from sim.scenario.schema.channels import (
    Channels,
    Counter,
    Investment,
    OnlineChannel,
    RefundTier,
    Servers,
    StoresChannel,
    TakeDrift,
)
from sim.scenario.schema.company import (
    BudgetRule,
    Coordination,
    Finance,
    FundingRound,
    Horizon,
    Management,
    Service,
    Step,
)
from sim.scenario.schema.dealers import Dealers, PriceGap
from sim.scenario.schema.fulfilment import (
    ContactCauses,
    Courier,
    Fleet,
    Fulfilment,
    Installation,
    Learning,
    PackingGrade,
    PeakSlowdown,
    PickingErrors,
    Refurbishment,
    Returns,
    TariffTier,
    Warehouse,
)
from sim.scenario.schema.improvement import (
    BadBatch,
    CauseOfDefects,
    Quality,
    Recovery,
    Systems,
    Team,
)
from sim.scenario.schema.market import (
    Auction,
    Landing,
    Market,
    Mix,
    Peak,
    Repurchase,
    Source,
    Sources,
    VisitorType,
    VisitorTypes,
)
from sim.scenario.schema.mechanisms import Mechanisms
from sim.scenario.schema.model import RulesBroken, ScenarioModel
from sim.scenario.schema.parts import Grade, Law, Part, Role
from sim.scenario.schema.pickup import Pickup, PickupLayer, StoreLayer, Supervision
from sim.scenario.schema.products import Products, PurchaseTier, Stock
from sim.scenario.schema.shoppers import (
    ByKind,
    CrossChannel,
    EarnedTrust,
    Effort,
    Experience,
    Guarantee,
    OwnData,
    Presale,
    ReturnVisits,
    Reviews,
    Rivals,
    WebLanding,
)
from sim.scenario.schema.standing import BrandEquity, CategoryTrust, RuleCraft
from sim.scenario.schema.traffic import (
    Awareness,
    Film,
    MailList,
    PrintMedia,
    PullForward,
    Ranking,
    RebateTerms,
    TrafficPrices,
    WordOfMouth,
)
from sim.scenario.schema.visit_quality import Admission, SourceDrift

ROLES: tuple[str, ...] = get_args(Role)

__all__ = [
    "ROLES",
    "Admission",
    "Auction",
    "Awareness",
    "BadBatch",
    "BrandEquity",
    "BudgetRule",
    "ByKind",
    "CategoryTrust",
    "CauseOfDefects",
    "Channels",
    "ContactCauses",
    "Coordination",
    "Counter",
    "Courier",
    "CrossChannel",
    "Dealers",
    "EarnedTrust",
    "Effort",
    "Experience",
    "Film",
    "Finance",
    "Fleet",
    "Fulfilment",
    "FundingRound",
    "Grade",
    "Guarantee",
    "Horizon",
    "Installation",
    "Investment",
    "Landing",
    "Law",
    "Learning",
    "MailList",
    "Management",
    "Market",
    "Mechanisms",
    "Mix",
    "OnlineChannel",
    "OwnData",
    "PackingGrade",
    "Part",
    "Peak",
    "PeakSlowdown",
    "PickingErrors",
    "Pickup",
    "PickupLayer",
    "Presale",
    "PriceGap",
    "PrintMedia",
    "Products",
    "PullForward",
    "PurchaseTier",
    "Quality",
    "Ranking",
    "RebateTerms",
    "Recovery",
    "RefundTier",
    "Refurbishment",
    "Repurchase",
    "ReturnVisits",
    "Returns",
    "Reviews",
    "Rivals",
    "Role",
    "RuleCraft",
    "RulesBroken",
    "ScenarioModel",
    "Servers",
    "Service",
    "Source",
    "SourceDrift",
    "Sources",
    "Step",
    "Stock",
    "StoreLayer",
    "StoresChannel",
    "Supervision",
    "Systems",
    "TakeDrift",
    "TariffTier",
    "Team",
    "TrafficPrices",
    "VisitorType",
    "VisitorTypes",
    "Warehouse",
    "WebLanding",
    "WordOfMouth",
]
