"""What a master knows of its workers: who is over, who is lost, and what their connections say together."""

import time
from collections.abc import Callable, Sequence

import pytest

from scenarios.replay.child.conducting import crew
from scenarios.replay.child.conducting.crew import (
    CUT_OFF_S,
    LOST_S,
    Hand,
    broke_in_a_row,
    how_it_ended,
    note_cut_off,
)
from scenarios.replay.child.conducting.link.clocks import Offset
from scenarios.replay.child.conducting.link.messages import Done
from scenarios.replay.child.killswitch.dead import LIMIT
from scenarios.replay.child.outbox import Outbox
from simulator.outcomes.store import COMPLETE, INTERRUPTED, STOPPED
from simulator.outcomes.workers import Worker
from tests.examples import examples


def hand(number: int = 0, *, broke: int = 0) -> Hand:
    made = Hand(client=f"host_{number}", number=number, outbox=Outbox(number, lambda _: None))
    made.name, made.planned, made.broke_in_a_row = f"worker {number}", 10, broke
    return made


def done(batches: int = 0, fault: str = "", how: str = COMPLETE) -> Done:
    return Done(how=how, started=7, batches=batches, fault=fault)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is later than a worker may be silent."""
    now_s = time.monotonic() + LOST_S + 1
    monkeypatch.setattr(crew.time, "monotonic", lambda: now_s)  # type: ignore[attr-defined]


def test_a_worker_is_over_once_all_that_it_told_has_come() -> None:
    own = hand()
    over = [own.is_over]
    own.end(done(batches=2))
    over.append(own.is_over)
    for number in (1, 2):
        own.outbox.keep(number, b"rows")
        over.append(own.is_over)
    assert over == [False, False, False, True]
    assert own.known() == Worker(number=0, name="worker 0", planned=10, started=7)


@pytest.mark.usefixtures("later")
def test_a_silent_worker_is_lost_and_named_and_stays_so_when_it_comes_back() -> None:
    own = hand()
    own.heard_s -= 2 * LOST_S
    own.note_silence()
    over = [own.is_over]
    own.heard()
    own.note_silence()
    over.append(own.is_over)
    assert over == [True, False]  # what it still tells is taken
    assert own.known().lost == "it showed no sign of life for 5 s"


def test_a_worker_that_talks_is_not_lost() -> None:
    own = hand()
    own.note_silence()
    assert own.known().lost is None


@pytest.mark.usefixtures("later")
def test_who_has_ended_may_be_silent() -> None:
    own = hand()
    own.end(done())
    own.heard_s -= 2 * LOST_S
    own.note_silence()
    assert own.known().lost is None


@pytest.mark.usefixtures("later")
def test_who_has_ended_and_owes_rows_may_not_be_silent() -> None:
    own = hand()
    own.end(done(batches=3))
    own.heard_s -= 2 * LOST_S
    over = [own.is_over]
    own.note_silence()
    assert [*over, own.is_over] == [False, True]
    assert own.known().lost == "it showed no sign of life for 5 s"


def test_a_worker_that_broke_down_is_lost_by_its_own_word() -> None:
    own = hand()
    own.end(done(fault="the disk is full", how=INTERRUPTED))
    assert own.known().lost == "the disk is full"


def test_its_offset_is_written_down() -> None:
    own = hand()
    own.offset = Offset(5, 3)
    assert (own.known().offset_ns, own.known().bound_ns, own.known().started) == (5, 3, None)


@examples("told, expected",
    ("nobody", (), 0),
    ("one alone", ((20, False),), 20),
    ("all of them, together enough", ((7, False), (7, False), (6, False)), 20),
    ("one still gets answers", ((30, False), (0, True), (30, False)), 0),
    ("one has sent nobody of late", ((30, False), (0, False)), 30),
    ("a few break at the one that got answers a moment ago", ((30, False), (1, True)), 31),
    ("all have sent nobody", ((0, False), (0, False)), 0),
)  # fmt: skip
def test_a_target_is_dead_only_to_all_of_them_that_know(
    told: tuple[tuple[int, bool], ...], expected: int
) -> None:
    hands = []
    for number, (broke, answered) in enumerate(told):
        hands.append(hand(number))
        hands[-1].beat(started=50, broke_in_a_row=broke, answered=int(answered))
    assert broke_in_a_row(hands) == expected


def test_who_is_lost_or_done_says_nothing_of_the_target() -> None:
    lost, over, living = hand(0), hand(1), hand(2, broke=20)
    lost.lost = "it is gone"
    over.end(done())
    assert broke_in_a_row([lost, over, living]) == 20


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the master's clock says, in seconds."""
    now_s = [100.0]
    monkeypatch.setattr(crew.time, "monotonic", lambda: now_s[0])  # type: ignore[attr-defined]
    return now_s


Tells = Callable[[float], tuple[int, int]]
"""What a worker tells so many seconds after something happened: broken connections in a row, and answers."""


def gone_after(
    clock: list[float], tells: Sequence[Tells], for_s: float, *, sends_per_s: int = 0
) -> dict[int, float]:
    """When each worker is lost, where each tells twice a second, and the master looks ten times."""
    hands, gone = [hand(number) for number in range(len(tells))], {}
    for each, told in zip(hands, tells, strict=True):
        each.begin()
        each.beat(5, 0, told(0.0)[1])
    for look in range(round(10 * for_s)):
        clock[0] = 100 + look / 10
        for each, told in zip(hands, tells, strict=True):
            if (look + each.number) % 5 == 0:
                broke, answered = told(look / 10)
                each.heard()
                each.beat(5 + round(sends_per_s * look / 10), broke, answered)
        for each in note_cut_off(hands):
            gone[each.number] = look / 10
    return gone


def breaking(at_s: float) -> tuple[int, int]:
    return round(50 * at_s), 100


def answering(at_s: float) -> tuple[int, int]:
    return 0, 100 + round(50 * at_s)


def until(until_s: float, first: Tells, then: Tells) -> Tells:
    return lambda at_s: first(at_s) if at_s < until_s else then(at_s)


def still(told: tuple[int, int]) -> Tells:
    return lambda _: told


@examples("one, other, lost",
    ("none of its connections holds, the other gets answers", breaking, answering, True),
    ("the other has sent nobody since the target died", breaking, still((0, 100)), False),
    ("the other never sent anybody", breaking, still((0, 0)), False),
    ("the other got its last answers as the target died", breaking, until(1, answering, still((0, 150))), False),
    ("the other's break as well", breaking, breaking, False),
    ("the other's break now and then", breaking, lambda at_s: (3, round(50 * at_s)), False),
    ("not for long: both get answers again", until(2.9, breaking, answering), answering, False),
    ("the target is back, and the other knew first",
     until(5.4, breaking, answering), until(5, still((0, 100)), answering), False),
    ("a few of them", still((LIMIT - 1, 100)), answering, False),
    ("it broke while the target was started again, and has sent nobody since", until(1, breaking, still((50, 100))), answering, False),
    ("it says nothing, as one that is frozen", still((0, 100)), answering, False),
)  # fmt: skip
def test_who_alone_does_not_reach_the_target_is_cut_off(
    clock: list[float], one: Tells, other: Tells, lost: bool
) -> None:
    gone = gone_after(clock, [other, one], 9.0)
    assert gone.keys() == ({1} if lost else set())
    # LIMIT of 50 a second, told half a second later at most; and two looks.
    assert all(CUT_OFF_S <= at_s <= LIMIT / 50 + 0.5 + CUT_OFF_S + 0.2 for at_s in gone.values())


def slowly(at_s: float) -> tuple[int, int]:
    """Answers that come so late that each is of a visitor of long before."""
    return 0, 100 + round(2 * at_s)


@examples("one, other, lost",
    ("it gets no answer, and the other does", still((0, 100)), answering, True),
    ("it has got none from the beginning", still((0, 0)), answering, True),
    ("nobody gets any", still((0, 100)), still((0, 100)), False),
    ("the other got its last answers a second later", still((0, 100)), until(1, answering, still((0, 150))), False),
    ("not for long", until(2.9, still((0, 100)), answering), answering, False),
    ("few of many are answered, as chance has it", slowly, answering, False),
    ("the other gets so few that chance may have left it out", still((0, 100)), slowly, False),
)  # fmt: skip
def test_who_alone_gets_no_answers_is_cut_off_though_no_connection_breaks(
    clock: list[float], one: Tells, other: Tells, lost: bool
) -> None:
    gone = gone_after(clock, [other, one], 9.0, sends_per_s=50)
    assert gone.keys() == ({1} if lost else set())
    # LIMIT of 50 a second, told half a second later at most; and two looks.
    assert all(CUT_OFF_S <= at_s <= LIMIT / 50 + 0.5 + CUT_OFF_S + 0.2 for at_s in gone.values())


def test_who_sends_nobody_may_get_no_answers(clock: list[float]) -> None:
    assert gone_after(clock, [answering, still((0, 100))], 9.0) == {}


def test_who_is_cut_off_is_told_with_the_reason_once(clock: list[float]) -> None:
    one, other = hand(1), hand(0)
    one.begin()
    for _ in range(9):
        clock[0] += 0.5
        one.beat(5, one.broke_in_a_row + LIMIT, 0)
        other.beat(5, 0, other.answered + 1)
        if note_cut_off([one, other]):
            break
    assert one.known().lost == (
        f"{one.broke_in_a_row} of its connections to the target in a row broke, while others reached it"
    )
    assert note_cut_off([one, other]) == []


@examples("how, ends, expected",
    ("all to their end", COMPLETE, (COMPLETE, COMPLETE), COMPLETE),
    ("one of two", COMPLETE, (COMPLETE, INTERRUPTED), COMPLETE),
    ("nobody", COMPLETE, (INTERRUPTED, INTERRUPTED), INTERRUPTED),
    ("nobody was heard of", COMPLETE, (), INTERRUPTED),
    ("stopped for a reason", f"{STOPPED}the target died", (INTERRUPTED,), f"{STOPPED}the target died"),
)  # fmt: skip
def test_a_replay_that_nobody_sent_to_its_end_is_not_complete(
    how: str, ends: Sequence[str], expected: str
) -> None:
    hands = [hand(number) for number in range(2)]
    for each, end in zip(hands, ends, strict=False):
        each.end(done(how=end, fault="" if end == COMPLETE else "told to end"))
    assert how_it_ended(how, hands) == expected
