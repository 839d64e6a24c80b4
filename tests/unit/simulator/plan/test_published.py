"""What a launch comes to, beside what was published of it."""

import math

import numpy as np
import pytest

from simulator import Compiled, Scenario, parse
from simulator.plan.published.fit import TOLERANCE
from simulator.plan.published.published import (
    Expected,
    deciding,
    expected_arrivals,
    expected_outcome,
    outcome_of,
    sources_of,
)
from simulator.plan.resolve import arriving, resolve
from simulator.units import NS_PER_S
from tests.examples import examples
from tests.launches.files import changed

ENGINE = Compiled()
HORIZON_NS = 600 * NS_PER_S
AT_NS = np.linspace(0, HORIZON_NS, 5).astype(np.int64)
POINTS = 'points = [["5 min", 60], ["10 min", 100]]'
TWO_STEPS = """
[[journey.step]]
name = "look"
at = "desk"
idempotent = true

[[journey.step]]
name = "stay"
at = "desk"
think = "never ends soon"
"""
SERVERS = {"line": 2, "signups": 20}
"""Too few for those who come, and enough."""
UNCOUNTED = {"line": 3.0, "signups": 0.2}
"""At most, for each who is counted: let in or gone; on the way."""
Z = 4.0
"""Each count alarms falsely once in 16,000 times."""


def counting(word: str, *changes: tuple[str, str]) -> Scenario:
    text = changed(('counts = "arrivals"', f'counts = "{word}"'), *changes)
    return parse(text.replace("servers = 2", f"servers = {SERVERS[word]}"), "f.toml")


def outcome(scenario: Scenario) -> Expected:
    return expected_outcome(arriving(resolve(scenario), ENGINE), ENGINE, AT_NS)


def test_arrivals_go_through_their_points() -> None:
    scenario = parse(changed(), "f.toml")
    [surge] = deciding(scenario)
    found = expected_arrivals(resolve(scenario), surge, AT_NS)

    assert outcome_of(scenario) is None
    assert found.by_point == pytest.approx((60.0, 100.0))
    assert found.count[[0, 2, 4]] == pytest.approx([0.0, 60.0, 100.0])
    assert found.lower.tolist() == [0.0, 0.0, 60.0, 60.0, 100.0]
    assert found.upper.tolist() == [0.0, 60.0, 60.0, 100.0, 100.0]


def test_a_point_beyond_the_last_instant_is_not_expected() -> None:
    scenario = parse(changed((POINTS, 'points = [["5 min", 60], ["20 min", 100]]')), "f.toml")
    [surge] = deciding(scenario)
    assert expected_arrivals(resolve(scenario), surge, AT_NS).by_point[1] is None


@pytest.mark.parametrize("word", ["signups", "line"])
def test_an_outcome_meets_its_points(word: str) -> None:
    """With other luck than the fit's: what is left of the noise is at most that of those not counted.

    Their number is taken to vary as a Poisson one, and the fit adds what it grants.
    """
    found = outcome(counting(word))
    for point, value in zip(found.points, found.by_point, strict=True):
        assert value is not None
        noise = Z * math.sqrt(UNCOUNTED[word] * point.count) + max(1.0, TOLERANCE * point.count)
        assert abs(value - point.count) < noise


def test_signups_are_counted_where_they_are_made() -> None:
    """Somebody who still thinks about the second step has signed up: nobody is served in time."""
    slow = TWO_STEPS.replace("never ends soon", "1 day")
    second = (
        'request = { method = "POST", path = "/signup" }\n',
        'request = { method = "POST", path = "/signup" }\n' + slow,
    )
    found = outcome(counting("signups", second))

    last = found.by_point[-1]
    assert last is not None
    assert abs(last - 100.0) < Z * math.sqrt(UNCOUNTED["signups"] * 100.0) + 1.0


def test_nobody_stands_in_a_line_that_is_not_there() -> None:
    found = outcome(
        parse(changed(('counts = "arrivals"', 'counts = "line"')), "f", variant="no-line")
    )
    assert set(found.count) == {0.0}


READERS = """
[[people]]
name = "readers"
journeys = { read = 1.0 }

[[surge]]
shape = "constant"
people = "readers"
rate = "RATE/min"

[[station]]
name = "page"
servers = 100
waiting_room = 0
service = "1 s"

[[journey]]
name = "read"
[[journey.step]]
name = "read"
at = "page"
idempotent = true

[objectives.read]
errors = 1.0

[variant.none]
"""


def with_readers(rate: int) -> Scenario:
    text = changed(
        ('name = "early"', 'name = "early"\njourneys = { signup = 1.0 }'),
        ('policy = "fifo"', 'policy = "open"'),
        ('counts = "arrivals"', 'counts = "signups"'),
        ("servers = 2", "servers = 20"),
        ('[variant.no-line]\nwaitlist.policy = "open"\n', ""),
    )
    return parse(text + READERS.replace("RATE", str(rate)), "f.toml")


def test_the_luck_of_who_never_signs_up_is_no_matter() -> None:
    """Ten thousand readers would bring a noise of a hundred, beside a hundred who sign up."""
    scenario = with_readers(1_000)
    found = outcome(scenario)
    step = np.diff(found.count)
    assert min(step) > -Z * math.sqrt(UNCOUNTED["signups"] * 100.0)
    assert max(found.count) < 500.0


@examples("series, point, expected",
    ("of the series", 'source = "a"', '["5 min", 60]', ("a",)),
    ("own", 'source = "a"', '{ at = "5 min", count = 60, source = "b" }', ("b",)),
    ("the instant is assumed", 'source = "a"', '{ at = "5 min", count = 60, source = "b", assumed = ["at"] }', ("b",)),
    ("the count is assumed", 'source = "a"', '{ at = "5 min", count = 60, assumed = ["count"] }', ()),
    ("all are assumed", 'assumed = ["points"]', '["5 min", 60]', ()),
)  # fmt: skip
def test_who_published_a_count(series: str, point: str, expected: tuple[str, ...]) -> None:
    sources = '\n[sources.a]\ntitle = "A"\n[sources.b]\ntitle = "B"\n'
    text = changed((POINTS, f"points = [{point}]\n{series}")) + sources
    [surge] = deciding(parse(text, "f.toml"))
    assert sources_of(surge, surge.points[0]) == expected
