"""What the schema says of its lines and shipped scenarios of themselves, in English, as the pages show it."""

from __future__ import annotations


def schema_words() -> set[str]:
    """Return the description of every line that a scenario can have, in English.

    Lines are numbers, words, switches and lists; a law is three of them: family, mean and spread.
    """
    from sim.scenario.fields import law_parts, walk

    found: set[str] = set()
    for _, spec in walk():
        if spec.kind == "law":
            found |= {part.description for part in law_parts(spec).values()}
        elif spec.kind not in ("part", "table"):
            found.add(spec.description)
    return found


def scenario_titles() -> set[str]:
    """Return the title of every shipped scenario, in English."""
    from sim.scenario import load
    from sim.scenario.shipped import names

    return {load(name).title for name in names()}
