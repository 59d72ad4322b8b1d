"""The results of a sweep as one number: equal if and only if every byte of every row is."""

from __future__ import annotations

import hashlib

from sim.experiment.sweep import open_sweep


def digest(folder) -> str:
    """Hash of all tables, in the order of the design."""
    found = hashlib.sha256()
    swept = open_sweep(folder)
    for name in swept.manifest["tables"]:
        table = swept.table(name)
        found.update(f"{name} {list(table.columns)} {[str(kind) for kind in table.dtypes]}".encode())
        for column in table.columns:
            values = table[column]
            raw = values.to_numpy().tobytes() if values.dtype.kind in "fiub" else "\0".join(values).encode()
            found.update(raw)
    found.update(swept.design().to_csv().encode())
    return found.hexdigest()
