import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.text.quantities import (
    WrongQuantity,
    parse_duration,
    parse_positive_duration,
    parse_rate,
)
from simulator.text.wording import format_duration, format_rate
from simulator.units import FOREVER, NS_PER_S
from tests.examples import examples


@examples("text, ns",
    ("milliseconds", "40 ms", 40_000_000),
    ("no blank", "40ms", 40_000_000),
    ("microseconds", "7 us", 7_000),
    ("microseconds with their letter", "7 µs", 7_000),
    ("since the opening", "+1 h", 3_600 * NS_PER_S),
    ("minutes", "2 min", 120 * NS_PER_S),
    ("a day", "1 day", 86_400 * NS_PER_S),
    ("days", "30 days", 30 * 86_400 * NS_PER_S),
    ("a week", "1 week", 604_800 * NS_PER_S),
    ("two parts", "1 h 30 min", 5_400 * NS_PER_S),
    ("a tenth is exact", "0.1 s", 100_000_000),
    ("as the probe writes it", "32.104 ms", 32_104_000),
    ("thousands set apart", "10_000 s", 10_000 * NS_PER_S),
    ("nothing", "0 s", 0),
)  # fmt: skip
def test_a_duration_becomes_whole_nanoseconds(text: str, ns: int) -> None:
    assert parse_duration(text) == ns


@examples("value, problem",
    ("minutes or metres", "30 m", '"30 m" has the unknown unit "m"'),
    ("a text without unit", "40", '"40" has no unit'),
    ("a number", 40, "40 has no unit"),
    ("a rate", "600/s", '"600/s" is a rate, but a duration is needed'),
    ("a decimal comma", "1,5 s", '"1,5 s" is not a duration'),
    ("negative", "-3 s", '"-3 s" is not a duration'),
    ("empty", "", '"" is not a duration'),
    ("a word", "soon", '"soon" is not a duration'),
    ("too fine", "0.5 ns", '"0.5 ns" is finer than a nanosecond'),
    ("too long", "9999 weeks", '"9999 weeks" is longer than a century'),
    ("a list", ["1 s"], "is not a duration"),
    ("digits", "9" * 5_000 + " s", f'"{"9" * 40}" has a number that cannot be read'),
)  # fmt: skip
def test_a_wrong_duration_says_what_would_be_right(value: object, problem: str) -> None:
    with pytest.raises(WrongQuantity) as wrong:
        parse_duration(value)
    assert wrong.value.problem == problem
    assert wrong.value.remedy


def test_a_duration_that_must_be_some_time_is_not_nothing() -> None:
    with pytest.raises(WrongQuantity, match="is zero"):
        parse_positive_duration("0 s")


@examples("text, per_s",
    ("a second", "600/s", 600.0),
    ("a minute", "12/min", 0.2),
    ("an hour, with blanks", "3 / h", 3 / 3600),
    ("a half", "0.5/s", 0.5),
    ("a day", "86400/day", 1.0),
)  # fmt: skip
def test_a_rate_becomes_so_many_a_second(text: str, per_s: float) -> None:
    assert parse_rate(text) == per_s


@examples("value, problem",
    ("no unit", "40", '"40" is not a rate'),
    ("a number", 40, "40 has no unit"),
    ("a duration", "5 s", '"5 s" is a duration, but a rate is needed'),
    ("minutes or metres", "5/m", '"5/m" has the unknown unit "/m"'),
    ("nobody", "0/s", '"0/s" is zero'),
    ("true", True, "is not a rate"),
    ("two underscores", "1__0/s", '"1__0/s" has a number that cannot be read'),
    ("finer than time", "1000000001/s", '"1000000001/s" is more than one per nanosecond'),
)  # fmt: skip
def test_a_wrong_rate_says_what_would_be_right(value: object, problem: str) -> None:
    with pytest.raises(WrongQuantity) as wrong:
        parse_rate(value)
    assert wrong.value.problem == problem
    assert "/min" in wrong.value.remedy or wrong.value.remedy.startswith("it must be ")


@examples("ns, text",
    ("nothing", 0, "0 s"),
    ("milliseconds", 40_000_000, "40 ms"),
    ("three digits", 1_234_000_000, "1.23 s"),
    ("just under a second", 999_999_999, "1 s"),
    ("just under a minute", 59.9999e9, "1 min"),
    ("two units", 90 * NS_PER_S, "1 min 30 s"),
    ("just under an hour", 3_599.9 * NS_PER_S, "1 h"),
    ("days", 26 * 3_600 * NS_PER_S, "1 day 2 h"),
    ("never", float(FOREVER), "never"),
    ("unknown", float("nan"), "unknown"),
)  # fmt: skip
def test_a_duration_is_written_for_people(ns: float, text: str) -> None:
    assert format_duration(ns) == text


@examples("per_s, text",
    ("a second", 40.0, "40/s"),
    ("whole", 1234.5, "1,234/s"),
    ("a minute", 0.2, "12/min"),
    ("an hour", 3 / 3600, "3/h"),
)  # fmt: skip
def test_a_rate_is_written_for_people(per_s: float, text: str) -> None:
    assert format_rate(per_s) == text


@given(st.integers(0, 10**17))
def test_what_is_written_can_be_read_again_to_three_digits(ns: int) -> None:
    # Two units: off by half the smaller one, of which there are at least 24 (hours of a day);
    # three digits: off by half a unit in the third.
    again = parse_duration(format_duration(ns))
    assert abs(again - ns) <= ns / 48 + 0.5
