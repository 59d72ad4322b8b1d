"""Claims of the articles as experiments that can fail."""

from sim.experiment.claims.catalogue import Article, articles, chosen, listing, shipped_claims
from sim.experiment.claims.claim import Claim, read_claim
from sim.experiment.claims.course import claims_result, try_claims
from sim.experiment.claims.frontier import Frontier, draw_frontier
from sim.experiment.claims.trial import VERDICTS, Tried

__all__ = [
    "VERDICTS",
    "Article",
    "Claim",
    "Frontier",
    "Tried",
    "articles",
    "chosen",
    "claims_result",
    "draw_frontier",
    "listing",
    "read_claim",
    "shipped_claims",
    "try_claims",
]
