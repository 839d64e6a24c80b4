"""A master's workers: what he knows of each, from its first word to its end."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from scenarios.replay.child.conducting.link.clocks import Offset, Reading
from scenarios.replay.child.conducting.link.messages import Done
from scenarios.replay.child.killswitch.dead import LIMIT
from scenarios.replay.child.outbox import Outbox
from simulator.errors import InvalidRun, Stopped
from simulator.outcomes.store import COMPLETE, INTERRUPTED, STOPPED
from simulator.outcomes.workers import Worker

TO_ARM_S = 60.0
"""For all of them to get ready."""
LOST_S = 5.0
"""A worker that has not been heard for so long is lost: it says something twice a second."""

CUT_OFF_S = 3.0
"""So long others get answers while one gets none: six times what they take to say so."""

CHANCE = 1e-6
"""That a target which answers all alike has left one worker out. Its connections need not break: a network may swallow
what is sent, and then nothing comes back until each visitor has lost patience."""

FRESH_S = 1.5
"""Who has told of no answer for so long may have sent nobody: he says nothing of the target any more. It is
less than ``CUT_OFF_S`` by more than a worker takes to say so, lest answers of before the target died count after it."""


@dataclass(slots=True, kw_only=True, eq=False)
class Hand:
    """One worker, as its master sees it."""

    client: str
    """Its name among Locust's clients."""
    number: int = -1
    """Of its shard, which it keeps whatever happens: to send it once more would be another surge."""
    outbox: Outbox = field(default_factory=lambda: Outbox(-1, lambda _: None))
    """What it told, and the master's parent has not written yet; one of its own once it has a number."""
    name: str = ""
    readings: list[Reading] = field(default_factory=list)
    offset: Offset | None = None
    planned: int | None = None
    """None: it is not armed yet."""
    started: int = 0
    broke_in_a_row: int = 0
    broke_s: float = -math.inf
    """When it last told of one more."""
    answered: int = 0
    answered_s: float = -math.inf
    """The same of answers, of whatever kind."""
    unanswered: int = 0
    """How many it has sent since then."""
    others_answers: int = 0
    """How many the others had got by then."""
    with_others_s: float = field(default_factory=time.monotonic)
    """When it last fared as others did, as far as was known."""
    done: Done | None = None
    lost: str = ""
    """Why its part cannot be judged; empty where it can."""
    heard_s: float = field(default_factory=time.monotonic)

    def heard(self) -> None:
        self.heard_s = time.monotonic()

    @property
    def silent_s(self) -> float:
        return time.monotonic() - self.heard_s

    def begin(self) -> None:
        """From the opening on it has something to say."""
        self.heard_s = self.with_others_s = time.monotonic()

    def beat(self, started: int, broke_in_a_row: int, answered: int) -> None:
        """What it says twice a second."""
        if broke_in_a_row > self.broke_in_a_row:
            self.broke_s = time.monotonic()
        self.unanswered += started - self.started
        if answered > self.answered:
            self.answered_s, self.unanswered = time.monotonic(), 0
        self.started, self.broke_in_a_row, self.answered = started, broke_in_a_row, answered

    @property
    def reaches(self) -> bool:
        """Whether it gets answers now."""
        return not self.broke_in_a_row and time.monotonic() - self.answered_s < FRESH_S

    @property
    def breaks(self) -> bool:
        """Whether its connections break now, one as the other."""
        return self.broke_in_a_row >= LIMIT and time.monotonic() - self.broke_s < FRESH_S

    @property
    def hears_nothing(self) -> bool:
        """Whether it goes on sending, and gets no answers."""
        return self.unanswered >= LIMIT and self.silent_s < FRESH_S

    @property
    def lives(self) -> bool:
        """Whether it still sends, and what it says of the target counts."""
        return not self.lost and self.done is None

    @property
    def is_over(self) -> bool:
        """Whether it will tell nothing any more: it is done and all has come, or it is lost and silent."""
        if self.done is not None and self.outbox.number >= self.done.batches:
            return True
        return bool(self.lost) and self.silent_s > LOST_S

    def note_silence(self) -> None:
        """From now on it is lost, if it was silent for too long; it stays so should it come back.

        Who is done and owes batches sends them again every other second.
        """
        if not self.lost and not self.is_over and self.silent_s > LOST_S:
            self.lost = f"it showed no sign of life for {LOST_S:.0f} s"

    def end(self, done: Done) -> None:
        self.done, self.started = done, done.started
        if done.fault and not self.lost:
            self.lost = done.fault

    def known(self) -> Worker:
        """What is known of it, to be written down."""
        offset = self.offset or Offset(0, 0)
        return Worker(
            number=self.number,
            name=self.name,
            planned=self.planned or 0,
            offset_ns=offset.ns,
            bound_ns=offset.bound_ns,
            started=self.started if self.done is not None else None,
            lost=self.lost or None,
        )


def broke_in_a_row(hands: Iterable[Hand]) -> int:
    """How many connections broke in a row, seen over all workers; none where one of them gets answers.

    Who has sent nobody of late knows of neither, and is not asked.
    """
    living = [hand for hand in hands if hand.lives]
    return (
        0 if any(hand.reaches for hand in living) else sum(hand.broke_in_a_row for hand in living)
    )


def note_cut_off(hands: Collection[Hand]) -> list[Hand]:
    """Who is lost from now on, since he alone no longer reaches the target: others get answers meanwhile."""
    living, now_s = [hand for hand in hands if hand.lives], time.monotonic()
    reached = any(hand.reaches for hand in living)
    answers = sum(hand.answered for hand in hands)
    for hand in living:
        others = answers - hand.answered
        if not hand.unanswered:
            hand.others_answers = others
        alone = hand.breaks or is_left_out(hand, others - hand.others_answers, len(living))
        if not (reached and alone):
            hand.with_others_s = now_s
    gone = [hand for hand in living if now_s - hand.with_others_s > CUT_OFF_S]
    for hand in gone:
        hand.lost = f"{why_cut_off(hand)}, while others reached it"
    return gone


def how_it_ended(how: str, hands: Iterable[Hand]) -> str:
    """How the replay ended, as its master knows it; where nobody sent his part to its end it was cut short."""
    to_the_end = any(hand.done is not None and hand.done.how == COMPLETE for hand in hands)
    return INTERRUPTED if how == COMPLETE and not to_the_end else how


def require_armed(hands: Collection[Hand]) -> None:
    """Raises Stopped where none of them reaches the target, and InvalidRun where one is not ready."""
    ends = [hand.done.how for hand in hands if hand.done is not None]
    if len(hands) == sum(how.startswith(STOPPED) for how in ends):
        raise Stopped(ends[0].removeprefix(STOPPED))
    for hand in hands:
        if hand.planned is None:
            why = hand.lost or f"it was not ready within {TO_ARM_S:.0f} s"
            raise InvalidRun(f"{hand.name} cannot send its part: {why}")


def is_armed(hand: Hand) -> bool:
    """Or known not to become so."""
    return hand.planned is not None or hand.done is not None


def is_left_out(hand: Hand, others_got: int, living: int) -> bool:
    """Whether so many answers went to others since its last one that chance cannot have left it out of all of them.

    Workers send equal shares, so of n answers one of m workers gets none with a probability of (1 - 1/m)^n.
    """
    return hand.hears_nothing and (1 - 1 / living) ** others_got < CHANCE


def why_cut_off(hand: Hand) -> str:
    if hand.breaks:
        return f"{hand.broke_in_a_row} of its connections to the target in a row broke"
    return f"none of the last {hand.unanswered} visitors that it sent had an answer from the target"
