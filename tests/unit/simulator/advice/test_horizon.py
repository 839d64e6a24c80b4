"""Until when today's system holds, found by the busiest days; Erlang's own capacity says when."""

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from reports.terminal.horizon import horizon_record, horizon_sentence, horizon_text
from simulator import Compiled, parse
from simulator.advice.horizon.bench import WINDOW_NS, Bench
from simulator.advice.horizon.found import Course, LongHorizon
from simulator.advice.horizon.horizon import long_horizon
from simulator.advice.horizon.known import Basis, known_of
from simulator.plan.plan import Plan
from simulator.plan.resolve import Arriving, arriving, resolve
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_DAY
from tests.documents import held
from tests.examples import examples
from tests.launches.files import SMALL, changed

YEARS = changed(
    ('horizon = "10 min"', 'horizon = "3000 days"'),
    ('shape = "milestones"', 'shape = "adoption"\nname = "members"\ndaily = 0.1'),
    (
        'counts = "arrivals"\npoints = [["5 min", 60], ["10 min", 100]]',
        ('points = [["5 days", 2e6], ["300 days", 3e6]]\n'
        'ceiling = { low = 32e5, likely = 2e7, high = 4e7 }\n'
        'zones = [["UTC+01:00", 1.0]]\npeak_hour = 20.0\ndepth = 0.8'),
    ),
    ('policy = "fifo"\nrelease = { share_of_capacity = 0.75 }\npoll_every = "2 s"', 'policy = "open"'),
    ('waiting_room = 8\n', 'waiting_room = 80\nlead_time = "100 days"\n'),
    ('mean = "4 s"', 'mean = "200 ms"'),
    text=SMALL,
)  # fmt: skip
"""A desk of two that serve ten people a second; a tenth of the members come on a day."""


@pytest.fixture(scope="module")
def people() -> Arriving:
    return arriving(resolve(parse(YEARS, "years.toml")), None)


@pytest.fixture(scope="module")
def plan(people: Arriving) -> Plan:
    return people.plan(seed=0)


@pytest.fixture(scope="module")
def found(people: Arriving) -> LongHorizon:
    return long_horizon(people, Compiled())


def peak_per_s(demand: Demand, day: int) -> float:
    """Of a day, by brute force: the most within a window that begins at any minute of it."""
    minute_ns = 60 * 10**9
    begins = day * NS_PER_DAY + np.arange(0, NS_PER_DAY - WINDOW_NS, minute_ns)
    (part,) = demand.components
    by = part.by_instant(part.mass, begins + WINDOW_NS) - part.by_instant(part.mass, begins)
    return float(by.max() / (WINDOW_NS / 1e9))


def test_it_begins_today_and_goes_by_quarters(found: LongHorizon, plan: Plan) -> None:
    assert found.from_ns == 300 * NS_PER_DAY
    assert [each.from_ns for each in found.periods[1:]] == [p.until_ns for p in found.periods[:-1]]
    assert found.periods[-1].until_ns == plan.horizon_ns
    assert {each.until_ns - each.from_ns for each in found.periods[:-1]} == {91 * NS_PER_DAY}


def test_what_holds_is_below_what_the_desk_can_serve(found: LongHorizon) -> None:
    limit = found.limit
    # Two servers of 200 ms serve ten a second. At seven M/G/2 waits 0.12 s in the mean, of the 5 s that
    # people wait for an answer; of 5 % too many 450 stand there after a quarter of an hour, or 80.
    assert 7.0 < limit.held_per_s < limit.failed_per_s < 10.5
    assert limit.failed_per_s / limit.held_per_s <= 1.02
    assert limit.station == 0
    # Of the 90 windows only so many are tried: by halving, and then to 2 %.
    assert found.tried <= 20


def test_each_window_is_the_busiest_of_its_period(found: LongHorizon, plan: Plan) -> None:
    period = found.periods[5]
    first, last = period.from_ns // NS_PER_DAY, period.until_ns // NS_PER_DAY
    for course in Course:
        demand = plan.demand.drawn(course.value)
        brute = max(peak_per_s(demand, day) for day in range(first, last))
        # Those begin at whole minutes; within a minute of a peak nothing changes.
        assert period.window(course).per_s == pytest.approx(brute, rel=1e-4)


@pytest.mark.parametrize("course", [Course.LIKELY, Course.HIGH])
def test_the_date_is_that_of_the_first_day_that_is_too_busy(
    course: Course, found: LongHorizon, plan: Plan
) -> None:
    end = found.end(course)
    assert end.at_ns is not None
    day, demand = end.at_ns // NS_PER_DAY, plan.demand.drawn(course.value)
    assert peak_per_s(demand, day - 1) <= found.limit.held_per_s < peak_per_s(demand, day)
    assert end.order_by_ns == end.at_ns - 100 * NS_PER_DAY


def test_it_is_earlier_the_more_come_and_never_where_few_do(found: LongHorizon) -> None:
    low, likely, high = (found.end(course).at_ns for course in Course)
    assert low is None
    assert likely is not None
    assert high is not None
    assert found.from_ns < high < likely


def test_times_today_by_proportion_are_enough(found: LongHorizon, plan: Plan) -> None:
    last = found.periods[-1].window(Course.LIKELY)
    desk = plan.system.stations[0]
    needed = found.limit.needed(last.per_s)
    assert needed > 2
    more = replace(desk, servers=int(np.ceil(needed * desk.servers)))
    grown = replace(plan, system=replace(plan.system, stations=(more,)))
    for of, holds in ((grown, True), (plan, False)):
        bench = Bench(plan=of, engine=Compiled(), launches=10, told=None)
        assert bench.holds(plan.demand.drawn(0.5), last.at_ns, 1.0) is holds


def test_what_lies_beyond_the_counts_says_so(found: LongHorizon, people: Arriving) -> None:
    assert {each.known.basis for each in found.periods} == {Basis.EXTRAPOLATED}
    ratios = [each.known.ratio for each in found.periods]
    assert ratios == sorted(ratios)
    assert ratios[-1] == pytest.approx(10.0, rel=0.01)  # 3,000 days of 300
    counts = known_of(people)
    likely = people.demand
    assert counts.at(300 * NS_PER_DAY, likely).basis is Basis.MEASURED
    assert counts.at(100 * NS_PER_DAY, likely).basis is Basis.INTERPOLATED


@examples("servers, from_day, holds",
    ("nothing is too much", 40, None, True),
    ("everything is", 1, 1_000, False),
)  # fmt: skip
def test_a_system_may_hold_always_or_never(servers: int, from_day: int | None, holds: bool) -> None:
    text = changed(("servers = 2", f"servers = {servers}"), text=YEARS)
    of = arriving(resolve(parse(text, "years.toml")), None)
    since = None if from_day is None else from_day * NS_PER_DAY
    got = long_horizon(of, Compiled(), launches=1, from_ns=since)
    assert (got.end(Course.HIGH).at_ns is None) is holds
    if not holds:
        assert got.end(Course.LOW).at_ns == since
    else:
        assert got.limit.station is None


def sentences(text: str) -> Sequence[str]:
    return text.splitlines()


def test_the_last_line_says_when_and_by_when(
    found: LongHorizon, plan: Plan, people: Arriving
) -> None:
    opening = people.launch.clock.opening
    last = sentences(horizon_text(plan, opening, found))[-1]
    assert last == horizon_sentence(plan, opening, found)
    assert last.startswith("today's system is predicted not to hold from ")
    assert ", never if one in ten grows less; order by " in last
    record = held(json.dumps(horizon_record(plan, opening, found), allow_nan=False), "Years")
    assert record["ends"]["low"]["day"] is None
    assert record["ends"]["likely"]["order_by"] in last
    assert record["station"] == "desk"


def test_without_a_lead_time_nobody_says_when_to_order(
    found: LongHorizon, plan: Plan, people: Arriving
) -> None:
    ends = tuple(replace(each, order_by_ns=None) for each in found.ends)
    said = horizon_sentence(plan, people.launch.clock.opening, replace(found, ends=ends))
    assert said.endswith("(lead_time), nor by when it must be ordered")
