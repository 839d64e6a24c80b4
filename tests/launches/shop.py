"""A small shop, made by hand: people sign up at the web, each with a query, and then get a mail."""

from collections.abc import Iterable, Sequence

from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.journeys import Call, Hold, Journey, Step
from simulator.system.line import Policy, TokenBucket, Waitlist
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.system.people import People
from simulator.system.stations import Station, StationKind
from simulator.system.system import System
from simulator.timetable.laws import Duration
from tests.launches.summaries import folded

S = 1_000_000_000
WEB, DB, MAIL, SEATS = range(4)
CREATE, VERIFY = range(2)

OBJECTIVES = Objectives(
    journeys=(JourneyObjective(journey="signup", quantiles_ns=((0.95, 4 * S),), errors=0.05),),
    line=LineObjective(wait_quantiles_ns=((0.95, 5 * S),)),
)


def system(
    *,
    web: int = 10,
    db: int = 10,
    mail_per_s: float = 10.0,
    seats: int = 5,
    line: Waitlist | None = None,
) -> System:
    """Each signup takes a web server 0.1 s and, meanwhile, a database 0.4 s."""
    return System(
        people=(People(name="everybody", client_timeout_ns=2 * S),),
        stations=(
            Station(name="web", servers=web, service=Duration.fixed(S // 10)),
            Station(name="db", servers=db, service=Duration.fixed(4 * S // 10)),
            Station(
                name="mail",
                kind=StationKind.QUOTA,
                servers=0,
                service=Duration.fixed(S // 10),
                quota=TokenBucket.at_rate(mail_per_s),
            ),
            Station(name="seats", servers=seats, service=Duration.fixed(1)),
        ),
        journeys=(
            Journey(
                steps=(
                    Step(station=WEB, calls=(Call(station=DB),)),
                    Step(station=MAIL, holds=Hold(station=SEATS, lasts=Duration.fixed(10 * S))),
                )
            ),
        ),
        waitlist=line or Waitlist(policy=Policy.OPEN),
    )


Try = tuple[int, int, Result]
"""At which second how many are sent, and what becomes of them."""


def launch(
    *steps: Sequence[Try],
    begun: Iterable[int] = (),
    lined: Iterable[tuple[int, int, Fate]] = (),
    of: System | None = None,
) -> Summary:
    """Attempts at each step; of the steps in ``begun`` those that fail had begun to be served.

    Each is made by a person of his own, who comes then and takes a second. ``lined`` adds people who
    joined the line and entered or left it after so many seconds.
    """
    visits: list[tuple[int, ...]] = []
    attempts: list[tuple[int, ...]] = []
    for step, tries in enumerate(steps):
        for at_s, number, result in tries:
            served = result is Result.SUCCESS
            started = at_s * S if served or step in begun else UNKNOWN
            end = (at_s + 1) * S
            for _ in range(number):
                visitor, fate = len(visits), Fate.SERVED if served else Fate.GAVE_UP
                visits.append((visitor, 0, at_s * S, UNKNOWN, at_s * S, end, fate))
                attempts.append((visitor, step, 0, at_s * S, started, end, result))
    for at_s, waited_s, fate in lined:
        then = (at_s + waited_s) * S
        entry, end = (then, then) if fate is Fate.SERVED else (UNKNOWN, then)
        visits.append((len(visits), 0, at_s * S, at_s * S, entry, end, fate))
    limits_ns = {each.journey: each.good_within_ns for each in OBJECTIVES.journeys}
    return folded(
        visits,
        attempts,
        horizon_ns=20 * S,
        end_ns=25 * S,
        layout=Layout.of(of or system(), limits_ns),
    )


def steadily(number: int, result: Result = Result.SUCCESS, until_s: int = 20) -> list[Try]:
    """So many each second."""
    return [(at_s, number, result) for at_s in range(until_s)]
