"""What the launch consists of: laws, changes, groups of people, their steps and what these call."""

from __future__ import annotations

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
