"""Scenarios of the size that the planted worlds speak of: 10,000 visits at volume 1."""

from __future__ import annotations

import pytest

from sim.scenario import load


def _sized(name):
    scenario = load(name)
    sources = scenario.market.sources
    named = {key: getattr(sources, key) for key in type(sources).model_fields}
    total = sum(source.visits_per_year for source in named.values() if source is not None)
    factor = 10_000.0 / total
    changes = {}
    for key, source in named.items():
        if source is None:
            continue
        changes[f"market.sources.{key}.visits_per_year"] = source.visits_per_year * factor
        if source.auction is not None:
            stock = source.auction.inventory_visits_per_year * factor
            changes[f"market.sources.{key}.auction.inventory_visits_per_year"] = stock
    return scenario.with_values(changes)


@pytest.fixture(scope="session")
def door():
    """Base scenario without a pickup layer, 10,000 planted orders."""
    return _sized("door_only")


@pytest.fixture(scope="session")
def community():
    """The same with community pickup points."""
    return _sized("community_pickup")
