"""Everything that is compiled: keyed draws, heaps, and the event loop over flat records.

All compiled functions, and all constants they read, sit in this one file, because Numba stamps a cached
function with the file that holds it and with nothing that file imports.

The state of a running flow is a handful of NumPy record arrays (the dtypes below) that Python allocates and
grows. ``advance`` processes events up to a time and returns a status code; on GROW_* Python enlarges an array
and calls again, and the loop continues in the middle of the event it left.

Pending events live in four places:

* ``heap``: 4-ary heap of services, as large as there are servers busy;
* ``stays``: 4-ary heap of delays and dwells, where many more may be waiting for far later times;
* ``timers``: indexed heap with one item per source, gate and station with shifts;
* ``alarms``: indexed heap of patience, so an entity that is served in time leaves no litter.

Order within an instant: completion, change of servers, arrival, gate departure, patience; then order of
declaration of the node; then entity key, which is (source, ordinal).
"""

# Types of compiled functions are inferred from the records they are given.
# mypy: disable-error-code="no-untyped-def, no-untyped-call"

from __future__ import annotations

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic


def _codes(n: int) -> tuple[Any, ...]:
    """Typed whole numbers; for every plain int passed on, the callee would be compiled once more."""
    return tuple(np.int64(i) for i in range(n))


# --- node kinds -------------------------------------------------------------------------------------------
SOURCE, STATION, DELAY, GATE, SHELF, STOCK, SINK = _codes(7)
# --- law kinds --------------------------------------------------------------------------------------------
L_EXPONENTIAL, L_DETERMINISTIC, L_UNIFORM, L_LOGNORMAL, L_ERLANG, L_GAMMA, L_HYPER, L_RECORDED = _codes(8)
# --- route kinds ------------------------------------------------------------------------------------------
R_ONE, R_ODDS, R_RECORD = _codes(3)
# --- driver kinds: what moves a timer ---------------------------------------------------------------------
D_POISSON, D_PIECEWISE, D_RENEWAL, D_HANDED, D_EVERY, D_HEADWAY, D_TIMETABLE, D_SHIFTS = _codes(8)
# --- how a source picks the class of an entity ------------------------------------------------------------
C_FIXED, C_ODDS, C_RECORD = _codes(3)
# --- categories of timers, in the order of an instant (completions come first, patience last) ------------
_, T_SHIFT, T_ARRIVAL, T_GATE = _codes(4)
# --- status of a call -------------------------------------------------------------------------------------
REACHED, CROSSED, GROW_ENTITIES, GROW_TRACE, GROW_VISITS, E_RECORD, E_CYCLE = _codes(7)
# --- what happened, in a trace ----------------------------------------------------------------------------
W_ARRIVE, W_ENTER, W_START, W_DEPART, W_BALK, W_ABANDON, W_OVERFLOW, W_GATE, W_SHIFT = _codes(9)
WHAT = ("arrive", "enter", "start", "depart", "balk", "abandon", "overflow", "gate", "shift")
# --- what a watch looks at --------------------------------------------------------------------------------
X_LEVEL, X_QUEUE, X_COUNT = _codes(3)
# --- commands: work that Python asks for at the current instant ------------------------------------------
NOTHING, RECEIVE, RESTAFF = _codes(3)
# --- control: whole-number scalars of a running flow ------------------------------------------------------
(
    K_HEAP,  # items in the heap of services
    K_HOLE,  # 1 while its root is spent but not yet removed
    K_STAYS,  # items in the heap of stays
    K_GAP,  # 1 while its root is spent but not yet removed
    K_FREE,  # free entity slots
    K_ALARMS,  # items in the patience heap
    K_TIMERS,  # items in the timer heap
    K_TRACE,  # rows written in the trace
    K_TRACING,  # 1 when a trace is kept
    K_EVENTS,  # events processed
    K_MOVER,  # entity in the middle of a move, -1 none
    K_TARGET,  # where it goes
    K_HOPS,  # moves it has made in this instant
    K_CROWD_NODE,  # gate or stock that is letting a crowd out
    K_CROWD_LEFT,  # how many are still to go
    K_COMMAND,
    K_COMMAND_NODE,
    K_STAFF,  # station whose queue may start on servers that have come, -1 none
    K_FIRED,  # watches fired in this call
    K_TOUCHED,  # nodes touched in this event that are watched
    K_VISITS,  # head of the free list of visit records
    K_STILL,  # completions of zero duration at this instant
    K_BAD_NODE,  # where a recorded table ran out, or a cycle of zero time
    K_BAD_ORDINAL,
    K_SIZE,
) = _codes(25)
# --- clock: real scalars of a running flow ----------------------------------------------------------------
Z_NOW, Z_PERIOD_START, Z_SIZE = _codes(3)
# --- columns of the counts by [row, class] ----------------------------------------------------------------
N_ENTRIES, N_DEPARTURES, N_OVERFLOWS, N_UNITS, N_COLUMNS = _codes(5)
V_VALUE, V_HOURS, V_COLUMNS = _codes(3)

# --- targets that are no node ------------------------------------------------------------------------------
NOWHERE = np.int64(-1)  # out of the network
UNKNOWN = np.int64(-2)  # a record holds nothing for this entity at this visit
STAYS = np.int64(-3)  # the entity waits, is served or spends time at the node it is in
NOBODY = np.int64(-1)
IDLE = np.int64(-1)  # status: nothing happens up to the time asked for
MAX_HOPS = 100_000
MAX_STILL = 10_000_000
TRACE_MARGIN = 8

# --- log histogram: 64 bins per doubling, so a bin's middle is within 0.8% of anything in it -------------
HIST_LOW, HIST_HIGH, HIST_BITS = -16, 18, 6
HIST_BINS = (HIST_HIGH - HIST_LOW) << HIST_BITS
HIST_SHIFT = 52 - HIST_BITS
HIST_BASE = (1023 + HIST_LOW) << HIST_BITS

# --- constants of the hash (splitmix64: Steele, Lea and Flood 2014, finaliser of Stafford's variant 13) ----
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_A = np.uint64(0xBF58476D1CE4E5B9)
MIX_B = np.uint64(0x94D049BB133111EB)
S30, S27, S31, S12, S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12), np.uint64(32)
ONE = np.uint64(1)
U0, U1, U2, U3, U4 = np.uint64(0), np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
GRID = 2.0**-52

ENTITY = np.dtype(
    [
        ("enter", "f8"),  # when it entered the node it is in
        ("start", "f8"),  # when its service began
        ("luck", "u8"),
        ("key", "i8"),  # source << 40 | ordinal
        ("node", "i4"),  # -1: free slot
        ("cls", "i4"),
        ("next", "i4"),  # queue of the node
        ("prev", "i4"),
        ("visit", "i4"),  # visits to this node before this one
        ("seen", "i4"),  # list of visit records, -1 none
        ("alarm", "i4"),  # position in the patience heap, -1 none
        ("waiting", "i4"),
    ],
    align=True,
)  # 64 bytes: what most events touch, in one line of a processor's cache
BURDEN = np.dtype([("birth", "f8"), ("value", "f8"), ("units", "i8")], align=True)  # the rest of an entity
NODE = np.dtype(
    [
        ("kind", "i4"),
        ("cyclic", "i4"),
        ("servers", "i8"),  # servers of a station, places of a shelf, capacity of a gate, stock on hand
        ("busy", "i8"),  # in service, in a delay or on a shelf
        ("queue", "i8"),
        ("head", "i4"),
        ("tail", "i4"),
        ("law", "i4"),
        ("law_stride", "i4"),  # 1: one law per class
        ("to", "i4"),
        ("to_stride", "i4"),
        ("row", "i4"),  # row of the counts, -1 not counted
        ("hist", "i4"),
        ("age", "i4"),
        ("watch", "i4"),  # head of the list of watches, -1 none
        ("entries", "i8"),
        ("departures", "i8"),
        ("balked", "i8"),
        ("abandoned", "i8"),
        ("overflowed", "i8"),
        ("max_queue", "i8"),
        ("queue_area", "f8"),
        ("queue_last", "f8"),
        ("busy_area", "f8"),
        ("busy_last", "f8"),
        ("over_area", "f8"),  # time of servers that finish, or places held, after they were removed
        ("wait_sum", "f8"),
        ("abandon_sum", "f8"),  # the part of wait_sum of those who left unserved
        ("time_sum", "f8"),
        ("age_sum", "f8"),
        ("limit", "i8"),
        ("backorder", "i8"),
        ("owed", "i8"),  # units waited for at a stock
        ("before", "i8"),  # entries before the warm-up ended
        ("patience", "i4"),
        ("patience_stride", "i4"),
        ("other", "i4"),  # route of those who balk, overflow or find the stock empty
        ("other_stride", "i4"),
        ("leave", "i4"),  # route of those who abandon
        ("leave_stride", "i4"),
        ("driver", "i4"),
        ("timer", "i4"),  # position in the timer heap
        ("touched", "i4"),
        ("spare", "i4"),
        ("key_time", "u8"),
        ("key_to", "u8"),
        ("key_other", "u8"),
        ("key_patience", "u8"),
        ("key_leave", "u8"),
        ("capacity_area", "f8"),
        ("capacity_last", "f8"),
    ],
    align=True,
)
DRIVER = np.dtype(
    [
        ("kind", "i4"),
        ("node", "i4"),
        ("ordinal", "i8"),
        ("clock", "f8"),  # unit-rate clock, or time of the last event for headways
        ("a", "f8"),  # rate, headway
        ("b", "f8"),  # offset
        ("period", "f8"),
        ("total", "f8"),  # integrated rate of one period
        ("off", "i8"),  # table: starts, then (for piecewise rates) integrals and rates
        ("n", "i8"),
        ("law", "i4"),
        ("cls_kind", "i4"),
        ("cls", "i4"),
        ("cls_n", "i4"),
        ("cls_off", "i8"),
        ("luck", "u8"),  # base of its entities' luck
        ("key", "u8"),  # its own draws: headways
        ("cls_key", "u8"),
        ("first", "i8"),  # handed in: begin of its region, next to arrive, end
        ("next", "i8"),
        ("last", "i8"),
        ("room", "i8"),
        ("plain", "i8"),  # 1: those handed in are told by their times alone; `ordinal` is that of the next
    ],
    align=True,
)
LAW = np.dtype(
    [
        ("kind", "i4"),
        ("width", "i4"),  # columns of a recorded table
        ("a", "f8"),
        ("b", "f8"),
        ("off", "i8"),
        ("n", "i8"),
        ("stride", "i8"),  # from one row of a recorded table to the next
    ],
    align=True,
)
ROUTE = np.dtype(
    [
        ("kind", "i4"),
        ("target", "i4"),
        ("off", "i8"),
        ("n", "i8"),
        ("width", "i8"),
        ("room", "i8"),
    ],
    align=True,
)
HEAP = np.dtype([("time", "f8"), ("slot", "i8")], align=True)
TIMER = np.dtype([("time", "f8"), ("category", "i4"), ("node", "i4")], align=True)
HANDED = np.dtype(
    [("time", "f8"), ("value", "f8"), ("luck", "u8"), ("ordinal", "i8"), ("units", "i8"), ("cls", "i8")],
    align=True,
)
WATCH = np.dtype(
    [("node", "i4"), ("what", "i4"), ("below", "i4"), ("next", "i4"), ("threshold", "f8"), ("active", "i8")],
    align=True,
)
VISIT = np.dtype([("node", "i4"), ("count", "i4"), ("next", "i4"), ("pad", "i4")], align=True)
TRACE = np.dtype([("time", "f8"), ("key", "i8"), ("node", "i4"), ("what", "i4")], align=True)
AGE = np.dtype([("off", "i8"), ("n", "i8")], align=True)

# Unsigned, so that compiled code need not ask whether an index counts from the end.
index = np.uint64

KEY_BITS = 40
ORDINAL_MASK = (1 << KEY_BITS) - 1


# Division follows IEEE 754 (a rate of 0 gives a time of infinity); no order of operations is changed.
# Nothing compiled here allocates, so arrays need no counting of references: without ``_nrt=False`` that
# counting takes as long as the simulation itself.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
compiled = njit(**_OPTIONS)
inlined = njit(forceinline=True, **_OPTIONS)


# === memory =================================================================================================
def _prefetch(_typing, array, i):
    """Have the processor fetch record ``i`` from memory while it works on; nothing else happens."""

    def code(context, builder, _signature, arguments):
        view = context.make_array(array)(context, builder, arguments[0])
        item = cgutils.get_item_pointer(context, builder, array, view, [arguments[1]], wraparound=False)
        address = builder.bitcast(item, ir.IntType(8).as_pointer())
        whole = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [address.type, whole, whole, whole])
        function = builder.module.declare_intrinsic("llvm.prefetch", (address.type,), kind)
        # To be written (1), kept in all caches (3), data rather than code (1).
        builder.call(function, [address, whole(1), whole(3), whole(1)])
        return context.get_dummy_value()

    return types.void(array, i), code


prefetch: Any = intrinsic(_prefetch)


# === draws ==================================================================================================
@inlined
def mix(z):
    """Scramble 64 bits."""
    z = (z ^ (z >> S30)) * MIX_A
    z = (z ^ (z >> S27)) * MIX_B
    return z ^ (z >> S31)


@inlined
def luck_of(base, birth):
    """Luck of an entity: a function of (seed, source) and its birth."""
    return mix(np.uint64(base) + (np.uint64(birth) + ONE) * GOLDEN)


@inlined
def unit(luck, key, visit, sub):
    """Uniform number in the open interval (0, 1), on a grid of 2^-52."""
    counter = (np.uint64(sub) << S32) + np.uint64(visit) + ONE
    bits = mix((luck ^ key) + counter * GOLDEN) >> S12
    return (np.float64(bits) + 0.5) * GRID


@compiled
def normal_quantile(p):
    """Inverse of the standard normal distribution function, to about 1e-16 (Wichura 1988, AS 241)."""
    q = p - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        num = 2.5090809287301226727e3
        num = num * r + 3.3430575583588128105e4
        num = num * r + 6.7265770927008700853e4
        num = num * r + 4.5921953931549871457e4
        num = num * r + 1.3731693765509461125e4
        num = num * r + 1.9715909503065514427e3
        num = num * r + 1.3314166789178437745e2
        num = num * r + 3.3871328727963666080
        den = 5.2264952788528545610e3
        den = den * r + 2.8729085735721942674e4
        den = den * r + 3.9307895800092710610e4
        den = den * r + 2.1213794301586595867e4
        den = den * r + 5.3941960214247511077e3
        den = den * r + 6.8718700749205790830e2
        den = den * r + 4.2313330701600911252e1
        den = den * r + 1.0
        return q * num / den
    r = math.sqrt(-math.log(min(p, 1.0 - p)))
    if r <= 5.0:
        r -= 1.6
        num = 7.74545014278341407640e-4
        num = num * r + 2.27238449892691845833e-2
        num = num * r + 2.41780725177450611770e-1
        num = num * r + 1.27045825245236838258
        num = num * r + 3.64784832476320460504
        num = num * r + 5.76949722146069140550
        num = num * r + 4.63033784615654529590
        num = num * r + 1.42343711074968357734
        den = 1.05075007164441684324e-9
        den = den * r + 5.47593808499534494600e-4
        den = den * r + 1.51986665636164571966e-2
        den = den * r + 1.48103976427480074590e-1
        den = den * r + 6.89767334985100004550e-1
        den = den * r + 1.67638483018380384940
        den = den * r + 2.05319162663775882187
        den = den * r + 1.0
    else:
        r -= 5.0
        num = 2.01033439929228813265e-7
        num = num * r + 2.71155556874348757815e-5
        num = num * r + 1.24266094738807843860e-3
        num = num * r + 2.65321895265761230930e-2
        num = num * r + 2.96560571828504891230e-1
        num = num * r + 1.78482653991729133580
        num = num * r + 5.46378491116411436990
        num = num * r + 6.65790464350110377720
        den = 2.04426310338993978564e-15
        den = den * r + 1.42151175831644588870e-7
        den = den * r + 1.84631831751005468180e-5
        den = den * r + 7.86869131145613259100e-4
        den = den * r + 1.48753612908506148525e-2
        den = den * r + 1.36929880922735805310e-1
        den = den * r + 5.99832206555887937690e-1
        den = den * r + 1.0
    return num / den if q >= 0.0 else -num / den


@compiled
def erlang(phases, scale, luck, key, visit):
    """Sum of ``phases`` exponentials of mean ``scale``."""
    total = 0.0
    for j in range(phases):
        total -= math.log(1.0 - unit(luck, key, visit, j))
    return total * scale


@compiled
def gamma(shape, scale, luck, key, visit):
    """Gamma by squeeze and rejection on counter-based sub-draws (Marsaglia and Tsang 2000)."""
    boost = 1.0
    sub = 0
    if shape < 1.0:
        boost = unit(luck, key, visit, sub) ** (1.0 / shape)
        shape += 1.0
        sub = 1
    d = shape - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x = normal_quantile(unit(luck, key, visit, sub))
        u = unit(luck, key, visit, sub + 1)
        sub += 2
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        if math.log(u) < 0.5 * x * x + d - d * v + d * math.log(v):
            return boost * d * v * scale


@compiled
def hyper(table, off, phases, luck, key, visit):
    """Mixture of exponentials: one draw for the phase, one for the value."""
    u = unit(luck, key, visit, 0)
    j = 0
    while j < phases - 1 and u >= table[off + j]:
        j += 1
    return -table[off + phases + j] * math.log(1.0 - unit(luck, key, visit, 1))


@inlined
def draw(laws, table, row, luck, key, visit, ordinal):
    """Value of a law for one entity at one visit; -1 when a recorded table does not hold it."""
    law = laws[index(row)]
    kind = law.kind
    if kind == L_RECORDED:
        if ordinal >= law.n or visit >= law.width:
            return -1.0
        return table[index(law.off + ordinal * law.stride + visit)]
    if kind == L_DETERMINISTIC:
        return law.a
    if kind == L_EXPONENTIAL:
        return -law.a * math.log(1.0 - unit(luck, key, visit, 0))
    if kind == L_LOGNORMAL:
        return math.exp(law.a + law.b * normal_quantile(unit(luck, key, visit, 0)))
    if kind == L_UNIFORM:
        return law.a + law.b * unit(luck, key, visit, 0)
    if kind == L_ERLANG:
        return erlang(law.n, law.a, luck, key, visit)
    if kind == L_GAMMA:
        return gamma(law.a, law.b, luck, key, visit)
    return hyper(table, law.off, law.n, luck, key, visit)


@compiled
def draw_one(laws, table, row, luck, key, visit, ordinal):
    """The same draw, called from Python (the reference engine)."""
    return draw(laws, table, row, np.uint64(luck), np.uint64(key), visit, ordinal)


@compiled
def unit_one(luck, key, visit):
    """The same uniform number, called from Python (the reference engine)."""
    return unit(np.uint64(luck), np.uint64(key), visit, 0)


@compiled
def gap_one(key, ordinal):
    """Gap before arrival ``ordinal`` on the unit-rate clock of a source, for the reference engine."""
    return -math.log(1.0 - unit(np.uint64(key), np.uint64(0), ordinal, 0))


@inlined
def pick(cumulative, off, n, u):
    """First position whose cumulative probability exceeds ``u``."""
    if n <= 8:
        j = 0
        while u >= cumulative[off + j]:
            j += 1
        return j
    low = 0
    high = n - 1
    while low < high:
        middle = (low + high) >> 1
        if u < cumulative[off + middle]:
            high = middle
        else:
            low = middle + 1
    return low


@inlined
def choose(routes, cumulative, targets, row, luck, key, visit, ordinal):
    """Next node of an entity, NOWHERE, or UNKNOWN."""
    route = routes[index(row)]
    if route.kind == R_ONE:
        return np.int64(route.target)
    if route.kind == R_ODDS:
        return np.int64(targets[route.off + pick(cumulative, route.off, route.n, unit(luck, key, visit, 0))])
    where = ordinal * route.width + visit
    if visit >= route.width or ordinal >= route.n:
        return UNKNOWN
    return np.int64(targets[index(route.off + where)])


# === log histogram ==========================================================================================
@inlined
def bin_of(x):
    """Bin of a positive duration, from the leading bits of its float64 representation."""
    j = (np.float64(x).view(np.int64) >> HIST_SHIFT) - HIST_BASE
    return min(max(j, 0), HIST_BINS - 1)


# === heaps ==================================================================================================
@inlined
def sooner(time_a, a, time_b, b, ents):
    """Tell whether the completion of entity a comes before that of b."""
    if time_a != time_b:
        return time_a < time_b
    node_a = ents[index(a)].node
    node_b = ents[index(b)].node
    if node_a != node_b:
        return node_a < node_b
    return ents[index(a)].key < ents[index(b)].key


@compiled
def soonest(heap, first, end, ents):
    """Position of the soonest of the items first..end-1, ties decided."""
    best = first
    best_time = heap[first].time
    for j in range(first + U1, end):
        t = heap[j].time
        if t < best_time or (t == best_time and sooner(t, heap[j].slot, best_time, heap[best].slot, ents)):
            best = j
            best_time = t
    return best


@inlined
def sift_down(heap, n, time, slot, ents):
    """Put (time, slot) at the root of a 4-ary heap whose root is spent.

    The soonest of four children is chosen without branches, which a processor would mispredict half the
    time; equal times are rare and go the long way. Indices are unsigned, so that compiled code need not ask
    whether they count from the end. Grandchildren are fetched while children are compared: one line of the
    cache holds the four children of an item, and four such lines the next step's candidates.
    """
    i = U0
    end = np.uint64(n)
    while True:
        child = U4 * i + U1
        if child + U4 <= end:
            grandchild = U4 * child + U1
            if grandchild < end:
                for j in range(U4):
                    prefetch(heap, grandchild + U4 * j)
            t0 = heap[child].time
            t1 = heap[child + U1].time
            t2 = heap[child + U2].time
            t3 = heap[child + U3].time
            a = child + U1 if t1 < t0 else child
            ta = t1 if t1 < t0 else t0
            b = child + U3 if t3 < t2 else child + U2
            tb = t3 if t3 < t2 else t2
            best = b if tb < ta else a
            best_time = tb if tb < ta else ta
            if (t0 == t1) | (t2 == t3) | (ta == tb):
                best = soonest(heap, child, child + U4, ents)
        elif child < end:
            best = soonest(heap, child, end, ents)
            best_time = heap[best].time
        else:
            break
        if time < best_time or (time == best_time and sooner(time, slot, best_time, heap[best].slot, ents)):
            break
        heap[i].time = best_time
        heap[i].slot = heap[best].slot
        i = best
    heap[i].time = time
    heap[i].slot = slot


@inlined
def sift_up(heap, n, time, slot, ents):
    """Put (time, slot) at the free position n of a 4-ary heap and lift it."""
    i = np.uint64(n)
    while i > U0:
        parent = (i - U1) >> U2
        t = heap[parent].time
        if t < time or (t == time and sooner(t, heap[parent].slot, time, slot, ents)):
            break
        heap[i].time = t
        heap[i].slot = heap[parent].slot
        i = parent
    heap[i].time = time
    heap[i].slot = slot


@inlined
def push(heap, control, size, hole, time, slot, ents):
    """Schedule a completion; a spent root is reused, so a completion that starts another costs one sift."""
    if control[hole] == 1:
        control[hole] = 0
        sift_down(heap, control[size], time, slot, ents)
    else:
        n = control[size]
        control[size] = n + 1
        sift_up(heap, n, time, slot, ents)


@inlined
def fill_hole(heap, control, size, hole, ents):
    """Remove a spent root that no new completion has replaced."""
    if control[hole] == 1:
        control[hole] = 0
        n = control[size] - 1
        control[size] = n
        if n > 0:
            sift_down(heap, n, heap[n].time, heap[n].slot, ents)


@inlined
def fetch_soon(heap, n, ents, burdens):
    """Fetch the entities at the root's children: the event after next is one of theirs, or a new one.

    Who stays for days was last touched long ago and is in no cache; waiting for memory took a third of the
    loop's time.
    """
    for j in range(U1, min(np.uint64(n), U4 + U1)):
        slot = index(heap[j].slot)
        prefetch(ents, slot)
        prefetch(burdens, slot)


@inlined
def timer_before(a, b):
    """Order of timers: time, category, declaration."""
    if a.time != b.time:
        return a.time < b.time
    if a.category != b.category:
        return a.category < b.category
    return a.node < b.node


@inlined
def swap_timers(timers, nodes, i, j):
    """Exchange two timers and tell their nodes."""
    time = timers[i].time
    category = timers[i].category
    node = timers[i].node
    timers[i].time = timers[j].time
    timers[i].category = timers[j].category
    timers[i].node = timers[j].node
    timers[j].time = time
    timers[j].category = category
    timers[j].node = node
    nodes[timers[i].node].timer = i
    nodes[node].timer = j


@inlined
def reset_first(timers, nodes, control, time):
    """Give the first timer a new, later time and restore the order."""
    n = control[K_TIMERS]
    timers[0].time = time
    i = np.int64(0)
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and timer_before(timers[child + 1], timers[child]):
            child += 1
        if not timer_before(timers[child], timers[i]):
            break
        swap_timers(timers, nodes, i, child)
        i = child


@compiled
def set_timer(timers, nodes, control, i, time):
    """Give the timer at position i a new time and restore the order."""
    if i == 0 and time >= timers[0].time:
        reset_first(timers, nodes, control, time)
        return
    timers[i].time = time
    n = control[K_TIMERS]
    while i > 0:
        parent = (i - 1) >> 1
        if not timer_before(timers[i], timers[parent]):
            break
        swap_timers(timers, nodes, i, parent)
        i = parent
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and timer_before(timers[child + 1], timers[child]):
            child += 1
        if not timer_before(timers[child], timers[i]):
            break
        swap_timers(timers, nodes, i, child)
        i = child


@compiled
def alarm_before(alarms, i, j, ents):
    """Order of patience alarms: time, declaration, entity key."""
    return sooner(alarms[i].time, alarms[i].slot, alarms[j].time, alarms[j].slot, ents)


@compiled
def swap_alarms(alarms, i, j, ents):
    """Exchange two alarms and tell their entities."""
    time = alarms[i].time
    slot = alarms[i].slot
    alarms[i].time = alarms[j].time
    alarms[i].slot = alarms[j].slot
    alarms[j].time = time
    alarms[j].slot = slot
    ents[alarms[i].slot].alarm = i
    ents[alarms[j].slot].alarm = j


@compiled
def settle_alarm(alarms, n, i, ents):
    """Move the alarm at position i to where it belongs."""
    while i > 0:
        parent = (i - 1) >> 1
        if not alarm_before(alarms, i, parent, ents):
            break
        swap_alarms(alarms, i, parent, ents)
        i = parent
    while True:
        child = 2 * i + 1
        if child >= n:
            break
        if child + 1 < n and alarm_before(alarms, child + 1, child, ents):
            child += 1
        if not alarm_before(alarms, child, i, ents):
            break
        swap_alarms(alarms, i, child, ents)
        i = child


@compiled
def add_alarm(alarms, control, time, slot, ents):
    """Start an entity's patience."""
    n = control[K_ALARMS]
    control[K_ALARMS] = n + 1
    alarms[n].time = time
    alarms[n].slot = slot
    ents[index(slot)].alarm = n
    settle_alarm(alarms, n + 1, n, ents)


@compiled
def drop_alarm(alarms, control, slot, ents):
    """Stop an entity's patience."""
    i = ents[index(slot)].alarm
    n = control[K_ALARMS] - 1
    control[K_ALARMS] = n
    ents[index(slot)].alarm = -1
    if i != n:
        alarms[i].time = alarms[n].time
        alarms[i].slot = alarms[n].slot
        ents[alarms[i].slot].alarm = i
        settle_alarm(alarms, n, i, ents)


# === sources, gates, shifts =================================================================================
@compiled
def piecewise_time(driver, table, level):
    """Time at which an integrated piecewise rate reaches ``level``."""
    n = driver.n
    starts = driver.off
    sums = starts + n
    rates = sums + n
    base = 0.0
    if driver.period > 0.0:
        turns = math.floor(level / driver.total)
        base = turns * driver.period
        level -= turns * driver.total
        if level < 0.0:
            level = 0.0
    low = 0
    high = n - 1
    while low < high:
        middle = (low + high + 1) >> 1
        if table[sums + middle] <= level:
            low = middle
        else:
            high = middle - 1
    # A level that rounding has put on the far edge belongs to the last piece with a rate.
    while low > 0 and table[rates + low] == 0.0 and table[sums + low] >= level and driver.period > 0.0:
        low -= 1
    rate = table[rates + low]
    if rate == 0.0:
        return math.inf
    return base + table[starts + low] + (level - table[sums + low]) / rate


@inlined
def next_time(driver, laws, table, due, now):
    """Time of the driver's next event; moves its own clock on."""
    kind = driver.kind
    if kind == D_HANDED:
        return due[index(driver.next)] if driver.next < driver.last else math.inf
    k = driver.ordinal
    if kind == D_POISSON or kind == D_PIECEWISE:
        driver.clock += -math.log(1.0 - unit(driver.key, np.uint64(0), k, 0))
        if kind == D_POISSON:
            return driver.clock / driver.a
        return max(piecewise_time(driver, table, driver.clock), now)
    if kind == D_RENEWAL or kind == D_HEADWAY:
        gap = draw_one(
            laws,
            table,
            driver.law,
            driver.key,
            np.uint64(0),
            k if laws[driver.law].kind != L_RECORDED else 0,
            k,
        )
        if kind == D_HEADWAY and k == 0 and driver.b > 0.0:
            gap = driver.b
        if gap < 0.0:
            return math.inf
        driver.clock += gap
        return driver.clock
    if kind == D_EVERY:
        return driver.b + k * driver.a if driver.b > 0.0 else (k + 1) * driver.a
    turns = k // driver.n
    return turns * driver.period + table[driver.off + k - turns * driver.n]


@compiled
def next_time_called(driver, laws, table, due, now):
    """The same, where it is not worth a copy of the code."""
    return next_time(driver, laws, table, due, now)


@compiled
def start_timers(timers, nodes, control, drivers, laws, table, due):
    """Set every timer to its first event."""
    for which in range(drivers.shape[0] - 1):
        time = next_time_called(drivers[which], laws, table, due, 0.0)
        set_timer(timers, nodes, control, nodes[drivers[which].node].timer, time)


@inlined
def class_of(driver, cumulative, targets, luck, ordinal):
    """Class of an entity born at a source; -2 when a record does not hold it."""
    if driver.cls_kind == C_FIXED:
        return np.int64(driver.cls)
    if driver.cls_kind == C_ODDS:
        return np.int64(pick(cumulative, driver.cls_off, driver.cls_n, unit(luck, driver.cls_key, 0, 0)))
    if ordinal >= driver.cls_n:
        return np.int64(-2)
    return np.int64(targets[driver.cls_off + ordinal])


@compiled
def fill_rows(rows, times, classes, units, values, births, default, n_classes, ordinal, luck, now):
    """Check what is handed in and write it as rows; arrays of size 0 stand for defaults.

    Returns 0 sorted, 1 not sorted, or the complaint: 2 time, 3 class, 4 units, 5 value.
    """
    answer = 0
    before = now
    for i in range(times.size):
        time = times[i]
        if not (time >= now and time < math.inf):
            return 2
        if time < before:
            answer = 1
        before = time
        cls = classes[i] if classes.size > 0 else default
        if cls < 0 or cls >= n_classes:
            return 3
        many = units[i] if units.size > 0 else 1
        if many < 0:
            return 4
        value = values[i] if values.size > 0 else 0.0
        if not (abs(value) < math.inf):
            return 5
        row = rows[i]
        row.time = time
        row.cls = cls
        row.units = many
        row.value = value
        row.ordinal = ordinal + i
        row.luck = luck_of(luck, births[i] if births.size > 0 else np.uint64(ordinal + i))
    return answer


@compiled
def copy_rows(rows, source, order):
    """Copy rows in another order; NumPy would copy them field by field."""
    for i in range(order.size):
        rows[i] = source[order[i]]


@compiled
def is_sorted(times, now):
    """Tell whether times increase from ``now`` on and are finite."""
    before = now
    fine = True
    for i in range(times.size):
        fine &= times[i] >= before
        before = times[i]
    return fine and before < math.inf


@compiled
def write_plain(rows, times, ordinal, cls, luck):
    """Write as rows what is told by times alone."""
    for i in range(times.size):
        row = rows[i]
        row.time = times[i]
        row.cls = cls
        row.units = 1
        row.value = 0.0
        row.ordinal = ordinal + i
        row.luck = luck_of(luck, np.uint64(ordinal + i))


@compiled
def move_to_front(driver, due, handed):
    """Move what has not arrived yet to the front of the source's region."""
    shift = driver.next - driver.first
    if shift > 0:
        for i in range(driver.next, driver.last):
            due[i - shift] = due[i]
            if driver.plain == 0:
                handed[i - shift] = handed[i]
        driver.next = driver.first
        driver.last -= shift


@compiled
def hand_in_plain(drivers, due, handed, timers, nodes, control, which, times, ordinal):
    """Append sorted times to a source's buffer, which has room for them; False when rows are needed."""
    driver = drivers[which]
    waiting = driver.last - driver.next
    if waiting > 0:
        follows = driver.ordinal + waiting == ordinal and due[driver.last - 1] <= times[0]
        if driver.plain == 0 or not follows:
            return False
    else:
        driver.plain = 1
        driver.ordinal = ordinal
    move_to_front(driver, due, handed)
    end = index(driver.last)
    for i in range(times.size):
        due[end + index(i)] = times[i]
    driver.last += times.size
    set_timer(timers, nodes, control, nodes[driver.node].timer, due[index(driver.next)])
    return True


@compiled
def hand_in(drivers, due, handed, timers, nodes, control, which, rows):
    """Merge rows sorted by (time, ordinal) into a source's buffer, which has room for them."""
    driver = drivers[which]
    if driver.plain == 1:
        times = due[driver.next : driver.last]
        write_plain(handed[driver.next : driver.last], times, driver.ordinal, driver.cls, driver.luck)
        driver.plain = 0
    move_to_front(driver, due, handed)
    i = driver.last - 1
    j = rows.shape[0] - 1
    driver.last += rows.shape[0]
    out = driver.last - 1
    while j >= 0:
        # Ordinals of later calls are higher, so on equal times the new row comes after the old one.
        if i >= driver.next and due[i] > rows[j].time:
            due[out] = due[i]
            handed[out] = handed[i]
            i -= 1
        else:
            due[out] = rows[j].time
            handed[out] = rows[j]
            j -= 1
        out -= 1
    time = due[index(driver.next)] if driver.next < driver.last else math.inf
    set_timer(timers, nodes, control, nodes[driver.node].timer, time)


@compiled
def withdraw(drivers, due, timers, nodes, control, which, after):
    """Drop arrivals later than ``after`` from a source's buffer and return how many."""
    driver = drivers[which]
    keep = driver.last
    while keep > driver.next and due[keep - 1] > after:
        keep -= 1
    dropped = driver.last - keep
    driver.last = keep
    time = due[index(driver.next)] if driver.next < driver.last else math.inf
    set_timer(timers, nodes, control, nodes[driver.node].timer, time)
    return dropped


# === small steps of the event loop ==========================================================================
@inlined
def count_visit(seen, control, ents, slot, node):
    """Visits of the entity to the node before this one; kept for nodes that lie on a cycle."""
    i = ents[index(slot)].seen
    while i >= 0:
        if seen[i].node == node:
            seen[i].count += 1
            return seen[i].count
        i = seen[i].next
    i = control[K_VISITS]
    control[K_VISITS] = seen[i].next
    seen[i].node = node
    seen[i].count = 0
    seen[i].next = ents[index(slot)].seen
    ents[index(slot)].seen = i
    return 0


@compiled
def forget_visits(seen, control, ents, slot):
    """Give the entity's visit records back."""
    i = ents[index(slot)].seen
    while i >= 0:
        after = seen[i].next
        seen[i].next = control[K_VISITS]
        control[K_VISITS] = i
        i = after
    ents[index(slot)].seen = -1


@compiled
def record(trace, control, time, key, node, what):
    """Write one row of the trace."""
    n = control[K_TRACE]
    trace[n].time = time
    trace[n].key = key
    trace[n].node = node
    trace[n].what = what
    control[K_TRACE] = n + 1


@inlined
def touch(nodes, node, touched, control):
    """Remember that a watched node changed in this event."""
    if nodes[index(node)].watch >= 0 and nodes[index(node)].touched == 0:
        nodes[index(node)].touched = 1
        touched[control[K_TOUCHED]] = node
        control[K_TOUCHED] += 1


@compiled
def reading(nodes, node, what):
    """Level, queue or count of a node; the level of a stock is what is on hand less what is owed."""
    nd = nodes[index(node)]
    if what == X_QUEUE:
        return nd.queue
    if what == X_COUNT:
        return nd.before + nd.entries
    if nd.kind == STOCK:
        return nd.servers - nd.owed
    return nd.queue + nd.busy


@compiled
def check_watch(watches, w, nodes, fired, control):
    """Fire a watch whose condition holds."""
    if watches[w].active == 1:
        value = reading(nodes, watches[w].node, watches[w].what)
        hit = value <= watches[w].threshold if watches[w].below == 1 else value >= watches[w].threshold
        if hit:
            watches[w].active = 0
            fired[control[K_FIRED]] = w
            control[K_FIRED] += 1


@compiled
def check_touched(watches, nodes, touched, fired, control):
    """Look at the watches of all nodes touched in the event that just ended."""
    for i in range(control[K_TOUCHED]):
        node = touched[i]
        nodes[index(node)].touched = 0
        w = nodes[index(node)].watch
        while w >= 0:
            check_watch(watches, w, nodes, fired, control)
            w = watches[w].next
    control[K_TOUCHED] = 0


@compiled
def check_all(watches, nodes, fired, control):
    """Look at every watch: at the start of a call, because Python may have changed anything."""
    for w in range(watches.shape[0]):
        check_watch(watches, w, nodes, fired, control)


@inlined
def count_entry(nodes, node, ents, burdens, slot, counts, values):
    """Count an entry in the node's row."""
    row = nodes[index(node)].row
    if row >= 0:
        cls = ents[index(slot)].cls
        counts[row, cls, N_ENTRIES] += 1
        counts[row, cls, N_UNITS] += burdens[index(slot)].units
        values[row, cls, V_VALUE] += burdens[index(slot)].value


@inlined
def count_leave(nodes, node, cls, since, time, what, clock, counts, values):
    """Count a departure (or an abandonment: no column) and the hours spent since ``since`` in this period."""
    row = nodes[index(node)].row
    if row >= 0:
        if what >= 0:
            counts[row, cls, what] += 1
        values[row, cls, V_HOURS] += time - max(since, clock[Z_PERIOD_START])


@inlined
def change_busy(nodes, node, time, by):
    """Change the number in service, in a delay or on a shelf, keeping its time integral."""
    nd = nodes[index(node)]
    nd.busy_area += nd.busy * (time - nd.busy_last)
    nd.busy_last = time
    nd.busy += by


@inlined
def join_queue(nodes, node, time, ents, slot):
    """Put an entity at the end of the node's queue."""
    nd = nodes[index(node)]
    nd.queue_area += nd.queue * (time - nd.queue_last)
    nd.queue_last = time
    nd.queue += 1
    if nd.queue > nd.max_queue:
        nd.max_queue = nd.queue
    e = ents[index(slot)]
    e.next = -1
    e.prev = nd.tail
    e.waiting = 1
    if nd.tail >= 0:
        ents[index(nd.tail)].next = slot
    else:
        nd.head = slot
    nd.tail = slot


@inlined
def leave_queue(nodes, node, time, ents, slot, waits):
    """Take an entity out of the node's queue and record its wait."""
    nd = nodes[index(node)]
    nd.queue_area += nd.queue * (time - nd.queue_last)
    nd.queue_last = time
    nd.queue -= 1
    e = ents[index(slot)]
    e.waiting = 0
    if e.prev >= 0:
        ents[index(e.prev)].next = e.next
    else:
        nd.head = e.next
    if e.next >= 0:
        ents[index(e.next)].prev = e.prev
    else:
        nd.tail = e.prev
    wait = time - e.enter
    nd.wait_sum += wait
    if wait > 0.0:
        waits[index(nd.hist), index(bin_of(wait))] += 1


@compiled
def enter_age(ages, limits, counts_within, age_rows, which, cls, age):
    """Put the age of an entity into the histogram of its class and behind the promises it has kept."""
    if age > 0.0:
        ages[which, cls, bin_of(age)] += 1
    else:
        ages[which, cls, 0] += 1
    for j in range(age_rows[which].n):
        if age <= limits[age_rows[which].off + j]:
            counts_within[age_rows[which].off + j, cls] += 1


@inlined
def draw_time(node, slot, control, nodes, ents, laws, table):
    """Time of service, delay or dwell of an entity at this visit; -1 when a recorded table is exhausted."""
    nd = nodes[index(node)]
    e = ents[index(slot)]
    row = nd.law + nd.law_stride * e.cls
    x = draw(laws, table, row, e.luck, nd.key_time, np.int64(e.visit), e.key & ORDINAL_MASK)
    if x < 0.0:
        control[K_BAD_NODE] = node
        control[K_BAD_ORDINAL] = e.key & ORDINAL_MASK
    return x


@inlined
def start_service(node, slot, now, control, nodes, ents, heap, laws, table, trace):
    """Put an entity on a server; 0 done, E_RECORD when a recorded table is exhausted."""
    e = ents[index(slot)]
    x = draw_time(node, slot, control, nodes, ents, laws, table)
    if x < 0.0:
        return E_RECORD
    e.start = now
    if control[K_TRACING] == 1:
        record(trace, control, now, e.key, node, W_START)
    push(heap, control, K_HEAP, K_HOLE, now + x, slot, ents)
    return 0


@compiled
def staff(node, now, control, nodes, ents, heap, alarms, laws, table, waits, trace):
    """Let waiting entities start on servers that have become free after a change of servers."""
    nd = nodes[index(node)]
    while nd.queue > 0 and nd.busy < nd.servers:
        if control[K_TRACING] == 1 and control[K_TRACE] + TRACE_MARGIN > trace.shape[0]:
            return GROW_TRACE
        slot = np.int64(nd.head)
        leave_queue(nodes, node, now, ents, slot, waits)
        if ents[index(slot)].alarm >= 0:
            drop_alarm(alarms, control, slot, ents)
        change_busy(nodes, node, now, 1)
        status = start_service(node, slot, now, control, nodes, ents, heap, laws, table, trace)
        if status != 0:
            return status
    control[K_STAFF] = -1
    return 0


@compiled
def set_servers(node, servers, now, nodes):
    """Change the number of servers or places, settling the time integrals that depend on it."""
    nd = nodes[index(node)]
    if nd.busy > nd.servers:
        nd.over_area += (nd.busy - nd.servers) * (now - nd.busy_last)
    change_busy(nodes, node, now, 0)
    nd.capacity_area += nd.servers * (now - nd.capacity_last)
    nd.capacity_last = now
    nd.servers = servers


@compiled
def set_places(which, places, now, nodes):
    """Change the places of many shelves."""
    for i in range(which.size):
        set_servers(which[i], places[i], now, nodes)


@inlined
def finish(
    slot, now, clock, control, nodes, ents, heap, alarms, laws, table, waits, counts, values, touched, trace
):
    """Completion at the root of a heap: the entity leaves its node, the server takes the next one."""
    e = ents[index(slot)]
    node = np.int64(e.node)
    nd = nodes[index(node)]
    if e.start == now:
        control[K_STILL] += 1
        if control[K_STILL] > MAX_STILL:
            control[K_BAD_NODE] = node
            return E_CYCLE
    nd.departures += 1
    nd.time_sum += now - e.enter
    count_leave(nodes, node, e.cls, e.start, now, N_DEPARTURES, clock, counts, values)
    if control[K_TRACING] == 1:
        record(trace, control, now, e.key, node, W_DEPART)
    touch(nodes, node, touched, control)
    if nd.queue > 0 and nd.busy <= nd.servers and nd.kind == STATION:
        follower = np.int64(nd.head)
        leave_queue(nodes, node, now, ents, follower, waits)
        if ents[index(follower)].alarm >= 0:
            drop_alarm(alarms, control, follower, ents)
        return start_service(node, follower, now, control, nodes, ents, heap, laws, table, trace)
    if nd.busy > nd.servers:
        nd.over_area += (nd.busy - nd.servers) * (now - nd.busy_last)
    change_busy(nodes, node, now, -1)
    return 0


@inlined
def arrive(
    node,
    now,
    control,
    nodes,
    ents,
    burdens,
    free,
    timers,
    drivers,
    due,
    handed,
    laws,
    table,
    cumulative,
    targets,
    counts,
    values,
    touched,
    trace,
):
    """Birth of an entity at a source; returns its slot, or -1 when a record of classes is exhausted."""
    nd = nodes[index(node)]
    driver = drivers[index(nd.driver)]
    control[K_FREE] -= 1
    slot = np.int64(free[index(control[K_FREE])])
    e = ents[index(slot)]
    burden = burdens[index(slot)]
    burden.birth = now
    if driver.kind == D_HANDED and driver.plain == 1:
        driver.next += 1
        ordinal = driver.ordinal
        driver.ordinal += 1
        e.luck = luck_of(driver.luck, ordinal)
        burden.units = 1
        burden.value = 0.0
        e.cls = driver.cls
    elif driver.kind == D_HANDED:
        row = handed[index(driver.next)]
        driver.next += 1
        ordinal = row.ordinal
        e.luck = row.luck
        burden.units = row.units
        burden.value = row.value
        e.cls = row.cls
    else:
        ordinal = driver.ordinal
        driver.ordinal += 1
        e.luck = luck_of(driver.luck, ordinal)
        burden.units = 1
        burden.value = 0.0
        cls = class_of(driver, cumulative, targets, e.luck, ordinal)
        if cls < 0:
            control[K_BAD_NODE] = node
            control[K_BAD_ORDINAL] = ordinal
            return np.int64(-1)
        e.cls = cls
    reset_first(timers, nodes, control, next_time(driver, laws, table, due, now))
    e.key = (node << KEY_BITS) | ordinal
    e.seen = -1
    e.alarm = -1
    e.visit = 0
    e.waiting = 0
    e.node = node
    nd.entries += 1
    nd.departures += 1
    count_entry(nodes, node, ents, burdens, slot, counts, values)
    if nd.row >= 0:
        counts[nd.row, e.cls, N_DEPARTURES] += 1
    if control[K_TRACING] == 1:
        record(trace, control, now, e.key, node, W_ARRIVE)
    touch(nodes, node, touched, control)
    return slot


@inlined
def refuse(node, slot, now, what, control, nodes, ents, routes, cumulative, targets, counts, trace):
    """Turn an entity away (queue too long, shelf full, stock empty); returns where it goes instead."""
    nd = nodes[index(node)]
    e = ents[index(slot)]
    if what == W_BALK:
        nd.balked += 1
    else:
        nd.overflowed += 1
        if nd.row >= 0:
            counts[nd.row, e.cls, N_OVERFLOWS] += 1
    if control[K_TRACING] == 1:
        record(trace, control, now, e.key, node, what)
    row = nd.other + nd.other_stride * e.cls
    return choose(
        routes, cumulative, targets, row, e.luck, nd.key_other, np.int64(e.visit), e.key & ORDINAL_MASK
    )


@inlined
def onward(node, slot, nodes, ents, routes, cumulative, targets):
    """Where an entity goes after the node has done its work."""
    nd = nodes[index(node)]
    e = ents[index(slot)]
    row = nd.to + nd.to_stride * e.cls
    return choose(
        routes, cumulative, targets, row, e.luck, nd.key_to, np.int64(e.visit), e.key & ORDINAL_MASK
    )


@compiled
def pass_through(node, slot, now, clock, control, nodes, ents, counts, values, trace):
    """An entity leaves a stock, or a delay of zero, in the instant it came."""
    nodes[index(node)].departures += 1
    count_leave(nodes, node, ents[index(slot)].cls, now, now, N_DEPARTURES, clock, counts, values)
    if control[K_TRACING] == 1:
        record(trace, control, now, ents[index(slot)].key, node, W_DEPART)


@compiled
def wait_with_patience(node, slot, now, control, nodes, ents, alarms, laws, table):
    """Start the patience of an entity that has just joined a queue; returns STAYS or UNKNOWN."""
    nd = nodes[index(node)]
    e = ents[index(slot)]
    row = nd.patience + nd.patience_stride * e.cls
    x = draw_one(laws, table, row, e.luck, nd.key_patience, np.int64(e.visit), e.key & ORDINAL_MASK)
    if x < 0.0:
        control[K_BAD_NODE] = node
        control[K_BAD_ORDINAL] = e.key & ORDINAL_MASK
        return UNKNOWN
    add_alarm(alarms, control, now + x, slot, ents)
    return STAYS


@inlined
def release(now, clock, control, nodes, ents, burdens, waits, counts, values, touched, trace):
    """Let the next of the crowd out of a gate or a replenished stock; its slot, or -1 if the stock cannot."""
    node = control[K_CROWD_NODE]
    nd = nodes[index(node)]
    slot = np.int64(nd.head)
    e = ents[index(slot)]
    if nd.kind == STOCK:
        units = burdens[index(slot)].units
        if units > nd.servers:
            control[K_CROWD_LEFT] = 0
            return np.int64(-1)
        nd.servers -= units
        nd.owed -= units
    control[K_CROWD_LEFT] -= 1
    leave_queue(nodes, node, now, ents, slot, waits)
    nd.departures += 1
    nd.time_sum += now - e.enter
    count_leave(nodes, node, e.cls, e.enter, now, N_DEPARTURES, clock, counts, values)
    if control[K_TRACING] == 1:
        record(trace, control, now, e.key, node, W_DEPART)
    touch(nodes, node, touched, control)
    return slot


@compiled
def abandon(now, control, nodes, ents, alarms, waits, touched, trace):
    """Patience of the first alarm has run out; returns the entity's slot."""
    slot = np.int64(alarms[0].slot)
    e = ents[index(slot)]
    node = np.int64(e.node)
    drop_alarm(alarms, control, slot, ents)
    leave_queue(nodes, node, now, ents, slot, waits)
    nodes[index(node)].abandoned += 1
    nodes[index(node)].abandon_sum += now - e.enter
    if control[K_TRACING] == 1:
        record(trace, control, now, e.key, node, W_ABANDON)
    touch(nodes, node, touched, control)
    return slot


@compiled
def tick(now, control, nodes, timers, drivers, due, laws, table, touched, trace):
    """Departure of a gate or change of a shift; leaves the crowd or the staffing to the loop."""
    node = np.int64(timers[0].node)
    nd = nodes[index(node)]
    driver = drivers[index(nd.driver)]
    k = driver.ordinal
    driver.ordinal = k + 1
    reset_first(timers, nodes, control, next_time_called(driver, laws, table, due, now))
    if nd.kind == GATE:
        if control[K_TRACING] == 1:
            record(trace, control, now, -1, node, W_GATE)
        control[K_CROWD_NODE] = node
        control[K_CROWD_LEFT] = min(nd.queue, nd.servers)
        return
    if control[K_TRACING] == 1:
        record(trace, control, now, -1, node, W_SHIFT)
    set_servers(node, np.int64(table[driver.off + driver.n + k % driver.n]), now, nodes)
    touch(nodes, node, touched, control)
    control[K_STAFF] = node


@inlined
def dispose(slot, control, ents, free, seen):
    """Free the slot of an entity that has left the network."""
    if ents[index(slot)].seen >= 0:
        forget_visits(seen, control, ents, slot)
    ents[index(slot)].node = -1
    free[index(control[K_FREE])] = slot
    control[K_FREE] += 1


@inlined
def next_event(
    until, now, control, clock, nodes, ents, burdens, free, heap, stays, timers, alarms, drivers, due, handed,
    laws, table, routes, cumulative, targets, waits, counts, values, touched, trace,
):  # fmt: skip
    """Process the first part of the next event up to ``until``: what happens where the mover comes from.

    Returns status, time, mover (NOBODY when nobody moves), the node whose route the mover takes, and its
    target when that is settled already (the node is then -1).
    """
    done_at = heap[0].time if control[K_HEAP] > 0 else math.inf
    left_at = stays[0].time if control[K_STAYS] > 0 else math.inf
    tick_at = timers[0].time if control[K_TIMERS] > 0 else math.inf
    quit_at = alarms[0].time if control[K_ALARMS] > 0 else math.inf
    stayed = left_at < done_at
    if left_at == done_at and done_at < math.inf:
        stayed = sooner(left_at, stays[0].slot, done_at, heap[0].slot, ents)
    done_at = min(done_at, left_at)
    if done_at <= tick_at and done_at <= quit_at:
        if done_at > until:
            return IDLE, now, NOBODY, NOBODY, NOWHERE
        if done_at > now:
            control[K_STILL] = 0
        if stayed:
            control[K_GAP] = 1
            mover = stays[0].slot
        else:
            control[K_HOLE] = 1
            mover = heap[0].slot
        node = np.int64(ents[index(mover)].node)
        status = finish(
            mover, done_at, clock, control, nodes, ents, heap, alarms, laws, table, waits, counts, values,
            touched, trace,
        )  # fmt: skip
        return status, done_at, mover, node, NOWHERE
    if min(tick_at, quit_at) > until:
        return IDLE, now, NOBODY, NOBODY, NOWHERE
    if tick_at <= quit_at:
        if timers[0].category != T_ARRIVAL:
            control[K_EVENTS] += 1
            tick(tick_at, control, nodes, timers, drivers, due, laws, table, touched, trace)
            return REACHED, tick_at, NOBODY, NOBODY, NOWHERE
        if control[K_FREE] == 0:
            return GROW_ENTITIES, now, NOBODY, NOBODY, NOWHERE
        node = np.int64(timers[0].node)
        mover = arrive(
            node, tick_at, control, nodes, ents, burdens, free, timers, drivers, due, handed, laws, table,
            cumulative, targets, counts, values, touched, trace,
        )  # fmt: skip
        return REACHED if mover >= 0 else E_RECORD, tick_at, mover, node, NOWHERE
    mover = abandon(quit_at, control, nodes, ents, alarms, waits, touched, trace)
    control[K_EVENTS] += 1
    e = ents[index(mover)]
    nd = nodes[index(e.node)]
    target = choose(
        routes, cumulative, targets, nd.leave + nd.leave_stride * e.cls, e.luck, nd.key_leave,
        np.int64(e.visit), e.key & ORDINAL_MASK,
    )  # fmt: skip
    return REACHED, quit_at, mover, NOWHERE, target


@inlined
def come_in(
    node, slot, now, control, nodes, ents, burdens, ages, age_rows, limits, within, counts, values, touched,
    seen, trace,
):  # fmt: skip
    """Arrive at a node: every arrival counts, whatever becomes of it."""
    nd = nodes[index(node)]
    e = ents[index(slot)]
    e.enter = now
    e.node = node
    e.visit = count_visit(seen, control, ents, slot, node) if nd.cyclic == 1 else 0
    nd.entries += 1
    count_entry(nodes, node, ents, burdens, slot, counts, values)
    if nd.age >= 0:
        age = now - burdens[index(slot)].birth
        nd.age_sum += age
        enter_age(ages, limits, within, age_rows, nd.age, e.cls, age)
    if control[K_TRACING] == 1:
        record(trace, control, now, e.key, node, W_ENTER)
    touch(nodes, node, touched, control)


@inlined
def be_served(
    node, slot, now, control, clock, nodes, ents, heap, stays, laws, table, routes, cumulative, targets,
    counts, values, trace,
):  # fmt: skip
    """Take a free server or place, or spend time in a delay; returns STAYS, UNKNOWN or the next node."""
    nd = nodes[index(node)]
    e = ents[index(slot)]
    x = draw_time(node, slot, control, nodes, ents, laws, table)
    if x < 0.0:
        return UNKNOWN
    if x == 0.0 and nd.kind == DELAY:
        pass_through(node, slot, now, clock, control, nodes, ents, counts, values, trace)
        return onward(node, slot, nodes, ents, routes, cumulative, targets)
    change_busy(nodes, node, now, 1)
    e.start = now
    if nd.kind == STATION:
        if control[K_TRACING] == 1:
            record(trace, control, now, e.key, node, W_START)
        push(heap, control, K_HEAP, K_HOLE, now + x, slot, ents)
    else:
        push(stays, control, K_STAYS, K_GAP, now + x, slot, ents)
    return STAYS


@inlined
def be_handled(
    node, slot, now, control, clock, nodes, ents, burdens, heap, stays, alarms, laws, table, routes,
    cumulative, targets, counts, values, trace,
):  # fmt: skip
    """What a node does with an entity that has come in; returns where it goes at once, STAYS or UNKNOWN."""
    nd = nodes[index(node)]
    kind = nd.kind
    if kind == SINK:
        nd.departures += 1
        if nd.age < 0:
            nd.age_sum += now - burdens[index(slot)].birth
        if nd.row >= 0:
            counts[nd.row, ents[index(slot)].cls, N_DEPARTURES] += 1
        return NOWHERE
    if kind == STATION or kind == SHELF or kind == DELAY:
        if nd.busy < nd.servers:
            return be_served(
                node, slot, now, control, clock, nodes, ents, heap, stays, laws, table, routes, cumulative,
                targets, counts, values, trace,
            )  # fmt: skip
        if kind == SHELF or nd.queue >= nd.limit:
            what = W_OVERFLOW if kind == SHELF else W_BALK
            return refuse(
                node, slot, now, what, control, nodes, ents, routes, cumulative, targets, counts, trace
            )
    elif kind == STOCK:
        units = burdens[index(slot)].units
        if nd.queue == 0 and units <= nd.servers:
            nd.servers -= units
            pass_through(node, slot, now, clock, control, nodes, ents, counts, values, trace)
            return onward(node, slot, nodes, ents, routes, cumulative, targets)
        if nd.backorder == 0:
            return refuse(
                node, slot, now, W_OVERFLOW, control, nodes, ents, routes, cumulative, targets, counts, trace
            )
        nd.owed += units
    join_queue(nodes, node, now, ents, slot)
    if nd.patience >= 0:
        return wait_with_patience(node, slot, now, control, nodes, ents, alarms, laws, table)
    return STAYS


@compiled
def advance(
    until, control, clock, nodes, ents, burdens, free, heap, stays, timers, alarms, drivers, due, handed,
    laws, table, routes, cumulative, targets, waits, ages, age_rows, limits, within, counts, values, watches,
    touched, fired, seen, trace,
):  # fmt: skip
    """Process events up to and including time ``until``; returns a status code.

    An event is completed before the next is looked at: everything that happens without time passing belongs
    to it. The loop can be left in the middle of an event (to enlarge an array) and be entered again.
    """
    now = clock[Z_NOW]
    mover = control[K_MOVER]
    target = control[K_TARGET]
    control[K_FIRED] = 0
    status = REACHED
    if mover < 0 and control[K_CROWD_LEFT] == 0 and control[K_STAFF] < 0:
        if control[K_COMMAND] == RECEIVE:
            control[K_CROWD_NODE] = control[K_COMMAND_NODE]
            control[K_CROWD_LEFT] = nodes[control[K_COMMAND_NODE]].queue
        else:
            check_all(watches, nodes, fired, control)
            if control[K_FIRED] > 0:
                return CROSSED
    while status == REACHED:
        # --- the next of a crowd, or the next event -----------------------------------------------
        if mover < 0:
            if control[K_STAFF] >= 0:
                node = control[K_STAFF]
                status = staff(node, now, control, nodes, ents, heap, alarms, laws, table, waits, trace)
                continue
            if control[K_TRACING] == 1 and control[K_TRACE] + 2 * TRACE_MARGIN > trace.shape[0]:
                status = GROW_TRACE
                break
            if control[K_CROWD_LEFT] > 0:
                mover = release(
                    now, clock, control, nodes, ents, burdens, waits, counts, values, touched, trace
                )
                if mover < 0:
                    continue
                node = control[K_CROWD_NODE]
            else:
                if control[K_COMMAND] != NOTHING:
                    # Watches are looked at when the flow is next advanced.
                    for i in range(control[K_TOUCHED]):
                        nodes[touched[i]].touched = 0
                    control[K_TOUCHED] = 0
                    control[K_COMMAND] = NOTHING
                    break
                fill_hole(heap, control, K_HEAP, K_HOLE, ents)
                fill_hole(stays, control, K_STAYS, K_GAP, ents)
                fetch_soon(stays, control[K_STAYS], ents, burdens)
                if control[K_TOUCHED] > 0:
                    check_touched(watches, nodes, touched, fired, control)
                    if control[K_FIRED] > 0:
                        status = CROSSED
                        break
                status, now, mover, node, target = next_event(
                    until, now, control, clock, nodes, ents, burdens, free, heap, stays, timers, alarms,
                    drivers, due, handed, laws, table, routes, cumulative, targets, waits, counts, values,
                    touched, trace,
                )  # fmt: skip
                if status != REACHED:
                    break
                if mover < 0:
                    continue
                if node >= 0:
                    control[K_EVENTS] += 1
            control[K_HOPS] = 0
            if node >= 0:
                target = onward(node, mover, nodes, ents, routes, cumulative, targets)
        # --- the mover goes from node to node until time has to pass or it leaves the network -----
        while True:
            if target < 0:
                if target == NOWHERE:
                    dispose(mover, control, ents, free, seen)
                elif target == UNKNOWN:
                    status = E_RECORD
                    control[K_BAD_NODE] = ents[index(mover)].node
                    control[K_BAD_ORDINAL] = ents[index(mover)].key & ORDINAL_MASK
                mover = NOBODY
                break
            if nodes[index(target)].cyclic == 1 and control[K_VISITS] < 0:
                status = GROW_VISITS
                break
            if control[K_TRACING] == 1 and control[K_TRACE] + TRACE_MARGIN > trace.shape[0]:
                status = GROW_TRACE
                break
            control[K_HOPS] += 1
            if control[K_HOPS] > MAX_HOPS:
                status = E_CYCLE
                control[K_BAD_NODE] = target
                break
            node = target
            come_in(
                node, mover, now, control, nodes, ents, burdens, ages, age_rows, limits, within, counts,
                values, touched, seen, trace,
            )  # fmt: skip
            target = be_handled(
                node, mover, now, control, clock, nodes, ents, burdens, heap, stays, alarms, laws, table,
                routes, cumulative, targets, counts, values, trace,
            )  # fmt: skip
    if status == IDLE:
        status = REACHED
    clock[Z_NOW] = until if status == REACHED else now
    control[K_MOVER] = mover
    control[K_TARGET] = target
    return status
