"""Services recovered from outcomes that an engine made, whose services are therefore known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import pytest

from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.rows import Block, Result
from simulator.system.journeys import Journey, Step
from simulator.system.line import TokenBucket
from simulator.system.people import People, Retries
from simulator.system.stations import (
    Autoscaler,
    Balance,
    ColdStart,
    Failures,
    Station,
    StationKind,
)
from simulator.system.system import System
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.units import Ints
from simulator.verdict.truth.as_served import served
from simulator.verdict.truth.played.services import Services, Unrecoverable
from simulator.verdict.truth.recovered import TOLERANCE_NS, recovered
from simulator.verdict.truth.took import took_by
from tests.statistical.launching import steady
from tests.unit.simulator.verdict.truth.rehearsals import silent

MS, S = 1_000_000, 1_000_000_000
PATIENT = People(name="all")
HURRIED = People(
    name="all",
    client_timeout_ns=400 * MS,
    retries=Retries(attempts=3, backoff_ns=50 * MS, cap_ns=200 * MS),
)


def system_of(people: People = PATIENT, **figures: Any) -> System:
    given: dict[str, Any] = {
        "name": "web", "servers": 1, "service": Duration.exponential(100 * MS), "round_trip_ns": 3 * MS,
    }  # fmt: skip
    return System(people=(people,), stations=(Station(**(given | figures)),))


def played(system: System, rate_per_s: float, seed: int = 7, for_s: int = 40) -> Played:
    """A launch whose services are known."""
    timetable = steady(rate_per_s, for_s, 0, seed)
    rows = Compiled().simulate(timetable, system).rows()
    law = system.stations[0].service
    drawn = [
        timetable.duration_ns(law, draws.SERVICE, *(int(row[name]) for name in NAMES))
        for row in rows.attempts
    ]
    return Played(rows, np.array(drawn, np.int64))


NAMES = ("visitor", "step", "attempt")


class Played(NamedTuple):
    """What an engine made, and what each attempt's service would take, or took."""

    rows: Block
    drawn_ns: Ints


def web(rows: Block, system: System) -> Services:
    return recovered(rows, system)["web"]


SERVERS = pytest.mark.parametrize("servers", [1, 2, 4])


@SERVERS
def test_each_service_is_recovered_to_the_nanosecond_from_when_it_was_sent_and_finished(
    servers: int,
) -> None:
    system = system_of(servers=servers)
    made = played(system, 8.5 * servers)
    found = web(silent(made.rows), system)
    assert len(found.row) == len(made.rows.attempts) > 300
    assert found.exact
    assert found.share_unknown == 0.0
    assert found.told == found.contradicted == 0
    assert (found.took_ns == made.drawn_ns[found.row]).all()
    assert (found.begun_ns == made.rows.attempts["started"][found.row]).all()


@SERVERS
def test_who_is_turned_away_keeps_nobody_waiting(servers: int) -> None:
    system = system_of(servers=servers, waiting_room=3)
    made = played(system, 14.0 * servers)
    results = made.rows.attempts["result"]
    assert (results == Result.TURNED_AWAY).mean() > 0.2
    found = web(silent(made.rows), system)
    assert found.exact
    assert len(found.row) == (results == Result.SUCCESS).sum()
    assert (found.took_ns == made.drawn_ns[found.row]).all()


def test_who_is_shed_when_his_turn_comes_keeps_nobody_waiting() -> None:
    system = system_of(servers=2, sheds_after_ns=300 * MS)
    made = played(system, 30.0)
    assert (made.rows.attempts["result"] == Result.TURNED_AWAY).mean() > 0.2
    found = web(silent(made.rows), system)
    assert found.exact
    assert (found.took_ns == made.drawn_ns[found.row]).all()


@SERVERS
def test_work_that_its_client_takes_along_leaves_the_rest_exact(servers: int) -> None:
    system = system_of(replace(HURRIED, cancels=True), servers=servers, round_trip_ns=0)
    made = played(system, 12.0 * servers)
    results = made.rows.attempts["result"]
    assert (results == Result.TIMED_OUT).mean() > 0.1
    found = web(silent(made.rows), system)
    assert found.exact
    seen = found.answered == 1
    assert seen.sum() == (results == Result.SUCCESS).sum()
    assert (found.took_ns == made.drawn_ns[found.row])[seen].all()


@SERVERS
def test_whether_work_was_over_while_its_answer_was_on_its_way_is_left_open(servers: int) -> None:
    """Its client, who gave up meanwhile, cannot tell; so the next one began within that time."""
    system = system_of(replace(HURRIED, cancels=True), servers=servers)
    made = played(system, 12.0 * servers)
    found = web(silent(made.rows), system)
    drawn_ns = made.drawn_ns[found.row]
    assert (found.least_ns <= drawn_ns).all()
    assert (drawn_ns <= found.most_ns).all()
    seen = found.answered == 1
    assert (found.most_ns - found.least_ns)[seen].max() <= system.stations[0].round_trip_ns
    assert found.contradicted == 0
    assert (found.took_ns == drawn_ns)[seen].mean() > 0.8


@pytest.mark.parametrize(("mean_ms", "rate_per_s"), [(100, 4.0), (200, 4.0), (100, 12.0)])
def test_work_that_is_taken_along_counts_so_that_not_the_short_ones_alone_do(
    mean_ms: int, rate_per_s: float
) -> None:
    """Of exponential services what is left to do is as much as of any other, so the mean of all is right.

    It is known to one standard error of a mean of so many; those that were answered are half as long.
    """
    service = Duration.exponential(mean_ms * MS)
    system = system_of(replace(HURRIED, cancels=True), servers=1, service=service)
    made = played(system, rate_per_s, for_s=120)
    found = web(silent(made.rows), system)

    true_ns = made.drawn_ns[found.row]
    error = true_ns.std() / np.sqrt(len(true_ns))
    assert abs(found.took_ns.mean() - true_ns.mean()) < 4 * error
    assert found.took_ns[found.answered == 1].mean() < true_ns.mean() - 4 * error


LIGHT = {1: 3.0, 2: 5.0, 4: 7.0}
"""Visitors a second and server, of whom few enough give up for the rest to go on."""


@SERVERS
def test_work_that_goes_on_unseen_is_bounded_both_ways(servers: int) -> None:
    system = system_of(HURRIED, servers=servers)
    made = played(system, LIGHT[servers] * servers)
    assert (made.rows.attempts["result"] == Result.TIMED_OUT).mean() > 0.02
    found = web(silent(made.rows), system)
    drawn_ns = made.drawn_ns[found.row]
    assert not found.exact
    assert 0.02 < found.share_unknown < 0.5
    assert (found.least_ns <= drawn_ns).all()
    assert (drawn_ns <= found.most_ns).all()
    sure = found.is_exact == 1
    assert sure.sum() > 50
    assert (found.took_ns == drawn_ns)[sure].all()
    assert found.contradicted == 0


@SERVERS
def test_seen_and_unseen_work_together_take_as_long_as_they_did(servers: int) -> None:
    """What is not known is how long each of the unseen ones took, whose coefficient of variation is 1.

    So the mean over ``n`` services of which ``h`` were not seen is off by ``sqrt(h) / n`` of itself at
    most, in the standard deviation; z = 3.9 alarms falsely once in 10,000 times. Who takes the unseen
    ones for no work at all finds the others far longer than they were.
    """
    system = system_of(HURRIED, servers=servers, waiting_room=3 * servers)
    made = played(system, 14.0 * servers)
    rows = silent(made.rows)
    found = web(rows, system)
    drawn_ns = made.drawn_ns[found.row]
    assert (found.least_ns <= drawn_ns).all()
    assert (drawn_ns <= found.most_ns).all()
    unseen = (found.answered == 0).sum()
    tolerance = 3.9 * np.sqrt(unseen) / len(found.row)
    assert unseen > 50
    assert abs(found.took_ns.mean() / drawn_ns.mean() - 1.0) < tolerance
    answered = rows.attempts[rows.attempts["result"] == Result.SUCCESS]
    naive = web(Block(visits=rows.visits, attempts=answered), system)
    of_them = drawn_ns[found.answered == 1]
    assert naive.took_ns.mean() / of_them.mean() - 1.0 > 2 * tolerance


def test_too_few_servers_are_contradicted_by_the_answers() -> None:
    system = system_of(servers=4)
    rows = silent(played(system, 30.0).rows)
    assert web(rows, system).contradicted == 0
    wrongly = web(rows, system_of(servers=2))
    assert wrongly.contradicted > 0.2 * len(rows.attempts)
    # So the begins of the others are made up as well, and their services are not told.
    assert wrongly.why_not is Unrecoverable.OTHER_ORDER
    (took,) = took_by(system_of(servers=2), {"web": wrongly})
    assert (took.services, took.differs) == (0, False)
    assert took.contradicted == wrongly.contradicted / wrongly.ended


@pytest.mark.parametrize("cores", [1, 2, 3])
def test_work_on_shared_cores_is_what_was_attained(cores: int) -> None:
    system = system_of(kind=StationKind.CPU, servers=1 << 30, cores=cores)
    made = played(system, 8.0 * cores)
    found = web(silent(made.rows), system)
    answered = made.rows.attempts["finished"][found.row] - made.rows.attempts["sent"][found.row]
    assert found.exact
    assert len(found.row) == len(made.rows.attempts)
    assert abs(found.took_ns - made.drawn_ns[found.row]).max() <= TOLERANCE_NS
    assert answered.mean() > 1.5 * found.took_ns.mean(), "they shared, and time is not work"


def test_work_beside_others_is_told_without_its_inflation() -> None:
    system = system_of(servers=3, inflation=(1.0, 1.3, 1.9))
    made = played(system, 14.0)
    found = web(silent(made.rows), system)
    assert abs(found.took_ns - made.drawn_ns[found.row]).max() <= TOLERANCE_NS
    plain = web(silent(made.rows), system_of(servers=3))
    assert plain.took_ns.mean() > 1.3 * made.drawn_ns.mean()


def test_a_quotas_services_begin_with_its_tokens() -> None:
    quota = TokenBucket(spacing_ns=50 * MS, burst=5)
    system = system_of(kind=StationKind.QUOTA, quota=quota, sheds_after_ns=2 * S)
    made = played(system, 25.0)
    assert (made.rows.attempts["result"] == Result.TURNED_AWAY).any()
    found = web(silent(made.rows), system)
    assert found.exact
    assert (found.took_ns == made.drawn_ns[found.row]).all()
    assert (found.begun_ns == made.rows.attempts["started"][found.row]).all()


def test_what_the_target_tells_is_taken_whatever_the_discipline() -> None:
    """It was served by four and is taken for one: what was told stays right."""
    made = played(system_of(servers=4), 30.0)
    found = web(made.rows, system_of(servers=1))
    assert found.exact
    assert found.told == len(made.rows.attempts)
    assert (found.took_ns == made.drawn_ns[found.row]).all()


def test_steps_share_a_station_and_have_services_of_their_own() -> None:
    quick, slow = Duration.exponential(20 * MS), Duration.exponential(90 * MS)
    journey = Journey(steps=(Step(service=quick), Step(service=slow)))
    system = replace(system_of(servers=2), journeys=(journey,))
    timetable = steady(12.0, 40, 0, 7)
    rows = Compiled().simulate(timetable, system).rows()
    found = web(silent(rows), system)
    assert found.exact
    assert set(found.step) == {0, 1}
    for row, took_ns in zip(rows.attempts[found.row], found.took_ns, strict=True):
        law = (quick, slow)[row["step"]]
        name = (int(row[each]) for each in NAMES)
        assert took_ns == timetable.duration_ns(law, draws.SERVICE, *name)


@pytest.mark.parametrize(
    ("figures", "why_not"),
    [
        ({"cold": ColdStart(slowdown_thousandths=2000, for_ns=S)}, Unrecoverable.COLD),
        ({"instances": 2, "balance": Balance.RANDOM}, Unrecoverable.OWN_QUEUES),
        (
            {"autoscaler": Autoscaler(every_ns=S, target_thousandths=500, ceiling=3)},
            Unrecoverable.SCALES,
        ),
        (
            {"failures": Failures(runs=Duration.exponential(9 * S), repair=Duration.fixed(S))},
            Unrecoverable.FAILS,
        ),
        ({"kind": StationKind.QUOTA, "per_day": 10_000}, Unrecoverable.DAILY),
    ],
)
def test_what_cannot_be_told_is_not_told(figures: dict[str, Any], why_not: Unrecoverable) -> None:
    system = system_of(**figures)
    found = web(silent(played(system, 5.0, for_s=5).rows), system)
    assert found.why_not is why_not
    assert not found.exact
    assert found.share_unknown == 1.0
    assert not len(found.took_ns)


def test_instances_that_share_a_queue_are_one_station() -> None:
    system = system_of(servers=2, instances=2)
    made = played(system, 32.0)
    found = web(silent(made.rows), system)
    assert found.exact
    assert (found.took_ns == made.drawn_ns[found.row]).all()


def test_of_a_station_that_answered_nothing_nothing_is_told() -> None:
    nobody = Block.of([], [])
    assert web(nobody, system_of()).why_not is Unrecoverable.NO_ATTEMPTS


def jittered(rows: Block, jitter_ns: int) -> Block:
    """Ends are seen so much too early or too late, at most."""
    attempts, rng = rows.attempts.copy(), np.random.default_rng(1)
    attempts["finished"] += rng.integers(-jitter_ns, jitter_ns + 1, len(attempts))
    return Block(visits=rows.visits, attempts=attempts)


def test_clocks_that_differ_by_less_than_a_round_trip_contradict_nothing() -> None:
    """Beside signups of 80 ms, verifications of 0.1 ms end before they could have begun."""
    steps = (Step(service=Duration.exponential(80 * MS)), Step(service=Duration.fixed(MS // 10)))
    system = replace(system_of(round_trip_ns=5 * MS), journeys=(Journey(steps=steps),))
    rows = silent(Compiled().simulate(steady(9.0, 60, 0, 7), system).rows())
    seen = jittered(rows, 2 * MS)
    found, still = web(seen, system), web(rows, system)
    assert found.contradicted == 0
    assert len(found.row) == len(rows.attempts)
    assert not found.exact
    signups, same = (each.took_ns[each.step == 0] for each in (found, still))
    # Neither end is off by more than 2 ms, independently: the mean of n is by 2 * 2.3 / sqrt(n) ms at z = 4.
    assert abs(signups.mean() - same.mean()) < 4 * 2 * 2.3 * MS / np.sqrt(len(signups))
    strict = replace(system.stations[0], round_trip_ns=0)
    assert web(seen, replace(system, stations=(strict,))).contradicted > 10


def test_a_service_that_is_told_to_begin_shows_that_unseen_work_was_over() -> None:
    """Who told is not told of the others: their work fits between what is."""
    system = system_of(HURRIED, servers=1, waiting_room=3)
    made = played(system, 14.0)
    told, untold = web(made.rows, system), web(silent(made.rows), system)
    answered = told.answered == 1
    assert (told.took_ns == made.drawn_ns[told.row])[answered].all()
    assert told.told == answered.sum()
    unseen = (~answered).sum()
    assert unseen > 50
    # As where nothing is told: the standard error of a mean of which so many are guessed.
    tolerance = 3.9 * np.sqrt(unseen) / len(told.row)
    assert abs(told.took_ns.mean() / made.drawn_ns[told.row].mean() - 1.0) < tolerance
    assert untold.share_unknown > told.share_unknown


@pytest.mark.parametrize("spacing_ms", [50.0, 40.4])
def test_a_bucket_that_gives_sooner_than_was_said_is_contradicted_and_nothing_lasts_less_than_nothing(
    spacing_ms: float,
) -> None:
    """Tokens come each 40 ms, and were said to come each 50 or 40.4."""
    real, said = (
        system_of(
            kind=StationKind.QUOTA,
            service=Duration.exponential(5 * MS),
            quota=TokenBucket(spacing_ns=round(each * MS), burst=3),
        )
        for each in (40.0, spacing_ms)
    )
    made = played(real, 24.0)

    found = web(silent(made.rows), said)

    assert (found.took_ns >= 0).all()
    assert found.contradicted > 0
    (took,) = took_by(said, {"web": found})
    assert took.ratio > 0
    assert served(said, 0, found).stations[0].service.mean_ns() >= 0


def test_services_of_no_time_at_all_are_no_drift() -> None:
    system = system_of(service=Duration.fixed(0), round_trip_ns=0)
    made = played(system, 5.0)
    found = web(silent(made.rows), system)

    (took,) = took_by(system, {"web": found})

    assert np.isnan(took.ratio)
    assert not took.differs
    assert served(system, 0, found) == system
