"""Mutants of the order in which people are called."""

from simulator.engine.readable.line.queue import NUMBERED, SHUFFLED, AtRandom, ByRank, InOrder
from simulator.engine.readable.visit import Visit
from tests.agreement.mutants.mutant import always, but, wrong


class OneDrawForAllCalls(AtRandom):
    def first(self) -> Visit:
        visit = super().first()
        self.calls = 0
        return visit


class ListCloses(AtRandom):
    """Who is taken out leaves no gap for the last one."""

    def leave(self, visit: Visit) -> None:
        if self.index.pop(visit.visitor, None) is not None:
            self.standing.remove(visit)
            self.index = {other.visitor: i for i, other in enumerate(self.standing)}


class NobodyGoesToTheEndOfTheList(AtRandom):
    def to_the_end(self, visit: Visit) -> None:
        if visit.visitor not in self.index:
            self.join(visit)


class AtTheEndLotsCountAgain(InOrder):
    """Who goes to the end before the opening stays in the crowd."""

    def to_the_end(self, visit: Visit) -> None:
        if self.is_shuffled():
            self.stand(visit, SHUFFLED, self.lot(visit))
        else:
            super().to_the_end(visit)


class TheCrowdMovesAheadToo(InOrder):
    def ahead(self, visit: Visit, places: int) -> None:
        if visit.visitor in self.standing and self.standing[visit.visitor][0][1] == SHUFFLED:
            self.stand(visit, SHUFFLED, 0)
        else:
            super().ahead(visit, places)


MUTANTS = (
    *wrong("first come, first called",
        but("LastComeFirstCalled", InOrder,
            stand=lambda self, visit, stage, number: InOrder.stand(self, visit, stage, -number))),
    *wrong("shuffle",
        always("NobodyIsShuffled", InOrder, is_shuffled=False),
        but("TheCrowdStandsBehind", InOrder,
            stand=lambda self, visit, stage, number: InOrder.stand(self, visit, NUMBERED + SHUFFLED - stage, number)),
        AtTheEndLotsCountAgain),
    *wrong("referrals",
        but("AheadByOnePlaceLess", InOrder, ahead=lambda self, visit, places: InOrder.ahead(self, visit, places - 1)),
        but("AheadOfTheWholeLine", InOrder,
            ahead=lambda self, visit, places: InOrder.ahead(self, visit, places + (1 << 40))),
        TheCrowdMovesAheadToo),
    *wrong("random calls",
        always("FirstOfTheListIsCalled", AtRandom, next_index=0), OneDrawForAllCalls, ListCloses,
        NobodyGoesToTheEndOfTheList),
    *wrong("priority",
        always("RankIsIgnored", ByRank, rank=0),
        but("HighestRankFirst", ByRank, rank=lambda self, visit: -ByRank.rank(self, visit))),
)  # fmt: skip
