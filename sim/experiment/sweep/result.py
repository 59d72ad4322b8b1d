"""A sweep as it is found on disk: its tables, as far as it has come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.errors import ExperimentError
from sim.experiment.metrics import unit_of
from sim.experiment.statistics import estimate
from sim.experiment.sweep.blocks import DONE, FAILED
from sim.experiment.sweep.manifest import DESIGN, read_manifest
from sim.experiment.sweep.parts import database, parts_in
from sim.experiment.sweep.rows import RUNS
from sim.experiment.sweep.shard import WHOLE, Shard
from sim.experiment.sweep.store import PARTS

if TYPE_CHECKING:
    import pandas as pd

INTERRUPTED, TOO_MANY_FAILURES = "interrupted", "too many failures"


@dataclass(frozen=True)
class Swept:
    """A sweep's folder, read only.

    Attributes
    ----------
    folder
        Where it is.
    manifest
        What was asked for, and with which model.
    stopped
        Why the session that gives this ended early; empty where it did not.
    simulated
        Runs simulated in that session.
    spans
        For an adaptive design over one parameter: where the figure crosses its border, or turns.
    shard
        Share of the runs that the session was asked for.
    """

    folder: Path
    manifest: Mapping[str, Any]
    stopped: str = ""
    simulated: int = 0
    spans: tuple[tuple[float, float], ...] = ()
    shard: Shard = WHOLE

    @property
    def parameters(self) -> list[str]:
        """Paths that the design varies."""
        return list(self.manifest["parameters"])

    @property
    def total(self) -> int:
        """Number of runs of the design as it stands; an adaptive one may still grow."""
        with database() as connection:
            row = connection.execute("SELECT count(*) FROM read_parquet($1)", [str(self.folder / DESIGN)])
            (points,) = row.fetchone() or (0,)
        return int(points) * int(self.manifest["replications"])

    def counts(self) -> dict[str, int]:
        """Return the number of runs that are done and that failed."""
        found = {DONE: 0, FAILED: 0}
        paths = self._paths(RUNS)
        if paths:
            with database() as connection:
                query = "SELECT status, count(*) FROM read_parquet($1) GROUP BY status"
                found |= {
                    str(status): int(count) for status, count in connection.execute(query, [paths]).fetchall()
                }
        return found

    def left(self) -> int:
        """Return the number of runs of the share that have not ended; an adaptive design may still grow."""
        replications = int(self.manifest["replications"])
        ended = 0
        paths = self._paths(RUNS)
        if paths:
            with database() as connection:
                query = (
                    "SELECT count(*) FROM (SELECT DISTINCT point, replication FROM read_parquet($1)) "
                    "WHERE (point::BIGINT * $2 + replication) % $3 = $4"
                )
                asked = [paths, replications, self.shard.count, self.shard.number - 1]
                (ended,) = connection.execute(query, asked).fetchone() or (0,)
        return self.shard.size(self.total) - int(ended)

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON object of ``sweep --json``."""
        counts = self.counts()
        return {
            "folder": str(self.folder),
            "scenario": self.manifest["scenario"]["name"],
            "design": self.manifest["design"]["method"],
            "parameters": self.parameters,
            "replications": self.manifest["replications"],
            "runs": self.total,
            "done": counts[DONE],
            "failed": counts[FAILED],
            "shard": str(self.shard),
            "left": self.left(),
            "simulated": self.simulated,
            "stopped": self.stopped,
            "spans": [list(span) for span in self.spans],
            "model_version": self.manifest["version"],
        }

    # --- tables -----------------------------------------------------------------------------------

    def design(self) -> pd.DataFrame:
        """Return the points: point, batch and one column per parameter."""
        with database() as connection:
            return connection.execute(
                "SELECT * FROM read_parquet($1) ORDER BY point", [str(self.folder / DESIGN)]
            ).df()

    def runs(self) -> pd.DataFrame:
        """Return one row per run: where it stands in the design, its names, how it ended."""
        return self.table(RUNS)

    def failures(self) -> pd.DataFrame:
        """Return the runs that failed, with kind, message and traceback of the error."""
        return self.table(RUNS, f"status = '{FAILED}'")

    def kpis(self, *names: str) -> pd.DataFrame:
        """Return figures in long form: one row per run and figure.

        Parameters
        ----------
        *names
            Figures wanted; all if none is named.

        Raises
        ------
        ExperimentError
            If no run has a figure that was named.
        """
        words = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
        found = self.table("kpis", f"kpi IN ({words})" if names else "")
        missing = [name for name in names if name not in set(found["kpi"])] if self._paths(RUNS) else []
        if missing:
            raise ExperimentError(f"no run of {self.folder} has the figure {missing[0]}")
        return found

    def series(self) -> pd.DataFrame:
        """Return the monthly series in long form."""
        return self.table("series")

    def ledger(self) -> pd.DataFrame:
        """Return the books: one row per pair of accounts, channel, source, layer and month."""
        return self.table("ledger")

    def orders(self) -> pd.DataFrame:
        """Return one row per order."""
        return self.table("orders")

    def table(self, name: str, where: str = "") -> pd.DataFrame:
        """Return the rows of one table, in the order of the design.

        Parameters
        ----------
        name
            Table.
        where
            Condition in SQL.

        Raises
        ------
        ExperimentError
            If the sweep does not keep that table.
        RecordError
            If a part is damaged.
        """
        import pandas as pd

        if name not in self.manifest["tables"]:
            kept = ", ".join(self.manifest["tables"])
            raise ExperimentError(f"the sweep in {self.folder} keeps no table '{name}'; it has {kept}")
        paths = self._paths(name)
        if not paths:
            from sim.experiment.sweep.rows import MEANINGS

            return pd.DataFrame(columns=[one.name for one in MEANINGS[name] if "*" not in one.name])
        with database() as connection:
            return connection.execute(
                "SELECT * EXCLUDE (filename, file_row_number) FROM read_parquet($1, union_by_name = true, "
                f"filename = true, file_row_number = true) {'WHERE ' + where if where else ''} "
                "ORDER BY point, replication, filename, file_row_number",
                [paths],
            ).df()

    def wide(self, *names: str) -> pd.DataFrame:
        """Return one row per run that ended well: point, replication, seed, parameters and figures.

        Parameters
        ----------
        *names
            Figures wanted; all if none is named.
        """
        kpis = self.kpis(*names)
        order = list(names) or list(dict.fromkeys(kpis["kpi"]))
        table = kpis.pivot(index=["point", "replication", "seed"], columns="kpi", values="value")
        table = table[order].reset_index().rename_axis(columns=None)
        points = self.design()[["point", *self.parameters]]
        joined = points.merge(table, on="point", how="inner")
        columns = ["point", "replication", "seed", *self.parameters, *order]
        return joined[columns].sort_values(["point", "replication"], ignore_index=True)

    def by_point(self, kpi: str) -> pd.DataFrame:
        """Return one figure by point: parameters, mean, ends of its 95% interval, unit and n."""
        import pandas as pd

        rows = []
        for point, values in self.kpis(kpi).groupby("point")["value"]:
            rows.append({"point": point, **estimate(list(values), unit_of(kpi)).as_dict()})
        found = pd.DataFrame(rows, columns=["point", "mean", "low", "high", "unit", "n"])
        return self.design()[["point", *self.parameters]].merge(found, on="point", how="inner")

    def _paths(self, table: str) -> list[str]:
        parts = parts_in(self.folder / PARTS)
        for part in parts:
            part.check()
        return [str(part.path(table)) for part in parts]


def open_sweep(folder: Path | str) -> Swept:
    """Open the folder of a sweep, finished or not.

    Parameters
    ----------
    folder
        What ``sweep`` has written.

    Raises
    ------
    RecordError
        If it is not the folder of a sweep or of another format.
    """
    return Swept(Path(folder), read_manifest(folder))
