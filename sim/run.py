"""What one simulated history leaves behind: plain data, without anything that still lives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from sim.money import Books


@dataclass(frozen=True)
class Funnel:
    """One source's visits and orders on one channel, and what they brought.

    Attributes
    ----------
    channel, source
        Where they came from and where they landed.
    visits, orders
        Counts in the measured period.
    sales, cost
        Yuan: paid value less refunds, and all costs that can be told apart by source (brand-wide ones are not
        spread).
    traffic
        Yuan: the part of the cost that was paid to bring these visitors (the accounts of the group
        ``traffic``).
    """

    channel: str
    source: str
    visits: int
    orders: int
    sales: float
    cost: float
    traffic: float = 0.0


@dataclass(frozen=True)
class Run:
    """Result of one simulated history.

    Attributes
    ----------
    scenario_name, scenario_hash
        What was simulated.
    seed
        Seed of the replication.
    engine
        "compiled" or "reference".
    start
        "mature" or "launch".
    model_version
        Version of the model.
    kpis
        Figures by name; see :data:`sim.kpi.KPIS`. A figure that does not apply is absent.
    accounts
        Yuan by account over the measured orders and periods; expenses positive, income negative.
    accounts_by_channel
        The same by channel; "" is the brand as a whole.
    orders_by_channel
        Orders placed by channel.
    ledger
        Closed books.
    funnel
        Rows by channel and source.
    months
        Series by month: orders, sales, cost, cash (yuan) and more, as columns of numbers.
    balance
        Outcome of the checks: trial balance (fen), orders by final state, parcels, entities still inside.
    contacts
        Service contacts of the measured orders by cause; empty where causes are not told apart.
    orders, events, visits, time_sheet
        Orders, event trace, visits by month and stream, and paid time (only with ``log=True``); see
        :mod:`sim.receipts`.
    """

    scenario_name: str
    scenario_hash: str
    seed: int
    engine: str
    start: str
    model_version: str
    kpis: dict[str, float]
    accounts: dict[str, float]
    accounts_by_channel: dict[str, dict[str, float]]
    orders_by_channel: dict[str, int]
    ledger: Books
    funnel: tuple[Funnel, ...]
    months: dict[str, list[float]]
    balance: dict[str, Any]
    contacts: dict[str, int] = field(default_factory=dict)
    orders: pd.DataFrame | None = None
    events: pd.DataFrame | None = None
    visits: pd.DataFrame | None = None
    time_sheet: pd.DataFrame | None = None

    @property
    def books(self) -> pd.DataFrame:
        """The books as a table: debit, credit, channel, source, layer, period, fen."""
        return self.ledger.frame()

    @property
    def series(self) -> pd.DataFrame:
        """The monthly series as a table."""
        import pandas as pd

        return pd.DataFrame(self.months)
