"""How the pages look beyond the theme: denser, readable at 1280x720 and on a tablet, focus always visible.

How wide the part beside the sidebar is decides how it is laid out, so that it does not matter whether the
sidebar is open. Rows that hold controls wrap before a name is cut; charts that stand side by side stack.
"""

STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 3.9rem 1.4rem 1rem 1.4rem; max-width: 1600px; }
[data-testid="stSidebarContent"] [data-testid="stSidebarHeader"] { height: 2.2rem; margin-bottom: 0; }
[data-testid="stSidebar"][aria-expanded="true"] { min-width: 305px; max-width: 305px; }
[data-testid="stSidebarUserContent"] { padding: 0 0.9rem 0.6rem 0.9rem; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.1rem; }
[data-testid="stSidebarUserContent"] [data-testid="stSliderTickBar"] { display: none; }
[data-testid="stSidebar"] [data-testid="stPopover"] button { padding: 0; min-height: 0; min-width: 1.6rem; }
[data-testid="stSidebar"] [data-testid="stPopover"] button * { overflow: visible; text-overflow: clip; }
[data-testid="stSidebar"] [data-testid="stPopover"] [data-testid="stIconMaterial"] { display: none; }
[data-testid="stMain"] [data-testid="stVerticalBlock"] { gap: 0.5rem; }
[data-testid="stMain"] h1 { font-size: 1.02rem; font-weight: 600; padding: 0.35rem 0 1rem 0; }
[data-testid="stMain"] h3 { font-size: 1.24rem; line-height: 1.32; padding: 0 0 1rem 0; }
[data-testid="stMain"] h4 { font-size: 0.98rem; padding: 0 0 1rem 0; }
[data-testid="stMain"] table { font-size: 0.86rem; font-variant-numeric: tabular-nums; }
:focus-visible { outline: 3px solid #D55E00 !important; outline-offset: 2px; }
[data-testid="stMain"] { container: main / inline-size; }
[data-testid="stMain"] [data-testid="stColumn"]:has(> * > :only-child > :is(.stButton, .stPopover)),
.st-key-strip [data-testid="stColumn"] { min-width: min-content; }
.st-key-title-row [data-testid="stHorizontalBlock"] { flex-wrap: nowrap; }
.stCheckbox .stMarkdownEllipsis { white-space: normal; }
[data-testid="stFileUploaderDropzoneInstructions"] { display: none; }
@container main (max-width: 900px) {
  .st-key-title-row [data-testid="stHorizontalBlock"] { flex-wrap: wrap; gap: 0.2rem 0.4rem; }
  .st-key-title-row [data-testid="stColumn"]:first-child { min-width: 100%; }
  .st-key-title-row button { padding-left: 0.5rem; padding-right: 0.5rem; }
  .st-key-strip [data-testid="stColumn"] { min-width: calc(25% - 1rem); }
}
@container main (max-width: 800px) {
  [data-testid="stHorizontalBlock"]:has([data-testid="stPlotlyChart"]) > [data-testid="stColumn"] {
    min-width: 100%; }
  [data-testid="stHorizontalBlock"]:not(:has(h4)) > [data-testid="stColumn"]:has(
    > * > * > :is(.stSelectbox, .stTextInput, .stNumberInput)) { min-width: 11rem; }
  [data-testid="stMain"] [data-testid="stMarkdownContainer"]:has(> table) { overflow-x: auto; }
  [data-testid="stMain"] :is(th, td) { padding: 0.25rem 0.4rem; }
}
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
</style>
"""

CURRENT = "38, 132, 200"
GHOST = "138, 143, 152"
SECOND = "213, 94, 0"
THIRD = "0, 158, 115"
"""Blue, grey, vermilion and bluish green: told apart by colour-blind eyes, legible on white and black (Okabe
and Ito, 2008, https://jfly.uni-koeln.de/color/). Dash, marker and name differ too."""
