"""The pages, one file each. A file that is put here and named in :data:`ORDER` appears in the navigation.

Each has ``title()`` (its name in the navigation, in the language of the page) and ``draw()``.
"""

from __future__ import annotations

import importlib
import importlib.util
from types import ModuleType

FIRST = "decide"
ORDER = (
    FIRST,
    "scale",
    "compare",
    "claims",
    "sensitivity",
    "flow",
    "books",
    "assumptions",
    "sweeps",
    "lesson",
)
"""Pages in the order of the navigation; those that do not exist are left out."""


def pages() -> dict[str, ModuleType]:
    """Return the modules of the pages that exist, by name, in the order of the navigation."""
    return {
        name: importlib.import_module(f"sim.ui.pages.{name}")
        for name in ORDER
        if importlib.util.find_spec(f"sim.ui.pages.{name}") is not None
    }
