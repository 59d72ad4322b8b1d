"""The shape of a scenario: every field with its meaning, unit, hard bounds and role.

This one description yields validation, the JSON Schema, the reference documentation, ``explain`` and the
ranges of experiments. Hard bounds say what makes sense at all; what is *plausible* is evidence and stands
beside each value in the scenario file (range, source, grade).

Roles: a **lever** is decided by the brand, an **assumption** describes the world.
"""

from typing import get_args

from sim.scenario.schema.channels import Channels, OnlineChannel, RefundTier, StoresChannel
from sim.scenario.schema.company import Finance, Horizon, Management, Service
from sim.scenario.schema.fulfilment import Courier, Fulfilment, Returns, TariffTier, Warehouse
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
from sim.scenario.schema.model import ScenarioModel
from sim.scenario.schema.parts import Grade, Law, Part, Role
from sim.scenario.schema.pickup import Pickup, PickupLayer, Supervision
from sim.scenario.schema.products import Products, PurchaseTier, Stock

ROLES: tuple[str, ...] = get_args(Role)

__all__ = [
    "ROLES",
    "Auction",
    "Channels",
    "Courier",
    "Finance",
    "Fulfilment",
    "Grade",
    "Horizon",
    "Landing",
    "Law",
    "Management",
    "Market",
    "Mechanisms",
    "Mix",
    "OnlineChannel",
    "Part",
    "Peak",
    "Pickup",
    "PickupLayer",
    "Products",
    "PurchaseTier",
    "RefundTier",
    "Repurchase",
    "Returns",
    "Role",
    "ScenarioModel",
    "Service",
    "Source",
    "Sources",
    "Stock",
    "StoresChannel",
    "Supervision",
    "TariffTier",
    "VisitorType",
    "VisitorTypes",
    "Warehouse",
]
