"""The baseline in C: compiled here, given a launch as numbers, and read back."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate
from simulator.system.line import TokenBucket
from simulator.timetable import draws
from tests.benchmarks.launches import Launch

SOURCE = Path(__file__).parent / "surge.c"
FLAGS = ("-O3", "-march=native", "-ffp-contract=off")
NEVER_FULL = 1_000_000_000
"""From so many places on the baseline does not count who waits."""

FATES = (Fate.SERVED, Fate.GAVE_UP, Fate.RENEGED, Fate.WAITING, Fate.UNFINISHED)
VISIT_BINS = ["arrivals", "joined", "left_line", "let_in", "gone", "served", "good", "reneged"]
STEP_BINS = [
    "sent", "answered", "turned_away", "timed_out", "failed", "unfinished", "late", "queued",
    "dequeued", "over",
]  # fmt: skip


def compiled(folder: Path) -> Path:
    """The program, freshly compiled."""
    program = folder / "surge"
    subprocess.run(["gcc", *FLAGS, "-o", str(program), str(SOURCE), "-lm"], check=True)
    return program


def play(program: Path, launch: Launch) -> dict[str, Any]:
    """What the program says of the launch."""
    numbers = program.with_suffix(".txt")
    numbers.write_text("\n".join(map(str, numbers_of(launch))))
    answer = subprocess.run([program, numbers], check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(answer.stdout)
    found["histograms"] = [[sum_, (high << 32) + low] for sum_, high, low in found["histograms"]]
    return found


def numbers_of(launch: Launch) -> Iterator[int | str]:
    """The launch in the order in which the program reads it; floats to the last bit."""
    timetable, system = launch.timetable, launch.system
    (people,), (faster,), release = system.people, system.changes, system.waitlist.release
    assert isinstance(release, TokenBucket)
    for role in (draws.SERVICE, draws.PATIENCE, draws.BACKOFF, draws.ARRIVAL):
        key = timetable.key(role)
        yield key - (1 << 64) if key >> 63 else key
    yield from (timetable.horizon_ns, timetable.end_ns, launch.bin_ns)
    yield launch.layout.good_within_ns[0]
    yield from (release.spacing_ns, faster.at_ns, faster.value)
    yield people.patience.location.hex()
    retries = people.retries
    yield from (people.client_timeout_ns, retries.backoff_ns, retries.cap_ns, retries.attempts)
    for station in system.stations:
        yield station.servers
        yield -1 if station.waiting_room >= NEVER_FULL else station.waiting_room
        yield from (station.service.location.hex(), station.service.scale.hex())
    yield from blocks_of(launch)


def blocks_of(launch: Launch) -> Iterator[int | str]:
    (component,), (counts,) = launch.timetable.demand.components, launch.timetable.counts
    yield len(counts)
    starts, widths = component.edges_ns[:-1].tolist(), np.diff(component.edges_ns).tolist()
    for start_ns, width_ns, tilt, count in zip(
        starts, widths, component.tilt.tolist(), counts.tolist(), strict=True
    ):
        yield from (start_ns, width_ns, tilt.hex(), count)


def figures(summary: Summary) -> dict[str, Any]:
    """The same figures of a Summary, as the program prints them."""
    histograms = [summary.wait, summary.lag, summary.service, summary.exchange]
    histograms += [*summary.responses, *summary.waits]
    return {
        "fates": [int(summary.fates[fate]) for fate in FATES],
        "results": summary.results.tolist(),
        "infinite": sum(histogram.infinite for histogram in summary.responses),
        "bins": [checksum(getattr(summary.bins, name)) for name in VISIT_BINS],
        "steps": [checksum(row_of(summary, name, step)) for step in range(2) for name in STEP_BINS],
        "histograms": [[checksum(each.counts), each.sum_ns] for each in histograms],
    }


def row_of(summary: Summary, name: str, step: int) -> NDArray[np.int64]:
    steps = summary.steps
    if name != "unfinished":
        row: NDArray[np.int64] = getattr(steps, name)[step]
        return row
    others = [steps.answered, steps.turned_away, steps.timed_out, steps.failed]
    return np.asarray(steps.sent[step] - sum(other[step] for other in others))


def checksum(counts: NDArray[np.int64]) -> int:
    """Different for other counts, and for other places of the same counts."""
    total = 0
    for count in counts.tolist():
        total = (total * 31 + count) % (1 << 64)
    return total
