"""Paces: factors over time, put together, and none that makes no sense."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.system.pace import Pace
from tests.examples import examples


@st.composite
def paces(draw: st.DrawFn) -> Pace:
    later = draw(st.sets(st.integers(1, 100), max_size=5))
    factors = st.floats(0.1, 10.0)
    starts = [draw(st.integers(-5, 0)), *sorted(later)]
    return Pace.of(starts, (draw(factors) for _ in starts))


@given(paces(), paces(), st.integers(0, 120))
def test_two_paces_at_once_are_their_product_at_every_instant(
    one: Pace, other: Pace, at_ns: int
) -> None:
    assert one.times(other).at(at_ns) == one.at(at_ns) * other.at(at_ns)


def test_it_is_made_of_arrays_too() -> None:
    pace = Pace.of(np.array([0, 10]), np.array([1.0, 2.0], np.float32))
    assert pace == Pace(starts_ns=(0, 10), factors=(1.0, 2.0))
    assert (type(pace.starts_ns[0]), type(pace.factors[0])) == (int, float)


@examples("starts, factors, sentence",
    ("nothing", [], [], "a pace holds from the opening on"),
    ("nothing at the opening", [1], [1.0], "a pace holds from the opening on"),
    ("falling", [0, 9, 5], [1.0] * 3, "the starts of a pace rise"),
    ("twice", [0, 5, 5], [1.0] * 3, "the starts of a pace rise"),
    ("one too few", [0, 5], [1.0], "one factor a start"),
    ("nothing takes any time", [0], [0.0], "above 0, and finite"),
    ("never", [0], [float("inf")], "above 0, and finite"),
    ("no number", [0], [float("nan")], "above 0, and finite"),
)  # fmt: skip
def test_what_is_no_pace(starts: list[int], factors: list[float], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        Pace.of(starts, factors)
