"""Before the opening: who is not ready, and whose fault that is."""

import re

import pytest

from scenarios.replay.child.conducting.crew import Hand, require_armed
from scenarios.replay.child.conducting.link.messages import Done
from simulator.errors import InvalidRun, Stopped
from simulator.outcomes.store import INTERRUPTED, STOPPED, UNFIT
from tests.examples import examples

REFUSED, FILES = "connecting failed (connection refused)", "no more files can be opened here"


def armed(name: str) -> Hand:
    made = Hand(client=name)
    made.name, made.planned = name, 10
    return made


def failed(name: str, how: str, why: str) -> Hand:
    made = Hand(client=name)
    made.name = name
    made.end(Done(how=how, started=0, batches=0, fault=why))
    return made


UNREACHED = f"it does not reach the target: {REFUSED}"


@examples("hands, error, sentence",
    ("none of them reaches it", [failed(name, f"{STOPPED}{REFUSED}", UNREACHED) for name in ("east", "west")],
     Stopped, re.escape(REFUSED)),
    ("one of them does not", [armed("east"), failed("west", f"{STOPPED}{REFUSED}", UNREACHED)],
     InvalidRun, "west cannot send its part: it does not reach the target"),
    ("another lacks what it needs", [failed("east", f"{UNFIT}{FILES}", FILES), failed("west", f"{STOPPED}{REFUSED}", UNREACHED)],
     InvalidRun, f"east cannot send its part: {FILES}"),
    ("one has another version", [armed("east"), failed("west", INTERRUPTED, "install the same")], InvalidRun, "install the same"),
    ("one said nothing", [armed("east"), Hand(client="west")], InvalidRun, "it was not ready within 60 s"),
)  # fmt: skip
def test_who_is_not_ready_is_told(hands: list[Hand], error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=sentence):
        require_armed(hands)


def test_who_is_ready_may_go() -> None:
    require_armed([armed("east"), armed("west")])
