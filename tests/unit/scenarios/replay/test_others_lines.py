"""A visitor in a line that is not ours, on a clock that jumps."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.manners import Manners
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.child.visitors.visit import Stage, Visit
from scenarios.replay.child.visitors.visitor import Visitor
from scenarios.replay.orders import StepOrders, read_orders, write_orders
from simulator.outcomes.answered import LINE, WAITS
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.scenario.words.rehearsal.lines import Line
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.people import People
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.unit.scenarios.replay.test_visitor import (
    ARRIVED,
    AT_ONCE,
    BROKEN,
    HASTY,
    MS,
    PATIENT,
    SIGNUP,
    SLOW,
    TAKES_NS,
    VISITOR,
    JumpingClock,
    S,
    Script,
    Told,
    live,
    orders,
    step,
)  # fmt: skip

PLAIN = Line(preset="plain").spoken
CLOUDFLARE = Line(preset="cloudflare").spoken
OWN = Line.model_validate({
    "join": {"path": "/queue", "capture": {"place": "json:id", "pass": "json:pass"}},
    "ask": {"path": "/queue/${place}", "capture": {"pass": "json:pass"}},
    "leave": {"path": "/queue/${place}"},
    "waits": {"json": {"state": "waiting"}},
    "enters": {"json": {"state": "in"}},
    "position": "json:position",
    "again": "json:refresh_s",
    "ticket": "place",
})  # fmt: skip


def told(status: int, text: str = "", retry_after: str | None = None) -> Answer:
    content = text.encode()
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Answer(
        status=status, content=content, body=json_object(content), headers=headers,
        content_type="application/json" if text else "", retry_after=retry_after,
    )  # fmt: skip


LATER = told(202, retry_after="2")
BUSY, LIMITED = told(503, retry_after="2"), told(429, retry_after="2")
REFUSED = told(503)
DONE = Answer(status=201, service_ns=4 * MS)
ROOM = told(200, '{"cfWaitingRoom": {"inWaitingRoom": true, "refreshIntervalSeconds": 20}}')
WAITING = told(200, '{"id": "a/b", "state": "waiting", "refresh_s": 3}')
PLACED = told(200, '{"position": 4}')
IN = told(200, '{"state": "in", "pass": "p4ss"}')
GONE = Answer(status=204)


def visit(
    line: Line,
    answers: Sequence[Answer],
    people: People = PATIENT,
    *,
    lined: bool = True,
    steps: Sequence[StepOrders] = (SIGNUP,),
) -> tuple[Told, Script]:
    clock = JumpingClock(ARRIVED)
    manners = Manners(line=line, headers=dict(line.headers))
    plan = replace(orders(people, lined=lined, steps=steps), manners=manners)
    script, seen = Script(clock, list(answers)), Told()
    stage = Stage(
        orders=plan, luck=plan.luck(), clock=clock, budgets=Budgets(plan.people),
        tried=seen.attempts.append,
        ended=lambda visit, fate, ended_ns: seen.visits.append(visit.row(fate, ended_ns)),
        answered=lambda _: None, counted=seen.counted.add,
    )  # fmt: skip
    live(Visitor(Visit(VISITOR, 0, ARRIVED), stage, script).go(), clock)
    assert not script.answers, "all that was said was heard"
    return seen, script


@examples("line, waits, every_ns",
    ("202", PLAIN, LATER, 2 * S), ("429", PLAIN, LIMITED, 2 * S), ("503", PLAIN, BUSY, 2 * S),
    ("Cloudflare", CLOUDFLARE, ROOM, 20 * S),
)  # fmt: skip
def test_who_is_told_to_wait_waits_and_who_is_not_has_entered_by_that_request(
    line: Line, waits: Answer, every_ns: int
) -> None:
    seen, script = visit(line, [waits, waits, DONE])
    entry = ARRIVED + 2 * every_ns
    end = entry + TAKES_NS
    assert seen == Told(
        visits=[(VISITOR, 0, ARRIVED, ARRIVED, entry, end, Fate.SERVED)],
        attempts=[(VISITOR, 0, 0, entry, end - (2 + 4) * MS, end, Result.SUCCESS)],
    )
    assert [sent[1:] for sent in script.sent] == [("POST", "/signup")] * 3
    assert len(set(script.keys)) == 1
    waited = {key: count for key, count in seen.counted.counts.items() if key[0] == LINE}
    assert waited == {(LINE, int(Result.SUCCESS), waits.status, WAITS): 2}


@examples("first, result",
    ("a refusal that names no time", REFUSED, Result.TURNED_AWAY),
    ("an error", Answer(status=500), Result.FAILED),
    ("no answer in time", SLOW, Result.TIMED_OUT),
    ("no answer at all", BROKEN, Result.FAILED),
)  # fmt: skip
def test_what_does_not_say_wait_is_an_attempt(first: Answer, result: Result) -> None:
    seen, _ = visit(PLAIN, [first, DONE])
    assert [(*row[2:4], row[-1]) for row in seen.attempts] == [
        (0, ARRIVED, result), (1, seen.attempts[1][3], Result.SUCCESS),
    ]  # fmt: skip
    assert seen.visits[0][3:5] == (ARRIVED, ARRIVED)


def test_who_is_in_and_told_to_wait_was_turned_away() -> None:
    steps = (SIGNUP, step("GET", "/read/feed"))
    for line, back in ((PLAIN, BUSY), (CLOUDFLARE, ROOM)):
        seen, _ = visit(line, [DONE, back, back, back], steps=steps)
        assert [row[-1] for row in seen.attempts] == [Result.SUCCESS, *[Result.TURNED_AWAY] * 3]
        assert seen.visits[0][-1] == Fate.GAVE_UP


def test_no_waiting_room_is_taken_for_the_page_behind_it() -> None:
    expects = Request.model_validate({"path": "/signup", "expect": {"status": [200]}})
    steps = (StepOrders(request=expects, think=AT_ONCE, round_trip_ns=0),)
    for line in (PLAIN, Line(preset="surgeproof")):
        seen, _ = visit(line, [ROOM] * 3, lined=False, steps=steps)
        assert [row[-1] for row in seen.attempts] == [Result.TURNED_AWAY] * 3


def test_nobody_lets_go_a_request_that_may_be_served() -> None:
    """His patience ends while it is under way: who is served was not waiting."""
    people = replace(HASTY, patience=Duration.fixed(2 * S + TAKES_NS // 2))
    seen, _ = visit(PLAIN, [LATER, DONE], people)
    assert seen.visits[0][-1] == Fate.SERVED
    seen, script = visit(PLAIN, [LATER, LATER], people)
    assert seen.visits[0][-1] == Fate.RENEGED
    assert len(script.sent) == 2


def test_who_asks_when_all_ends_has_entered() -> None:
    asking = Visit(1, 0, 10, joined_ns=11, sent_ns=13)
    row, attempts = asking.cut_short()
    assert row == (1, 0, 10, 11, 13, UNKNOWN, Fate.UNFINISHED)
    assert attempts == [(1, 0, 0, 13, UNKNOWN, UNKNOWN, Result.UNFINISHED)]


def test_a_line_with_requests_of_its_own() -> None:
    said = Request.model_validate(
        {"path": "/signup", "json": {"pass": "${pass}", "place": "${place}", "by": "${ticket}"}}
    )
    steps = (StepOrders(request=said, think=AT_ONCE, round_trip_ns=0),)
    seen, script = visit(OWN, [WAITING, PLACED, IN, DONE], steps=steps)
    assert script.sent == [
        (ARRIVED, "POST", "/queue"),
        (ARRIVED + 3 * S, "GET", "/queue/a%2Fb"),
        (ARRIVED + 4 * S, "GET", "/queue/a%2Fb"),
        (ARRIVED + 4 * S + TAKES_NS, "POST", "/signup"),
    ]
    assert script.forms[-1] == {"pass": "p4ss", "place": "a/b", "by": "a/b"}
    assert seen.visits[0][3:5] == (ARRIVED, ARRIVED + 4 * S + TAKES_NS)


@examples("odd, reason",
    ("neither", told(200, '{"state": "?"}'), "it says neither wait nor enter"),
    ("an error", Answer(status=500), "unexpected status"),
    ("a refusal", REFUSED, "turned away"),
    ("no answer", SLOW, "timed out"),
)  # fmt: skip
def test_what_neither_waits_nor_lets_in_is_asked_again(odd: Answer, reason: str) -> None:
    seen, script = visit(OWN, [WAITING, odd, IN, DONE])
    assert [sent[1:] for sent in script.sent[1:3]] == [("GET", "/queue/a%2Fb")] * 2
    (failed,) = [key for key in seen.counted.counts if key[1] != Result.SUCCESS]
    assert failed[0] == LINE
    assert failed[3] == reason
    assert seen.visits[0][-1] == Fate.SERVED


def test_who_has_no_place_yet_does_not_enter_and_who_lost_it_joins_anew() -> None:
    _, script = visit(OWN, [IN, WAITING, Answer(status=404), WAITING, IN, DONE])
    assert [sent[1] for sent in script.sent] == ["POST", "POST", "GET", "POST", "GET", "POST"]


def test_who_leaves_says_so_where_the_line_wants_to_know() -> None:
    _, script = visit(OWN, [WAITING, GONE], HASTY)
    assert script.sent[-1] == (ARRIVED + 3 * S, "DELETE", "/queue/a%2Fb")
    silent = OWN.model_copy(update={"leave": None})
    _, script = visit(silent, [WAITING], HASTY)
    assert script.sent[-1][1] == "POST"


@examples("line", ("plain", PLAIN), ("Cloudflare", CLOUDFLARE), ("its own", OWN))
def test_orders_know_the_line(line: Line, tmp_path: Path) -> None:
    known = replace(orders(PATIENT), manners=Manners(line=line))
    write_orders(tmp_path / "orders.json", known)
    assert read_orders(tmp_path / "orders.json").manners.line.model_dump() == line.model_dump()
