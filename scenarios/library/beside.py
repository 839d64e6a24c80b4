"""Files beside a launch: those that it names, and only those that lie in its own folder.

A launch file may come from a stranger, and what it names is read by whoever tries it, in CI with all
that CI may read. So a path that leads out of the folder, by itself or through a link, is opened only
where the user says so, and then too it must be a file: a pipe or a device may have no end.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scenarios.text_files import bytes_of, decoded
from simulator.host.named_files import NotRead

FLAG = "--allow-files"


@dataclass(frozen=True, slots=True)
class Beside:
    """Reads what a launch in a folder names."""

    folder: Path
    allow_files: bool = False
    """Anywhere, not in the folder only."""

    def __call__(self, named: str) -> str:
        """Raises :class:`NotRead`, or OSError."""
        path = self._resolved(named)
        if not self.allow_files and not path.is_relative_to(self.folder.resolve()):
            problem = "is outside the folder of the launch file"
            raise NotRead(problem, f"copy it there, or allow it with {FLAG}")
        return decoded(bytes_of(path))

    def _resolved(self, named: str) -> Path:
        """Where a path leads in the end."""
        try:
            return (self.folder / named).resolve()
        except (OSError, RuntimeError, ValueError):  # links in a circle, a zero character
            raise NotRead("is not a path to a file", "name a file") from None
