"""Commands of the front door, run in this process: what they print, and how they end."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from surgeproof.door import app


class Done(NamedTuple):
    code: int
    out: str
    err: str


def surgeproof(
    *words: str | Path, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Done:
    """Run a command to its end; what it does to signals is undone."""
    kept = signal.getsignal(signal.SIGTERM)
    try:
        done = CliRunner().invoke(app, [str(word) for word in words], input=stdin, env=env)
    finally:
        signal.signal(signal.SIGTERM, kept)
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return Done(done.exit_code, done.stdout, done.stderr)
