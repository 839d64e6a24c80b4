"""What the compiled engine remembers: the words of one memory, and what each of them is for.

The memory is one array of 64-bit integers; a record is the address of its first word, and 0 is
nobody. At the head stand the cells, then what the launch consists of (people, steps, stations,
laws), then blocks: as many as there are people in the line or under way, jobs and seats. A block
that is not needed any more is given to the next one, so memory follows those who are present.
"""

from __future__ import annotations

from simulator.timetable import draws

# Cells --------------------------------------------------------------------------------------------

(
    NOW,
    END,
    CLOSES,
    # Tables: changes come one after the other, people and steps by their numbers.
    NEXT_CHANGE,
    LAST_CHANGE,
    PEOPLE,
    STEPS,
    # Arrivals: addresses of the chunk's columns, the next one's place in them, and their number.
    ARRIVED_VISITOR,
    ARRIVED_PEOPLE,
    ARRIVED_AT,
    NEXT_ARRIVAL,
    ARRIVALS,
    ALL_ARRIVED,
    # Rows that are written, and where.
    VISIT_ROWS,
    VISITS,
    ATTEMPT_ROWS,
    ATTEMPTS,
    MOST_ROWS,
    # Pending events: a heap in an array of its own.
    EVENTS,
    PENDING,
    MOST_PENDING,
    MOST_AT_ONCE,
    # Blocks: the first free one, how many are, the end of those ever used, the end of memory.
    FREE,
    FREE_BLOCKS,
    TOP,
    LIMIT,
    # What follows at once from what happened: instances whose free servers take waiting jobs, an
    # attempt whose called job is done, attempts that are lost, calls to be made.
    READY,
    LAST_READY,
    GOING_ON,
    LOST,
    CALLS_LEFT,
    # A station that lacks instances to boot (with a minus sign once they are there), and how many.
    SHORT_OF,
    SHORT_BY,
    # The line.
    POLICY,
    OPENS,
    IS_LIST,
    ORDER,
    BY_RANK,
    SHUFFLES,
    PLACES,
    POLL_EVERY,
    CALL_EXPIRES,
    EXPIRED_TO_END,
    LEAVES_BY_EVENT,
    IN_LINE,
    FIRST_IN_LINE,
    LAST_IN_LINE,
    LINE_SEATS,
    MOST_LINE_SEATS,
    NEXT_NUMBER,
    CALLS_MADE,
    # Its release.
    RELEASE_KIND,
    RELEASE_AT,
    SPACING,
    BURST,
    FULL_AT,
    BATCH_SIZE,
    BATCH_EVERY,
    LAST_BATCH,
    TOTAL,
    TAKEN,
    SESSION_LASTS,
    PER_MINUTE,
    RENEWS,
    EARLY,
    HAS_SLOTS,
    CALLS_MINUTE,
    CALLS_IN_MINUTE,
    # How long a slot is held of late, by how many of the latest ones, and how many became free.
    HELD,
    REMEMBERS,
    FREED_SLOTS,
    # By minute.
    GHOST_LASTS,
    BLIND,
    SEEN_TAKEN,
    SEEN_ENTRIES,
    ENTRIES_MINUTE,
    ENTRIES_IN_MINUTE,
    ENTRIES_BEFORE,
    FIRST_MINUTE,
    LAST_MINUTE,
    # Feedback.
    HAS_FEEDBACK,
    SIGNAL,
    SIGNAL_LIMIT,
    FEEDBACK_EVERY,
    FEEDBACK_DELAY,
    DECISIONS,
    MEASURED,
    RATE,
    LOWEST_RATE,
    HIGHEST_RATE,
    STEP_RATE,
    CUT,
    IN_FLIGHT,
    ANSWERS,
    LATE,
    # The bin of time that it is now, for what goes on at stations.
    BIN_NS,
    BIN_SHIFT,
    BIN_MOMENTS,
    BIN,
    BIN_START,
    BIN_END,
    KEYS,
) = range(102)
"""KEYS is the first of as many cells as there are roles."""

CELLS = KEYS + draws.ROLES

# Orders of the line.
BY_JOINING, BY_KEY, BY_LOT = range(3)

# Kinds of release.
BUCKET, BATCHES, SLOTS, BY_MINUTE = range(4)

# Tables -------------------------------------------------------------------------------------------

# A law. LOCATION and SCALE are floats; the knots are at addresses.
LAW, LOCATION, SCALE, FIRST_KNOT, LAST_KNOT, LAW_SIZE = range(6)

# A change.
AT, LEVER, VALUE, CHANGED_STATION, CHANGE_SIZE = range(5)

# A group of people. Shares are floats, laws are addresses.
(
    FIRST_STEP,
    RANK,
    CLIENT_TIMEOUT,
    CANCELS,
    MOST_ATTEMPTS,
    BACKOFF,
    CAP,
    JITTER,
    BUDGET_ADDS,
    BUDGET_HOLDS,
    BUDGET,
    HONOURS,
    GIVES_UP_AFTER,
    PATIENCE,
    BALKS,
    SILENT,
    SHOWS_UP,
    ANSWERS_AFTER,
    REFRESHES,
    REFERS,
    REFERS_AFTER,
    REFERS_PLACES,
    GROUP_SIZE,
) = range(23)

# A step. IS_SURE: nothing but the client can end the work before its time. SEAT: the station that
# is held, or 0.
(
    STATION,
    SERVICE,
    THINK,
    IS_LAST,
    IS_SURE,
    CALLED_JOBS,
    FIRST_CALL,
    SEAT,
    SEAT_LASTS,
    STEP_SIZE,
) = range(10)

# A called job of a step.
CALL_STATION, CALL_SERVICE, CALL_SIZE = range(3)

# A station.
(
    KIND,
    NUMBER,
    BALANCE,
    INSTANCES,
    INSTANCE_LIST,
    FIRST_INSTANCE,
    ROUND_TRIP,
    SHEDS_AFTER,
    RETRY_AFTER,
    SERVERS_EACH,
    CORES_EACH,
    ROOMS,
    UNITS,
    UPS,
    UP_INDEXES,
    POINTER,
    LOADS,
    LEAVES,
    QUOTA_SPACING,
    QUOTA_BURST,
    PER_DAY,
    PER_DAY_FROM_OPENING,
    COLD_LASTS,
    SLOWDOWN,
    HAS_FAILURES,
    RUNS,
    REPAIR,
    SCALES_EVERY,
    WINDOW,
    TARGET,
    BOOT_LASTS,
    COOLDOWN,
    FLOOR,
    CEILING,
    BOOTING,
    LAST_ACTION,
    SCALINGS,
    BUSY_UP,
    SERVERS_UP,
    BUSY_AREA,
    SERVERS_AREA,
    AREA_SINCE,
    AREAS,
    TRACK,
    NOTED_BUSY,
    NOTED_THERE,
    NOTED_INSTANCES,
    STATION_SIZE,
) = range(48)
"""INSTANCE_LIST: the addresses of all instances. ROOMS: the waiting room is so many times that of each. UNITS: SHARED, the instances that the one
consists of. TRACK: where what goes on there is noted, and what of it was noted last. LOADS: LEAST_BUSY, a tree of LEAVES leaves whose root names the instance to take."""

# An instance.
(
    STATE,
    OF_STATION,
    INDEX,
    SERVERS,
    ROOM,
    BUSY,
    SEATS,
    WAITING,
    FIRST_WAITING,
    LAST_WAITING,
    OCCUPANTS,
    IS_READY,
    NEXT_READY,
    CORES,
    RUNNING_JOBS,
    TARGETS,
    ATTAINED,
    SINCE,
    PLANNED_JOB,
    PLANNED_AT,
    BUCKET_FULL_AT,
    TOKEN_AT,
    DAY,
    TOKENS_OF_DAY,
    LATEST_TOKENS,
    MANY_TOKENS,
    COLD_UNTIL,
    STARTS,
    FAILS_AT,
    INSTANCE_SIZE,
) = range(30)
"""LATEST_TOKENS: when the latest tokens were taken, in a ring of as many as any 24 hours have; nobody: there
is no such number."""

# States of an instance.
GONE, BOOTS, UP, FAILED = range(4)

# Blocks -------------------------------------------------------------------------------------------

BLOCK_SIZE = 16
"""Two lines of a processor's cache."""

# States of blocks; STATE is the first word of a block, too.
(
    NOBODY,
    STANDS,
    CALLED,
    UNDER_WAY,
    ENDED,
    GHOST,
    WAITS,
    RUNS_NOW,
    CALLS_NOW,
    IS_LOST,
    IS_MINUTE,
) = range(11)

# Every block in a list or an ordered set: NEXT, PREVIOUS, CHILD, and the three words it is ordered
# by, of which visits and jobs call one the visitor.
NEXT, PREVIOUS, CHILD, FIRST_KEY, SECOND_KEY, THIRD_KEY = range(1, 7)

# A visit in the line: rank, number, visitor.
NUMBER_IN_LINE, VISITOR = SECOND_KEY, THIRD_KEY
LINE_SEAT = CHILD

# A visit under way: its attempt, in the words that the line had. SENT is UNKNOWN while its client
# waits for no answer, JOB is 0 once the work is done or nobody's.
TAG, SENT, STARTED, DEADLINE, JOB = range(1, 6)

# Any visit. IS_QUIET: whether his place stays when he has lost patience. UNTIL: the end of his
# session, UNKNOWN where none is open.
GROUP, ARRIVED, JOINED, LET_IN, LEAVES_AT, CALLS, IS_QUIET, UNTIL, MINUTE = range(7, 16)

# A visit that has a slot, or will enter: since when he has it, instead of his minute.
SLOT_SINCE = MINUTE

# A job: target (of a CPU), visitor, tag. VISIT: who waits for it, or 0. OTHER: of an attempt's own
# the called job or 0, of a called one the own. AFTER and BEFORE: others that occupy the instance.
JOB_VISITOR, JOB_TAG = SECOND_KEY, THIRD_KEY
VISIT, INSTANCE, QUEUED_AT, OTHER, AFTER, BEFORE = range(7, 13)

# A minute in which some who still have a place joined.
MINUTE_NUMBER, MINUTE_PLACES = range(4, 6)

# Events -------------------------------------------------------------------------------------------

# An event: instant and class in one word, visitor (or kind), tag, record.
EVENT_KEY, EVENT_VISITOR, EVENT_TAG, EVENT_RECORD, EVENT_SIZE = range(5)
