"""What breaks first: two stations in a row, of which one is the narrower."""

from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import THE_LINE, Player
from simulator.advice.size.prices import Prices
from simulator.advice.size.questions.aids.few import Few
from simulator.advice.size.questions.aids.worlds import Sized
from simulator.advice.size.questions.breaks import breaks
from simulator.advice.size.questions.naive import naive, naive_candidate
from simulator.engine.compiled.engine import Compiled
from simulator.plan.plan import Plan, Subject
from simulator.system.journeys import Journey, Step
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.system.people import People
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.demand import Component, Demand
from simulator.timetable.laws import Duration
from simulator.verdict.criteria import Asks

S = 1_000_000_000
HORIZON_S = 300
FEW = Few(launches=4)


def plan(rate_per_s: float, *servers: int, line_per_s: float | None = None) -> Plan:
    """People at a rate, and stations one after the other, at each of which a job takes a second."""
    waitlist = Waitlist()
    if line_per_s is not None:
        waitlist = Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(line_per_s, burst=5))
    return Plan(
        subject=Subject.LAUNCH, scenario="row", variant=None,
        demand=Demand(components=(Component.of(0, [0, HORIZON_S * S], [rate_per_s * HORIZON_S]),)),
        system=System(
            people=(People(name="everybody"),),
            stations=tuple(
                Station(name=name, servers=many, service=Duration.fixed(S))
                for name, many in zip("ab", servers, strict=False)
            ),
            journeys=(Journey(steps=tuple(Step(station=n) for n in range(len(servers)))),),
            waitlist=waitlist,
        ),
        objectives=Objectives(
            journeys=(JourneyObjective(journey="signup", quantiles_ns=((0.95, 12 * S),)),),
            line=LineObjective(never_let_in=0.05),
        ),
        horizon_ns=HORIZON_S * S, end_ns=2 * HORIZON_S * S, bin_ns=2 * S,
    )  # fmt: skip


def player(of: Plan) -> Player:
    system = of.system
    knobs = [
        Knob(
            key=f"station.{station.name}.servers",
            tweak=Tweak(turn=Turn.SERVERS, station=number, now=station.servers), low=1, high=100,
        )
        for number, station in enumerate(system.stations)
    ]  # fmt: skip
    release = system.waitlist.release
    if system.has_line and isinstance(release, TokenBucket):
        tweak = Tweak(turn=Turn.RELEASE, now=release.rate_per_s)
        knobs.append(Knob(key="waitlist.release.rate", tweak=tweak, low=0.1, high=100.0))
    price = tuple(float(knob.bought) for knob in knobs)
    prices = Prices(currency="", priced=None, per_hour=price, paid_for_ns=S)
    return Player(plan=of, knobs=tuple(knobs), prices=prices, engine=Compiled())


def test_the_narrower_station_breaks_first_then_the_other() -> None:
    """Two people a second meet six servers and then four, a second each."""
    known = player(plan(2.0, 6, 4))
    first, second = breaks(Sized(player=known), known.now, FEW)
    # The wait at the end grows by a job a second and server too few: it reaches the objective where
    # 300 s (2 f / c - 1) 0.95 = 12 s less the services, f = 1.035 c / 2, give or take the Poisson
    # number of those who come (4 % at two standard deviations), and is found to a tenth.
    assert (first.place, first.asks, first.journey) == ("b", Asks.RESPONSE, "signup")
    assert 0.96 * 2.07 <= first.demand_factor <= 1.04 * 1.1 * 2.07
    assert (second.place, second.mended_by) == ("a", "station.a.servers")
    assert 0.96 * 3.1 <= second.demand_factor <= 1.04 * 1.1 * 3.1
    # Each is mended for twice of where it broke: for so many people a second that many servers.
    for each in (first, second):
        assert each.mended_at is not None
        needed = 2.0 * each.mended_for
        assert 0.9 * needed <= each.mended_at <= 1.1 * needed


def test_what_does_not_bear_today_is_mended_until_it_does() -> None:
    known = player(plan(6.0, 3, 2))
    first, second = breaks(Sized(player=known), known.now, FEW)[:2]
    assert (first.place, second.place) == ("b", "a")
    assert first.demand_factor < second.demand_factor < 1.0
    assert (first.mended_for, second.mended_for) == (1.0, 1.0)
    mended = Candidate(values=(second.mended_at or 0.0, first.mended_at or 0.0))
    assert FEW.hold(known, mended)
    # One server less of either, and it does not.
    for number in range(2):
        assert not FEW.hold(known, mended.with_value(number, mended.values[number] - 1.0))
    assert first.at_ns is not None
    assert first.at_ns < 60 * S, "from the opening on, six come a second and two are served"


def test_a_line_that_is_too_slow_breaks_as_the_line() -> None:
    known = player(plan(2.0, 8, line_per_s=1.0))
    first, *_ = breaks(Sized(player=known), known.now, FEW)
    assert (first.place, first.asks) == (THE_LINE, Asks.NEVER_LET_IN)
    assert first.mended_by == "waitlist.release.rate"
    # 95 of 100 of two a second, found to a twentieth, from above; a line of one borders.
    assert first.mended_at is not None
    assert 1.8 <= first.mended_at <= 2.2


def test_what_no_knob_turns_is_not_mended() -> None:
    full = plan(6.0, 3, 2)
    known = player(full)
    one = Player(plan=full, knobs=known.knobs[:1], prices=Prices(
        currency="", priced=None, per_hour=(1.0,), paid_for_ns=S,
    ), engine=known.engine)  # fmt: skip
    (only,) = breaks(Sized(player=one), one.now, FEW)
    assert (only.place, only.mended_by, only.mended_at) == ("b", "", None)


def test_the_naive_answer_is_the_load_in_erlangs_which_is_not_enough() -> None:
    """As many servers as are busy in the mean have a line that grows without end: Erlang's C is 1."""
    known = player(plan(7.6, 3, 2))
    assert naive_candidate(known.plan, known.knobs) == Candidate(values=(8.0, 8.0))
    even = player(plan(8.0, 3, 2))
    found = naive(even, range(4))
    assert (found.values, found.cost, found.holds[1]) == ((8.0, 8.0), 16.0, 4)


def test_the_naive_answer_is_that_of_the_busiest_minute_and_leaves_the_line_alone() -> None:
    burst = plan(2.0, 3, line_per_s=1.0)
    edges = [0, 100 * S, 130 * S, HORIZON_S * S]
    crowd = Demand(components=(Component.of(0, edges, [100.0, 600.0, 170.0]),))
    known = player(Plan(
        subject=burst.subject, scenario="crowd", variant=None, demand=crowd, system=burst.system,
        objectives=burst.objectives, horizon_ns=burst.horizon_ns, end_ns=burst.end_ns, bin_ns=burst.bin_ns,
    ))  # fmt: skip
    # Of 60 s, 30 bring 20 a second and 30 one a second: 10.5, rounded up.
    assert naive_candidate(known.plan, known.knobs).values == (11.0, 1.0)
