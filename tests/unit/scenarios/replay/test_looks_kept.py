"""What a visitor writes down of each look, whatever the line speaks."""

from dataclasses import replace

from scenarios.http.answers.answer import Answer, json_object
from scenarios.http.manners import Manners
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.child.visitors.visit import Stage, Visit
from scenarios.replay.child.visitors.visitor import Visitor
from scenarios.replay.child.visitors.waiting import hashed
from simulator.outcomes.looks import LookRow, Told
from simulator.outcomes.rows import UNKNOWN
from simulator.scenario.words.rehearsal.lines import Line
from simulator.system.people import People
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.unit.scenarios.replay.test_visitor import (
    ARRIVED,
    BROKEN,
    PATIENT,
    TAKES_NS,
    VISITOR,
    JumpingClock,
    S,
    Script,
    orders,
)

OURS = Line(preset="surgeproof")
OWN = Line.model_validate({
    "join": {"path": "/queue", "capture": {"place": "json:id"}},
    "ask": {"path": "/queue/${place}"},
    "waits": {"json": {"state": "waiting"}}, "enters": {"json": {"state": "in"}},
    "position": "json:at", "announced": "json:wait_s", "ticket": "place",
})  # fmt: skip
AT_STEP = Line.model_validate(
    {"preset": "plain", "position": "header:X-Place", "announced": "header:X-Wait"}
)


def told(status: int, text: str = "", **headers: str) -> Answer:
    content = text.encode()
    named = {name.lower().replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        status=status, content=content, body=json_object(content), headers=named,
        content_type="application/json", retry_after=named.get("retry-after"),
    )  # fmt: skip


def place(at: int, wait_s: float) -> str:
    return f'{{"ticket": "t", "admitted": false, "position": {at}, "expected_wait_s": {wait_s}, "retry_after_s": 2}}'


def own(state: str, rest: str = "") -> str:
    return f'{{"id": "t", "state": "{state}"{rest}}}'


SERVED = told(201)


def looks(line: Line, answers: list[Answer], people: People = PATIENT) -> list[LookRow]:
    clock, kept = JumpingClock(ARRIVED), list[LookRow]()
    plan = replace(orders(people), manners=Manners(line=line, headers=dict(line.headers)))
    script = Script(clock, answers)
    stage = Stage(
        orders=plan, luck=plan.luck(), clock=clock, budgets=Budgets(plan.people),
        tried=lambda _: None, ended=lambda *_: None, answered=lambda _: None, looked=kept.append,
    )  # fmt: skip
    for until_ns in Visitor(Visit(VISITOR, 0, ARRIVED), stage, script).go():
        clock.sleep_until(until_ns)
    assert not script.answers, "all that was said was heard"
    return kept


@examples("line, answers, told_so",
    ("our protocol", OURS,
        [told(202, place(3, 1.5)), told(202, place(2, 0)), told(200, '{"ticket": "t", "admitted": true}'), SERVED],
        [(Told.PLACED, 3, 1.5), (Told.WAITS, 2, 0), (Told.LETS_IN, None, None)]),
    ("a line of its own words", OWN,
        [told(200, own("waiting", ', "at": 3, "wait_s": "90"')), told(200, own("waiting")), told(200, own("in")), SERVED],
        [(Told.PLACED, 3, 90), (Told.WAITS, None, None), (Told.LETS_IN, None, None)]),
    ("a line at the step", AT_STEP,
        [told(202, Retry_After="2", X_Place="7", X_Wait="4"), told(202, Retry_After="2", X_Place="1"), SERVED],
        [(Told.PLACED, 7, 4), (Told.WAITS, 1, None), (Told.LETS_IN, None, None)]),
    ("a place that is forgotten", OURS,
        [told(202, place(3, 1)), BROKEN, told(404), told(202, place(9, 4)), told(200, '{"admitted": true}'), SERVED],
        [(Told.PLACED, 3, 1), (Told.NOTHING, None, None), (Told.FORGOTTEN, None, None), (Told.PLACED, 9, 4),
         (Told.LETS_IN, None, None)]),
    ("waits that are no numbers", OURS,
        [told(202, '{"ticket": "t", "position": 1, "expected_wait_s": "soon"}'),
         told(202, '{"ticket": "t", "position": 1, "expected_wait_s": -4}'),
         told(202, '{"ticket": "t", "position": 1, "expected_wait_s": 1e300}'), told(200, '{"admitted": true}'), SERVED],
        [(Told.PLACED, 1, None), (Told.WAITS, 1, None), (Told.WAITS, 1, None), (Told.LETS_IN, None, None)]),
)  # fmt: skip
def test_each_look_is_kept_with_what_it_told(
    line: Line, answers: list[Answer], told_so: list[tuple[Told, int | None, float | None]]
) -> None:
    kept = looks(line, list(answers))
    assert [look[2:5] for look in kept] == [
        (said, UNKNOWN if at is None else at, UNKNOWN if wait is None else round(wait * S))
        for said, at, wait in told_so
    ]
    assert all(look[0] == VISITOR and look[1] - look[6] == TAKES_NS for look in kept)


def test_who_reloads_gives_his_place_up_and_it_is_kept() -> None:
    people = replace(PATIENT, refreshes=Duration.fixed(1 * S))
    answers = [
        told(202, place(5, 1)), told(202, place(5, 1)), told(204), told(202, place(6, 2)),
        told(200, '{"admitted": true}'), SERVED,
    ]  # fmt: skip
    said = [look[2] for look in looks(OURS, answers, people)]
    assert said == [Told.PLACED, Told.WAITS, Told.LEFT, Told.PLACED, Told.LETS_IN]


def test_a_ticket_is_kept_as_a_hash_that_another_run_does_not_share() -> None:
    (first, *_) = looks(OURS, [told(202, place(3, 1.5)), told(200, '{"admitted": true}'), SERVED])
    assert first[5] == hashed("t", orders(PATIENT).run)
    assert 0 <= first[5] < 1 << 63
    assert len({hashed("t", "a"), hashed("t", "b"), hashed("u", "a")}) == 3
    assert hashed(None, "a") == UNKNOWN
