"""The cells at the head of the memory: one word each of what the launch remembers of itself."""

from __future__ import annotations

from simulator.timetable import draws

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
