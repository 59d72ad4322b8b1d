"""Pages made from the code: the scenario reference, the list of figures, the JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from docs import sheets


def reference() -> str:
    """Return every field of a scenario, as Markdown."""
    from sim.scenario import reference_markdown

    return reference_markdown()


def schema() -> str:
    """Return the JSON Schema that editors check scenario files against."""
    from sim.scenario import json_schema

    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def figures() -> str:
    """Return the figures of a run and the accounts of its books, as Markdown."""
    from sim.kpi import KPIS
    from sim.money import CHART, GROUPS

    rows = [
        f"| `{kpi.name}` | {kpi.description} | {kpi.unit} | {'' if kpi.better == 'none' else kpi.better} |"
        for kpi in KPIS.values()
    ]
    accounts = [
        f"| `{account.name}` | {account.description} | {GROUPS[account.group]} | {account.kind} |"
        for account in CHART.values()
    ]
    return "\n".join(
        [
            "# Figures and accounts",
            "",
            "Made from `sim/kpi.py` and `sim/money/accounts.py`. A figure that does not apply to a scenario"
            " is left out of its results.",
            "",
            "## Figures of a run",
            "",
            "| figure | meaning | unit | better |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            "## Accounts",
            "",
            "Balances are debit minus credit: assets and expenses are positive, income and liabilities",
            "negative. The group is the bucket in which statements and charts show an account.",
            "",
            "| account | meaning | group | kind |",
            "| --- | --- | --- | --- |",
            *accounts,
            "",
        ]
    )


PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference.md": reference,
    "docs/kpis.md": figures,
    "docs/scenario.schema.json": schema,
    **sheets.SHEETS,
}
"""Generated files, by path from the top folder."""
