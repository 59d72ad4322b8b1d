"""From a network's description to the flat arrays both engines read.

A ``Plan`` belongs to one start of one network. The compiled engine runs on its arrays; the reference engine
reads laws, draws' keys and routes from it, and keeps its own state. What does not depend on the seed is laid
out once and kept with the network until its description changes: tables of recorded values are large.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.flow import kernel as k
from sim.flow.errors import NetworkError, unknown
from sim.flow.laws import (
    Deterministic,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Law,
    Lognormal,
    Recorded,
    Uniform,
)
from sim.flow.network import Network
from sim.flow.nodes import DEFAULT_CLASS, Node, check_classes
from sim.flow.rates import PiecewiseRate, Timetable
from sim.flow.routes import Branch, ByClass, ByRecord, resolve

KINDS = {"source": k.SOURCE, "station": k.STATION, "delay": k.DELAY, "gate": k.GATE}
KINDS |= {"shelf": k.SHELF, "stock": k.STOCK, "sink": k.SINK}
UNLIMITED = 2**62
KEYS = ("key_time", "key_to", "key_other", "key_patience", "key_leave")


def hash64(*words: object) -> int:
    """64 bits that depend on every word and on their order, the same on every machine."""
    text = "\x1f".join(str(word) for word in words)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def node_keys(name: str) -> list[int]:
    """Keys of a node's draws, one per purpose in the order of ``KEYS``."""
    digest = hashlib.blake2b(f"node\x1f{name}".encode(), digest_size=8 * len(KEYS)).digest()
    return [int.from_bytes(digest[i : i + 8], "little") for i in range(0, len(digest), 8)]


def seed_text(seed: Any) -> str:
    """Turn a seed into the text that enters every key.

    Parameters
    ----------
    seed : int or numpy.random.SeedSequence
        A whole number >= 0 of any size, or a (spawned) seed sequence.
    """
    if isinstance(seed, np.random.SeedSequence):
        return "sequence " + " ".join(str(word) for word in seed.generate_state(4, np.uint64))
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise NetworkError(f"seed must be a whole number >= 0 or a numpy SeedSequence, got {seed!r}")
    return f"seed {int(seed)}"


class Pool:
    """A growing one-dimensional array in which tables are laid end to end."""

    def __init__(self, dtype: Any) -> None:
        self.parts: list[NDArray[Any]] = []
        self.size = 0
        self.dtype = dtype

    def add(self, values: Any) -> int:
        """Append a table and return where it begins."""
        part = np.asarray(values, dtype=self.dtype).ravel()
        self.parts.append(part)
        self.size += part.size
        return self.size - part.size

    def array(self) -> NDArray[Any]:
        """Everything so far; never empty, because compiled code wants an address."""
        return np.concatenate([*self.parts, np.zeros(1, self.dtype)])


class Plan:
    """Flat arrays of one network with one seed; see :meth:`of`.

    Attributes
    ----------
    names, classes : tuple of str
        Nodes and entity classes in the order of their codes.
    nodes, drivers, laws, routes : structured arrays
        Records of ``kernel.NODE``, ``DRIVER``, ``LAW``, ``ROUTE``.
    table, cumulative, targets : arrays
        Pools that laws, rates and routes point into.
    rows : tuple of str
        Names of the counted rows.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._described = _description(network)
        self.names = tuple(network.nodes)
        self.index = {name: i for i, name in enumerate(self.names)}
        self.classes = network.class_names()
        self.class_code = {name: i for i, name in enumerate(self.classes)}
        self.rows = tuple(dict.fromkeys(network.groups.values()))
        self.row_of = {name: i for i, name in enumerate(self.rows)}
        self._laws: list[tuple[Any, ...]] = []
        self._routes: list[tuple[Any, ...]] = []
        self._drivers: list[np.ndarray] = []
        self._table, self._cumulative, self._targets = Pool(np.float64), Pool(np.float64), Pool(np.int32)
        self._law_rows: dict[int, int] = {}
        self._recorded: dict[int, list[NDArray[np.float64]]] = {}
        self._sources = {self.index[node.name] for node in network.nodes.values() if node.kind == "source"}
        self._check(network)
        self.exits: dict[tuple[int, str], set[int]] = {}
        self.nodes = np.zeros(len(self.names), k.NODE)
        hists = 0
        for i, node in enumerate(network.nodes.values()):
            self._fill(i, node)
            if node.kind in ("station", "gate", "stock"):
                self.nodes[i]["hist"] = hists
                hists += 1
        self.hists = hists
        self._ages(network)
        self.laws = _records(self._laws, k.LAW)
        self._lay_recorded()
        self.routes = _records(self._routes, k.ROUTE)
        self.drivers = np.concatenate([*self._drivers, np.zeros(1, k.DRIVER)])
        self.table, self.cumulative, self.targets = (
            self._table.array(),
            self._cumulative.array(),
            self._targets.array(),
        )
        self._table, self._cumulative, self._targets = Pool(np.float64), Pool(np.float64), Pool(np.int32)
        self._recorded = {}
        self.nodes["cyclic"] = self.cyclic()
        self._shares_routes = True

    @classmethod
    def of(cls, network: Network, seed: Any) -> Plan:
        """Plan of a network for one start.

        Parameters
        ----------
        network : Network
            What is to run.
        seed : int or numpy.random.SeedSequence
            What its luck hangs on.

        Raises
        ------
        NetworkError
            When the description contradicts itself, or the seed is none.
        """
        kept = network.kept_plan
        if kept is None or not _same(kept._described, _description(network)):
            kept = network.kept_plan = cls(network)
            del kept.network  # or the two would keep each other in memory
        plan = copy.copy(kept)
        plan.network = network
        plan._seed(seed_text(seed))
        return plan

    def _seed(self, seed: str) -> None:
        """Take what a run writes to for its own, and set the keys that depend on the seed."""
        self.nodes, self.drivers, self.exits = self.nodes.copy(), self.drivers.copy(), self.exits.copy()
        names = [self.names[i] for i in self.drivers["node"][:-1].tolist()]
        self.drivers["luck"][:-1] = [hash64(seed, "source", name) for name in names]
        self.drivers["key"][:-1] = [hash64(seed, "clock", name) for name in names]

    def _check(self, network: Network) -> None:
        """Check what spans nodes, apart from routes, which are checked as they are resolved."""
        if not self._sources:
            raise NetworkError("a network needs at least one source")
        for node in network.nodes.values():
            if node.kind != "sink" and node.to is None:
                raise NetworkError(f"{node.kind} {node.name!r}: to must be a route")
            for law in (node.law, node.patience):
                check_classes(law, self.classes, f"{node.kind} {node.name!r}")
        for name in (*network.groups, *network.ages):
            if name not in self.index:
                raise unknown("node", name, self.index)
        for name, row in network.groups.items():
            if row != name and row in self.index:
                raise NetworkError(f"group {row!r} has the name of a node")

    def _fill(self, i: int, node: Node) -> None:
        """Write one node's record."""
        record = self.nodes[i]
        record["kind"] = KINDS[node.kind]
        for field in ("head", "tail", "hist", "age", "watch", "driver", "timer", "patience"):
            record[field] = -1
        record["row"] = self.row_of.get(self.network.groups.get(node.name, ""), -1)
        record["servers"] = node.servers
        if node.kind == "delay":
            record["servers"] = UNLIMITED
        elif node.kind == "gate":
            record["servers"] = UNLIMITED if node.capacity is None else node.capacity
        record["limit"] = UNLIMITED if node.limit is None else node.limit
        record["backorder"] = node.backorder
        for field, key in zip(KEYS, node_keys(node.name), strict=True):
            record[field] = key
        if node.law is not None:
            record["law"], record["law_stride"] = self._law_base(node.law)
        if node.patience is not None:
            record["patience"], record["patience_stride"] = self._law_base(node.patience)
        if node.kind != "sink":
            for field, route in (("to", node.to), ("other", node.other), ("leave", node.leave)):
                record[field], record[field + "_stride"] = self._route_base(i, field, route)
        if node.kind in ("source", "gate") or node.shifts is not None:
            record["driver"] = len(self._drivers)
            self._drivers.append(self._driver(i, node))

    # --- laws -----------------------------------------------------------------------------------------------
    def _law_base(self, law: Any) -> tuple[int, int]:
        """First row and stride of a law or of one law per class."""
        if isinstance(law, ByClass):
            rows = [self._law_record(law.choices[name]) for name in self.classes]
            base = len(self._laws)
            self._laws.extend(rows)
            return base, 1
        if id(law) not in self._law_rows:
            self._law_rows[id(law)] = len(self._laws)
            self._laws.append(self._law_record(law))
        return self._law_rows[id(law)], 0

    def _law_record(self, law: Law) -> tuple[Any, ...]:
        """Kind, width, a, b, offset, length and stride of one law."""
        if isinstance(law, Exponential):
            return (k.L_EXPONENTIAL, 0, law.mean, 0.0, 0, 0, 0)
        if isinstance(law, Deterministic):
            return (k.L_DETERMINISTIC, 0, law.value, 0.0, 0, 0, 0)
        if isinstance(law, Uniform):
            return (k.L_UNIFORM, 0, law.low, law.high - law.low, 0, 0, 0)
        if isinstance(law, Lognormal):
            return (k.L_LOGNORMAL, 0, law.mu, law.sigma, 0, 0, 0)
        if isinstance(law, Erlang):
            return (k.L_ERLANG, 0, law.mean / law.k, 0.0, 0, law.k, 0)
        if isinstance(law, Gamma):
            return (k.L_GAMMA, 0, law.cv**-2, law.mean * law.cv**2, 0, 0, 0)
        if isinstance(law, Hyperexponential):
            phases = np.concatenate([np.cumsum(law.probabilities), law.means])
            return (k.L_HYPER, 0, 0.0, 0.0, self._table.add(phases), len(law.means), 0)
        if isinstance(law, Recorded):
            values = law.values.reshape(len(law.values), -1)
            recorded = self._recorded.setdefault(len(values), [])
            recorded.append(values)
            before = sum(other.shape[1] for other in recorded[:-1])
            return (k.L_RECORDED, values.shape[1], 0.0, 0.0, before, len(values), 0)
        raise NetworkError(f"no engine samples the law {law!r}")

    def _lay_recorded(self) -> None:
        """Lay recorded tables of equal length side by side, so that one entity's values are neighbours."""
        for n, tables in self._recorded.items():
            block = np.concatenate(tables, axis=1)
            of_these = (self.laws["kind"] == k.L_RECORDED) & (self.laws["n"] == n)
            self.laws["off"][of_these] += self._table.add(block)
            self.laws["stride"][of_these] = block.shape[1]

    # --- routes ---------------------------------------------------------------------------------------------
    def _route_base(self, i: int, field: str, route: Any) -> tuple[int, int]:
        """First row and stride of a route."""
        base = len(self._routes)
        if route is None or (isinstance(route, str) and route in self.index):
            # The common case, without the detour: networks may have thousands of nodes.
            target = -1 if route is None else self.index[route]
            self._routes.append((k.R_ONE, target, 0, 0, 0, 0))
            targets, stride = {target} - {-1}, 0
        else:
            branches = resolve(route, self.index, self.classes, repr(self.names[i]))
            self._routes.extend(self._route_record(branch) for branch in branches)
            distinct = {id(branch): branch for branch in branches}.values()  # classes share branches
            targets = {t for branch in distinct for t in branch.targets.tolist() if t >= 0}
            stride = 0 if len(branches) == 1 else 1
        if not self._sources.isdisjoint(targets):
            source = self.names[min(self._sources & targets)]
            raise NetworkError(f"{self.names[i]!r}: nothing can go to the source {source!r}")
        self.exits[i, field] = targets
        return base, stride

    def _route_record(self, branch: Branch) -> tuple[Any, ...]:
        """Kind, target, offset, length, width and room of one route."""
        if branch.record is not None:
            choices = branch.record.reshape(len(branch.record), -1)
            off = self._targets.add(branch.targets[choices])
            self._cumulative.add(np.zeros(choices.size))
            return (k.R_RECORD, 0, off, choices.shape[0], choices.shape[1], 0)
        if branch.cumulative is None:
            return (k.R_ONE, int(branch.targets[0]), 0, 0, 0, 0)
        off = self._targets.add(branch.targets)
        self._cumulative.add(branch.cumulative)
        return (k.R_ODDS, 0, off, len(branch.targets), 0, len(branch.targets))

    def change_route(self, i: int, exit: str, branches: Sequence[Branch]) -> bool:
        """Replace a route of a running flow; True when an array had to be replaced by another one.

        Probabilities over as many targets as before are written in place. Anything else is laid at the end
        of the pools, which are compacted by nothing: such changes are rare and short.
        """
        node = self.nodes[i]
        stride = 0 if len(branches) == 1 else 1
        grown = self._shares_routes
        if grown:
            self.routes, self._shares_routes = self.routes.copy(), False
            self.targets, self.cumulative = self.targets.copy(), self.cumulative.copy()
        if stride != node[exit + "_stride"]:
            grown = True
            node[exit], node[exit + "_stride"] = len(self.routes), stride
            self.routes = np.concatenate([self.routes, np.zeros(len(branches), k.ROUTE)])
        for j, branch in enumerate(branches):
            row = self.routes[int(node[exit]) + j]
            size = len(branch.targets)
            if branch.cumulative is not None and size <= row["room"]:
                row["kind"], row["n"] = k.R_ODDS, size
                self.targets[row["off"] : row["off"] + size] = branch.targets
                self.cumulative[row["off"] : row["off"] + size] = branch.cumulative
            elif branch.cumulative is None and branch.record is None:
                row["kind"], row["target"] = k.R_ONE, branch.targets[0]
            else:
                grown = True
                self._targets, self._cumulative = Pool(np.int32), Pool(np.float64)
                self._targets.add(self.targets)
                self._cumulative.add(self.cumulative)
                self.routes[int(node[exit]) + j] = self._route_record(branch)
                self.targets, self.cumulative = self._targets.array(), self._cumulative.array()
        return grown

    # --- drivers --------------------------------------------------------------------------------------------
    def _driver(self, i: int, node: Node) -> np.ndarray:
        """Record of what moves a source, a gate or the shifts of a station."""
        out = np.zeros(1, k.DRIVER)
        driver = out[0]
        driver["node"] = i
        driver["cls_key"] = hash64("node", node.name, "class")
        if node.kind == "source":
            self._source(driver, node)
        elif node.kind == "gate":
            self._gate(driver, node)
        elif node.shifts is not None:
            self._cycle(driver, k.D_SHIFTS, node.shifts.times, node.shifts.period, node.shifts.servers)
            driver["ordinal"] = 1
        return out

    def _source(self, driver: Any, node: Node) -> None:
        rate = node.rate
        if rate is None:
            driver["kind"] = k.D_HANDED
        elif isinstance(rate, PiecewiseRate):
            integral = rate.integral()
            starts = integral[: len(rate.times)]
            self._cycle(driver, k.D_PIECEWISE, rate.times, rate.period or 0.0, [*starts, *rate.rates])
            driver["total"] = integral[-1]
        elif isinstance(rate, Law):
            driver["kind"] = k.D_RENEWAL
            driver["law"] = self._law_base(rate)[0]
        else:
            driver["kind"] = k.D_POISSON
            driver["a"] = rate
        self._class_choice(driver, node.entity_class)

    def _class_choice(self, driver: Any, choice: Any) -> None:
        if choice is None or isinstance(choice, str):
            default = self.classes[0] if len(self.classes) == 1 else DEFAULT_CLASS
            known = driver["kind"] != k.D_HANDED or choice is not None or len(self.classes) == 1
            driver["cls"] = self.class_code[choice or default] if known else -1
        elif isinstance(choice, ByRecord):
            codes = np.array([self.class_code[name] for name in choice.names])[choice.choices]
            driver["cls_kind"], driver["cls_n"] = k.C_RECORD, codes.size
            driver["cls_off"] = self._targets.add(codes)
            self._cumulative.add(np.zeros(codes.size))
        else:
            odds = np.zeros(len(self.classes))
            for name, share in choice.items():
                odds[self.class_code[name]] = share
            cumulative = np.cumsum(odds)
            cumulative[np.flatnonzero(odds)[-1] :] = 1.0
            driver["cls_kind"], driver["cls_n"] = k.C_ODDS, odds.size
            driver["cls_off"] = self._cumulative.add(cumulative)
            self._targets.add(np.zeros(odds.size))

    def _gate(self, driver: Any, node: Node) -> None:
        if isinstance(node.every, Timetable):
            self._cycle(driver, k.D_TIMETABLE, node.every.times, node.every.period, [])
            return
        driver["b"] = node.offset
        if isinstance(node.every, Law):
            driver["kind"] = k.D_HEADWAY
            driver["law"] = self._law_base(node.every)[0]
        else:
            driver["kind"] = k.D_EVERY
            driver["a"] = node.every

    def _cycle(
        self, driver: Any, kind: int, times: Sequence[float], period: float, values: Sequence[float]
    ) -> None:
        driver["kind"], driver["n"], driver["period"] = kind, len(times), period
        driver["off"] = self._table.add([*times, *values])

    # --- ages and cycles ------------------------------------------------------------------------------------
    def _ages(self, network: Network) -> None:
        """Rows of the age histograms and their exact limits."""
        limits = Pool(np.float64)
        rows = []
        for row, (name, within) in enumerate(network.ages.items()):
            self.nodes[self.index[name]]["age"] = row
            rows.append((limits.add(within), len(within)))
        self.age_names = tuple(network.ages)
        self.age_rows = _records(rows, k.AGE)
        self.limits = limits.array()

    def cyclic(self) -> NDArray[np.int32]:
        """Flag the nodes an entity can come back to: only there visits have to be counted."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        pairs = [(i, t) for (i, _), targets in self.exits.items() for t in targets]
        n = len(self.names)
        if not pairs:
            return np.zeros(n, np.int32)
        ends = np.array(pairs)
        graph = coo_array((np.ones(len(ends), np.int8), (ends[:, 0], ends[:, 1])), shape=(n, n))
        _, label = connected_components(graph, directed=True, connection="strong")
        flags = np.bincount(label)[label] > 1
        flags[ends[ends[:, 0] == ends[:, 1], 0]] = True
        return flags.astype(np.int32)


def _description(network: Network) -> tuple[Any, ...]:
    """What the arrays of a network are made from."""
    parts = (network.groups, network.ages, network.declared_classes)
    return (tuple(network.nodes.values()), *(tuple(part.items()) for part in parts[:2]), tuple(parts[2]))


def _same(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """Tell whether two descriptions are equal; nodes are only replaced, never changed."""
    nodes, others = one[0], other[0]
    return (
        len(nodes) == len(others)
        and all(a is b for a, b in zip(nodes, others, strict=True))
        and one[1:] == other[1:]
    )


def _records(rows: list[tuple[Any, ...]], dtype: Any) -> np.ndarray:
    """Structured array of the rows, with one spare row so it is never empty."""
    out = np.zeros(len(rows) + 1, dtype)
    out[:-1] = rows
    return out
