"""What became of the lines of a log: how many were taken, which were not, and why.

Lines that could not be read are told by their shape, never quoted: nobody knows what stands in them.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from scenarios.recording.logs.hit import UNREAD, Skip
from scenarios.recording.logs.reader import READS
from scenarios.recording.logs.text import RECOGNISED

MOST_UNREAD = 0.01
"""More of the lines than that must not be missing without a word: it could be nine days of a month."""
SHAPES = 3
"""So many kinds of lines that could not be read are shown."""
LONGEST_SHAPE = 120
LONGEST_LINE = 1000
"""Of a line, so much makes its shape."""
HELPS = {
    Skip.INSTANT: "write dates and times that exist, such as 14/Dec/2023:12:00:00",
    Skip.TWICE: "write times with their UTC offset, such as +0100, around clock changes",
    Skip.REQUEST: "a line without a request for a path is not an arrival",
    Skip.REPEATED: "turn off the folding of repeated lines in syslog",
    Skip.SEVERAL: "put each request on a line of its own",
    Skip.CONNECTION: (
        "an AWS network load balancer, like HAProxy in TCP mode, logs connections, not requests: record"
        " the log of the web server or application load balancer behind it"
    ),
    Skip.SQUID: (
        "Squid's native format is read where --fields says which column is what:"
        ' --fields "time=1,method=6,path=7,status=4"'
    ),
}
"""What helps against each reason that has a remedy of its own."""


@dataclass(slots=True)
class Tally:
    """How many lines were taken, which were not, and why."""

    lines: int = 0
    taken: int = 0
    skipped: Counter[Skip] = field(default_factory=Counter)
    first_s: int | None = None
    """The second of the earliest arrival, since 1970."""
    last_s: int | None = None
    shapes: dict[str, int] = field(default_factory=dict)
    """The first few kinds of lines that could not be read, and where the first of each is."""

    def take(self, at_s: int) -> None:
        self.taken += 1
        self.first_s = at_s if self.first_s is None else min(self.first_s, at_s)
        self.last_s = at_s if self.last_s is None else max(self.last_s, at_s)

    def skip(self, why: Skip, line: str) -> None:
        self.skipped[why] += 1
        if why in UNREAD and len(self.shapes) < SHAPES:
            self.shapes.setdefault(shape_of(line), self.lines)

    @property
    def unread(self) -> int:
        """How many lines are missing though nobody asked to leave them out."""
        return sum(self.skipped[why] for why in UNREAD)

    @property
    def only_reason(self) -> Skip | None:
        """Why no line is an arrival, where it is one reason for all that say anything."""
        reasons = self.skipped.keys() - {Skip.EMPTY}
        return next(iter(reasons)) if len(reasons) == 1 else None

    @property
    def too_many_unread(self) -> bool:
        return self.unread > MOST_UNREAD * (self.lines - self.skipped[Skip.EMPTY])

    def reasons(self) -> str:
        return ", ".join(f"{count:,} {why}" for why, count in self.skipped.most_common())

    def shapes_in_words(self) -> str:
        """The lines that could not be read, without what stands in them."""
        return "; ".join(
            f"line {number:,} looks like {shape}" for shape, number in self.shapes.items()
        )


def shape_of(line: str) -> str:
    """What a line looks like: letters are told as a, digits as 9, so that it tells no secret.

    >>> shape_of('192.0.2.7 token=s3cr3t "GET /ann"')
    '9.9.9.9 a=a "a /a"'
    """
    shape = re.sub(
        r"[^\W_]+", lambda found: "9" if found[0].isdigit() else "a", line[:LONGEST_LINE]
    )
    shape = re.sub(r"[^\x20-\x7e]", "?", shape)
    return shape if len(shape) <= LONGEST_SHAPE else f"{shape[:LONGEST_SHAPE]}..."


def nobody(tally: Tally) -> str:
    """That there is no arrival, and why."""
    if tally.lines == tally.skipped[Skip.EMPTY]:
        return "the log is empty"
    if (only := tally.only_reason) in RECOGNISED:
        return HELPS[only]
    lines = (
        "the only line is no" if tally.lines == 1 else f"none of the {tally.lines:,} lines is an"
    )
    said = f"{lines} arrival: {tally.reasons()}"
    if tally.shapes:
        said += f"\n{tally.shapes_in_words()}"
    if tally.unread:
        said += f"\n{remedies(tally)}"
    return said


def too_many(tally: Tally) -> str:
    """That too many lines are missing, which, and what to do."""
    return (
        f"{tally.unread:,} of {tally.lines:,} lines could not be read, more than"
        f" {MOST_UNREAD:.0%}: {tally.reasons()}\n{tally.shapes_in_words()}\n{remedies(tally)};"
        " --skip leaves them out"
    )


def remedies(tally: Tally) -> str:
    """What helps against what could not be read."""
    found = []
    if tally.skipped[Skip.FORMAT] or tally.skipped[Skip.CUT]:
        found.append(f"these formats are read: {READS}")
    if tally.skipped[Skip.ZONE]:
        found.append("name the time zone of the server, as in --zone Europe/Paris")
    found += [said for why, said in HELPS.items() if tally.skipped[why]]
    return "; ".join(found)
