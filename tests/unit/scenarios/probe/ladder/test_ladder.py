"""What a ladder makes of its visits."""

from collections.abc import Iterator

import pytest

from scenarios.http.allow import Target
from scenarios.http.manners import Manners
from scenarios.probe import people as probed
from scenarios.probe.ladder.bounds import Bounds
from scenarios.probe.ladder.climb.climb import Climb
from scenarios.probe.ladder.found.findings import Findings
from scenarios.probe.ladder.ladder import Ladder
from scenarios.probe.ladder.machine.processor import Cpu, Listeners, no_cpu
from scenarios.probe.ladder.rungs import Exchange, Visit
from scenarios.probe.people import People
from scenarios.probe.probe import SIGNUP
from tests.examples import examples

MS, S = 1_000_000, 1_000_000_000
HERE = Target(url="http://127.0.0.1:9", host="127.0.0.1", port=9, addresses=("127.0.0.1",))


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probed, "connect", lambda _: "127.0.0.1")


def visits(own: float, cpu_s: float | None) -> Iterator[Visit]:
    """One server of a core: ten a second alone; of a queue what the probe leaves it of the core, which is full then."""
    for sweep in range(4):
        for n in (1, 2, 3):
            left = 1.0 if n == 1 else max(0.5, 1.0 - own)
            each_ns = round((100 + sweep % 2) * MS / left)
            exchanges = tuple(
                Exchange(request=SIGNUP, sent_ns=(k - n) * each_ns, seen_ns=k * each_ns, status=201)
                for k in range(1, 60)
            )
            yield Visit(
                n=n, sweep=sweep, begin_ns=S, end_ns=5 * S, exchanges=exchanges,
                own_cpu=own, busy=0.9 if n == 1 else 1.0, cpu_s=cpu_s,
            )  # fmt: skip


def found(own: float, cpu_s: float | None = None, cpu: Cpu = no_cpu) -> Findings:
    """On a machine of one core."""
    people = People(HERE, (SIGNUP,), Manners(health=None))
    climb = Climb(people, Bounds(), cpu, cores=1, visits=list(visits(own, cpu_s)))
    done = Ladder(HERE, (SIGNUP,), Manners(health=None), Bounds(), climb=climb).so_far()
    assert done is not None
    return done


@examples("own, confirmed",
    ("a fifth of the core is the probe's", 0.2, True),
    ("three fifths of it are", 0.6, False),
)  # fmt: skip
def test_a_probe_that_needs_more_than_half_of_the_cores_confirms_nothing(
    own: float, *, confirmed: bool
) -> None:
    done = found(own)
    assert done.servers == 1
    assert done.confirmed is confirmed
    said = (
        "the probe itself had not enough of a core to ask for more: the capacity is at least this"
    )
    assert (said in " ".join(done.trust())) is not confirmed


@examples("cpu_s, told",
    ("who listens works itself", 3.6, True),
    ("who listens hands the work on", 0.4, False),
)  # fmt: skip
def test_processor_time_of_who_hands_the_work_on_is_not_told(cpu_s: float, *, told: bool) -> None:
    """Of four seconds of services."""
    done = found(0.2, cpu_s, Listeners(9))
    assert ("Processor time of the target" in " ".join(done.trust())) is told
