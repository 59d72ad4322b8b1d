"""Summaries kept on disk under the name of what determines them."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from sim.experiment.files import as_json, write_whole
from sim.experiment.jobs import Summary

DEFAULT_FOLDER = Path("results") / ".cache"
DEFAULT_BYTES = 200_000_000


@lru_cache(maxsize=1)
def sources_stamp() -> str:
    """Return a hash of the model's source files: any change of the model gives its runs another name."""
    package = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0]
        if room not in ("cli", "ui", "report", "experiment"):
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class RunCache:
    """Content-addressed store of summaries.

    Parameters
    ----------
    folder
        Where to keep them.
    max_bytes
        When the files of this version exceed this, the oldest go until three quarters are left.
    version
        Version of the model; files of other versions are neither read nor counted.
    """

    def __init__(
        self,
        folder: Path | str = DEFAULT_FOLDER,
        *,
        max_bytes: int = DEFAULT_BYTES,
        version: str | None = None,
    ) -> None:
        self.folder = Path(folder) / (version or sources_stamp())
        self.max_bytes = max_bytes
        self._size: int | None = None

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.json"

    def get(self, key: str) -> Summary | None:
        """Return a kept summary; None where there is none or its file is damaged."""
        try:
            data = json.loads(self._path(key).read_bytes())
            return Summary(**data | {name: tuple(data.get(name, ())) for name in ("funnel", "weeks")})
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None

    def put(self, key: str, summary: Summary) -> None:
        """Keep a summary."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        content = as_json(summary.as_dict()).encode()
        write_whole(path, content)
        self._size = self._measured() if self._size is None else self._size + len(content)
        if self._size > self.max_bytes:
            self._shrink()

    def _files(self) -> list[Path]:
        return [path for path in self.folder.glob("*/*.json") if not path.name.startswith(".")]

    def _measured(self) -> int:
        return sum(path.stat().st_size for path in self._files())

    def _shrink(self) -> None:
        aged = sorted((path.stat().st_mtime_ns, path.stat().st_size, path) for path in self._files())
        size = sum(item[1] for item in aged)
        for _, length, path in aged:
            if size <= self.max_bytes * 3 // 4:
                break
            path.unlink(missing_ok=True)
            size -= length
        self._size = size
