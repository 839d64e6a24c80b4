"""A switch into which machines are plugged, whose ways take time, and can be cut.

Each machine's network card is a TAP device: what the kernel puts on the cable is read here, frame by frame, and put on
another one's as much later as the ways of both take. So handshakes, acknowledgements and repetitions meet the delay as
well, and a cut loses frames without a word to anybody. It does what netem does (tc-netem(8)), which not every kernel has.
What a busy processor adds comes on top: nobody is ever heard sooner than the ways allow.

Source: https://docs.kernel.org/networking/tuntap.html.
"""

from __future__ import annotations

import fcntl
import os
import random
import select
import struct
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from types import TracebackType
from typing import Self

TUN = "/dev/net/tun"
TUNSETIFF, IFF_TAP, IFF_NO_PI = 0x400454CA, 0x0002, 0x1000
IFREQ = struct.Struct("16sH22x")
FRAME_BYTES = 1 << 14
TO_ALL = 1
"""The bit of an address that stands for several."""
LOOK_EVERY_S = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How long frames take from a machine to the switch, and back."""

    there_s: float = 0.0
    back_s: float = 0.0
    jitter_s: float = 0.0
    """By how much more at most, frame by frame, at each of the two; none overtakes another."""

    @property
    def round_trip_s(self) -> float:
        """At least."""
        return self.there_s + self.back_s


class Port:
    """Where one machine is plugged in, by its number."""

    def __init__(self, number: int, way: Way) -> None:
        self.number, self.way = number, way
        self.file = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
        told = IFREQ.pack(b"surge%d", IFF_TAP | IFF_NO_PI)
        self.device = fcntl.ioctl(self.file, TUNSETIFF, told)[:16].rstrip(b"\0").decode()
        """The machine's card, which goes when the file is closed."""

    @property
    def mac(self) -> str:
        return f"02:00:00:00:00:{self.number:02x}"

    def close(self) -> None:
        os.close(self.file)


class Switch:
    """Carries frames while its block lasts."""

    def __init__(self, ports: Sequence[Port]) -> None:
        self.ports = {port.number: port for port in ports}
        self.apart: set[frozenset[int]] = set()
        """The pairs that hear nothing of one another."""
        self._luck = random.Random(0)
        self._under_way: list[tuple[float, int, int, int, bytes]] = []
        """When each frame is due; the how many-th it is; from whom, to whom, and what."""
        self._numbers = count()
        self._last_s: dict[tuple[int, int], float] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._carry, name="switch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _carry(self) -> None:
        listening = {port.file: port for port in self.ports.values()}
        while not self._over.is_set():
            for file in select.select(list(listening), [], [], self._pause_s())[0]:
                if not self._take(listening[file]):
                    del listening[file]
            self._give()

    def _pause_s(self) -> float:
        if not self._under_way:
            return LOOK_EVERY_S
        return min(LOOK_EVERY_S, max(0.0, self._under_way[0][0] - time.monotonic()))

    def _take(self, port: Port) -> bool:
        """What a machine has sent; False once it is switched off."""
        try:
            while True:
                frame = os.read(port.file, FRAME_BYTES)
                for other in self._meant(port, frame):
                    self._send(port, other, frame)
        except BlockingIOError:
            return True
        except OSError:
            return False

    def _meant(self, port: Port, frame: bytes) -> list[Port]:
        """To whom it goes."""
        if frame[0] & TO_ALL:
            return [other for other in self.ports.values() if other is not port]
        other = self.ports.get(frame[5])
        return [] if other is None else [other]

    def _send(self, port: Port, other: Port, frame: bytes) -> None:
        if self._hears(port.number, other.number):
            takes_s = port.way.there_s + other.way.back_s
            takes_s += self._luck.uniform(0, port.way.jitter_s + other.way.jitter_s)
            pair = (port.number, other.number)
            due_s = max(time.monotonic() + takes_s, self._last_s.get(pair, 0.0))
            self._last_s[pair] = due_s
            heappush(self._under_way, (due_s, next(self._numbers), *pair, frame))

    def _give(self) -> None:
        """Those whose time has come; what is under way when the ways are cut is lost."""
        while self._under_way and self._under_way[0][0] <= time.monotonic():
            _, _, one, other, frame = heappop(self._under_way)
            if self._hears(one, other):
                with suppress(OSError):  # it is switched off, or not on yet
                    os.write(self.ports[other].file, frame)

    def _hears(self, one: int, other: int) -> bool:
        return frozenset((one, other)) not in self.apart
