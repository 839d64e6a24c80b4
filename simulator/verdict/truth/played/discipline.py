"""A station's discipline run over jobs whose ends are known, which tells when each of them began.

Under first come, first served the ``k``-th job begins at ``max(sent_k, the first instant at which
fewer than c of those before it are served)``, so that begins follow from ends, whatever the law
(Lindley 1952, "The theory of queues with a single server", for ``c = 1``; Kiefer and Wolfowitz 1955 for
more). What a service took is the work that it attained from begin to end, which is less than the time
that passed where jobs share cores or inflate one another (:mod:`simulator.engine.rules`, "The station").

Work whose client has left goes on unseen, so its end is not known. It is played three times: with as
little of it as there can be, with as much, and with as much as is likely. Later begins make shorter
services, so the first two bound every service that was seen:

- *least*: it ends as soon as the client had left;
- *most*: it ends when a job that came after it must have begun, since it is seen to end;
- *likely*: it takes as long as the services before it did in the mean, and as long again if its client
  had not left by then (as if services were exponential), unless a later job is seen to end before. While all servers are busy the time that a guess gives to unseen work it takes from the
  seen work after it, and so the mean of both together does not depend on the guess.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence

from simulator.units import FOREVER
from simulator.verdict.truth.played.jobs import Job, Seen, Unseen

REMEMBERED = 20
"""Over so many services the likely length of unseen work is a mean: as many as have a mean that is
off by less than a quarter of its coefficient of variation."""


END, BEGIN, COME = range(3)
"""Of one instant, what becomes free is free for who comes then."""


class Discipline:
    """First come, first served on so many servers, at a pace that depends on how many are served."""

    def __init__(
        self,
        jobs: Sequence[Job],
        servers: int,
        pace_of: Callable[[int], float],
        unseen: Unseen,
        sheds_after_ns: int = FOREVER,
        slack_ns: int = 0,
    ) -> None:
        """``jobs`` in the order in which they were sent; who has waited longer is not served.

        ``slack_ns`` is how far an end that was seen may be off.
        """
        self.jobs, self.servers, self.pace_of, self.unseen = jobs, servers, pace_of, unseen
        self.sheds_after_ns, self.slack_ns = sheds_after_ns, slack_ns
        self.now_ns, self.attained = 0, 0.0
        self.waiting: dict[int, None] = {}
        self.served: dict[int, None] = {}
        self.hidden: dict[int, None] = {}
        """Those served whose end nobody saw, in the order of their begins."""
        self.due: list[tuple[float, int]] = []
        """Of unseen work that is likely over when so much has been attained."""
        self.due_at: list[tuple[int, int]] = []
        """Of unseen work that is over at an instant."""
        self.worked, self.thought, self.counted = 1.0, 1.0, 1
        """What services took, and were thought to take, in the mean of those before."""

    def run(self) -> None:
        """Find out when each began, and what it took."""
        for at_ns, kind, number in self.happenings():
            self.pass_until(at_ns)
            if kind == COME:
                self.waiting[number] = None
            elif kind == BEGIN:
                self.make_room()
                self.begin(number)
            else:
                self.end(number)
            self.take_waiting()

    def happenings(self) -> list[tuple[int, int, int]]:
        """What is known to have happened, in its order."""
        found = []
        for number, job in enumerate(self.jobs):
            job.clear()
            if self.unseen is Unseen.LEAST and self.may_be_unserved(job):
                continue
            if job.told_ns is None:
                found.append((job.sent_ns, COME, number))
            else:
                found.append((job.told_ns, BEGIN, number))
            if job.seen is not Seen.LEFT:
                found.append((max(self.end_of(job), job.told_ns or job.sent_ns), END, number))
        # A job that ends in the instant in which it came has come first.
        return sorted(found, key=lambda each: (each[0], self.rank(*each), each[2]))

    def end_of(self, job: Job) -> int:
        """When a job is over whose end is known."""
        late = job.seen is Seen.DROPPED and self.unseen is not Unseen.LEAST
        return job.dropped_ns if late else job.ends_ns

    def rank(self, at_ns: int, kind: int, number: int) -> int:
        """Of one instant."""
        job = self.jobs[number]
        instant = kind == END and at_ns == (job.told_ns or job.sent_ns)
        return COME + 1 if instant else kind

    def may_be_unserved(self, job: Job) -> bool:
        """Whether perhaps no server ever worked on it."""
        sheds = self.sheds_after_ns < FOREVER
        return job.seen is Seen.DOUBTFUL or (job.seen is Seen.LEFT and sheds)

    # Time

    def pass_until(self, at_ns: int) -> None:
        """Let unseen work end that is over by then."""
        while True:
            self.forget_those_that_left()
            attained_ns = self.attained_ns()
            known_ns = self.due_at[0][0] if self.due_at else FOREVER
            if min(attained_ns, known_ns) > at_ns:
                break
            self.advance(min(attained_ns, known_ns))
            if attained_ns <= known_ns:
                self.likely_over(heapq.heappop(self.due)[1])
            else:
                self.client_left(heapq.heappop(self.due_at)[1])
        self.advance(at_ns)

    def attained_ns(self) -> int:
        """When the first unseen work has attained what is likely."""
        if not self.due:
            return FOREVER
        left = (self.due[0][0] - self.attained) / self.pace_of(len(self.served))
        return self.now_ns + max(0, round(left))

    def likely_over(self, number: int) -> None:
        """Unless its client still waits for it then."""
        if self.now_ns < self.jobs[number].ends_ns:
            heapq.heappush(self.due_at, (self.jobs[number].ends_ns, number))
        else:
            self.leave(number)
            self.take_waiting()

    def client_left(self, number: int) -> None:
        """It is longer than most: it is likely to go on for as long as a service takes in the mean."""
        if self.unseen is Unseen.LIKELY:
            self.go_on(number)
        else:
            self.leave(number)
            self.take_waiting()

    def go_on(self, number: int) -> None:
        """From now on for as long as is likely."""
        likely = self.worked / self.thought * self.jobs[number].likely_ns
        heapq.heappush(self.due, (self.attained + likely, number))

    def forget_those_that_left(self) -> None:
        while self.due and self.due[0][1] not in self.hidden:
            heapq.heappop(self.due)
        while self.due_at and self.due_at[0][1] not in self.hidden:
            heapq.heappop(self.due_at)

    def advance(self, at_ns: int) -> None:
        if self.served:
            self.attained += (at_ns - self.now_ns) * self.pace_of(len(self.served))
        self.now_ns = at_ns

    # Jobs

    def take_waiting(self) -> None:
        while self.waiting and len(self.served) < self.servers:
            number = next(iter(self.waiting))
            if self.is_shed(self.jobs[number]):
                del self.waiting[number]
            else:
                self.begin(number)

    def is_shed(self, job: Job) -> bool:
        """Of unseen work; where there is to be as much as there can be none is."""
        late = self.now_ns - job.sent_ns > self.sheds_after_ns
        return late and job.seen is Seen.LEFT and self.unseen is Unseen.LIKELY

    def begin(self, number: int) -> None:
        self.waiting.pop(number, None)
        job = self.jobs[number]
        job.begun_ns, job.at_begin = self.now_ns, self.attained
        self.served[number] = None
        if job.seen is not Seen.LEFT:
            return
        self.hidden[number] = None
        if self.unseen is Unseen.LEAST:
            heapq.heappush(self.due_at, (max(self.now_ns, job.ends_ns), number))
        elif self.unseen is Unseen.LIKELY:
            self.go_on(number)

    def end(self, number: int) -> None:
        job = self.jobs[number]
        if number in self.waiting and job.seen is Seen.ENDED:
            self.let_begin(number)
        if number in self.served:
            self.leave(number)
        self.waiting.pop(number, None)

    def let_begin(self, number: int) -> None:
        """It ends now, so it has begun, and all that came before it: unseen work was over by now."""
        while number in self.waiting and (over := self.perhaps_over()) is not None:
            self.leave(over)
            self.take_waiting()
        if number in self.waiting:
            job = self.jobs[number]
            job.early, job.early_ns = True, self.next_free_ns() - self.now_ns
            self.begin(number)

    def make_room(self) -> None:
        """A job is known to begin now: where no server was free for it, unseen work was over."""
        while len(self.served) >= self.servers and (over := self.perhaps_over()) is not None:
            self.leave(over)

    def next_free_ns(self) -> int:
        """When the next of those served is over, all of which are seen to their end."""
        return min(self.end_of(self.jobs[number]) for number in self.served)

    def perhaps_over(self) -> int | None:
        """The first of those served that may be over without anybody having seen it."""
        if self.hidden:
            return next(iter(self.hidden))
        dropped = (
            number
            for number in self.served
            if self.jobs[number].seen is Seen.DROPPED and self.jobs[number].ends_ns <= self.now_ns
        )
        return next(dropped, None)

    def leave(self, number: int) -> None:
        del self.served[number]
        self.hidden.pop(number, None)
        job = self.jobs[number]
        job.took_ns = self.attained - job.at_begin
        if job.early:
            job.took_ns = min(job.likely_ns, float(self.slack_ns))
        if job.seen in (Seen.ENDED, Seen.LEFT):
            self.remember(job.took_ns, job.likely_ns)

    def remember(self, took_ns: float, likely_ns: float) -> None:
        """Work counts, not jobs: a tiny one that takes long says little."""
        self.counted += 1
        weight = 1.0 / min(self.counted, REMEMBERED)
        self.worked += weight * (took_ns - self.worked)
        self.thought += weight * (likely_ns - self.thought)
