from simulator import Readable, launch_plan, parse
from simulator.timetable import draws
from simulator.timetable.demand import Demand
from simulator.timetable.laws import Duration, almost_longest_ns
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER, NS_PER_S
from tests.examples import examples
from tests.launches.files import changed

RETRIES = 'attempts = 3, backoff = "1 s", cap = "10 s"'
TIMEOUT = 'client_timeout = "5 s"'
STEP = 'at = "desk"'
ROOM = "waiting_room = 8"


def grace_s(*changes: tuple[str, str]) -> float:
    plan = launch_plan(parse(changed(*changes), "f"), seed=0, engine=Readable())
    return (plan.end_ns - plan.horizon_ns) / NS_PER_S


@examples("retries, expected_s",
    # 5 s an attempt, and pauses of 1, 2 and 4 s
    ("without a cap", 'attempts = 4, backoff = "1 s"', 27),
    ("with a cap", 'attempts = 6, backoff = "1 s", cap = "3 s"', 42),
    ("without a pause", "attempts = 20", 100),
    ("many", 'attempts = 100, backoff = "1 ns", cap = "1 ns"', 500),
    ("a billion, but not beyond the launch", "attempts = 1_000_000_000", 600),
)  # fmt: skip
def test_those_let_in_last_have_time_for_all_their_attempts(retries: str, expected_s: int) -> None:
    assert int(grace_s((RETRIES, retries))) == expected_s


@examples("changes, expected_s",
    # Three attempts of 5 s, and pauses of 1 s and 2 s: 18 s a step.
    ("each of three steps", [(STEP, f"{STEP}\ntimes = 3")], 54),
    ("thinking", [(STEP, f'{STEP}\nthink = {{ law = "fixed", mean = "7 s" }}')], 25),
    ("pauses that refusals ask for", [(ROOM, f'{ROOM}\nretry_after = "10 s"'), (TIMEOUT, f"{TIMEOUT}\nhonours_retry_after = 0.1")], 35),
    ("which nobody honours", [(ROOM, f'{ROOM}\nretry_after = "10 s"')], 18),
    # The last retry is sent 2 s after the entry; the other step has one attempt.
    ("giving up", [(TIMEOUT, f'{TIMEOUT}\ngives_up_after = "2 s"'), (STEP, f"{STEP}\ntimes = 2")], 2 + 5 + 2 * 5),
)  # fmt: skip
def test_steps_thinking_and_refusals_count(
    changes: list[tuple[str, str]], expected_s: float
) -> None:
    assert grace_s(*changes) == expected_s


@examples("law",
    ("exponential", Duration.exponential(1e9)),
    ("lognormal", Duration.lognormal(1e9, 1.5)),
    ("gamma", Duration.gamma(1e9, 1.5)),
    ("weibull", Duration.weibull(1e9, 0.6)),
    ("hyperexponential", Duration.hyperexponential(1e9, 2.0)),
    ("empirical", Duration.empirical([(0, 0), (0.9, 1e9), (1, 5e9)])),
    ("fixed", Duration.fixed(10**9)),
)  # fmt: skip
def test_one_in_a_thousand_thinks_longer(law: Duration) -> None:
    luck = Timetable(demand=Demand(components=()), horizon_ns=1, end_ns=1, seed=11)
    limit_ns, tries = almost_longest_ns(law), 20_000
    longer = sum(luck.duration_ns(law, draws.THINK, v) > limit_ns for v in range(tries))
    # Binomial with 0.001 at most: 20 expected, standard deviation 4.5; z = 4.5 (3 in a million).
    assert longer <= 20 + 4.5 * 4.5


def test_thinking_that_never_ends_has_no_limit() -> None:
    assert almost_longest_ns(Duration.never()) == FOREVER
