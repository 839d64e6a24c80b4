"""The rules by example, one launch each, in both engines: instants in nanoseconds, by hand."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pytest

from simulator import draws
from simulator.compiled import Compiled
from simulator.compiled_kernel import place, run
from simulator.demand import Component, Demand, Ints
from simulator.engine import Engine
from simulator.errors import UsageError
from simulator.outcomes import UNKNOWN, Fate, Result
from simulator.readable import Readable
from simulator.system import (
    Change,
    Duration,
    Jitter,
    Lever,
    LineKind,
    People,
    Policy,
    Pool,
    Retries,
    System,
    TokenBucket,
    Waitlist,
)
from simulator.timetable import Timetable

engines = pytest.mark.parametrize(
    "engine", [pytest.param(Readable(), id="simpy"), pytest.param(Compiled(), id="compiled")]
)


@dataclass(frozen=True, kw_only=True)
class Booked(Timetable):
    """A timetable whose arrivals are not drawn."""

    booked: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    @cached_property
    def counts(self) -> tuple[Ints, ...]:
        return (self.booked,)


def at(*instants_ns: int, horizon_ns: int = 1_000, end_ns: int = 1_000) -> Booked:
    """Somebody at each of these instants; a block of one nanosecond leaves him no choice."""
    edges = np.arange(max(instants_ns) + 2)
    counts = np.bincount(instants_ns, minlength=len(edges) - 1)
    component = Component.of(0, edges, np.zeros(len(counts)))
    return Booked(
        demand=Demand(components=(component,)),
        horizon_ns=horizon_ns,
        end_ns=end_ns,
        booked=counts,
    )


POOL = Pool(name="signup", servers=1, waiting_room=10, service=Duration.fixed(10))
PATIENT = People(name="patient")


def system(
    people: People = PATIENT,
    station: Pool = POOL,
    waitlist: Waitlist | None = None,
    *changes: Change,
) -> System:
    return System(
        people=(people,), station=station, waitlist=waitlist or Waitlist(), changes=changes
    )


def line(spacing_ns: int, burst: int = 1, **words: object) -> Waitlist:
    bucket = TokenBucket(spacing_ns=spacing_ns, burst=burst)
    return replace(Waitlist(policy=Policy.FIFO, release=bucket), **words)  # type: ignore[arg-type]


def entries(engine: Engine, timetable: Timetable, played: System) -> list[int]:
    """When each was let in, in the order in which they came; UNKNOWN if never."""
    visits = engine.simulate(timetable, played).rows().visits
    return [int(instant) for instant in visits["let_in"]]


def ends(engine: Engine, timetable: Timetable, played: System) -> list[tuple[Fate, int]]:
    visits = engine.simulate(timetable, played).rows().visits
    return [(Fate(visit["fate"]), int(visit["ended"])) for visit in visits]


@engines
def test_one_server_takes_one_after_the_other(engine: Engine) -> None:
    attempts = engine.simulate(at(0, 1, 30), system()).rows().attempts
    assert attempts["started"].tolist() == [0, 10, 30]
    assert attempts["finished"].tolist() == [10, 20, 40]


@engines
def test_a_full_room_turns_away_and_the_client_sees_it_a_round_trip_later(engine: Engine) -> None:
    station = replace(POOL, waiting_room=0, round_trip_ns=3)
    assert ends(engine, at(0, 1), system(station=station)) == [
        (Fate.SERVED, 13),
        (Fate.GAVE_UP, 4),
    ]


@engines
def test_a_server_that_is_free_takes_who_comes_at_that_instant(engine: Engine) -> None:
    station = replace(POOL, waiting_room=0)
    assert ends(engine, at(0, 10), system(station=station)) == [
        (Fate.SERVED, 10),
        (Fate.SERVED, 20),
    ]


@engines
@pytest.mark.parametrize(
    ("timeout_ns", "fate", "ended"), [(13, Fate.SERVED, 13), (12, Fate.GAVE_UP, 12)]
)
def test_an_answer_at_the_timeout_is_in_time(
    engine: Engine, timeout_ns: int, fate: Fate, ended: int
) -> None:
    hasty = People(name="hasty", client_timeout_ns=timeout_ns)
    station = replace(POOL, round_trip_ns=3)
    assert ends(engine, at(0), system(hasty, station)) == [(fate, ended)]


@engines
def test_work_that_nobody_waits_for_is_served_all_the_same(engine: Engine) -> None:
    hasty = People(name="hasty", client_timeout_ns=14)
    rows = engine.simulate(at(0, 1, 20), system(hasty)).rows()
    assert [Fate(fate) for fate in rows.visits["fate"]] == [
        Fate.SERVED,
        Fate.GAVE_UP,
        Fate.SERVED,
    ]
    # The second began at 10 and was given up at 15; the third begins when that is done, at 20.
    assert rows.attempts["started"].tolist() == [0, 10, 20]
    assert rows.attempts["finished"].tolist() == [10, 15, 30]


@engines
def test_pauses_double_up_to_the_cap(engine: Engine) -> None:
    retries = Retries(attempts=5, backoff_ns=10, cap_ns=35, jitter=Jitter.NONE)
    people = People(name="stubborn", retries=retries)
    closed = replace(POOL, servers=0, waiting_room=0)
    rows = engine.simulate(at(0), system(people, closed)).rows()
    assert rows.attempts["sent"].tolist() == [0, 10, 30, 65, 100]
    assert set(rows.attempts["result"].tolist()) == {Result.TURNED_AWAY}
    assert rows.visits["ended"].tolist() == [100]


@engines
def test_full_jitter_is_a_share_of_the_pause(engine: Engine) -> None:
    retries = Retries(attempts=2, backoff_ns=100, cap_ns=100, jitter=Jitter.FULL)
    timetable = at(0)
    played = system(
        People(name="stubborn", retries=retries), replace(POOL, servers=0, waiting_room=0)
    )
    sent = engine.simulate(timetable, played).rows().attempts["sent"]
    assert sent[1] == int(100 * timetable.jitter(0, 0, 0))


@engines
def test_a_token_comes_each_spacing_and_a_burst_is_saved_up(engine: Engine) -> None:
    timetable = at(0, 0, 0, 0, 100, 100, 100)
    played = system(waitlist=line(spacing_ns=20, burst=2))
    assert entries(engine, timetable, played) == [0, 0, 20, 40, 100, 100, 110 - 10 + 20]


@engines
def test_who_is_called_enters_at_his_next_look(engine: Engine) -> None:
    played = system(waitlist=line(spacing_ns=20, poll_every_ns=7))
    assert entries(engine, at(0, 1, 6), played) == [0, 22, 6 + 35]


@engines
@pytest.mark.parametrize(
    ("kind", "third"), [(LineKind.ROOM, 20), (LineKind.LIST, 40)], ids=["room", "list"]
)
def test_who_lost_interest_takes_a_token_from_a_list_only(
    engine: Engine, kind: LineKind, third: int
) -> None:
    # The second would be called at 20 and has patience until 16; the third comes at 10.
    people = People(name="impatient", patience=Duration.fixed(15))
    timetable = at(0, 1, 10)
    played = system(people, waitlist=line(spacing_ns=20, kind=kind))
    expected = third if third <= 25 else UNKNOWN
    assert entries(engine, timetable, played) == [0, UNKNOWN, expected]
    assert ends(engine, timetable, played)[1] == (Fate.RENEGED, 16)


@engines
def test_patience_ends_for_who_is_called_but_has_not_looked(engine: Engine) -> None:
    people = People(name="impatient", patience=Duration.fixed(12))
    played = system(people, waitlist=line(spacing_ns=10, poll_every_ns=30))
    assert ends(engine, at(0, 1), played) == [(Fate.SERVED, 10), (Fate.RENEGED, 13)]


@engines
def test_the_line_closes_at_the_horizon_and_the_rest_end_later(engine: Engine) -> None:
    timetable = at(0, 1, 2, 30, horizon_ns=30, end_ns=35)
    station = replace(POOL, service=Duration.fixed(15))
    played = system(station=station, waitlist=line(spacing_ns=15))
    assert ends(engine, timetable, played) == [
        (Fate.SERVED, 15),
        (Fate.SERVED, 30),
        (Fate.WAITING, UNKNOWN),
    ]
    timetable = replace(timetable, end_ns=30)
    assert ends(engine, timetable, played)[1] == (Fate.UNFINISHED, UNKNOWN)


@engines
def test_servers_are_added_at_once_and_taken_away_when_done(engine: Engine) -> None:
    more = Change(at_ns=5, lever=Lever.SERVERS, value=3)
    fewer = Change(at_ns=6, lever=Lever.SERVERS, value=1)
    attempts = engine.simulate(at(0, 0, 0, 0), system(PATIENT, POOL, None, more, fewer)).rows()
    assert attempts.attempts["started"].tolist() == [0, 5, 5, 15]


@engines
def test_a_line_that_opens_calls_everybody_and_one_that_closes_holds(engine: Engine) -> None:
    opens = Change(at_ns=10, lever=Lever.POLICY, value=Policy.OPEN)
    closes = Change(at_ns=20, lever=Lever.POLICY, value=Policy.FIFO)
    played = system(PATIENT, POOL, line(spacing_ns=100), opens, closes)
    assert entries(engine, at(0, 1, 2, 15, 20), played) == [0, 10, 10, 15, 100]


@engines
def test_a_slower_release_makes_no_tokens(engine: Engine) -> None:
    # Of the four tokens at the opening none is left at 10; the next was due at 10 and comes.
    slower = Change(at_ns=10, lever=Lever.RELEASE_SPACING_NS, value=100)
    played = system(PATIENT, POOL, line(spacing_ns=10, burst=4), slower)
    assert entries(engine, at(0, 0, 0, 0, 0, 0), played) == [0, 0, 0, 0, 10, 110]


@engines
def test_a_faster_release_does_not_wait_for_a_slow_token(engine: Engine) -> None:
    faster = Change(at_ns=50, lever=Lever.RELEASE_SPACING_NS, value=10)
    played = system(PATIENT, POOL, line(spacing_ns=500), faster)
    assert entries(engine, at(0, 0, 0), played) == [0, 60, 70]


@engines
def test_nobody_comes(engine: Engine) -> None:
    nobody = Timetable(demand=Demand(components=()), horizon_ns=10, end_ns=10)
    rows = engine.simulate(nobody, system()).rows()
    assert (len(rows.visits), len(rows.attempts)) == (0, 0)


def test_nothing_is_compiled_twice() -> None:
    """Other numbers, other shapes, the same types: a kernel has one signature."""
    for played in (system(), system(waitlist=line(spacing_ns=3)), system(People(name="a"))):
        list(Compiled(first_size=2).simulate(at(0, 5), played).blocks)
    list(Compiled().simulate(at(0), replace(system(), changes=())).blocks)
    kernels: list[Any] = [run, place]
    assert [len(kernel.signatures) for kernel in kernels] == [1, 1]


def peak_bytes(came: int) -> int:
    """While so many come, 100 at a time, and soon leave a line that calls nobody but the first."""
    blocks = came // 100
    component = Component.of(0, np.arange(blocks + 1) * 100_000, np.full(blocks, 100.0))
    timetable = Timetable(
        demand=Demand(components=(component,)), horizon_ns=came * 1_000, end_ns=came * 1_000
    )
    people = People(name="impatient", patience=Duration.exponential(100_000))
    played = system(people, waitlist=line(spacing_ns=draws.FOREVER >> 8))
    tracemalloc.start()
    visits = sum(len(b.visits) for b in Compiled(block_rows=500).simulate(timetable, played).blocks)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert visits == timetable.total
    return peak


def test_memory_follows_those_present_not_those_who_came() -> None:
    # Three times as many come: kept in the line they would take 9.6 MB more (300,000 by 4 words);
    # the blocks of time that they come in are made in advance, and take 0.3 MB more.
    assert peak_bytes(450_000) - peak_bytes(150_000) < 1_000_000


def test_launches_do_not_disturb_one_another_in_threads() -> None:
    played = system(waitlist=line(spacing_ns=3))
    timetables = [replace(at(*range(0, 900, 2)), launch=launch) for launch in range(8)]

    def rows(timetable: Timetable) -> bytes:
        return Compiled(block_rows=7).simulate(timetable, played).rows().visits.tobytes()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(rows, timetables)) == [rows(each) for each in timetables]


def test_a_bucket_beyond_64_bits_is_refused() -> None:
    played = system(waitlist=line(spacing_ns=1 << 40, burst=1 << 30))
    with pytest.raises(UsageError, match="smaller burst"):
        list(Compiled().simulate(at(0), played).blocks)


def test_the_front_does_not_load_numba() -> None:
    code = "import simulator.readable, sys; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
