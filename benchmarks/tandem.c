/* The order tandem by hand in C: the yardstick for the compiled engine.
 *
 *   arrivals -> pick (c packers) -> truck (leaves every hour) -> courier (25) | collected (no limit)
 *            -> done | comes back (no limit) -> agents (2) -> done
 *
 * One binary heap of 16-byte events keyed by time; arrivals, the truck and the daily decision are kept
 * beside the heap because each has one next time only. An event that schedules its successor overwrites
 * the root in place (one sift instead of two). Queues are linked lists threaded through one array, so
 * nothing is allocated while the clock runs. All luck is read from the caller's table; `tandem_draw` can fill
 * such a table, for a comparison with engines that draw their own.
 *
 * Build: cc -O3 -shared -fPIC -o tandem.so tandem.c -lm
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

enum node { PICK, TRUCK, COURIER, COLLECT, BACK, AGENT, DONE, NODES };

typedef struct {
    int64_t orders;
    const double *arrival, *pick, *courier, *dwell, *back, *agent; /* hours, one per order */
    const int8_t *collects, *returns;                              /* 0 or 1, one per order */
} luck_table;

typedef struct {
    int64_t entries[NODES], departures[NODES];
    double hours[NODES]; /* summed time from entry to departure, added at departure */
    int64_t decisions, changes;
} tally;

typedef struct {
    double time;
    int32_t order;
    int32_t node;
} event;

typedef struct {
    int32_t head, tail;
    int64_t length;
    int32_t servers, busy;
} station;

typedef struct {
    event *heap;
    int64_t size, room;
    int root_is_spent; /* the root was taken out but its place is not filled yet */
    int32_t *next;
    double *entered;
    station pick, truck, courier, agent;
    const luck_table *luck;
    tally *out;
    int failed;
} model;

static void sift_down(event *heap, int64_t size, event moved) {
    int64_t hole = 0, child = 1;
    while (child < size) {
        if (child + 1 < size && heap[child + 1].time < heap[child].time) child++;
        if (moved.time <= heap[child].time) break;
        heap[hole] = heap[child];
        hole = child;
        child = 2 * hole + 1;
    }
    heap[hole] = moved;
}

static inline void schedule(model *m, double time, int32_t order, int32_t node) {
    event added = {time, order, node};
    if (m->root_is_spent) {
        m->root_is_spent = 0;
        sift_down(m->heap, m->size, added);
        return;
    }
    if (m->size == m->room) {
        event *bigger = realloc(m->heap, 2 * (size_t)m->room * sizeof(event));
        if (!bigger) {
            m->failed = 1;
            return;
        }
        m->heap = bigger;
        m->room *= 2;
    }
    int64_t hole = m->size++;
    while (hole > 0) {
        int64_t parent = (hole - 1) / 2;
        if (m->heap[parent].time <= time) break;
        m->heap[hole] = m->heap[parent];
        hole = parent;
    }
    m->heap[hole] = added;
}

static inline void fill_spent_root(model *m) {
    if (!m->root_is_spent) return;
    m->root_is_spent = 0;
    m->size--;
    if (m->size > 0) sift_down(m->heap, m->size, m->heap[m->size]);
}

static inline void enqueue(model *m, station *s, int32_t order) {
    m->next[order] = -1;
    if (s->length++ == 0) s->head = order;
    else m->next[s->tail] = order;
    s->tail = order;
}

static inline int32_t dequeue(model *m, station *s) {
    int32_t order = s->head;
    s->head = m->next[order];
    s->length--;
    return order;
}

static inline void enter(model *m, int32_t order, int32_t node, double now) {
    m->out->entries[node]++;
    m->entered[order] = now;
}

static inline void leave(model *m, int32_t order, int32_t node, double now) {
    m->out->departures[node]++;
    m->out->hours[node] += now - m->entered[order];
}

static inline void join(model *m, station *s, int32_t order, int32_t node, double now, const double *service) {
    enter(m, order, node, now);
    if (s->busy < s->servers) {
        s->busy++;
        schedule(m, now + service[order], order, node);
    } else {
        enqueue(m, s, order);
    }
}

static inline void release(model *m, station *s, int32_t node, double now, const double *service) {
    if (s->length > 0 && s->busy <= s->servers) {
        int32_t order = dequeue(m, s);
        schedule(m, now + service[order], order, node);
    } else {
        s->busy--;
    }
}

static void set_servers(model *m, station *s, int32_t servers, int32_t node, double now, const double *service) {
    s->servers = servers;
    while (s->busy < servers && s->length > 0) {
        int32_t order = dequeue(m, s);
        s->busy++;
        schedule(m, now + service[order], order, node);
    }
}

static inline void delivered(model *m, int32_t order, double now) {
    const luck_table *luck = m->luck;
    if (luck->returns[order]) {
        enter(m, order, BACK, now);
        schedule(m, now + luck->back[order], order, BACK);
    } else {
        m->out->entries[DONE]++;
    }
}

static void truck_leaves(model *m, double now) {
    const luck_table *luck = m->luck;
    while (m->truck.length > 0) {
        int32_t order = dequeue(m, &m->truck);
        leave(m, order, TRUCK, now);
        if (luck->collects[order]) {
            enter(m, order, COLLECT, now);
            schedule(m, now + luck->dwell[order], order, COLLECT);
        } else {
            join(m, &m->courier, order, COURIER, now, luck->courier);
        }
    }
}

static void complete(model *m, event done) {
    const luck_table *luck = m->luck;
    double now = done.time;
    int32_t order = done.order;
    m->root_is_spent = 1;
    leave(m, order, done.node, now);
    switch (done.node) {
    case PICK:
        release(m, &m->pick, PICK, now, luck->pick);
        enter(m, order, TRUCK, now);
        enqueue(m, &m->truck, order);
        break;
    case COURIER:
        release(m, &m->courier, COURIER, now, luck->courier);
        delivered(m, order, now);
        break;
    case COLLECT:
        delivered(m, order, now);
        break;
    case BACK:
        join(m, &m->agent, order, AGENT, now, luck->agent);
        break;
    default:
        release(m, &m->agent, AGENT, now, luck->agent);
        m->out->entries[DONE]++;
    }
    fill_spent_root(m);
}

/* Packers for the coming day, from the orders waiting at its start; the same rule in all models. */
static int32_t packers_for(int64_t queue) { return 5 + (queue >= 5) + 2 * (queue >= 15); }

/* Simulate (0, horizon]; events at the horizon happen. Returns 0, or 1 when memory ran out. */
int tandem_run(const luck_table *luck, double horizon, double headway, double decide_every, tally *out) {
    model m = {.room = 1024, .luck = luck, .out = out};
    m.pick.servers = 6;
    m.courier.servers = 25;
    m.agent.servers = 2;
    m.heap = malloc((size_t)m.room * sizeof(event));
    m.next = malloc((size_t)(luck->orders + 1) * sizeof(int32_t));
    m.entered = malloc((size_t)(luck->orders + 1) * sizeof(double));
    m.failed = !m.heap || !m.next || !m.entered;

    const double never = 1e300;
    int64_t coming = 0, trip = 1, day = 1;
    double arrival = luck->orders > 0 ? luck->arrival[0] : never;
    double truck = headway;
    double decision = decide_every > 0 ? decide_every : never;
    while (!m.failed) {
        double first = m.size > 0 ? m.heap[0].time : never;
        double side = truck < decision ? truck : decision;
        if (first <= arrival && first <= side) {
            if (first > horizon) break;
            complete(&m, m.heap[0]);
        } else if (arrival <= side) {
            if (arrival > horizon) break;
            join(&m, &m.pick, (int32_t)coming, PICK, arrival, luck->pick);
            coming++;
            arrival = coming < luck->orders ? luck->arrival[coming] : never;
        } else if (truck <= decision) {
            if (truck > horizon) break;
            truck_leaves(&m, truck);
            truck = headway * (double)++trip;
        } else {
            if (decision >= horizon) break; /* nothing is decided for a day that is not simulated */
            int32_t servers = packers_for(m.pick.length);
            out->decisions++;
            out->changes += servers != m.pick.servers;
            set_servers(&m, &m.pick, servers, PICK, decision, luck->pick);
            decision = decide_every * (double)++day;
        }
    }
    free(m.heap);
    free(m.next);
    free(m.entered);
    return m.failed;
}

/* xoshiro256++ (Blackman & Vigna 2019), seeded by splitmix64. */
typedef struct {
    uint64_t s[4];
} generator;

static inline uint64_t rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline double uniform(generator *g) {
    uint64_t *s = g->s, result = rotate(s[0] + s[3], 23) + s[0], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return ((double)(result >> 11) + 0.5) * 0x1p-53;
}

static inline double exponential(generator *g, double mean) { return -mean * log(uniform(g)); }

/* Lognormal from one normal by Box and Muller's polar method, the second one kept for the next call. */
static inline double lognormal(generator *g, double mu, double sigma, double *spare) {
    double z = *spare;
    if (z == z) {
        *spare = NAN;
        return exp(mu + sigma * z);
    }
    double u, v, r;
    do {
        u = 2.0 * uniform(g) - 1.0;
        v = 2.0 * uniform(g) - 1.0;
        r = u * u + v * v;
    } while (r >= 1.0);
    double scale = sqrt(-2.0 * log(r) / r);
    *spare = v * scale;
    return exp(mu + sigma * u * scale);
}

/* Draw the luck of the orders of (0, horizon] into arrays with `room` places; returns how many orders there
 * are, or -1 when there is no room. Draws that an order cannot use are left out. */
int64_t tandem_draw(
    double *arrival, double *pick, double *courier, double *dwell, double *back, double *agent, int8_t *collects,
    int8_t *returns, int64_t room, double horizon, uint64_t seed
) {
    generator g;
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += 0x9E3779B97F4A7C15ULL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        g.s[i] = z ^ (z >> 31);
    }
    const double variance = log(1.25), sigma = sqrt(variance);
    const double near = log(40.0 / 60.0) - variance / 2.0, far = log(18.0) - variance / 2.0;
    double now = 0.0, spare = NAN;
    for (int64_t k = 0;; k++) {
        now += exponential(&g, 1.0 / 30.0);
        if (now > horizon) return k;
        if (k == room) return -1;
        arrival[k] = now;
        pick[k] = exponential(&g, 0.15);
        collects[k] = uniform(&g) < 0.3;
        if (collects[k]) dwell[k] = lognormal(&g, far, sigma, &spare);
        else courier[k] = lognormal(&g, near, sigma, &spare);
        returns[k] = uniform(&g) < 0.08;
        if (returns[k]) {
            back[k] = 24.0 + 144.0 * uniform(&g);
            agent[k] = exponential(&g, 0.2);
        }
    }
}
