"""Which requests of a log are arrivals."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scenarios.recording.logs.hit import Hit, Skip
from simulator.errors import UsageError
from simulator.units import NS_PER_S

STATUS = re.compile(r"0|[1-9](?:[0-9]{2}|xx)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests of a log are arrivals."""

    opening_s: int | None = None
    """Nobody is taken before; None: the first to be taken opens the launch."""
    path: str | None = None
    """Exactly this one; with a star at its end, all that begin so."""
    method: str | None = None
    statuses: tuple[str, ...] = ()
    """``201``, or ``2xx`` for all of a kind; none: any."""

    def __post_init__(self) -> None:
        if self.path is not None and not self.path.startswith("/"):
            raise UsageError(f'--path is "{self.path}"; paths begin with /, as in /signup')
        for status in self.statuses:
            if not STATUS.fullmatch(status):
                raise UsageError(f'--status has "{status}"; write 201, or 2xx, or 200,3xx')

    def refuses(self, hit: Hit) -> Skip | None:
        """Why a request is no arrival."""
        if self.opening_s is not None and hit.at_ns < self.opening_s * NS_PER_S:
            return Skip.EARLY
        if self.path is not None and not self._is_path(hit.path):
            return Skip.PATH
        if self.method is not None and hit.method != self.method.upper():
            return Skip.METHOD
        kinds = (str(hit.status), f"{hit.status // 100}xx")
        if self.statuses and not any(kind in self.statuses for kind in kinds):
            return Skip.STATUS
        return None

    def _is_path(self, path: str) -> bool:
        wanted = self.path or ""
        return path.startswith(wanted[:-1]) if wanted.endswith("*") else path == wanted
