"""The compiler: what its code says is what Python says of the same lines, and the rest is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.engine.compiled import code
from simulator.engine.compiled.code import called, inlined, kept, zeros_before
from simulator.engine.compiled.compiler.kinds import Scalar
from simulator.engine.compiled.compiler.program import Program
from simulator.engine.compiled.compiler.sources import CannotCompile
from simulator.engine.compiled.fifo.kernel import run_and_fold
from simulator.engine.compiled.loop.kernel import run
from simulator.units import Floats, Ints
from tests.benchmarks.launches import SPEC, launch
from tests.benchmarks.measure import fifo as play
from tests.examples import examples

SMALL = st.integers(-(1 << 31), 1 << 31)
"""Sums and products of two of them are no longer than 64 bits."""
FLOATS = st.floats(allow_nan=False)
INT = Scalar.INT
SQUARES = np.arange(10) ** 2


def arithmetic(a: int, b: int) -> int:
    c = a + b * 3 - (a & b | 5) ^ b
    c += (a >> 3) + (b << 2) - a * b
    return -c


def divisions(a: int, b: int) -> int:
    return a // b * 7 + a % b if b != 0 else a // 3 - a % -5


def comparisons(a: int, b: int) -> int:
    found = 0
    if a < b <= 10 or not a > b:
        found += 1
    if a in (1, b, 3) and b >= 0:
        found += 2
    found += a > b
    return found + int(a != 7) + (4 if -5 <= a < 5 else 8)


def short(a: int, b: int) -> int:
    """What stands to the right is not worked out where the left decides."""
    table, beyond = SQUARES, a < 0 or a >= len(SQUARES)
    if beyond or table[a] > b:
        return -1
    return int(table[a])


def extremes(a: int, b: int) -> int:
    return min(a, b, 5) + max(a, b) * 2 - max(0, a)


def loops(a: int, b: int) -> int:
    total, i = 0, 0
    while True:
        i += 1
        if i > 20:
            break
        if i % 3 == 0:
            continue
        total += i * a
    for j in range(10, b % 7, -2):
        total -= j
        for k in range(j):
            if k == 4:
                break
            total += k * b
    return total


def several(a: int, b: int) -> int:
    first, second = b, a
    first, second = second, first
    low, is_low = lower(first, second)
    return low * 2 + is_low


@inlined
def lower(a: int, b: int) -> tuple[int, bool]:
    if a < b:
        return a, True
    return b, False


def calls(a: int, b: int) -> int:
    return descend(a % 50, b) + zeros_before(abs_of(a))


@called
def descend(depth: int, by: int) -> int:
    """Parameters are set anew, and a function may call itself."""
    if depth <= 0:
        return by
    depth -= 1
    return descend(depth, by + 1)


@called
def abs_of(a: int) -> int:
    return -a if a < 0 else a


WHOLE = (arithmetic, divisions, comparisons, short, extremes, loops, several, calls)


@pytest.fixture(scope="module", autouse=True)
def _nothing_is_kept() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(code, "folder", lambda: None)
        yield


COMPILED: dict[Any, Any] = {function: kept(function) for function in WHOLE}


@pytest.mark.parametrize("function", WHOLE, ids=lambda function: function.__name__)
@given(a=SMALL | st.integers(-12, 12), b=SMALL | st.integers(-12, 12))
def test_whole_numbers_are_those_of_python(
    function: Callable[[int, int], int], a: int, b: int
) -> None:
    assert COMPILED[function](a, b) == int(function(a, b))


@kept
def floats_of(a: float, n: int) -> float:
    c = n / 4 + a * 2 - 1.5
    if a <= 0.0:
        return -c if c != 0.0 else 0.1
    c += math.log(a) / math.sqrt(a)
    return min(c, math.exp(-a), 1.0)


@given(a=st.floats(-1e100, 1e100), n=SMALL)
def test_floats_are_those_of_python_to_the_last_bit(a: float, n: int) -> None:
    assert floats_of(a, n) == floats_of.__wrapped__(a, n)  # type: ignore[attr-defined]


@kept
def rounded(a: float) -> int:
    return int(a) + math.ceil(a)


@given(a=st.floats(-(2.0**61), 2.0**61))
def test_a_float_becomes_a_whole_number_as_in_python(a: float) -> None:
    assert rounded(a) == int(a) + math.ceil(a)


@kept
def quotient(a: int, b: int) -> int:
    return a // b


@kept
def remainder(a: int, b: int) -> int:
    return a % b


@examples("a, b, whole, rest",
    ("nothing is raised", 5, 0, 0, 0),
    ("rounded down", -7, 2, -4, 1),
    ("what is left has the sign of the divisor", 7, -2, -4, -1),
    ("it wraps", -(1 << 63), -1, -(1 << 63), 0),
)  # fmt: skip
def test_divisions(a: int, b: int, whole: int, rest: int) -> None:
    assert (quotient(a, b), remainder(a, b)) == (whole, rest)


class Inner(NamedTuple):
    rows: Ints
    is_doubled: bool


class Outer(NamedTuple):
    shift: int
    inner: Inner
    weights: Floats


@kept
def summed(outer: Outer, into: Ints) -> int:
    rows = outer.inner.rows
    total = 0
    for i in range(len(rows)):
        row = rows[i]
        for j in range(rows.shape[1]):
            for k in range(rows.shape[2]):
                into[i] += row[j, k] + int(outer.weights[k] * 2)
                total += (row[j][k] << outer.shift) * (2 if outer.inner.is_doubled else 1)
    return total


@pytest.mark.parametrize("is_doubled", [False, True])
def test_arrays_and_named_tuples(is_doubled: bool) -> None:
    rows = np.arange(24).reshape(2, 3, 4)
    outer = Outer(3, Inner(rows, is_doubled), np.array([0.5, 1.0, 1.5, 2.0]))
    into, by_hand = np.zeros(2, np.int64), np.zeros(2, np.int64)
    assert summed(outer, into) == summed.__wrapped__(outer, by_hand)  # type: ignore[attr-defined]
    assert into.tolist() == by_hand.tolist() == [66 + 30, 210 + 30]


def test_rows_that_do_not_lie_one_behind_the_other_are_refused() -> None:
    outer = Outer(3, Inner(np.zeros((2, 3, 4), np.int64)[:, ::2], is_doubled=False), np.zeros(4))
    with pytest.raises(TypeError, match="arrays"):
        summed(outer, np.zeros(2, np.int64))


@pytest.mark.parametrize("entry", [run, run_and_fold, COMPILED[loops]])
def test_what_is_compiled_again_is_the_same(entry: Any) -> None:
    """A function that several entries share is read once, and nothing that was read is changed."""
    play(launch(10, SPEC))
    kinds = next(iter(entry.loaded), (INT, INT) if entry is COMPILED[loops] else (INT,))
    assert Program().text(entry.compiled, kinds) == Program().text(entry.compiled, kinds)


# What is refused ----------------------------------------------------------------------------------


def unmarked(a: int) -> int:
    return plain(a)


def plain(a: int) -> int:
    return a


def of_two_kinds(a: int) -> int:
    b = a
    if a > 1:
        b = 1.5  # type: ignore[assignment]
    return b


def comprehends(a: int) -> int:
    return sum(i for i in range(a))


def raises(a: int) -> int:
    raise ValueError(a)


def floors_floats(a: int) -> int:
    return int(a / 2 // 3)


def unknown(a: int) -> int:
    return a + nowhere  # type: ignore[name-defined, no-any-return]  # noqa: F821


def gives_text(a: int) -> str:
    return str(a)


@examples("function, says",
    ("a function that is not marked", unmarked, "is not marked as compiled"),
    ("a variable of two kinds", of_two_kinds, "is no int"),
    ("a comprehension", comprehends, "GeneratorExp: not in compiled code"),
    ("an error", raises, "Raise: not in compiled code"),
    ("floats rounded down", floors_floats, "FloorDiv: not between floats"),
    ("a name that nobody knows", unknown, "nowhere is not known"),
    ("what is no number", gives_text, "gives neither numbers nor nothing"),
)  # fmt: skip
def test_what_compiled_code_cannot_say_is_told_with_its_line(
    function: Callable[[int], Any], says: str
) -> None:
    with pytest.raises(CannotCompile, match=f"test_compiler.py:[0-9]+: .*{says}"):
        kept(function)(3)
