"""Outcomes folded into counts and histograms, mergeable by addition.

What is printed of them is defined in :mod:`simulator.outcomes.figures.figures` and nowhere else, so that figures are
the same whether or not rows are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.outcomes.bins import Bins, Counts, Steps
from simulator.outcomes.counts.groups import Groups
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.rows import Fate, Result
from simulator.outcomes.tracks import Tracks

PHASE_EDGES_NS = (10_000_000_000, 60_000_000_000)
PHASES = ("first 10 s", "10 s to 60 s", "the rest")
"""By the intended instant: a calm tail dilutes a surge, so they are judged apart."""

ENTERED = (Fate.SERVED, Fate.GAVE_UP, Fate.UNFINISHED)
COUNTED_RESULTS = {
    Result.SUCCESS: "answered",
    Result.TURNED_AWAY: "turned_away",
    Result.TIMED_OUT: "timed_out",
    Result.FAILED: "failed",
}


@dataclass(slots=True, kw_only=True, eq=False)
class Summary:
    """One launch (or several merged ones) in counts."""

    bin_ns: int
    horizon_ns: int
    end_ns: int
    layout: Layout
    bins: Bins
    steps: Steps
    """A row for each place."""
    fates_of_journeys: Counts
    """A row for each journey."""
    overdue: Counts
    """Of each journey: let in and still without an answer at the end, although the clients of all
    who take it would have waited no longer."""
    wait: Histogram
    """Arrival to entry, of those who stood in the line. Who still stood in it when it closed waited
    at least until then (censored); who lost patience, or did not come when called, left."""
    responses: list[Histogram]
    """Entry (arrival, without a line) to the success, for each journey and phase (all phases of the
    first journey come first). Who was let in and gave up is infinite; who was still under way at the
    end takes at least until then (censored)."""
    waits: list[Histogram]
    """For each place, sending to the start of service, where that is known. An attempt whose client
    left before, or who still queued at the end, waited at least so long (censored)."""
    service: Histogram
    """Start of service to last byte of each attempt that succeeded: of answered ones alone, as
    nobody learns when the service of an unanswered one began (a replay is told by the answer)."""
    exchange: Histogram
    """Send to last byte of each attempt that succeeded; one that timed out or was under way at the
    end takes at least so long (censored). A refusal or a fault is no exchange of this kind."""
    lag: Histogram
    """Intended instant to the real start: the generator's own delay, 0 in a prediction."""
    groups: Groups
    """By group of people, where there are several."""
    tracks: Tracks | None = None
    """What the stations did over time; None where nobody knows, as in a replay."""

    @classmethod
    def empty(cls, *, bin_ns: int, horizon_ns: int, end_ns: int, layout: Layout) -> Summary:
        size, journeys, places = -(-end_ns // bin_ns), len(layout.journeys), len(layout.places)
        return cls(
            bin_ns=bin_ns,
            horizon_ns=horizon_ns,
            end_ns=end_ns,
            layout=layout,
            bins=Bins.zeros(size),
            steps=Steps.zeros(places, size),
            fates_of_journeys=np.zeros((journeys, len(Fate)), np.int64),
            overdue=np.zeros(journeys, np.int64),
            wait=Histogram.against(layout.wait_limits_ns),
            responses=[
                Histogram.against(layout.limits_of_journey_ns(journey))
                for journey in range(journeys)
                for _ in PHASES
            ],
            waits=[Histogram() for _ in range(places)],
            service=Histogram(),
            exchange=Histogram(),
            lag=Histogram(),
            groups=Groups.empty(layout),
        )

    @property
    def fates(self) -> Counts:
        """Of all journeys together."""
        return np.asarray(self.fates_of_journeys.sum(axis=0))

    @property
    def results(self) -> Counts:
        """How many attempts had each result."""
        counts = np.zeros(len(Result), np.int64)
        for result, name in COUNTED_RESULTS.items():
            counts[result] = getattr(self.steps, name).sum()
        counts[Result.UNFINISHED] = self.steps.sent.sum() - counts.sum()
        return counts

    @property
    def response(self) -> Histogram:
        """All journeys and phases together."""
        return _together(self.responses)

    def response_of(self, journey: int) -> Histogram:
        """All phases of one journey."""
        first = journey * len(PHASES)
        return _together(self.responses[first : first + len(PHASES)])

    @property
    def arrivals(self) -> int:
        return int(self.fates.sum())

    @property
    def let_in(self) -> int:
        return int(self.fates[list(ENTERED)].sum())

    def let_in_of(self, journey: int) -> int:
        """Of one journey."""
        return int(self.fates_of_journeys[journey, list(ENTERED)].sum())

    @property
    def stood_in_line(self) -> int:
        """How many joined the line."""
        return int(self.bins.joined.sum())

    @property
    def came_to_line(self) -> int:
        """How many joined the line, found it full, or found it too long."""
        return self.stood_in_line + int(self.bins.kept_out.sum())

    @property
    def step_shares(self) -> list[float]:
        """Of those who came, the share who have each step in their journey."""
        people = self.fates_of_journeys.sum(axis=1)
        shares, places = people / max(1, int(people.sum())), self.layout.places
        return [float(shares[places[place].journey]) for place in self.layout.steps]

    def merged(self, other: Summary) -> Summary:
        """Both together; they must be of the same plan."""
        return Summary(
            bin_ns=self.bin_ns,
            horizon_ns=self.horizon_ns,
            end_ns=self.end_ns,
            layout=self.layout,
            bins=self.bins.merged(other.bins),
            steps=self.steps.merged(other.steps),
            fates_of_journeys=self.fates_of_journeys + other.fates_of_journeys,
            overdue=self.overdue + other.overdue,
            wait=self.wait.merged(other.wait),
            responses=_one_by_one(self.responses, other.responses),
            waits=_one_by_one(self.waits, other.waits),
            service=self.service.merged(other.service),
            exchange=self.exchange.merged(other.exchange),
            lag=self.lag.merged(other.lag),
            groups=self.groups.merged(other.groups),
            tracks=merged_tracks(self.tracks, other.tracks),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "bin_ns": self.bin_ns,
            "horizon_ns": self.horizon_ns,
            "end_ns": self.end_ns,
            "layout": self.layout.to_json(),
            "bins": self.bins.to_json(),
            "steps": self.steps.to_json(),
            "fates_of_journeys": self.fates_of_journeys.tolist(),
            "overdue": self.overdue.tolist(),
            "wait": self.wait.to_json(),
            "responses": [histogram.to_json() for histogram in self.responses],
            "waits": [histogram.to_json() for histogram in self.waits],
            "service": self.service.to_json(),
            "exchange": self.exchange.to_json(),
            "lag": self.lag.to_json(),
            "groups": self.groups.to_json(),
            "tracks": None if self.tracks is None else self.tracks.to_json(),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Summary:
        """Read it back; an older version did not count who was overdue."""
        return cls(
            bin_ns=data["bin_ns"],
            horizon_ns=data["horizon_ns"],
            end_ns=data["end_ns"],
            layout=Layout.from_json(data["layout"]),
            bins=Bins.from_json(data["bins"]),
            steps=Steps.from_json(data["steps"]),
            fates_of_journeys=np.array(data["fates_of_journeys"], np.int64),
            overdue=np.array(data.get("overdue", [0] * len(data["fates_of_journeys"])), np.int64),
            wait=Histogram.from_json(data["wait"]),
            responses=[Histogram.from_json(histogram) for histogram in data["responses"]],
            waits=[Histogram.from_json(histogram) for histogram in data["waits"]],
            service=Histogram.from_json(data["service"]),
            exchange=Histogram.from_json(data["exchange"]),
            lag=Histogram.from_json(data["lag"]),
            groups=Groups.from_json(data.get("groups") or []),
            # Runs that were kept before there were any have none.
            tracks=Tracks.from_json(data["tracks"]) if data.get("tracks") else None,
        )


def merged_tracks(ours: Tracks | None, theirs: Tracks | None) -> Tracks | None:
    """Unknown where one of them is."""
    return None if ours is None or theirs is None else ours.merged(theirs)


def _together(histograms: list[Histogram]) -> Histogram:
    first, *others = histograms
    for other in others:
        first = first.merged(other)
    return first


def _one_by_one(ours: list[Histogram], theirs: list[Histogram]) -> list[Histogram]:
    return [a.merged(b) for a, b in zip(ours, theirs, strict=True)]
