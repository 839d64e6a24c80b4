"""Recorded requests are judged by what was answered to them: one refusal in a log excuses no other."""

import io
from dataclasses import replace

import numpy as np

from scenarios.http.answers.answer import Answer
from scenarios.http.manners import Manners
from scenarios.recording.logs.hit import Hit
from scenarios.recording.requests.kept import KeptRequests
from scenarios.recording.requests.launch import journeys_of
from scenarios.recording.requests.mix import mix_of
from scenarios.rehearsal.recorded import Replayed
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.child.visitors.visit import Stage, Visit
from scenarios.replay.child.visitors.visitor import Visitor
from scenarios.replay.orders import StepOrders
from simulator.outcomes.rows import Result
from simulator.scenario.document.requests import read_requests
from simulator.scenario.words.rehearsal.lines import Line
from simulator.scenario.words.rehearsal.requests import Request
from simulator.scenario.words.surges.requests import numbers
from simulator.system.people import People
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.unit.scenarios.replay.test_visitor import (
    ARRIVED,
    AT_ONCE,
    JumpingClock,
    Script,
    Told,
    live,
    orders,
)

ONCE = People(name="all", client_timeout_ns=5 * NS_PER_S)
USERS = {"method": "GET", "path": "/users/17"}


def came_to(
    request: Request, recorded: int, answer: Answer, line: Line | None = None
) -> tuple[Result, str]:
    """What a request comes to that was answered so in the log, and what was sent."""
    steps = [StepOrders(request=request, think=AT_ONCE, round_trip_ns=0)]
    clock = JumpingClock(ARRIVED)
    made = Replayed(asked=(("GET", "/users/9"),), which=(0,), session=(0,), status=(recorded,))
    plan = replace(orders(ONCE, lined=line is not None, steps=steps), recorded=made)
    if line is not None:
        plan = replace(plan, manners=Manners(line=line, headers=dict(line.headers)))
    script, told = Script(clock, [answer]), Told()
    stage = Stage(
        orders=plan, luck=plan.luck(), clock=clock, budgets=Budgets(plan.people),
        tried=told.attempts.append,
        ended=lambda visit, fate, ended_ns: told.visits.append(visit.row(fate, ended_ns)),
        answered=lambda _: None, counted=told.counted.add,
    )  # fmt: skip
    live(Visitor(Visit(7, 0, ARRIVED), stage, script).go(), clock)
    [(_, method, path)] = script.sent
    return Result(told.attempts[0][-1]), f"{method} {path}"


@examples("recorded, answered, expected, ends",
    ("served then and now", 200, 204, {}, Result.SUCCESS),
    ("served then, refused now", 200, 404, {}, Result.FAILED),
    ("served then, sent elsewhere now", 200, 302, {}, Result.FAILED),
    ("refused then and now", 404, 404, {}, Result.SUCCESS),
    ("refused otherwise", 404, 403, {}, Result.FAILED),
    ("refused then, broken now", 404, 500, {}, Result.FAILED),
    ("refused then, served now", 404, 200, {}, Result.SUCCESS),
    ("sent elsewhere then and now", 301, 302, {}, Result.SUCCESS),
    ("sent elsewhere then, refused now", 302, 404, {}, Result.FAILED),
    ("cached then, served now", 304, 200, {}, Result.SUCCESS),
    ("cached then, sent elsewhere now", 304, 302, {}, Result.FAILED),
    ("broken then and now", 500, 500, {}, Result.FAILED),
    ("too many then and now", 429, 429, {}, Result.TURNED_AWAY),
    ("hung up then, refused now", 499, 404, {}, Result.FAILED),
    ("nobody knows, refused now", 0, 404, {}, Result.FAILED),
    ("told to wait", 200, 202, {}, Result.TURNED_AWAY),
    ("the launch says what is fine", 200, 404, {"status": [404]}, Result.SUCCESS),
    ("the launch says what is not", 404, 404, {"status": [200]}, Result.FAILED),
)  # fmt: skip
def test_an_answer_is_held_against_the_recorded_one(
    recorded: int, answered: int, expected: dict[str, list[int]], ends: Result
) -> None:
    request = Request.model_validate({**USERS, "expect": expected} if expected else USERS)
    waits = "5" if answered == 202 else None
    answer = Answer(status=answered, retry_after=waits)
    assert came_to(request, recorded, answer) == (ends, "GET /users/9")


@examples("recorded, ends",
    ("refused then", 404, Result.SUCCESS), ("served then", 200, Result.FAILED),
)  # fmt: skip
def test_where_the_line_stands_at_the_step_it_is_judged_so_too(recorded: int, ends: Result) -> None:
    line = Line(preset="plain").spoken
    came = came_to(Request.model_validate(USERS), recorded, Answer(status=404), line)
    assert came == (ends, "GET /users/9")


def test_on_an_empty_staging_only_what_was_refused_before_is_no_error() -> None:
    """The review's: 1,000 requests, three of them answered 404, at a target that answers nothing else."""
    statuses = [404 if number in (5, 500, 900) else 200 for number in range(1_000)]
    kept, out = KeptRequests(gap_ns=NS_PER_S), io.StringIO()
    for number, status in enumerate(statuses):
        kept.keep(Hit(number * NS_PER_S, "GET", f"/users/{number}", status))
    kept.write(out, 0)
    [journey] = journeys_of(mix_of(kept.seen))
    request = Request.model_validate(journey["step"][0]["request"])
    read = numbers(read_requests(out.getvalue(), "requests.csv")["status"])
    assert read.tolist() == statuses
    results = [came_to(request, status, Answer(status=404))[0] for status in read.tolist()]
    assert np.flatnonzero([each is Result.SUCCESS for each in results]).tolist() == [5, 500, 900]
