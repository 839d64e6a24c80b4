"""The window of a trial that is sent to a real server."""

from datetime import UTC, datetime

import pytest

from simulator.advice.gauntlet.crowd import Crowd, Host
from simulator.advice.gauntlet.trial import trial
from simulator.advice.gauntlet.window import DRAIN_NS, FOR_NS, Window, rehearsable
from simulator.plan.likeness import MOST_VISITORS
from simulator.plan.resolve import arriving, resolve
from simulator.scenario.scenario import Scenario
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.gauntlet import COMPILED, CROWD, HOST, PEOPLE, crowd, host

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SPOKEN = '[replay]\nfrom = "3 s"\nfor = "9 s"\ndrain = "1 s"\nhealth = "/well"\nuser_agent = "us"\n'


def windowed(expect: float, text: str = CROWD) -> tuple[Window, Scenario]:
    there = Host.of(host(HOST + SPOKEN), COMPILED)
    launch = Crowd.of(crowd(text), COMPILED, NOW).at(there, expect)
    tried = trial("crowd", arriving(resolve(launch), COMPILED).plan(0), COMPILED, 1)
    window = Window.of(tried)
    return window, rehearsable(launch, window, there)


@examples(
    "times, factor",
    ("all of them", 1.0, 1.0),
    # Ten a second for twenty seconds, a hundred times: 20,000.
    ("as many as can be sent", 100.0, MOST_VISITORS / 20_000),
)  # fmt: skip
def test_the_busiest_seconds_with_as_many_as_can_be_sent(times: float, factor: float) -> None:
    window, launch = windowed(times * PEOPLE)
    assert window.from_ns == 660 * NS_PER_S, "where the rush begins"
    assert window.for_ns == FOR_NS
    assert window.people == pytest.approx(times * 200, rel=1e-3)
    assert window.factor == pytest.approx(factor, rel=1e-3)
    plan = arriving(resolve(launch), COMPILED).rehearsal(None, seed=0)
    assert plan.demand.total == pytest.approx(window.people * window.factor, rel=1e-3)
    assert plan.demand.total <= 1.001 * MOST_VISITORS


def test_the_hosts_server_is_spoken_to_as_the_host_says() -> None:
    _, launch = windowed(PEOPLE)
    said = launch.words.replay
    assert said is not None
    assert said.user_agent == "us"
    assert said.asks_for_health is not None
    assert said.asks_for_health.path == "/well"
    assert said.drain_ns == 39 * NS_PER_S, "three times seven seconds, and twice nine between"


@examples(
    "timeout, attempts, drain_s",
    ("as long as all his attempts take", "10 s", 2, 29),
    ("a minute at most", "25 s", 4, 60),
    ("but as long as one answer may take", "80 s", 4, 80),
    ("hardly at all", "1 s", 1, DRAIN_NS / NS_PER_S),
)  # fmt: skip
def test_who_is_under_way_is_waited_for(timeout: str, attempts: int, drain_s: float) -> None:
    text = CROWD.replace('client_timeout = "7 s"', f'client_timeout = "{timeout}"')
    window, _ = windowed(PEOPLE, text.replace("attempts = 3", f"attempts = {attempts}"))
    assert window.drain_ns == drain_s * NS_PER_S


def test_a_launch_that_is_shorter_than_a_window_is_sent_whole() -> None:
    short = CROWD.replace('"20 min"', '"15 s"').replace('"11 min"', '"5 s"')
    window, _ = windowed(1_000, short.replace('at = "1 min"', 'at = "1 s"'))
    assert (window.from_ns, window.for_ns) == (0, 15 * NS_PER_S)
