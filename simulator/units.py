"""The units and arrays that everything is counted in: integer nanoseconds, in 64 bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

NS_PER_S = 1_000_000_000
NS_PER_MINUTE = 60_000_000_000
NS_PER_DAY = 86_400_000_000_000

FOREVER = 1 << 62
"""A duration that never ends, in nanoseconds (146 years)."""

UNBOUNDED = 1 << 40
"""More places than anybody could fill."""

MILLION = 1_000_000

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def frozen_ints(values: ArrayLike) -> Ints:
    """A read-only copy."""
    array = np.array(values, dtype=np.int64)
    array.setflags(write=False)
    return array


def frozen_floats(values: ArrayLike) -> Floats:
    """A read-only copy."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
