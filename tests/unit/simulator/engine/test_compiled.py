"""What is the compiled loop's alone: room that grows and is used again, threads, and its limits."""

import ast
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.engine.compiled.loop.kernel import place, run
from simulator.engine.compiled.loop.memory import layout
from simulator.errors import UsageError
from simulator.outcomes.rows import Fate
from simulator.system.journeys import Call, Step
from simulator.system.line import Feedback, Policy, Signal, TokenBucket
from simulator.system.people import People, Retries
from simulator.system.stations import Autoscaler, Balance, Failures, Station, StationKind
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER
from tests.examples import examples
from tests.launches.booked import PLENTY, POOL, at, line, line_by, seen, system

LOOP = Compiled(fifo=False)
CRAMPED = Compiled(fifo=False, first_size=1, block_rows=1)
"""Room for one of a kind at first: everything has to grow, over and over."""

# The memory of those present -----------------------------------------------------------------------

SOON_GONE = People(name="impatient", patience=Duration.exponential(100_000))
CLOSED_LINE = line(spacing_ns=FOREVER >> 8)
"""Calls the first one, and nobody else for half a year."""
ALARMED = People(name="alarmed", client_timeout_ns=100_000_000)
CALLING = (Step(calls=(Call(station=0),)),)
"""Nobody knows when a job that calls will end: each attempt has its alarm."""


def peak_bytes(came: int, played: System) -> int:
    """While so many come, 100 in each tenth of a millisecond."""
    blocks = came // 100
    component = Component.of(0, np.arange(blocks + 1) * 100_000, np.full(blocks, 100.0))
    timetable = Timetable(
        demand=Demand(components=(component,)), horizon_ns=came * 1_000, end_ns=came * 1_000
    )
    engine = Compiled(fifo=False, block_rows=500)
    list(engine.simulate(at(0), played).blocks)  # Compiling takes memory, too.
    tracemalloc.start()
    visits = sum(len(block.visits) for block in engine.simulate(timetable, played).blocks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert visits == timetable.total
    return peak


@examples("played",
    ("who left a line", system(SOON_GONE, POOL, CLOSED_LINE)),
    ("who left a line of so many places", system(SOON_GONE, POOL, replace(CLOSED_LINE, places=100_000))),
    ("alarms of what has ended", system(ALARMED, PLENTY, steps=CALLING)),
)  # fmt: skip
def test_memory_follows_those_present_not_those_who_came(played: System) -> None:
    # Three times as many come. Kept, 300,000 visits of 16 words would take 38 MB more; alarms are
    # kept for 100 ms, so 50,000 of 4 words, doubled for room, 3.2 MB. The blocks of time that they
    # come in are made in advance, and take 0.3 MB more.
    assert peak_bytes(450_000, played) - peak_bytes(150_000, played) < 1_000_000


# Growth --------------------------------------------------------------------------------------------

FLEET = Station(
    name="fleet", servers=1, service=Duration.fixed(10), instances=2, balance=Balance.LEAST_BUSY,
    autoscaler=Autoscaler(every_ns=10, target_thousandths=500, floor=2, ceiling=2),
    failures=Failures(runs=Duration.fixed(25), repair=Duration.fixed(100_000)),
)  # fmt: skip
"""The two that are up fail after 25; 5 later two others come up, and nobody is repaired in time."""


@pytest.mark.parametrize("engine", [LOOP, CRAMPED], ids=["roomy", "cramped"])
@pytest.mark.parametrize("balance", list(Balance)[1:])
def test_a_station_has_as_many_instances_as_its_failures_call_for(
    engine: Compiled, balance: Balance
) -> None:
    instants = [start + 1 for start in range(30, 990, 30)]
    station = replace(FLEET, balance=balance)
    expected = [(Fate.SERVED, instant + 10) for instant in instants]
    assert seen(engine, at(*instants), system(station=station), "fates") == {"fates": expected}


@examples("waitlist",
    ("list", line(spacing_ns=3)),
    ("lot", replace(line(spacing_ns=3), policy=Policy.RANDOM)),
    ("rank", replace(line(spacing_ns=3), policy=Policy.PRIORITY)),
    ("places", replace(line(spacing_ns=3), places=100)),
)  # fmt: skip
def test_how_much_room_there_is_at_first_changes_no_row(waitlist: Any) -> None:
    retries = Retries(attempts=3, backoff_ns=7, cap_ns=20)
    people = People(
        name="hasty", client_timeout_ns=15, retries=retries, patience=Duration.exponential(200)
    )
    played = system(people, POOL, waitlist)
    timetable = at(*range(0, 900, 2), *range(400))
    roomy, cramped = (engine.simulate(timetable, played).rows() for engine in (LOOP, CRAMPED))
    assert cramped.visits.tobytes() == roomy.visits.tobytes()
    assert cramped.attempts.tobytes() == roomy.attempts.tobytes()
    assert len(roomy.visits) == timetable.total


def test_blocks_have_no_more_rows_than_they_may() -> None:
    engine = Compiled(fifo=False, block_rows=7)
    blocks = list(engine.simulate(at(*range(0, 900, 2)), system(waitlist=line(3))).blocks)
    assert max(max(len(block.visits), len(block.attempts)) for block in blocks) == 7


def test_nothing_is_compiled_twice() -> None:
    """Other numbers, other shapes, the same kinds: a kernel is loaded once."""
    for played in (system(), system(waitlist=line(3)), system(station=FLEET)):
        list(CRAMPED.simulate(at(0, 5), played).blocks)
    kernels: list[Any] = [run, place]
    assert [len(kernel.loaded) for kernel in kernels] == [1, 1]


def test_launches_do_not_disturb_one_another_in_threads() -> None:
    played = system(waitlist=line(spacing_ns=3))
    timetables = [replace(at(*range(0, 900, 2)), launch=launch) for launch in range(8)]
    engine = Compiled(fifo=False, block_rows=7)

    def rows(timetable: Timetable) -> bytes:
        return engine.simulate(timetable, played).rows().visits.tobytes()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(rows, timetables)) == [rows(each) for each in timetables]


# What 64 bits cannot say ---------------------------------------------------------------------------

TOO_FAST = Feedback(
    signal=Signal.IN_FLIGHT, limit=1, every_ns=1, first_rate=1, lowest_rate=1, highest_rate=1 << 60,
    step_rate=1, cut_thousandths=500,
)  # fmt: skip
TOO_WIDE = Autoscaler(every_ns=1 << 40, window_periods=1 << 20, target_thousandths=1, ceiling=1)


@examples("played, said",
    ("bucket", system(waitlist=line(1 << 40, 1 << 30)), "smaller burst"),
    ("quota", system(station=replace(POOL, kind=StationKind.QUOTA, quota=TokenBucket(spacing_ns=1 << 40, burst=1 << 30))), "smaller burst"),
    ("rate", system(waitlist=line_by(TOO_FAST)), "lower"),
    ("attempts", system(People(name="x", retries=Retries(attempts=1 << 40))), "attempts"),
    ("calls", system(steps=(Step(calls=(Call(station=0),) * 256),)), "255 calls"),
    ("fleet", system(station=replace(FLEET, instances=1 << 20)), "instances"),
    ("window", system(station=replace(POOL, autoscaler=TOO_WIDE)), "window"),
    ("beyond 64 bits", system(station=replace(POOL, waiting_room=1 << 63)), "counts up to"),
)  # fmt: skip
def test_what_cannot_be_counted_is_refused(played: System, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        list(LOOP.simulate(at(0), played).blocks)


def test_more_than_18_years_are_refused() -> None:
    with pytest.raises(UsageError, match="18 years"):
        list(LOOP.simulate(at(0, end_ns=(1 << 59) + 1), system()).blocks)


@pytest.mark.parametrize("part", ["cells", "tables", "stations", "blocks"])
def test_no_word_of_the_memory_has_the_name_of_another(part: str) -> None:
    """A name that is given twice would silently mean the later one (TAKEN was, once)."""
    text = (Path(layout.__file__).parent / f"{part}.py").read_text("utf-8")
    names = [
        name.id
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    ]
    assert len(names) == len(set(names))
