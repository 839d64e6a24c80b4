"""The SimPy model with one rule wrong: each must be told apart from the compiled engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simulator.engine import ARRIVAL, CHANGE, COMPLETION, ENTRY, PATIENCE, RELEASE, RETRY, TIMEOUT
from simulator.outcomes import Fate
from simulator.readable import Attempt, Happening, Launch, Visit
from simulator.system import Change, Jitter, Lever, Policy, System
from simulator.timetable import Timetable

Key = tuple[int, int, int, int]


def swapping(first: int, second: int) -> type[Launch]:
    """Two classes of events change places among those of one instant.

    Three neighbours may: a release and a timeout touch one side only, the line or the station, so
    completions and releases commute, and timeouts and patience; and who joins at the tail does not
    change who is first.
    """
    swapped = {first: second, second: first}

    class Swapping(Launch):
        def at(self, at_ns: int, key: Key, action: Callable[..., None], *of: Any) -> Happening:
            return super().at(at_ns, (swapped.get(key[0], key[0]), *key[1:]), action, *of)

    return Swapping


class LaterVisitorFirst(Launch):
    def at(self, at_ns: int, key: Key, action: Callable[..., None], *of: Any) -> Happening:
        return super().at(at_ns, (key[0], -key[1], *key[2:]), action, *of)


class RoomForOneMore(Launch):
    def has_room(self) -> bool:
        return len(self.waiting_work) <= self.waiting_room


class StaleWorkDropped(Launch):
    def start_waiting_work(self) -> None:
        self.waiting_work = type(self.waiting_work)(a for a in self.waiting_work if a.is_awaited)
        super().start_waiting_work()


class LastComeFirstServed(Launch):
    def start_waiting_work(self) -> None:
        self.waiting_work.reverse()
        super().start_waiting_work()
        self.waiting_work.reverse()


class TimeoutBeatsEqualAnswer(Launch):
    def answer_is_seen(self, attempt: Attempt) -> bool:
        return super().answer_is_seen(attempt) and self.answer_ns() < attempt.deadline_ns


class AnswerAtTheEndIsSeen(Launch):
    def answer_is_seen(self, attempt: Attempt) -> bool:
        return attempt.is_awaited and self.answer_ns() <= attempt.deadline_ns


class AnswerTakesNoTime(Launch):
    def answer_ns(self) -> int:
        return self.now_ns


class TimeoutRecallsWork(Launch):
    def time_out(self, attempt: Attempt) -> None:
        if attempt in self.waiting_work:
            self.waiting_work.remove(attempt)
        super().time_out(attempt)


class WhoLeftTheRoomTakesAToken(Launch):
    def lose_patience(self, visit: Visit) -> None:
        where = self.line.get(visit.visitor)
        following = list(self.line.items())
        super().lose_patience(visit)
        if where is not None:
            self.line = type(self.line)(following)


class WastedCallTakesNoToken(Launch):
    def release(self, planned_ns: int) -> None:
        while self.line and next(iter(self.line)) not in self.present:
            self.line.popitem(last=False)
        super().release(planned_ns)


class WhoWasCalledHasPatience(Launch):
    def lose_patience(self, visit: Visit) -> None:
        if visit.visitor in self.line:
            super().lose_patience(visit)


class LookBeforeTheCall(Launch):
    def next_look_ns(self, visit: Visit) -> int:
        every_ns = self.system.waitlist.poll_every_ns
        late_ns = self.now_ns - visit.joined_ns
        return self.now_ns if every_ns == 0 else self.now_ns + every_ns - late_ns % every_ns


class LooksAreNotAwaited(Launch):
    def next_look_ns(self, visit: Visit) -> int:
        return self.now_ns


class BackoffWithoutCap(Launch):
    def backoff_ns(self, attempt: Attempt) -> int:
        return self.people_of(attempt.visit).retries.backoff_ns << attempt.number


class BackoffDoesNotGrow(Launch):
    def backoff_ns(self, attempt: Attempt) -> int:
        retries = self.people_of(attempt.visit).retries
        return min(retries.cap_ns, retries.backoff_ns)


class JitterIgnored(Launch):
    def pause_ns(self, attempt: Attempt) -> int:
        return self.backoff_ns(attempt)


class JitterRoundedUp(Launch):
    def pause_ns(self, attempt: Attempt) -> int:
        jittered = self.people_of(attempt.visit).retries.jitter is Jitter.FULL
        return min(self.backoff_ns(attempt), super().pause_ns(attempt) + jittered)


class OneRetryMore(Launch):
    def may_retry(self, attempt: Attempt) -> bool:
        return attempt.number < self.people_of(attempt.visit).retries.attempts


class BurstIgnored(Launch):
    def token_ready_ns(self) -> int:
        return self.full_at_ns


class BucketEmptyAtTheOpening(Launch):
    def __init__(self, timetable: Timetable, system: System) -> None:
        super().__init__(timetable, system)
        self.full_at_ns = system.waitlist.release.burst * self.spacing_ns


class BucketOverflows(Launch):
    def take_token(self) -> None:
        self.full_at_ns += self.spacing_ns


class NewSpacingMakesTokens(Launch):
    def set_spacing(self, spacing_ns: int) -> None:
        self.spacing_ns = spacing_ns
        self.plan_release()


class NewSpacingForgetsTheTokenInTheMaking(Launch):
    def set_spacing(self, spacing_ns: int) -> None:
        missing_ns = max(0, self.full_at_ns - self.now_ns)
        self.full_at_ns = self.now_ns + -(-missing_ns // self.spacing_ns) * spacing_ns
        self.spacing_ns = spacing_ns
        self.plan_release()


class LastComeFirstCalled(Launch):
    def call_first(self) -> None:
        if self.line:
            self.line.move_to_end(next(reversed(self.line)), last=False)
        super().call_first()


class FewerServersLoseRunningWork(Launch):
    def complete(self, attempt: Attempt) -> None:
        if self.busy > self.servers:
            self.busy -= 1
        else:
            super().complete(attempt)


class FewerServersTakeOneMore(Launch):
    def complete(self, attempt: Attempt) -> None:
        super().complete(attempt)
        if self.waiting_work and self.busy == self.servers:
            self.start(self.waiting_work.popleft())


class MoreServersWaitForACompletion(Launch):
    def set_lever(self, change: Change) -> None:
        if change.lever is Lever.SERVERS:
            self.servers = change.value
        else:
            super().set_lever(change)


class SmallerRoomThrowsOut(Launch):
    def set_lever(self, change: Change) -> None:
        super().set_lever(change)
        while len(self.waiting_work) > self.waiting_room:
            self.waiting_work.pop()


class OpeningCallsNobody(Launch):
    def set_policy(self, policy: Policy) -> None:
        self.policy = policy


class OpeningTakesTokens(Launch):
    def set_policy(self, policy: Policy) -> None:
        for _ in range(len(self.line) * (policy is Policy.OPEN)):
            self.take_token()
        super().set_policy(policy)


class ClosingIsIgnored(Launch):
    def set_policy(self, policy: Policy) -> None:
        if policy is Policy.OPEN:
            super().set_policy(policy)


class LineClosesAnInstantLate(Launch):
    def __init__(self, timetable: Timetable, system: System) -> None:
        super().__init__(timetable, system)
        self.closes_ns = min(self.closes_ns + 1, self.end_ns)


class EndIsAnInstantLate(Launch):
    def __init__(self, timetable: Timetable, system: System) -> None:
        super().__init__(timetable, system)
        self.end_ns += 1


class WhoWaitsHasLeft(Launch):
    def leave(self, visit: Visit, fate: Fate, ended_ns: int) -> None:
        super().leave(visit, Fate.RENEGED if fate is Fate.WAITING else fate, ended_ns)


MUTANTS: dict[str, type[Launch]] = {
    "completions before changes": swapping(CHANGE, COMPLETION),
    "arrivals before completions": swapping(COMPLETION, ARRIVAL),
    "patience before releases": swapping(RELEASE, PATIENCE),
    "entries before arrivals": swapping(ARRIVAL, ENTRY),
    "retries before entries": swapping(ENTRY, RETRY),
    "timeouts before retries": swapping(RETRY, TIMEOUT),
    "timeouts before completions": swapping(COMPLETION, TIMEOUT),
    "patience before entries": swapping(ENTRY, PATIENCE),
} | {
    mutant.__name__: mutant
    for mutant in (
        LaterVisitorFirst,
        RoomForOneMore,
        StaleWorkDropped,
        LastComeFirstServed,
        TimeoutBeatsEqualAnswer,
        AnswerAtTheEndIsSeen,
        AnswerTakesNoTime,
        TimeoutRecallsWork,
        WhoLeftTheRoomTakesAToken,
        WastedCallTakesNoToken,
        WhoWasCalledHasPatience,
        LookBeforeTheCall,
        LooksAreNotAwaited,
        BackoffWithoutCap,
        BackoffDoesNotGrow,
        JitterIgnored,
        JitterRoundedUp,
        OneRetryMore,
        BurstIgnored,
        BucketEmptyAtTheOpening,
        BucketOverflows,
        NewSpacingMakesTokens,
        NewSpacingForgetsTheTokenInTheMaking,
        LastComeFirstCalled,
        FewerServersLoseRunningWork,
        FewerServersTakeOneMore,
        MoreServersWaitForACompletion,
        SmallerRoomThrowsOut,
        OpeningCallsNobody,
        OpeningTakesTokens,
        ClosingIsIgnored,
        LineClosesAnInstantLate,
        EndIsAnInstantLate,
        WhoWaitsHasLeft,
    )
}
