"""A small launch that is really sized: every candidate is played, on the same luck, and judged."""

import datetime as dt
import functools
from dataclasses import replace
from datetime import UTC, datetime

from reports.planner.answer import Answer, Made, Told
from reports.run.facts import Given, Standing
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.play.grid import grid_of
from simulator.advice.size.answer import Searched, Sizing
from simulator.advice.size.certificate import Asked, certificate_of
from simulator.advice.size.frontier import frontier_of
from simulator.advice.size.knobs import Candidate, Knob
from simulator.advice.size.player import Player
from simulator.advice.size.prices import Prices
from simulator.advice.size.questions.asked_next import Known, asked_next
from simulator.advice.why.diagnosis import diagnoses_of
from simulator.advice.why.waits import waits_by_arrival
from simulator.engine.compiled.engine import Compiled
from simulator.plan.launches import predict
from simulator.plan.plan import Plan, Subject
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.system.people import People, Retries
from simulator.system.stations import Station
from simulator.system.system import System
from simulator.timetable.laws import Duration
from simulator.timetable.volume import Volume
from simulator.verdict.verdict import judge
from tests.launches.run import MS, S, surge

ENGINE = Compiled()
LAUNCHES = range(10)
HORIZON_S = 600
PEOPLE = 3000
OPENING = datetime(2027, 3, 1, 18, 0, tzinfo=UTC)
PRICES = Prices(
    currency="EUR", priced=dt.date(2026, 11, 1), per_hour=(0.4, 0.0), paid_for_ns=24 * 3600 * S,
    person_lost=3.0,
)  # fmt: skip
LEAD_TIME_NS = 14 * 86_400 * S
ASKED = Asked(share=0.9, confidence=0.95, launches=60)


def sized_plan(station: str = "signup", scenario: str = "made-up") -> Plan:
    """Three thousand people in ten minutes, give or take, before a line and a few servers."""
    likely = surge(PEOPLE, HORIZON_S)
    uncertain = tuple(replace(each, volume=Volume(low=0.8, high=1.3)) for each in likely.components)
    return Plan(
        subject=Subject.LAUNCH, scenario=scenario, variant=None,
        demand=replace(likely, components=uncertain),
        system=System(
            people=(
                People(
                    name="everybody", client_timeout_ns=2 * S, patience=Duration.exponential(240 * S),
                    retries=Retries(attempts=3, backoff_ns=S // 2, cap_ns=2 * S),
                ),
            ),
            stations=(
                Station(
                    name=station, servers=1, waiting_room=40, round_trip_ns=2 * MS,
                    service=Duration.lognormal(200 * MS, 0.5),
                ),
            ),
            waitlist=Waitlist(policy=Policy.FIFO, release=TokenBucket.at_rate(8.0, burst=4)),
        ),
        objectives=Objectives(
            journeys=(JourneyObjective(journey="signup", quantiles_ns=((0.95, 4 * S),), errors=0.02),),
            line=LineObjective(forgotten=0, wait_quantiles_ns=((0.9, 90 * S),), never_let_in=0.2),
        ),
        horizon_ns=HORIZON_S * S, end_ns=(HORIZON_S + 30) * S, bin_ns=4 * S, seed=3,
    )  # fmt: skip


def knobs_of(plan: Plan, station: str = "signup") -> tuple[Knob, ...]:
    """Servers, and the rate of the line."""
    rate = plan.system.waitlist.release
    assert isinstance(rate, TokenBucket)
    return (
        Knob(
            key=f"station.{station}.servers",
            tweak=Tweak(turn=Turn.SERVERS, now=plan.system.stations[0].servers), low=1, high=8,
        ),
        Knob(
            key="waitlist.release.rate",
            tweak=Tweak(turn=Turn.RELEASE, now=rate.rate_per_s), low=4.0, high=32.0,
        ),
    )  # fmt: skip


@functools.cache
def sized(
    station: str = "signup",
    scenario: str = "made-up",
    *,
    prices: Prices = PRICES,
    whole: bool = True,
) -> Answer:
    """The answer for such a launch; ``whole``: with everything that an analysis adds."""
    plan = sized_plan(station, scenario)
    player = Player(plan=plan, knobs=knobs_of(plan, station), prices=prices, engine=ENGINE)
    tried = tuple(
        player.tried(Candidate(values=(float(servers), rate)), LAUNCHES)
        for servers in range(1, 5)
        for rate in (4.0, 8.0, 16.0)
    )
    enough = ASKED.share * len(LAUNCHES)
    holding = sorted((each for each in tried if each.holds >= enough), key=lambda one: one.cost)
    best = max(holding[:4], key=lambda one: (one.holds, -one.cost))
    fresh = player.on(replace(plan, seed=plan.seed + 1))
    confirmed = fresh.tried(best.candidate, range(ASKED.launches))
    certificate = certificate_of(
        ASKED, confirmed, seed=plan.seed + 1, allowed=ASKED.spare, number=1
    )
    certified = replace(plan, system=player.planned(best.candidate).system)
    prediction = predict(certified, ENGINE, 40)
    sizing = Sizing(
        plan=plan, asked=ASKED, knobs=player.knobs, prices=prices, certificate=certificate,
        nearest=None, today=player.tried(player.now, LAUNCHES), tried=tried,
        frontier=frontier_of(tried),
        searched=Searched(candidates=len(tried), launches=player.played + fresh.played),
    )  # fmt: skip
    if whole:
        sizing = analysed(sizing, player)
    return Answer(
        told=told(scenario, station),
        made=Made(
            command=f"surgeproof size {scenario}.toml", at=datetime(2026, 11, 28, 19, 0, tzinfo=UTC),
            seed=plan.seed, engine=ENGINE.name, versions={"surgeproof": "0.1.0", "python": "3.11.4"},
            sha256={"scenario": "0" * 64, "timetable": plan.timetable().sha256},
        ),
        plan=certified, prediction=prediction, verdict=judge(prediction.launches, plan.objectives),
        diagnoses=diagnoses_of(certified, prediction), sizing=sizing,
        waits=waits_by_arrival(certified, ENGINE, 4),
        grid=grid_of(player, best.candidate, most_launches=2),
    )  # fmt: skip


def told(scenario: str, station: str) -> Told:
    """What such a launch's file would tell."""
    return Told(
        name=scenario,
        story="Three thousand people come within ten minutes.",
        opening=OPENING,
        assumptions=(
            Given(
                key="surge.opening.people", value="3,000", standing=Standing.SOURCED,
                source="A newspaper", url="https://example.org/launch",
            ),
            Given(key=f"station.{station}.servers", value="1", standing=Standing.MEASURED),
            Given(
                key="people.everybody.patience", value="240 s", standing=Standing.ASSUMED,
                source="nobody published it", url="javascript:alert(1)",
            ),
        ),
    )  # fmt: skip


def analysed(sizing: Sizing, player: Player) -> Sizing:
    """With the answers to all that is asked next."""
    station = player.plan.system.stations[0].name
    known = Known(opening=OPENING, lead_times_ns={station: LEAD_TIME_NS}, surges=["opening"])
    *_, answered = asked_next(sizing, player, known, lambda _doing: None)
    return answered
