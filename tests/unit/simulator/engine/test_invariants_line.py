"""Of each pair of launches one is right, and the other breaks what is true of every line."""

from dataclasses import replace

from simulator.outcomes.rows import Fate, Result
from simulator.system.line import Batches, Feedback, Policy, Release, Signal, Slots, TokenBucket
from simulator.system.system import Change, Lever, System
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, NS_PER_MINUTE
from tests.examples import examples
from tests.launches.rows import (
    Rows,
    attempt,
    broken_in,
    called_in,
    line_of,
    people_of,
    station_of,
    system_of,
    together,
    visit,
)

SERVERS = station_of(servers=9)


def lined(release: Release, **figures: object) -> System:
    """A line before more servers than anybody needs."""
    line = replace(line_of(policy=Policy.FIFO), release=release, **figures)  # type: ignore[arg-type]
    return system_of(stations=SERVERS, waitlist=line)


BUCKET = lined(TokenBucket(spacing_ns=4))
PATIENT = replace(BUCKET, people=people_of(patience=Duration.fixed(3)))
RESERVED = replace(BUCKET, people=people_of(balks=Duration.fixed(3)))
SLOTS = Slots(total=1, session_ns=6, renews=False)
CHOOSY = replace(lined(SLOTS), people=people_of(balks=Duration.fixed(6)))
FEEDBACK = Feedback(
    signal=Signal.IN_FLIGHT, limit=9, every_ns=50, first_rate=10**15 // 4, lowest_rate=10**15 // 4,
    highest_rate=10**15 // 4, step_rate=0, cut_thousandths=1000,
)  # fmt: skip
BY_MINUTE = Slots(total=9, session_ns=6, by_minute=True)


def left(visitor: int, at: int, ended: int, fate: Fate = Fate.RENEGED) -> Rows:
    return Rows([visit(visitor, at, joined=at, ended=ended, fate=fate)], [])


def at_the_door(visitor: int, at: int, fate: Fate) -> Rows:
    return Rows([visit(visitor, at, ended=at, fate=fate)], [])


def waits(visitor: int, at: int) -> Rows:
    return Rows([visit(visitor, at, joined=at, fate=Fate.WAITING)], [])


FIRST = called_in(1, 0, 0)
PAIR = together(FIRST, called_in(2, 0, 4))


@examples("sentence, system, right, wrong",
    ("left too soon", "somebody's patience was not kept", PATIENT, together(FIRST, left(2, 0, 3)), together(FIRST, left(2, 0, 2))),
    ("entered too late", "somebody's patience was not kept", PATIENT, together(FIRST, left(2, 0, 3)), PAIR),
    ("left before joining", "the line's area is not the sum of its stays (Little's law)", BUCKET, FIRST, called_in(1, 4, 0)),
    ("not at a look", "somebody entered between two of his looks", lined(TokenBucket(spacing_ns=1), poll_every_ns=3),
     called_in(1, 2, 5), called_in(1, 2, 4)),
    ("before it opens", "somebody was called before the line opens", lined(TokenBucket(spacing_ns=4), opens_ns=8),
     called_in(1, 2, 8), called_in(1, 2, 7)),
    ("overtook", "somebody overtook in the line", BUCKET, PAIR, together(called_in(1, 0, 4), called_in(2, 0, 0))),
    ("overtook somebody who left later", "somebody overtook in the line", BUCKET,
     together(called_in(1, 0, 0), called_in(3, 1, 4)),
     together(left(1, 0, 35, Fate.NO_SHOW), left(2, 0, 39), called_in(3, 1, 4))),
    ("without a token", "somebody entered whom the release cannot have called", BUCKET, PAIR, together(FIRST, called_in(2, 0, 3))),
    ("without a token of the new spacing", "somebody entered whom the release cannot have called",
     replace(BUCKET, changes=(Change(at_ns=1, lever=Lever.RELEASE_SPACING_NS, value=2),)),
     together(FIRST, called_in(2, 0, 3), called_in(3, 0, 5)),
     together(FIRST, called_in(2, 0, 3), called_in(3, 0, 4))),
    ("sooner than tokens come", "somebody entered whom the release cannot have called",
     lined(TokenBucket(spacing_ns=4), poll_every_ns=1), PAIR, together(FIRST, called_in(2, 0, 3))),
    ("beyond the batch", "somebody entered whom the release cannot have called", lined(Batches(size=2, every_ns=4)),
     together(FIRST, called_in(2, 0, 0), called_in(3, 0, 4)),
     together(FIRST, called_in(2, 0, 0), called_in(3, 0, 0))),
    ("faster than the highest rate", "somebody entered whom the release cannot have called", lined(FEEDBACK), PAIR,
     together(FIRST, called_in(2, 0, 3))),
    ("beyond the minute", "somebody entered whom the release cannot have called",
     lined(replace(SLOTS, total=9, per_minute=2)), together(FIRST, called_in(2, 0, 0)),
     together(FIRST, called_in(2, 0, 0), called_in(3, 0, 4))),
    ("beyond the slots", "more sessions went on than there are slots", lined(SLOTS),
     together(FIRST, called_in(2, 0, 6)), together(FIRST, called_in(2, 0, 5))),
    ("beyond the slots that ended early", "more sessions went on than there are slots",
     lined(replace(SLOTS, early=True)), together(FIRST, called_in(2, 0, 5)), together(FIRST, called_in(2, 0, 4))),
    ("joined a full line", "somebody joined, balked or was turned away wrongly",
     lined(TokenBucket(spacing_ns=4), places=1),
     together(called_in(1, 1, 1), called_in(2, 2, 5), at_the_door(3, 2, Fate.TURNED_AWAY)),
     together(called_in(1, 1, 1), called_in(2, 2, 5), called_in(3, 2, 9))),
    ("turned away from an empty line", "somebody joined, balked or was turned away wrongly",
     lined(TokenBucket(spacing_ns=4), places=1),
     together(called_in(1, 1, 1), called_in(2, 2, 5), at_the_door(3, 2, Fate.TURNED_AWAY)),
     together(called_in(1, 1, 1), at_the_door(3, 2, Fate.TURNED_AWAY))),
    ("did not balk", "somebody joined, balked or was turned away wrongly", RESERVED,
     together(called_in(1, 1, 1), called_in(2, 2, 5), at_the_door(3, 2, Fate.BALKED)),
     together(called_in(1, 1, 1), called_in(2, 2, 5), called_in(3, 2, 9))),
    ("balked at no wait", "somebody joined, balked or was turned away wrongly", RESERVED,
     together(called_in(1, 1, 1), called_in(2, 2, 5), at_the_door(3, 2, Fate.BALKED)),
     together(called_in(1, 1, 1), at_the_door(3, 2, Fate.BALKED))),
    ("balked, who never does", "somebody joined, balked or was turned away wrongly", lined(TokenBucket(spacing_ns=FOREVER // 4)),
     together(FIRST, *(waits(number, 1) for number in range(2, 8))), together(FIRST, at_the_door(2, 1, Fate.BALKED))),
    ("did not balk before the slots", "somebody joined, balked or was turned away wrongly", CHOOSY,
     together(FIRST, called_in(2, 1, 6), at_the_door(3, 2, Fate.BALKED)),
     together(FIRST, called_in(2, 1, 6), called_in(3, 2, 12))),
    ("balked at one session", "somebody joined, balked or was turned away wrongly", CHOOSY,
     together(FIRST, called_in(2, 1, 6), called_in(3, 7, 12)),
     together(FIRST, at_the_door(2, 1, Fate.BALKED), called_in(3, 7, 7))),
    ("absent", "somebody did not come whose group always does", BUCKET, FIRST, left(1, 0, 0, Fate.NO_SHOW)),
)  # fmt: skip
def test_the_wrong_one_of_two_launches_is_told(
    sentence: str, system: System, right: Rows, wrong: Rows
) -> None:
    assert broken_in(right, system) == []
    assert sentence in broken_in(wrong, system)


def test_a_renewed_session_goes_on_from_the_last_attempt() -> None:
    renewed = lined(replace(SLOTS, renews=True, session_ns=6))
    assert broken_in(together(FIRST, called_in(2, 0, 6)), renewed) == []
    slow = replace(renewed, stations=station_of(servers=0), people=people_of(client_timeout_ns=3))
    kept = Rows(
        [visit(1, 0, joined=0, let_in=0, ended=3, fate=Fate.GAVE_UP)],
        [attempt(1, 0, finished=3, result=Result.TIMED_OUT)],
    )
    assert broken_in(kept, slow) == []


def test_by_minute_nobody_enters_ahead_of_an_earlier_minute() -> None:
    line = replace(line_of(policy=Policy.FIFO), release=BY_MINUTE, poll_every_ns=NS_PER_MINUTE)
    system = system_of(stations=SERVERS, waitlist=line)
    late = NS_PER_MINUTE
    waits = Rows([visit(1, 0, joined=0, fate=Fate.WAITING)], [])
    right = together(waits, Rows([visit(2, late, joined=late, fate=Fate.WAITING)], []))
    wrong = together(waits, called_in(2, late, late))
    assert broken_in(right, system, horizon_ns=2 * late) == []
    sentence = "somebody entered ahead of an earlier minute"
    assert broken_in(wrong, system, horizon_ns=2 * late) == [sentence]
