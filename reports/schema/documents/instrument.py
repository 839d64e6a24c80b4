"""What a replay knows of itself: of its generator, of the machine, and of the target's line."""

from __future__ import annotations

from reports.schema.terms import Told


class Stall(Told):
    """A second in which the generator's event loop overslept."""

    lag_ns: int
    """The longest time."""
    touched: float
    """Of all starts and ends of visits, the share that fell into it."""


class Worker(Told):
    """One process that sent a part of the launch."""

    number: int
    name: str
    planned: int
    """Visitors of its part."""
    offset_ns: int
    """Its clock less that of the process that leads."""
    bound_ns: int
    """By how much that may be wrong."""
    started: int | None
    """Visitors that it sent; null: it never said so."""
    lost: str | None
    """Why its part cannot be judged; null where it can."""


class Instrument(Told):
    """What the generator did: whether the plan was sent, and when."""

    planned: int
    """Visitors: planned = started + unsent."""
    started: int
    unsent: int
    unsent_reported: int | None
    """The generator's own count; null where it came to no end."""
    recorded: int
    """Visitors whose fate was written down."""
    tardy: int
    """Started visitors later than 20 ms."""
    passed: int
    """Visitors that started before one of the tardy, though planned after."""
    late: int
    """Visitors not sent, since they were too late."""
    at_cap: int
    """Visitors not sent, since too many were under way."""
    lag_p99_ns: int | None
    """How late visitors started."""
    lag_max_ns: int | None
    worst_bin: int
    """Visits beside the plan in the worst 100 ms."""
    busiest_bin: int
    """Visits planned for the busiest 100 ms."""
    busiest_second: int
    bins: int
    """Of 100 ms, until the last planned visit."""
    cpu_share_peak: float
    """Of one core, in the busiest second."""
    cpu_share_sustained: float
    """The same over two seconds."""
    loop_lag_max_ns: int
    """The longest that the event loop overslept."""
    stalls: list[Stall]
    ended: str | None
    """How it ended, as "complete"; null: it did not say."""
    beats: int
    """How often it told how far it was."""
    last_beat_ns: int | None
    """When all workers were last heard of."""
    workers: list[Worker]
    busiest: str
    """The worker that used most of its core, where there are several."""
    slowest: str
    """The worker whose event loop overslept longest, where there are several."""


class Probed(Told):
    """The yardstick, a fixed piece of work, while the target was probed."""

    piece_ns: float
    """What a piece took, in the mean."""
    sd_ns: float
    """The standard deviation of it."""
    machine: str
    """A fingerprint of the machine."""
    computing: float | None
    """The share of the target's services that was its own processor time; null: nobody knows."""


class Pieces(Told):
    """The yardstick during the replay: a list a quantity, in the order of time."""

    at_s: list[float]
    """Since the opening."""
    cpu_ms: list[float]
    """What each piece took of a core."""
    wall_ms: list[float]
    """What it took by the clock."""


class Strain(Told):
    """The machine about once a second: a list a quantity, in the order of time; null is unknown."""

    at_s: list[float]
    """Since the opening."""
    cores: list[int]
    """How many there are."""
    busy: list[float | None]
    """Cores that were used."""
    steal: list[float | None]
    """Cores that the hypervisor kept."""
    pressure: list[float | None]
    """The share of the time in which somebody waited for a core."""
    target_cpu: list[float | None]
    """Cores that the target used."""
    target_wait: list[float | None]
    """Seconds a second that the target waited for a core, all threads together."""
    generator_cpu: list[float | None]
    """Cores that the generator used."""
    generator_wait: list[float | None]
    """Seconds a second that it waited for one."""


class Machine(Told):
    """What the machine did during the replay."""

    here: str
    """Its fingerprint."""
    probed: Probed | None
    comparable: bool
    """Whether it is the machine of the probe."""
    pieces: Pieces
    strain: Strain


class Promises(Told):
    """What is audited of a line."""

    order: str
    """In which order people are let in."""
    alike_ns: int
    """Who joined within this of one another may be let in in any order."""
    rate_per_s: float | None
    """People let in a second; null: nobody promised one."""
    burst: int
    catches_up_ns: int
    """Who was late may catch up for so long."""
    wait_factor: float
    """An announced wait that is wrong by more than this factor is wrong."""
    classes: list[int]
    """Of each group of people; empty: all are alike."""


class Lost(Told):
    """Places that the line forgot while people stood at them."""

    places: int
    """How many there were."""
    lost: int
    first_s: float | None
    """When the first was seen to be gone."""


class Shared(Told):
    """Places that were given to more than one person."""

    places: int
    people: int
    """Who had one that was somebody else's too."""


class Inversion(Told):
    """One who was let in after somebody who had joined later; instants are since the opening."""

    visitor: int
    """Who was overtaken."""
    by: int
    """And who overtook."""
    joined_s: float
    """When the first had his place, at the latest,"""
    by_joined_s: float
    """when the other asked for one, at the earliest,"""
    by_entered_s: float
    """when he had seen that he is in,"""
    waited_s: float
    """and when the first asked once more, and was told to wait."""


class Overtaking(Told):
    """Who was let in after somebody who had joined later."""

    waited: int
    """People who were told to wait at all."""
    people: int
    """Who were overtaken."""
    inversions: int
    """Pairs of one who was overtaken and one who overtook him."""
    worst: Inversion | None
    """The one that lasted longest; null: there was none."""


class Backwards(Told):
    """Positions that grew while people stood at one place."""

    looks: int
    """Answers that told a position."""
    people: int
    steps: int
    """How often one grew."""
    worst: int
    """By how many places at once."""
    visitor: int
    """Whose; -1: nobody's."""
    joined_s: float | None
    """When he had his place; null: it was nobody."""


class Group(Told):
    """People who were announced similar waits, and were let in."""

    people: int
    announced_s: float
    """The median, as of the next."""
    real_s: float
    low_s: float
    """The middle 80 % of real waits, from here"""
    high_s: float
    """to here."""


class Announced(Told):
    """The waits that people were announced, against their real ones."""

    people: int
    short: int
    """Who waited longer than announced, beyond all doubt."""
    long: int
    """Who waited less."""
    calibration: list[Group]
    """By the announced wait, in groups of equal size."""


class Entries(Told):
    """Entries against the rate that was promised."""

    entered: int
    rate_per_s: float
    allowed: float
    """By so many the bound may be exceeded: a line that was late may catch up."""
    excess: float
    """At least so many beyond; 0: none is proven."""
    within_s: float
    """In a time of this length,"""
    many: int
    """in which at least so many were let in."""


class Line(Told):
    """What was found of the target's waiting line (audit.md); null: it tells too little, or promised nothing."""

    promises: Promises
    lost: Lost
    shared: Shared | None
    overtaking: Overtaking | None
    backwards: Backwards | None
    announced: Announced | None
    entries: Entries | None
