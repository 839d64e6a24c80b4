"""Each word of the language, and the number that it becomes."""

import pytest

from simulator.errors import ScenarioError
from simulator.plan.meaning.system import system_of
from simulator.scenario.scenario import parse
from simulator.system.line import (
    Batches,
    Feedback,
    LineKind,
    Policy,
    Release,
    Signal,
    Slots,
    TokenBucket,
    Waitlist,
)
from simulator.system.people import People, Referral, Retries
from simulator.system.stations import Autoscaler, Balance, ColdStart, Failures, Station, StationKind
from simulator.system.system import System
from simulator.timetable.laws import Duration
from simulator.units import FOREVER, NS_PER_S, UNBOUNDED
from tests.examples import examples
from tests.launches.files import changed

S, MINUTE = NS_PER_S, 60 * NS_PER_S
PATIENCE = 'patience = "30 min"'
RETRIES = 'retries = { attempts = 3, backoff = "1 s", cap = "10 s" }'
RELEASE = "release = { share_of_capacity = 0.75 }"
POLICY = 'policy = "fifo"'
DESK = """servers = 2
waiting_room = 8
service = { law = "lognormal", mean = "4 s", cv = 0.5 }
"""


def system(*changes: tuple[str, str]) -> System:
    return system_of(parse(changed(*changes), "f"))


@examples("law, duration",
    ("a mean alone", '"20 s"', Duration.exponential(20 * S)),
    ("never", '"never"', Duration.never()),
    ("exponential", '{ mean = "2 s" }', Duration.exponential(2 * S)),
    ("fixed", '{ law = "fixed", mean = "2 s" }', Duration.fixed(2 * S)),
    ("lognormal", '{ law = "lognormal", mean = "2 s", cv = 0 }', Duration.lognormal(2 * S, 0)),
    ("gamma", '{ law = "gamma", mean = "2 s", cv = 0.5 }', Duration.gamma(2 * S, 0.5)),
    ("hyperexponential", '{ law = "hyperexponential", mean = "2 s", cv = 1.0 }', Duration.hyperexponential(2 * S, 1.0)),
    ("weibull", '{ law = "weibull", mean = "2 s", shape = 0.7 }', Duration.weibull(2 * S, 0.7)),
    ("empirical", '{ law = "empirical", quantiles = [[0, "1 s"], { share = 0.5, within = "20 s" }, [1, "3 min"]] }',
     Duration.empirical([(0, S), (0.5, 20 * S), (1, 180 * S)])),
)  # fmt: skip
def test_a_law_is_resolved(law: str, duration: Duration) -> None:
    assert system((PATIENCE, f"patience = {law}")).people[0].patience == duration


def test_people_are_resolved_with_all_their_words() -> None:
    words = """
class = "referred"
cancels = true
honours_retry_after = 0.5
gives_up_after = "8 min"
patience = "never"
balks = { law = "fixed", mean = "5 min" }
silent = 0.3
shows_up = 0.9
answers_after = { law = "fixed", mean = "30 s" }
refreshes = { law = "fixed", mean = "2 min" }
refers = { share = 0.1, after = { law = "fixed", mean = "1 min" }, places = 50 }
"""
    retries = 'retries = { attempts = 4, jitter = "none", budget = 0.1, budget_burst = 20 }'
    [people] = system((PATIENCE, words), (RETRIES, retries)).people
    assert people == People(
        name="early",
        rank=1,
        client_timeout_ns=5 * S,
        cancels=True,
        retries=Retries(
            attempts=4, cap_ns=FOREVER, jitter=people.retries.jitter.NONE,
            budget_millionths=100_000, budget_burst=20,
        ),
        honours_retry_after=0.5,
        gives_up_after_ns=8 * MINUTE,
        balks=Duration.fixed(5 * MINUTE),
        silent=0.3,
        shows_up=0.9,
        answers_after=Duration.fixed(30 * S),
        refreshes=Duration.fixed(2 * MINUTE),
        refers=Referral(share=0.1, after=Duration.fixed(MINUTE), places=50),
    )  # fmt: skip


@examples("order, class_, rank",
    ("the invited first", "", "invited", 0),
    ("everybody last", "", "everybody", 2),
    ("as the file says", 'order = ["everybody", "invited"]', "everybody", 0),
    ("who is not named", 'order = ["everybody", "invited"]', "referred", 2),
)  # fmt: skip
def test_a_class_has_its_place(order: str, class_: str, rank: int) -> None:
    found = system((POLICY, f'policy = "priority"\n{order}'), (PATIENCE, f'class = "{class_}"'))
    assert found.waitlist.policy is Policy.PRIORITY
    assert found.people[0].rank == rank


@examples("words, release",
    ("a rate", 'rate = "4/s", burst = 9', TokenBucket(spacing_ns=S // 4, burst=9)),
    ("batches", 'batch = { size = 500, every = "1 min" }', Batches(size=500, every_ns=MINUTE)),
    ("slots", 'slots = { total = 300, session = "5 min" }',
     Slots(total=300, session_ns=5 * MINUTE, per_minute=UNBOUNDED, renews=True, early=False)),
    ("by minute",
     ('slots = { total = 300, session = "5 min", per_minute = 60, renews = false,'
      ' early_release = true, dialect = "by-minute", ghost = "5 min", blind = "2 min" }'),
     Slots(total=300, session_ns=5 * MINUTE, per_minute=60, renews=False, early=True, by_minute=True,
         ghost_ns=5 * MINUTE, blind_ns=2 * MINUTE)),
    ("feedback on answers",
     ('feedback = { signal = "p95", limit = "800 ms", every = "10 s", delay = 2, first = "5/s",'
      ' lowest = "1/min", highest = "40/s", step = "0.5/s", cut = 0.5 }'),
     Feedback(signal=Signal.P95, limit=800_000_000, every_ns=10 * S, delay_periods=2, first_rate=5_000_000,
         lowest_rate=16_667, highest_rate=40_000_000, step_rate=500_000, cut_thousandths=500)),
    ("feedback on attempts in flight",
     ('feedback = { signal = "in-flight", limit = 200, every = "10 s", first = "5/s",'
      ' lowest = "1/s", highest = "40/s", step = "1/s", cut = 0.75 }'),
     Feedback(signal=Signal.IN_FLIGHT, limit=200, every_ns=10 * S, first_rate=5_000_000, lowest_rate=1_000_000,
         highest_rate=40_000_000, step_rate=1_000_000, cut_thousandths=750)),
)  # fmt: skip
def test_a_release_is_resolved(words: str, release: Release) -> None:
    assert system((RELEASE, f"release = {{ {words} }}")).waitlist.release == release


def test_a_line_is_resolved_with_all_its_words() -> None:
    words = """
kind = "list"
policy = "shuffle-then-fifo"
opens = "5 min"
places = 5_000
call_expires = "2 min"
expired = "to the end"
"""
    assert system((POLICY, words), (RELEASE, 'release = { rate = "1/s" }')).waitlist == Waitlist(
        policy=Policy.FIFO, kind=LineKind.LIST, release=TokenBucket(spacing_ns=S),
        poll_every_ns=2 * S, opens_ns=5 * MINUTE, shuffles=True, places=5_000,
        call_expires_ns=2 * MINUTE, expired_to_end=True,
    )  # fmt: skip


@examples("words, station",
    ("a pool",
     """servers = 4
waiting_room = 20
service = "50 ms"
instances = 2
balance = "least-busy"
sheds_after = "2 s"
retry_after = "30 s"
round_trip = "80 ms"
autoscaler = { every = "15 s", window = "1 min", target = 0.6, boot = "90 s", cooldown = "2 min", ceiling = 8 }
failures = { runs = "6 h", repair = { law = "fixed", mean = "5 min" } }
cold_start = { slowdown = 2.5, for = "1 min", at_opening = false }
""",
     Station(name="desk", servers=4, waiting_room=20, service=Duration.exponential(50_000_000), round_trip_ns=80_000_000,
         sheds_after_ns=2 * S, retry_after_ns=30 * S, instances=2, balance=Balance.LEAST_BUSY,
         autoscaler=Autoscaler(every_ns=15 * S, window_periods=4, target_thousandths=600, boot_ns=90 * S,
         cooldown_ns=2 * MINUTE, floor=1, ceiling=8), failures=Failures(runs=Duration.exponential(360 * MINUTE),
         repair=Duration.fixed(5 * MINUTE)), cold=ColdStart(slowdown_thousandths=2500, for_ns=MINUTE, at_opening=False))),
    ("a cpu",
     """kind = "cpu"
servers = 64
cores = 8
waiting_room = 100
service = "50 ms"
inflation = [1, 1.08, 1.21]
""",
     Station(name="desk", kind=StationKind.CPU, servers=64, cores=8, waiting_room=100, service=Duration.exponential(50_000_000),
         inflation=(1.0, 1.08, 1.21))),
    ("a quota",
     """kind = "quota"
quota = { rate = "20/s", burst = 10, per_day = 50_000 }
waiting_room = 100
service = "2 s"
""",
     Station(name="desk", kind=StationKind.QUOTA, servers=1, waiting_room=100, service=Duration.exponential(2 * S),
         quota=TokenBucket(spacing_ns=S // 20, burst=10), per_day=50_000)),
)  # fmt: skip
def test_a_station_is_resolved(words: str, station: Station) -> None:
    assert system((DESK, words)).stations == (station,)


MEASURED = """servers = 2
serves = { "POST /signup" = { law = "lognormal", mean = "2 s", cv = 0.1 } }"""


def test_a_step_costs_what_its_request_was_measured_to_cost() -> None:
    [step] = system_of(parse(changed(("servers = 2", MEASURED)), "f")).steps
    assert step.service is not None
    assert step.service.mean_ns() == pytest.approx(2 * NS_PER_S)


def test_what_was_not_measured_is_no_other_requests_cost() -> None:
    other = MEASURED.replace("/signup", "/pay")
    with pytest.raises(
        ScenarioError, match='is "POST /signup", and "desk" was measured for POST /pay'
    ):
        parse(changed(("servers = 2", other)), "f")
