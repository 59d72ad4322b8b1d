"""Files that come with the program: at the top of a source tree, or copied into an installed package."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_file(*place: str) -> Path:
    """Return the path of a file or folder that comes with the program.

    Parameters
    ----------
    place
        Where it lies in the source tree, from the top; an installed package has it by its last name alone.
    """
    top = _PACKAGE.parent
    in_source_tree = (top / "scenarios" / "base.yaml").is_file()
    return top.joinpath(*place) if in_source_tree else _PACKAGE / "_data" / place[-1]
