"""Pages as self-contained HTML: no script, no font and no picture from outside, light and dark, fit to print.

Numbers that come from a result are written with the result's own digits beside the rounded ones, as
``<data value="...">``, so that a program can read from the page what a person sees.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from sim.report.numbers import Value, text
from sim.report.page import Table

# Contrast of text on its ground is at least 4.5 to 1 in both themes (WCAG 2.2, level AA).
STYLE = """
:root{color-scheme:light dark;--ink:#1f2328;--soft:#59636e;--line:#d0d7de;--ground:#fff;
--tint:#f3f5f7;--mark:#0a5c92}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--line:#30363d;--ground:#0d1117;
--tint:#161b22;--mark:#56b4e9}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:210mm;padding:10mm;background:var(--ground);color:var(--ink);
font:10.5pt/1.42 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans",
"Noto Sans CJK SC",sans-serif}
h1{font-size:19pt;line-height:1.2;margin:0 0 2mm}h2{font-size:12pt;margin:5mm 0 1.5mm;color:var(--mark)}
p,ul,ol{margin:0 0 2mm}li{margin-bottom:1mm}.soft{color:var(--soft)}.small{font-size:8.5pt}
.verdict{border-left:1.5mm solid var(--mark);background:var(--tint);padding:3mm 4mm;margin:3mm 0}
.verdict p{font-size:12.5pt;margin:0}
.columns{display:grid;grid-template-columns:1fr 1fr;gap:0 7mm}
@media (max-width:640px){.columns{grid-template-columns:1fr}body{padding:5mm}}
figure{margin:2mm 0 3mm}figure svg{width:100%;height:auto;display:block}
table{border-collapse:collapse;width:100%;font-size:8.5pt;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:600;padding:1mm 0}
th,td{padding:.6mm 1.5mm;border-bottom:1px solid var(--line);text-align:right;vertical-align:top}
th{font-weight:600;color:var(--soft)}.w{text-align:left;overflow-wrap:anywhere}.strong td{font-weight:600}
.faint td{color:var(--soft)}
details{margin:1mm 0 3mm}summary{cursor:pointer;color:var(--mark);font-size:8.5pt}
code{font:8.5pt/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
footer{border-top:1px solid var(--line);margin-top:5mm;padding-top:2mm}
:focus-visible{outline:2px solid var(--mark);outline-offset:2px}
.scroll{overflow-x:auto}
.narrow{columns:2;column-gap:7mm}
@media (max-width:640px){.narrow{columns:1}}
@page{size:A4;margin:10mm 12mm}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--line:#999;--ground:#fff;--tint:#f2f2f2;
--mark:#000}body{padding:0;max-width:none;font-size:8.3pt;line-height:1.3}h1{font-size:15pt}
h2{font-size:10pt;margin:2.5mm 0 .8mm}.verdict{padding:2mm 3mm;margin:1.5mm 0}.verdict p{font-size:9.5pt}
.small,table,code{font-size:7pt}li{margin-bottom:.4mm}p,ul,ol{margin-bottom:1mm}figure{margin:1mm 0}
.next{break-before:page}figure,.verdict,li,tr{break-inside:avoid}details:not([open]){display:none}
figure svg{max-height:96mm}.next figure svg{max-height:46mm}th,td{padding:.2mm 1.5mm}
footer{margin-top:1.5mm;padding-top:1mm}footer h2{margin-top:0}}
""".strip()


def document(title: str, body: Iterable[str], *, language: str = "en") -> str:
    """Return a whole document.

    Parameters
    ----------
    title
        Title, as plain text.
    body
        Parts of the body, as HTML.
    language
        Language of its words, as a BCP 47 tag.
    """
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def element(tag: str, words: str, *, css: str = "") -> str:
    """Return an element around plain text."""
    return wrap(tag, escape(words), css=css)


def wrap(tag: str, inner: str, *, css: str = "") -> str:
    """Return an element around HTML."""
    look = f' class="{escape(css)}"' if css else ""
    return f"<{tag}{look}>{inner}</{tag}>"


def number(value: Value, place: str, *, signed: bool = False, digits: float | None = None) -> str:
    """Return a value with its interval and unit, and where its digits stand in the result.

    Parameters
    ----------
    value
        What is shown.
    place
        Dotted path of the mean in the result.
    signed
        Write a plus sign too.
    digits
        The result's own number, where what is shown was scaled; that of ``value`` if None.
    """
    own = value.mean if digits is None else digits
    shown = escape(text(value, signed=signed, unit=True))
    return f'<data value="{own!r}" data-from="{escape(place)}">{shown}</data>'


def figure(drawing: str, table: str, summary: str) -> str:
    """Return a drawing with the table of its numbers folded behind it."""
    inline = drawing.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return f"<figure>\n{inline}</figure>\n<details><summary>{escape(summary)}</summary>\n{table}\n</details>"


def table_html(found: Table) -> str:
    """Return a table, its notes below it."""
    heads = "".join(
        f'<th scope="col"{_words(column.words)}>{escape(column.title)}'
        f"{f'<br>{escape(column.unit)}' if column.unit else ''}</th>"
        for column in found.columns
    )
    rows = []
    for row in found.rows:
        cells = "".join(
            f"<td{_words(column.words)}>{escape(cell)}</td>"
            for cell, column in zip(row.cells, found.columns, strict=True)
        )
        look = "" if row.weight == "plain" else f' class="{row.weight}"'
        rows.append(f"<tr{look}>{cells}</tr>")
    notes = "".join(element("p", note, css="soft small") for note in found.notes)
    return (
        f'<div class="scroll"><table><caption>{escape(found.title)}</caption><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{notes}"
    )


def _words(are_words: bool) -> str:
    return ' class="w"' if are_words else ""
