"""How code is compiled, and where it is kept: a folder of its own for each state of the sources.

The file of one function says nothing of those that it calls in others, so the folder goes by all of
them together.
"""

from __future__ import annotations

import atexit
import ctypes
import hashlib
import os
import platform
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cache, update_wrapper
from pathlib import Path
from threading import Lock
from types import FunctionType
from typing import Generic, ParamSpec, TypeVar, cast

from llvmlite import __version__ as llvmlite_version

from simulator.engine.compiled.compiler.kinds import Kind, float_of, kind_of, words_of
from simulator.engine.compiled.compiler.machine import Loaded, object_code, processor
from simulator.engine.compiled.compiler.marks import (
    FloatMemory,
    Memory,
    as_floats,
    called,
    inlined,
    words_at,
    zeros_before,
)
from simulator.engine.compiled.compiler.program import Program
from simulator.host.cache import cache_home
from simulator.host.temporary import temporary_folder
from simulator.timetable import draws

__all__ = [
    "FloatMemory", "Memory", "as_floats", "called", "inlined", "kept", "words_at", "zeros_before",
]  # fmt: skip

P = ParamSpec("P")
R = TypeVar("R")


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
    """Of all that decides what the code is: compiler, machine and sources."""
    digest = hashlib.sha256()
    digest.update(f"{llvmlite_version} {platform.python_version()} {processor()}".encode())
    for path in sources():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def folder() -> Path | None:
    """A folder that can be written; if need be a temporary one, compiled anew each time.

    None where not even that can be made: then nothing is kept.
    """
    try:
        # Path.home() raises RuntimeError for an account without a home.
        chosen = cache_home() / "surgeproof" / fingerprint()
        chosen.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return throwaway()
    return chosen if os.access(chosen, os.W_OK | os.X_OK) else throwaway()


def is_first_use() -> bool:
    """Whether nothing has been compiled into the folder yet."""
    kept_in = folder()
    return kept_in is None or next(kept_in.glob("*.o"), None) is None


def throwaway() -> Path | None:
    """Fresh and private: code is loaded from it, so nobody else may have written there."""
    held = ExitStack()
    try:
        path = held.enter_context(temporary_folder("surgeproof-compiled-"))
    except OSError:
        return None
    atexit.register(held.close)
    return path


COMPILING = Lock()
"""Held by who compiles: another thread that wants the same finds it done."""


class Entry(Generic[P, R]):
    """A function that Python calls and that is compiled, for each kind of arguments when it is called."""

    def __init__(self, function: Callable[P, R]) -> None:
        self.compiled = cast("FunctionType", called(function))
        self.gives_float = function.__annotations__.get("return") == "float"
        self.loaded: dict[tuple[Kind, ...], Loaded] = {}
        update_wrapper(self, function)

    def __call__(self, *arguments: P.args, **_: P.kwargs) -> R:
        kinds = tuple(kind_of(argument) for argument in arguments)
        if kinds not in self.loaded:
            with COMPILING:
                if kinds not in self.loaded:
                    self.loaded[kinds] = Loaded(self.code(kinds))
        words = [word for argument in arguments for word in words_of(argument)]
        found = self.loaded[kinds].call((ctypes.c_int64 * len(words))(*words))
        return cast("R", float_of(found) if self.gives_float else found)

    def code(self, kinds: tuple[Kind, ...]) -> bytes:
        """From the folder, or compiled now and kept there."""
        name = hashlib.sha256(f"{self.compiled.__module__} {kinds}".encode()).hexdigest()[:16]
        where = folder()
        file = where and where / f"{self.compiled.__name__}-{name}.o"
        known = file and read_back(file)
        if known:
            return known
        code = object_code(Program().text(self.compiled, kinds))
        if file:
            keep(file, code)
        return code


def kept(function: Callable[P, R]) -> Entry[P, R]:
    """Compile on the first call, and keep the code; importing alone touches no folder."""
    return Entry(function)


def keep(file: Path, code: bytes) -> None:
    """Whole or not at all. What cannot be kept is compiled anew: a full disk ends no prediction."""
    part = file.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        part.write_bytes(hashlib.sha256(code).digest() + code)
        part.replace(file)
    with suppress(OSError):
        part.unlink(missing_ok=True)


def read_back(file: Path) -> bytes | None:
    """What was kept; None where there is nothing, or not what was written."""
    with suppress(OSError):
        content = file.read_bytes()
        digest, code = content[:DIGEST_BYTES], content[DIGEST_BYTES:]
        return code if digest == hashlib.sha256(code).digest() else None
    return None


DIGEST_BYTES = hashlib.sha256().digest_size

for draw in draws.COMPILED:
    called(draw)
