"""How code is compiled, and where it is kept: a folder of its own for each state of the sources.

Numba's cache looks only at the time stamp of the one file that holds a function, and would serve
stale code after a function that it calls has changed in another file.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import sys
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache, cached_property
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Protocol, TypeVar, cast

from numba import __version__ as numba_version
from numba import njit, types
from numba.core import config
from numba.extending import intrinsic, register_jitable

from simulator.host.temporary import temporary_folder
from simulator.timetable import draws

F = TypeVar("F", bound=Callable[..., Any])


TAKING_PART = (
    "units.py", "timetable", "system", "outcomes", "engine/rules.py", "engine/compiled",
)  # fmt: skip
"""Of the simulator: whole folders, so that no file's name decides which code is stale."""


def sources() -> list[Path]:
    """Every file that may take part in the compiled code."""
    simulator = Path(__file__).parents[2]
    assert simulator.name == "simulator"
    found = (simulator / name for name in TAKING_PART)
    return sorted(file for each in found for file in (each, *each.rglob("*.py")) if file.is_file())


def fingerprint() -> str:
    digest = hashlib.sha256()
    digest.update(f"{numba_version} {platform.python_version()}".encode())
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def home() -> Path:
    """The user's folder for what can be made again."""
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"


@cache
def folder() -> Path | None:
    """A folder that can be written; if need be a temporary one, compiled anew each time.

    None where not even that can be made: then nothing is kept.
    """
    try:
        # Path.home() raises RuntimeError for an account without a home.
        chosen = home() / "surgeproof" / fingerprint()
        chosen.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return throwaway()
    return chosen if os.access(chosen, os.W_OK | os.X_OK) else throwaway()


def is_first_use() -> bool:
    """Whether nothing has been compiled into the folder yet."""
    kept_in = folder()
    return kept_in is None or next(kept_in.rglob("*.nbi"), None) is None


def throwaway() -> Path | None:
    """Fresh and private: code is loaded from it, so nobody else may have written there."""
    held = ExitStack()
    try:
        path = held.enter_context(temporary_folder("surgeproof-compiled-"))
    except OSError:
        return None
    atexit.register(held.close)
    return path


OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False}
"""Kernels allocate nothing and keep no array, so arrays need no reference counts. Counting takes nine
tenths of the time, and makes nested calls compile for ever (both measured)."""


def inlined(function: F) -> F:
    """For small parts of a loop, and those with many arguments: compiled into their callers.

    What such a part calls is compiled once more, with its options: twice the time, if it calls much.
    """
    jitable: F = register_jitable(forceinline=True, **OPTIONS)(function)
    return jitable


def called(function: F) -> F:
    """For larger parts with few arguments: compiled once, whoever calls them."""
    jitable: F = register_jitable(**OPTIONS)(function)
    return jitable


def kept(function: F) -> F:
    """Compile on the first call, and keep the code; importing alone touches no folder."""
    dispatcher: Any = njit(nogil=True, **OPTIONS)(function)
    dispatcher._cache = Keeper(dispatcher)  # noqa: SLF001 - numba has no word for it
    return cast("F", dispatcher)


class Keeper:
    """Numba's cache of one function, whose folder is asked for at its first compilation.

    What cannot be kept, or read back, is compiled anew: a full disk ends no prediction.
    """

    cache_path = None
    """As numba asks any cache for it: it says "nowhere" of one that has not been used."""

    def __init__(self, dispatcher: Any) -> None:
        self.dispatcher = dispatcher

    @cached_property
    def numbas(self) -> Any:
        """Numba's own cache, in our folder; its other users keep theirs. None where nothing is kept."""
        where = folder()
        if where is None:
            return None
        settings: Any = config
        before = settings.CACHE_DIR
        settings.CACHE_DIR = str(where)
        try:
            self.dispatcher.enable_caching()
        except RuntimeError:  # numba's word for a folder that cannot be made or written, after all
            return None
        finally:
            settings.CACHE_DIR = before
        made, self.dispatcher._cache = self.dispatcher._cache, self  # noqa: SLF001
        return made

    def load_overload(self, *of: Any) -> Any:
        with suppress(OSError, EOFError, UnpicklingError):
            return self.numbas and self.numbas.load_overload(*of)
        return None

    def save_overload(self, *of: Any) -> None:
        with suppress(OSError):
            if self.numbas:
                self.numbas.save_overload(*of)


class Memory(Protocol):
    """Words at addresses: 64-bit integers, as compiled code sees them, without any check."""

    def __getitem__(self, address: int, /) -> int: ...
    def __setitem__(self, address: int, word: int, /) -> None: ...


class FloatMemory(Protocol):
    """The same words as floats."""

    def __getitem__(self, address: int, /) -> float: ...
    def __setitem__(self, address: int, number: float, /) -> None: ...


def pointer(where: Any, word: Any) -> Any:
    """How a pointer to words comes from an integer, or from another pointer."""
    any_types: Any = types
    kind = any_types.CPointer(word)

    def code(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        wanted = context.get_value_type(kind)
        if isinstance(where, types.Integer):
            return builder.inttoptr(arguments[0], wanted)
        return builder.bitcast(arguments[0], wanted)

    return kind(where), code


@intrinsic
def _words_at(_typing: Any, where: Any) -> Any:
    return pointer(where, types.int64)


@intrinsic
def _as_floats(_typing: Any, where: Any) -> Any:
    return pointer(where, types.float64)


words_at = cast("Callable[[int], Memory]", _words_at)
"""The memory that begins at the address of an array's data."""

as_floats = cast("Callable[[Memory], FloatMemory]", _as_floats)
"""The same memory, its words seen as floats."""

for draw in draws.COMPILED:
    register_jitable(draw)
