"""What ran out first, and what then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reports.sentences import words
from reports.sentences.story.several import after, among, sentence, spread
from simulator.advice.change.candidates import usual_first
from simulator.advice.why.diagnosis import Diagnosis
from simulator.advice.why.trouble import Sign, Trouble
from simulator.system.capacity import Supply
from simulator.system.system import System
from simulator.units import NS_PER_S

SIGN_TEXT = {
    Sign.UNANSWERED: "attempts have no answer at the end",
    Sign.TURNED_AWAY: "attempts are turned away",
    Sign.TIMED_OUT: "answers come after clients have stopped waiting",
    Sign.FAILED: "attempts break",
    Sign.LATE: "answers come later than the objective allows",
}
SUPPLY_TEXT = {
    Supply.SERVERS: "the servers of",
    Supply.CORES: "the cores of",
    Supply.TOKENS: "the quota of",
    Supply.TIME: "the service of",
}


def run_out(system: System, diagnoses: Sequence[Diagnosis]) -> Iterator[str]:
    """At which station most is lost, and where launches with that trouble have another."""
    first, launches = usual_first(diagnoses)
    if first is None:
        if all(each.line_began_ns is None for each in diagnoses):
            yield "No station runs out."
        return
    of = words.times(len(diagnoses), "launch")
    same = [each for each in diagnoses if is_first(each, first)]
    shares = [round(share_at(each, first.station), 3) for each in same]
    what = "First to run out" if all(map(began_there, same)) else "Most is lost for lack of"
    if first.supply is Supply.TIME:
        what = "Too slow by itself, though hardly anybody waits for it"
    yield (
        f"{what}: {_supply(system, first)}, {after(first.began_ns / NS_PER_S)}"
        f" (in {launches:,} of {of}). {_sign(system, first)};"
        f" {spread(shares, words.percent)} of all attempts that fail or come late do so there."
    ).replace("lack of: ", "lack of ")
    yield from _second(system, len(diagnoses), first, same)


def _second(system: System, every: int, first: Trouble, same: Sequence[Diagnosis]) -> Iterator[str]:
    """Another station, where launches with that trouble have one there as well."""
    others = [
        one
        for each in same
        if (one := next((t for t in each.troubles if t.station != first.station), None))
    ]
    known = sorted(others, key=lambda trouble: trouble.began_ns)
    if 2 * len(known) > len(same):
        other = known[len(known) // 2]
        name = system.stations[other.station].name
        when = "Before that" if other.began_ns < first.began_ns else "Then"
        part = among(len(known), every)
        yield (
            f"{when} {name}, {after(other.began_ns / NS_PER_S)}{f' ({part})' if part else ''}:"
            f" {SIGN_TEXT[other.sign]}."
        )


def _supply(system: System, trouble: Trouble) -> str:
    name = system.stations[trouble.cause].name
    return f"{SUPPLY_TEXT[trouble.supply]} {name}" if trouble.supply else name


def _sign(system: System, trouble: Trouble) -> str:
    said = SIGN_TEXT[trouble.sign]
    if trouble.cause != trouble.station:
        said += f" at {system.stations[trouble.station].name}, which needs it"
    return sentence(said)


def share_at(diagnosis: Diagnosis, station: int) -> float:
    """Which share of all bad attempts a station has."""
    return sum(one.share for one in diagnosis.troubles if one.station == station)


def is_first(diagnosis: Diagnosis, trouble: Trouble) -> bool:
    """Whether the same ran out there, and took the most."""
    first = diagnosis.first
    return first is not None and (first.cause, first.station) == (trouble.cause, trouble.station)


def began_there(diagnosis: Diagnosis) -> bool:
    """Whether what took the most also ran out first."""
    first = diagnosis.first
    return first is not None and first.began_ns == min(one.began_ns for one in diagnosis.troubles)
