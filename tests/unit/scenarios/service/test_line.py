"""The line against a bucket that fills tick by tick, and against eight connections at once."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenarios.http.line import LineSettings, Policy
from scenarios.service.store.database import Database
from scenarios.service.store.opened import open_database
from scenarios.service.store.sqlite import Sqlite
from scenarios.service.store.tickets import NEVER_NS, Lengths, Place, Tickets
from scenarios.service.work.line import Line
from tests.conftest import empty_schema
from tests.hanging import HUNG_S

TICK_NS = 1000


class TickByTick:
    """The line in its own words: each tick fills the bucket a little, a full token calls the first.

    It shares no formula with the one under test.
    """

    def __init__(self, spacing_ticks: int, burst: int) -> None:
        self.now = 0
        self.spacing_ticks = spacing_ticks
        self.capacity = self.level = spacing_ticks * burst
        self.waiting: list[int] = []
        self.called: list[int] = []
        self.left: list[int] = []

    def call(self) -> None:
        while self.waiting and self.level >= self.spacing_ticks:
            self.level -= self.spacing_ticks
            self.called.append(self.waiting.pop(0))

    def advance(self, ticks: int) -> None:
        for _ in range(ticks):
            self.now += 1
            self.level = min(self.capacity, self.level + 1)
            self.call()

    def join(self, person: int) -> None:
        self.waiting.append(person)
        self.call()

    def leave(self, person: int) -> None:
        self.left.append(person)
        if person in self.waiting:
            self.waiting.remove(person)

    def stands(self, person: int) -> tuple[str, int]:
        if person in self.left:
            return "left", 0
        if person in self.called:
            return "called", 0
        return "waiting", self.waiting.index(person) + 1


def stands(place: Place | None) -> tuple[str, int]:
    assert place is not None
    if place.left:
        return "left", 0
    return ("called", 0) if place.admitted else ("waiting", place.position)


@pytest.fixture
def tickets(database: Database) -> Tickets:
    return Tickets(database)


@pytest.fixture
def postgres(postgres_url: str) -> Iterator[Database]:
    opened = open_database(empty_schema(postgres_url))
    yield opened
    opened.close()


moves_of_people = st.lists(
    st.one_of(st.just(("join", 0)), st.tuples(st.just("leave"), st.integers(0, 7)), st.tuples(st.just("advance"), st.integers(1, 12))),
    max_size=40,
)  # fmt: skip
"""Eight people are there from the start; of them some leave, in an order of their own."""


@given(spacing_ticks=st.integers(1, 5), burst=st.integers(1, 3), moves=moves_of_people)
def test_the_line_is_a_bucket_that_fills_tick_by_tick(
    spacing_ticks: int, burst: int, moves: list[tuple[str, int]]
) -> None:
    database = Sqlite(Path(":memory:"))
    asyncio.run(play(TickByTick(spacing_ticks, burst), moves, database))
    database.close()


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spacing_ticks=st.integers(1, 5), burst=st.integers(1, 3), moves=moves_of_people)
def test_in_postgres_it_is_the_same_line(
    postgres: Database, spacing_ticks: int, burst: int, moves: list[tuple[str, int]]
) -> None:
    Tickets(postgres).clear_line(now_ns=0)
    asyncio.run(play(TickByTick(spacing_ticks, burst), moves, postgres))


async def play(model: TickByTick, moves: list[tuple[str, int]], database: Database) -> None:
    levers = LineSettings(
        policy=Policy.FIFO,
        release_rate_per_s=1e9 / TICK_NS / model.spacing_ticks,
        burst=model.capacity // model.spacing_ticks,
    )
    line = Line(Tickets(database), levers, lambda: model.now * TICK_NS)
    tickets: list[str] = []
    for move, argument in [("join", 0)] * 8 + moves:
        if move == "join":
            model.join(len(tickets))
            tickets.append(line.join()[0])
        elif move == "advance":
            model.advance(argument)
            continue  # looking would call who is due; the next move must do it by itself
        else:
            model.leave(argument)
            assert line.leave(tickets[argument])
        assert [stands(line.look(ticket)) for ticket in tickets] == [
            model.stands(person) for person in range(len(tickets))
        ]
        assert line.lengths().waiting == len(model.waiting)
    line.close()


def fifo(burst: int = 1) -> LineSettings:
    return LineSettings(policy=Policy.FIFO, release_rate_per_s=10, burst=burst)


def test_eight_targets_on_one_database_call_nobody_twice_and_spend_no_token_twice(
    where: Path | str, tickets: Tickets
) -> None:
    tokens, people, targets = 200, 300, 8
    tickets.open_line(fifo(burst=tokens), now_ns=0)
    for person in range(people):
        tickets.join(f"ticket-{person}", now_ns=0)
    together = threading.Barrier(targets)

    def call_all() -> list[int]:
        database = open_database(where)
        together.wait()
        called = []
        while (place := Tickets(database).admit_next(now_ns=0)) is not None:
            called.append(place)
        database.close()
        return called

    with ThreadPoolExecutor(targets) as threads:
        jobs = [threads.submit(call_all) for _ in range(targets)]
        called = [place for job in jobs for place in job.result()]

    assert sorted(called) == list(range(1, tokens + 1))
    assert tickets.lengths() == Lengths(waiting=people - tokens, admitted=tokens, gone=0)


def test_a_call_counts_from_when_it_was_due_not_from_when_the_timer_came(tickets: Tickets) -> None:
    tickets.open_line(fifo(), now_ns=0)
    for person in range(3):
        tickets.join(f"ticket-{person}", now_ns=0)
    late_ns = 99_000_000
    assert [tickets.admit_next(now_ns=late_ns), tickets.admit_next(now_ns=late_ns)] == [1, None]
    assert tickets.next_due_ns() == 100_000_000


def test_the_time_in_which_the_service_was_down_fills_the_bucket_once_only(
    tickets: Tickets,
) -> None:
    tickets.open_line(fifo(burst=2), now_ns=0)
    for person in range(9):
        tickets.join(f"ticket-{person}", now_ns=0)
    an_hour_later_ns = 3_600_000_000_000
    tickets.open_line(fifo(burst=2), now_ns=an_hour_later_ns)
    assert [tickets.admit_next(an_hour_later_ns) for _ in range(4)] == [1, 2, None, None]


def test_a_clock_that_was_set_back_does_not_close_the_line(tickets: Tickets) -> None:
    tickets.open_line(fifo(), now_ns=3_600_000_000_000)
    tickets.join("ticket", now_ns=0)
    tickets.open_line(fifo(), now_ns=0)
    assert tickets.next_due_ns() <= 100_000_000


def test_nobody_is_due_in_an_empty_line(tickets: Tickets) -> None:
    tickets.open_line(fifo(), now_ns=0)
    assert tickets.next_due_ns() == NEVER_NS


def test_a_timer_calls_people_at_their_instants_with_nobody_looking(tickets: Tickets) -> None:
    asyncio.run(wait_for_the_timer(tickets))


async def wait_for_the_timer(tickets: Tickets) -> None:
    """A timer of 10 ms calls the second; nothing but the database is looked at."""
    loop = asyncio.get_running_loop()
    levers = LineSettings(policy=Policy.FIFO, release_rate_per_s=100)
    line = Line(tickets, levers, lambda: round(loop.time() * 1e9))
    line.join()
    line.join()
    async with asyncio.timeout(HUNG_S):
        while tickets.lengths().waiting:
            await asyncio.sleep(0)
    line.close()
    assert tickets.lengths() == Lengths(waiting=0, admitted=2, gone=0)
