"""What figures, channels, groups of accounts, sources and units are called on the pages, in its language."""

from __future__ import annotations

import importlib
import pkgutil

from sim.ui.language import catalogue, language, say, term

SOURCES = {
    "platform_search": "platform search",
    "platform_ads": "platform ads",
    "rebate_alliance": "rebate alliance",
    "search_engine": "search engines",
    "navigation_portal": "portals",
    "game_video": "games and video",
    "email": "e-mail",
    "word_of_mouth": "word of mouth",
    "posters": "posters and catalogues",
    "store_footfall": "passers-by of stores",
    "repeat": "buyers who come back",
    "promotion": "brought by attendants",
    "impulse": "on impulse while collecting",
    "return_visit": "second look",
    "showrooming": "after a look in a store",
    "webrooming": "after a look on the web",
}
CHANNELS = {"stores": "stores", "tmall": "Tmall", "vertical": "vertical platform", "mall": "own mall"}
UNITS = {
    "yuan": "yuan",
    "yuan/order": "yuan per order",
    "yuan/parcel": "yuan per parcel",
    "orders": "orders",
    "parcels": "parcels",
    "visits": "visits",
    "%": "%",
    "orders/year": "orders per year",
    "visits/year": "visits per year",
    "hours/day": "hours per day",
    "reports/manager": "reports per manager",
}


def channel_name(name: str) -> str:
    """Name of a channel; what belongs to none is the brand's."""
    return term(CHANNELS.get(name, name)) if name not in ("", "total", "brand") else say("whole brand")


def source_name(name: str) -> str:
    """Name of a source of visits."""
    return term(SOURCES.get(name, name.replace("_", " ")))


def group_name(name: str) -> str:
    """Name of a group of accounts."""
    from sim.money.accounts import GROUPS

    return term(GROUPS.get(name, name.replace("_", " ")))


def kpi_name(name: str) -> str:
    """Name of a figure: ``contribution_per_order`` is ``contribution per order``."""
    return term(name.replace("_", " "))


def unit_name(unit: str) -> str:
    """Name of a unit: ``yuan/order`` is ``yuan per order``."""
    return term(UNITS.get(unit, unit.replace("/", " per ")))


def path_words(path: str) -> str:
    """What grows on a growth path."""
    from sim.report.words import PATHS

    return term(PATHS[path])


def verdict_words(verdict: str) -> str:
    """Verdict of a study of scale, in words."""
    from sim.report.words import VERDICTS

    return term(VERDICTS.get(verdict, verdict))


def size_name(elasticity_to: str) -> str:
    """What is counted along a growth path."""
    from sim.report.words import SIZES

    return term(SIZES.get(elasticity_to, elasticity_to))


def mechanism_name(name: str) -> str:
    """Name of a mechanism."""
    from sim.report.words import mechanism

    return term(mechanism(name))


def english_only(words: str) -> str:
    """Words that stay English, such as sources; in another language that is said."""
    return words if language() == "en" else say("{words} (English only)", words=words)


def known_or_english(words: str) -> str:
    """Words in the language of the page where the catalogue has them; else English, and that is said.

    A sentence with numbers is looked up by the template it was made from; its numbers stay as they are.
    """
    found = _known(words)
    return english_only(words) if found == words else found


def _known(words: str) -> str:
    """Words of another room in the language of the page, or as they are."""
    from sim.ui.templates import made_from

    if language() == "en":
        return words
    found = None if words in catalogue(language()) else made_from(words)
    if found is None:
        return term(words)
    template, values = found
    return term(template).format(**{name: _value(name, value) for name, value in values.items()})


def _value(name: str, value: str) -> str:
    """Write a value of a sentence: names as the pages call them, clauses as sentences are; numbers stay."""
    from sim.ui.units import unit_words

    if name == "switches":
        return say(", ").join(mechanism_name(one) for one in value.split(", "))
    names = {"channel": channel_name, "source": source_name, "unit": unit_words}
    return names.get(name, _known)(value)


def terms() -> set[str]:
    """Return all words that :func:`term` is asked for and that no literal holds; each needs a translation."""
    from sim.kpi import KPIS
    from sim.money.accounts import GROUPS
    from sim.report.rules import RULES
    from sim.report.words import PATHS, SIZES, VERDICTS
    from sim.ui.badge import NOTES as BADGES
    from sim.ui.claim_lines import claim_terms
    from sim.ui.desk import CANNOT_START, DIED_ONCE, DIED_TWICE
    from sim.ui.levers import ALL_LEVERS
    from sim.ui.schema_words import part_words, scenario_titles, schema_words
    from sim.ui.templates import NOTES, WARNINGS
    from sim.ui.warnings import literal_words

    found = {name.replace("_", " ") for name in KPIS} | _terms_of_modules() | claim_terms()
    found |= schema_words() | part_words() | scenario_titles() | literal_words()
    found |= {rule.words for rule in RULES.values()}
    for words in (SOURCES, CHANNELS, UNITS, GROUPS, PATHS, SIZES, VERDICTS):
        found |= set(words.values())
    found |= {*WARNINGS, *NOTES, *BADGES, DIED_ONCE, DIED_TWICE, CANNOT_START}
    found |= {kpi.unit.replace("/", " per ") for kpi in KPIS.values() if kpi.unit not in UNITS}
    for lever in ALL_LEVERS:
        found |= {
            lever.label,
            lever.message,
            lever.watch,
            lever.effort,
            *(words for words, _ in lever.levels),
        }
    return found


def _terms_of_modules() -> set[str]:
    """Return what pages, questions and charts name themselves in a module's ``TERMS``."""
    found: set[str] = set()
    for room in ("pages", "questions", "pictures"):
        package = importlib.import_module(f"sim.ui.{room}")
        for module in pkgutil.iter_modules(package.__path__):
            found |= set(getattr(importlib.import_module(f"sim.ui.{room}.{module.name}"), "TERMS", ()))
    return found
