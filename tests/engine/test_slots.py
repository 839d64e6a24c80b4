"""Session slots by example: who takes one, how long, and what gives it back."""

from dataclasses import replace
from typing import Any

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.journeys import Step
from simulator.system.line import LineKind, Policy, Slots, Waitlist
from simulator.system.people import People
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import NS_PER_MINUTE
from tests.examples import examples
from tests.launches.booked import (
    PATIENT,
    PLENTY,
    at,
    change,
    entries,
    groups_at,
    line_by,
    seen,
    system,
)

QUICK = replace(PLENTY, service=Duration.fixed(5))
ONE = Slots(total=1, session_ns=20, renews=False)
ABSENT = People(name="absent", shows_up=0.0)
AGAIN = (Step(), Step(think=Duration.fixed(10)))


def slots(words: dict[str, Any] | None = None, **line_words: Any) -> Waitlist:
    return line_by(replace(ONE, **(words or {})), **line_words)


@examples("timetable, played, let_in",
    # Sessions
    ("each attempt may renew the session", at(0, 1), system(PATIENT, QUICK, slots({"renews": True}), steps=AGAIN), [0, 35]),
    ("or may not", at(0, 1), system(PATIENT, QUICK, slots(), steps=AGAIN), [0, 20]),
    ("an attempt at the end of the session comes too late", at(0, 1),
     system(PATIENT, QUICK, slots({"renews": True}), steps=(Step(), Step(think=Duration.fixed(15)))), [0, 20]),
    ("a visit may end its session early", at(0, 1), system(PATIENT, replace(QUICK, round_trip_ns=2), slots({"early": True})), [0, 7]),
    ("and no later than it ends", at(0, 1),
     system(PATIENT, replace(QUICK, round_trip_ns=2), slots({"early": True, "session_ns": 4})), [0, 4]),
    ("a minute has only so many calls", at(0, 1, 2, 3, 4, horizon_ns=2 * NS_PER_MINUTE, end_ns=2 * NS_PER_MINUTE),
     system(station=QUICK, waitlist=slots({"total": 9, "per_minute": 2})), [0, 1, NS_PER_MINUTE, NS_PER_MINUTE, UNKNOWN]),
    ("as many are in as there are slots", at(0, 1, 2, 3), system(station=QUICK, waitlist=slots({"total": 2})), [0, 1, 20, 21]),
    ("nobody is called before the line opens", at(0, 1), system(station=QUICK, waitlist=slots(opens_ns=7)), [7, 27]),
    ("a session begins with the entry", at(0, 1), system(People(name="slow", answers_after=Duration.fixed(5)), QUICK, slots()), [5, 30]),
    # Calls that come to nothing
    ("a no show keeps his slot until his call expires", groups_at((0,), (1,)),
     system((ABSENT, PATIENT), QUICK, slots(call_expires_ns=7)), [UNKNOWN, 7]),
    ("or a session is over", groups_at((0,), (1,)), system((ABSENT, PATIENT), QUICK, slots(call_expires_ns=30)), [UNKNOWN, 20]),
    ("a wasted call keeps a slot for a session", groups_at((0, 2), (1,)),
     system((PATIENT, People(name="impatient", patience=Duration.fixed(5))), QUICK, slots(kind=LineKind.LIST)),
     [0, 40, UNKNOWN]),
    # Called at 20, he would look at 31 and leaves at 26; his slot is free at 40, and the next looks.
    ("who loses patience between call and entry keeps a slot for a session", groups_at((0, 2), (1,)),
     system((PATIENT, People(name="impatient", patience=Duration.fixed(25))), QUICK, slots(poll_every_ns=30)),
     [0, 62, UNKNOWN]),
    # Policies and levers
    ("more slots call at once", at(0, 1, 6), system(PATIENT, QUICK, slots(), change(5, Lever.SLOTS, 2)), [0, 5, 20]),
    ("fewer end no session", at(0, 1, 6), system(PATIENT, QUICK, slots({"total": 2}), change(5, Lever.SLOTS, 1)), [0, 1, 21]),
    ("calls of an opening are none of the minute", at(0, 7),
     system(PATIENT, QUICK, slots({"total": 9, "per_minute": 1}, opens_ns=10), change(5, Lever.POLICY, Policy.OPEN),
         change(6, Lever.POLICY, Policy.FIFO)),
     [5, 10]),
    ("who enters under an open policy takes a slot", at(0, 1, 6),
     system(PATIENT, QUICK, slots(policy=Policy.OPEN), change(5, Lever.POLICY, Policy.FIFO)), [0, 1, 21]),
    ("who is called by an opening takes a slot", at(0, 1, 7),
     system(PATIENT, QUICK, slots(), change(5, Lever.POLICY, Policy.OPEN), change(6, Lever.POLICY, Policy.FIFO)), [0, 5, 25]),
)  # fmt: skip
def test_when_each_is_let_in(
    engine: Engine, timetable: Timetable, played: System, let_in: list[int]
) -> None:
    assert entries(engine, timetable, played) == let_in


@pytest.mark.parametrize("expires", [7, 30])
def test_who_does_not_come_in_time_is_a_no_show(engine: Engine, expires: int) -> None:
    played = system(ABSENT, QUICK, slots(call_expires_ns=expires))
    assert seen(engine, at(0), played, "fates") == {"fates": [(Fate.NO_SHOW, expires)]}


@pytest.mark.parametrize(("would_wait", "joins"), [(29, 4), (20, 4), (19, 3), (9, 2)])
def test_the_announced_wait_is_that_for_so_many_sessions(
    engine: Engine, would_wait: int, joins: int
) -> None:
    # Two are let in; the next ones are told 10 (a slot has to become free first), 20 and 30.
    choosy = People(name="choosy", balks=Duration.fixed(would_wait))
    played = system(choosy, QUICK, slots({"total": 2}))
    fates = [Fate.SERVED] * joins + [Fate.BALKED] * (5 - joins)
    assert seen(engine, at(0, 1, 2, 3, 4), played, "fate") == {"fate": fates}


@pytest.mark.parametrize(("would_wait", "joins"), [(15, 3), (14, 2), (9, 1), (4, 0)])
def test_the_announced_wait_goes_by_how_long_slots_were_held(
    engine: Engine, would_wait: int, joins: int
) -> None:
    # The first two are in for 5 each. While the third is in, three come who are told 5, 10 and 15.
    choosy = People(name="choosy", balks=Duration.fixed(would_wait))
    played = system(choosy, QUICK, slots({"early": True, "session_ns": 40}))
    fates = [Fate.SERVED] * (3 + joins) + [Fate.BALKED] * (3 - joins)
    assert seen(engine, at(0, 20, 40, 41, 42, 43), played, "fate") == {"fate": fates}
