"""What the schema says of its lines and shipped scenarios of themselves, in English, as the pages show it."""

from __future__ import annotations

PART = "› "
"""What stands before a part of a path in the catalogue: alone it may mean something else on the pages."""


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


def part_words() -> set[str]:
    """Return the last two parts of every path that a line can have, as the catalogue has them."""
    from sim.scenario.fields import children, walk

    paths = [(path, spec) for path, spec in walk() if spec.kind not in ("part", "table", "law")]
    for path, spec in walk():
        if spec.kind == "law":
            paths += [(f"{path}.{name}", inner) for name, inner in children(spec).items()]
    lines = [path.replace("[]", ".") for path, spec in paths if spec.role != "label"]
    return {f"{PART}{part.replace('_', ' ')}" for path in lines for part in path.split(".")[-2:] if part}


def scenario_titles() -> set[str]:
    """Return the title of every shipped scenario, in English."""
    from sim.scenario import load
    from sim.scenario.shipped import names

    return {load(name).title for name in names()}
