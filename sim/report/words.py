"""The words of reports: what verdicts, growth paths, metrics and mechanisms are called."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.segments import LAYER_TITLES

ILLUSTRATIVE = "Prices and habits of China about 2014, illustrative unless calibrated."

VERDICTS: Mapping[str, str] = {
    "scalable": "scalable",
    "non_scalable": "non-scalable",
    "neutral": "neutral",
    "stops_scaling": "stops scaling",
    "cannot_tell": "cannot tell",
}

PATHS: Mapping[str, str] = {
    "densify": "the same places order more",
    "replicate": "equal places are added",
    "expand": "thinner places are added",
    "fragment": "the same orders use more points",
    "buy_traffic": "traffic is bought",
    "cut_price": "prices are cut",
    "peak": "the year crowds into fewer days",
}

METRICS: Mapping[str, str] = {
    "layer_cost_per_parcel": "the layer's cost per parcel",
    **{f"{name}_cost_per_parcel": f"cost per parcel of {words}" for name, words in LAYER_TITLES.items()},
    "cost_per_order": "cost per order",
    "contribution_per_order": "contribution per order",
}

SIZES: Mapping[str, str] = {
    "orders": "orders a year",
    "parcels": "parcels a year",
    "points": "pickup points",
    "concentration": "peak days against even days",
}

_MECHANISMS = {
    "interaction": "Only together (interaction)",
    "unattributed": "Unattributed (fixed cost, price breaks)",
}


def mechanism(name: str) -> str:
    """Name of a mechanism for a reader: ``marginal_sites`` becomes ``Marginal sites``."""
    if name in _MECHANISMS:
        return _MECHANISMS[name]
    words = name.replace("_", " ").replace(":", ": ")
    return words[:1].upper() + words[1:]


def runs_behind(n: int | None) -> str:
    """Say what an interval rests on; empty where nothing was simulated."""
    if n is None:
        return ""
    if n == 1:
        return "One simulated run, so no interval."
    return f"Mean and 95% interval over {n} simulated runs."


STARTS: Mapping[str, str] = {
    "mature": "a mature year, warmed up to the steady size of its policies",
    "launch": "a launch year, from an empty network",
}

_CHANNELS = {"": "brand", "stores": "stores", "tmall": "Tmall", "vertical": "vertical", "mall": "own mall"}


def channel_title(name: str) -> str:
    """Name of a channel for a reader; what belongs to none is the brand's."""
    return _CHANNELS.get(name, name)
