"""A CSV of arrivals as a test reads it back: instants or counts, as it knows beforehand."""

from collections.abc import Iterable

from simulator.scenario.document.csv.arrivals import Counts, read_recorded


def instants_ns(lines: Iterable[str]) -> list[int]:
    found = read_recorded(lines, "launch.csv")
    assert not isinstance(found, Counts)
    return [int(each) for each in found]


def counts(lines: Iterable[str]) -> Counts:
    found = read_recorded(lines, "launch.csv")
    assert isinstance(found, Counts)
    return found
