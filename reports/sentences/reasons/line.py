"""What the audit of a line found, in words, without a full stop."""

from __future__ import annotations

from typing import assert_never

from reports.sentences import words
from simulator.verdict.line.announced import Announced
from simulator.verdict.line.audit import Finding
from simulator.verdict.line.entries import Entries
from simulator.verdict.line.overtaking import Inversion, Overtaking
from simulator.verdict.line.places import Backwards, Lost, Shared


def found_in_line(found: Finding) -> str:
    """On what a promise was kept, or how it was broken."""
    match found:
        case Lost():
            return _lost(found)
        case Shared():
            if not found.people:
                return f"{words.times(found.places, 'place')}, each of them one person's"
            return f"{found.people:,} people were given a place that somebody else had too"
        case Overtaking():
            return _overtaking(found)
        case Backwards():
            if found.joined_s is None:
                return f"{words.times(found.looks, 'position')} told, and none grew"
            return (
                f"{words.times(found.steps, 'time')} a position grew while somebody stood at his place; at"
                f" worst {words.visitor(found.joined_s)} moved back by {words.times(found.worst, 'place')}"
            )
        case Announced():
            return (
                f"of {_people(found.people)} who were told a wait, {found.short:,} waited clearly"
                f" longer and {found.long:,} clearly shorter"
            )
        case Entries():
            return _entries(found)
    assert_never(found)


def _lost(found: Lost) -> str:
    if found.first_s is None:
        return f"{words.times(found.places, 'place')}, all of them kept"
    first = words.duration(found.first_s)
    return f"of {words.times(found.places, 'place')} the line forgot {found.lost:,}, the first after {first}"


def _overtaking(found: Overtaking) -> str:
    worst = found.worst
    if worst is None:
        return f"of {_people(found.waited)} who waited, nobody was let in before his turn"
    return (
        f"{words.times(found.inversions, 'time')} somebody was let in before one who had joined earlier; at"
        f" worst {_inversion(worst)}"
    )


def _inversion(worst: Inversion) -> str:
    """Who, when, and by how much."""
    return (
        f"{words.visitor(worst.by_joined_s)} had entered {words.duration(worst.by_entered_s)} after it, and"
        f" {words.visitor(worst.joined_s)} was still told to wait {words.duration(worst.lag_s)} later"
    )


def _entries(found: Entries) -> str:
    rate = f"{found.rate_per_s:g}/s"
    if found.excess <= 0:
        return f"{found.entered:,} were let in, never faster than {rate}"
    return (
        f"{found.many:,} were let in within {words.duration(found.within_s)}, {found.excess:,.0f} more than"
        f" {rate} allows"
    )


def _people(many: int) -> str:
    return f"{many:,} {words.people(str(many))}"
