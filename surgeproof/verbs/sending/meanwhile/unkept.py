"""What was measured, until it is kept: minutes of load on a target are not to be lost by a full disk."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self, TextIO

from reports.run.folder import RunFolder
from surgeproof.endings import tell


@dataclass(slots=True, kw_only=True)
class Unkept:
    """Prints the stations that were measured, where its block fails before they are in a file."""

    stations: str = ""
    """As a file of stations has them; empty: there are none, or they are kept."""
    out: TextIO = field(default_factory=lambda: sys.stdout)

    def keep(self, folder: RunFolder) -> None:
        """Write them into the run's folder, if there are any. Raises NotKept."""
        if self.stations:
            folder.write(folder.stations, self.stations)
            self.stations = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        if kind is not None and self.stations:
            tell("the stations that were measured are in no file: they are printed")
            print(self.stations, end="", file=self.out, flush=True)
