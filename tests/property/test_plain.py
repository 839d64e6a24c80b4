"""The kernel without events gives the readable engine's rows, and its folded counts are theirs."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from simulator import compiled_fold
from simulator.compiled_arrivals import arrivals
from simulator.compiled_fifo import Fifo
from simulator.layout import Layout, Place
from simulator.outcomes import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.readable import Readable
from simulator.summary import Summary, summarise
from simulator.system import System
from simulator.timetable import Arrivals, Timetable
from tests.property.agreement import CRAMPED, CRAMPED_FIFO, first_difference
from tests.property.strategies import Launch, plain_launch_of, plain_launches, replayed


def layout_of(system: System, tick_ns: int) -> Layout:
    """Some journeys must be quick to be good."""
    names = [journey.name for journey in system.journeys]
    return Layout.of(system, dict.fromkeys(names[::2], 8 * tick_ns))


def bin_of(timetable: Timetable) -> int:
    """A few bins, the last one cut short."""
    return max(1, timetable.end_ns // 7)


def plain_difference(launch: Launch) -> str | None:
    """Where rows or folded counts differ from the readable engine's."""
    rows = Readable().simulate(*launch).rows()
    found = first_difference(rows, CRAMPED_FIFO.simulate(*launch).rows())
    if found is not None:
        return found
    bin_ns = bin_of(launch.timetable)
    layout = layout_of(launch.system, bin_ns // 8)
    right = summarise(outcomes_of(launch.timetable, rows), bin_ns=bin_ns, layout=layout)
    return difference(right, CRAMPED_FIFO.summarise(*launch, bin_ns=bin_ns, layout=layout))


def outcomes_of(timetable: Timetable, rows: Block) -> Outcomes:
    return Outcomes(
        provenance=Provenance.PREDICTED,
        horizon_ns=timetable.horizon_ns,
        end_ns=timetable.end_ns,
        blocks=[rows],
    )


def difference(ours: Summary, theirs: Summary) -> str | None:
    """The first figure that differs, or None."""
    left, right = ours.to_json(), theirs.to_json()
    return next((f"{k}: {left[k]} {right[k]}" for k in left if left[k] != right[k]), None)


def assert_agreement(seeds: range) -> None:
    for seed in seeds:
        found = plain_difference(plain_launch_of(Random(seed)))
        assert found is None, f"replay with plain_launch_of(Random({seed})): {found}"


def test_engines_agree_on_every_row() -> None:
    assert_agreement(range(300))


@pytest.mark.slow
def test_engines_agree_on_ten_thousand_launches() -> None:
    assert_agreement(range(10_000))


@settings(max_examples=100, derandomize=True, deadline=None, print_blob=True)
@given(plain_launches)
def test_a_launch_on_which_they_differ_is_made_small(launch: Launch) -> None:
    note(repr(launch))
    assert plain_difference(launch) is None


def test_what_is_covered_agrees_as_it_was_drawn() -> None:
    covered = [seed for seed in range(2_000) if Fifo().covers(replayed(seed).system)]
    assert covered
    for seed in covered:
        found = plain_difference(replayed(seed))
        assert found is None, f"replay with launch_of(Random({seed})): {found}"


# The fold -----------------------------------------------------------------------------------------


def test_any_launch_is_folded_alike() -> None:
    for seed in range(200):
        timetable, system = replayed(seed)
        rows = CRAMPED.simulate(timetable, system).rows()
        bin_ns = bin_of(timetable)
        layout = layout_of(system, bin_ns // 8)
        outcomes = outcomes_of(timetable, rows)
        found = difference(
            summarise(outcomes, bin_ns=bin_ns, layout=layout),
            compiled_fold.summarise(outcomes, bin_ns=bin_ns, layout=layout),
        )
        assert found is None, f"replay with launch_of(Random({seed})): {found}"


LAYOUT = Layout(
    journeys=("a", "b"),
    stations=("one", "two"),
    groups=(0, 1, 0),
    places=(
        Place(journey=0, station=0),
        Place(journey=0, station=1),
        Place(journey=1, station=1),
    ),
    steps=(0, 1, 0, 2),
    good_within_ns=(1 << 20, 1 << 62),
)
END_NS = 120 * 10**9

# Powers of two and their neighbours are where buckets begin; some instants lie outside the bins.
known = st.one_of(
    st.integers(-(10**9), END_NS + 10**9),
    st.builds(lambda power, more: (1 << power) + more, st.integers(0, 60), st.integers(-1, 1)),
)
instants = st.one_of(st.just(UNKNOWN), known)


def some_rows(*cells: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[int, ...]]]:
    return st.lists(st.tuples(*cells), max_size=12)


blocks = st.builds(
    Block.of,
    some_rows(
        st.integers(0, 9),
        st.integers(0, 2),
        known,
        instants,
        instants,
        instants,
        st.sampled_from(Fate),
    ),
    some_rows(
        st.integers(0, 9),
        st.integers(0, 3),
        st.integers(0, 3),
        known,
        instants,
        instants,
        st.sampled_from(Result),
    ),
)


def possible(block: Block) -> Block:
    """Without what no engine writes: who was served has entered and ended, an answer was seen."""
    visits, attempts = block.visits, block.attempts
    served = visits["fate"] == Fate.SERVED
    told = (visits["let_in"] != UNKNOWN) & (visits["ended"] != UNKNOWN)
    ended = ~np.isin(visits["fate"], [Fate.RENEGED, Fate.NO_SHOW]) | (visits["ended"] != UNKNOWN)
    seen = (attempts["finished"] != UNKNOWN) | (attempts["result"] == Result.UNFINISHED)
    return Block(visits=visits[(~served | told) & ended], attempts=attempts[seen])


@settings(max_examples=300, derandomize=True, deadline=None)
@given(st.lists(blocks.map(possible), max_size=3))
def test_rows_of_any_kind_are_folded_alike(stream: list[Block]) -> None:
    outcomes = Outcomes(
        provenance=Provenance.OBSERVED, horizon_ns=60 * 10**9, end_ns=END_NS, blocks=stream
    )
    right = summarise(outcomes, bin_ns=7 * 10**9, layout=LAYOUT)
    ours = compiled_fold.summarise(outcomes, bin_ns=7 * 10**9, layout=LAYOUT)
    assert difference(right, ours) is None


# The arrivals -------------------------------------------------------------------------------------


def columns(chunks: list[Arrivals]) -> list[list[int]]:
    return [
        [cell for chunk in chunks for cell in getattr(chunk, name).tolist()]
        for name in ("visitor", "people", "arrived_ns")
    ]


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_arrivals_are_those_of_the_timetable(chunk: int) -> None:
    for seed in range(200):
        timetable = replayed(seed).timetable
        chunks = list(arrivals(timetable, chunk))
        assert columns(chunks) == columns(list(timetable.arrivals()))
        assert all(len(each) == chunk for each in chunks[:-1])
