"""What is true of every launch, whatever engine played it: checked on its rows alone.

An invariant names the visitors at whom a launch breaks it. Each is necessary and none looks at how
an engine works: with the timetable's draws and the system's figures, the rows must make sense.
Where they do not show enough (the work of somebody who has gone, calls that came to nothing) an
invariant says nothing, or what is true whatever was hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from simulator.engine.invariants import line, release, servers, visits
from simulator.engine.invariants import stations as station
from simulator.engine.invariants.path import SamplePath
from simulator.outcomes.rows import Block
from simulator.system.system import System
from simulator.timetable.timetable import Timetable
from simulator.units import Ints

Invariant = Callable[[SamplePath], Ints]

OF_ROWS: dict[str, Invariant] = {
    "a visit is not that of one person of the timetable": visits.strangers,
    "an attempt is of somebody who was not let in": visits.without_entry,
    "attempts do not follow the journey without gaps": visits.out_of_step,
}
"""Each presupposes those before it, and the others all of these."""

OF_LAUNCHES: dict[str, Invariant] = {
    "a fate and the known instants do not fit": visits.with_wrong_cells,
    "the instants of a visit are out of order": visits.out_of_time,
    "the instants of an attempt are out of order": visits.with_wrong_times,
    "a fate does not follow from the last attempt": visits.with_wrong_end,
    "a first attempt does not come a think time later": visits.with_wrong_thinking,
    "somebody let in was lost on the way": visits.lost_on_the_way,
    "a pause before another attempt is not that of the backoff": visits.with_wrong_pause,
    "somebody tried again too often or too late": visits.with_too_many_attempts,
    "somebody gave up who could have tried again": visits.who_gave_up_early,
    "a retry exceeds the budget": visits.beyond_the_budget,
    "somebody's patience was not kept": line.impatient_late,
    "the line's area is not the sum of its stays (Little's law)": line.absent_area,
    "somebody entered between two of his looks": line.off_their_looks,
    "somebody was called before the line opens": line.before_the_line_opens,
    "somebody overtook in the line": line.overtaken,
    "somebody entered whom the release cannot have called": release.beyond_the_release,
    "more sessions went on than there are slots": release.beyond_the_slots,
    "somebody entered ahead of an earlier minute": release.ahead_of_earlier_minutes,
    "somebody joined, balked or was turned away wrongly": line.wrongly_at_the_door,
    "somebody did not come whose group always does": line.needlessly_absent,
    "a service did not last as long as it was drawn": station.served_too_soon,
    "more were served at a time than there are servers": servers.beyond_the_servers,
    "more waited at a time than the waiting room holds": servers.beyond_the_waiting_room,
    "a service began out of turn": station.served_out_of_turn,
    "a server was free while somebody waited for it": servers.idle_beside_work,
    "a quota gave more tokens than it has": station.beyond_the_quota,
    "a processor worked faster than its cores": servers.beyond_the_cores,
    "an attempt failed, or was refused, for no reason": station.wrongly_refused,
    "somebody was served who should have been shed": station.served_after_shedding,
}


def check(rows: Block, timetable: Timetable, system: System) -> list[str]:
    """The invariants that a launch breaks, one sentence each; none is the right answer."""
    path = SamplePath(
        visits=rows.visits, attempts=rows.attempts, timetable=timetable, system=system
    )
    nonsense = next(broken(path, OF_ROWS), None)
    return [nonsense] if nonsense else list(broken(path, OF_LAUNCHES))


def broken(path: SamplePath, invariants: dict[str, Invariant]) -> Iterator[str]:
    for sentence, invariant in invariants.items():
        found = invariant(path)
        if len(found):
            yield f"{sentence}: visitor {found[0]}, {len(found):,} in all"
