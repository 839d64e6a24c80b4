"""What a master knows of its workers: who is over, who is lost, and what their connections say together."""

import time

import pytest

from scenarios.replay.child.conducting import crew
from scenarios.replay.child.conducting.crew import (
    CUT_OFF_S,
    LOST_S,
    Hand,
    broke_in_a_row,
    note_cut_off,
)
from scenarios.replay.child.conducting.link.clocks import Offset
from scenarios.replay.child.conducting.link.messages import Done
from scenarios.replay.child.killswitch.dead import LIMIT
from scenarios.replay.child.outbox import Outbox
from simulator.outcomes.store import COMPLETE, INTERRUPTED
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


@examples("broke, expected",
    ("nobody", (), 0),
    ("one alone", (20,), 20),
    ("all of them, together enough", (7, 7, 6), 20),
    ("one still gets answers", (30, 0, 30), 0),
)  # fmt: skip
def test_a_target_is_dead_only_to_all_of_them(broke: tuple[int, ...], expected: int) -> None:
    hands = [hand(number, broke=count) for number, count in enumerate(broke)]
    assert broke_in_a_row(hands) == expected


def test_who_is_lost_or_done_says_nothing_of_the_target() -> None:
    lost, over, living = hand(0), hand(1), hand(2, broke=20)
    lost.lost = "it is gone"
    over.end(done())
    assert broke_in_a_row([lost, over, living]) == 20


def suspicious(broke: int, for_s: float) -> Hand:
    """It has said for so long that its connections break."""
    own = hand(1, broke=broke)
    own.reached_s -= for_s
    return own


@examples("broke, for_s, others_broke, lost",
    ("none of its connections holds, others' do", LIMIT, CUT_OFF_S + 1, 0, True),
    ("the others' break as well", LIMIT, CUT_OFF_S + 1, 3, False),
    ("not for long", LIMIT, 0.0, 0, False),
    ("a few of them", LIMIT - 1, CUT_OFF_S + 1, 0, False),
    ("it says nothing, as one that is frozen", 0, CUT_OFF_S + 1, 0, False),
)  # fmt: skip
def test_who_alone_does_not_reach_the_target_is_cut_off(
    broke: int, for_s: float, others_broke: int, lost: bool
) -> None:
    one, other = suspicious(broke, for_s), hand(0, broke=others_broke)
    gone = note_cut_off([other, one])
    assert gone == ([one] if lost else [])
    assert one.known().lost == (
        f"{LIMIT} of its connections to the target in a row broke, while others reached it"
        if lost
        else None
    )
    assert note_cut_off([other, one]) == []  # once


def test_nobody_is_alone_without_others() -> None:
    assert note_cut_off([suspicious(LIMIT, CUT_OFF_S + 1)]) == []


def test_a_connection_that_holds_makes_it_reach_the_target_again() -> None:
    own = suspicious(LIMIT, CUT_OFF_S + 1)
    own.beat(started=5, broke_in_a_row=0)
    assert own.unreached_s < CUT_OFF_S
    assert (own.started, own.broke_in_a_row) == (5, 0)
