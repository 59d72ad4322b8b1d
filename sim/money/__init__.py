"""The money room: where every yuan went.

Knows accounts, postings, price lists and statements; knows nothing of lamps, parcels or channels and
imports nothing of the project outside this folder.
"""

from sim.money.accounts import (
    CHART,
    CONTRIBUTION_ACCOUNTS,
    COST_ACCOUNTS,
    GROUPS,
    Account,
    account,
    accounts_in,
    by_group,
    contribution,
    net_sales,
    total_cost,
)
from sim.money.audit import Finding, Rule, audit, recompute, transfer
from sim.money.books import Books, Entry
from sim.money.errors import MoneyError, PostingError, RuleError, TariffError, UnknownAccountError
from sim.money.ledger import FEN_PER_YUAN, Ledger, to_fen
from sim.money.statement import balance_sheet, cash_by_period, profit_and_loss
from sim.money.tariff import StepTariff

__all__ = [
    "CHART",
    "CONTRIBUTION_ACCOUNTS",
    "COST_ACCOUNTS",
    "FEN_PER_YUAN",
    "GROUPS",
    "Account",
    "Books",
    "Entry",
    "Finding",
    "Ledger",
    "MoneyError",
    "PostingError",
    "Rule",
    "RuleError",
    "StepTariff",
    "TariffError",
    "UnknownAccountError",
    "account",
    "accounts_in",
    "audit",
    "balance_sheet",
    "by_group",
    "cash_by_period",
    "contribution",
    "net_sales",
    "profit_and_loss",
    "recompute",
    "to_fen",
    "total_cost",
    "transfer",
]
