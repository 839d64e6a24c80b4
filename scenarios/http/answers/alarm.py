"""Which answers speak for ending a rehearsal, where its launch says so ([replay.stop])."""

from __future__ import annotations

from dataclasses import dataclass

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.rehearsal.stop import Stop

TOO_MANY, UNAVAILABLE = 429, 503


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarms:
    """What the kill switch looks at, beside a target that died."""

    errors: float | None = None
    """The share of answers that may be alarming."""
    slower: tuple[tuple[float, int], ...] = ()
    """Quantiles of the answers' durations, each with its limit in nanoseconds."""
    health: Request | None = None
    """What is asked again and again, and must succeed."""
    acted_ns: tuple[int, ...] = ()
    """When an operator does something to the target, after the opening: it may be away for a while then."""

    @property
    def of_answers(self) -> bool:
        """Whether answers are counted at all."""
        return self.errors is not None or bool(self.slower)


def alarms_of(stop: Stop | None) -> Alarms:
    """What a launch file says of it."""
    if stop is None:
        return Alarms()
    return Alarms(errors=stop.errors, slower=stop.quantiles_ns, health=stop.health)


def is_alarming(answer: Answer, judged: Judged) -> bool:
    """Whether an answer, or that there was none, is an error and no refusal that is as it should be.

    Who is told to wait, or to come again, is told so by a server that works: 429 says nothing else, and
    503 where it says when, or gives a place in line. What a launch expects is a success whatever its status.
    """
    if judged.result is Result.SUCCESS:
        return False
    if answer.status == 0 or answer.timed_out or answer.error:
        return True
    if answer.status == UNAVAILABLE:
        return not says_when(answer)
    return judged.result is not Result.TURNED_AWAY and answer.status != TOO_MANY


def says_when(answer: Answer) -> bool:
    """Whether a refusal names an instant, a ticket or a place, so that one knows how to get in."""
    place = answer.place_in_line > 0 or bool(answer.body.get("ticket"))
    return place or answer.in_a_waiting_room or answer.again_in_ns is not None
