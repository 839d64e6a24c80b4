"""Batches of rows in bytes, and on a stream."""

from array import array

from scenarios.replay.beats import Beat, together
from scenarios.replay.keeping.batch import Batch, End, Frames, framed, packed, unpacked
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.outcomes.workers import Worker

BEAT = Beat(
    at_ns=10**9, started=5, finished=2, in_flight=3, waiting=1, late=0, at_cap=0,
    cpu_share=0.25, loop_lag_ns=1_000_000,
)  # fmt: skip
BATCH = Batch(
    worker=3,
    number=7,
    visits=array("q", [1 << 60, 0, 5, 6, UNKNOWN, UNKNOWN, Fate.WAITING]),
    attempts=array("q", [*range(7), *range(7, 14)]),
    looks=array("q", range(7)),
    answers=((-1, 0, 200, "waits — wartet", 4), (0, 2, 0, "refused", 1)),
    beat=BEAT,
    opened_ns=123,
    workers=(Worker(number=3, name="a", planned=9, started=5, lost="it was frozen"),),
    end=End(how="complete", planned=9, started=5),
)
LITTLE = Batch(worker=0, number=1)


def test_a_batch_comes_out_as_it_went_in() -> None:
    assert unpacked(packed(BATCH)) == BATCH
    assert unpacked(packed(LITTLE)) == LITTLE


def test_rows_have_the_cells_of_their_tables() -> None:
    assert BATCH.rows("attempts") == [tuple(range(7)), tuple(range(7, 14))]
    assert BATCH.rows("looks") == [tuple(range(7))]
    assert LITTLE.rows("visits") == []


def test_frames_are_put_together_however_a_stream_cuts_them() -> None:
    stream = b"".join(framed(packed(each)) for each in (BATCH, LITTLE, BATCH))
    for size in (1, 3, 1000, len(stream)):
        frames = Frames()
        parts = [stream[at : at + size] for at in range(0, len(stream), size)]
        found = [unpacked(frame) for part in parts for frame in frames.feed(part)]
        assert found == [BATCH, LITTLE, BATCH]


def test_a_frame_that_was_cut_off_is_none() -> None:
    frames = Frames()
    assert list(frames.feed(framed(packed(BATCH))[:-1])) == []


def test_workers_beats_add_up_and_the_worst_of_them_counts() -> None:
    other = Beat(
        at_ns=2 * 10**9, started=1, finished=1, in_flight=0, waiting=0, late=2, at_cap=3,
        cpu_share=0.75, loop_lag_ns=500,
    )  # fmt: skip
    assert together([BEAT, other]) == Beat(
        at_ns=2 * 10**9, started=6, finished=3, in_flight=3, waiting=1, late=2, at_cap=3,
        cpu_share=0.75, loop_lag_ns=1_000_000,
    )  # fmt: skip
