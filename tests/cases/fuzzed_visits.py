"""Whole visits to a server that answers at random: ``python -m tests.cases.fuzzed_visits URL ANSWERS``.

Visits are made until so many answers were heard, the line and its tickets included; then what came of
them, and how often one was judged, is printed as one JSON object. Anything that a visit raises ends this process with a traceback.
"""

import json
import sys
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path
from unittest.mock import patch

import gevent.pool

from scenarios.http.answers import looks, success
from scenarios.http.answers.answer import Answer
from scenarios.http.answers.success import Judge
from scenarios.http.manners import Manners
from scenarios.replay.child.clock import Clock
from scenarios.replay.child.visitors import desk
from scenarios.replay.child.visitors.budgets import Budgets
from scenarios.replay.child.visitors.visit import Stage, Visit
from scenarios.replay.child.visitors.visitor import Visitor
from scenarios.replay.child.wire.browser import Browser
from scenarios.replay.child.wire.wire import Wire
from scenarios.replay.orders import Orders, StepOrders
from simulator.outcomes.rows import Fate
from simulator.scenario.words.rehearsal.lines import Line
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.people import Jitter, People, Retries
from simulator.timetable.laws import Duration

S, MS = 1_000_000_000, 1_000_000
AT_ONCE = 40
PEOPLE = People(
    name="all", client_timeout_ns=500 * MS, patience=Duration.fixed(400 * MS),
    retries=Retries(attempts=3, backoff_ns=MS, cap_ns=2 * MS, jitter=Jitter.NONE),
    honours_retry_after=0.5, gives_up_after_ns=S,
)  # fmt: skip


OURS = Line(preset="surgeproof")
OWN = Line.model_validate({
    "join": {"path": "/queue", "capture": {"place": "json:ticket", "page": "css:title::text"}},
    "ask": {"path": "/queue/${place}"}, "waits": {"status": [202], "text": "a"},
    "position": "json:position", "again": "json:retry_after_s", "ticket": "place",
})  # fmt: skip


def orders(url: str, *, lined: bool) -> Orders:
    requests = [("POST", "/signup"), ("POST", "/verify"), ("GET", "/read/feed"), ("DELETE", "/x")]
    return Orders(
        url=url,
        host="127.0.0.1",
        address="127.0.0.1",
        db=Path("unused"),
        part=1,
        run="run-1",
        people=(PEOPLE,),
        steps=tuple(
            StepOrders(
                request=Request.model_validate({"method": method, "path": path}),
                think=Duration.fixed(0),
                round_trip_ns=0,
            )
            for method, path in requests
        ),
        journeys=(tuple(range(len(requests))),),
        lined=lined,
        leaves_aloud=True,
        poll_every_ns=50 * MS,
        seed=3,
        launch=1,
        horizon_ns=3600 * S,
        end_ns=3600 * S,
        in_flight_cap=AT_ONCE,
        max_lag_ns=S,
        clock_bound_ns=10**7,
        timetable_sha256="",
    )


def main(url: str, wanted: int) -> None:
    wire, clock, heard = Wire(url), Clock(), Counter[str]()
    fates: Counter[Fate] = Counter()
    clock.open_at(clock.opening_ns)

    def hear(answer: Answer) -> None:
        heard[answer.error or str(answer.status)] += 1

    def stage(*, lined: bool, line: Line = OURS) -> Stage:
        plan = replace(orders(url, lined=lined), manners=Manners(line=line))
        return Stage(
            orders=plan, luck=plan.luck(), clock=clock, budgets=Budgets(plan.people),
            tried=lambda _: None, ended=lambda _visit, fate, _ended_ns: fates.update([fate]),
            answered=hear, counted=lambda *_: None,
        )  # fmt: skip

    def make(visitor: int) -> None:
        session = Browser(wire)
        visit = Visit(visitor, 0, clock.now_ns())
        for until_ns in Visitor(visit, stages[visitor % len(stages)], session).go():
            clock.sleep_until(until_ns)
        session.close()

    stages = stage(lined=True), stage(lined=False), stage(lined=True, line=OWN)
    pool, visits = gevent.pool.Pool(AT_ONCE), []
    with (
        patch.object(Judge, "__call__", autospec=True, side_effect=Judge.__call__) as judge,
        patch.object(desk, "judge_place", wraps=success.judge_place) as judge_place,
        patch.object(desk, "judge_look", wraps=looks.judge_look) as judge_look,
    ):
        for visitor in count():
            if heard.total() >= wanted:
                break
            visits.append(pool.spawn(make, visitor))
            gevent.sleep(0)
        gevent.joinall(visits, raise_error=True)
    judged = sum(each.call_count for each in (judge, judge_place, judge_look))
    found = {"visits": len(visits), "ended": fates.total(), "heard": heard, "judged": judged}
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
