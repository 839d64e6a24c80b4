"""The release of the line by example: tokens, batches, and a rate that follows feedback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.engine.rules import Engine
from simulator.outcomes.rows import Fate
from simulator.system.journeys import Journey, Step
from simulator.system.line import Batches, Feedback, Policy, Signal
from simulator.system.people import People
from simulator.system.system import Lever
from simulator.timetable.laws import Duration
from tests.launches.booked import (
    PATIENT,
    PLENTY,
    at,
    change,
    entries,
    groups_at,
    line,
    line_by,
    system,
)

# Tokens


def test_a_token_comes_each_spacing_and_a_burst_is_saved_up(engine: Engine) -> None:
    played = system(station=PLENTY, waitlist=line(20, burst=2))
    assert entries(engine, at(0, 0, 0, 0, 100, 100, 100), played) == [0, 0, 20, 40, 100, 100, 120]


def test_nobody_is_called_before_the_line_opens(engine: Engine) -> None:
    for burst, second in ((1, 35), (3, 25)):
        played = system(station=PLENTY, waitlist=line(10, burst, opens_ns=25))
        assert entries(engine, at(0, 1), played) == [25, second]


def test_a_slower_release_makes_no_tokens(engine: Engine) -> None:
    # Of the four tokens at the opening none is left at 10; the next was due at 10 and comes.
    slower = change(10, Lever.RELEASE_SPACING_NS, 100)
    played = system(PATIENT, PLENTY, line(10, burst=4), slower)
    assert entries(engine, at(0, 0, 0, 0, 0, 0), played) == [0, 0, 0, 0, 10, 110]


def test_a_faster_release_does_not_wait_for_a_slow_token(engine: Engine) -> None:
    faster = change(50, Lever.RELEASE_SPACING_NS, 10)
    played = system(PATIENT, PLENTY, line(500), faster)
    assert entries(engine, at(0, 0, 0), played) == [0, 60, 70]


def test_a_new_spacing_keeps_the_tokens(engine: Engine) -> None:
    # At 55 one token of three is there, one comes at 60; the third takes a new spacing.
    slower = change(55, Lever.RELEASE_SPACING_NS, 100)
    played = system(PATIENT, PLENTY, line(30, burst=3), slower)
    assert entries(engine, at(0, 0, 0, 56, 57, 61), played) == [0, 0, 0, 56, 60, 160]


# Batches


def test_a_batch_is_called_at_regular_instants_from_the_opening_on(engine: Engine) -> None:
    # Who comes at the instant of a batch is too late for it.
    played = system(station=PLENTY, waitlist=line_by(Batches(size=2, every_ns=20), opens_ns=5))
    assert entries(engine, at(0, 1, 2, 3, 25), played) == [5, 5, 25, 25, 45]


def test_the_wait_for_a_batch_is_announced_in_whole_batches(engine: Engine) -> None:
    choosy = People(name="choosy", balks=Duration.fixed(9))
    waitlist = line_by(Batches(size=2, every_ns=20), opens_ns=50)
    visits = engine.simulate(at(0, 1, 2), system(choosy, PLENTY, waitlist)).rows().visits
    assert visits["fate"].tolist() == [Fate.SERVED, Fate.SERVED, Fate.BALKED]


def test_a_lever_that_the_release_does_not_have_does_nothing(engine: Engine) -> None:
    waitlist = line_by(Batches(size=1, every_ns=20))
    levers = (change(1, Lever.RELEASE_SPACING_NS, 3), change(1, Lever.SLOTS, 3))
    assert entries(engine, at(0, 0), system(PATIENT, PLENTY, waitlist, *levers)) == [20, 40]


# Feedback

PER_100_NS = 10**13
"""A token each 100 ns, in millionths of a token a second."""

FEEDBACK = Feedback(
    signal=Signal.IN_FLIGHT,
    limit=100,
    every_ns=100,
    first_rate=PER_100_NS,
    lowest_rate=4 * PER_100_NS // 10,
    highest_rate=3 * PER_100_NS,
    step_rate=PER_100_NS,
    cut_thousandths=500,
)


def test_within_the_limit_the_rate_rises_by_steps_up_to_the_highest(engine: Engine) -> None:
    # From 100 on a token each 50, from 200 on each 33, and no faster.
    played = system(station=PLENTY, waitlist=line_by(FEEDBACK))
    expected = [0, 100, 150, 200, 233, 266, 299, 332]
    assert entries(engine, at(*[0] * 8), played) == expected


def test_over_the_limit_the_rate_is_cut_down_to_the_lowest(engine: Engine) -> None:
    # The first is in flight for ever: each 200 from 100 on, each 250 from 200 on.
    endless = replace(PLENTY, service=Duration.fixed(10_000))
    played = system(station=endless, waitlist=line_by(replace(FEEDBACK, limit=0)))
    assert entries(engine, at(0, 0, 0, 0), played) == [0, 100, 300, 550]


@pytest.mark.parametrize(("delay", "third"), [(0, 276), (1, 366)])
def test_a_decision_sees_an_old_measurement(engine: Engine, delay: int, third: int) -> None:
    # One attempt is in flight at 100, none at 200. Without delay the rate is halved at 100 and
    # raised at 200 (spacing 66); with a delay it is halved at 200 only (210 + 200), and raised at
    # 300, when the token in the making comes after 66.
    release = replace(FEEDBACK, limit=0, delay_periods=delay)
    station = replace(PLENTY, service=Duration.fixed(150))
    played = system(station=station, waitlist=line_by(release))
    assert entries(engine, at(0, 210, 210), played) == [0, 210, third]


@pytest.mark.parametrize(
    ("limit", "timeout", "third"),
    [(10, 1_000, 160), (9, 1_000, 310), (1_000, 5, 310)],
    ids=["in time", "late", "timed out"],
)
def test_late_answers_and_timeouts_cut_the_rate(
    engine: Engine, limit: int, timeout: int, third: int
) -> None:
    # An answer takes 10; by the decision at 100 the spacing is 50 or 200.
    people = People(name="people", client_timeout_ns=timeout)
    release = replace(FEEDBACK, signal=Signal.P95, limit=limit)
    played = system(people, PLENTY, line_by(release))
    assert entries(engine, at(0, 110, 110), played) == [0, 110, third]


@pytest.mark.parametrize(("quick", "last"), [(19, 160), (18, 266)])
def test_one_late_answer_in_twenty_is_within_the_limit(
    engine: Engine, quick: int, last: int
) -> None:
    # All but two enter before the line closes, and one answer of theirs takes 20. Either the
    # spacing is 50 from 100 on, or it is 200, and from 200 on 66.
    people = (PATIENT, People(name="slow", journey=1))
    release = replace(FEEDBACK, signal=Signal.P95, limit=10)
    closes = change(90, Lever.POLICY, Policy.FIFO)
    played = replace(
        system(people, PLENTY, line_by(release, policy=Policy.OPEN), closes),
        journeys=(Journey(), Journey(steps=(Step(service=Duration.fixed(20)),))),
    )
    timetable = groups_at((*[0] * quick, 110, 110), (0,))
    assert entries(engine, timetable, played)[quick:-1] == [110, last]


def test_late_answers_count_in_their_period_only(engine: Engine) -> None:
    # Cut at 100 for the late answer of 10, raised at 200: spacing 66.
    release = replace(FEEDBACK, signal=Signal.P95, limit=9)
    played = system(station=PLENTY, waitlist=line_by(release))
    assert entries(engine, at(0, 210, 210), played) == [0, 210, 276]


def test_who_has_given_up_is_not_in_flight(engine: Engine) -> None:
    # The server works on, but at 100 nobody waits: spacing 50.
    hasty = People(name="hasty", client_timeout_ns=50)
    endless = replace(PLENTY, service=Duration.fixed(10_000))
    played = system(hasty, endless, line_by(replace(FEEDBACK, limit=0)))
    assert entries(engine, at(0, 110, 110), played) == [0, 110, 160]


def test_a_change_comes_before_a_decision(engine: Engine) -> None:
    # Both at 100: spacing 20 is 5 * 10**13, and raised 6 * 10**13, spacing 16.
    release = replace(FEEDBACK, highest_rate=10 * PER_100_NS)
    lever = change(100, Lever.RELEASE_SPACING_NS, 20)
    played = system(PATIENT, PLENTY, line_by(release), lever)
    assert entries(engine, at(0, 110, 110), played) == [0, 110, 126]


def test_an_operator_sets_the_rate_of_feedback(engine: Engine) -> None:
    # Spacing 20 is 5 * 10**13; the decision at 100 makes that 6 * 10**13, spacing 16.
    release = replace(FEEDBACK, highest_rate=10 * PER_100_NS)
    lever = change(50, Lever.RELEASE_SPACING_NS, 20)
    played = system(PATIENT, PLENTY, line_by(release), lever)
    assert entries(engine, at(*[0] * 5), played) == [0, 70, 90, 110, 126]
