"""The compiled fold counts what the Summary's own fold counts, figure by figure."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.engine.compiled.fold import fold as compiled_fold
from simulator.outcomes.counts.fold import summarise
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Outcomes, Provenance, Result
from simulator.system.system import System
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER
from tests.agreement.agreement import CRAMPED, replay
from tests.agreement.drawn.strategies import replayed


def layout_of(system: System, tick_ns: int) -> Layout:
    """Some journeys must be quick to be good."""
    names = [journey.name for journey in system.journeys]
    limits = dict.fromkeys(names[::2], (8 * tick_ns, 3 * tick_ns))
    return Layout.of(system, dict.fromkeys(names[::2], 8 * tick_ns), limits, (5 * tick_ns,))


def bin_of(timetable: Timetable) -> int:
    """A few bins, the last one cut short."""
    return max(1, timetable.end_ns // 7)


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


def test_any_launch_is_folded_alike() -> None:
    for seed in range(200):
        timetable, system = replayed(seed)
        rows = replay(CRAMPED, replayed, seed).rows
        bin_ns = bin_of(timetable)
        layout = layout_of(system, bin_ns // 8)
        outcomes = outcomes_of(timetable, rows)
        found = difference(
            summarise(outcomes, bin_ns=bin_ns, layout=layout),
            compiled_fold.summarise(outcomes, bin_ns=bin_ns, layout=layout),
        )
        assert found is None, f"replay with launch_of(Random({seed})): {found}"


LAYOUT = Layout(
    journeys=("a", "b"), stations=("one", "two"), groups=(0, 1, 0),
    group_names=("high", "low", "high"), people_of_components=(2, 1),
    timeouts_ns=(1 << 30, FOREVER),
    places=(Place(journey=0, station=0), Place(journey=0, station=1), Place(journey=1, station=1)),
    steps=(0, 1, 0, 2), good_within_ns=(1 << 20, 1 << 62), limits_ns=((1 << 20, (1 << 20) + 1), ()),
    wait_limits_ns=(10**9,),
)  # fmt: skip
END_NS = 120 * 10**9

# Powers of two and their neighbours are where buckets begin; some instants lie outside the bins.
known = st.one_of(
    st.integers(-(10**9), END_NS + 10**9),
    st.builds(lambda power, more: (1 << power) + more, st.integers(0, 60), st.integers(-1, 1)),
)
instants = st.one_of(st.just(UNKNOWN), known)


def some_rows(*cells: st.SearchStrategy[int]) -> st.SearchStrategy[list[tuple[int, ...]]]:
    return st.lists(st.tuples(*cells), max_size=12)


# The third component is one that the layout does not know.
visitors = st.builds(
    lambda component, index: component << 52 | index, st.integers(0, 2), st.integers(0, 9)
)
blocks = st.builds(
    Block.of,
    some_rows(visitors, st.integers(0, 2), known, instants, instants, instants, st.sampled_from(Fate)),
    some_rows(visitors, st.integers(0, 3), st.integers(0, 3), known, instants, instants, st.sampled_from(Result)),
)  # fmt: skip


def possible(block: Block) -> Block:
    """Without what no engine writes: who was served has entered and ended, an answer was seen."""
    visits, attempts = block.visits, block.attempts
    served = visits["fate"] == Fate.SERVED
    told = (visits["let_in"] != UNKNOWN) & (visits["ended"] != UNKNOWN)
    ended = ~np.isin(visits["fate"], [Fate.RENEGED, Fate.NO_SHOW]) | (visits["ended"] != UNKNOWN)
    seen = (attempts["finished"] != UNKNOWN) | (attempts["result"] == Result.UNFINISHED)
    return Block(visits=visits[(~served | told) & ended], attempts=attempts[seen])


@settings(max_examples=150, derandomize=True)
@given(st.lists(blocks.map(possible), max_size=3))
def test_rows_of_any_kind_are_folded_alike(stream: list[Block]) -> None:
    outcomes = Outcomes(
        provenance=Provenance.OBSERVED, horizon_ns=60 * 10**9, end_ns=END_NS, blocks=stream
    )
    right = summarise(outcomes, bin_ns=7 * 10**9, layout=LAYOUT)
    ours = compiled_fold.summarise(outcomes, bin_ns=7 * 10**9, layout=LAYOUT)
    assert difference(right, ours) is None
