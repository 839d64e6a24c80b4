"""How code is compiled, and where it is kept: a folder of its own for each state of the sources.

Numba's cache looks only at the time stamp of the one file that holds a function, and would serve
stale code after a function that it calls has changed in another file.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import __version__ as numba_version
from numba import njit
from numba.core import config
from numba.extending import register_jitable

from simulator import draws

F = TypeVar("F", bound=Callable[..., Any])


def sources() -> list[Path]:
    """Everything that takes part in the compiled code."""
    here = Path(__file__).parent
    return [
        here / "draws.py",
        here / "engine.py",
        here / "outcomes.py",
        *sorted(here.glob("compiled*.py")),
    ]


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
def folder() -> Path:
    """A folder that can be written; if need be a temporary one, compiled anew each time."""
    try:
        # Path.home() raises RuntimeError for an account without a home.
        chosen = home() / "surgeproof" / fingerprint()
        chosen.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        return throwaway()
    return chosen if os.access(chosen, os.W_OK | os.X_OK) else throwaway()


def throwaway() -> Path:
    """Fresh and private: code is loaded from it, so nobody else may have written there."""
    path = tempfile.mkdtemp(prefix="surgeproof-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return Path(path)


inlined = register_jitable(forceinline=True)
"""For the parts of the event loop. As calls, each with the whole state for its arguments, they take
five times as long (measured), and they compile no faster."""


def kept(function: F) -> F:
    """Compile on the first call, into our folder; other users of numba keep theirs.

    Kernels allocate nothing and keep no array, so arrays need no reference counts. Counting takes
    nine tenths of the time (measured).
    """
    options: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    settings: Any = config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder())
    try:
        return cast("F", njit(**options)(function))
    finally:
        settings.CACHE_DIR = before


for draw in draws.COMPILED:
    register_jitable(draw)
