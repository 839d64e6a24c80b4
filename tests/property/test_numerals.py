"""Every number that people read: it can be read back within its digits, in order, and is never empty."""

import math
import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.text.wording import (
    format_count,
    format_duration,
    format_factor,
    format_rate,
    format_share,
)
from simulator.units import FOREVER, NS_PER_S

LENGTHS_NS = {
    "days": 86_400e9, "day": 86_400e9, "h": 3_600e9, "min": 60e9, "s": 1e9, "ms": 1e6, "µs": 1e3,
}  # fmt: skip
SECONDS = {"/s": 1, "/min": 60, "/h": 3_600, "/day": 86_400}
NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
THREE_DIGITS = 0.005
"""Half of the last of three digits, of the smallest number that has them: 0.005 of 1.00."""

drawn = settings(max_examples=200, derandomize=True)
durations = st.floats(0, FOREVER / 2) | st.floats(0, 1e13) | st.floats(0, 1e7)
rates = st.floats(0, 1e9) | st.floats(0, 2) | st.floats(0, 1e-4)
counts = st.floats(0, 1e12) | st.floats(0, 20) | st.floats(0, 0.1)
shares = st.floats(0, 1) | st.floats(0, 1e-3) | st.floats(0.999, 1) | st.floats(1, 100)


def plain(number: str) -> float:
    return float(number.replace(",", ""))


def duration_of(text: str) -> float:
    parts = re.findall(rf"({NUMBER}) (\w+|µs)", text)
    assert " ".join(f"{number} {unit}" for number, unit in parts) == text
    return sum(plain(number) * LENGTHS_NS[unit] for number, unit in parts)


def rate_of(text: str) -> float:
    found = re.fullmatch(rf"({NUMBER})(/\w+)", text)
    assert found, text
    return plain(found[1]) / SECONDS[found[2]]


def count_of(text: str) -> float:
    assert re.fullmatch(NUMBER, text), text
    return plain(text)


def share_of(text: str) -> float:
    assert text.endswith(" %")
    return count_of(text.removesuffix(" %")) / 100


Write = Callable[[float], str]
Read = Callable[[str], float]
WRITTEN: list[tuple[str, st.SearchStrategy[float], Write, Read]] = [
    ("duration", durations, format_duration, duration_of),
    ("rate", rates, format_rate, rate_of),
    ("count", counts, format_count, count_of),
    ("share", shares, format_share, share_of),
    ("factor", counts, format_factor, count_of),
]
each_kind = pytest.mark.parametrize(("name", "values", "write", "read"), WRITTEN)


def allowed(name: str, value: float, text: str) -> float:
    """How far the text may be from the value."""
    if name == "duration" and value >= 59.5e9:
        # The smaller of two units is rounded: to a second, a minute, or an hour.
        return {"s": 0.5e9, "min": 30e9, "h": 1_800e9}[
            "s" if value < 3_570e9 else "min" if value < 84_600e9 else "h"
        ]
    if name == "share":
        return 0.0005 if value >= 0.000995 else 0.00005
    if name == "count":
        return 0.5 if value >= 9.95 else 0.05 if value >= 0.9995 else 0.05 * value
    return max(THREE_DIGITS * value, 0.0)


@each_kind
def test_what_is_written_can_be_read_back(
    name: str, values: st.SearchStrategy[float], write: Write, read: Read
) -> None:
    @drawn
    @given(values)
    def within(value: float) -> None:
        text = write(value)
        if text.startswith(("<", ">")):
            # A bound: what is below it has no digits of its own.
            bound = read(text[2:])
            assert value < bound if text[0] == "<" else value > bound
        else:
            assert abs(read(text) - value) <= allowed(name, value, text) * (1 + 1e-9), text

    within()


@each_kind
def test_what_is_not_zero_never_reads_as_zero(
    name: str, values: st.SearchStrategy[float], write: Write, read: Read
) -> None:
    @drawn
    @given(values)
    def told(value: float) -> None:
        text = write(value)
        assert text.strip()
        assert "e" not in re.sub(r"[a-zµ/ ]+$", "", text.replace("days", "").replace("less", ""))
        if value and not text.startswith("<"):
            assert read(text.removeprefix("> ")) > 0
        assert not re.search(r"\d{4,}(?!\d*\s?day)", text.split(".")[0]), "thousands are set apart"
        assert not re.search(r"\bns\b", text)

    told()


@each_kind
def test_more_never_reads_as_less(
    name: str, values: st.SearchStrategy[float], write: Write, read: Read
) -> None:
    @drawn
    @given(values, values)
    def ordered(one: float, other: float) -> None:
        low, high = (write(value) for value in sorted((one, other)))
        ends = [read(text.lstrip("<> ")) for text in (low, high)]
        assert ends[0] <= ends[1] or low.startswith("<") or high.startswith(">")

    ordered()


@pytest.mark.parametrize("unit_ns", [1e3, 1e6, 1e9, 60e9, 3_600e9, 86_400e9])
@pytest.mark.parametrize("factor", [0.99, 0.9994, 0.9996, 0.99999, 1.0, 1.0004, 1.01])
def test_units_change_where_the_next_one_is_reached(unit_ns: float, factor: float) -> None:
    text = format_duration(factor * unit_ns)
    assert not text.startswith(("1,000 ", "1000 ", "60 s", "60 min", "24 h")), text


def test_only_whole_launches_hold_all() -> None:
    assert format_share(math.nextafter(1.0, 0.0)) == "> 99.99 %"
    assert (format_share(1.0), format_share(0.0)) == ("100 %", "0 %")


def test_409_000_a_second_has_its_comma() -> None:
    assert (format_rate(409_000), format_rate(852.4), format_rate(15 / 3600)) == (
        "409,000/s", "852/s", "15/h",
    )  # fmt: skip
    assert (format_rate(0.0), format_rate(1e-12)) == ("0/s", "< 0.001/day")
    assert NS_PER_S == 10**9
