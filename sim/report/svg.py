"""Drawing scalable vector graphics as text: shapes, axes and one style for light and dark pages.

Colours are those of Okabe and Ito (2008), told apart by all common kinds of colour vision; series differ in
dash and label as well. A drawing brings its own background, so that it can be read whichever theme the page
around it has.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape

_LIGHT = {
    "card": "fill:#ffffff;stroke:#d0d7de",
    "ink": "fill:#1f2328",
    "soft": "fill:#59636e",
    "grid": "stroke:#e4e8ec",
    "axis": "stroke:#8c959f",
    "first": "fill:#0072b2",
    "first-line": "stroke:#0072b2",
    "second": "fill:#b84f00",
    "second-line": "stroke:#d55e00",
    "third": "fill:#59636e",
    "third-line": "stroke:#59636e",
    "mark": "fill:#8a3f73",
    "mark-line": "stroke:#aa5a92",
    "gap": "stroke:#ffffff",
    "ink-line": "stroke:#1f2328",
    "halo": "paint-order:stroke;stroke:#ffffff;stroke-width:3.5px;stroke-linejoin:round",
}
_DARK = {
    "card": "fill:#0d1117;stroke:#30363d",
    "ink": "fill:#e6edf3",
    "soft": "fill:#9da7b1",
    "grid": "stroke:#21262d",
    "axis": "stroke:#656d76",
    "first": "fill:#56b4e9",
    "first-line": "stroke:#56b4e9",
    "second": "fill:#f2994a",
    "second-line": "stroke:#f2994a",
    "third": "fill:#9da7b1",
    "third-line": "stroke:#9da7b1",
    "mark": "fill:#d99bc2",
    "mark-line": "stroke:#cc79a7",
    "gap": "stroke:#0d1117",
    "ink-line": "stroke:#e6edf3",
    "halo": "paint-order:stroke;stroke:#0d1117;stroke-width:3.5px;stroke-linejoin:round",
}
_FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",sans-serif'
_WIDE = set("mwMW@%—")
_NARROW = set("iljtfrI.,:;'|!()[] ")


def style() -> str:
    """Return the style sheet of every drawing: light by default, dark where the reader prefers it."""
    light = "".join(f".cs-{name}{{{rule}}}" for name, rule in _LIGHT.items())
    dark = "".join(f".cs-{name}{{{rule}}}" for name, rule in _DARK.items())
    return (
        f"<style>.cs text{{font-family:{_FONT};font-variant-numeric:tabular-nums}}"
        f"{light}@media (prefers-color-scheme:dark){{{dark}}}</style>"
    )


def text_width(words: str, size: float) -> float:
    """Estimate how wide a line of text is, in the unit of ``size`` (its font size).

    Examples
    --------
    >>> text_width("illi", 10) < text_width("mama", 10)
    True
    """
    em = 0.0
    for letter in words:
        if letter in _WIDE:
            em += 0.95
        elif letter in _NARROW:
            em += 0.36
        elif ord(letter) > 0x2E80:
            em += 1.0
        else:
            em += 0.7 if letter.isupper() else 0.61
    return em * size


def wrapped(words: str, size: float, width: float, most: int = 3) -> list[str]:
    """Break a text into at most ``most`` lines of a width; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > most:
        kept = lines[:most]
        while kept[-1] and text_width(f"{kept[-1]}…", size) > width:
            kept[-1] = kept[-1].rpartition(" ")[0]
        kept[-1] += "…"
        return kept
    return lines


@dataclass(frozen=True)
class Scale:
    """From numbers to places on the drawing, straight or logarithmic.

    Attributes
    ----------
    low, high
        Ends of the range of numbers.
    start, end
        Where they lie, in pixels.
    is_log
        Whether equal ratios take equal room.
    """

    low: float
    high: float
    start: float
    end: float
    is_log: bool = False

    def __call__(self, number: float) -> float:
        """Place of a number, kept within one drawing of the range."""
        if self.is_log:
            share = math.log(max(number, 1e-300) / self.low) / math.log(self.high / self.low)
        else:
            share = (number - self.low) / (self.high - self.low)
        return self.start + min(max(share, -1.0), 2.0) * (self.end - self.start)


def ticks(low: float, high: float, wanted: int = 6) -> list[float]:
    """Round numbers between two ends, about as many as wanted.

    Examples
    --------
    >>> ticks(0.0, 10.0, 6)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    rough = (high - low) / max(wanted - 1, 1)
    power = math.floor(math.log10(rough))
    step = next(s for s in (1, 2, 2.5, 5, 10) if s * 10.0**power >= rough * 0.999) * 10.0**power
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [round(k * step, 12) + 0.0 for k in range(first, last + 1)]


def tick_words(numbers: Sequence[float]) -> list[str]:
    """Write the numbers of an axis with as many decimals as their step needs."""
    steps = [b - a for a, b in pairwise(numbers)] or [abs(numbers[0]) if numbers else 1.0]
    places = next((k for k in range(5) if all(abs(round(s, k) - s) < 1e-9 for s in steps)), 4)
    return [f"{number:,.{places}f}" for number in numbers]


@dataclass
class Drawing:
    """A drawing under construction: elements from back to front.

    Attributes
    ----------
    width, height
        Size in pixels; the drawing scales to whatever room it gets.
    title, description
        What a screen reader says.
    """

    width: float
    height: float
    title: str
    description: str
    _parts: list[str] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, look: str, **more: object) -> None:
        """Draw a straight line."""
        self._add("line", look, {"x1": x1, "y1": y1, "x2": x2, "y2": y2, **more})

    def rectangle(self, x: float, y: float, width: float, height: float, look: str, **more: object) -> None:
        """Draw a rectangle; a negative size is turned around."""
        x, width = (x, width) if width >= 0 else (x + width, -width)
        y, height = (y, height) if height >= 0 else (y + height, -height)
        self._add("rect", look, {"x": x, "y": y, "width": width, "height": height, **more})

    def circle(self, x: float, y: float, radius: float, look: str, **more: object) -> None:
        """Draw a circle."""
        self._add("circle", look, {"cx": x, "cy": y, "r": radius, **more})

    def path(
        self, points: Iterable[tuple[float, float]], look: str, *, closed: bool = False, **more: object
    ) -> None:
        """Draw straight lines through points; filled when closed."""
        where = "L".join(f"{_short(x)},{_short(y)}" for x, y in points)
        fill = {} if closed else {"fill": "none"}
        self._add("path", look, {"d": f"M{where}{'Z' if closed else ''}", **fill, **more})

    def text(
        self,
        x: float,
        y: float,
        words: str,
        look: str = "ink",
        *,
        size: float = 13,
        anchor: str = "start",
        bold: bool = False,
        **more: object,
    ) -> None:
        """Write a line of text; ``anchor`` is start, middle or end."""
        weight = {"font-weight": 600} if bold else {}
        attributes = {"x": x, "y": y, "font-size": size, "text-anchor": anchor, **weight, **more}
        self._parts.append(f"<text {_class(look)}{_attributes(attributes)}>{escape(words)}</text>")

    def whisker(self, x: float, y1: float, y2: float, look: str, cap: float = 4, **more: object) -> None:
        """Draw an upright interval with caps."""
        self.line(x, y1, x, y2, look, **more)
        for y in (y1, y2):
            self.line(x - cap, y, x + cap, y, look, **more)

    def clip(self, name: str, x: float, y: float, width: float, height: float) -> str:
        """Declare a window and return the attribute value that draws an element only inside it."""
        window = _attributes({"x": x, "y": y, "width": width, "height": height})
        self._parts.append(f'<clipPath id="{name}"><rect{window}/></clipPath>')
        return f"url(#{name})"

    def source(self) -> str:
        """Return the drawing as SVG."""
        size = f"{_short(self.width)} {_short(self.height)}"
        card = _attributes({"x": 0.5, "y": 0.5, "width": self.width - 1, "height": self.height - 1, "rx": 10})
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" width="{_short(self.width)}" '
            f'height="{_short(self.height)}" role="img" class="cs" aria-label="{_quoted(self.title)}">\n'
            f"<title>{escape(self.title)}</title>\n<desc>{escape(self.description)}</desc>\n{style()}\n"
            f'<rect class="cs-card"{card}/>\n' + "\n".join(self._parts) + "\n</svg>\n"
        )

    def _add(self, tag: str, look: str, attributes: dict[str, object]) -> None:
        self._parts.append(f"<{tag} {_class(look)}{_attributes(attributes)}/>")


def _class(look: str) -> str:
    return f'class="{" ".join(f"cs-{name}" for name in look.split())}"'


def _attributes(values: dict[str, object]) -> str:
    written = {
        name.replace("_", "-"): _short(value) if isinstance(value, int | float) else _quoted(str(value))
        for name, value in values.items()
    }
    return "".join(f' {name}="{value}"' for name, value in written.items())


def _quoted(words: str) -> str:
    return escape(words, {'"': "&quot;"})


def _short(number: float) -> str:
    return f"{round(number, 2):g}" if abs(number) < 1e4 else f"{number:.0f}"
