"""The parts of which a launch of the SimPy engine is made: where one is wrong, so is the launch."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.engine.readable.bucket import Bucket
from simulator.engine.readable.clients import Clients
from simulator.engine.readable.line.line import Line
from simulator.engine.readable.line.minute import ByMinute, MinuteLine
from simulator.engine.readable.line.queue import AtRandom, ByRank, InOrder
from simulator.engine.readable.line.release import ByFeedback, ByTokens, InBatches
from simulator.engine.readable.line.slots import BySlots
from simulator.engine.readable.station.autoscaler import Autoscaler
from simulator.engine.readable.station.cpu import Cpu
from simulator.engine.readable.station.pool import Pool
from simulator.engine.readable.station.quota import Quota
from simulator.engine.readable.station.sharing import Sharing
from simulator.engine.readable.station.station import Station
from simulator.engine.readable.work import Work
from simulator.engine.readable.world import Clock, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The classes of which a launch is made; which of them are, its system says."""

    clock: type[Clock] = Clock
    world: type[World] = World
    clients: type[Clients] = Clients

    line: type[Line] = Line
    in_order: type[InOrder] = InOrder
    by_rank: type[ByRank] = ByRank
    at_random: type[AtRandom] = AtRandom
    bucket: type[Bucket] = Bucket
    by_tokens: type[ByTokens] = ByTokens
    in_batches: type[InBatches] = InBatches
    by_feedback: type[ByFeedback] = ByFeedback
    by_slots: type[BySlots] = BySlots
    minute_line: type[MinuteLine] = MinuteLine
    by_minute: type[ByMinute] = ByMinute

    work: type[Work] = Work
    station: type[Station] = Station
    pool: type[Pool] = Pool
    sharing: type[Sharing] = Sharing
    cpu: type[Cpu] = Cpu
    quota: type[Quota] = Quota
    autoscaler: type[Autoscaler] = Autoscaler


PARTS = Parts()
"""Those that obey the rules."""
