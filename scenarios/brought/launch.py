"""A whole launch file around a journey that somebody brought: people, a surge, a station, a rehearsal.

Nothing but the requests is known. So what is around them is small and round, and counts as assumed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

Raw = dict[str, Any]

WEEKS_AHEAD = 8
CLIENT_TIMEOUT_S = 10
REACTION_S, OTHERS_PER_H = 20, 12
"""A crowd's median reaction; and of those who come later, which decay over a twelfth of an hour."""
WINDOW_S = 60
REHEARSED = 600
"""People in a rehearsal: enough to judge by, and not too many for a small target."""
NEAR_OPENING = 0.5
"""The crowd's part of all: the others come later."""
GUESSED_SERVICE_MS = 50.0
SIGNUPS = ("signup", "sign-up", "register", "registration", "join", "users", "accounts")
MAIL_PORT = 1025


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """What people do, as it was brought."""

    steps: Sequence[Raw]
    waits_ms: Sequence[float] = ()
    """How long answers took where somebody measured it."""
    mailed: bool = False
    """Whether a code comes by mail."""

    @property
    def name(self) -> str:
        words = [word for step in self.steps for word in SIGNUPS if word in step["name"]]
        return "signup" if words else "visit"

    @property
    def think_s(self) -> float:
        return sum(
            float(step["think"].removesuffix(" s")) for step in self.steps if "think" in step
        )

    @property
    def service_ms(self) -> float:
        """A first guess: what half of the answers took at most, the way through the network included."""
        return max(round(median(self.waits_ms), 1), 0.1) if self.waits_ms else GUESSED_SERVICE_MS


def document(journey: Journey, *, name: str, story: str, people: int, now: datetime) -> Raw:
    """The launch, as a document to be commented and written."""
    crowd = math.ceil(people * NEAR_OPENING)
    longest_s = math.ceil(3 * journey.think_s) + CLIENT_TIMEOUT_S
    opening = (now.astimezone(UTC) + timedelta(weeks=WEEKS_AHEAD)).replace(
        hour=10, minute=0, second=0, microsecond=0
    )
    surge: Raw = {
        "shape": "countdown",
        "name": "opening",
        "people": "everybody",
        "crowd": crowd,
        "reaction": {"median": f"{REACTION_S} s", "cv": 1.0},
    }
    if people > crowd:
        surge |= {"rate": f"{(people - crowd) * OTHERS_PER_H}/h", "decay": "5 min"}
    return {
        "format": 1,
        "launch": {
            "name": name,
            "story": story,
            "opening": opening,
            "time_zone": "UTC",
            "horizon": "1 h",
        },
        "people": [{"name": "everybody", "client_timeout": f"{CLIENT_TIMEOUT_S} s"}],
        "surge": [surge],
        "station": [
            {
                "name": "app",
                "servers": 4,
                "waiting_room": 100,
                "service": {"law": "exponential", "mean": f"{journey.service_ms:g} ms"},
            }
        ],
        "journey": [{"name": journey.name, "step": list(journey.steps)}],
        "objectives": {journey.name: {"p95": f"{longest_s} s", "errors": 0.01}},
        "replay": replay(journey, crowd, people, longest_s),
    }


def replay(journey: Journey, crowd: int, people: int, longest_s: int) -> Raw:
    """The first minute, with as many people as are enough to judge by."""
    in_it = crowd + (people - crowd) * (1 - math.exp(-WINDOW_S / 300))
    said: Raw = {"from": "0 s", "for": f"{WINDOW_S} s", "drain": f"{longest_s} s"}
    if in_it > REHEARSED:
        said["demand_factor"] = float(f"{REHEARSED / in_it:.3g}")
        said["reason"] = (
            f"About {REHEARSED} people are enough to judge by, and not too many for a small server."
        )
    said["health"] = health(journey.steps)
    if journey.mailed:
        said["mail"] = {"listen": f"127.0.0.1:{MAIL_PORT}"}
    return said


def health(steps: Sequence[Raw]) -> str:
    """The first page that anybody may ask for, to see that the target is well."""
    for step in steps:
        asked = step["request"]
        statuses = asked.get("expect", {}).get("status", [200])
        bare = not set(asked) - {"method", "path", "expect", "capture", "redirects"}
        if asked["method"] == "GET" and bare and statuses == [200] and "${" not in asked["path"]:
            return str(asked["path"]) if "redirects" not in asked else "none"
    return "none"
