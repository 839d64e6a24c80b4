"""Mutants of instances: which one gets a job, and what an operator changes."""

from __future__ import annotations

from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from simulator.system.stations import StationKind
from tests.agreement.mutants.mutant import wrong

POOL, CPU = StationKind.POOL, StationKind.CPU


@wrong("cold start", "station_type")
class ColdAtEveryOpening(Station):
    def start(self) -> None:
        for instance in self.instances:
            instance.be_cold()
        super().start()


@wrong("cold start", "station_type")
class ColdAtTheOpeningOnly(Station):
    def come_up(self, instance: Pool) -> None:
        instance.open()
        self.may_fail(instance)


@wrong("change of cores", "station_type")
class CoresNeverChange(Station):
    def set_cores(self, cores: int) -> None:
        pass


@wrong("shared instances", "station_type")
class SharedInstancesAreOne(Station):
    def new_instance(self) -> Pool:
        self.units = 1
        return super().new_instance()


@wrong("shared instances", "station_type")
class WaitingRoomIsNotMultiplied(Station):
    def start(self) -> None:
        self.waiting_room = self.said.waiting_room
        super().start()


@wrong("round robin", "station_type")
class PointerStaysAtTheChosen(Station):
    def next_in_turn(self, up: list[Pool]) -> Pool:
        chosen = super().next_in_turn(up)
        self.pointer -= 1
        return chosen


@wrong("round robin", "station_type")
class PointerMovesByOne(Station):
    """Not behind the one that was chosen."""

    def next_in_turn(self, up: list[Pool]) -> Pool:
        pointer = self.pointer % len(self.instances)
        chosen = super().next_in_turn(up)
        self.pointer = pointer + 1
        return chosen


@wrong("round robin", "station_type")
class CallsHaveTheirOwnTurn(Station):
    """They do not move the pointer."""

    def choose(self, job: Job) -> Pool | None:
        pointer = self.pointer
        chosen = super().choose(job)
        self.pointer = pointer if job.call else self.pointer
        return chosen


@wrong("random instance", "station_type")
class RandomIsTheFirst(Station):
    def anyone(self, up: list[Pool], job: Job) -> Pool:
        return up[0]


@wrong("random instance", "station_type")
class CallsHaveTheChoiceOfTheirAttempt(Station):
    def anyone(self, up: list[Pool], job: Job) -> Pool:
        return super().anyone(up, Job(job.attempt, 0))


@wrong("least busy instance", "station_type")
class BusiestFirst(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (-instance.load(), instance.index))


@wrong("least busy instance", "station_type")
class HighestIndexOfTheLeastBusy(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (instance.load(), -instance.index))


@wrong("least busy instance", "station_type")
class OnlyWhoWaitsCounts(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda instance: (len(instance.waiting), instance.index))


@wrong("least busy instance", "station_type")
class SeatsDoNotCount(Station):
    def least_busy(self, up: list[Pool]) -> Pool:
        return min(up, key=lambda i: (len(i.serving) + len(i.waiting), i.index))


@wrong("change of servers", "station_type")
class MoreServersWaitForACompletion(Station):
    def set_servers(self, servers: int) -> None:
        for instance in self.instances:
            instance.account()
        self.servers = servers


@wrong("change of servers", "instance_types", POOL)
class FewerServersTakeOneMore(Pool):
    def let_go(self, job: Job) -> None:
        was_over = self.occupied > self.servers
        super().let_go(job)
        if was_over and self.waiting and self.is_up and self.occupied == self.servers:
            self.start(self.next_waiting())


@wrong("change of servers", "station_type")
class FewerServersLoseWaitingWork(Station):
    def set_servers(self, servers: int) -> None:
        if servers < self.servers:
            for instance in self.instances:
                for job in list(instance.waiting)[servers:]:
                    self.launch.work.drop(job.attempt)
        super().set_servers(servers)


@wrong("change of waiting room", "station_type")
class SmallerRoomThrowsOut(Station):
    def set_waiting_room(self, places: int) -> None:
        super().set_waiting_room(places)
        for instance in self.instances:
            for job in list(instance.waiting)[self.waiting_room :]:
                self.launch.work.drop(job.attempt)


@wrong("change of waiting room", "station_type")
class WaitingRoomNeverChanges(Station):
    def set_waiting_room(self, places: int) -> None:
        pass
