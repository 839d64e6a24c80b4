"""The held-out step: how large it is, and what it says of the services."""

import math
from dataclasses import replace

import numpy as np
import pytest

from scenarios.probe.drift.posterior import posterior
from scenarios.probe.drift.windows import Windows
from scenarios.probe.held_out.score import Came, Score, predicted, score, services_of, widened
from scenarios.probe.held_out.step import FEWEST, LOAD, MOST, Limits, load_of, step_of
from scenarios.probe.probe import SIGNUP
from simulator.engine.compiled.engine import Compiled
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.plan.plan import Plan
from simulator.scenario.scenario import read_stations
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.uncertain import served_in
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import lognormal

ENGINE = Compiled()
READ = Request(method="GET", path="/read/feed")
TEXT = lognormal("web", "80 ms", 0.3, """service_factor = { low = 0.9, high = 1.1 }
[station.serves]
"POST /signup" = { law = "lognormal", mean = "80 ms", cv = 0.3 }
"GET /read/feed" = { law = "lognormal", mean = "20 ms", cv = 0.3 }
""", servers=2, room=100)  # fmt: skip
STATIONS = read_stations(TEXT, "stations.toml")
KNOWN = posterior(
    Windows(
        begin_s=np.arange(6.0), end_s=np.arange(6.0) + 0.9, kind=np.zeros(6, np.int64),
        log_mean=np.array([0.0, 0.02, -0.01, 0.01, 0.0, -0.02]), noise=np.full(6, 1e-4), freedom=60,
    )
)  # fmt: skip
AMPLE = Limits(most_per_s=1000.0)


def plan(limits: Limits = AMPLE, *requests: Request) -> Plan:
    made = step_of(STATIONS, requests or (SIGNUP,), {}, limits, seed=3)
    assert made is not None
    return made


def served(made: Plan, factor: float, launch: int) -> Block:
    """What comes of the step where services take that many times as long as the plan says."""
    system = served_in(made.system, "web", factor)
    return ENGINE.simulate(made.timetable(launch), system).rows()


def test_a_step_that_a_limit_refuses_says_nothing_of_the_services() -> None:
    """A server that turns every third request away answers the others as it was probed to."""
    made = plan()
    before = predicted(made, ENGINE, 20)
    rows = served(made, 1.0, 77)
    refused = rows.attempts.copy()
    refused["result"][::3] = Result.TURNED_AWAY
    limited = score(made, ENGINE, before, Block(visits=rows.visits, attempts=refused))
    fine = score(made, ENGINE, before, rows)

    assert widened(KNOWN, limited, 10.0).step is None
    assert widened(KNOWN, fine, 10.0).step is not None
    assert "refused 33.5 % of its requests" in " ".join(limited.in_words())
    assert "as if services" not in " ".join(limited.in_words())


def test_a_step_that_overloads_slower_servers_is_no_limit() -> None:
    """Its room is full, and who is served has waited."""
    small = read_stations(TEXT.replace("waiting_room = 100", "waiting_room = 9"), "stations.toml")
    made = step_of(small, (SIGNUP,), {}, AMPLE, seed=3)
    assert made is not None

    found = score(made, ENGINE, predicted(made, ENGINE, 20), served(made, 1.8, 77))

    assert found.observed.refused > 0.05
    assert not found.limited


@examples("requests, per_s",
    ("one request: 2 / 80 ms", (SIGNUP,), 25.0),
    ("both: 2 / 100 ms", (SIGNUP, READ), 20.0),
)  # fmt: skip
def test_people_come_at_seven_tenths_of_the_capacity(
    requests: tuple[Request, ...], per_s: float
) -> None:
    made = plan(AMPLE, *requests)
    assert load_of(made) == pytest.approx(LOAD)
    assert made.demand.total * NS_PER_S / made.horizon_ns == pytest.approx(LOAD * per_s)


def test_they_come_no_faster_than_is_allowed() -> None:
    made = plan(Limits(most_per_s=10.0), SIGNUP, READ)
    assert made.demand.total * NS_PER_S / made.horizon_ns == pytest.approx(5.0)
    assert load_of(made) == pytest.approx(5.0 / 20.0)


def test_it_ends_within_its_time_or_is_none() -> None:
    assert plan(Limits(most_per_s=1000.0, within_s=10.0)).end_ns <= 10 * NS_PER_S
    assert step_of(STATIONS, (SIGNUP,), {}, Limits(most_per_s=1000.0, within_s=6.0), 3) is None
    assert LOAD * 25.0 < FEWEST


def test_few_people_come_to_a_fast_server() -> None:
    (station,) = STATIONS
    fast = (station.model_copy(update={"servers": 64}),)
    made = step_of(fast, (SIGNUP,), {}, AMPLE, seed=3)
    assert made is not None
    assert made.timetable().total <= MOST


@pytest.mark.parametrize("truth", [0.8, 1.3])
def test_it_says_how_long_services_took(truth: float) -> None:
    """Within four of its own standard errors; that they took as long as probed is beyond them.

    The tries' own means, of 20 launches, add a twentieth of that variance.
    """
    made = plan()
    seen = [
        services_of(made, ENGINE, Came.of(served(made, truth, n), made).answer_s)
        for n in range(900, 904)
    ]
    logs = np.array([math.log(longer) for longer, _ in seen])
    error = float(np.mean([error for _, error in seen])) * math.sqrt((1 + 1 / 20) / len(seen))
    assert abs(float(logs.mean()) - math.log(truth)) < 4 * error
    assert abs(float(logs.mean())) > 4 * error


def test_a_launch_is_read_from_its_rows() -> None:
    """Two of three were answered, after 1 and 3 s; the third still waited at the end, 4 s later."""
    made = replace(plan(), horizon_ns=2 * NS_PER_S, end_ns=5 * NS_PER_S)
    s = NS_PER_S
    rows = Block.of(
        [
            (0, 0, 0, UNKNOWN, 0, 1 * s, Fate.SERVED),
            (1, 0, 0, UNKNOWN, 1 * s, 4 * s, Fate.SERVED),
            (2, 0, 1, UNKNOWN, 1 * s, UNKNOWN, Fate.UNFINISHED),
        ],
        [
            (0, 0, 0, 0, s // 2, 1 * s, Result.SUCCESS),
            (1, 0, 0, 1 * s, 3 * s, 4 * s, Result.SUCCESS),
            (2, 0, 0, 1 * s, UNKNOWN, UNKNOWN, Result.UNFINISHED),
        ],
    )
    came = Came.of(rows, made)
    assert came.answer_s == pytest.approx(8 / 3)
    assert came.p50_s == 3.0
    assert (came.wait_s, came.goodput_per_s) == (1.25, 1.0)


def test_waiting_for_a_mail_is_not_the_servers_time() -> None:
    """An answer after 1 s, 10 s until the mail has come, and another answer after 2 s."""
    made, s = plan(), NS_PER_S
    rows = Block.of(
        [(0, 0, 0, UNKNOWN, 0, 13 * s, Fate.SERVED)],
        [
            (0, 0, 0, 0, UNKNOWN, 1 * s, Result.SUCCESS),
            (0, 1, 0, 11 * s, UNKNOWN, 13 * s, Result.SUCCESS),
        ],
    )
    came = Came.of(rows, made)
    assert came.answer_s == 3.0
    assert math.isnan(came.wait_s)


def scored(factor: float) -> Score:
    made = plan()
    return score(made, ENGINE, predicted(made, ENGINE, 40), served(made, factor, 901))


def test_the_score_tells_what_was_predicted_and_what_came() -> None:
    lines = list(scored(1.0).in_words())
    assert lines[0].startswith("Held-out step: ")
    assert "at 70 % of the capacity" in lines[0]
    assert [line.split(":")[0].strip() for line in lines[1:5]] == [
        "p50", "p95", "mean wait before service", "served",
    ]  # fmt: skip


def test_services_twice_as_long_are_outside_what_was_predicted() -> None:
    """At 0.7 of the capacity they are more than it serves: no launch of the prediction is so slow."""
    lines = list(scored(2.0).in_words())
    assert lines[1].endswith("outside the middle 95 %.")
    assert lines[2].endswith("outside the middle 95 %.")


def test_a_wait_that_nobody_tells_is_not_told() -> None:
    known = scored(1.0)
    silent = replace(known, observed=replace(known.observed, wait_s=math.nan))
    assert not any("wait" in line for line in silent.in_words())
