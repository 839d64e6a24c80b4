"""A replay's latencies as an HdrHistogram log, for the tools that read these.

One line a tag and second, by when it ended, in nanoseconds with three significant digits:

- ``response.JOURNEY``: a visit's response, from entry to success, retries included. Without a line it is counted from
  the planned instant, and so is ``wait`` in the line: where the generator was late, that is in it. Nothing is to be
  corrected for coordinated omission any more.
- ``request.JOURNEY.STATION``: each request there that succeeded, from sending to the last byte; the others beside it,
  as ``request.JOURNEY.STATION.timed_out``, which would have lasted longer.

Who never succeeded is in no histogram of responses: percentiles are of those who did. Source of the format: Gil Tene,
HdrHistogram, ``HistogramLogWriter``, format 1.2.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import TextIO

import numpy as np

from reports.run import store
from reports.run.folder import observed_part
from reports.run.report.report import Report
from simulator.errors import UsageError
from simulator.host.files import unwritten
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.machine import read_opened_ns
from simulator.outcomes.rows import UNKNOWN, Block, Fate, Result
from simulator.outcomes.store import read_part
from simulator.units import NS_PER_S, Ints

DIGITS = 3
LONGEST_NS = 24 * 3600 * NS_PER_S
"""What lasts longer is written as so long."""
PLAIN = re.compile(r"[^A-Za-z0-9_.-]+")
"""What a tag may not hold: a comma, a space or a line break ends it."""
NOTE = (
    "durations in ns, times in s since the (first) opening; responses and waits are counted from the planned instant: do not"
    " correct them for coordinated omission"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """Durations of one kind."""

    tag: str
    ended_ns: Ints
    """When each ended, since the opening."""
    lasted_ns: Ints
    opened_ns: int = 0
    """When that was, since 1970; 0 in runs of older versions, which did not keep it."""


def save_hlog(report: Report, file: Path) -> None:
    """Write what was observed of all variants.

    Raises UsageError where the package is missing, nothing was replayed, or the file cannot be written.
    """
    package = hdrhistogram()
    kinds = [each for each in observed_of(report) if len(each.lasted_ns)]
    if not kinds:
        raise UsageError(
            f"{report.folder.path}: nothing was replayed that ended, so there is no latency to write"
        )
    text = io.StringIO()
    write(package, text, kinds, report.facts.started_at)
    try:
        file.write_text(text.getvalue(), encoding="utf-8")
    except OSError as error:
        raise unwritten(file, error) from error


def hdrhistogram() -> ModuleType:
    """The package that knows the format, which is an extra.

    Raises UsageError where it is not installed.
    """
    try:
        import hdrh.histogram
        import hdrh.log
    except ModuleNotFoundError as missing:
        raise UsageError(
            f"--hlog needs a package that is not installed ({missing.name}): python -m pip install"
            " 'surgeproof[hlog]'"
        ) from missing
    package: ModuleType = hdrh
    return package


def observed_of(report: Report) -> Iterator[Tagged]:
    """Of each variant; of several, each tag begins with the variant's name."""
    observed = [each for each in report.variants if each.observed is not None]
    for variant in observed:
        assert variant.observed is not None, "it was chosen for that"
        name = observed_part(variant.label)
        with store.reading(report.folder.database) as db:
            block, opened_ns = read_part(db, name).rows(), read_opened_ns(db, name)
        begins = f"{variant.label}." if len(observed) > 1 else ""
        for each in kinds_of(block, variant.observed.layout):
            yield Tagged(
                tag=PLAIN.sub("-", f"{begins}{each.tag}"),
                ended_ns=each.ended_ns,
                lasted_ns=each.lasted_ns,
                opened_ns=opened_ns or 0,
            )


def kinds_of(block: Block, layout: Layout) -> Iterator[Tagged]:
    """Visits, then requests, as figures count them (:mod:`simulator.outcomes.counts.summary`)."""
    yield from visits_of(block, layout)
    yield from requests_of(block, layout)


def visits_of(block: Block, layout: Layout) -> Iterator[Tagged]:
    """The wait of each who was let in through a line, and the response of each who was served."""
    visits = block.visits
    arrived, let_in = visits["arrived"], visits["let_in"]
    lined = visits["joined"] != UNKNOWN
    entered = lined & (let_in != UNKNOWN)
    yield Tagged(tag="wait", ended_ns=let_in[entered], lasted_ns=(let_in - arrived)[entered])
    began = np.where(lined, let_in, arrived)
    journeys = layout.journey_of_group[visits["people"]]
    for number, name in enumerate(layout.journeys):
        served = (visits["fate"] == Fate.SERVED) & (journeys == number)
        ended = visits["ended"][served]
        yield Tagged(tag=f"response.{name}", ended_ns=ended, lasted_ns=ended - began[served])


def requests_of(block: Block, layout: Layout) -> Iterator[Tagged]:
    """Each request that ended, by its place and by what it came to."""
    attempts = block.attempts[block.attempts["finished"] != UNKNOWN]
    places = layout.place_of_step[attempts["step"]]
    for number, place in enumerate(layout.places):
        name = f"{layout.journeys[place.journey]}.{layout.stations[place.station]}"
        for result in Result:
            mine = attempts[(places == number) & (attempts["result"] == result)]
            ended = mine["finished"]
            tag = name if result is Result.SUCCESS else f"{name}.{result.name.lower()}"
            yield Tagged(tag=f"request.{tag}", ended_ns=ended, lasted_ns=ended - mine["sent"])


def write(package: ModuleType, file: TextIO, kinds: Sequence[Tagged], at: datetime) -> None:
    """``at``: when the command was started, which is earlier than the opening."""
    opened_ns = first_opening_ns(kinds)
    opened = (
        datetime.fromtimestamp(opened_ns / NS_PER_S, UTC).isoformat() if opened_ns else "unknown"
    )
    log = package.log.HistogramLogWriter(file)
    log.output_log_format_version()
    log.output_comment(NOTE)
    log.output_comment(f"the command was started, earlier than the opening, at {at.isoformat()}")
    # Its own output_start_time takes milliseconds for seconds, and fails.
    log.output_comment(f"[StartTime: {opened_ns / NS_PER_S:.3f} (seconds since epoch), {opened}]")
    log.output_base_time(opened_ns / 1e6)
    log.output_legend()
    for begins_s, tag, lasted_ns in by_second(kinds, opened_ns):
        histogram = package.histogram.HdrHistogram(1, LONGEST_NS, DIGITS)
        for value_ns, count in zip(*np.unique(lasted_ns, return_counts=True), strict=True):
            histogram.record_value(min(max(1, int(value_ns)), LONGEST_NS), int(count))
        histogram.set_start_time_stamp(1000.0 * begins_s)
        histogram.set_end_time_stamp(1000.0 * (begins_s + 1.0))
        file.write(f"Tag={tag},")
        log.output_interval_histogram(histogram)


def first_opening_ns(kinds: Sequence[Tagged]) -> int:
    """When the first variant opened, since 1970; 0 where that of any is not known: all are then told from their own."""
    openings = [each.opened_ns for each in kinds]
    return min(openings) if all(openings) else 0


def by_second(kinds: Sequence[Tagged], opened_ns: int) -> Iterator[tuple[float, str, Ints]]:
    """What ended in each second of its variant, in the order of time: readers stop at the first line beyond what they want."""
    seconds = [each.ended_ns // NS_PER_S for each in kinds]
    later_s = [(each.opened_ns - opened_ns) / NS_PER_S if opened_ns else 0.0 for each in kinds]
    there = {
        (later_s[number] + second, number, second)
        for number, of in enumerate(seconds)
        for second in np.unique(of).tolist()
    }
    for begins_s, number, second in sorted(there):
        yield begins_s, kinds[number].tag, kinds[number].lasted_ns[seconds[number] == second]
