"""What was seen until now."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from scenarios.replay.beats import Beat
from scenarios.replay.keeping.batch import Batch
from scenarios.replay.live.observed import Observed
from scenarios.replay.live.quantities import ARRIVED, IN_LINE, PRESENT, SERVED, quantities_of
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.plan.plan import Subject
from simulator.system.line import Policy
from tests.launches.run import plan
from tests.launches.summaries import folded

S = 1_000_000_000
PLAN = plan(Subject.REHEARSAL, Policy.FIFO)
BEAT = Beat(
    at_ns=3 * S, started=7, finished=4, in_flight=3, waiting=2, late=1, at_cap=0,
    cpu_share=0.25, loop_lag_ns=4_000_000,
)  # fmt: skip
VISITS = [
    (1, 0, 0, 0, 1 * S, 2 * S, Fate.SERVED),
    (2, 0, 0, 0, UNKNOWN, 2 * S, Fate.RENEGED),
    (3, 0, 1 * S, 1 * S, 1 * S, 3 * S, Fate.GAVE_UP),
    (4, 0, 1 * S, 1 * S, 1 * S, 9 * S // 4, Fate.SERVED),
]
ATTEMPTS = [
    (1, 0, 0, 1 * S, UNKNOWN, 2 * S, Result.SUCCESS),
    (3, 0, 0, 1 * S, UNKNOWN, 2 * S, Result.TURNED_AWAY),
    (3, 0, 1, 5 * S // 2, UNKNOWN, 3 * S, Result.FAILED),
    (4, 0, 0, 2 * S, UNKNOWN, 9 * S // 4, Result.SUCCESS),
]


def cells(rows: Sequence[tuple[int, ...]]) -> array[int]:
    return array("q", [cell for row in rows for cell in row])


def batch(number: int, first: int, last: int, beat: Beat | None = None) -> Batch:
    """Some of the rows."""
    return Batch(
        worker=0,
        number=number,
        visits=cells(VISITS[first:last]),
        attempts=cells(ATTEMPTS[first:last]),
        beat=beat,
    )


def test_rows_that_come_one_after_the_other_are_the_summary_of_all() -> None:
    observed = Observed.of(PLAN)
    for number, (first, last) in enumerate([(0, 1), (1, 1), (1, 3), (3, 4)]):
        observed.hear(batch(number, first, last))
    whole = folded(
        VISITS,
        ATTEMPTS,
        horizon_ns=PLAN.horizon_ns,
        end_ns=PLAN.end_ns,
        bin_ns=PLAN.bin_ns,
        layout=PLAN.layout,
    )
    seen = observed.summary.to_json()
    # What nobody was told (when service began) stands apart, in a replay.
    assert {**seen, "waits": None} == {**whole.to_json(), "waits": None}


def test_what_has_no_row_yet_is_told_by_the_beats() -> None:
    observed = Observed.of(PLAN)
    assert [observed.value(each) for each in (ARRIVED, IN_LINE, PRESENT, SERVED)] == [0, 0, 0, 0]
    observed.hear(batch(1, 0, 2, BEAT))
    assert [observed.value(each) for each in (ARRIVED, IN_LINE, PRESENT, SERVED)] == [7, 2, 3, 1]
    assert observed.now_ns == 3 * S


def test_workers_are_added_up_and_it_is_as_late_as_the_last_of_them() -> None:
    observed = Observed.of(PLAN)
    observed.hear_beat(BEAT, worker=0)
    observed.hear_beat(replace(BEAT, at_ns=5 * S, started=20), worker=1)
    observed.hear_beat(replace(BEAT, at_ns=4 * S, started=8), worker=0)
    assert (observed.value(ARRIVED), observed.now_ns) == (28, 4 * S)


def test_whoever_has_ended_holds_nobody_up() -> None:
    """His shard was empty, or he was killed."""
    observed = Observed.of(PLAN)
    observed.hear_beat(replace(BEAT, at_ns=1 * S), worker=0)
    observed.hear_beat(replace(BEAT, at_ns=30 * S), worker=1)
    assert observed.now_ns == 30 * S


def test_who_would_look_again_after_the_end_only_stands_in_the_line_still() -> None:
    """His row comes before the end, and his place in the beats goes with it."""
    observed = Observed.of(PLAN)
    observed.hear_beat(replace(BEAT, waiting=2, in_flight=3))
    waiting = [(number, 0, 0, 0, UNKNOWN, UNKNOWN, Fate.WAITING) for number in range(5)]
    observed.hear(Batch(worker=0, number=1, visits=cells(waiting)))
    assert [observed.value(each) for each in (ARRIVED, IN_LINE, PRESENT)] == [7, 7, 8]


def test_every_quantity_has_a_value() -> None:
    observed = Observed.of(PLAN)
    observed.hear(batch(1, 0, 4, BEAT))
    results = {
        dict(each.labels)["result"]: observed.value(each)
        for each in quantities_of(PLAN.layout)
        if each.labels
    }
    assert results == {"answered": 2, "turned_away": 1, "timed_out": 0, "failed": 1}


def test_durations_are_counted_against_the_buckets_limits_exactly() -> None:
    observed = Observed.of(PLAN)
    limit_ns = 10_000_000
    rows = [
        (number, 0, 0, 0, UNKNOWN, lasted, Result.SUCCESS)
        for number, lasted in enumerate([limit_ns - 1, limit_ns, limit_ns + 1, UNKNOWN])
    ]
    rows[3] = (3, 0, 0, 0, UNKNOWN, limit_ns, Result.FAILED)
    observed.hear(Batch(worker=0, number=1, attempts=cells(rows)))
    (durations,) = observed.requests
    assert (durations.within(limit_ns), durations.many) == (2, 3)


def test_the_rate_is_of_a_second_and_more_of_a_beat_that_comes_late() -> None:
    observed = Observed.of(PLAN)
    for number, (first, last, at_ns) in enumerate(
        [(0, 1, 1 * S), (1, 2, 5 * S // 4), (2, 4, 3 * S)]
    ):
        observed.hear(batch(number, first, last, replace(BEAT, at_ns=at_ns)))
    assert observed.rate_seen() == [(1.0, 1.0), (3.0, 0.5)]
    assert observed.line_seen() == [(1.0, 2.0), (1.25, 2.0), (3.0, 2.0)]
