"""Names of accounts on the pages."""

from __future__ import annotations

from sim.money.accounts import CHART
from sim.ui.language import term

TERMS = frozenset(account.title for account in CHART.values())


def account_name(name: str) -> str:
    """Name of an account: ``platform_commission`` is ``Platform commission``."""
    return term(CHART[name].title) if name in CHART else term(name.replace("_", " ").capitalize())
