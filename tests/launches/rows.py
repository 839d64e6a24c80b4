"""Launches whose rows are written down by hand, as small as can be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from simulator.engine.invariants.check import check
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.system.line import TokenBucket, Waitlist
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Demand
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Arrivals, Placement, Timetable, placed
from simulator.units import frozen_ints

Row = tuple[int, ...]


class Rows(NamedTuple):
    """The two tables of a launch."""

    visits: list[Row]
    attempts: list[Row]


@dataclass(frozen=True, kw_only=True)
class Appointments(Timetable):
    """A timetable whose arrivals are said, not drawn."""

    planned: tuple[tuple[int, int, int], ...] = ()

    def arrivals(self, place: Placement = placed) -> Iterator[Arrivals]:
        visitor, people, arrived_ns = zip(*self.planned, strict=True)
        yield Arrivals(
            visitor=frozen_ints(visitor),
            people=frozen_ints(people),
            arrived_ns=frozen_ints(arrived_ns),
        )


def system_of(**parts: Any) -> System:
    """One group, one pool of one server, five nanoseconds of service, and no line."""
    station = Station(name="signup", servers=1, service=Duration.fixed(5))
    given: dict[str, Any] = {"people": (People(name="all"),), "stations": (station,)}
    return System(**(given | parts))


def station_of(**figures: Any) -> tuple[Station, ...]:
    return (replace(system_of().stations[0], **figures),)


def people_of(**figures: Any) -> tuple[People, ...]:
    return (replace(system_of().people[0], **figures),)


def line_of(spacing_ns: int = 4, **figures: Any) -> Waitlist:
    return Waitlist(**({"release": TokenBucket(spacing_ns=spacing_ns)} | figures))


def visit(
    visitor: int,
    arrived: int,
    *,
    joined: int = UNKNOWN,
    let_in: int = UNKNOWN,
    ended: int = UNKNOWN,
    fate: Fate = Fate.SERVED,
    people: int = 0,
) -> Row:
    return visitor, people, arrived, joined, let_in, ended, fate


def attempt(
    visitor: int,
    sent: int,
    started: int = UNKNOWN,
    finished: int = UNKNOWN,
    result: Result = Result.SUCCESS,
    *,
    step: int = 0,
    number: int = 0,
) -> Row:
    return visitor, step, number, sent, started, finished, result


def walked_in(visitor: int, at: int, started: int, finished: int) -> Rows:
    """Somebody who came without a line, and was served at his first attempt."""
    return Rows(
        [visit(visitor, at, let_in=at, ended=finished)], [attempt(visitor, at, started, finished)]
    )


def called_in(visitor: int, at: int, let_in: int) -> Rows:
    """Somebody who stood in line, and was served for five nanoseconds at his first attempt."""
    done = let_in + 5
    return Rows(
        [visit(visitor, at, joined=at, let_in=let_in, ended=done)],
        [attempt(visitor, let_in, let_in, done)],
    )


def together(*rows: Rows) -> Rows:
    return Rows(
        sorted(row for part in rows for row in part.visits),
        sorted(row for part in rows for row in part.attempts),
    )


def broken_in(
    rows: Rows,
    system: System,
    planned: list[tuple[int, int, int]] | None = None,
    horizon_ns: int = 40,
) -> list[str]:
    """The sentences about a launch; the timetable is as the visits tell unless it is given."""
    known = [(row[0], row[1], row[2]) for row in rows.visits] if planned is None else planned
    timetable = Appointments(
        demand=Demand(components=()),
        horizon_ns=horizon_ns,
        end_ns=horizon_ns + 20,
        planned=tuple(known),
    )
    found = check(Block.of(*rows), timetable, system)
    return [sentence.partition(":")[0] for sentence in found]
