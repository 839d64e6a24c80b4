"""What can go wrong, as one tree.

::

    SurgeproofError                 exit code (DESIGN: "What holds means")
    ├── ScenarioError               2  the file is wrong: every mistake at once
    ├── UsageError                  2  the command is wrong: a port, a folder, an option
    ├── TargetError                 3  the target could not be judged
    │   ├── Unreachable             3  nobody answers there
    │   └── Misbehaved              3  it answers, but not as agreed
    ├── TargetRefused               5  sending load there was not allowed
    ├── InvalidRun                  3  the instrument failed, so the run says nothing
    │   └── NotKept                 3  what was measured or made could not be written
    └── Stopped                     4  the kill switch ended the run

An invalid run is never reported as a failed target.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


class SurgeproofError(Exception):
    """Something a user can read and mend; never shown as a traceback."""

    exit_code: ClassVar[int] = 2


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong in a file: where, what, and how to mend it."""

    file: str
    key: str
    problem: str
    remedy: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.problem}" + (f" ({self.remedy})" if self.remedy else "")


class ScenarioError(SurgeproofError):
    """A scenario that cannot be used, with all of its mistakes."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(str(mistake) for mistake in self.mistakes))


class UsageError(SurgeproofError):
    """A command that cannot be carried out as it was given."""


class TargetError(SurgeproofError):
    """The target could not be judged."""

    exit_code = 3


class Unreachable(TargetError):
    """Nobody answers at the target's address."""


class Misbehaved(TargetError):
    """The target answers, but not as was agreed."""


class TargetRefused(SurgeproofError):
    """Load was not sent, because nobody allowed it for this host."""

    exit_code = 5


class InvalidRun(SurgeproofError):
    """The instrument failed: the run says nothing about the target."""

    exit_code = 3


class Damaged(UsageError):
    """The folder of a run that cannot be read any more, or that never held anything: nobody can judge it."""

    exit_code = 3


class NotKept(InvalidRun):
    """A file could not be written or read, and no mistake of the command is to blame."""


class Stopped(SurgeproofError):
    """The kill switch ended the run; what was measured is kept."""

    exit_code = 4
