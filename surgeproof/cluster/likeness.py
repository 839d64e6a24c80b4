"""Likeness: what a worker must have in common with us, so that it comes to the same figures.

It is asked of a worker in the worker's own process.
"""

from __future__ import annotations

import functools
import hashlib
import math
import platform
import struct
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import simulator

Likeness = dict[str, str]
"""What is compared, by its name in words."""

PACKAGES = ("llvmlite", "numpy", "scipy", "simpy")
TRIED = 1000
"""So many arguments of each function of the processor and its C library are compared."""


@functools.cache
def likeness() -> Likeness:
    """Of this process."""
    found = {"surgeproof": f"{installed('surgeproof')}, code {sources()}"}
    found["Python"] = ".".join(platform.python_version_tuple()[:2])
    found |= {name: installed(name) for name in PACKAGES}
    return found | {"logarithms and exponentials": arithmetic()}


def installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # run from a folder
        return "none"


def sources() -> str:
    """A fingerprint of the simulator's code."""
    digest = hashlib.sha256()
    home = Path(simulator.__file__).parent
    for path in sorted(home.rglob("*.py")):
        digest.update(path.relative_to(home).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def arithmetic() -> str:
    """A fingerprint of the functions whose last digit each C library rounds as it likes: all draws use them."""
    shares = [(number + 0.5) / TRIED for number in range(TRIED)]
    values = [f(share) for f in (math.log, math.exp, math.sqrt) for share in shares]
    return hashlib.sha256(struct.pack(f"<{len(values)}d", *values)).hexdigest()[:12]


def unlike(theirs: Likeness, ours: Likeness) -> str:
    """What differs first, in words; empty where nothing does."""
    for name, here in ours.items():
        there = theirs.get(name, "none")
        if there != here:
            return f"{name}: {there} there, {here} here"
    return ""
