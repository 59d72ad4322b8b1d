"""How the pages look beyond the theme: denser, readable at 1280x720, focus always visible."""

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
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
</style>
"""

CURRENT = "38, 132, 200"
GHOST = "138, 143, 152"
SECOND = "213, 94, 0"
THIRD = "0, 158, 115"
"""Blue, grey, vermilion and bluish green: told apart by colour-blind eyes, legible on white and black (Okabe
and Ito, 2008, https://jfly.uni-koeln.de/color/). Dash, marker and name differ too."""
