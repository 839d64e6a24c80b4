"""Which functions are compiled, and the few that are known to LLVM itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

MARKED: dict[Any, str] = {}
"""The functions that may be called in compiled code, and what LLVM is told of each."""


def inlined(function: F) -> F:
    """For small parts of a loop: compiled into each of their callers."""
    MARKED[function] = "alwaysinline"
    return function


def called(function: F) -> F:
    """For larger parts: LLVM decides."""
    MARKED[function] = ""
    return function


class Memory(Protocol):
    """Words at addresses: 64-bit integers, as compiled code sees them, without any check."""

    def __getitem__(self, address: int, /) -> int: ...
    def __setitem__(self, address: int, word: int, /) -> None: ...


class FloatMemory(Protocol):
    """The same words as floats."""

    def __getitem__(self, address: int, /) -> float: ...
    def __setitem__(self, address: int, number: float, /) -> None: ...


def _compiled_only(*_: Any) -> Any:
    raise NotImplementedError("memory at an address: in compiled code only")


def _words_at(address: int) -> Any:
    return _compiled_only(address)


def _as_floats(memory: Memory) -> Any:
    return _compiled_only(memory)


words_at = cast("Callable[[int], Memory]", _words_at)
"""The memory that begins at the address of an array's data."""

as_floats = cast("Callable[[Memory], FloatMemory]", _as_floats)
"""The same memory, its words seen as floats."""


def zeros_before(value: int) -> int:
    """How many of a number's 64 bits are zero before the first that is not."""
    return 64 - value.bit_length() if value >= 0 else 0
