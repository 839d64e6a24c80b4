/* Benchmark B in C: a line, two stations and impatient people, without an event for a completion.

   It is here to be compared with: what a careful C programmer gets from the same algorithm on the
   same machine, with the same luck to the last bit. It knows this one launch and no other. Written
   from the rules in simulator/engine.py; nothing is generated from, or shared with, the engines.

   surge FILE      the launch, as numbers; see read_launch
   Prints one JSON object: what became of everybody, CPU seconds and memory.

   gcc -O3 -march=native -ffp-contract=off -o surge surge.c -lm
   (-ffp-contract=off: a fused multiply-add rounds once where the draws round twice.) */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef int64_t ns;
#define NEVER INT64_MAX

/* ---- luck ---------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static const uint64_t STEP = 0x9E3779B97F4A7C15u;

static uint64_t derived(uint64_t key, uint64_t number) { return mix(key + number * STEP); }

static double uniform(uint64_t key, uint64_t index)
{
    return ((double)(derived(key, index) >> 12) + 0.5) * 0x1p-52;
}

/* Wichura 1988, AS 241, PPND16. */
static double ratio(double factor, const double *p, const double *q, double r)
{
    double above = p[7], below = q[7];
    for (int i = 6; i >= 0; i--) {
        above = above * r + p[i];
        below = below * r + q[i];
    }
    return factor * above / below;
}

static double normal(double u)
{
    static const double
        a[] = {3.387132872796366608, 133.14166789178437745, 1971.5909503065514427,
               13731.693765509461125, 45921.953931549871457, 67265.770927008700853,
               33430.575583588128105, 2509.0809287301226727},
        b[] = {1.0, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077,
               21213.794301586595867, 39307.89580009271061, 28729.085735721942674,
               5226.495278852545925},
        c[] = {1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055,
               3.64784832476320460504, 1.27045825245236838258, 0.24178072517745061177,
               0.0227238449892691845833, 7.7454501427834140764e-4},
        d[] = {1.0, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455,
               0.14810397642748007459, 0.0151986665636164571966, 5.475938084995344946e-4,
               1.05075007164441684324e-9},
        e[] = {6.6579046435011037772, 5.4637849111641143699, 1.7848265399172913358,
               0.29656057182850489123, 0.026532189526576123093, 0.0012426609473880784386,
               2.71155556874348757815e-5, 2.01033439929228813265e-7},
        f[] = {1.0, 0.59983220655588793769, 0.13692988092273580531, 0.0148753612908506148525,
               7.868691311456132591e-4, 1.8463183175100546818e-5, 1.4215117583164458887e-7,
               2.04426310338993978564e-15};
    double q = u - 0.5;
    if (fabs(q) <= 0.425)
        return ratio(q, a, b, 0.180625 - q * q);
    double r = sqrt(-log(q < 0.0 ? u : 1.0 - u));
    double x = r <= 5.0 ? ratio(1.0, c, d, r - 1.6) : ratio(1.0, e, f, r - 5.0);
    return q < 0.0 ? -x : x;
}

/* ---- the launch ---------------------------------------------------------------------------- */

enum { SERVICE, PATIENCE, BACKOFF, ARRIVAL, ROLES };

struct station {
    long servers, waiting_room; /* below 0: nobody is ever turned away */
    double location, scale;     /* of the lognormal service time, in nanoseconds */
    ns *free;                   /* heap: when each server has done all that it was given */
    ns *start;                  /* ring: when those start who wait */
    uint64_t mask, head, tail;
    uint64_t first_key;         /* of the service draws of attempt 0 */
};

static struct launch {
    uint64_t key[ROLES];
    ns horizon, end, bin, good_within;
    ns spacing, change_at, new_spacing;
    double patience_mean;
    ns timeout, backoff, cap;
    long attempts;
    struct station station[2];
    long blocks;
    ns *block_start, *block_width;
    double *block_tilt;
    long *block_count;
} L;

static uint64_t patience_key;

static long long number(FILE *in)
{
    long long value;
    if (fscanf(in, "%lld", &value) != 1) {
        fprintf(stderr, "surge: a number is missing\n");
        exit(2);
    }
    return value;
}

static double real(FILE *in)
{
    double value;
    if (fscanf(in, "%la", &value) != 1) {
        fprintf(stderr, "surge: a number is missing\n");
        exit(2);
    }
    return value;
}

static void *room_for(size_t many, size_t size)
{
    void *found = calloc(many, size);
    if (!found)
        exit(3);
    return found;
}

static void read_launch(FILE *in)
{
    for (int role = 0; role < ROLES; role++)
        L.key[role] = (uint64_t)number(in);
    L.horizon = number(in), L.end = number(in), L.bin = number(in), L.good_within = number(in);
    L.spacing = number(in), L.change_at = number(in), L.new_spacing = number(in);
    L.patience_mean = real(in);
    L.timeout = number(in), L.backoff = number(in), L.cap = number(in), L.attempts = number(in);
    for (int i = 0; i < 2; i++) {
        struct station *s = &L.station[i];
        s->servers = number(in), s->waiting_room = number(in);
        s->location = real(in), s->scale = real(in);
        s->free = room_for(s->servers + 1, sizeof(ns));
        long ring = 1;
        while (ring < s->waiting_room)
            ring *= 2;
        s->mask = ring - 1;
        s->start = room_for(ring, sizeof(ns));
        s->first_key = derived(derived(L.key[SERVICE], i + 1), 1);
    }
    L.blocks = number(in);
    L.block_start = room_for(L.blocks, sizeof(ns));
    L.block_width = room_for(L.blocks, sizeof(ns));
    L.block_tilt = room_for(L.blocks, sizeof(double));
    L.block_count = room_for(L.blocks, sizeof(long));
    for (long b = 0; b < L.blocks; b++)
        L.block_start[b] = number(in), L.block_width[b] = number(in),
        L.block_tilt[b] = real(in), L.block_count[b] = number(in);
    patience_key = derived(derived(L.key[PATIENCE], 1), 1);
}

static ns lognormal(const struct station *s, uint64_t key, uint64_t visitor)
{
    return (ns)(exp(s->location + s->scale * normal(uniform(key, visitor))) + 0.5);
}

/* ---- what is counted ----------------------------------------------------------------------- */

enum { SERVED, GAVE_UP, RENEGED, WAITING, UNFINISHED, FATES };
enum { SUCCESS, TURNED_AWAY, TIMED_OUT, FAILED, NOT_SEEN, RESULTS };
enum { WAIT, LAG, SERVING, EXCHANGE, RESPONSE, STEP_WAIT = RESPONSE + 3, HISTOGRAMS = STEP_WAIT + 2 };
enum { ARRIVALS, JOINED, LEFT_LINE, LET_IN, GONE, BIN_SERVED, GOOD, BIN_RENEGED, VISIT_BINS };
enum { SENT, LATE = RESULTS + 1, QUEUED, DEQUEUED, OVER, STEP_BINS };

static long long fates[FATES], results[RESULTS], infinite;
static struct { int64_t count[57 << 7], high, low; } histogram[HISTOGRAMS];
static int64_t (*visit_bin)[VISIT_BINS], (*step_bin[2])[STEP_BINS];
static long bins;

static void record(int which, ns value)
{
    uint64_t v = value > 0 ? (uint64_t)value : 0;
    int shift = v < 256 ? 0 : 63 - __builtin_clzll(v) - 7;
    histogram[which].count[(shift << 7) + (v >> shift)]++;
    histogram[which].high += value >> 32;
    histogram[which].low += value & 0xFFFFFFFF;
}

static long bin_of(ns at)
{
    long bin = (uint64_t)at / (uint64_t)L.bin;
    return bin < bins ? bin : bins - 1;
}

struct visit {
    int64_t visitor;
    ns arrived, let_in;
    ns service; /* of the next attempt, drawn ahead; below 0: not yet */
    int32_t step, attempt;
};

static void count_line(ns arrived, ns let_in)
{
    int64_t *arrival = visit_bin[bin_of(arrived)];
    arrival[ARRIVALS]++;
    arrival[JOINED]++;
    record(LAG, 0);
    if (let_in == NEVER)
        return;
    int64_t *entry = visit_bin[bin_of(let_in)];
    entry[LET_IN]++;
    entry[LEFT_LINE]++;
    record(WAIT, let_in - arrived);
}

static void count_end(const struct visit *v, int fate, ns ended)
{
    count_line(v->arrived, v->let_in);
    fates[fate]++;
    int phase = (v->arrived >= 10000000000) + (v->arrived >= 60000000000);
    if (fate != SERVED)
        infinite++;
    if (fate == UNFINISHED)
        return;
    int64_t *end = visit_bin[bin_of(ended)];
    end[GONE]++;
    if (fate != SERVED)
        return;
    end[BIN_SERVED]++;
    record(RESPONSE + phase, ended - v->let_in);
    if (ended - v->let_in <= L.good_within)
        end[GOOD]++;
}

static void count_attempt(int step, ns sent, ns started, ns seen, int result)
{
    int64_t *bin = step_bin[step][bin_of(sent)];
    results[result]++;
    bin[SENT]++;
    bin[SENT + 1 + result]++;
    if (started != NEVER || result != TURNED_AWAY)
        bin[QUEUED]++;
    if (seen != NEVER)
        step_bin[step][bin_of(seen)][OVER]++;
    if (started != NEVER) {
        step_bin[step][bin_of(started)][DEQUEUED]++;
        record(STEP_WAIT + step, started - sent);
    } else if (result == TIMED_OUT) {
        step_bin[step][bin_of(seen)][DEQUEUED]++;
    }
    if (result == SUCCESS) {
        record(EXCHANGE, seen - sent);
        record(SERVING, seen - started);
        if (seen - sent > L.good_within)
            bin[LATE]++;
    }
}

/* ---- arrivals and the line ----------------------------------------------------------------- */

static struct { long block, index; uint64_t key; double gaps, all; } coming = {.block = -1};

/* The next arrival; false when everybody has come. */
static int arrival(int64_t *visitor, ns *at)
{
    while (coming.block < 0 || coming.index == L.block_count[coming.block]) {
        if (++coming.block == L.blocks)
            return 0;
        long many = L.block_count[coming.block];
        coming.key = derived(derived(L.key[ARRIVAL], 1), coming.block + 1);
        coming.index = 0, coming.gaps = 0.0, coming.all = -log(uniform(coming.key, many));
        for (long i = 0; i < many; i++)
            coming.all += -log(uniform(coming.key, i));
    }
    coming.gaps += -log(uniform(coming.key, coming.index));
    double share = coming.gaps / coming.all, tilt = L.block_tilt[coming.block];
    if (tilt != 0.0) {
        double rise = 1.0 - tilt;
        share = 2.0 * share / (rise + sqrt(rise * rise + 4.0 * tilt * share));
    }
    ns width = L.block_width[coming.block], after = (ns)(share * width);
    *at = L.block_start[coming.block] + (after < width ? after : width - 1);
    *visitor = (int64_t)coming.block << 32 | coming.index++;
    return 1;
}

/* The next who is let in, in the order of the line; false when there is nobody more. */
static int entry(struct visit *v)
{
    static ns full_at, spacing;
    static int changed;
    if (!spacing)
        spacing = L.spacing;
    while (arrival(&v->visitor, &v->arrived)) {
        ns called = v->arrived > full_at ? v->arrived : full_at;
        if (!changed && called >= L.change_at) {
            changed = 1;
            ns missing = full_at - L.change_at;
            if (missing > 0) {
                ns rest = missing % spacing;
                full_at = L.change_at + missing / spacing * L.new_spacing +
                          (rest < L.new_spacing ? rest : L.new_spacing);
            }
            spacing = L.new_spacing;
            called = v->arrived > full_at ? v->arrived : full_at;
        }
        if (called > v->arrived) {
            double patience = L.patience_mean * -log(uniform(patience_key, v->visitor));
            ns leaves = v->arrived + (ns)(patience + 0.5);
            if (leaves < called && leaves < L.horizon) {
                fates[RENEGED]++;
                count_line(v->arrived, NEVER);
                int64_t *end = visit_bin[bin_of(leaves)];
                end[GONE]++;
                end[BIN_RENEGED]++;
                end[LEFT_LINE]++;
                continue;
            }
            if (called >= L.horizon) {
                fates[WAITING]++;
                count_line(v->arrived, NEVER);
                continue;
            }
        }
        full_at = (full_at > called ? full_at : called) + spacing;
        v->let_in = called;
        v->step = 0, v->attempt = 0;
        v->service = lognormal(&L.station[0], L.station[0].first_key, v->visitor);
        return 1;
    }
    return 0;
}

/* ---- stations ------------------------------------------------------------------------------ */

/* Gives the server that is free first work until `done`. The hole sinks to the bottom and `done`
   rises from there: it is mostly late, and no branch has to guess which child is smaller. */
static void replace_first(ns *heap, long size, ns done)
{
    long hole = 0, child = 1;
    while (child + 1 < size) {
        child += heap[child + 1] < heap[child];
        heap[hole] = heap[child];
        hole = child;
        child = 2 * hole + 1;
    }
    if (child < size) {
        heap[hole] = heap[child];
        hole = child;
    }
    while (hole > 0 && heap[(hole - 1) / 2] > done) {
        heap[hole] = heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    heap[hole] = done;
}

/* When a job starts that is sent now; below 0: it is turned away. */
static ns start_of(struct station *s, ns now)
{
    ns free = s->free[0];
    if (free <= now)
        return now;
    if (s->waiting_room >= 0) {
        while (s->head < s->tail && s->start[s->head & s->mask] <= now)
            s->head++;
        if (s->tail - s->head >= (uint64_t)s->waiting_room)
            return -1;
        s->start[s->tail++ & s->mask] = free;
    }
    return free;
}

/* ---- what is pending: later attempts, the earliest first, of equal ones the lowest visitor --- */

struct due { ns at; int64_t visitor; };

static struct due *due;
static uint32_t *due_slot;
static long pending, room;
static struct visit *visits;
static uint32_t *spare;
static long spares;

static int before(long i, long j)
{
    if (due[i].at == due[j].at)
        return due[i].visitor < due[j].visitor;
    return due[i].at < due[j].at;
}

static void put(long to, long from)
{
    due[to] = due[from];
    due_slot[to] = due_slot[from];
}

static void rise(long hole, ns at, uint32_t slot)
{
    struct due key = {at, visits[slot].visitor};
    while (hole > 0) {
        long parent = (hole - 1) / 2;
        if (due[parent].at < key.at ||
            (due[parent].at == key.at && due[parent].visitor < key.visitor))
            break;
        put(hole, parent);
        hole = parent;
    }
    due[hole] = key;
    due_slot[hole] = slot;
}

static void replace_top(ns at, uint32_t slot)
{
    long hole = 0, child = 1;
    while (child + 1 < pending) {
        child += before(child + 1, child);
        put(hole, child);
        hole = child;
        child = 2 * hole + 1;
    }
    if (child < pending) {
        put(hole, child);
        hole = child;
    }
    rise(hole, at, slot);
}

static void push(ns at, const struct visit *v)
{
    if (pending == room) {
        long more = room ? 2 * room : 1024;
        visits = realloc(visits, more * sizeof *visits);
        due = realloc(due, more * sizeof *due);
        due_slot = realloc(due_slot, more * sizeof *due_slot);
        spare = realloc(spare, more * sizeof *spare);
        if (!visits || !due || !due_slot || !spare)
            exit(3);
        for (long slot = more - 1; slot >= room; slot--)
            spare[spares++] = slot;
        room = more;
    }
    uint32_t slot = spare[--spares];
    visits[slot] = *v;
    rise(pending++, at, slot);
}

static void pop(void)
{
    spare[spares++] = due_slot[0];
    pending--;
    replace_top(due[pending].at, due_slot[pending]);
}

/* ---- people -------------------------------------------------------------------------------- */

/* Sends the visit's next attempt. True if another one follows, at *next. */
static int attempt(struct visit *v, ns sent, ns *next)
{
    struct station *s = &L.station[v->step];
    ns started = start_of(s, sent), deadline = sent + L.timeout, seen = sent;
    int result = TURNED_AWAY;
    if (started >= 0) {
        if (v->service < 0) {
            uint64_t key = derived(derived(L.key[SERVICE], v->step + 1), v->attempt + 1);
            v->service = lognormal(s, key, v->visitor);
        }
        seen = started + v->service;
        replace_first(s->free, s->servers, seen);
        result = SUCCESS;
    }
    if (seen > deadline)
        seen = deadline, result = TIMED_OUT;
    if (seen >= L.end)
        seen = NEVER, result = NOT_SEEN;
    if (started < 0 || started > deadline || started >= L.end)
        started = NEVER;
    count_attempt(v->step, sent, started, seen, result);

    if (result == NOT_SEEN) {
        count_end(v, UNFINISHED, NEVER);
        return 0;
    }
    if (result == SUCCESS) {
        if (v->step == 1) {
            count_end(v, SERVED, seen);
            return 0;
        }
        v->step = 1, v->attempt = 0;
        v->service = lognormal(&L.station[1], L.station[1].first_key, v->visitor);
        *next = seen;
        return 1;
    }
    if (v->attempt + 1 == L.attempts) {
        count_end(v, GAVE_UP, seen);
        return 0;
    }
    ns pause = L.backoff << v->attempt;
    if (pause > L.cap)
        pause = L.cap;
    uint64_t key = derived(derived(L.key[BACKOFF], v->step + 1), v->attempt + 1);
    *next = seen + (ns)(uniform(key, v->visitor) * (double)pause);
    if (*next >= L.end) {
        count_end(v, UNFINISHED, NEVER);
        return 0;
    }
    v->attempt++;
    v->service = -1;
    return 1;
}

static void play(void)
{
    struct visit head;
    int more = entry(&head);
    while (more || pending) {
        ns next;
        /* Who enters comes before what is sent at the same instant. */
        if (more && (!pending || head.let_in <= due[0].at)) {
            if (attempt(&head, head.let_in, &next))
                push(next, &head);
            more = entry(&head);
        } else if (attempt(&visits[due_slot[0]], due[0].at, &next)) {
            replace_top(next, due_slot[0]);
        } else {
            pop();
        }
    }
}

/* ---- the report ---------------------------------------------------------------------------- */

static void print_list(const char *name, const long long *values, int many)
{
    printf("\"%s\": [", name);
    for (int i = 0; i < many; i++)
        printf("%s%lld", i ? ", " : "", values[i]);
    printf("], ");
}

/* The most memory that was resident; getrusage would count that of the process which started us. */
static long peak_kib(void)
{
    long kib = 0;
    char line[256];
    FILE *status = fopen("/proc/self/status", "r");
    while (status && fgets(line, sizeof line, status))
        if (sscanf(line, "VmHWM: %ld", &kib) == 1)
            break;
    if (status)
        fclose(status);
    return kib;
}

int main(int argc, char **argv)
{
    FILE *in = argc == 2 ? fopen(argv[1], "r") : NULL;
    if (!in) {
        fprintf(stderr, "usage: surge FILE\n");
        return 2;
    }
    clock_t begun = clock();
    read_launch(in);
    bins = (L.end + L.bin - 1) / L.bin;
    visit_bin = room_for(bins, sizeof *visit_bin);
    for (int i = 0; i < 2; i++)
        step_bin[i] = room_for(bins, sizeof *step_bin[i]);
    play();
    double seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;

    printf("{");
    print_list("fates", fates, FATES);
    print_list("results", results, RESULTS);
    printf("\"infinite\": %lld, \"bins\": [", infinite);
    for (int column = 0; column < VISIT_BINS; column++) {
        unsigned long long sum = 0;
        for (long b = 0; b < bins; b++)
            sum = sum * 31 + visit_bin[b][column];
        printf("%s%llu", column ? ", " : "", sum);
    }
    printf("], \"steps\": [");
    for (int i = 0; i < 2 * STEP_BINS; i++) {
        unsigned long long sum = 0;
        for (long b = 0; b < bins; b++)
            sum = sum * 31 + step_bin[i / STEP_BINS][b][i % STEP_BINS];
        printf("%s%llu", i ? ", " : "", sum);
    }
    printf("], \"histograms\": [");
    for (int i = 0; i < HISTOGRAMS; i++) {
        unsigned long long sum = 0;
        for (size_t b = 0; b < sizeof histogram[i].count / sizeof(int64_t); b++)
            sum = sum * 31 + histogram[i].count[b];
        printf("%s[%llu, %lld, %lld]", i ? ", " : "", sum, (long long)histogram[i].high,
               (long long)histogram[i].low);
    }
    printf("], \"cpu_s\": %.6f, \"peak_kib\": %ld}\n", seconds, peak_kib());
    return 0;
}
