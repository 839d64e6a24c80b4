"""What counts as a success, and what is told of what does not (case 06, items 2 and 12)."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace

import pytest

from scenarios.http.answers.answer import Answer
from scenarios.probe.probe import probe
from scenarios.replay.replay import Replay
from simulator.errors import Misbehaved
from simulator.outcomes.answered import ALREADY_DONE, Answered, read_answers
from simulator.outcomes.pulses import Stall
from simulator.outcomes.rows import Fate, Result
from simulator.outcomes.store import read_part
from simulator.plan.plan import Plan, Subject
from simulator.system.objectives import Objectives
from simulator.system.people import Jitter, People, Retries
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.verdict.criteria import Outcome
from tests.cases.odd_answers import NOT_SERVED, ODD, SERVED, THEN_TAKEN, Asked, serving
from tests.launches.summaries import MS, instrument, launch
from tests.said import said_replay
from tests.unit.scenarios.replay.test_visitor import visit
from tests.unit.simulator.verdict.test_verdict import REHEARSAL

S = 1_000_000_000
PART = "observed"


# The probe


@pytest.mark.parametrize("way", NOT_SERVED)
def test_the_probe_measures_no_failures(way: str) -> None:
    with serving(way) as (url, _), pytest.raises(Misbehaved, match=r"/signup"):
        probe(url, requests=2, rate_per_s=1000, servers=1, waiting_room=1)


def test_the_probe_says_what_the_server_says() -> None:
    with serving("jsonerror") as (url, _), pytest.raises(Misbehaved) as raised:
        probe(url, requests=2, rate_per_s=1000, servers=1, waiting_room=1)
    assert str(raised.value) == (
        f"{url}/signup answered 200: says that it failed: “database is down”"
    )


# The visitor


@pytest.mark.parametrize(
    ("status", "taken_is_done"), [(status, done) for status, done in THEN_TAKEN.items() if status]
)
def test_already_done_needs_an_attempt_that_may_have_been_served(
    status: int, taken_is_done: bool
) -> None:
    heard = Answer(status=status, body={"admitted": False} if status == 200 else {})
    told, _ = visit([heard, *[Answer(status=409)] * 2], lined=False)
    assert (told.visits[0][-1] == Fate.SERVED) is taken_is_done


def test_a_line_that_denies_itself_lets_nobody_in() -> None:
    wait = Answer(status=202, body={"ticket": "t", "admitted": False, "retry_after_s": 2.0})
    not_yet = Answer(status=200, body={"ticket": "t", "admitted": False})
    told, script = visit([wait, not_yet, *[wait] * 40])
    assert told.visits[0][-1] == Fate.WAITING
    assert {method for _, method, path in script.sent if path != "/line"} == {"GET"}


# The replay


@dataclass(frozen=True)
class Ran:
    """What a replay wrote down, and how the server had answered whom."""

    fates: dict[str, set[Fate]]
    """By the way in which people were answered."""
    attempts: int
    answers: tuple[Answered, ...]


PEOPLE = People(
    name="all",
    client_timeout_ns=20 * S,
    retries=Retries(attempts=2, backoff_ns=20 * MS, cap_ns=20 * MS, jitter=Jitter.NONE),
    honours_retry_after=0.0,
)
WAYS = (*ODD, *map(str, THEN_TAKEN))


def plan(people: int) -> Plan:
    return Plan(
        subject=Subject.REHEARSAL,
        scenario="odd answers",
        variant=None,
        demand=Demand(components=(Component.of(0, [0, 2 * S], [float(people)]),)),
        system=System(
            people=(PEOPLE,),
            stations=(
                Station(name="signup", servers=1, waiting_room=9, service=Duration.fixed(MS)),
            ),
        ),
        objectives=Objectives(),
        horizon_ns=2 * S,
        end_ns=30 * S,
        bin_ns=100 * MS,
        seed=11,
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder = tmp_path_factory.mktemp("odd")
    with serving(*WAYS) as (url, asked):
        Replay(
            plan(2 * len(WAYS)), target=url, folder=folder, db=folder / "run", part_name=PART
        ).send()
    with closing(sqlite3.connect(folder / "run")) as db:
        rows, answers = read_part(db, PART).rows(), read_answers(db, PART)
    fates: dict[str, set[Fate]] = {way: set() for way in WAYS}
    for row in rows.visits:
        fates[way_of(asked, int(row["visitor"]))].add(Fate(row["fate"]))
    return Ran(fates=fates, attempts=len(rows.attempts), answers=answers)


def way_of(asked: Asked, visitor: int) -> str:
    return asked.way_of[f"visitor-{visitor}@"]


def test_every_answer_is_judged_by_what_it_says(ran: Ran) -> None:
    done = {*SERVED, *(str(status) for status, taken in THEN_TAKEN.items() if taken)}
    assert ran.fates == {way: {Fate.SERVED if way in done else Fate.GAVE_UP} for way in WAYS}


def test_every_answer_is_counted_by_its_status(ran: Ran) -> None:
    assert sum(one.count for one in ran.answers) == ran.attempts
    counted = {(one.status, one.result) for one in ran.answers}
    assert {(403, Result.FAILED), (0, Result.FAILED), (202, Result.TURNED_AWAY)} < counted


def test_what_nobody_saw_being_done_is_counted_apart(ran: Ran) -> None:
    apart = [one for one in ran.answers if one.reason == ALREADY_DONE]
    assert [(one.status, one.result) for one in apart] == [(409, Result.SUCCESS)]
    assert apart[0].count >= sum(THEN_TAKEN.values())


def test_reasons_are_few_and_name_nobody(ran: Ran) -> None:
    reasons = {one.reason for one in ran.answers}
    assert len(reasons) < len(WAYS)
    assert "unexpected status: “CSRF token missing”" in reasons
    assert not any("visitor" in reason or "@" in reason for reason in reasons)


# The verdict

FORBIDDEN = Answered(step=0, result=Result.FAILED, status=403, reason="unexpected status", count=31)


def test_a_hairs_breadth_does_not_hide_31_times_403() -> None:
    """50.18 ms where 50 are allowed, once, and two strays at 6/s."""
    held_up = instrument(
        planned=31, started=31, recorded=31, worst_bin=2, busiest_bin=2, busiest_second=10, bins=50,
        loop_lag_max_ns=50_180_000, stalls=(Stall(lag_ns=50_180_000, touched=0.05),),
    )  # fmt: skip

    verdict = said_replay(REHEARSAL, launch(failed=31, lined=False), held_up, [FORBIDDEN])

    assert verdict.outcome is Outcome.FAILS
    assert "although its instrument" not in verdict.sentence
    assert "403 × 31: unexpected status" in verdict.sentence


def test_an_impaired_instrument_did_not_send_403() -> None:
    saturated = instrument(planned=31, started=31, recorded=31, cpu_share_peak=1.0)
    verdict = said_replay(REHEARSAL, launch(failed=31, lined=False), saturated, [FORBIDDEN])
    assert verdict.sentence == (
        "the rehearsal does not hold, although its instrument was impaired (generator CPU): the"
        " server itself failed (403 × 31: unexpected status) at least 100 % of those let in"
        " (objective 10 %)"
    )


def test_it_may_have_broken_connections() -> None:
    saturated = instrument(planned=31, started=31, recorded=31, cpu_share_peak=1.0)
    broken = replace(FORBIDDEN, status=0, reason="connection reset")
    cut = replace(FORBIDDEN, status=200, reason="no whole answer (ended in the middle)")
    for one in (broken, cut):
        verdict = said_replay(REHEARSAL, launch(failed=31, lined=False), saturated, [one])
        assert verdict.outcome is Outcome.INCONCLUSIVE
