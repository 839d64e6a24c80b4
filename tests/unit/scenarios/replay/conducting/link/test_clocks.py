"""Clock offsets over a network whose two ways differ: never wrong by more than their bound."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scenarios.replay.child.conducting.link.clocks import Offset, Reading

MS = 1_000_000
DELAYS = st.integers(0, 500 * MS)


def reading(offset_ns: int, there_ns: int, back_ns: int, asked_ns: int = 7) -> Reading:
    """Of a clock that is ahead by so much, over ways that take so long."""
    return Reading(asked_ns, asked_ns + there_ns + offset_ns, asked_ns + there_ns + back_ns)


@given(st.integers(-(10**15), 10**15), st.lists(st.tuples(DELAYS, DELAYS), min_size=1, max_size=8))
def test_an_offset_is_never_wrong_by_more_than_its_bound(
    offset_ns: int, ways: list[tuple[int, int]]
) -> None:
    readings = [reading(offset_ns, there, back) for there, back in ways]
    found = Offset.of(readings)
    assert abs(found.ns - offset_ns) <= found.bound_ns
    assert found.bound_ns == min(each.bound_ns for each in readings)


def test_what_is_told_by_whoever_trusts_the_way_there_alone_is_wrong_by_all_of_it() -> None:
    """The wrong model: the answer taken for what the clock says now, or when it was asked."""
    slow = reading(0, 80 * MS, 20 * MS)
    assert abs(slow.theirs_ns - slow.asked_ns) > slow.bound_ns
    assert abs(slow.offset_ns) <= slow.bound_ns == 50 * MS


def test_drift_widens_the_bound_and_leaves_the_offset_by_which_was_sent() -> None:
    before, later = Offset(1000, 10), Offset(1500, 20)
    assert before.until(later) == Offset(1000, 520)
    assert before.until(Offset(1001, 2)) == Offset(1000, 10)


def test_a_quicker_reading_is_a_better_one() -> None:
    ways = [(200 * MS, 10 * MS), (50 * MS, 10 * MS), (5 * MS, 4 * MS)]
    bounds = [Offset.of([reading(3, *way)]).bound_ns for way in ways]
    assert all(first > second for first, second in pairwise(bounds))
