"""A limit downstream: each job takes a token, then lasts its time, however many do."""

from __future__ import annotations

from collections import deque

from simulator.engine.readable.bucket import Bucket
from simulator.engine.readable.meter import Meter
from simulator.engine.readable.station.pool import Pool, Told
from simulator.engine.readable.visit import Job
from simulator.engine.readable.world import Appointment, World
from simulator.engine.rules import TOKEN
from simulator.outcomes.rows import Result
from simulator.units import NS_PER_DAY, UNBOUNDED


class Quota(Pool):
    """No servers, but a token bucket, and a number for any 24 hours or for each day."""

    def __init__(self, world: World, station: int, index: int, told: Told, bucket: Bucket) -> None:
        super().__init__(world, station, index, told)
        self.bucket = bucket
        self.day = self.taken_today = 0
        of_24_hours = self.said.per_day
        self.taken_ns = deque[int](maxlen=of_24_hours if of_24_hours < UNBOUNDED else 0)
        self.appointment = Appointment(self.clock.at, self.token)

    def take(self, job: Job) -> None:
        if not self.waiting and self.token_ns() <= self.clock.now_ns:
            self.take_token()
            self.start(job)
        elif self.has_room():
            self.wait(job)
            self.plan_token()
        else:
            self.told.refused(job, Result.TURNED_AWAY, self.said)

    def take_waiting(self) -> None:
        """Who waits here waits for a token."""

    def has_free_seat(self) -> bool:
        return False

    def measure(self, meter: Meter, from_ns: int, to_ns: int) -> None:
        """It is busy while its bucket is not full."""
        super().measure(meter, from_ns, to_ns)
        meter.add(self.station, from_ns, min(to_ns, self.bucket.full_at_ns), busy=1)

    def busy(self) -> int:
        return 0

    def there(self) -> int:
        return 1

    # Tokens

    def token_ns(self) -> int:
        """The earliest instant at which a token can be taken, from now on."""
        at_ns = max(self.clock.now_ns, self.bucket.ready_ns(), self.window_ready_ns())
        if at_ns // NS_PER_DAY == self.day and self.day_has_had_its_number():
            return max(at_ns, (self.day + 1) * NS_PER_DAY)
        return at_ns

    def window_ready_ns(self) -> int:
        """When fewer than are allowed were taken in the previous 24 hours."""
        if not self.taken_ns or len(self.taken_ns) < self.said.per_day:
            return 0
        return self.taken_ns[0] + NS_PER_DAY

    def day_has_had_its_number(self) -> bool:
        return self.taken_today >= self.said.per_day_from_opening

    def take_token(self) -> None:
        self.account()
        self.bucket.take(self.clock.now_ns)
        day = self.clock.now_ns // NS_PER_DAY
        if day != self.day:
            self.day, self.taken_today = day, 0
        self.taken_today += 1
        self.taken_ns.append(self.clock.now_ns)

    def plan_token(self) -> None:
        if self.waiting:
            self.appointment.move(self.token_ns(), (TOKEN, self.station, 0, 0, 0))

    def token(self) -> None:
        """The first one gets it, unless he has waited too long."""
        if not self.waiting:
            return
        job = self.next_waiting()
        if self.is_shed(job):
            self.told.refused(job, Result.TURNED_AWAY, self.said)
        else:
            self.take_token()
            self.start(job)
        self.plan_token()

    def set_spacing(self, spacing_ns: int) -> None:
        self.account()
        self.bucket.set_spacing(spacing_ns, self.clock.now_ns)
        self.plan_token()
