"""Where compiled code is kept: a folder of its own for each state of the sources.

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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numba


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
    digest.update(f"{numba.__version__} {platform.python_version()}".encode())
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


@contextmanager
def cached() -> Iterator[None]:
    """Functions decorated in here are kept in our folder; other users of numba keep theirs."""
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder())
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before
