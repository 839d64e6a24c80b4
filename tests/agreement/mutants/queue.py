"""Mutants of the order in which people are called."""

from __future__ import annotations

from simulator.engine.readable.line.queue import NUMBERED, SHUFFLED, AtRandom, ByRank, InOrder
from simulator.engine.readable.visit import Visit
from simulator.system.line import Policy
from tests.agreement.mutants.mutant import wrong


@wrong("first come, first called", "queue_types", Policy.FIFO)
class LastComeFirstCalled(InOrder):
    def stand(self, visit: Visit, stage: int, number: int) -> None:
        super().stand(visit, stage, -number)


@wrong("random calls", "queue_types", Policy.RANDOM)
class FirstOfTheListIsCalled(AtRandom):
    def next_index(self) -> int:
        return 0


@wrong("random calls", "queue_types", Policy.RANDOM)
class OneDrawForAllCalls(AtRandom):
    def first(self) -> Visit:
        visit = super().first()
        self.calls = 0
        return visit


@wrong("random calls", "queue_types", Policy.RANDOM)
class ListCloses(AtRandom):
    """Who is taken out leaves no gap for the last one."""

    def leave(self, visit: Visit) -> None:
        if self.index.pop(visit.visitor, None) is not None:
            self.standing.remove(visit)
            self.index = {other.visitor: i for i, other in enumerate(self.standing)}


@wrong("random calls", "queue_types", Policy.RANDOM)
class NobodyGoesToTheEndOfTheList(AtRandom):
    def to_the_end(self, visit: Visit) -> None:
        if visit.visitor not in self.index:
            self.join(visit)


@wrong("priority", "queue_types", Policy.PRIORITY)
class RankIsIgnored(ByRank):
    def rank(self, visit: Visit) -> int:
        return 0


@wrong("priority", "queue_types", Policy.PRIORITY)
class HighestRankFirst(ByRank):
    def rank(self, visit: Visit) -> int:
        return -super().rank(visit)


@wrong("shuffle", "queue_types", Policy.FIFO)
class NobodyIsShuffled(InOrder):
    def is_shuffled(self) -> bool:
        return False


@wrong("shuffle", "queue_types", Policy.FIFO)
class TheCrowdStandsBehind(InOrder):
    def stand(self, visit: Visit, stage: int, number: int) -> None:
        super().stand(visit, NUMBERED + SHUFFLED - stage, number)


@wrong("shuffle", "queue_types", Policy.FIFO)
class AtTheEndLotsCountAgain(InOrder):
    """Who goes to the end before the opening stays in the crowd."""

    def to_the_end(self, visit: Visit) -> None:
        if self.is_shuffled():
            self.stand(visit, SHUFFLED, self.lot(visit))
        else:
            super().to_the_end(visit)


@wrong("referrals", "queue_types", Policy.FIFO)
class AheadByOnePlaceLess(InOrder):
    def ahead(self, visit: Visit, places: int) -> None:
        super().ahead(visit, places - 1)


@wrong("referrals", "queue_types", Policy.FIFO)
class AheadOfTheWholeLine(InOrder):
    def ahead(self, visit: Visit, places: int) -> None:
        super().ahead(visit, places + (1 << 40))


@wrong("referrals", "queue_types", Policy.FIFO)
class TheCrowdMovesAheadToo(InOrder):
    def ahead(self, visit: Visit, places: int) -> None:
        if visit.visitor in self.standing and self.standing[visit.visitor][0][1] == SHUFFLED:
            self.stand(visit, SHUFFLED, 0)
        else:
            super().ahead(visit, places)
