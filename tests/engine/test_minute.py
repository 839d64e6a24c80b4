"""The line by minute by example: people enter at their own looks."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate
from simulator.system.line import Policy, Slots
from simulator.system.people import People
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import NS_PER_MINUTE
from tests.examples import examples
from tests.launches.booked import PATIENT, PLENTY, change, entries, groups_at, line_by, seen
from tests.launches.booked import system as system_of

S = 1_000_000_000
ONE = Slots(total=1, session_ns=30 * S, renews=False, by_minute=True)


def system(
    people: People | tuple[People, ...], *levers: Any, opens_ns: int = 0, **words: Any
) -> System:
    waitlist = line_by(replace(ONE, **words), poll_every_ns=20 * S, opens_ns=opens_ns)
    return system_of(people, PLENTY, waitlist, *levers)


def seconds(*instants_s: int) -> Timetable:
    return groups(instants_s)


def groups(*instants_s: tuple[int, ...]) -> Timetable:
    far = 600 * S
    return groups_at(
        *(tuple(second * S for second in group) for group in instants_s), horizon_ns=far, end_ns=far
    )


def entries_s(engine: Engine, timetable: Timetable, played: System) -> list[float]:
    return [instant / S for instant in entries(engine, timetable, played)]


NEVER_S = -(1 << 63) / S
GONE = People(name="gone", patience=Duration.fixed(10 * S))


@pytest.mark.parametrize(("ghost", "entry"), [(24, 66), (25, 86), (44, 86), (45, 106)])
def test_who_left_keeps_his_place_as_a_ghost(engine: Engine, ghost: int, entry: int) -> None:
    # He looks for the last time at 42 and leaves at 52; who joined at 66 looks each 20.
    people = (PATIENT, People(name="impatient", patience=Duration.fixed(50 * S)))
    played = system(people, session_ns=65 * S, ghost_ns=ghost * S)
    assert entries_s(engine, groups((0, 66), (2,)), played) == [0, entry, NEVER_S]


@examples("timetable, first, choosy_s, words, fates",
    # Both left at 10 and are ghosts until 100: two places at 2 a minute.
    ("ghosts count", groups((0, 0), (20,)), GONE, 60, {"ghost_ns": 100 * S}, [Fate.RENEGED, Fate.RENEGED, Fate.SERVED]),
    ("too many do", groups((0, 0), (20,)), GONE, 59, {"ghost_ns": 100 * S}, [Fate.RENEGED, Fate.RENEGED, Fate.BALKED]),
    # One place at 2 a minute.
    ("a part of a minute", groups((0,), (20,)), PATIENT, 30, {}, [Fate.SERVED, Fate.SERVED]),
    ("and no less", groups((0,), (20,)), PATIENT, 29, {}, [Fate.SERVED, Fate.BALKED]),
)  # fmt: skip
def test_the_wait_that_is_announced(
    engine: Engine,
    timetable: Timetable,
    first: People,
    choosy_s: int,
    words: dict[str, Any],
    fates: list[Fate],
) -> None:
    choosy = People(name="choosy", balks=Duration.fixed(choosy_s * S))
    played = system((first, choosy), opens_ns=30 * S, per_minute=2, total=9, **words)
    assert seen(engine, timetable, played, "fate") == {"fate": fates}


def test_a_line_that_opens_lets_the_lower_visitor_in_first(engine: Engine) -> None:
    waitlist = line_by(ONE, poll_every_ns=20 * S, opens_ns=500 * S)
    station = replace(PLENTY, servers=1, service=Duration.fixed(S))
    opens = change(10 * S, Lever.POLICY, Policy.OPEN)
    played = system_of(PATIENT, station, waitlist, opens)
    # The one who came last is the lower visitor, of the first group.
    played = replace(played, people=(PATIENT, PATIENT))
    got = engine.simulate(groups((5,), (1, 2)), played).rows().attempts["started"]
    assert [instant / S for instant in got.tolist()] == [10, 11, 12]


@examples("timetable, played, entered_s",
    # Sessions of 30 s: the slot is free at 30; the others look at 41 and 42, and at 81 and 82.
    ("who looks when a slot is free enters", seconds(0, 1, 2), system(PATIENT), [0, 41, 82]),
    ("nobody enters before the line opens", seconds(0), system(PATIENT, opens_ns=30 * S), [40]),
    # The slot is free at 65; who joined at 66 sees it at once, but who joined at 2 has not looked.
    ("an earlier minute goes first", seconds(0, 2, 66), system(PATIENT, session_ns=65 * S), [0, 82, 166]),
    # The looks are at 2, 22 and 42, when he leaves; a place until 67.
    ("a look at the end of patience counts", groups((0, 66), (2,)),
     system((PATIENT, People(name="impatient", patience=Duration.fixed(40 * S))), session_ns=65 * S, ghost_ns=25 * S),
     [0, 86, NEVER_S]),
    ("a minute has only so many entries", seconds(0, 1, 2), system(PATIENT, total=9, per_minute=2), [0, 1, 62]),
    # At 0 no slot is taken, at 60 two are, at 120 none.
    ("published counts are overshot", seconds(1, 2, 61), system(PATIENT, blind_ns=NS_PER_MINUTE, session_ns=65 * S), [1, 2, 121]),
    # Three in the first minute, none in the second.
    ("published entries are those of the minute before", seconds(0, 1, 2, 65),
     system(PATIENT, total=9, per_minute=1, blind_ns=NS_PER_MINUTE), [0, 1, 2, 125]),
    # The slot is free at 15; at 21 one arrives and one looks, both of the first minute.
    ("who arrives looks before those who look again", seconds(0, 1, 21), system(PATIENT, session_ns=15 * S), [0, 41, 21]),
    ("a slot is free for who looks as a session ends", seconds(0, 10), system(PATIENT), [0, 30]),
    ("entries through an open line count", seconds(0, 2),
     system_of(PATIENT, PLENTY, line_by(replace(ONE, total=9, per_minute=1), policy=Policy.OPEN, poll_every_ns=20 * S),
         change(S, Lever.POLICY, Policy.FIFO)),
     [0, 62]),
    ("a line that opens lets everybody in at that instant", seconds(0, 1, 2, 12, 14),
     system(PATIENT, change(10 * S, Lever.POLICY, Policy.OPEN), change(13 * S, Lever.POLICY, Policy.FIFO)),
     [0, 10, 10, 12, 54]),
)  # fmt: skip
def test_when_each_enters(
    engine: Engine, timetable: Timetable, played: System, entered_s: list[float]
) -> None:
    assert entries_s(engine, timetable, played) == entered_s
