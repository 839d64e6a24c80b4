import pytest

from simulator import Readable, launch_plan, parse
from simulator.errors import ScenarioError
from simulator.plan.plan import Subject
from simulator.scenario.scenario import read_stations
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.line import LineKind, Policy, ShareOfCapacity, TokenBucket, Waitlist
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.system.people import Jitter, People, Retries
from simulator.system.stations import Station
from simulator.system.system import Change, Lever, System
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, NS_PER_S
from tests.examples import examples
from tests.launches.files import SMALL, changed, lognormal
from tests.plans import rehearsal_plan

ENGINE = Readable()
PEOPLE = People(
    name="early",
    rank=2,  # everybody comes after the invited and the referred
    client_timeout_ns=5 * NS_PER_S,
    retries=Retries(attempts=3, backoff_ns=NS_PER_S, cap_ns=10 * NS_PER_S, jitter=Jitter.FULL),
    patience=Duration.exponential(1_800 * NS_PER_S),
)
DESK = Station(
    name="desk", servers=2, waiting_room=8, service=Duration.lognormal(4 * NS_PER_S, 0.5)
)


def test_a_launch_is_resolved_to_a_system() -> None:
    plan = launch_plan(parse(SMALL, "f"), seed=7, engine=ENGINE)
    assert plan.system == System(
        people=(PEOPLE,),
        stations=(DESK,),
        waitlist=Waitlist(
            policy=Policy.FIFO,
            kind=LineKind.ROOM,
            # 0.75 of two servers of 4 s each: one call in 2.67 s.
            release=TokenBucket(spacing_ns=2_666_666_667),
            follows=ShareOfCapacity(share=0.75, mixes=((1.0,),)),
            poll_every_ns=2 * NS_PER_S,
        ),
    )
    assert (plan.subject, plan.scenario, plan.variant, plan.seed) == (
        Subject.LAUNCH, "small", None, 7,
    )  # fmt: skip
    assert plan.demand.total == pytest.approx(100)
    # Three attempts of 5 s, and pauses of 1 s and 2 s between them.
    assert (plan.horizon_ns, plan.end_ns) == (600 * NS_PER_S, 618 * NS_PER_S)
    assert plan.bin_ns == 3 * NS_PER_S


def test_objectives_are_resolved() -> None:
    plan = launch_plan(parse(SMALL, "f"), seed=0, engine=ENGINE)
    assert plan.objectives == Objectives(
        journeys=(
            JourneyObjective(journey="signup", quantiles_ns=((0.95, 20 * NS_PER_S),), errors=0.01),
        ),
        line=LineObjective(forgotten=0, wait_quantiles_ns=((0.95, 300 * NS_PER_S),)),
    )


def test_what_is_not_said_never_ends_and_is_not_repeated() -> None:
    text = changed(
        ('client_timeout = "5 s"\n', ""),
        ('retries = { attempts = 3, backoff = "1 s", cap = "10 s" }\n', ""),
        ('patience = "30 min"\n', ""),
    )
    plan = launch_plan(parse(text, "f"), seed=0, engine=ENGINE)
    people = plan.system.people[0]
    assert people.client_timeout_ns == FOREVER
    assert people.retries.attempts == 1
    assert people.patience == Duration.never()
    assert plan.end_ns == 2 * plan.horizon_ns


def test_a_rehearsal_is_a_window_of_the_launch() -> None:
    factor = ('drain = "10 s"', 'drain = "10 s"\ndemand_factor = 2\nreason = "twice"')
    scenario = parse(changed(factor), "f", variant="no-line")
    launch = launch_plan(scenario, seed=0, engine=ENGINE)
    plan = rehearsal_plan(scenario, None, seed=0, engine=ENGINE)
    expected = launch.demand.expected_by(180 * 10**9) - launch.demand.expected_by(60 * 10**9)
    assert plan.demand.total == pytest.approx(2 * expected)
    assert (plan.horizon_ns, plan.end_ns) == (120 * NS_PER_S, 130 * NS_PER_S)
    assert (plan.subject, plan.variant, plan.demand_factor) == (Subject.REHEARSAL, "no-line", 2)
    assert plan.system == launch.system


MEASURED = lognormal("desk", "40 ms", 0.1, 'round_trip = "2.5 ms"\nmeasured = "probe-1"\n')


def test_a_rehearsal_meets_the_stations_as_probed() -> None:
    stations = read_stations(MEASURED, "staging.toml")
    plan = rehearsal_plan(parse(SMALL, "f"), stations, seed=0, engine=ENGINE)
    assert plan.system.stations[0] == Station(
        name="desk",
        servers=1,
        waiting_room=64,
        service=Duration.lognormal(40_000_000, 0.1),
        round_trip_ns=2_500_000,
    )
    # 0.75 of 25 a second; people, timeouts and patience are as they were.
    assert plan.system.waitlist.release == TokenBucket(spacing_ns=53_333_333)
    assert plan.system.people == (PEOPLE,)


def test_stations_that_lack_the_one_needed_are_refused() -> None:
    stations = read_stations(MEASURED.replace("desk", "mail"), "staging.toml")
    with pytest.raises(ScenarioError, match=r'needs the station "desk" \(there is: mail\)'):
        rehearsal_plan(parse(SMALL, "f"), stations, seed=0, engine=ENGINE)


CHANGES = """
[[change]]
at = "+2 min"
set = { "waitlist.policy" = "open", "station.desk.waiting_room" = 3 }

[[change]]
at = "+30 s"
set = "+3 servers"

[[change]]
at = "+4 min"
set = "-4 servers"

[[change]]
at = "+1 min"
set = { "waitlist.release.rate" = "2/s" }
"""


def test_changes_come_in_their_order_and_relative_ones_count_on() -> None:
    plan = launch_plan(parse(SMALL + CHANGES, "f"), seed=0, engine=ENGINE)
    assert plan.system.changes == (
        Change(at_ns=30 * NS_PER_S, lever=Lever.SERVERS, value=5),
        Change(at_ns=60 * NS_PER_S, lever=Lever.RELEASE_SPACING_NS, value=500_000_000),
        Change(at_ns=120 * NS_PER_S, lever=Lever.POLICY, value=Policy.OPEN),
        Change(at_ns=120 * NS_PER_S, lever=Lever.WAITING_ROOM, value=3),
        Change(at_ns=240 * NS_PER_S, lever=Lever.SERVERS, value=1),
    )


def test_a_rehearsal_starts_from_what_was_changed_before_it() -> None:
    """It knows nothing of what is changed when it is over: the last change comes 180 s after its beginning, and 50 s after its end."""
    plan = rehearsal_plan(parse(SMALL + CHANGES, "f"), None, seed=0, engine=ENGINE)
    assert plan.system.stations[0].servers == 5
    assert plan.system.waitlist.release == TokenBucket(spacing_ns=500_000_000)
    assert plan.system.changes == (
        Change(at_ns=60 * NS_PER_S, lever=Lever.POLICY, value=Policy.OPEN),
        Change(at_ns=60 * NS_PER_S, lever=Lever.WAITING_ROOM, value=3),
    )


def test_nobody_changes_the_servers_of_a_real_target() -> None:
    stations = read_stations(MEASURED, "staging.toml")
    plan = rehearsal_plan(parse(SMALL + CHANGES, "f"), stations, seed=0, engine=ENGINE)
    assert (plan.system.stations[0].servers, plan.system.stations[0].waiting_room) == (1, 64)
    assert plan.system.changes == (
        Change(at_ns=60 * NS_PER_S, lever=Lever.POLICY, value=Policy.OPEN),
    )


def test_more_servers_than_there_are_cannot_go() -> None:
    change = '[[change]]\nat = "1 s"\nset = "-3 servers"\n'
    with pytest.raises(ScenarioError) as error:
        launch_plan(parse(SMALL + change, "f"), seed=0, engine=ENGINE)
    assert 'f: change[1].set: "-3 servers" takes more than the 2 there are' in str(error.value)


def test_a_rehearsal_that_is_not_described_is_refused() -> None:
    text = SMALL[: SMALL.index("[replay]")]
    with pytest.raises(ScenarioError, match="replay: is missing"):
        rehearsal_plan(parse(text, "f"), None, seed=0, engine=ENGINE)


SEVERAL = changed(
    ('name = "early"', 'name = "early"\njourneys = { signup = 0.75, browse = 0.25 }'),
    (
        "[objectives.signup]",
        """
[[journey.step]]
name = "verify"
at = "mail"
think = { law = "fixed", mean = "3 s" }
times = 2

[[journey]]
name = "browse"

[[journey.step]]
name = "look"
at = "desk"
work = { law = "gamma", mean = "2 s", cv = 0.5 }
calls = [{ at = "database" }, { at = "mail", work = { law = "fixed", mean = "1 s" } }]
holds = { at = "seats", for = "10 min" }

[[station]]
name = "seats"
servers = 400
waiting_room = 0
service = "1 s"

[[station]]
name = "nobody-needs-it"
servers = 1
waiting_room = 0
service = "1 s"

[[station]]
name = "mail"
kind = "quota"
quota = { rate = "1/s" }
waiting_room = 50
service = { law = "fixed", mean = "2 s" }

[[station]]
name = "database"
servers = 1
waiting_room = 0
service = { law = "fixed", mean = "10 ms" }

[objectives.signup]""",
    ),
)


def test_a_group_is_divided_among_its_journeys() -> None:
    plan = launch_plan(parse(SEVERAL, "f"), seed=0, engine=ENGINE)
    assert [(people.name, people.journey) for people in plan.system.people] == [
        ("early", 0),
        ("early", 1),
    ]
    assert [part.people for part in plan.demand.components] == [0, 1]
    assert [part.mass.sum() for part in plan.demand.components] == pytest.approx([75, 25])
    # Every instant is divided alike.
    first, second = plan.demand.components
    assert first.mass == pytest.approx(3 * second.mass)
    assert first.tilt.tolist() == second.tilt.tolist()


def test_steps_know_their_stations_by_number_and_are_repeated() -> None:
    system = launch_plan(parse(SEVERAL, "f"), seed=0, engine=ENGINE).system
    assert [station.name for station in system.stations] == ["desk", "seats", "mail", "database"]
    verify = Step(station=2, think=Duration.fixed(3 * NS_PER_S))
    look = Step(
        station=0,
        service=Duration.gamma(2 * NS_PER_S, 0.5),
        calls=(Call(station=3), Call(station=2, service=Duration.fixed(NS_PER_S))),
        holds=Hold(station=1, lasts=Duration.exponential(600 * NS_PER_S)),
    )
    assert system.journeys == (
        Journey(name="signup", steps=(Step(station=0), verify, verify)),
        Journey(name="browse", steps=(look,)),
    )


@examples("old, new, per_s",
    # Mail: 2 visits of three quarters, one call of the other quarter: 1.75 a person, 1/s.
    ("a quota is the slowest", "servers = 2", "servers = 200", 1 / 1.75),
    # The desk: 4 s of three quarters; 2 s, 10 ms and 1 s of the other quarter.
    ("servers are busy", 'rate = "1/s"', 'rate = "9/s"', 2 / (0.75 * 4 + 0.25 * 3.01)),
    # Seats: one in four keeps one for 10 min.
    ("seats are held", "servers = 400", "servers = 30", 30 / (0.25 * 600)),
)  # fmt: skip
def test_a_share_of_capacity_is_one_of_the_slowest_station(
    old: str, new: str, per_s: float
) -> None:
    system = launch_plan(
        parse(changed((old, new), text=SEVERAL), "f"), seed=0, engine=ENGINE
    ).system
    assert isinstance(system.waitlist.release, TokenBucket)
    assert system.waitlist.release.rate_per_s == pytest.approx(0.75 * per_s)
