"""Mutants of instances: which one gets a job, and what an operator changes."""

from __future__ import annotations

from simulator.engine.readable.parts import Parts
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from tests.agreement.mutants.mutant import wrong


class ColdAtEveryOpening(Station):
    def start(self) -> None:
        for instance in self.instances:
            instance.be_cold()
        super().start()


class ColdAtTheOpeningOnly(Station):
    def come_up(self, instance: Pool) -> None:
        instance.open()
        self.may_fail(instance)


class CoresNeverChange(Station):
    def set_cores(self, cores: int) -> None:
        pass


class SharedInstancesAreOne(Station):
    def new_instance(self) -> Pool:
        self.units = 1
        return super().new_instance()


class WaitingRoomIsNotMultiplied(Station):
    def equip(self, instance: Pool) -> None:
        self.waiting_room = self.said.waiting_room
        super().equip(instance)


class PointerStaysAtTheChosen(Station):
    def next_in_turn(self, up: list[Pool]) -> Pool:
        chosen = super().next_in_turn(up)
        self.pointer -= 1
        return chosen


class PointerMovesByOne(Station):
    """Not behind the one that was chosen."""

    def next_in_turn(self, up: list[Pool]) -> Pool:
        pointer = self.pointer % len(self.instances)
        chosen = super().next_in_turn(up)
        self.pointer = pointer + 1
        return chosen


class CallsHaveTheirOwnTurn(Station):
    """They do not move the pointer."""

    def choose(self, job: Job) -> Pool | None:
        pointer = self.pointer
        chosen = super().choose(job)
        self.pointer = pointer if job.call else self.pointer
        return chosen


class RandomIsTheFirst(Station):
    def anyone(self, up: list[Pool], job: Job) -> Pool:
        return up[0]


class CallsHaveTheChoiceOfTheirAttempt(Station):
    def anyone(self, up: list[Pool], job: Job) -> Pool:
        return super().anyone(up, Job(job.attempt, 0, job.service))


class BusiestFirst(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (-instance.load(), instance.index))


class HighestIndexOfTheLeastBusy(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (instance.load(), -instance.index))


class OnlyWhoWaitsCounts(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (len(instance.waiting), instance.index))


class SeatsDoNotCount(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda i: (len(i.serving) + len(i.waiting), i.index))


class MoreServersWaitForACompletion(Station):
    def set_servers(self, servers: int) -> None:
        self.servers = servers
        for instance in self.instances:
            instance.set_servers(servers * instance.units)


class FewerServersTakeOneMore(Pool):
    def let_go(self, job: Job) -> None:
        was_over = self.occupied > self.servers
        super().let_go(job)
        if was_over and self.waiting and self.is_up and self.occupied == self.servers:
            self.start(self.next_waiting())


class FewerServersLoseWaitingWork(Station):
    def set_servers(self, servers: int) -> None:
        if servers < self.servers:
            for instance in self.instances:
                for job in list(instance.waiting)[servers:]:
                    instance.let_go(job)
        super().set_servers(servers)


class SmallerRoomThrowsOut(Station):
    def set_waiting_room(self, places: int) -> None:
        super().set_waiting_room(places)
        for instance in self.instances:
            for job in list(instance.waiting)[self.waiting_room :]:
                instance.let_go(job)


class WaitingRoomNeverChanges(Station):
    def set_waiting_room(self, places: int) -> None:
        pass


MUTANTS = (
    *wrong("cold start", Parts(station=ColdAtEveryOpening), Parts(station=ColdAtTheOpeningOnly)),
    *wrong("change of cores", Parts(station=CoresNeverChange)),
    *wrong(
        "shared instances",
        Parts(station=SharedInstancesAreOne),
        Parts(station=WaitingRoomIsNotMultiplied),
    ),
    *wrong(
        "round robin",
        Parts(station=PointerStaysAtTheChosen),
        Parts(station=PointerMovesByOne),
        Parts(station=CallsHaveTheirOwnTurn),
    ),
    *wrong(
        "random instance",
        Parts(station=RandomIsTheFirst),
        Parts(station=CallsHaveTheChoiceOfTheirAttempt),
    ),
    *wrong(
        "least busy instance",
        Parts(station=BusiestFirst),
        Parts(station=HighestIndexOfTheLeastBusy),
        Parts(station=OnlyWhoWaitsCounts),
        Parts(station=SeatsDoNotCount),
    ),
    *wrong(
        "change of servers",
        Parts(station=MoreServersWaitForACompletion),
        Parts(station=FewerServersLoseWaitingWork),
        Parts(pool=FewerServersTakeOneMore),
    ),
    *wrong(
        "change of waiting room",
        Parts(station=SmallerRoomThrowsOut),
        Parts(station=WaitingRoomNeverChanges),
    ),
)
