"""Commands that a launch names: programs of this machine, run without a shell, and only by leave.

What stands in for a placeholder is a part of one argument, whatever characters it has.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simulator.errors import UsageError
from simulator.scenario.scenario import Scenario
from simulator.text.placeholders import filled

FLAG = "--allow-commands"
LONGEST_LINE = 160
MOST_BYTES = 1 << 20
"""Of what a command prints that is read."""


@dataclass(frozen=True, slots=True)
class Command:
    """One that can be run."""

    text: str
    """As the launch file has it."""
    folder: Path
    """Where it is run: that of the launch file."""

    def arguments(self, values: Mapping[str, str]) -> list[str]:
        """Its program and what that is given."""
        return [filled(part, values.__getitem__) for part in shlex.split(self.text)]

    def run(self, values: Mapping[str, str], most_s: float) -> tuple[int | None, bytes]:
        """Its exit code, and what it printed, messages included; None: it was ended after so long.

        Raises OSError where it cannot be started.
        """
        with tempfile.TemporaryFile() as out:
            process = subprocess.Popen(
                self.arguments(values), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            try:
                code: int | None = process.wait(most_s)
            except subprocess.TimeoutExpired:
                code = None
            finally:
                end(process)
            out.seek(0)
            return code, out.read(MOST_BYTES)

    def in_words(self, values: Mapping[str, str], most_s: float) -> str:
        """Run it; how that ended, with the last line of what it printed."""
        try:
            code, printed = self.run(values, most_s)
        except OSError as error:
            return f"({self.text}) cannot be run: {(error.strerror or str(error)).lower()}"
        lines = printed.decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "")
        said = f": {last[:LONGEST_LINE]}" if last else ""
        if code is None:
            return f"({self.text}) took longer than {most_s:.0f} s and was ended{said}"
        how = "ended well" if code == 0 else f"failed (exit code {code})"
        return f"({self.text}) {how}{said}"


def end(process: subprocess.Popen[bytes]) -> None:
    """It and whatever it started and left behind."""
    with suppress(ProcessLookupError, PermissionError):  # nobody is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def command_of(text: str, scenario: Scenario, key: str) -> Command:
    """Raises UsageError where it cannot be run, before anything is sent."""
    folder = Path(scenario.file).parent.resolve()
    try:
        program = next(iter(shlex.split(text)), "")
    except ValueError as wrong:
        raise UsageError(f"{key} ({text}) cannot be read as a command: {wrong}") from None
    place = str(folder / program) if "/" in program else program
    if not program or shutil.which(place) is None:
        raise UsageError(
            f'{key}: there is no program "{program}" that can be run (seen from {folder})'
        )
    return Command(text, folder)


def named_in(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """The commands of a launch, by their keys."""
    replay = scenario.words.replay
    if replay is not None and replay.mail is not None and replay.mail.command is not None:
        yield "replay.mail.command", replay.mail.command
    if replay is not None and replay.cleanup is not None:
        yield "replay.cleanup", replay.cleanup


def mails_in_words(scenario: Scenario) -> Iterator[str]:
    """What is listened on and run while a launch is sent."""
    replay = scenario.words.replay
    if replay is not None and replay.mail is not None and replay.mail.listen is not None:
        yield f"mails to visitors are caught by SMTP at {replay.mail.listen} (replay.mail)"
    for key, text in named_in(scenario):
        yield f"the command {text} is run on this machine ({key})"


def require_leave(scenario: Scenario, *, allowed: bool) -> None:
    """Raises UsageError where a launch would run a command and nobody said that it may."""
    for key, text in named_in(scenario):
        if not allowed:
            raise UsageError(
                f"{scenario.file} has a command run on this machine ({key}: {text}): if you trust it,"
                f" allow it with {FLAG}, or leave {key} out"
            )
        command_of(text, scenario, key)
