"""A launch in few words: how many people within how long, what one of them costs, what they may feel.

Nobody who asks so briefly knows the shape of his surge. So the people are taken to come as they do after
an announcement: the rate rises over a tenth of the time and then relaxes, so that 96 of 100 are there
within it and the peak is 2.9 times the mean. Before the station stands a line that lets in at a rate: it
is what keeps the station alive if more come than were asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from textwrap import wrap
from typing import Any

from simulator.errors import UsageError
from simulator.scenario.commented import WIDTH, commented
from simulator.scenario.scenario import Scenario, parse
from simulator.text.quantities import format_duration
from simulator.text.wording import format_people, format_share
from simulator.units import NS_PER_S

RISE, DECAY = 0.1, 0.3
"""Of the time within which people come: until the peak, and from there to 1/e of it."""
HORIZON = 2
"""The launch lasts so many times as long: hardly anybody comes later."""
LEAST_TIMEOUT_S, OF_P95 = 10, 5
"""Clients wait so long for an answer, or so many times the p95 that is asked for."""
WEEKS_AHEAD = 8
WAITING_ROOM = 1_000
SERVERS, RATE = 1, "1/s"
"""Where a search begins; what is needed is what it finds."""
VARIED = ("station.signup.servers", "waitlist.release.rate")
"""What is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """So many people within so long: how much is needed."""

    people: int
    within_ns: int
    service_ns: int
    """How long a server is busy with one of them, in the mean."""
    p95_ns: int
    """The response that 95 of 100 may see."""
    errors: float
    wait_ns: int
    """The wait in the line that 95 of 100 may have."""

    def __post_init__(self) -> None:
        """Raises UsageError where no number of servers could hold."""
        if self.service_ns >= self.p95_ns:
            raise UsageError(
                f"--service {format_duration(self.service_ns)} is no less than --p95"
                f" {format_duration(self.p95_ns)}: no number of servers makes a service shorter (ask for"
                " a longer p95, or make the service faster)"
            )

    def document(self, name: str, now: datetime) -> dict[str, Any]:
        """As the document of a launch."""
        opening = (now.astimezone(UTC) + timedelta(weeks=WEEKS_AHEAD)).replace(
            hour=10, minute=0, second=0, microsecond=0
        )
        timeout_ns = max(LEAST_TIMEOUT_S * NS_PER_S, OF_P95 * self.p95_ns)
        return {
            "format": 1,
            "launch": {
                "name": name,
                "story": f"{format_people(self.people)}, nearly all of them within"
                f" {exactly(self.within_ns)}.",
                "opening": opening,
                "time_zone": "UTC",
                "horizon": exactly(HORIZON * self.within_ns),
            },
            "people": [
                {
                    "name": "everybody",
                    "client_timeout": exactly(timeout_ns),
                    "retries": {"attempts": 3, "backoff": "1 s", "cap": "10 s"},
                }
            ],
            "surge": [
                {
                    "shape": "spike",
                    "name": "opening",
                    "people": "everybody",
                    "size": self.people,
                    "rise": exactly(round(RISE * self.within_ns)),
                    "decay": exactly(round(DECAY * self.within_ns)),
                }
            ],
            "waitlist": {"policy": "fifo", "release": {"rate": RATE}},
            "station": [
                {
                    "name": "signup",
                    "servers": SERVERS,
                    "waiting_room": WAITING_ROOM,
                    "service": exactly(self.service_ns),
                }
            ],
            "journey": [
                {
                    "name": "signup",
                    "step": [
                        {
                            "name": "create",
                            "at": "signup",
                            "request": {"method": "POST", "path": "/signup"},
                        }
                    ],
                }
            ],
            "objectives": {
                "signup": {"p95": exactly(self.p95_ns), "errors": self.errors},
                "line": {"p95": exactly(self.wait_ns)},
            },
        }

    def text(self, name: str, now: datetime) -> str:
        """As a file to go on with."""
        return commented(self.document(name, now), self._head())

    def scenario(self, name: str, file: str, now: datetime) -> Scenario:
        """As a launch."""
        return parse(self.text(name, now), file)

    def _head(self) -> Iterator[str]:
        yield f"A launch for {format_people(self.people)}, as asked of surgeproof size."
        yield ""
        yield from wrap(" ".join(self.assumed()), WIDTH - 2)
        yield ""
        yield "Change what you know, and ask again: surgeproof size FILE"

    def assumed(self) -> Iterator[str]:
        """What was filled in, a sentence each."""
        within, peak = format_duration(self.within_ns), 1 / (RISE / 2 + DECAY)
        yield (
            f"They are taken to come faster and faster for {format_duration(RISE * self.within_ns)} and then"
            f" ever more slowly: 96 of 100 within {within}, at the peak {peak:.1f} times as fast as in the"
            " mean."
        )
        yield (
            f"Services are exponential with a mean of {format_duration(self.service_ns)}; clients give up"
            " on an answer after"
            f" {format_duration(max(LEAST_TIMEOUT_S * NS_PER_S, OF_P95 * self.p95_ns))} and try three times."
        )
        yield (
            f"It holds if 95 of 100 are answered within {format_duration(self.p95_ns)} of being let in, wait"
            f" no longer than {format_duration(self.wait_ns)} before, and at most"
            f" {format_share(self.errors)} fail."
        )


def exactly(ns: int) -> str:
    """A duration that is read back as it was."""
    for unit, unit_ns in (("s", NS_PER_S), ("ms", 1_000_000), ("us", 1_000)):
        if ns % unit_ns == 0:
            return f"{ns // unit_ns} {unit}"
    return f"{ns} ns"
