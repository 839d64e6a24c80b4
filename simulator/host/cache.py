"""Where a user's files lie that can be made again at any time."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_home() -> Path:
    """The user's folder for what can be made again; RuntimeError for an account without a home."""
    if "XDG_CACHE_HOME" in os.environ:
        return Path(os.environ["XDG_CACHE_HOME"])
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path.home() / ".cache"
