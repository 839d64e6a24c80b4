"""Visits out of an access log: whose requests belong together, and what became of each.

A log knows requests, not visitors. A request of a journey's first step begins a visit; another one of the
same host to the same step, after a failure and no later than its people would try again, is a retry, and
one to the next step, after a success, goes on. Where several visits of one host (behind one router, say)
could be meant, it is the one that has waited longest. What belongs to no visit that began in the log is an
attempt without a visit: it is counted at its station, and in no journey.

What happened before the first request (the line, and who left it) is in no access log.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scenarios.http.answers.answer import Answer
from scenarios.http.answers.expected import wrong_status
from scenarios.http.answers.success import TAKEN, judged_by_status, leaves_open
from scenarios.recording.logs.hit import UNKNOWN as NO_STATUS
from scenarios.recording.logs.hit import Hit
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.scenario.words.rehearsal.requests import Request
from simulator.system.people import People
from simulator.system.system import System
from simulator.units import FOREVER, NS_PER_S

HUNG_UP = (NO_STATUS, 408, 460, 499)
"""What servers write for a client that did not wait: nothing, a timeout, AWS, nginx."""
GOES_ON_WITHIN_NS = 10 * 60 * NS_PER_S
"""A step that begins later than this after the one before is another visit."""
SLACK_NS = NS_PER_S
"""Most logs tell whole seconds, so that what follows may seem to come before."""
PLACEHOLDER = re.compile(r"\$\{[^}]*\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """A step as a log shows it."""

    step: int
    journey: int
    place: int
    """In its journey."""
    of: int
    """How many steps the journey has."""
    request: Request

    def is_meant_by(self, hit: Hit, pattern: re.Pattern[str]) -> bool:
        return hit.method in ("", self.request.method) and pattern.fullmatch(hit.path) is not None


@dataclass(slots=True, eq=False)
class Visit:
    """One visit, so far."""

    number: int
    journey: int
    began_ns: int
    place: int = 0
    attempts: int = 0
    """At the step where it is."""
    seen_ns: int = 0
    """When its last answer came, as far as the log tells."""
    result: Result = Result.SUCCESS
    unheard: bool = False
    """Whether the server may have served it without its client hearing so."""


@dataclass(slots=True)
class Linked:
    """What a log came to."""

    block: Block
    strays: int
    """Attempts of no visit."""
    clients: int
    """How many hosts asked."""
    timed: bool
    """Whether each request that was served told how long it took; of others some logs say nothing."""


@dataclass(slots=True)
class Linker:
    """Puts the requests of a log together, in the order in which they came."""

    steps: Sequence[Asking]
    people: People
    end_ns: int
    visits: list[Visit] = field(default_factory=list)
    under_way: dict[int, deque[Visit]] = field(default_factory=dict)
    """By host, in the order in which they were last seen."""
    attempts: list[tuple[int, ...]] = field(default_factory=list)
    strays: int = 0
    patterns: Mapping[int, re.Pattern[str]] = field(init=False)

    def __post_init__(self) -> None:
        self.patterns = {each.step: pattern_of(each.request) for each in self.steps}

    def take(self, hit: Hit, came_ns: int) -> None:
        """One request, ``came_ns`` after the opening; what is of no step is left out."""
        meant = [each for each in self.steps if each.is_meant_by(hit, self.patterns[each.step])]
        if not meant:
            return
        known = self.known_of(hit.client, came_ns)
        visit, asking = self.continued(known, meant, came_ns) or (None, meant[0])
        if visit is None:
            asking = next((each for each in meant if each.place == 0), meant[0])
            if asking.place:
                self.strays += 1
                self.attempted(-self.strays, asking, 0, hit, came_ns, unheard=False)
                return
            visit = Visit(number=len(self.visits), journey=asking.journey, began_ns=came_ns)
            self.visits.append(visit)
            known.append(visit)
        elif visit.place != asking.place:
            visit.place, visit.attempts, visit.unheard = asking.place, 0, False
        unheard = visit.unheard
        visit.result = self.attempted(
            visit.number, asking, visit.attempts, hit, came_ns, unheard=unheard
        )
        visit.unheard = unheard or leaves_open(answer_of(hit))
        visit.attempts += 1
        visit.seen_ns = came_ns + (hit.took_ns or 0)
        known.remove(visit)  # who was seen last is looked at last
        if hit.client and self.may_go_on(visit, last=asking.place + 1 == asking.of):
            known.append(visit)

    def continued(
        self, known: Iterable[Visit], meant: Sequence[Asking], came_ns: int
    ) -> tuple[Visit, Asking] | None:
        """The visit that this goes on with, and at which step."""
        for visit in known:
            if came_ns < visit.seen_ns - SLACK_NS:
                continue
            for asking in meant:
                if asking.journey == visit.journey and self.follows(visit, asking, came_ns):
                    return visit, asking
        return None

    def follows(self, visit: Visit, asking: Asking, came_ns: int) -> bool:
        waited_ns = came_ns - visit.seen_ns
        if visit.result is Result.SUCCESS:
            return asking.place == visit.place + 1 and waited_ns <= GOES_ON_WITHIN_NS
        again = self.people.retries
        tries = visit.attempts < again.attempts
        return asking.place == visit.place and tries and waited_ns <= longest_pause_ns(self.people)

    def known_of(self, client: int, came_ns: int) -> deque[Visit]:
        """The visits of a host that may go on, without those that were last seen too long ago.

        Behind one router there may be a hundred thousand: whoever gave up is not looked at for ever.
        """
        known = self.under_way.setdefault(client, deque())
        longest_ns = max(GOES_ON_WITHIN_NS, longest_pause_ns(self.people))
        while known and came_ns - known[0].seen_ns > longest_ns:
            known.popleft()
        return known

    def may_go_on(self, visit: Visit, *, last: bool) -> bool:
        """Whether a further request may be of this visit."""
        if visit.result is Result.SUCCESS:
            return not last
        return visit.attempts < self.people.retries.attempts

    def attempted(
        self, number: int, asking: Asking, attempt: int, hit: Hit, came_ns: int, *, unheard: bool
    ) -> Result:
        """Keep an attempt, and say what it came to."""
        result = result_of(hit, asking.request, unheard=unheard)
        finished_ns = UNKNOWN if hit.took_ns is None else came_ns + hit.took_ns
        self.attempts.append(
            (number, asking.step, attempt, came_ns, UNKNOWN, finished_ns, int(result))
        )
        return result

    def linked(self, clients: int, *, timed: bool) -> Linked:
        """What has come together."""
        visits = (
            (one.number, 0, one.began_ns, UNKNOWN, one.began_ns, *self.ending(one))
            for one in self.visits
        )
        block = Block.of(visits, self.attempts)
        return Linked(block=block, strays=self.strays, clients=clients, timed=timed)

    def ending(self, visit: Visit) -> tuple[int, int]:
        """When a visit ended, and how."""
        steps = next(each.of for each in self.steps if each.journey == visit.journey)
        if visit.result is Result.SUCCESS and visit.place + 1 == steps:
            return visit.seen_ns, int(Fate.SERVED)
        pause_ns = longest_pause_ns(self.people)
        may_go_on = self.may_go_on(visit, last=visit.place + 1 == steps)
        if may_go_on and visit.seen_ns + pause_ns > self.end_ns:
            return UNKNOWN, int(Fate.UNFINISHED)
        return visit.seen_ns, int(Fate.GAVE_UP)


def visits_of(
    hits: Sequence[Hit], opening_ns: int, system: System, requests: Sequence[Request | None]
) -> Linked:
    """The visits in a log, from its opening on (since 1970) to its last answer."""
    steps = tuple(asking_of(system, requests))
    since = sorted((hit.came_ns - opening_ns, number) for number, hit in enumerate(hits))
    wanted = [(came_ns, hits[number]) for came_ns, number in since if came_ns >= 0]
    end_ns = max((came_ns + (hit.took_ns or 0) for came_ns, hit in wanted), default=0) + 1
    linker = Linker(steps=steps, people=patient(system.people), end_ns=end_ns)
    for came_ns, hit in wanted:
        linker.take(hit, came_ns)
    told = [hit for _, hit in wanted]
    served = [hit for hit in told if 200 <= hit.status < 400]
    return linker.linked(
        len({hit.client for hit in told if hit.client}),
        timed=bool(served) and all(hit.took_ns is not None for hit in served),
    )


def asking_of(system: System, requests: Sequence[Request | None]) -> Iterator[Asking]:
    """The steps of which a request is known."""
    for number, journey in enumerate(system.journeys):
        first = system.first_step(number)
        for place in range(len(journey.steps)):
            request = requests[first + place]
            if request is not None:
                yield Asking(
                    step=first + place,
                    journey=number,
                    place=place,
                    of=len(journey.steps),
                    request=request,
                )


def pattern_of(request: Request) -> re.Pattern[str]:
    """What paths a request may have, whatever its placeholders stand for.

    >>> pattern_of(Request(path="/orders/${id}?page=2")).fullmatch("/orders/17") is not None
    True
    """
    parts = PLACEHOLDER.split(request.path.partition("?")[0])
    return re.compile("[^/]+".join(map(re.escape, parts)))


def patient(people: Sequence[People]) -> People:
    """The group that tries longest: a log does not tell who is of which."""
    return max(people, key=lambda one: (longest_pause_ns(one), one.retries.attempts))


def longest_pause_ns(people: People) -> int:
    """How long after a failure one of them may try again."""
    again = people.retries
    wait_ns = 0 if people.client_timeout_ns >= FOREVER else people.client_timeout_ns
    return 2 * max(again.cap_ns, again.backoff_ns, wait_ns, NS_PER_S)


def answer_of(hit: Hit) -> Answer:
    """As its client saw it; who hung up saw none, whatever the server wrote."""
    gone = hit.status in HUNG_UP
    return Answer(status=0 if gone else hit.status, timed_out=gone)


def result_of(hit: Hit, request: Request, *, unheard: bool) -> Result:
    """What a status says: the rule of replay and probe, without the bodies that no log has."""
    answer = answer_of(hit)
    early = judged_by_status(answer, request.expect)
    if early is not None:
        return early.result
    if hit.status == TAKEN and unheard and not request.expect.allows(TAKEN):
        return Result.SUCCESS
    followed = 300 <= hit.status < 400 and request.redirects == "follow"
    return Result.SUCCESS if followed or not wrong_status(answer, request) else Result.FAILED
