import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.text.quantities import (
    WrongQuantity,
    parse_duration,
    parse_positive_duration,
    parse_rate,
)
from simulator.text.wording import format_duration, format_rate
from simulator.units import FOREVER, NS_PER_S


@pytest.mark.parametrize(
    ("text", "ns"),
    [
        pytest.param("40 ms", 40_000_000, id="milliseconds"),
        pytest.param("40ms", 40_000_000, id="no blank"),
        pytest.param("7 us", 7_000, id="microseconds"),
        pytest.param("7 µs", 7_000, id="microseconds with their letter"),
        pytest.param("+1 h", 3_600 * NS_PER_S, id="since the opening"),
        pytest.param("2 min", 120 * NS_PER_S, id="minutes"),
        pytest.param("1 day", 86_400 * NS_PER_S, id="a day"),
        pytest.param("30 days", 30 * 86_400 * NS_PER_S, id="days"),
        pytest.param("1 week", 604_800 * NS_PER_S, id="a week"),
        pytest.param("1 h 30 min", 5_400 * NS_PER_S, id="two parts"),
        pytest.param("0.1 s", 100_000_000, id="a tenth is exact"),
        pytest.param("32.104 ms", 32_104_000, id="as the probe writes it"),
        pytest.param("10_000 s", 10_000 * NS_PER_S, id="thousands set apart"),
        pytest.param("0 s", 0, id="nothing"),
    ],
)
def test_a_duration_becomes_whole_nanoseconds(text: str, ns: int) -> None:
    assert parse_duration(text) == ns


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param("30 m", '"30 m" has the unknown unit "m"', id="minutes or metres"),
        pytest.param("40", '"40" has no unit', id="a text without unit"),
        pytest.param(40, "40 has no unit", id="a number"),
        pytest.param("600/s", '"600/s" is a rate, and a duration is needed', id="a rate"),
        pytest.param("1,5 s", '"1,5 s" is not a duration', id="a decimal comma"),
        pytest.param("-3 s", '"-3 s" is not a duration', id="negative"),
        pytest.param("", '"" is not a duration', id="empty"),
        pytest.param("soon", '"soon" is not a duration', id="a word"),
        pytest.param("0.5 ns", '"0.5 ns" is finer than a nanosecond', id="too fine"),
        pytest.param("9999 weeks", '"9999 weeks" is longer than a century', id="too long"),
        pytest.param(["1 s"], "is not a duration", id="a list"),
        pytest.param(
            "9" * 5_000 + " s", f'"{"9" * 40}" has a number that cannot be read', id="digits"
        ),
    ],
)
def test_a_wrong_duration_says_what_would_be_right(value: object, problem: str) -> None:
    with pytest.raises(WrongQuantity) as wrong:
        parse_duration(value)
    assert wrong.value.problem == problem
    assert wrong.value.remedy


def test_a_duration_that_must_be_some_time_is_not_nothing() -> None:
    with pytest.raises(WrongQuantity, match="no time at all"):
        parse_positive_duration("0 s")


@pytest.mark.parametrize(
    ("text", "per_s"),
    [
        pytest.param("600/s", 600.0, id="a second"),
        pytest.param("12/min", 0.2, id="a minute"),
        pytest.param("3 / h", 3 / 3600, id="an hour, with blanks"),
        pytest.param("0.5/s", 0.5, id="a half"),
        pytest.param("86400/day", 1.0, id="a day"),
    ],
)
def test_a_rate_becomes_so_many_a_second(text: str, per_s: float) -> None:
    assert parse_rate(text) == per_s


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        pytest.param("40", '"40" is not a rate', id="no unit"),
        pytest.param(40, "40 has no unit", id="a number"),
        pytest.param("5 s", '"5 s" is a duration, and a rate is needed', id="a duration"),
        pytest.param("5/m", '"5/m" has the unknown unit "/m"', id="minutes or metres"),
        pytest.param("0/s", '"0/s" is nobody at all', id="nobody"),
        pytest.param(True, "is not a rate", id="true"),
        pytest.param("1__0/s", '"1__0/s" has a number that cannot be read', id="two underscores"),
        pytest.param(
            "1000000001/s", '"1000000001/s" is more than one a nanosecond', id="finer than time"
        ),
    ],
)
def test_a_wrong_rate_says_what_would_be_right(value: object, problem: str) -> None:
    with pytest.raises(WrongQuantity) as wrong:
        parse_rate(value)
    assert wrong.value.problem == problem
    assert "/min" in wrong.value.remedy or wrong.value.remedy.startswith("it must be ")


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        pytest.param(0, "0 s", id="nothing"),
        pytest.param(40_000_000, "40 ms", id="milliseconds"),
        pytest.param(1_234_000_000, "1.23 s", id="three digits"),
        pytest.param(999_999_999, "1 s", id="just under a second"),
        pytest.param(59.9999e9, "1 min", id="just under a minute"),
        pytest.param(90 * NS_PER_S, "1 min 30 s", id="two units"),
        pytest.param(3_599.9 * NS_PER_S, "1 h", id="just under an hour"),
        pytest.param(26 * 3_600 * NS_PER_S, "1 day 2 h", id="days"),
        pytest.param(float(FOREVER), "never", id="never"),
        pytest.param(float("nan"), "unknown", id="unknown"),
    ],
)
def test_a_duration_is_written_for_people(ns: float, text: str) -> None:
    assert format_duration(ns) == text


@pytest.mark.parametrize(
    ("per_s", "text"),
    [
        pytest.param(40.0, "40/s", id="a second"),
        pytest.param(1234.5, "1,234/s", id="whole"),
        pytest.param(0.2, "12/min", id="a minute"),
        pytest.param(3 / 3600, "3/h", id="an hour"),
    ],
)
def test_a_rate_is_written_for_people(per_s: float, text: str) -> None:
    assert format_rate(per_s) == text


@settings(deadline=None)
@given(st.integers(0, 10**17))
def test_what_is_written_can_be_read_again_to_three_digits(ns: int) -> None:
    # Two units: off by half the smaller one, of which there are at least 24 (hours of a day);
    # three digits: off by half a unit in the third.
    again = parse_duration(format_duration(ns))
    assert abs(again - ns) <= ns / 48 + 0.5
