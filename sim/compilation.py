"""Where compiled code is cached, and whether it still has to be compiled."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

_PACKAGE = Path(__file__).parent
_COMPILED_FILES = ("flow/kernel.py", "market/trade.py")
"""Every file that holds compiled code, or constants that compiled code reads; a test looks for others."""
_VARIABLE = "NUMBA_CACHE_DIR"


def source_stamp(package: Path = _PACKAGE) -> str:
    """Return a short hash of every source file that compiled code can depend on.

    Parameters
    ----------
    package
        Folder of the package.
    """
    digest = hashlib.sha256(sys.version.encode())
    for name in _COMPILED_FILES:
        path = package / name
        digest.update(name.encode())
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:16]


def _cache_home() -> Path:
    home = os.environ.get("XDG_CACHE_HOME")
    return Path(home) if home else Path.home() / ".cache"


def prepare_cache() -> None:
    """Point Numba at a cache folder of this version's own, unless the user has chosen one.

    Falls back to the temporary folder where the home folder cannot be written.
    """
    if os.environ.get(_VARIABLE):
        return
    stamp = source_stamp()
    for base in (_cache_home(), Path(tempfile.gettempdir())):
        folder = base / "channelsim" / f"compiled-{stamp}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            os.environ[_VARIABLE] = str(folder)
            return


def is_compiled() -> bool:
    """Say whether the cache folder in use already holds compiled functions."""
    folder = os.environ.get(_VARIABLE)
    return folder is not None and any(Path(folder).rglob("*.nbi"))
