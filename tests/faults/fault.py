"""What a fault of a replay is: when it strikes, what it is, and how the replay may then end."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tests.faults.scene import Scene, at_once, rehearsing
from tests.faults.strikes import Strike, nothing
from tests.launches.files import LAUNCH

Around = Callable[[Scene], AbstractContextManager[None]]
"""What is there from before the replay starts until after it has ended; it may change how it is started."""

LONG = LAUNCH.replace('for = "3 s"', 'for = "8 s"')
MORE_THAN_IS_SERVED = LAUNCH.replace("300]]", "2400]]")
"""1.2 times as many: 64 soon wait."""
ROOT, GCC = "root", "gcc"


@dataclass(frozen=True)
class Fault:
    """One that strikes when the replay is so far; how it then ends."""

    at: Callable[[Scene], bool] = at_once
    strike: Strike = nothing
    code: tuple[int, ...] = (3,)
    says: str = ""
    """What its last line matches."""
    shows: str = ""
    """What stands in all that it says: the reason."""
    within_s: float = 0.0
    """How long after it is so far it strikes at most: by the seed."""
    limits: dict[int, int] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()
    """Further words of the command line."""
    around: tuple[Around, ...] = ()
    launch: str = LAUNCH
    needs: str = ""
    """What not every machine has."""
    kept: bool = True
    """Whether the run can be reported afterwards, with the same exit code."""
    spoils: bool = False
    """Whether it takes away what was written already."""
    silences: bool = False
    """Whether who measures is killed, or cannot tell any more: what it had not told yet is lost with it."""
    alone: bool = False
    """Whether it is about the machine's processor, so that nothing else may run beside it."""

    @property
    def never_passes(self) -> bool:
        """Whether exit code 0 would be a false pass."""
        return 0 not in self.code


def in_the_middle(
    strike: Strike,
    code: int | tuple[int, ...] = 3,
    says: str = "",
    *,
    shows: str = "",
    silences: bool = False,
    more: tuple[str, ...] = (),
    around: tuple[Around, ...] = (),
    needs: str = "",
) -> Fault:
    """One that strikes within the surge, while at least half of the visitors are still to come."""
    codes = code if isinstance(code, tuple) else (code,)
    return Fault(
        rehearsing, strike, codes, says, shows, within_s=2.5, launch=LONG, silences=silences,
        more=more, around=around, needs=needs,
    )  # fmt: skip
