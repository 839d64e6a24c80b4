"""What a setting must be, said where it is not."""

from __future__ import annotations

from simulator.errors import UsageError


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def require_whole(name: str, value: object, low: int, high: int) -> None:
    """Raises UsageError where a setting is no whole number of the range."""
    holds = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    require(holds, name, value, f"a whole number from {low} to {high}")


def require(holds: bool, name: str, value: object, wanted: str) -> None:
    """Raises UsageError where a setting is not what it may be."""
    if not holds:
        raise UsageError(f"the target's {name} is {value!r}; it must be {wanted}")
