"""Stop where a folder of another project hides one of ours: their names are common words."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PACKAGES = ("simulator", "scenarios", "reports")


def stranger(home: Path) -> str | None:
    """A sentence about the first package that does not come from ``home``; None if all do."""
    for name in PACKAGES:
        spec = importlib.util.find_spec(name)
        found = Path(spec.origin).resolve().parent if spec and spec.origin else None
        if found != home / name:
            return (
                f"the package {name!r} comes from {found or 'nowhere'}, not from {home / name}: run"
                " surgeproof from another folder, or install it with pipx or uv tool"
            )
    return None
