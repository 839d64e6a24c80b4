"""Mutants of instances: which one gets a job, and what an operator changes."""

from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.visit import Job
from tests.agreement.mutants.mutant import always, but, wrong


class ColdAtEveryOpening(Station):
    def start(self) -> None:
        for instance in self.instances:
            instance.be_cold()
        super().start()


class ColdAtTheOpeningOnly(Station):
    def come_up(self, instance: Pool) -> None:
        instance.open()
        self.may_fail(instance)


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


MUTANTS = (
    *wrong("cold start", ColdAtEveryOpening, ColdAtTheOpeningOnly),
    *wrong("change of cores", always("CoresNeverChange", Station, set_cores=None)),
    *wrong("shared instances", SharedInstancesAreOne, WaitingRoomIsNotMultiplied),
    *wrong("round robin", PointerStaysAtTheChosen, PointerMovesByOne, CallsHaveTheirOwnTurn),
    *wrong("random instance",
        but("RandomIsTheFirst", Station, anyone=lambda self, up, job: up[0]),
        but("CallsHaveTheChoiceOfTheirAttempt", Station,
            anyone=lambda self, up, job: Station.anyone(self, up, Job(job.attempt, 0, job.service)))),
    *wrong("least busy instance",
        but("BusiestFirst", Station,
            least_busy=lambda self, up: min(up, key=lambda instance: (-instance.load(), instance.index))),
        but("HighestIndexOfTheLeastBusy", Station,
            least_busy=lambda self, up: min(up, key=lambda instance: (instance.load(), -instance.index))),
        but("OnlyWhoWaitsCounts", Station,
            least_busy=lambda self, up: min(up, key=lambda instance: (len(instance.waiting), instance.index))),
        but("SeatsDoNotCount", Station,
            least_busy=lambda self, up: min(up, key=lambda i: (len(i.serving) + len(i.waiting), i.index)))),
    *wrong("change of servers",
        MoreServersWaitForACompletion, FewerServersLoseWaitingWork, FewerServersTakeOneMore),
    *wrong("change of waiting room",
        SmallerRoomThrowsOut, always("WaitingRoomNeverChanges", Station, set_waiting_room=None)),
)  # fmt: skip
