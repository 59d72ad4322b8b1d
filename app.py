"""The pages, for ``channelsim ui``: navigation and nothing else. Every page is a file in ``sim/ui/pages``."""

import streamlit as st

from sim.ui.pages import FIRST, pages
from sim.ui.session import first_page


def main() -> None:
    """Draw the page that was asked for."""
    st.set_page_config(page_title="channelsim", page_icon="💡", layout="wide")
    found = {}
    for name, module in pages().items():
        place = "" if name == FIRST else name
        found[name] = st.Page(module.draw, title=module.title(), url_path=place, default=name == FIRST)
    chosen = st.navigation(list(found.values()), position="top")
    wanted = first_page()
    if wanted in found and chosen is found[FIRST] and wanted != FIRST:
        st.switch_page(found[wanted])
    chosen.run()


main()
