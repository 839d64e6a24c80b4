"""A command of ours, run to its end by another program: the object that it prints, or why there is none."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surgeproof.endings import CLEARS_UP_S, STARTER_VARIABLE

PROGRAM = (sys.executable, "-P", "-m", "surgeproof")
"""Not on the path of whoever runs it: a folder of his may be called as one of ours."""


UNJUDGED = 3
"""The exit code where a command that judged nothing ended with 0."""
NO_VERDICT = "it printed no verdict: leave out options that ask for something else (--dry-run, --stress, --help)"


class NotJudged(Exception):
    """A command that judged nothing: a mistake in what was asked, or a failure on the way."""

    def __init__(self, exit_code: int, sentence: str) -> None:
        self.exit_code, self.sentence = exit_code, sentence
        super().__init__(f"{sentence} (exit code {exit_code})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A command that came to a verdict."""

    exit_code: int
    record: Mapping[str, Any]
    """What ``--json`` prints."""


def on(told: str) -> None:
    """Hand on what a command told."""
    sys.stderr.write(told)


def ended(words: Sequence[str], folder: Path, *, hear: Callable[[str], object] = on) -> Ended:
    """Run it, and hand on what it tells; what it prints is for us.

    Raises NotJudged.
    """
    code, printed, told = run([*PROGRAM, *words], folder)
    hear(told)
    if not printed.strip():
        raise NotJudged(code, sentence_of(told) or "surgeproof ended without a word")
    try:
        return Ended(exit_code=code, record=json.loads(printed))
    except ValueError:
        raise NotJudged(code, f"what surgeproof printed is not JSON: {printed[:200]}") from None


def judged(words: Sequence[str], folder: Path, *, hear: Callable[[str], object] = on) -> Ended:
    """The same of a command that is to come to a verdict.

    Raises NotJudged, also where it prints something else: options may ask for that.
    """
    try:
        found = ended(words, folder, hear=hear)
    except NotJudged as wrong:
        raise NotJudged(wrong.exit_code or UNJUDGED, wrong.sentence) from None
    if not isinstance(found.record, dict) or "verdict" not in found.record:
        raise NotJudged(found.exit_code or UNJUDGED, NO_VERDICT)
    return found


def run(command: Sequence[str], folder: Path) -> tuple[int, str, str]:
    """Its exit code, and what it printed and told.

    Whatever ends us is handed on to it, once: it is of a session of its own, where no Ctrl-C reaches it while it tidies
    up, and load that nobody waits for is sent to nobody. What ends us at once (SIGKILL; SIGTERM, where nobody listens)
    closes the pipe that is its standard input, by which it knows.
    """
    held, ours = os.pipe()
    try:
        with subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | {STARTER_VARIABLE: "1"},
            stdin=held,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        ) as running:
            try:
                printed, told = running.communicate()
            except BaseException:
                running.send_signal(signal.SIGINT)
                end(running)
                raise
    finally:
        os.close(held)
        os.close(ours)
    return running.returncode, printed, told


def end(running: subprocess.Popen[str]) -> None:
    """Wait until it has tidied up; who takes too long for that is stopped."""
    try:
        running.communicate(timeout=CLEARS_UP_S)
    except subprocess.TimeoutExpired:
        running.kill()


def sentence_of(told: str) -> str:
    """What a command told, without its name before each line."""
    lines = [line.removeprefix("surgeproof: ") for line in told.splitlines() if line.strip()]
    return "\n".join(lines)
