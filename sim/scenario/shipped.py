"""The scenarios that come with the program: where they are, what they are called, how their stories begin."""

from __future__ import annotations

from pathlib import Path

from sim.shipped_files import shipped_file

SUFFIX = ".yaml"


def scenarios_folder() -> Path:
    """Folder of the shipped scenarios: that of the source tree, or the copy in an installed package."""
    return shipped_file("scenarios")


def names(folder: Path | None = None) -> list[str]:
    """Names of the scenarios in a folder, the base first."""
    found = sorted(path.stem for path in (folder or scenarios_folder()).glob(f"*{SUFFIX}"))
    return sorted(found, key=lambda name: name != "base")


def shipped() -> dict[str, str]:
    """Names of the shipped scenarios, each with the first sentence of its story."""
    return {name: story(scenarios_folder() / f"{name}{SUFFIX}") for name in names()}


def story(path: Path) -> str:
    """First sentence of the comment that opens a scenario file."""
    lines = []
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        if not line.startswith("#"):
            break
        if not line.startswith("# yaml-language-server"):
            lines.append(line.lstrip("# ").strip())
    text = " ".join(lines)
    return text.split(". ")[0].rstrip(".") + "." if text else ""
