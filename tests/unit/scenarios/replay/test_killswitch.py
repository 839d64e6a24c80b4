"""The kill switch: what ends a replay, how soon, and what never does."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from scenarios.http.answers.alarm import Alarms, is_alarming
from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judged, judge, judge_place, taken_as_it_is
from scenarios.http.requests.person import Person
from scenarios.http.requests.sent import Sent
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.killswitch.counted import Asked, Counted, Counts
from scenarios.replay.child.killswitch.dead import AWAY_NS, LIMIT, LOOKS, Dead
from scenarios.replay.child.killswitch.looks import WITHIN_NS, Looks
from scenarios.replay.child.killswitch.recent import CHANCE, LOOK_EVERY_NS, Bin, Recent, is_beyond
from scenarios.replay.child.killswitch.watched import Watched
from simulator.outcomes.rows import Result
from simulator.scenario.words.rehearsal.requests import Request
from tests.examples import examples

S, MS = 1_000_000_000, 1_000_000
SOON_NS = 2 * S
"""Within which the kill switch promises to notice."""
SIGNUP = "POST /signup"
BROKEN, SLOW = Answer(status=0), Answer(status=0, timed_out=True)
FULL = Answer(status=503, retry_after="1")


class Course(Clock):
    """A clock on which things happen at their instants while somebody sleeps."""

    def __init__(self) -> None:
        super().__init__()
        self.at_ns, self.numbers = 0, 0
        self.coming: list[tuple[int, int, Callable[[], None]]] = []

    def now_ns(self) -> int:
        return self.at_ns

    def at(self, at_ns: int, what: Callable[[], None]) -> None:
        self.numbers += 1
        heapq.heappush(self.coming, (at_ns, self.numbers, what))

    def sleep_until(self, at_ns: int) -> int:
        while self.coming and self.coming[0][0] <= at_ns:
            self.at_ns, _, happens = heapq.heappop(self.coming)
            happens()
        self.at_ns = max(self.at_ns, at_ns)
        return self.at_ns - at_ns


# A target that died -------------------------------------------------------------------------------


@examples("answers, suspected",
    ("broken connections in a row", [BROKEN] * LIMIT, True),
    ("one less", [BROKEN] * (LIMIT - 1), False),
    ("a refusal between", [BROKEN] * (LIMIT - 1) + [FULL] + [BROKEN], False),
    ("slowness", [SLOW] * LIMIT, False),
    ("errors", [Answer(status=500)] * LIMIT, False),
)  # fmt: skip
def test_what_makes_a_target_look_dead(answers: list[Answer], suspected: bool) -> None:
    dead = Dead()
    for answer in answers:
        dead.hear(answer)
    assert dead.suspected is suspected


def test_answers_of_any_kind_are_counted_and_others_are_none() -> None:
    dead = Dead()
    for answer in (FULL, BROKEN, SLOW, Answer(status=500)):
        dead.hear(answer)
    assert dead.answered == 2


@examples("looks, confirmed", ("dead", [False] * LOOKS, True), ("back again", [False, True], False))
def test_the_health_check_has_the_last_word(looks: list[bool], confirmed: bool) -> None:
    dead = Dead()
    for _ in range(LIMIT):
        dead.hear(BROKEN)
    assert dead.confirmed(Course(), lambda: looks.pop(0)) is confirmed
    assert dead.suspected is confirmed
    assert looks == []


def test_a_dead_target_is_noticed_soon() -> None:
    dead, course = Dead(), Course()
    for number in range(100):  # 50 a second
        course.at(number * 20 * MS, lambda: dead.hear(BROKEN))
    assert dead.watch(course, lambda: False).startswith("the target died: ")
    assert course.at_ns <= SOON_NS


@examples("acted_ns, until_ns",
    ("just now", 0, AWAY_NS),
    ("later", AWAY_NS, LIMIT * 20 * MS),
)  # fmt: skip
def test_a_target_that_an_operator_has_started_again_may_be_away_for_a_while(
    acted_ns: int, until_ns: int
) -> None:
    dead, course = Dead((acted_ns,)), Course()
    for number in range(1000):
        course.at(number * 20 * MS, lambda: dead.hear(BROKEN))
    dead.watch(course, lambda: False)
    assert until_ns <= course.at_ns + 20 * MS <= until_ns + SOON_NS


# What is alarming ---------------------------------------------------------------------------------


def judged(answer: Answer, request: Request | None = None) -> Judged:
    asked = request or Request(method="POST", path="/signup")
    return judge(answer, asked, Person.of("run-1", 7), ours=False)


TOLERANT = Request.model_validate(
    {"method": "POST", "path": "/signup", "expect": {"status": [201, 503]}}
)


@examples("answer, alarming",
    ("served", Answer(status=201), False),
    ("too many requests", Answer(status=429), False),
    ("too many, and when to come again", Answer(status=429, retry_after="2"), False),
    ("full, and when to come again", FULL, False),
    ("full, with a ticket", Answer(status=503, body={"ticket": "t"}), False),
    ("full, with a place", Answer(status=503, body={"position": 12}), False),
    ("full, in Cloudflare's waiting room", Answer(status=503, body={"cfWaitingRoom": {"inWaitingRoom": True}}), False),
    ("told to wait", Answer(status=202, retry_after="2"), False),
    ("unavailable", Answer(status=503), True),
    ("unavailable, and why", Answer(status=503, body={"error": "database"}), True),
    ("an error", Answer(status=500), True),
    ("not what was expected", Answer(status=404), True),
    ("a timeout", SLOW, True),
    ("a broken connection", BROKEN, True),
    ("half an answer", Answer(status=201, error="it ended early"), True),
    ("a refusal that broke off", Answer(status=503, retry_after="1", error="it ended early"), True),
)  # fmt: skip
def test_what_is_alarming(answer: Answer, alarming: bool) -> None:
    assert is_alarming(answer, judged(answer)) is alarming


def test_what_a_launch_expects_is_never_alarming() -> None:
    bare = Answer(status=503)
    assert is_alarming(bare, judged(bare))
    assert not is_alarming(bare, judged(bare, TOLERANT))


def test_a_line_that_says_wait_is_not_alarming() -> None:
    for answer in (
        Answer(status=202, body={"position": 3}),
        Answer(status=200, body={"admitted": False}),
    ):
        assert not is_alarming(answer, judge_place(answer, "GET", ours=False))


# Recent answers -----------------------------------------------------------------------------------

HALF = Alarms(errors=0.5)


@dataclass
class Traffic:
    """Requests of one name, at a rate, each with its fate by when it is sent."""

    counted: Counted
    course: Course
    name: str = SIGNUP
    per_s: float = 100.0
    sent: int = field(default=0)

    def from_to(
        self,
        from_ns: int,
        to_ns: int,
        fails: Callable[[], bool] = lambda: False,
        took_ns: int = 10 * MS,
    ) -> Traffic:
        for number in range(math.ceil((to_ns - from_ns) * self.per_s / S)):
            self.course.at(from_ns + round(number * S / self.per_s), self.one(fails, took_ns))
        return self

    def one(self, fails: Callable[[], bool], took_ns: int) -> Callable[[], None]:
        def send() -> None:
            number = self.counted.sent(self.name)
            error = fails()
            self.course.at(
                self.course.at_ns + took_ns,
                lambda: self.counted.answered(self.name, number, error=error),
            )

        return send


@dataclass
class Switch:
    """The rule over what some processes count; one where nobody says how many."""

    recent: Recent
    processes: list[Counted]
    course: Course

    @property
    def counted(self) -> Counted:
        return self.processes[0]

    def look(self) -> str:
        """Hear all of them, and say what is wrong."""
        for number, process in enumerate(self.processes):
            self.recent.hear(number, process.told(), self.course.now_ns())
        return self.recent.fault(self.course.now_ns())

    def trips(self, until_ns: int) -> tuple[int, str]:
        """When it does, and why; the end, and nothing, where it does not."""
        for at_ns in range(0, until_ns, LOOK_EVERY_NS):
            self.course.sleep_until(at_ns)
            if why := self.look():
                return at_ns, why
        return until_ns, ""

    def traffic(self, name: str = SIGNUP, per_s: float = 100.0, process: int = 0) -> Traffic:
        return Traffic(self.processes[process], self.course, name, per_s)

    @property
    def whole(self) -> Bin:
        return self.recent.courses[SIGNUP].whole


def begun(alarms: Alarms, processes: int = 1) -> Switch:
    course = Course()
    limits_ns = [limit_ns for _, limit_ns in alarms.slower]
    return Switch(Recent(alarms), [Counted(limits_ns, course) for _ in range(processes)], course)


@pytest.mark.parametrize("per_s", [10, 100, 1000])
@pytest.mark.parametrize("limit", [0.01, 0.1, 0.5])
def test_a_target_that_fails_everybody_is_noticed_within_two_seconds(
    limit: float, per_s: float
) -> None:
    """After ten seconds in which all was well."""
    switch = begun(Alarms(errors=limit))
    traffic = switch.traffic(per_s=per_s)
    traffic.from_to(0, 10 * S).from_to(10 * S, 20 * S, lambda: True)
    at_ns, why = switch.trips(20 * S)
    assert 10 * S < at_ns <= 10 * S + SOON_NS, why
    assert why.startswith(f"{SIGNUP}: ")
    assert f"answers failed (replay.stop.errors = {limit:g})" in why


def test_a_request_that_always_fails_is_not_hidden_by_a_line_that_answers_everybody() -> None:
    switch = begun(HALF)
    switch.traffic("GET /line/[ticket]", per_s=1000).from_to(0, 4 * S)
    switch.traffic(per_s=20).from_to(0, 4 * S, lambda: True)
    at_ns, why = switch.trips(4 * S)
    assert at_ns <= SOON_NS
    assert why.startswith(SIGNUP)


def test_few_answers_say_nothing_until_they_say_something() -> None:
    """One a second: all of the latest twenty fail."""
    switch = begun(HALF)
    switch.traffic(per_s=1).from_to(0, 30 * S, lambda: True)
    at_ns, why = switch.trips(30 * S)
    assert 19 * S <= at_ns <= 20 * S
    assert "20 of the last 20 answers failed" in why


def coin(seed: int, share: float) -> Callable[[], bool]:
    luck = random.Random(seed)
    return lambda: luck.random() < share


def runs(share: float) -> Iterator[Switch]:
    for seed in range(20):
        switch = begun(HALF)
        switch.traffic().from_to(0, 10 * S, coin(seed, share))
        yield switch


def test_chance_ends_no_replay_though_half_of_all_fail_where_half_may() -> None:
    """20 runs of 100 looks: by the bound of each look, one trips by chance in 500 such tests at most."""
    assert 20 * 100 * CHANCE <= 1 / 500
    assert [switch.trips(10 * S)[1] for switch in runs(0.5)] == [""] * 20


def test_a_rule_that_knows_no_chance_would_end_most_of_them() -> None:
    """The wrong model: more than the limit in the window is too many."""

    def would_end(switch: Switch) -> bool:
        over = False
        for at_ns in range(0, 10 * S, LOOK_EVERY_NS):
            switch.course.sleep_until(at_ns)
            switch.look()
            whole = switch.whole
            over = over or whole.errors > 0.5 * max(whole.answers, 20)
        return over

    assert sum(map(would_end, runs(0.5))) >= 18


def test_five_times_what_is_allowed_is_noticed() -> None:
    """Of 200 answers 4 may fail and 20 do: D(0.1, 0.02) is 0.084, so that 164 of them are enough."""
    switch = begun(Alarms(errors=0.02))
    failed = iter([number % 10 == 0 for number in range(1000)])
    switch.traffic().from_to(0, 5 * S, lambda: next(failed))
    at_ns, _ = switch.trips(5 * S)
    assert at_ns <= SOON_NS


def test_the_bound_is_never_below_the_binomial_law() -> None:
    """Where it says "beyond chance", the exact tail is below ``CHANCE``."""

    def tail(count: int, of: int, share: float) -> float:
        each = (math.comb(of, k) * share**k * (1 - share) ** (of - k) for k in range(count, of + 1))
        return math.fsum(each)

    for of in (5, 20, 60, 200):
        for share in (0.01, 0.05, 0.5, 0.9):
            first = next((k for k in range(of + 1) if is_beyond(k, of, share)), None)
            if first is not None:
                assert tail(first, of, share) <= CHANCE
                assert not is_beyond(first - 1, of, share)


def test_what_was_long_ago_does_not_count() -> None:
    switch = begun(HALF)
    traffic = switch.traffic()
    traffic.from_to(0, S // 10, lambda: True).from_to(S // 10, 10 * S)
    assert switch.trips(10 * S)[1] == ""
    assert switch.whole.errors == 0
    assert len(switch.recent.courses[SIGNUP].bins) <= 2 * S // LOOK_EVERY_NS + 1


# How long answers take ----------------------------------------------------------------------------

QUICK = Alarms(slower=((0.95, 500 * MS),))


def test_a_target_that_gets_slow_is_noticed() -> None:
    switch = begun(QUICK)
    traffic = switch.traffic(per_s=50)
    traffic.from_to(0, 5 * S).from_to(5 * S, 10 * S, took_ns=600 * MS)
    at_ns, why = switch.trips(10 * S)
    assert 5 * S + 500 * MS < at_ns <= 5 * S + 500 * MS + SOON_NS
    assert "requests took longer than 0.5 s (replay.stop.p95)" in why


def test_a_frozen_target_is_noticed_though_it_answers_nothing() -> None:
    switch = begun(QUICK)
    traffic = switch.traffic(per_s=50)
    traffic.from_to(0, 5 * S).from_to(5 * S, 10 * S, took_ns=60 * S)
    at_ns, _ = switch.trips(10 * S)
    assert 5 * S + 500 * MS < at_ns <= 5 * S + 500 * MS + SOON_NS


def test_one_slow_answer_in_a_hundred_is_no_p95() -> None:
    switch = begun(QUICK)
    slow = iter(range(1000))

    def send() -> None:
        switch.traffic().one(lambda: False, 2 * S if next(slow) % 100 == 0 else MS)()

    for number in range(1000):
        switch.course.at(number * 10 * MS, send)
    assert switch.trips(10 * S)[1] == ""


# Several processes that send ---------------------------------------------------------------------

TWO_IN_A_HUNDRED = Alarms(errors=0.02)


def one_in(many: int) -> Callable[[], bool]:
    """Exactly every so many-th fails."""
    numbers = iter(range(10**6))
    return lambda: next(numbers) % many == many - 1


def test_it_is_the_share_of_all_that_counts_and_not_of_one() -> None:
    """One of four fails one in twenty of its answers, 5 %, which is 1.25 % of all: 2 % may."""
    switch = begun(TWO_IN_A_HUNDRED, processes=4)
    switch.traffic(process=0, per_s=1000).from_to(0, 10 * S, one_in(20))
    for process in (1, 2, 3):
        switch.traffic(process=process, per_s=1000).from_to(0, 10 * S)
    assert switch.trips(10 * S)[1] == ""


def test_who_judges_each_by_itself_ends_that_replay() -> None:
    """The wrong model: the rule in each of them."""
    switch = begun(TWO_IN_A_HUNDRED)
    switch.traffic(per_s=1000).from_to(0, 10 * S, one_in(20))
    assert "answers failed" in switch.trips(10 * S)[1]


def test_what_none_of_them_can_tell_by_itself_all_can() -> None:
    """Each of ten has 20 answers in two seconds, of which 2 fail: by chance, as far as one knows. Of all it is 10 %."""
    assert not is_beyond(2, 20, 0.02)
    assert is_beyond(20, 200, 0.02)
    switch = begun(TWO_IN_A_HUNDRED, processes=10)
    for process in range(10):
        switch.traffic(process=process, per_s=10).from_to(0, 4 * S, one_in(10))
    at_ns, why = switch.trips(4 * S)
    assert 0 < at_ns < 4 * S
    assert why.startswith(f"{SIGNUP}: ")


def test_one_and_the_same_traffic_trips_it_at_the_same_look_however_many_send_it() -> None:
    """The answers are dealt out in turns, as visitors are."""
    found = []
    for processes in (1, 2, 4):
        switch = begun(QUICK, processes)
        for number in range(2000):
            at_ns, took_ns = number * 5 * MS, 600 * MS if number >= 1000 else 10 * MS
            send = switch.traffic(process=number % processes).one(lambda: False, took_ns)
            switch.course.at(at_ns, send)
        found.append(switch.trips(10 * S))
    assert found[0][1] != ""
    assert found == [found[0]] * 3


def test_what_is_told_twice_counts_once_and_what_was_lost_is_made_up_for() -> None:
    recent = Recent(HALF)
    for at_ns, told in ((1, (10, 2)), (2, (10, 2)), (3, (30, 7))):
        recent.hear(0, {SIGNUP: Counts(*told, (), ())}, at_ns)
    assert (recent.courses[SIGNUP].whole.answers, recent.courses[SIGNUP].whole.errors) == (30, 7)


def test_what_somebody_had_under_way_who_is_lost_is_no_slowness() -> None:
    """He was frozen, perhaps, and what he waits for has long been answered."""
    recent, stuck = Recent(QUICK), {SIGNUP: Counts(20, 0, (0,), (200,))}
    recent.hear(0, {SIGNUP: Counts(200, 0, (0,), (0,))}, S)
    recent.hear(1, stuck, S)
    assert "took longer" in recent.fault(S)
    recent.lose(1)
    assert recent.fault(S) == ""


# A visitor's session ------------------------------------------------------------------------------


class Left(BaseException):
    """Somebody lost patience meanwhile."""


@dataclass
class Scripted:
    """Answers as written, or raises."""

    answers: list[Answer | Left]
    closed: int = 0

    def send(
        self,
        sent: Sent,
        *,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        follow: bool = False,
    ) -> tuple[Answer, Judged]:
        answer = self.answers.pop(0)
        if isinstance(answer, Left):
            raise answer
        return answer, rule(answer)

    def close(self) -> None:
        self.closed += 1


def watched(answers: Sequence[Answer | Left]) -> tuple[Watched, Asked]:
    counted = begun(HALF).counted
    counted.requests[SIGNUP] = asked = Asked(0)
    return Watched(Scripted([*answers]), counted), asked


ASKED = Sent(method="POST", path="/signup", name="/signup")


def test_a_sessions_answers_are_counted_and_passed_on() -> None:
    session, asked = watched([Answer(status=500), Answer(status=201), FULL])
    got = [session.send(ASKED, timeout_ns=S, rule=judged) for _ in range(3)]
    assert [answer.status for answer, _ in got] == [500, 201, 503]
    assert [one.result for _, one in got] == [Result.FAILED, Result.SUCCESS, Result.TURNED_AWAY]
    assert (asked.answers, asked.errors, asked.under_way) == (3, 1, {})


def test_who_leaves_meanwhile_counts_for_nothing() -> None:
    session, asked = watched([Left()])
    with pytest.raises(Left):
        session.send(ASKED, timeout_ns=S)
    assert (asked.answers, asked.under_way) == (0, {})


# A health request ---------------------------------------------------------------------------------


@dataclass
class Ready:
    """A target's health on a course: how it fails, and from when to when."""

    course: Course
    fails_ns: tuple[int, int]
    takes_ns: int
    """Until a failure shows: nothing where it is refused, all the time that there is where it is frozen."""
    faults: dict[int, str] = field(default_factory=dict)
    ended: str = ""

    def start(self, look: Callable[[], None]) -> None:
        begun_ns = self.course.at_ns
        fails = self.fails_ns[0] <= begun_ns < self.fails_ns[1]

        def end() -> None:
            self.ended = "turned away" if fails else ""
            look()

        self.course.at(begun_ns + (self.takes_ns if fails else MS), end)

    def watched(self) -> Looks:
        return Looks("GET /ready", lambda: self.ended, self.start, self.course)


@examples("takes_ns", ("refused", MS), ("frozen", WITHIN_NS))
def test_a_health_that_fails_is_noticed_within_two_seconds(takes_ns: int) -> None:
    """Right after a look that was answered."""
    course = Course()
    ready = Ready(course, (4 * S + MS, 60 * S), takes_ns)
    why = ready.watched().watch()
    assert why == "GET /ready failed twice in a row (turned away; replay.stop.health)"
    assert 4 * S < course.at_ns <= 4 * S + MS + SOON_NS


def test_one_failed_look_is_nothing() -> None:
    course = Course()
    ready = Ready(course, (4 * S - MS, 4 * S + MS), WITHIN_NS)
    looks = ready.watched()

    class Enough(Exception):
        pass

    def enough() -> None:
        raise Enough

    course.at(20 * S, enough)
    with pytest.raises(Enough):
        looks.watch()
    assert len(looks.faults) == 1
