"""The release of the line by example: tokens, batches, and a rate that follows feedback."""

from dataclasses import replace

from simulator.engine.rules import Engine
from simulator.outcomes.rows import UNKNOWN
from simulator.system.journeys import Journey, Step
from simulator.system.line import Batches, Feedback, Policy, Signal
from simulator.system.people import People
from simulator.system.system import Lever, System
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER
from tests.examples import examples
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

PER_100_NS = 10**13
"""A token each 100 ns, in millionths of a token a second."""
FEEDBACK = Feedback(
    signal=Signal.IN_FLIGHT, limit=100, every_ns=100, first_rate=PER_100_NS,
    lowest_rate=4 * PER_100_NS // 10, highest_rate=3 * PER_100_NS, step_rate=PER_100_NS,
    cut_thousandths=500,
)  # fmt: skip
FASTER = replace(FEEDBACK, highest_rate=10 * PER_100_NS)
OVER = replace(FEEDBACK, limit=0)
LATE = replace(FEEDBACK, signal=Signal.P95, limit=9)
SLOW = replace(PLENTY, service=Duration.fixed(10_000))
LONG = replace(PLENTY, service=Duration.fixed(150))
CHOOSY = People(name="choosy", balks=Duration.fixed(9))


def one_is_late(quick: int) -> tuple[Timetable, System]:
    """All but two enter before the line closes, and one answer of theirs takes 20."""
    release = line_by(replace(LATE, limit=10), policy=Policy.OPEN)
    people = (PATIENT, People(name="slow", journey=1))
    journeys = (Journey(), Journey(steps=(Step(service=Duration.fixed(20)),)))
    played = system(people, PLENTY, release, change(90, Lever.POLICY, Policy.FIFO))
    return groups_at((*[0] * quick, 110, 110), (0,)), replace(played, journeys=journeys)


@examples("timetable, played, let_in",
    # Tokens
    ("nobody is called before the line opens", at(0, 1), system(station=PLENTY, waitlist=line(10, opens_ns=25)), [25, 35]),
    ("but at once as many as the burst", at(0, 1), system(station=PLENTY, waitlist=line(10, 3, opens_ns=25)), [25, 25]),
    ("a token comes each spacing and a burst is saved up", at(0, 0, 0, 0, 100, 100, 100),
     system(station=PLENTY, waitlist=line(20, burst=2)), [0, 0, 20, 40, 100, 100, 120]),
    # Of the four tokens at the opening none is left at 10; the next was due at 10 and comes.
    ("a slower release makes no tokens", at(0, 0, 0, 0, 0, 0),
     system(PATIENT, PLENTY, line(10, burst=4), change(10, Lever.RELEASE_SPACING_NS, 100)), [0, 0, 0, 0, 10, 110]),
    ("a faster release does not wait for a slow token", at(0, 0, 0),
     system(PATIENT, PLENTY, line(500), change(50, Lever.RELEASE_SPACING_NS, 10)), [0, 60, 70]),
    # A rate of one in a century: of a hundred tokens the last would be later than 64 bits can say.
    ("a release may be as good as none", at(*[0] * 100), system(station=PLENTY, waitlist=line(FOREVER)), [0] + [UNKNOWN] * 99),
    ("also of many tokens", at(*[0] * 100), system(station=PLENTY, waitlist=line(FOREVER // 9, burst=9)), [0] * 9 + [UNKNOWN] * 91),
    ("until it becomes faster", at(0, 0, 0, 0),
     system(PATIENT, PLENTY, line(FOREVER), change(50, Lever.RELEASE_SPACING_NS, 10)), [0, 60, 70, 80]),
    # At 55 one token of three is there, one comes at 60; the third takes a new spacing.
    ("a new spacing keeps the tokens", at(0, 0, 0, 56, 57, 61),
     system(PATIENT, PLENTY, line(30, burst=3), change(55, Lever.RELEASE_SPACING_NS, 100)), [0, 0, 0, 56, 60, 160]),
    # Batches
    ("the wait for a batch is announced in whole batches", at(0, 1, 2),
     system(CHOOSY, PLENTY, line_by(Batches(size=2, every_ns=20), opens_ns=50)), [50, 50, UNKNOWN]),
    # Who comes at the instant of a batch is too late for it.
    ("a batch is called at regular instants from the opening on", at(0, 1, 2, 3, 25),
     system(station=PLENTY, waitlist=line_by(Batches(size=2, every_ns=20), opens_ns=5)), [5, 5, 25, 25, 45]),
    ("a lever that the release does not have does nothing", at(0, 0),
     system(PATIENT, PLENTY, line_by(Batches(size=1, every_ns=20)), change(1, Lever.RELEASE_SPACING_NS, 3), change(1, Lever.SLOTS, 3)),
     [20, 40]),
    # One attempt is in flight at 100, none at 200. Without delay the rate is halved at 100 and
    # raised at 200 (spacing 66); with a delay it is halved at 200 only (210 + 200), and raised at
    # 300, when the token in the making comes after 66.
    ("feedback sees the last measurement", at(0, 210, 210), system(station=LONG, waitlist=line_by(OVER)), [0, 210, 276]),
    ("or an old one", at(0, 210, 210), system(station=LONG, waitlist=line_by(replace(OVER, delay_periods=1))), [0, 210, 366]),
    # An answer takes 10; by the decision at 100 the spacing is 50 or 200.
    ("answers in time raise the rate", at(0, 110, 110), system(station=PLENTY, waitlist=line_by(replace(LATE, limit=10))), [0, 110, 160]),
    ("late ones cut it", at(0, 110, 110), system(station=PLENTY, waitlist=line_by(LATE)), [0, 110, 310]),
    ("and timeouts do", at(0, 110, 110),
     system(People(name="hasty", client_timeout_ns=5), PLENTY, line_by(replace(LATE, limit=1_000))), [0, 110, 310]),
    # Either the spacing is 50 from 100 on, or it is 200, and from 200 on 66.
    ("one late answer in twenty is within the limit", *one_is_late(19), [0] * 19 + [110, 160, 0]),
    ("and one in nineteen is not", *one_is_late(18), [0] * 18 + [110, 266, 0]),
    # From 100 on a token each 50, from 200 on each 33, and no faster.
    ("within the limit the rate rises by steps up to the highest", at(*[0] * 8),
     system(station=PLENTY, waitlist=line_by(FEEDBACK)), [0, 100, 150, 200, 233, 266, 299, 332]),
    # The first is in flight for ever: each 200 from 100 on, each 250 from 200 on.
    ("over the limit the rate is cut down to the lowest", at(0, 0, 0, 0), system(station=SLOW, waitlist=line_by(OVER)), [0, 100, 300, 550]),
    # Cut at 100 for the late answer of 10, raised at 200: spacing 66.
    ("late answers count in their period only", at(0, 210, 210), system(station=PLENTY, waitlist=line_by(LATE)), [0, 210, 276]),
    # The server works on, but at 100 nobody waits: spacing 50.
    ("who has given up is not in flight", at(0, 110, 110),
     system(People(name="hasty", client_timeout_ns=50), SLOW, line_by(OVER)), [0, 110, 160]),
    # Both at 100: spacing 20 is 5 * 10**13, and raised 6 * 10**13, spacing 16.
    ("a change comes before a decision", at(0, 110, 110),
     system(PATIENT, PLENTY, line_by(FASTER), change(100, Lever.RELEASE_SPACING_NS, 20)), [0, 110, 126]),
    # Spacing 20 is 5 * 10**13; the decision at 100 makes that 6 * 10**13, spacing 16.
    ("an operator sets the rate of feedback", at(*[0] * 5),
     system(PATIENT, PLENTY, line_by(FASTER), change(50, Lever.RELEASE_SPACING_NS, 20)), [0, 70, 90, 110, 126]),
)  # fmt: skip
def test_when_each_is_let_in(
    engine: Engine, timetable: Timetable, played: System, let_in: list[int]
) -> None:
    assert entries(engine, timetable, played) == let_in
