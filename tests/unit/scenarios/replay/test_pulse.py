"""How the generator feels its own pulse: what is late counts, also where nobody let the probe end."""

from typing import cast

import pytest
from gevent import GreenletExit

from scenarios.replay.child.clock import Clock
from scenarios.replay.child.pulse import PROBE_EVERY_NS, Pulse
from tests.unit.scenarios.replay.test_surge import surge_of

MS = 1_000_000


class Overslept:
    """A clock by which each sleep takes longer by so much; in the last of them who sleeps is stopped."""

    def __init__(self, *by_ns: int) -> None:
        self.at_ns, self.by_ns = 0, [*by_ns]

    def now_ns(self) -> int:
        return self.at_ns

    def sleep_until(self, at_ns: int) -> None:
        self.at_ns = at_ns + self.by_ns.pop(0)
        if not self.by_ns:
            raise GreenletExit


@pytest.mark.parametrize(("by_ns", "lag_ns"), [
    ((2 * MS, 3000 * MS), 3000 * MS),
    ((70 * MS, 0), 70 * MS),
    ((1 * MS, -PROBE_EVERY_NS), 1 * MS),
], ids=["frozen in the last probe", "late before it", "stopped before it was due"])  # fmt: skip
def test_the_last_beat_tells_what_its_unfinished_second_felt(
    by_ns: tuple[int, ...], lag_ns: int
) -> None:
    pulse = Pulse(surge_of(0)[0], cast("Clock", Overslept(*by_ns)))
    with pytest.raises(GreenletExit):
        pulse.next_beat()
    pulse.feel()
    assert pulse.beat().loop_lag_ns == lag_ns
    assert pulse.beat().loop_lag_ns == 0  # it is told once


def test_before_the_first_probe_nothing_is_late() -> None:
    pulse = Pulse(surge_of(0)[0], Clock())
    pulse.feel()
    assert pulse.beat().loop_lag_ns == 0
