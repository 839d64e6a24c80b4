"""Recorded requests in a plan: each row is one of them, at its own instant, in every engine and on every worker."""

import numpy as np
import pytest

from scenarios.rehearsal.recorded import Replayed, replayed, sessions_of
from scenarios.rehearsal.sendable import sendable
from scenarios.replay.child.surge.sessions import Sessions
from scenarios.replay.keeping.plan_file import shard_of
from simulator.engine.rules import Engine
from simulator.plan.plan import Plan
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario, parse
from simulator.units import NS_PER_S
from tests.engine.conftest import ENGINES
from tests.unit.simulator.scenario.test_requests import HEAD, LAUNCH

MS = 1_000_000
LOG = [
    (0, 0, "GET", "/", 302), (250, 1, "GET", "/users/17", 200), (250, 0, "GET", "/users/18", 404),
    (250, 2, "GET", "/users/17", 403), (300, 0, "POST", "/signup", 201), (900, 1, "HEAD", "/", 0),
    (2_000, 0, "GET", "/users/19", 404), (4_000, 2, "OPTIONS", "/x", 204), (9_500, 3, "GET", "/users/20", 503),
    (20_000, 3, "GET", "/too/late", 200),
]  # fmt: skip
"""Milliseconds, session, method, target, and the status or 0."""
SAFE = [row for row in LOG if row[2] != "POST" and row[0] < 10_000]


def scenario(*words: str, replay: str = "") -> Scenario:
    rows = "".join(
        f"{ms / 1000},{session},{method},{target},{status or ''},5\n"
        for ms, session, method, target, status in LOG
    )
    text = LAUNCH.replace('journey = "recorded"\n', "\n".join(['journey = "recorded"', *words, ""]))
    return parse(
        text.replace('for = "10 s"', replay or 'for = "10 s"'),
        "past.toml",
        read=lambda _: HEAD + rows,
    )


def planned(made: Scenario) -> tuple[Plan, Replayed]:
    sent = sendable(made).scenario
    plan = arriving(resolve(made), None).rehearsal(None, seed=7, sent=sent)
    found = replayed(made, sent, plan)
    assert found is not None
    return plan, found


def rows_of(plan: Plan, found: Replayed) -> list[tuple[int, int, str, str, int]]:
    """What is sent, in the order of the plan, as the log has it."""
    at_ns = np.concatenate([rows.arrived_ns for rows in plan.timetable().arrivals()])
    asked = [found.request(place) for place in range(len(at_ns))]
    return [
        (ns // MS, session, *(one or ("", "", 0)))
        for ns, session, one in zip(at_ns.tolist(), found.session, asked, strict=True)
    ]


def test_the_planned_rows_are_the_requests_of_the_log_at_their_own_instants() -> None:
    plan, found = planned(scenario())
    assert sorted(rows_of(plan, found)) == sorted(SAFE)
    assert plan.timetable().total == len(SAFE)


def test_twice_the_speed_is_half_the_time_and_a_window_is_what_lies_in_it() -> None:
    plan, found = planned(scenario("speed = 2.0"))
    late = (10_000, 3, "GET", "/too/late", 200)  # comes at the horizon: not within it
    assert sorted(rows_of(plan, found)) == sorted((ms // 2, *rest) for ms, *rest in SAFE)
    assert late not in rows_of(plan, found)
    plan, found = planned(scenario(replay='from = "250 ms"\nfor = "1 s"'))
    within = [(ms - 250, *rest) for ms, *rest in SAFE if 250 <= ms < 1_250]
    assert sorted(rows_of(plan, found)) == sorted(within)


def test_methods_that_change_something_are_sent_where_the_launch_says_so() -> None:
    plan, found = planned(scenario('methods = ["POST"]'))
    assert rows_of(plan, found) == [(300, 0, "POST", "/signup", 201)]
    left_out = [str(each) for each in sendable(scenario()).left_out]
    assert left_out == [
        "surge.recorded (rehearsed with GET and HEAD and OPTIONS alone: 1 of 10 requests is not sent)"
    ]


@pytest.mark.parametrize("launch", [0, 1])
@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_every_engine_meets_all_of_them_in_every_launch(engine: Engine, launch: int) -> None:
    """The launch is predicted with the POST as well: it costs the server what it costs."""
    plan = arriving(resolve(scenario()), None).plan(seed=3)
    wanted = sorted(ms * MS for ms, *_ in LOG if ms < 10_000)
    visits = engine.simulate(plan.timetable(launch), plan.system).rows().visits
    assert sorted(visits["arrived"].tolist()) == wanted


@pytest.mark.parametrize("of", [1, 2, 3])
def test_a_session_is_sent_by_one_worker_and_all_are_sent_once(of: int) -> None:
    plan, found = planned(scenario())
    rows = np.concatenate(
        [np.column_stack([r.visitor, r.people, r.arrived_ns]) for r in plan.timetable().arrivals()]
    )
    whole = np.column_stack([rows, np.arange(len(rows))])
    shards = [
        shard_of(whole, number, of, sessions_of(found))[:, 3].tolist() for number in range(of)
    ]
    assert sorted(place for shard in shards for place in shard) == list(range(len(whole)))
    senders = {
        (found.session[place], number) for number, shard in enumerate(shards) for place in shard
    }
    assert len(senders) == len({session for session, _ in senders})


class Kept:
    """A browser that knows whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def test_requests_of_a_session_share_a_browser_until_the_last_is_over() -> None:
    found = Replayed(asked=(("GET", "/"),), which=(0, 0, -1), session=(5, 5, -1), status=(0, 0, 0))
    sessions = Sessions(found, range(3), Kept)  # type: ignore[arg-type]
    one, other, alone = (sessions.enter(place) for place in range(3))
    assert one is other
    assert alone is not one
    sessions.leave(2, alone)
    sessions.leave(0, one)
    assert (one.closed, alone.closed) == (False, True)  # type: ignore[attr-defined]
    sessions.leave(1, other)
    assert one.closed  # type: ignore[attr-defined]


def test_instants_are_exact_where_a_launch_of_chance_would_scatter_them() -> None:
    """The wrong model: as many a second, at instants of chance; it meets no single one of the log's."""
    plan, _ = planned(scenario())
    (component, *_) = plan.demand.components
    assert component.certain
    at = np.flatnonzero(component.mass)
    assert set(component.edges_ns[at + 1] - component.edges_ns[at]) == {1}
    assert plan.horizon_ns == 10 * NS_PER_S
