"""Slow forces on the market, one file each; see :mod:`sim.market.forces.base`."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from sim.market.forces.admission import Admission
from sim.market.forces.awareness import Awareness
from sim.market.forces.base import Force, Setting
from sim.market.forces.brand_equity import BrandEquity
from sim.market.forces.budgets import BudgetReview
from sim.market.forces.capacity import ItCapacity, StoreCapacity
from sim.market.forces.category_trust import CategoryTrust
from sim.market.forces.chats import Chats
from sim.market.forces.crossing import Crossing
from sim.market.forces.dealers import Dealers
from sim.market.forces.delivery_promise import DeliveryPromise
from sim.market.forces.email import MailList
from sim.market.forces.experience import Experience
from sim.market.forces.impulse import Impulse
from sim.market.forces.integration import Integration
from sim.market.forces.own_data import OwnData
from sim.market.forces.platform_take import PlatformTake
from sim.market.forces.price_gap import PriceGap
from sim.market.forces.print_media import PrintMedia
from sim.market.forces.promotion import Promotion
from sim.market.forces.promotion_days import PromotionDays
from sim.market.forces.pull_forward import PullForward
from sim.market.forces.ranking import Ranking
from sim.market.forces.rebate_drift import RebateDrift
from sim.market.forces.repurchase import Repurchase
from sim.market.forces.return_visits import ReturnVisits
from sim.market.forces.reviews import Reviews
from sim.market.forces.rivals import Rivals
from sim.market.forces.rule_craft import RuleCraft
from sim.market.forces.source_drift import SourceDrift
from sim.market.forces.team_skill import TeamSkill
from sim.market.forces.traffic_prices import TrafficPrices
from sim.market.forces.trust import EarnedTrust
from sim.market.forces.word_of_mouth import WordOfMouth
from sim.scenario.segments import KEPT

if TYPE_CHECKING:
    from sim.scenario import Scenario

FORCES: tuple[type[Force], ...] = (
    PullForward,
    PromotionDays,
    # The place in a list is held against what is to be expected before anything else has acted.
    Ranking,
    RuleCraft,
    MailList,
    PrintMedia,
    Awareness,
    WordOfMouth,
    SourceDrift,
    DeliveryPromise,
    Reviews,
    EarnedTrust,
    Experience,
    TeamSkill,
    OwnData,
    Rivals,
    BrandEquity,
    CategoryTrust,
    ReturnVisits,
    Crossing,
    PriceGap,
    Chats,
    Repurchase,
    Promotion,
    Impulse,
    PlatformTake,
    BudgetReview,
    RebateDrift,
    TrafficPrices,
    Integration,
    # Who is kept out would have bought after all that moved the odds.
    Admission,
    # Capacity comes last: it turns away some of those whom all others have sent.
    StoreCapacity,
    # A store that is still open has as many visitors as before.
    Dealers,
    ItCapacity,
)
"""Every force, in the order in which they act. Those that set rates come before those that read them."""


@lru_cache(maxsize=KEPT)
def _acting(scenario: Scenario) -> tuple[type[Force], ...]:
    return tuple(force for force in FORCES if force.acts_in(scenario))


def forces_of(scenario: Scenario, setting: Setting) -> tuple[Force, ...]:
    """Return the forces that are switched on and have something to act on."""
    return tuple(force(setting) for force in _acting(scenario))


__all__ = ["FORCES", "Force", "Setting", "forces_of"]
