"""Charts of a study as self-contained SVG, for a README, a page, a mail.

Each takes a plain result (as ``--json`` prints it) and returns the source of a drawing. What a chart shows
is also said in words in its description and in a table of :mod:`sim.report`. Nothing but the standard
library is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.report.curve import cost_curve
from sim.report.frame import WIDTH, Frame, caption, heading, level_axis, small_print
from sim.report.numbers import Value, decimals, read, text
from sim.report.svg import Drawing, Scale, wrapped
from sim.report.waterfall import causes, change
from sim.report.words import PATHS, VERDICTS

__all__ = ["causes", "change", "cost_curve", "growth_paths"]

_ROW = 46.0


def growth_paths(result: Mapping[str, Any], *, title: str = "", note: str = "", margin: float = 0.02) -> str:
    """Draw the elasticity of unit cost along every growth path, with intervals and verdicts.

    Parameters
    ----------
    result
        Result of ``scale`` without a path: ``{"paths": [...]}``.
    title
        Heading; a default if empty.
    note
        Small print; what the intervals are if empty.
    margin
        Elasticities from minus to plus this are neutral.

    Raises
    ------
    ValueError
        If no path has an elasticity.
    """
    rows = [(path, read(path.get("elasticity"))) for path in result["paths"]]
    known = [value for _, value in rows if value is not None]
    if not known:
        raise ValueError("no growth path has an elasticity to draw")
    title = title or "The same business grows along different paths"
    described = "; ".join(f"{path['path']}: {text(value, signed=True)}" for path, value in rows)
    drawing = Drawing(WIDTH, 0, title, f"Elasticity of average cost. {described}.")
    top = (
        heading(drawing, title, "Elasticity of average cost: below zero it falls as the path is followed")
        + 30
    )
    frame = Frame(250, top, WIDTH - 170, top + _ROW * len(rows))
    x = _elasticity_scale(known, margin, frame)
    drawing.rectangle(x(-margin), frame.top, x(margin) - x(-margin), frame.height, "third", opacity=0.16)
    drawing.text(x(0), frame.top - 8, "neutral", "soft", size=11.5, anchor="middle")
    level_axis(drawing, frame, x, "elasticity (relative change of cost per relative change of size)")
    for number, (path, value) in enumerate(rows):
        _path_row(drawing, frame, x, frame.top + _ROW * (number + 0.5), path, value)
    caption(drawing, frame.bottom + 66, note or small_print(known[0]))
    return drawing.source()


def _elasticity_scale(values: list[Value], margin: float, frame: Frame) -> Scale:
    ends = [end for value in values for end in (value.mean, value.low, value.high) if end is not None]
    low, high = min(*ends, -3 * margin), max(*ends, 3 * margin)
    pad = 0.06 * (high - low)
    return Scale(low - pad, high + pad, frame.left, frame.right)


def _path_row(
    drawing: Drawing, frame: Frame, x: Scale, y: float, path: Mapping[str, Any], value: Value | None
) -> None:
    name = path["path"]
    drawing.text(frame.left - 14, y - 2, name.replace("_", " "), size=13.5, anchor="end", bold=True)
    drawing.text(frame.left - 14, y + 14, PATHS.get(name, ""), "soft", size=11.5, anchor="end")
    if value is None:
        for line, words in enumerate(wrapped(path.get("headline") or "does not apply", 11.5, 150, 2)):
            drawing.text(frame.right + 14, y - 2 + 15 * line, words, "soft", size=11.5)
        return
    verdict = path.get("verdict") or "cannot_tell"
    look = {"scalable": "first", "non_scalable": "second"}.get(verdict, "third")
    if value.low is not None and value.high is not None:
        drawing.line(
            x(value.low), y, x(value.high), y, f"{look}-line", stroke_width=3, stroke_linecap="round"
        )
    drawing.circle(x(value.mean), y, 6, f"{look} gap", stroke_width=1.5)
    drawing.text(frame.right + 14, y - 2, VERDICTS.get(verdict, verdict), look, size=13.5, bold=True)
    drawing.text(frame.right + 14, y + 14, text(value, decimals([value]), signed=True), "soft", size=12)
