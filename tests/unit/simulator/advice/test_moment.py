"""When a launch is disturbed: at the peak of what wants to be served at the scarcest station."""

from dataclasses import replace

import pytest

from simulator import Compiled, Plan, predict
from simulator.advice.disturbance.moment import BINS, Moment, in_bins, last_window_ns, moment_of
from simulator.outcomes.counts.summary import Summary
from simulator.plan.plan import Subject
from simulator.system.journeys import Journey, Step
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from tests.examples import examples

S = 1_000_000_000
LAUNCHES = 4
READS = Journey(name="read", steps=(Step(station=0),))
SIGNS_UP = Journey(name="signup", steps=(Step(station=0), Step(station=1)))
OPEN = System(
    people=(People(name="readers", journey=0), People(name="members", journey=1)),
    stations=(
        Station(name="web", servers=100, service=Duration.fixed(S // 100)),
        Station(name="accounts", servers=2, service=Duration.fixed(S // 50)),
    ),
    journeys=(READS, SIGNS_UP),
)
"""Ten thousand readings a second, and a hundred accounts."""


def plan(*parts: tuple[int, int, int, float], system: System = OPEN) -> Plan:
    """People of a group from a second to another, so many a second, in a launch of 100 s."""
    components = tuple(
        Component.of(group, [start * S, end * S], [per_s * (end - start)])
        for group, start, end, per_s in parts
    )
    return in_bins(
        Plan(
            subject=Subject.LAUNCH,
            scenario="made",
            variant=None,
            demand=Demand(components=components),
            system=system,
            objectives=Objectives(),
            horizon_ns=100 * S,
            end_ns=101 * S,
            bin_ns=S,
        )
    )


def undisturbed(of: Plan) -> Summary:
    return predict(of, Compiled(), LAUNCHES).merged


def moment(of: Plan) -> Moment:
    return moment_of(of, undisturbed(of), LAUNCHES)


def test_a_launch_is_looked_at_in_as_many_bins_however_long_it_is() -> None:
    assert plan((1, 0, 100, 10.0)).bin_ns == 100 * S // BINS


def test_who_does_not_need_what_is_scarce_makes_no_peak() -> None:
    found = moment(plan((0, 20, 30, 200.0), (1, 0, 100, 10.0), (1, 50, 60, 30.0)))
    # At accounts 40 a second are most, and not the 210 of whom 200 only read.
    assert found.at_ns == 50 * S
    assert found.per_s == pytest.approx(40.0)
    assert OPEN.stations[found.station].name == "accounts"
    assert not found.early


def test_behind_a_line_those_who_are_let_in_make_the_peak() -> None:
    line = Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(20.0))
    found = moment(plan((1, 0, 30, 5.0), (1, 30, 31, 900.0), system=replace(OPEN, waitlist=line)))
    # 900 come within a second, and 20 a second are let in from then on: a stretch of half a second
    # holds at least what it does at the peak, 40 of 4 launches, less three standard deviations.
    assert found.per_s == pytest.approx(20.0, abs=3 * 20.0 / 40**0.5)
    assert 29.5 * S <= found.at_ns <= 31 * S


@examples("parts, at_s, early",
    ("evenly: at the opening", ((1, 0, 100, 20.0),), 0, False),
    ("of two as high the first", ((1, 10, 20, 20.0), (1, 40, 50, 20.0)), 10, False),
    ("in the middle", ((1, 0, 100, 10.0), (1, 60, 65, 10.0)), 60, False),
    ("too late to recover: the most of what comes before", ((1, 0, 100, 10.0), (1, 40, 50, 10.0), (1, 90, 100, 50.0)), 40, True),
)  # fmt: skip
def test_it_is_the_peak_that_leaves_time_to_recover(
    parts: tuple[tuple[int, int, int, float], ...], at_s: int, early: bool
) -> None:
    found = moment(plan(*parts))
    assert (found.at_ns, found.early) == (at_s * S, early)
    assert found.at_ns < found.from_ns < 100 * S
    if early:
        assert found.peak_ns == 90 * S
        assert found.peak_per_s == pytest.approx(60.0)


def test_the_last_window_holds_the_last_quarter_of_those_who_want_to_be_served() -> None:
    of = plan((1, 0, 10, 40.0), (1, 10, 100, 1.0))
    calm = undisturbed(of)
    for at_ns in (0, 5 * S, 50 * S):
        from_ns = last_window_ns(calm, at_ns)
        let_in = calm.bins.let_in
        after = int(let_in[at_ns // of.bin_ns : BINS].sum())
        last = int(let_in[from_ns // of.bin_ns : BINS].sum())
        # To the bin: in one of a tenth of a second come at most some twenty of four launches.
        assert last == pytest.approx(after / 4, abs=25)


def test_however_short_a_surge_is_there_is_time_to_recover() -> None:
    of = plan((1, 0, 1, 80.0))
    assert last_window_ns(undisturbed(of), 0) == 40 * of.bin_ns


def test_sizes_are_parts_of_the_room_to_recover_in() -> None:
    found = moment(plan((1, 0, 100, 20.0)))
    assert found.unit_ns == found.from_ns // 40
    assert found.unit_people == pytest.approx(20.0 * found.unit_ns / S)
