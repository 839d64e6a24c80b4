"""Mails by address, and the one who waits for his.

Which mail counts: the newest that holds what is looked for, of those that an earlier step has not used. So
a second code is waited for, and of a code that was sent twice the later one is taken.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scenarios.http.requests.person import NoValue
from simulator.text.wording import format_duration

Values = Mapping[str, str]
"""A mail: what was found in it, by the names of the captures."""
MOST_EACH = 8
"""Mails of one address that are kept: the newest."""
MOST_CHARACTERS = 64 << 20
"""Of all mails that are kept."""


@dataclass(slots=True)
class Box:
    """What came to one address."""

    letters: list[tuple[int, Values]] = field(default_factory=list)
    """With their numbers, in the order in which they came."""
    readers: list[threading.Event] = field(default_factory=list)


class Boxes:
    """All addresses. Threads may use it, or greenlets where these stand in for threads."""

    def __init__(self) -> None:
        self._boxes: dict[str, Box] = {}
        self._lock = threading.Lock()
        self._characters = self._came = 0
        self.dropped = 0
        """Mails for which there was no room."""

    def put(self, address: str, letter: Values) -> None:
        with self._lock:
            if self._characters + size(letter) > MOST_CHARACTERS:
                self.dropped += 1
                return
            box = self._boxes.setdefault(address.casefold(), Box())
            box.letters.append((self._came, letter))
            self._came += 1
            self._characters += size(letter)
            while len(box.letters) > MOST_EACH:
                self._characters -= size(box.letters.pop(0)[1])
            for reader in box.readers:
                reader.set()

    def read(self, addresses: Iterable[str]) -> list[tuple[int, Values]]:
        with self._lock:
            boxes = (self._boxes.get(each.casefold()) for each in addresses)
            found = [each for box in boxes if box for each in box.letters]
        return sorted(found, key=lambda each: each[0])

    def tell(self, addresses: Iterable[str], reader: threading.Event) -> None:
        """From now on a reader is woken by what comes to an address."""
        with self._lock:
            for each in addresses:
                self._boxes.setdefault(each.casefold(), Box()).readers.append(reader)

    def forget(self, addresses: Iterable[str]) -> None:
        """Nobody reads them any more."""
        with self._lock:
            for each in addresses:
                box = self._boxes.pop(each.casefold(), Box())
                self._characters -= sum(size(letter) for _, letter in box.letters)


def size(letter: Values) -> int:
    return sum(map(len, letter.values()))


class Post:
    """One person's mails."""

    def __init__(
        self,
        boxes: Boxes,
        addresses: Sequence[str],
        wanted: Mapping[str, str],
        within_ns: int,
        ask: Callable[[], None] | None = None,
    ) -> None:
        """``ask``: has his mail looked for, where it does not come by itself."""
        self.boxes, self.addresses, self.wanted = boxes, addresses, wanted
        self.within_ns, self.ask = within_ns, ask
        self.found: dict[str, tuple[int, str]] = {}
        """What this step has taken, with the number of its mail."""
        self.used: dict[str, int] = {}
        """From which mail on a later step looks."""
        self.until_s: float | None = None
        self.woken: threading.Event | None = None

    def next_step(self) -> None:
        """What was taken has been used; a step that asks now waits anew."""
        self.used |= {name: number + 1 for name, (number, _) in self.found.items()}
        self.found.clear()
        self.until_s = None

    def __call__(self, name: str) -> str:
        """A piece of his mail, waited for. Raises NoValue where it does not come in time."""
        while name not in self.found:
            left_s = self.left_s()
            if self.woken is not None:
                self.woken.clear()
            if found := self.look_for(name):
                self.found[name] = found
            elif left_s <= 0:
                raise NoValue(self.missing(name))
            else:
                self.wait(left_s)
        return self.found[name][1]

    def left_s(self) -> float:
        now_s = time.monotonic()
        if self.until_s is None:
            self.until_s = now_s + self.within_ns / 1e9
            if self.ask is not None and not self.boxes.read(self.addresses):
                self.ask()
        return self.until_s - now_s

    def look_for(self, name: str) -> tuple[int, str] | None:
        letters = [each for each in self.letters() if each[0] >= self.used.get(name, 0)]
        for number, letter in reversed(letters):
            if name in letter:
                return number, letter[name]
        return None

    def letters(self) -> list[tuple[int, Values]]:
        return self.boxes.read(self.addresses)

    def wait(self, left_s: float) -> None:
        if self.woken is None:
            self.woken = threading.Event()
            self.boxes.tell(self.addresses, self.woken)
            return  # something may have come between the look and this
        self.woken.wait(left_s)

    def missing(self, name: str) -> str:
        within = format_duration(self.within_ns)
        if not self.letters():
            return f"no mail within {within}"
        return f"no mail with ${{mail.{name}}} ({self.wanted[name]}) within {within}"

    def close(self) -> None:
        self.boxes.forget(self.addresses)
