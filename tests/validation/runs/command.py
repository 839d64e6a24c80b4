"""The command line as users have it: in a process of its own, which is ended if it hangs."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

LAST_WORDS = 400
"""So many characters of what a command said are kept where it failed."""


class Failed(Exception):
    """A command did not do what it was asked; the text says which, and its last words."""


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended, and what it said."""

    code: int
    said: str


def surgeproof(
    *words: str | Path, folder: Path, within_s: float, env: Mapping[str, str] | None = None
) -> Done:
    """One verb, to its end.

    Raises Failed where it takes longer than ``within_s``; it and all its children are killed then.
    """
    verb = str(words[0])
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "surgeproof", *map(str, words)], cwd=folder, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | dict(env or {}), start_new_session=True,
    )  # fmt: skip
    try:
        said, _ = child.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        said = killed(child)
        raise Failed(f"surgeproof {verb} took more than {within_s:.0f} s: {end_of(said)}") from None
    except BaseException:
        killed(child)
        raise
    return Done(child.returncode, said)


def killed(child: subprocess.Popen[str]) -> str:
    """End it with its session, and hear what it had said."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    said, _ = child.communicate()
    return said


def require(done: Done, codes: tuple[int, ...], verb: str) -> None:
    """Raises Failed unless it ended with one of these, and showed nobody a traceback."""
    if done.code not in codes or "Traceback" in done.said:
        raise Failed(f"surgeproof {verb} ended with {done.code}: {end_of(done.said)}")


def end_of(said: str) -> str:
    return " ".join(said.split())[-LAST_WORDS:]
