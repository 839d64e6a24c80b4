"""What ran out first, read from launches that are made by hand."""

from dataclasses import replace

import pytest

from simulator.advice.why.deadlock import holding_cycle
from simulator.advice.why.diagnosis import diagnose, tolerated
from simulator.advice.why.trouble import Sign, Trouble, losses_of, troubles_of
from simulator.outcomes.rows import Fate, Result
from simulator.system.capacity import Supply, resources_of, visits_per_s
from simulator.system.journeys import Call, Journey, Step
from simulator.system.line import Policy, Waitlist
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.system.stations import Station, StationKind
from simulator.system.system import Change, Lever, System
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.launches.shop import DB, MAIL, OBJECTIVES, SEATS, WEB, S, launch, steadily, system

SUCCESS, TURNED_AWAY, TIMED_OUT = Result.SUCCESS, Result.TURNED_AWAY, Result.TIMED_OUT


def first(summary: object, of: System | None = None) -> Trouble | None:
    return diagnose(summary, of or system(), OBJECTIVES).first  # type: ignore[arg-type]


def test_nothing_runs_out_where_a_tolerated_share_fails() -> None:
    # One in twenty is allowed to fail, and no more do in any second.
    assert first(launch([(3, 19, SUCCESS), (3, 1, TURNED_AWAY)])) is None


def test_one_bad_moment_is_no_trouble() -> None:
    # Three in a second fail, but in the five seconds from then on that is less than one in twenty.
    assert first(launch([*steadily(20), (3, 3, TURNED_AWAY), (9, 3, TURNED_AWAY)])) is None


def test_what_took_the_most_is_the_first_even_if_it_began_later() -> None:
    summary = launch(
        [*steadily(10), (4, 20, TIMED_OUT)],
        [*steadily(10), *((at_s, 50, TURNED_AWAY) for at_s in range(6, 20))],
    )

    troubles = troubles_of(summary, 0.05, system(web=4))

    assert troubles == (
        Trouble(
            station=MAIL, sign=Sign.TURNED_AWAY, began_ns=6 * S, attempts=700,
            share=700 / 720, cause=MAIL, supply=Supply.TOKENS,
        ),
        Trouble(
            station=WEB, sign=Sign.TIMED_OUT, began_ns=4 * S, attempts=20,
            share=20 / 720, cause=WEB, supply=Supply.SERVERS,
        ),
    )  # fmt: skip


def test_of_what_took_as_many_the_earlier_is_the_first() -> None:
    summary = launch([*steadily(10), (9, 20, TIMED_OUT)], [*steadily(10), (4, 20, TURNED_AWAY)])
    assert [each.station for each in troubles_of(summary, 0.05)] == [MAIL, WEB]


def test_a_sign_is_what_took_the_most_not_what_came_first() -> None:
    summary = launch([(0, 83, TURNED_AWAY), *steadily(10), (5, 271, TIMED_OUT)])
    (found,) = troubles_of(summary, 0.05)
    assert (found.sign, found.began_ns) == (Sign.TIMED_OUT, 0)
    assert [(loss.sign, loss.attempts) for loss in losses_of(summary, 0.05)] == [
        (Sign.TIMED_OUT, 271),
        (Sign.TURNED_AWAY, 83),
    ]


def test_an_attempt_without_an_answer_came_to_nothing() -> None:
    (found,) = troubles_of(launch([(3, 9, Result.UNFINISHED), *steadily(1)]), 0.05)
    assert (found.sign, found.attempts) == (Sign.UNANSWERED, 9)


@examples("web, db, cause",
    # Each signup holds a web server for 0.5 s and a database for 0.4 s.
    ("7 databases bear 17.5 a second, 10 web servers 20", 10, 7, DB),
    ("10 databases bear 25 a second", 10, 10, WEB),
    ("both bear 20: then it is the station itself", 10, 8, WEB),
)  # fmt: skip
def test_what_is_called_may_be_what_ran_out(web: int, db: int, cause: int) -> None:
    found = first(launch([(0, 30, TIMED_OUT)]), system(web=web, db=db))
    assert found is not None
    assert (found.station, found.cause, found.supply) == (WEB, cause, Supply.SERVERS)


def test_who_is_refused_after_service_was_refused_by_what_comes_after_it() -> None:
    found = first(launch([], [(2, 9, TURNED_AWAY)], begun=[1]))
    assert found is not None
    assert (found.station, found.cause, found.began_ns) == (MAIL, SEATS, 2 * S)


def test_without_a_system_the_station_itself_is_named() -> None:
    (found,) = troubles_of(launch([(0, 30, TIMED_OUT)]), 0.05)
    assert (found.cause, found.supply) == (WEB, None)


def test_a_success_that_comes_too_late_is_trouble() -> None:
    summary = launch([(1, 10, SUCCESS)])
    summary.steps.late[0, 1] = 10
    found = first(summary)
    assert found is not None
    assert (found.sign, found.began_ns) == (Sign.LATE, S)


def test_the_line_at_its_longest_and_when_it_became_too_long() -> None:
    # Ten join at once, and one enters a second; who waits longer than 5 s is asked for in vain.
    lined = [(2, waited_s, Fate.SERVED) for waited_s in range(1, 11)]
    found = diagnose(launch(lined=lined), system(), OBJECTIVES)
    assert found.line is not None
    assert (found.line.peak, found.line.peak_ns) == (10, 3 * S)
    assert found.line.longest_ns == pytest.approx(10 * S, rel=1 / 128)
    assert found.line_began_ns == 2 * S
    assert diagnose(launch(lined=lined[:4]), system(), OBJECTIVES).line_began_ns is None


def test_people_before_a_station_are_counted_until_they_are_served_or_leave() -> None:
    found = diagnose(launch([(3, 7, TIMED_OUT), (3, 2, SUCCESS)]), system(), OBJECTIVES)
    crowd = found.crowds[WEB]
    assert crowd is not None
    assert (crowd.peak, crowd.peak_ns) == (7, 4 * S)
    assert found.crowds[DB] is None


def test_the_last_window_is_a_tenth_and_its_demand_are_those_let_in() -> None:
    ending = diagnose(launch(steadily(10)), system(), OBJECTIVES).ending
    # Ten a second, each served a second later: all along.
    assert (ending.from_ns, ending.wanted_per_s, ending.goodput_per_s) == (18 * S, 10.0, 10.0)
    assert ending.recovered


ROOMY = system(web=20, db=20, mail_per_s=100, seats=1000)


@examples("sent_per_s, metastable",
    # 20 web servers bear 40 a second: ten people are no trouble, their retries may be.
    ("held down by its retries", 45, True),
    ("something else", 35, False),
)  # fmt: skip
def test_metastable_is_what_only_retries_keep_down(sent_per_s: int, metastable: bool) -> None:
    summary = launch(steadily(10, TIMED_OUT))
    summary.steps.sent[0, :20] = sent_per_s
    ending = diagnose(summary, ROOMY, OBJECTIVES).ending
    assert (ending.recovered, ending.metastable) == (False, metastable)


NESTED = Journey(steps=(Step(station=0, calls=(Call(station=0),)),))
ROUND = Journey(
    steps=(Step(station=0, calls=(Call(station=1),)), Step(station=1, calls=(Call(station=0),)))
)


def nested(journey: Journey, kind: StationKind = StationKind.POOL) -> System:
    stations = tuple(
        Station(name=name, kind=kind, servers=8, service=Duration.fixed(S))
        for name in ("db", "web")
    )
    return replace(system(), stations=stations, journeys=(journey,))


@examples("of, cycle",
    ("who calls is not called", system(), ()),
    ("a station that calls itself", nested(NESTED), (0,)),
    ("two that call one another", nested(ROUND), (0, 1)),
    ("a quota holds nothing", nested(ROUND, StationKind.QUOTA), ()),
)  # fmt: skip
def test_servers_that_wait_for_one_another(of: System, cycle: tuple[int, ...]) -> None:
    assert holding_cycle(of) == cycle


def test_a_deadlock_is_since_the_last_success() -> None:
    tries = [(0, 5, SUCCESS), (2, 5, SUCCESS), *steadily(3, TIMED_OUT)]
    of = nested(NESTED)
    assert diagnose(launch(tries, of=of), of, OBJECTIVES).deadlock_ns == 3 * S
    assert diagnose(launch(steadily(5), of=of), of, OBJECTIVES).deadlock_ns is None
    assert diagnose(launch(tries), system(), OBJECTIVES).deadlock_ns is None


def test_what_each_attempt_needs() -> None:
    found = {(each.station, each.kind): each for each in resources_of(system())}
    assert found[WEB, Supply.SERVERS].needs == (0.5, 0.0)
    assert found[DB, Supply.SERVERS].needs == (0.4, 0.0)
    assert found[MAIL, Supply.TOKENS].needs == (0.0, 1.0)
    assert found[SEATS, Supply.SERVERS].needs == (0.0, 10.0)
    # Five seats for 10 s each.
    assert visits_per_s(system(), [1.0, 1.0]) == pytest.approx(0.5)


def test_a_processor_that_calls_keeps_a_server_and_no_core() -> None:
    stations = list(system().stations)
    stations[WEB] = replace(stations[WEB], kind=StationKind.CPU, cores=2)
    found = {
        each.kind: each for each in resources_of(replace(system(), stations=tuple(stations)))[:2]
    }
    assert found[Supply.CORES].needs[0] == pytest.approx(0.1)
    assert found[Supply.SERVERS].needs[0] == pytest.approx(0.5)


def test_what_inflates_needs_what_it_takes_while_all_are_busy() -> None:
    # Three connections at once take 0.4 s * 1.5 each, for which a server waits beside its own 0.1 s.
    stations = list(system().stations)
    stations[DB] = replace(stations[DB], servers=3, inflation=(1.0, 1.2, 1.5))
    slow = replace(system(), stations=tuple(stations))
    found = {(each.station, each.kind): each for each in resources_of(slow)}
    assert found[DB, Supply.SERVERS].needs[0] == pytest.approx(0.6)
    assert found[WEB, Supply.SERVERS].needs[0] == pytest.approx(0.7)
    fewer = replace(slow, changes=(Change(at_ns=5 * S, lever=Lever.SERVERS, value=2, station=DB),))
    needs = [
        each.needs[0]
        for at_ns in (4 * S, 5 * S)
        for each in resources_of(fewer, at_ns)
        if each.station == DB
    ]
    assert needs == pytest.approx([0.6, 0.48])


def test_changes_count_from_their_instant_on() -> None:
    changed = replace(
        system(), changes=(Change(at_ns=5 * S, lever=Lever.SERVERS, value=3, station=WEB),)
    )
    assert [resources_of(changed, at_ns)[WEB].amount for at_ns in (4 * S, 5 * S)] == [10.0, 3.0]


def test_the_tolerated_share_is_what_the_objectives_allow() -> None:
    asked = JourneyObjective(journey="signup", quantiles_ns=((0.99, S),), errors=0.02)
    assert tolerated(Objectives(journeys=(asked,))) == pytest.approx(0.01)
    assert tolerated(Objectives()) == 0.05


def test_one_attempt_of_many_is_chance_also_where_nobody_may_be_lost() -> None:
    asked = JourneyObjective(journey="signup", errors=0.0)
    assert tolerated(Objectives(journeys=(asked,))) == pytest.approx(0.001)


def test_an_open_line_is_no_crowd() -> None:
    closed = system(line=Waitlist(policy=Policy.FIFO))
    assert diagnose(launch(steadily(1)), closed, OBJECTIVES).line is None


@examples("asked, fate, lost, began_ns",
    ("nothing is asked of the line", LineObjective(), Fate.RENEGED, 2, None),
    ("half may stay out", LineObjective(never_let_in=0.5), Fate.RENEGED, 2, None),
    ("more stay out than may", LineObjective(never_let_in=0.1), Fate.RENEGED, 2, 5 * S),
    ("half may leave", LineObjective(left=0.5), Fate.RENEGED, 2, None),
    ("more leave than may", LineObjective(left=0.1), Fate.RENEGED, 2, 5 * S),
    ("most lose patience", LineObjective(), Fate.RENEGED, 5, 5 * S),
    ("most still stand in it", LineObjective(), Fate.WAITING, 5, 3 * S),
    ("half are served", LineObjective(), Fate.WAITING, 4, None),
    ("most do not come when called", LineObjective(), Fate.NO_SHOW, 5, None),
    ("so many may leave", LineObjective(left=0.9), Fate.RENEGED, 5, None),
    ("may stay out", LineObjective(never_let_in=0.9), Fate.WAITING, 5, None),
)  # fmt: skip
def test_a_line_is_at_fault_from_when_too_many_were_lost_in_it(
    asked: LineObjective, fate: Fate, lost: int, began_ns: int | None
) -> None:
    # Four are let in; the others come at the third second, and lose patience at the fifth.
    lined = [(0, 1, Fate.SERVED)] * 4 + [(3, 2, fate)] * lost
    objectives = replace(OBJECTIVES, line=asked)
    assert diagnose(launch(lined=lined), system(), objectives).line_began_ns == began_ns


ALONE = replace(
    system(),
    stations=(Station(name="web", servers=9, service=Duration.fixed(5 * S)),),
    journeys=(Journey(steps=(Step(),)),),
)


@examples("tried, begun, supply",
    ("all were served, and took too long", (3, 9, TIMED_OUT), [0], Supply.TIME),
    ("all still waited", (3, 9, TIMED_OUT), [], Supply.SERVERS),
    ("refused", (3, 9, TURNED_AWAY), [0], Supply.SERVERS),
)  # fmt: skip
def test_nothing_ran_out_where_hardly_anybody_waited(
    tried: tuple[int, int, Result], begun: list[int], supply: Supply
) -> None:
    found = first(launch([tried], begun=begun, of=ALONE), ALONE)
    assert found is not None
    assert found.supply is supply


def test_what_is_slow_beside_others_is_not_slow_by_itself() -> None:
    [web] = ALONE.stations
    slow = replace(ALONE, stations=(replace(web, inflation=(1.0, 2.0)),))
    found = first(launch([(3, 9, TIMED_OUT)], begun=[0], of=slow), slow)
    assert found is not None
    assert found.supply is Supply.SERVERS
