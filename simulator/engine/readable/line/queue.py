"""The order in which those who stand in a line are called."""

from __future__ import annotations

import heapq

from simulator.engine.readable.visit import Visit
from simulator.engine.readable.world import World
from simulator.timetable import draws

Place = tuple[int, int, int, int]
"""Rank, stage, number and visitor: the smallest is called first."""

SHUFFLED, NUMBERED = 0, 1
"""The stages of a line that shuffles a crowd: those of the crowd stand before all others."""


class Queue:
    """Those who stand in line and can be called, also who has silently left."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __len__(self) -> int:
        raise NotImplementedError

    def join(self, visit: Visit) -> None:
        raise NotImplementedError

    def first(self) -> Visit:
        """Take the first one out."""
        raise NotImplementedError

    def leave(self, visit: Visit) -> None:
        """Take somebody out, if he stands here."""
        raise NotImplementedError

    def to_the_end(self, visit: Visit) -> None:
        raise NotImplementedError

    def ahead(self, visit: Visit, places: int) -> None:
        """Somebody moves ahead by so many places."""
        raise NotImplementedError


class InOrder(Queue):
    """First come first called, where those who came before the opening may have been shuffled."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.next_number = 0
        self.standing: dict[int, tuple[Place, Visit]] = {}
        """Everybody's place, by his number as a visitor."""
        self.heap: list[Place] = []
        """All places ever taken here that may be the first; those no longer held are skipped."""

    def __len__(self) -> int:
        return len(self.standing)

    def join(self, visit: Visit) -> None:
        if self.is_shuffled():
            self.stand(visit, SHUFFLED, self.lot(visit))
        else:
            self.to_the_end(visit)

    def is_shuffled(self) -> bool:
        """Whether who joins now is of the crowd that is put into a random order."""
        waitlist = self.world.system.waitlist
        return waitlist.shuffles and self.world.clock.now_ns < waitlist.opens_ns

    def lot(self, visit: Visit) -> int:
        return int(self.world.timetable.uniform(draws.LOTTERY, visit.visitor) * draws.TWO_TO_52)

    def to_the_end(self, visit: Visit) -> None:
        self.stand(visit, NUMBERED, self.next_number)
        self.next_number += 1

    def stand(self, visit: Visit, stage: int, number: int) -> None:
        place = (self.rank(visit), stage, number, visit.visitor)
        self.standing[visit.visitor] = place, visit
        heapq.heappush(self.heap, place)

    def rank(self, visit: Visit) -> int:  # noqa: ARG002
        return 0

    def first(self) -> Visit:
        while True:
            place = heapq.heappop(self.heap)
            held, visit = self.standing.get(place[-1], (None, None))
            if visit is not None and held == place:
                del self.standing[visit.visitor]
                return visit

    def leave(self, visit: Visit) -> None:
        self.standing.pop(visit.visitor, None)

    def ahead(self, visit: Visit, places: int) -> None:
        if visit.visitor in self.standing:
            _, stage, number, _ = self.standing[visit.visitor][0]
            if stage == NUMBERED:
                self.stand(visit, NUMBERED, number - places)


class ByRank(InOrder):
    """The lowest rank first; within a rank in order."""

    def rank(self, visit: Visit) -> int:
        return visit.people.rank


class AtRandom(Queue):
    """Anybody may be next, whenever he came."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.calls = 0
        self.standing: list[Visit] = []
        self.index: dict[int, int] = {}
        """Where in the list each visitor stands."""

    def __len__(self) -> int:
        return len(self.standing)

    def join(self, visit: Visit) -> None:
        self.index[visit.visitor] = len(self.standing)
        self.standing.append(visit)

    def first(self) -> Visit:
        visit = self.standing[self.next_index()]
        self.calls += 1
        self.leave(visit)
        return visit

    def next_index(self) -> int:
        u = self.world.timetable.uniform(draws.RELEASED, 0, 0, self.calls)
        return int(u * len(self.standing))

    def leave(self, visit: Visit) -> None:
        """The last one takes the place that becomes free."""
        index = self.index.pop(visit.visitor, None)
        if index is None:
            return
        last = self.standing.pop()
        if last is not visit:
            self.standing[index] = last
            self.index[last.visitor] = index

    def to_the_end(self, visit: Visit) -> None:
        self.leave(visit)
        self.join(visit)

    def ahead(self, visit: Visit, places: int) -> None:
        """Nobody has a number here."""
