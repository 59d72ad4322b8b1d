"""What may stand in a line of a scenario, in the language of the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.ui.language import language, say
from sim.ui.units import unit_words
from sim.ui.vocabulary import english_only

if TYPE_CHECKING:
    from sim.scenario.fields import FieldSpec


def allowed_words(spec: FieldSpec) -> str:
    """Say what may stand in a line: in English what the schema says, elsewhere the same by kind.

    >>> from sim.scenario.fields import spec_of
    >>> allowed_words(spec_of("fulfilment.courier.lost_rate"))
    'a number from 0 to 0.5 (share)'
    """
    if language() == "en":
        return spec.allowed()
    if spec.kind == "choice":
        return say("one of {choices}", choices="、".join(str(choice) for choice in spec.choices))
    if spec.kind == "switch":
        return say("true or false")
    if spec.kind == "text" and spec.longest:
        return say("a text of {least} to {most} characters", least=str(spec.shortest or 0), most=spec.longest)
    if spec.kind == "list" and spec.longest:
        least, most, unit = spec.shortest or 0, spec.longest, unit_words(spec.unit)
        if least == most:
            return say("a list of {count} numbers ({unit})", count=most, unit=unit)
        return say("a list of {least} to {most} numbers ({unit})", least=least, most=most, unit=unit)
    if spec.kind in ("number", "whole"):
        return _number_words(spec)
    return english_only(spec.allowed())


def _number_words(spec: FieldSpec) -> str:
    """Say the bounds of a number and its unit."""
    unit, within = unit_words(spec.unit), _bounds_words(spec)
    if not within:
        return say("any number ({unit})", unit=unit)
    if spec.kind == "whole":
        return say("a whole number {within} ({unit})", within=within, unit=unit)
    return say("a number {within} ({unit})", within=within, unit=unit)


def _bounds_words(spec: FieldSpec) -> str:
    """Say the bounds of a number: both, one or none."""
    low = "" if spec.low is None else f"{spec.low:,.10g}"
    high = "" if spec.high is None else f"{spec.high:,.10g}"
    if low and high and not spec.low_open and not spec.high_open:
        return say("{low} to {high}", low=low, high=high)
    bounds = []
    if low:
        bounds.append(say("above {low}", low=low) if spec.low_open else say("at least {low}", low=low))
    if high:
        bounds.append(say("below {high}", high=high) if spec.high_open else say("at most {high}", high=high))
    return say(", ").join(bounds)
