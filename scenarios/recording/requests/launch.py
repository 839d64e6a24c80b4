"""The launch file that replays the requests of a log.

What a log tells is in it: who asked for what, when, and what was answered. What serves them, and what is
good enough, nobody knows from there: so these figures are round, and count as assumed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from math import log
from statistics import median
from typing import Any

from scenarios.recording.requests.kept import KeptRequests
from scenarios.recording.requests.mix import Kind, own_journeys
from simulator.outcomes.counts.histogram import samples_needed
from simulator.scenario.words.document import LINE
from simulator.scenario.words.surges.patterns import first_fits
from simulator.scenario.words.surges.requests import SAFE, no_error
from simulator.units import NS_PER_S

Raw = dict[str, Any]

GROUP, STATION, REST = "recorded", "app", "others"
CLIENT_TIMEOUT_S = 10
GUESSED_SERVICE_MS = 20.0
SERVERS, WAITING_ROOM = 4, 100
P95_S, ERRORS = 1, 0.01
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]+")
LONGEST_NAME = 40


def document(kept: KeptRequests, mix: Sequence[Kind], file: str, *, name: str, story: str) -> Raw:
    """The launch, as a document to be commented and written; ``file`` has the requests."""
    lasts_s = (kept.seen[-1].came_ns // NS_PER_S - kept.opened_s) + 1
    journeys = list(journeys_of(mix))
    made = made_by(journeys, mix)
    return {
        "format": 1,
        "launch": {
            "name": name,
            "story": story,
            "opening": datetime.fromtimestamp(kept.opened_s, UTC),
            "time_zone": "UTC",
            "horizon": f"{lasts_s} s",
        },
        "people": [
            {
                "name": GROUP,
                "client_timeout": f"{CLIENT_TIMEOUT_S} s",
                "journeys": {name: many / len(kept.seen) for name, many in made.items()},
            }
        ],
        "surge": [{"shape": "recorded", "people": GROUP, "file": file, "journey": "recorded"}],
        "station": [
            {
                "name": STATION,
                "servers": SERVERS,
                "waiting_room": WAITING_ROOM,
                "service": service(mix),
            }
        ],
        "journey": journeys,
        "objectives": {name: objective(many) for name, many in made.items()},
        "replay": {
            "for": f"{lasts_s} s",
            "drain": f"{CLIENT_TIMEOUT_S} s",
            "health": "none",
            "line": {"preset": "none"},
        },
    }


def journeys_of(mix: Sequence[Kind]) -> Iterator[Raw]:
    """A journey for each of the most frequent kinds, and one for all others."""
    own, rest = own_journeys(mix)
    taken: set[str] = {LINE}
    patterns = {name_of(kind, taken): [str(kind)] for kind in own}
    if rest:
        patterns[unused(REST, taken)] = ["/**"]
    kinds: list[dict[str, Kind]] = [{} for _ in patterns]
    for number, kind, _ in fitting(list(patterns.values()), mix):
        kinds[number][str(kind)] = kind
    for (name, said), made in zip(patterns.items(), kinds, strict=True):
        yield journey(name, said, list(made.values()))


def journey(name: str, patterns: list[str], kinds: Sequence[Kind]) -> Raw:
    step: Raw = {"name": name, "at": STATION}
    # What changes something is predicted only, until somebody says otherwise.
    if safe := [kind for kind in kinds if kind.method in SAFE]:
        step["request"] = request(safe, kinds)
    return {"name": name, "recorded": patterns, "step": [step]}


def request(safe: Sequence[Kind], kinds: Sequence[Kind]) -> Raw:
    """What stands for them: a probe asks for it.

    Each is judged by what was answered to it, so that no status is expected of all: but where all were
    refused or redirected alike, the probe is told so. ``kinds`` are all that the journey makes.
    """
    kind = next((kind for kind in safe if kind.served), safe[0])
    method = "HEAD" if kind.method == "OPTIONS" else kind.method
    asked: Raw = {"method": method, "path": kind.example.replace("${", "$${")}
    alike = {no_error(status) for kind in kinds for status in kind.statuses}
    if not kind.served and len(alike) == 1 and (other := alike.pop()):
        asked["expect"] = {"status": ["2xx", int(other) if other.isdigit() else other]}
    return asked


def objective(requests: int) -> Raw:
    """What is asked of a journey; a quantile only where there are enough to tell it."""
    tells = requests >= samples_needed(0.95)
    return {"p95": f"{P95_S} s", "errors": ERRORS} if tells else {"errors": ERRORS}


def made_by(journeys: Sequence[Raw], mix: Sequence[Kind]) -> dict[str, int]:
    """How many of the requests each journey makes: the mix."""
    many: Counter[int] = Counter()
    for number, _, times in fitting([journey["recorded"] for journey in journeys], mix):
        many[number] += times
    return {journey["name"]: many[number] for number, journey in enumerate(journeys)}


def fitting(
    patterns: Sequence[Sequence[str]], mix: Sequence[Kind]
) -> Iterator[tuple[int, Kind, int]]:
    """Of each target the number of the first journey that fits, its kind, and how often it was asked for."""
    for kind in mix:
        asked = [f"{kind.method} {target}" for target in kind.targets]
        for number, times in zip(first_fits(asked, patterns), kind.targets.values(), strict=True):
            yield number, kind, times


def service(mix: Sequence[Kind]) -> Raw:
    """The exponential law whose median is the log's, else a guess.

    Half of what it draws is below its mean times ln 2. The log's own mean is no help: a few answers that
    hung for a minute would decide it.
    """
    took = [ns for kind in mix for ns in kind.took_ns]
    mean_ms = median(took) / log(2) / 1e6 if took else GUESSED_SERVICE_MS
    return {"law": "exponential", "mean": f"{max(0.1, float(f'{mean_ms:.3g}')):g} ms"}


def name_of(kind: Kind, taken: set[str]) -> str:
    """A name for a journey, after its path.

    >>> name_of(Kind("GET", "/users/*"), set()), name_of(Kind("HEAD", "/"), set())
    ('users-any', 'head-home')
    """
    words = NOT_IN_NAMES.sub("-", kind.template.replace("*", "any")).strip("-") or "home"
    method = "" if kind.method == "GET" else f"{kind.method.lower()}-"
    return unused(f"{method}{words}"[:LONGEST_NAME].rstrip("-"), taken)


def unused(name: str, taken: set[str]) -> str:
    """A name that no other journey has."""
    found = name
    number = 2
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    taken.add(found)
    return found
