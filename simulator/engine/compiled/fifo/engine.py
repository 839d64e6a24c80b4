"""The compiled engine for launches in which everything is first-come first-served.

Such a launch needs no events (:mod:`simulator.engine.compiled.fifo.kernel`), which makes it many times as
fast as the general loop. It plays by the same rules and gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.engine.compiled.areas import INSTANCES_UP, THERE, change, no_areas, tracks_of
from simulator.engine.compiled.arrivals import surges_of
from simulator.engine.compiled.fifo.kernel import (
    ARRIVALS_USED_UP,
    DONE,
    ROWS_FULL,
    STARTS_FULL,
    VISITS_FULL,
    meet,
    run,
    run_and_fold,
)
from simulator.engine.compiled.fifo.state import (
    ATTEMPT_ROWS,
    VISIT_ROWS,
    State,
    first_state,
    with_empty_rows,
    with_more_starts,
    with_more_visits,
)
from simulator.engine.compiled.fifo.tables import changes_of, most_servers, rules_of
from simulator.engine.compiled.fold.groups import group_tally_of, groups_of
from simulator.engine.compiled.fold.tally import summary_of, tally_of
from simulator.engine.compiled.limits import refuse_overflow
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import ATTEMPT, VISIT, Block, Outcomes, Provenance
from simulator.outcomes.tracks import Grid, Tracks
from simulator.system.line import Policy, TokenBucket
from simulator.system.people import People
from simulator.system.stations import Balance, Station, StationKind
from simulator.system.system import Lever, System
from simulator.timetable.draws import NEVER
from simulator.timetable.laws import Duration
from simulator.timetable.timetable import Timetable
from simulator.units import FOREVER, UNBOUNDED, Ints

MAKE_ROOM = {VISITS_FULL: with_more_visits, STARTS_FULL: with_more_starts}


MOST_SERVERS = 1 << 22
"""So many are remembered one by one; a larger launch needs a loop that counts them."""


class Fifo:
    """The engine that is fastest, where it covers the launch."""

    name = "compiled"

    def __init__(
        self, *, block_rows: int = 65_536, folded_rows: int = 512, first_size: int = 1024
    ) -> None:
        self.block_rows = block_rows
        """The most rows of a kind in a block that is given out."""
        self.folded_rows = folded_rows
        """The most rows of a kind that are kept where they are folded at once: the cache's size."""
        self.first_size = first_size
        """Room for so many of a kind is made at first, a power of two; it grows when needed."""

    def covers(self, system: System) -> bool:
        """Whether everything in the system is first-come first-served."""
        return (
            covers_line(system)
            and all(covers_people(group) for group in system.people)
            and all(covers_station(station) for station in system.stations)
            and remembered_servers(system) <= MOST_SERVERS
            and not any(step.calls or step.holds for step in system.steps)
        )

    def simulate(
        self, timetable: Timetable, system: System, *, bin_ns: int | None = None
    ) -> Outcomes:
        """What becomes of every visitor, as a stream of blocks."""
        grid = Grid.of(bin_ns or max(1, timetable.end_ns), timetable.end_ns)
        tracks = grid.tracks(len(system.stations))
        return Outcomes(
            provenance=Provenance.PREDICTED,
            horizon_ns=timetable.horizon_ns,
            end_ns=timetable.end_ns,
            blocks=self.blocks(timetable, system, grid, tracks),
            tracks=None if bin_ns is None else tracks,
        )

    def blocks(
        self, timetable: Timetable, system: System, grid: Grid, tracks: Tracks
    ) -> Iterator[Block]:
        refuse_overflow(timetable, system)
        rules, surges = rules_of(timetable, system, grid), surges_of(timetable)
        areas = areas_at_first(timetable, system, grid)
        state = first_state(system, rules, areas, self.first_size, self.block_rows)
        status = run(rules, state)
        while status != DONE:
            if status == ARRIVALS_USED_UP:
                meet(rules, surges, state)
            elif status == ROWS_FULL:
                yield rows_so_far(state)
                state = with_empty_rows(state)
            else:
                state = MAKE_ROOM[status](state)
            status = run(rules, state)
        yield rows_so_far(state)
        tracks_of(areas, grid, timetable.end_ns, tracks)

    def summarise(
        self, timetable: Timetable, system: System, *, bin_ns: int, layout: Layout
    ) -> Summary:
        """As :func:`simulator.outcomes.counts.fold.summarise` of what is simulated; no row is kept."""
        refuse_overflow(timetable, system)
        grid = Grid.of(bin_ns, timetable.end_ns)
        rules, surges = rules_of(timetable, system, grid), surges_of(timetable)
        areas = areas_at_first(timetable, system, grid)
        state = first_state(system, rules, areas, self.first_size, self.folded_rows)
        tally = tally_of(
            bin_ns=bin_ns,
            horizon_ns=timetable.horizon_ns,
            end_ns=timetable.end_ns,
            layout=layout,
        )
        groups = group_tally_of(layout, horizon_ns=timetable.horizon_ns, end_ns=timetable.end_ns)
        status = run_and_fold(rules, state, surges, tally, groups)
        while status != DONE:
            state = MAKE_ROOM[status](state)
            status = run_and_fold(rules, state, surges, tally, groups)
        summary = summary_of(
            tally, horizon_ns=timetable.horizon_ns, end_ns=timetable.end_ns, layout=layout
        )
        tracks = grid.tracks(len(system.stations))
        summary.groups = groups_of(groups)
        summary.tracks = tracks_of(areas, grid, timetable.end_ns, tracks)
        return summary


def rows_so_far(state: State) -> Block:
    """Rows of integers seen as records; nothing is copied."""
    visits = state.visit_rows[: state.cells[VISIT_ROWS]]
    attempts = state.attempt_rows[: state.cells[ATTEMPT_ROWS]]
    return Block(visits=visits.view(VISIT).reshape(-1), attempts=attempts.view(ATTEMPT).reshape(-1))


def areas_at_first(timetable: Timetable, system: System, grid: Grid) -> Ints:
    """Servers and instances, which nothing but operators change."""
    areas = no_areas(grid, len(system.stations))
    for number, station in enumerate(system.stations):
        servers = station.servers * station.instances
        change(areas, grid, number, INSTANCES_UP, 0, station.instances)
        change(areas, grid, number, THERE, 0, servers)
        for at_ns, value in changes_of(system, Lever.SERVERS, number):
            if at_ns < timetable.end_ns:
                change(areas, grid, number, THERE, at_ns, value - servers)
                servers = value
    return areas


def covers_line(system: System) -> bool:
    line = system.waitlist
    return (
        line.policy in {Policy.OPEN, Policy.FIFO}
        and system.order is Policy.FIFO
        and isinstance(line.release, TokenBucket)
        and not line.shuffles
        and line.places >= UNBOUNDED
        and line.call_expires_ns >= FOREVER
    )


def covers_people(people: People) -> bool:
    """Who comes, stays and tries again without asking the line or a budget, and cancels nothing."""
    return (
        not people.cancels
        and people.retries.budget_millionths == 0
        and people.balks.law == NEVER
        and people.silent == 0.0
        and people.shows_up >= 1.0
        and people.answers_after == Duration.fixed(0)
        and people.refreshes.law == NEVER
        and people.refers is None
    )


def remembered_servers(system: System) -> int:
    """Servers of all stations, each once more for every change of them."""
    return sum(
        most_servers(system, number) * (1 + len(changes_of(system, Lever.SERVERS, number)))
        for number in range(len(system.stations))
    )


def covers_station(station: Station) -> bool:
    """Where a service begins it must be known when it ends: no speed may change while it lasts."""
    return (
        station.kind is StationKind.POOL
        and not station.is_inflated
        and (station.balance is Balance.SHARED or station.instances == 1)
        and station.sheds_after_ns >= FOREVER
        and station.autoscaler is None
        and station.failures is None
        and station.cold is None
    )
