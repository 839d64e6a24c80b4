"""The lines that a planner reads."""

import json
from dataclasses import replace

from reports.files.explanation_record import explanation_record
from reports.sentences.explanation import Explanation
from simulator.advice.change.candidates import usual_first
from simulator.advice.change.remedy import Remedy
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.why.diagnosis import diagnose
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.rows import Fate, Result
from simulator.system.journeys import Call, Journey, Step
from simulator.system.line import Policy, Waitlist
from simulator.system.system import System
from tests.examples import examples
from tests.launches.shop import OBJECTIVES, WEB, launch, steadily, system

COLLAPSE = launch(
    [*steadily(20, until_s=3), *((at_s, 30, Result.TIMED_OUT) for at_s in range(3, 20))],
    lined=[(0, 2, Fate.SERVED), (1, 4, Fate.RENEGED), (1, 1, Fate.NO_SHOW)],
)


def explained(*launches: Summary, of: System | None = None, **found: object) -> Explanation:
    of = of or system(line=Waitlist(policy=Policy.FIFO))
    diagnoses = tuple(diagnose(each, of, OBJECTIVES) for each in launches)
    return Explanation(system=of, diagnoses=diagnoses, searched=bool(found), **found)  # type: ignore[arg-type]


def test_a_collapse_in_plain_words() -> None:
    remedy = Remedy(
        tweak=Tweak(turn=Turn.SERVERS, station=WEB, now=10), value=15, holds=99, launches=100
    )
    line = Remedy(tweak=Tweak(turn=Turn.LINE, now=20.0), value=10.0, holds=100, launches=100)

    lines = explained(COLLAPSE, COLLAPSE, remedy=remedy, others=(line,)).lines

    assert "\n".join(lines) == (
        "573 people come, up to 30/s within 1 s; 61 are served in time, at most 21/s within 1 s.\n"
        "First to run out: the servers of web, 3 s after the opening (in 2 of 2 launches)."
        " Answers come after clients have stopped waiting;"
        " 100 % of all attempts that fail or come late do so there.\n"
        "The line grows to 3 people (2 s after the opening); the longest wait is 4 s.\n"
        "Waiting at web: up to 30 people (4 s after the opening); the longest wait is"
        " more than 1 s.\n"
        "2 never get in (0.3 %): 1 lose patience, 1 do not come when called.\n"
        "Of those let in 61 are served, 510 give up.\n"
        "From 18 s to the end 30/s are let in and 0/s served in time.\n"
        "Smallest single change that holds: 15 instead of 10 servers at web:"
        " 99 of 100 launches hold.\n"
        "Or a line that lets in 10/s: 100 of 100 launches hold."
    )


def test_nothing_runs_out() -> None:
    lines = explained(launch(steadily(10)), of=system()).lines
    assert lines[1:] == [
        "No station runs out.",
        "There is no line: everybody is let in at once.",
        "Everybody gets in.",
        "Of those let in 200 are served, 0 give up.",
    ]


def test_what_most_launches_say_is_said() -> None:
    calm = launch(steadily(10))
    first, launches = usual_first(explained(COLLAPSE, calm, COLLAPSE).diagnoses)
    assert first is not None
    assert (first.station, launches) == (WEB, 2)
    assert usual_first(explained(calm, calm, COLLAPSE).diagnoses)[1] == 1
    assert usual_first(explained(calm, calm).diagnoses) == (None, 2)


@examples("refused, expected",
    ("after the first", 40, ("First to run out: the servers of web", "Then mail, 6 s after the opening: attempts are turned away.")),
    ("before what took more", 50,
     ("Most is lost for lack of the quota of mail", "Before that web, at the opening: answers come after clients have stopped waiting.")),
)  # fmt: skip
def test_another_station_is_named_beside_what_took_the_most(
    refused: int, expected: tuple[str, str]
) -> None:
    summary = launch(
        [*steadily(10), *steadily(30, Result.TIMED_OUT)],
        [(at_s, refused, Result.TURNED_AWAY) for at_s in range(6, 20)],
    )
    _, first, second, *_ = explained(summary).lines
    assert (first.partition(",")[0], second) == expected


def test_what_is_called_is_named_with_who_needs_it() -> None:
    (line,) = (
        line
        for line in explained(launch(steadily(30, Result.TIMED_OUT)), of=system(db=2)).lines
        if line.startswith("First")
    )

    assert line.startswith(
        "First to run out: the servers of db, at the opening (in 1 of 1 launch)."
    )
    assert "waiting at web, which needs it; 100 % of all attempts" in line


def test_a_deadlock_is_named() -> None:
    nested = replace(
        system(), journeys=(Journey(steps=(Step(station=1, calls=(Call(station=1),)),)),)
    )
    stuck = launch([(0, 5, Result.SUCCESS), *steadily(9, Result.TIMED_OUT)], of=nested)

    assert (
        "Deadlock 1 s after the opening: every server of db is held by work that waits for db;"
        " nothing succeeds any more."
    ) in explained(stuck, of=nested).lines


def test_a_state_that_outlives_its_cause_is_named() -> None:
    summary = launch(steadily(10, Result.TIMED_OUT))
    summary.steps.sent[0, :20] = 45

    lines = explained(summary, of=system(web=20, db=20, mail_per_s=100, seats=1000)).lines

    # Twenty servers bear 40 signups a second.
    assert lines[-1] == (
        "From 18 s to the end 10/s are let in and 0/s served in time: metastable, it does"
        " not recover by itself. Load is 25 % of capacity, 112.5 % with retries."
    )


def test_there_are_ten_lines_at_most() -> None:
    tries = [(at_s, 40, Result.TURNED_AWAY) for at_s in range(6, 20)]
    lined = [(0, 9, Fate.SERVED), (1, 4, Fate.RENEGED)]
    everything = launch(steadily(30, Result.TIMED_OUT), tries, lined=lined)
    remedy = Remedy(tweak=Tweak(turn=Turn.SERVERS, now=1), value=2, holds=1, launches=1)
    assert len(explained(everything, remedy=remedy, others=(remedy, remedy)).lines) == 10


def test_where_nothing_helps_it_is_said() -> None:
    lines = explained(COLLAPSE, remedy=None).lines
    assert lines[-1] == "No single change that was tried would have held."


def test_a_program_reads_the_same() -> None:
    record = explanation_record(explained(COLLAPSE))
    text = json.dumps(record, allow_nan=False)
    assert json.loads(text)["first"] == {
        "station": "web", "sign": "timed out", "cause": "web", "supply": "servers", "began_s": 3.0,
        "launches": 1,
    }  # fmt: skip
