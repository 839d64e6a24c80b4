"""A visitor of the replay, against a target that follows a script, on a clock that jumps."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import gevent
import pytest

from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.answers.server_timing import durations_ns
from scenarios.http.answers.success import Judged, taken_as_it_is
from scenarios.http.requests.protocol import Body
from scenarios.http.requests.sent import Sent
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.child.visitors.desk import place
from scenarios.replay.child.visitors.visit import AttemptRow, Life, Stage, Visit, VisitRow
from scenarios.replay.child.visitors.visitor import Visitor
from scenarios.replay.orders import Orders, StepOrders, read_orders, write_orders
from simulator.outcomes.answered import Tally
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.people import Jitter, People, Retries
from simulator.timetable import draws
from simulator.timetable.laws import Duration
from simulator.units import FOREVER
from tests.examples import examples

S, MS = 1_000_000_000, 1_000_000
TAKES_NS = 10 * MS
"""How long the script's target takes to answer."""
VISITOR, ARRIVED = 7, 1 * S
AT_ONCE = Duration.fixed(0)

WAIT = Answer(status=202, body={"ticket": "t", "admitted": False, "retry_after_s": 2.0})
ADMITTED = Answer(status=200, body={"ticket": "t", "admitted": True})
SERVED = Answer(status=201, service_ns=4 * MS)
FULL = Answer(status=503, retry_after="1", service_ns=4 * MS)
SLOW = Answer(status=0, timed_out=True)
BROKEN = Answer(status=0)

PATIENT = People(
    name="all",
    client_timeout_ns=5 * S,
    retries=Retries(attempts=3, backoff_ns=1 * S, cap_ns=1500 * MS, jitter=Jitter.NONE),
)
HASTY = replace(PATIENT, patience=Duration.fixed(3 * S))


class JumpingClock(Clock):
    """Nobody waits for it."""

    def __init__(self, now_ns: int) -> None:
        super().__init__()
        self.at_ns = now_ns

    def now_ns(self) -> int:
        return self.at_ns

    def sleep_until(self, at_ns: int) -> int:
        self.at_ns = max(self.at_ns, at_ns)
        return self.at_ns - at_ns


@dataclass
class Script:
    """A target that answers as written, and notes what was sent when."""

    clock: JumpingClock
    answers: list[Answer]
    sent: list[tuple[int, str, str]] = field(default_factory=list)
    forms: list[Body] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def send(
        self,
        sent: Sent,
        *,
        timeout_ns: int,
        rule: Callable[[Answer], Judged] = taken_as_it_is,
        follow: bool = False,
    ) -> tuple[Answer, Judged]:
        self.sent.append((self.clock.at_ns, sent.method, sent.path))
        if "Idempotency-Key" in sent.headers:
            self.keys.append(sent.headers["Idempotency-Key"])
        if sent.body is not None:
            self.forms.append(json.loads(sent.body))
        answer = self.answers.pop(0)
        self.clock.at_ns += timeout_ns if answer.timed_out else TAKES_NS
        return answer, rule(answer)

    def close(self) -> None: ...


@dataclass
class Told:
    """What became of a visit."""

    visits: list[VisitRow] = field(default_factory=list)
    attempts: list[AttemptRow] = field(default_factory=list)
    counted: Tally = field(default_factory=Tally, compare=False)


def step(method: str, path: str, think: Duration = AT_ONCE) -> StepOrders:
    return StepOrders(
        request=Request.model_validate({"method": method, "path": path}),
        think=think,
        round_trip_ns=2 * MS,
    )


SIGNUP = step("POST", "/signup")


def orders(
    people: People, *, lined: bool = True, steps: Sequence[StepOrders] = (SIGNUP,)
) -> Orders:
    return Orders(
        url="http://127.0.0.1:1", host="127.0.0.1", address="127.0.0.1", db=Path("run.sqlite"),
        part=1, run="run-1", people=(people,), steps=tuple(steps),
        journeys=(tuple(range(len(steps))),), lined=lined, leaves_aloud=True, poll_every_ns=1 * S,
        seed=3, launch=2**40, horizon_ns=60 * S, end_ns=70 * S, in_flight_cap=10, max_lag_ns=S, clock_bound_ns=10**7,
        timetable_sha256="",
    )  # fmt: skip


def live(life: Life, clock: Clock) -> None:
    """From the beginning to a fate."""
    for until_ns in life:
        clock.sleep_until(until_ns)


def visit(
    answers: Sequence[Answer],
    people: People = PATIENT,
    *,
    lined: bool = True,
    steps: Sequence[StepOrders] = (SIGNUP,),
) -> tuple[Told, Script]:
    clock = JumpingClock(ARRIVED)
    plan = orders(people, lined=lined, steps=steps)
    script, told = Script(clock, list(answers)), Told()
    stage = Stage(
        orders=plan, luck=plan.luck(), clock=clock, budgets=Budgets(plan.people),
        tried=told.attempts.append,
        ended=lambda visit, fate, ended_ns: told.visits.append(visit.row(fate, ended_ns)),
        answered=lambda _: None, counted=told.counted.add,
    )  # fmt: skip
    live(Visitor(Visit(VISITOR, 0, ARRIVED), stage, script).go(), clock)
    return told, script


def test_who_is_let_in_at_once_signs_up_and_is_served() -> None:
    told, script = visit([ADMITTED, SERVED])

    entry = ARRIVED + TAKES_NS
    end = entry + TAKES_NS
    assert told == Told(
        visits=[(VISITOR, 0, ARRIVED, ARRIVED, entry, end, Fate.SERVED)],
        attempts=[(VISITOR, 0, 0, entry, end - (2 + 4) * MS, end, Result.SUCCESS)],
    )
    assert script.forms == [
        {"email": "visitor-7@run-1.invalid", "password": "rehearsal of run-1", "ticket": "t"},
    ]  # fmt: skip


def test_who_waits_looks_at_absolute_instants() -> None:
    _, script = visit([WAIT, WAIT, ADMITTED, SERVED])
    assert script.sent == [
        (ARRIVED, "POST", "/line"),
        (ARRIVED + 2 * S, "GET", "/line/t"),
        (ARRIVED + 4 * S, "GET", "/line/t"),
        (ARRIVED + 4 * S + TAKES_NS, "POST", "/signup"),
    ]


def test_looks_that_a_slow_answer_made_him_miss_are_left_out() -> None:
    _, script = visit([WAIT, SLOW, ADMITTED, SERVED])
    slow_ends = ARRIVED + 2 * S + PATIENT.client_timeout_ns
    assert script.sent[1:3] == [
        (ARRIVED + 2 * S, "GET", "/line/t"),
        (ARRIVED + 8 * S, "GET", "/line/t"),
    ]
    assert ARRIVED + 7 * S <= slow_ends < ARRIVED + 8 * S


@examples("refusal, every_ns",
    ("the header says when", Answer(status=503, retry_after="3"), 3 * S),
    ("nobody says when", Answer(status=500), 1 * S),
    ("no answer", BROKEN, 1 * S),
    ("no ticket", Answer(status=202, body={"ticket": 5}), 1 * S),
)  # fmt: skip
def test_who_cannot_join_asks_again(refusal: Answer, every_ns: int) -> None:
    told, script = visit([refusal, ADMITTED, SERVED])
    assert script.sent[:2] == [(ARRIVED, "POST", "/line"), (ARRIVED + every_ns, "POST", "/line")]
    assert told.visits[0][3] == ARRIVED


@pytest.mark.parametrize("status", [404, 410])
def test_who_is_forgotten_joins_anew(status: int) -> None:
    _, script = visit([WAIT, Answer(status=status), ADMITTED, SERVED])
    assert [(method, path) for _, method, path in script.sent] == [
        ("POST", "/line"),
        ("GET", "/line/t"),
        ("POST", "/line"),
        ("POST", "/signup"),
    ]


def test_who_loses_patience_leaves_aloud() -> None:
    told, script = visit([WAIT, WAIT, Answer(status=204)], HASTY)
    leaves = ARRIVED + 3 * S
    assert told == Told(visits=[(VISITOR, 0, ARRIVED, ARRIVED, UNKNOWN, leaves, Fate.RENEGED)])
    assert script.sent[-1] == (leaves, "DELETE", "/line/t")


def test_an_answer_after_patience_has_ended_lets_nobody_in() -> None:
    people = replace(HASTY, patience=Duration.fixed(2 * S + TAKES_NS // 2))
    told, _ = visit([WAIT, ADMITTED, Answer(status=204)], people)
    assert told.visits[0][-1] == Fate.RENEGED


@examples("people, timers", ("patient", PATIENT, 0), ("hasty", HASTY, 2))
def test_a_look_needs_a_timer_only_where_patience_may_end_before_it(
    people: People, timers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the client's own timeout ends it while he still waits."""
    start, started = gevent.Timeout.start_new, list[float]()

    def start_new(seconds: float, *more: object, **words: object) -> gevent.Timeout:
        started.append(seconds)
        return start(seconds, *more, **words)

    monkeypatch.setattr(gevent.Timeout, "start_new", start_new)
    visit([WAIT, WAIT, *([Answer(status=204)] if timers else [ADMITTED, SERVED])], people)
    assert len(started) == timers
    assert all(seconds * S < people.client_timeout_ns for seconds in started)


def test_who_waits_at_the_horizon_stops_looking() -> None:
    told, script = visit([WAIT] * 30)
    assert told == Told(visits=[(VISITOR, 0, ARRIVED, ARRIVED, UNKNOWN, UNKNOWN, Fate.WAITING)])
    assert script.sent[-1] == (59 * S, "GET", "/line/t")


def test_who_is_turned_away_tries_again_after_the_planned_pauses() -> None:
    told, _ = visit([FULL, FULL, FULL], lined=False)

    first = ARRIVED
    second = first + TAKES_NS + 1 * S
    third = second + TAKES_NS + 1500 * MS
    assert told == Told(
        visits=[(VISITOR, 0, ARRIVED, UNKNOWN, first, third + TAKES_NS, Fate.GAVE_UP)],
        attempts=[
            (VISITOR, 0, number, sent, UNKNOWN, sent + TAKES_NS, Result.TURNED_AWAY)
            for number, sent in enumerate([first, second, third])
        ],
    )


def test_a_jittered_pause_is_the_plans() -> None:
    people = replace(PATIENT, retries=replace(PATIENT.retries, jitter=Jitter.FULL))
    told, _ = visit([FULL, SERVED], people, lined=False)
    share = orders(people).luck().uniform(draws.BACKOFF, VISITOR, 0, 0)
    assert told.attempts[1][3] == ARRIVED + TAKES_NS + int(1 * S * share)


@examples("unheard, after, results",
    ("served after he left", SLOW, 409, [Result.TIMED_OUT, Result.SUCCESS]),
    ("served and cut off", BROKEN, 409, [Result.FAILED, Result.SUCCESS]),
    ("refused, then taken", FULL, 409, [Result.TURNED_AWAY, Result.FAILED, Result.SUCCESS]),
)  # fmt: skip
def test_an_address_is_taken_by_oneself(unheard: Answer, after: int, results: list[Result]) -> None:
    told, _ = visit([unheard, Answer(status=after), SERVED], lined=False)
    assert [row[-1] for row in told.attempts] == results


READ, VERIFY = Answer(status=200, body={"entries": []}), Answer(status=200)
CODED = Answer(status=201, body={"code": "c0de"})
THINKS = Duration.fixed(3 * S)
JOURNEY = (
    SIGNUP, step("POST", "/verify", THINKS), step("GET", "/read/feed", THINKS),
    step("POST", "/write/feed"), step("POST", "/pay"),
)  # fmt: skip


def test_a_journey_is_walked_step_by_step() -> None:
    told, script = visit([ADMITTED, CODED, VERIFY, READ, CODED, SERVED], steps=JOURNEY)

    entry = ARRIVED + TAKES_NS
    seen = [entry, entry + TAKES_NS + 3 * S, entry + 2 * (TAKES_NS + 3 * S)]
    seen += [seen[-1] + TAKES_NS, seen[-1] + 2 * TAKES_NS]
    assert [(row[1], row[2], row[3]) for row in told.attempts] == [
        (number, 0, sent) for number, sent in enumerate(seen)
    ]
    assert told.visits[0][-2:] == (seen[-1] + TAKES_NS, Fate.SERVED)
    assert script.sent[1:] == [
        (at, request.method, request.path)
        for at, order in zip(seen, JOURNEY, strict=True)
        if (request := order.request)
    ]
    assert script.forms[1:] == [
        {"email": "visitor-7@run-1.invalid", "code": "c0de"},
        {"text": "visitor-7@run-1.invalid was here"},
        {"payer": "visitor-7@run-1.invalid", "payee": "shop@run-1.invalid", "amount": 100},
    ]


@examples("failed",
    ("broken", Answer(status=500, body={"code": "wr0ng"})),
    ("refused", Answer(status=503, retry_after="1", body={"code": "wr0ng"})),
)  # fmt: skip
def test_a_code_is_learned_from_a_success_alone(failed: Answer) -> None:
    told, script = visit([ADMITTED, failed, SERVED, VERIFY], steps=JOURNEY[:2])
    assert [row[-1] for row in told.attempts][-1] == Result.SUCCESS
    assert "wr0ng" not in str(script.forms)


def test_the_plan_says_how_long_somebody_thinks() -> None:
    steps = (SIGNUP, step("GET", "/read/feed", Duration.exponential(2 * S)))
    told, _ = visit([SERVED, READ], lined=False, steps=steps)
    thinks_ns = orders(PATIENT).luck().duration_ns(steps[1].think, draws.THINK, VISITOR, 1)
    assert told.attempts[1][3] == ARRIVED + TAKES_NS + thinks_ns


def test_each_step_has_its_own_attempts_and_its_own_key() -> None:
    told, script = visit([FULL, CODED, SLOW, FULL, VERIFY], lined=False, steps=JOURNEY[:2])

    assert [(row[1], row[2], row[-1]) for row in told.attempts] == [
        (0, 0, Result.TURNED_AWAY),
        (0, 1, Result.SUCCESS),
        (1, 0, Result.TIMED_OUT),
        (1, 1, Result.TURNED_AWAY),
        (1, 2, Result.SUCCESS),
    ]
    assert script.keys == ["7-0@run-1"] * 2 + ["7-1@run-1"] * 3


def test_who_gives_one_step_up_takes_no_other() -> None:
    told, _ = visit([CODED, FULL, FULL, FULL], lined=False, steps=JOURNEY[:3])
    assert [row[1] for row in told.attempts] == [0, 1, 1, 1]
    assert told.visits[0][-1] == Fate.GAVE_UP


def test_what_one_step_did_unheard_says_nothing_of_the_next() -> None:
    told, _ = visit([SLOW, SERVED, *[Answer(status=409)] * 3], lined=False, steps=JOURNEY[:2])
    assert [row[-1] for row in told.attempts] == [
        Result.TIMED_OUT,
        Result.SUCCESS,
        *[Result.FAILED] * 3,
    ]


def test_who_honours_it_waits_as_long_as_a_refusal_asks() -> None:
    asks = Answer(status=503, retry_after="9")
    honest, hasty = (replace(PATIENT, honours_retry_after=share) for share in (1.0, 0.0))
    told, _ = visit([asks, SERVED], honest, lined=False)
    assert told.attempts[1][3] == ARRIVED + TAKES_NS + 9 * S
    told, _ = visit([asks, SERVED], hasty, lined=False)
    assert told.attempts[1][3] == ARRIVED + TAKES_NS + 1 * S


@pytest.mark.parametrize(("limit_ns", "attempts"), [(TAKES_NS + 1 * S, 2), (1 * S, 1)])
def test_nobody_tries_again_after_his_time(limit_ns: int, attempts: int) -> None:
    people = replace(PATIENT, gives_up_after_ns=limit_ns)
    told, _ = visit([FULL, FULL], people, lined=False)
    assert len(told.attempts) == attempts
    assert told.visits[0][-2:] == (told.attempts[-1][5], Fate.GAVE_UP)


@examples("honours, attempts", ("honest", 1.0, 1), ("hasty", 0.0, 3))
@pytest.mark.parametrize("told", ["61", "99999999999", "Sun, 06 Nov 2094 08:49:37 GMT"])
def test_who_is_asked_to_wait_beyond_his_patience_gives_up_at_once(
    told: str, honours: float, attempts: int
) -> None:
    """As in the simulator (tests/engine/test_clients.py)."""
    people = replace(PATIENT, gives_up_after_ns=60 * S, honours_retry_after=honours)
    found, _ = visit([Answer(status=503, retry_after=told)] * 3, people, lined=False)
    assert len(found.attempts) == attempts
    assert found.visits[0][-2:] == (found.attempts[-1][5], Fate.GAVE_UP)


def test_a_date_is_honoured_by_the_clock_of_who_wrote_it() -> None:
    dated = Answer(
        status=503,
        retry_after="Sun, 06 Nov 1994 08:49:40 GMT",
        date="Sun, 06 Nov 1994 08:49:37 GMT",
    )
    people = replace(PATIENT, honours_retry_after=1.0)
    found, _ = visit([dated, SERVED], people, lined=False)

    assert found.attempts[1][3] - found.attempts[0][5] == 3 * S


def test_a_budget_is_earned_by_first_attempts_and_spent_by_others() -> None:
    retries = replace(PATIENT.retries, budget_millionths=500_000, budget_burst=1)
    told, _ = visit(
        [FULL, SERVED, VERIFY, FULL, SERVED, FULL],
        replace(PATIENT, retries=retries),
        lined=False,
        steps=[SIGNUP, *[step("GET", "/read/feed")] * 4],
    )

    # One retry is there; it is spent at once, and earned again by two first attempts.
    assert [(row[1], row[2]) for row in told.attempts] == [
        (0, 0), (0, 1), (1, 0), (2, 0), (2, 1), (3, 0),
    ]  # fmt: skip
    assert told.visits[0][-1] == Fate.GAVE_UP


def test_who_does_not_show_up_never_enters() -> None:
    told, script = visit([WAIT, ADMITTED], replace(PATIENT, shows_up=0.0))
    called = ARRIVED + 2 * S + TAKES_NS
    assert told == Told(visits=[(VISITOR, 0, ARRIVED, ARRIVED, UNKNOWN, called, Fate.NO_SHOW)])
    assert len(script.sent) == 2


def test_who_is_silent_leaves_without_a_word() -> None:
    told, script = visit([WAIT, WAIT], replace(HASTY, silent=1.0))
    assert told.visits[0][-1] == Fate.RENEGED
    assert [method for _, method, _ in script.sent] == ["POST", "GET"]


def test_who_reloads_the_page_goes_to_the_end_of_the_line() -> None:
    people = replace(PATIENT, refreshes=Duration.fixed(3 * S))
    gone, anew = Answer(status=204), WAIT._replace(body={**WAIT.body, "ticket": "u"})
    told, script = visit([WAIT, WAIT, WAIT, gone, anew, ADMITTED, SERVED], people)

    again = ARRIVED + 3 * S
    assert script.sent[2:6] == [
        (again, "GET", "/line/t"),
        (again + TAKES_NS, "DELETE", "/line/t"),
        (again + 2 * TAKES_NS, "POST", "/line"),
        (ARRIVED + 4 * S, "GET", "/line/u"),
    ]
    assert told.visits[0][3] == ARRIVED
    assert script.forms[0]["ticket"] == "u"


def test_who_was_called_reloads_nothing() -> None:
    people = replace(PATIENT, refreshes=Duration.fixed(3 * S))
    told, script = visit([WAIT, WAIT, ADMITTED, ADMITTED, SERVED], people)
    assert [method for _, method, _ in script.sent] == ["POST", "GET", "GET", "GET", "POST"]
    assert told.visits[0][4] == ARRIVED + 4 * S + TAKES_NS


def test_who_is_under_way_at_the_end() -> None:
    waiting = Visit(1, 0, 10, joined_ns=11)
    trying = Visit(2, 0, 10, let_in_ns=12, attempt=1, sent_ns=13)
    pausing = Visit(3, 0, 10, let_in_ns=12, attempt=1)
    reading = Visit(4, 0, 10, let_in_ns=12, step=3, sent_ns=15)

    assert waiting.cut_short() == ((1, 0, 10, 11, UNKNOWN, UNKNOWN, Fate.WAITING), [])
    assert trying.cut_short() == (
        (2, 0, 10, UNKNOWN, 12, UNKNOWN, Fate.UNFINISHED),
        [(2, 0, 1, 13, UNKNOWN, UNKNOWN, Result.UNFINISHED)],
    )
    assert pausing.cut_short() == ((3, 0, 10, UNKNOWN, 12, UNKNOWN, Fate.UNFINISHED), [])
    assert reading.cut_short()[1] == [(4, 3, 0, 15, UNKNOWN, UNKNOWN, Result.UNFINISHED)]


@examples("header, ns",
    ("both", "queue;dur=1.5, service;dur=40.25", 40_250_000),
    ("a comma in a description", 'service;desc="hash, store";dur=2', 2 * MS),
    ("a longer name", "auth-service;dur=3", None),
    ("another metric", "queue;dur=1.5", None),
    ("no number", "service;dur=1.2.3", None),
    ("no time that a clock knows", "service;dur=" + "9" * 400, None),
    ("not told", "service", None),
    ("no metric at all", ";, ;;,=", None),
)  # fmt: skip
def test_the_servers_own_time(header: str, ns: int | None) -> None:
    assert durations_ns([header]).get("service") == ns


@examples("content",
    ("no text", b"\xff\x00"),
    ("no object", b"[1, 2]"),
    ("deeper than a reader can go", b'{"a":' * 100_000),
    ("thousands of digits", b'{"retry_after_s": ' + b"9" * 5_000 + b"}"),
    ("more than a float holds", b'{"retry_after_s": ' + b"9" * 400 + b"}"),
    ("infinite", b'{"retry_after_s": 1e999}'),
)  # fmt: skip
def test_an_answer_that_makes_no_sense_says_nothing(content: bytes) -> None:
    assert Answer(status=202, body=json_object(content)).again_in_ns is None


@examples("ticket, path",
    ("ours", "c2VjcmV0_-", "/line/c2VjcmV0_-"),
    ("another path", "../admin?x#y", "/line/..%2Fadmin%3Fx%23y"),
    ("a request", "x HTTP/1.1\r\n\r\n", "/line/x%20HTTP%2F1.1%0D%0A%0D%0A"),
    ("half a letter", "\ud800", "/line/%3F"),
)  # fmt: skip
def test_a_ticket_is_one_piece_of_a_path(ticket: str, path: str) -> None:
    assert place("/line", ticket) == path


def test_orders_are_read_as_written(tmp_path: Path) -> None:
    people = replace(PATIENT, patience=Duration.lognormal(9e9, 0.7), client_timeout_ns=FOREVER)
    write_orders(tmp_path / "orders.json", orders(people))
    assert read_orders(tmp_path / "orders.json") == orders(people)
