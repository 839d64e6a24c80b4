"""Blocks: visits, jobs and minutes, which come and go; and the events that are pending."""

from __future__ import annotations

BLOCK_SIZE = 16
"""Two lines of a processor's cache."""

STATE = 0
"""The first word of a block, whatever it is."""

# States of blocks.
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

# A job: target (at a speed), visitor, tag. VISIT: who waits for it, or 0. OTHER: of an attempt's own
# the called job or 0, of a called one the own. AFTER and BEFORE: others that occupy the instance.
JOB_VISITOR, JOB_TAG = SECOND_KEY, THIRD_KEY
VISIT, INSTANCE, QUEUED_AT, OTHER, AFTER, BEFORE = range(7, 13)

# A minute in which some who still have a place joined.
MINUTE_NUMBER, MINUTE_PLACES = range(4, 6)

# An event: instant and class in one word, visitor (or kind), tag, record.
EVENT_KEY, EVENT_VISITOR, EVENT_TAG, EVENT_RECORD, EVENT_SIZE = range(5)
