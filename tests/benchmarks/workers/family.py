"""The processes of one replay from the command line, by what each is, and how much memory and time they take."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

CHILD = "scenarios.replay.child.__main__"


def started(words: Sequence[str | Path]) -> subprocess.Popen[str]:
    """A command of surgeproof in a process of its own, which reads from nobody."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "surgeproof", *map(str, words)], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def family_of(command: int) -> dict[str, psutil.Process]:
    """Those that live, by their names in a table; empty once the command has ended."""
    found: dict[str, psutil.Process] = {}
    with suppress(psutil.NoSuchProcess):
        parent = psutil.Process(command)
        found["the command"] = parent
        for child in parent.children():
            with suppress(psutil.NoSuchProcess):
                if name := role_of(child.cmdline()):
                    found[name] = child
    return found


def role_of(words: Sequence[str]) -> str:
    """What a process does, by its command line; nothing where it is none of a replay's.

    >>> role_of(["python", CHILD, "--master", "here", "--called", "worker 2 on host"])
    'worker 2'
    """
    if CHILD not in words:
        return ""
    if "--listen" in words:
        return "the master"
    if "--called" in words:
        return words[words.index("--called") + 1].partition(" on ")[0]
    return "the only worker"


def resident_bytes(family: dict[str, psutil.Process]) -> dict[str, int]:
    """Of each that lives still."""
    found = {}
    for name, process in family.items():
        with suppress(psutil.NoSuchProcess):
            found[name] = process.memory_info().rss
    return found
