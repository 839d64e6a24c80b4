"""What is true of every visit and of the attempts that it made."""

from __future__ import annotations

import numpy as np

from simulator.engine.invariants.offenders import of
from simulator.engine.invariants.path import SamplePath
from simulator.outcomes.rows import UNKNOWN, Fate, Result
from simulator.system.people import Jitter, People
from simulator.timetable import draws
from simulator.units import Ints

ENDED = [Fate.SERVED, Fate.GAVE_UP, Fate.RENEGED, Fate.BALKED, Fate.TURNED_AWAY, Fate.NO_SHOW]
LET_IN = [Fate.SERVED, Fate.GAVE_UP, Fate.UNFINISHED]
IN_LINE = [Fate.RENEGED, Fate.WAITING, Fate.NO_SHOW]
AT_THE_DOOR = [Fate.BALKED, Fate.TURNED_AWAY]
FAILURES = [Result.TURNED_AWAY, Result.TIMED_OUT, Result.FAILED]


def strangers(path: SamplePath) -> Ints:
    """Who is in the timetable or in the rows, and not once in both, as the same person."""
    planned = zip(
        path.expected.visitor.tolist(),
        path.expected.people.tolist(),
        path.expected.arrived_ns.tolist(),
        strict=True,
    )
    rows = path.visits[["visitor", "people", "arrived"]].tolist()
    wrong = {row[0] for row in set(rows) ^ set(planned)}
    twice = path.visits["visitor"][1:][np.diff(path.visits["visitor"]) == 0]
    return np.array(sorted(wrong | set(twice.tolist())), np.int64)


def without_entry(path: SamplePath) -> Ints:
    """Who made attempts without having been let in."""
    entered = path.visits["visitor"][np.isin(path.visits["fate"], LET_IN)]
    return of(path.attempts["visitor"], ~np.isin(path.attempts["visitor"], entered))


def out_of_step(path: SamplePath) -> Ints:
    """Whose attempts are not numbered without gaps, or whose steps are not those of his journey."""
    rows, begins = path.attempts, path.starts_step
    number = np.where(begins, 0, np.append(0, rows["attempt"][:-1] + 1)[: len(rows)])
    step = np.where(begins, np.append(0, rows["step"][:-1] + 1)[: len(rows)], rows["step"])
    journey = np.array([people.journey for people in path.system.people])[path.group_of]
    firsts = [path.system.first_step(index) for index in range(len(path.system.journeys) + 1)]
    step = np.where(path.starts_visit, np.array(firsts)[journey], step)
    beyond = rows["step"] >= np.array(firsts)[journey + 1]
    return of(rows["visitor"], (rows["attempt"] != number) | (rows["step"] != step) | beyond)


def with_wrong_cells(path: SamplePath) -> Ints:
    """Whose fate does not say which of his instants are known."""
    rows = path.visits
    known = {name: rows[name] != UNKNOWN for name in ("joined", "let_in", "ended")}
    fate = rows["fate"]
    wrong = known["ended"] != np.isin(fate, ENDED)
    wrong |= known["let_in"] != np.isin(fate, LET_IN)
    wrong |= ~known["joined"] & np.isin(fate, IN_LINE)
    wrong |= known["joined"] & np.isin(fate, AT_THE_DOOR)
    return of(rows["visitor"], wrong | (fate == Fate.UNSENT))


def out_of_time(path: SamplePath) -> Ints:
    """Whose instants are not in their order, or come after the line's closing or the end."""
    rows = path.visits
    joined, let_in, ended = rows["joined"], rows["let_in"], rows["ended"]
    wrong = (joined != UNKNOWN) & (joined != rows["arrived"])
    wrong |= (joined == UNKNOWN) & (let_in != UNKNOWN) & (let_in != rows["arrived"])
    wrong |= (let_in != UNKNOWN) & ((let_in < rows["arrived"]) | (let_in >= path.closes_ns))
    wrong |= (ended != UNKNOWN) & ((ended < rows["arrived"]) | (ended >= path.timetable.end_ns))
    wrong |= (ended != UNKNOWN) & (let_in != UNKNOWN) & (ended < let_in)
    wrong |= np.isin(rows["fate"], [Fate.RENEGED, Fate.NO_SHOW]) & (ended >= path.closes_ns)
    wrong |= np.isin(rows["fate"], AT_THE_DOOR) & (ended != rows["arrived"])
    return of(rows["visitor"], wrong)


def with_wrong_times(path: SamplePath) -> Ints:
    """Whose attempts were not sent, started and finished in this order, within the timeout."""
    rows, deadline_ns, end_ns = path.attempts, path.deadline_ns, path.timetable.end_ns
    sent, started, finished, result = (
        rows[name] for name in ("sent", "started", "finished", "result")
    )
    began, seen = started != UNKNOWN, finished != UNKNOWN
    wrong = (sent < path.visits["let_in"][path.visit_of]) | (sent >= end_ns)
    wrong |= began & ((started < sent) | (started >= np.minimum(deadline_ns + 1, end_ns)))
    wrong |= seen == (result == Result.UNFINISHED)
    wrong |= seen & ((finished < sent) | (finished > deadline_ns) | (finished >= end_ns))
    wrong |= began & seen & (finished < started)
    wrong |= (result == Result.TIMED_OUT) & (finished != deadline_ns)
    answered = np.isin(result, [Result.SUCCESS, Result.TURNED_AWAY, Result.FAILED])
    wrong |= answered & (finished < sent + path.round_trip_ns)
    wrong |= (result == Result.SUCCESS) & ~began
    wrong |= (result == Result.UNFINISHED) & (deadline_ns < end_ns)
    return of(rows["visitor"], wrong)


def with_wrong_end(path: SamplePath) -> Ints:
    """Whose fate does not follow from his last attempt, or who went on after a success."""
    rows, visits = path.attempts, path.visits
    last_of_step = np.append(path.starts_step[1:], True)[: len(rows)]
    last_of_visit = np.append(path.starts_visit[1:], True)[: len(rows)]
    result, fate = rows["result"], visits["fate"][path.visit_of]
    wrong = ~last_of_step & ~np.isin(result, FAILURES)
    wrong |= last_of_step & ~last_of_visit & (result != Result.SUCCESS)
    journey = np.array([people.journey for people in path.system.people])[path.group_of]
    ends = np.cumsum([len(journey.steps) for journey in path.system.journeys]) - 1
    served = (result == Result.SUCCESS) & (rows["step"] == ends[journey])
    wrong |= last_of_visit & ((fate == Fate.SERVED) != served)
    wrong |= last_of_visit & (fate == Fate.GAVE_UP) & ~np.isin(result, FAILURES)
    over = last_of_visit & np.isin(fate, [Fate.SERVED, Fate.GAVE_UP])
    wrong |= over & (rows["finished"] != visits["ended"][path.visit_of])
    idle = np.isin(visits["fate"], [Fate.SERVED, Fate.GAVE_UP])
    idle &= ~np.isin(visits["visitor"], rows["visitor"])
    return np.union1d(of(rows["visitor"], wrong), of(visits["visitor"], idle))


def with_wrong_thinking(path: SamplePath) -> Ints:
    """Whose first attempt of a step did not come a think time after the entry or the answer."""
    rows, wrong = path.attempts, np.zeros(len(path.attempts), np.bool_)
    before_ns = np.append(0, rows["finished"][:-1])[: len(rows)]
    before_ns = np.where(path.starts_visit, path.visits["let_in"][path.visit_of], before_ns)
    for number, step in enumerate(path.system.steps):
        his = np.flatnonzero(path.starts_step & (rows["step"] == number))
        thinks_ns = path.drawn_ns(step.think, draws.THINK, rows["visitor"][his], number)
        wrong[his] = rows["sent"][his] != before_ns[his] + thinks_ns
    return of(rows["visitor"], wrong)


def lost_on_the_way(path: SamplePath) -> Ints:
    """Who neither ended nor is on his way: unfinished, with nothing still to come after the end."""
    lost = []
    end_ns = path.timetable.end_ns
    ends = np.searchsorted(path.attempts["visitor"], path.visits["visitor"], side="right")
    for index in np.flatnonzero(path.visits["fate"] == Fate.UNFINISHED).tolist():
        visit, last = path.visits[index], int(ends[index]) - 1
        visitor, people = int(visit["visitor"]), path.system.people[visit["people"]]
        row = path.attempts[last] if last >= 0 else None
        if row is None or int(row["visitor"]) != visitor:
            step, free_ns = path.system.first_step(people.journey), int(visit["let_in"])
        elif row["result"] == Result.SUCCESS:
            step, free_ns = int(row["step"]) + 1, int(row["finished"])
        else:
            waits = row["result"] == Result.UNFINISHED
            if not waits and row["finished"] + max(pauses_ns(path, last, people)) < end_ns:
                lost.append(visitor)
            continue
        law = path.system.steps[step].think
        if free_ns + path.timetable.duration_ns(law, draws.THINK, visitor, step) < end_ns:
            lost.append(visitor)
    return np.array(lost, np.int64)


def with_wrong_pause(path: SamplePath) -> Ints:
    """Who tried again after another pause than his backoff, or a refusal, asked for."""
    rows = path.attempts
    again = np.flatnonzero(~path.starts_step)
    wrong = [
        visitor
        for index, visitor in zip(again.tolist(), rows["visitor"][again].tolist(), strict=True)
        if rows["sent"][index] - rows["finished"][index - 1]
        not in pauses_ns(path, index - 1, path.system.people[path.group_of[index]])
    ]
    return np.unique(np.array(wrong, np.int64))


def pauses_ns(path: SamplePath, index: int, people: People) -> set[int]:
    """The pauses that may follow a failed attempt; rows do not say which station refused."""
    visitor, step, attempt = (
        int(path.attempts[name][index]) for name in ("visitor", "step", "attempt")
    )
    retries = people.retries
    pause_ns = min(retries.cap_ns, retries.backoff_ns << attempt)
    if retries.jitter is Jitter.FULL:
        pause_ns = int(path.timetable.uniform(draws.BACKOFF, visitor, step, attempt) * pause_ns)
    result = path.attempts["result"][index]
    honours = path.timetable.uniform(draws.HONOUR, visitor) < people.honours_retry_after
    if not honours or result == Result.TIMED_OUT:
        return {pause_ns}
    asked_ns = {max(pause_ns, station.retry_after_ns) for station in path.refusers(step)}
    return asked_ns if result == Result.TURNED_AWAY else asked_ns | {pause_ns}


def with_too_many_attempts(path: SamplePath) -> Ints:
    """Who tried more often, or later after his entry, than his group does."""
    rows = path.attempts
    most = np.array([people.retries.attempts for people in path.system.people])[path.group_of]
    limit_ns = np.array([people.gives_up_after_ns for people in path.system.people])
    late = rows["sent"] - path.visits["let_in"][path.visit_of] > limit_ns[path.group_of]
    return of(rows["visitor"], (rows["attempt"] >= most) | (late & ~path.starts_step))


def who_gave_up_early(path: SamplePath) -> Ints:
    """Who gave up though an attempt, the time and (where there is none) the budget were left."""
    early = []
    ends = np.searchsorted(path.attempts["visitor"], path.visits["visitor"], side="right")
    for index in np.flatnonzero(path.visits["fate"] == Fate.GAVE_UP).tolist():
        visit, last = path.visits[index], int(ends[index]) - 1
        people = path.system.people[visit["people"]]
        row = path.attempts[last]
        used_up = row["attempt"] + 1 >= people.retries.attempts
        next_ns = int(row["finished"]) + max(pauses_ns(path, last, people))
        late = next_ns - int(visit["let_in"]) > people.gives_up_after_ns
        if not (used_up or late or people.retries.budget_millionths > 0):
            early.append(int(visit["visitor"]))
    return np.array(early, np.int64)


def beyond_the_budget(path: SamplePath) -> Ints:
    """Who tried again although the retry budget of his group was spent."""
    beyond = [np.empty(0, np.int64)]
    for group, people in enumerate(path.system.people):
        retries = people.retries
        if retries.budget_millionths == 0:
            continue
        his = path.attempts[path.group_of == group]
        again = his["attempt"] > 0
        order = np.lexsort((again, his["sent"]))
        his, again = his[order], again[order]
        saved = retries.budget_burst * 1_000_000
        left = saved + np.cumsum(np.where(again, -1_000_000, retries.budget_millionths))
        beyond.append(his["visitor"][again & (left < 0)])
    return np.unique(np.concatenate(beyond))
