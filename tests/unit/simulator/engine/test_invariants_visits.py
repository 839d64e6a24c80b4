"""Of each pair of launches one is right, and the other breaks one thing that is always true."""

from simulator.outcomes.rows import Fate, Result
from simulator.system.journeys import Journey, Step
from simulator.system.people import Jitter, Retries
from simulator.system.system import System
from simulator.timetable.laws import Duration
from tests.examples import examples
from tests.launches.rows import Rows, attempt, broken_in, people_of, system_of, visit, walked_in

PLAIN = system_of()
TWICE = system_of(
    people=people_of(client_timeout_ns=3, retries=Retries(attempts=2, backoff_ns=4, cap_ns=9, jitter=Jitter.NONE), gives_up_after_ns=20),
)  # fmt: skip
"""Two attempts at a service that takes longer than anybody waits for it."""
BUDGET = system_of(
    people=people_of(client_timeout_ns=3, retries=Retries(attempts=3, backoff_ns=4, cap_ns=4, jitter=Jitter.NONE, budget_millionths=1)),
)  # fmt: skip
THINKING = system_of(journeys=(Journey(steps=(Step(), Step(think=Duration.fixed(2)))),))
SERVED = walked_in(1, 0, 0, 5)
TIRED = Rows(
    [visit(1, 0, let_in=0, ended=10, fate=Fate.GAVE_UP)],
    [attempt(1, 0, 0, 3, Result.TIMED_OUT), attempt(1, 7, 7, 10, Result.TIMED_OUT, number=1)],
)
TWO_STEPS = Rows(
    [visit(1, 0, let_in=0, ended=12)], [attempt(1, 0, 0, 5), attempt(1, 7, 7, 12, step=1)]
)


def visits_of(rows: Rows, *visits: tuple[int, ...]) -> Rows:
    return Rows(list(visits), rows.attempts)


def attempts_of(rows: Rows, *attempts: tuple[int, ...]) -> Rows:
    return Rows(rows.visits, list(attempts))


@examples("sentence, system, right, wrong",
    ("attempt of nobody", "an attempt is of somebody who was not let in", PLAIN, SERVED,
     attempts_of(SERVED, *SERVED.attempts, attempt(2, 9, 9, 14))),
    ("attempt left out", "attempts do not follow the journey without gaps", TWICE, TIRED,
     attempts_of(TIRED, TIRED.attempts[0], attempt(1, 7, 7, 10, Result.TIMED_OUT, number=2))),
    ("step left out", "attempts do not follow the journey without gaps", THINKING, TWO_STEPS,
     attempts_of(TWO_STEPS, attempt(1, 7, 7, 12, step=1))),
    ("served, never ended", "a fate and the known instants do not fit", PLAIN, SERVED, visits_of(SERVED, visit(1, 0, let_in=0))),
    ("waited without a line", "the instants of a visit are out of order", PLAIN, SERVED, visits_of(SERVED, visit(1, 0, let_in=1, ended=5))),
    ("timed out too soon", "the instants of an attempt are out of order", TWICE, TIRED,
     attempts_of(TIRED, attempt(1, 0, 0, 2, Result.TIMED_OUT), TIRED.attempts[1])),
    ("gave up after success", "a fate does not follow from the last attempt", PLAIN, SERVED,
     visits_of(SERVED, visit(1, 0, let_in=0, ended=5, fate=Fate.GAVE_UP))),
    ("thought too little", "a first attempt does not come a think time later", THINKING, TWO_STEPS,
     attempts_of(TWO_STEPS, attempt(1, 0, 0, 5), attempt(1, 6, 6, 12, step=1))),
    ("never came to the second step", "somebody let in was lost on the way", THINKING, TWO_STEPS,
     Rows([visit(1, 0, let_in=0, fate=Fate.UNFINISHED)], [attempt(1, 0, 0, 5)])),
    ("never tried again", "somebody let in was lost on the way", TWICE, TIRED,
     Rows([visit(1, 0, let_in=0, fate=Fate.UNFINISHED)], [attempt(1, 0, 0, 3, Result.TIMED_OUT)])),
    ("paused too little", "a pause before another attempt is not that of the backoff", TWICE, TIRED,
     Rows([visit(1, 0, let_in=0, ended=9, fate=Fate.GAVE_UP)], [TIRED.attempts[0], attempt(1, 6, 6, 9, Result.TIMED_OUT, number=1)])),
    ("a third attempt of two", "somebody tried again too often or too late", TWICE, TIRED,
     Rows([visit(1, 0, let_in=0, ended=21, fate=Fate.GAVE_UP)], [*TIRED.attempts, attempt(1, 18, 18, 21, Result.TIMED_OUT, number=2)])),
    ("gave up at once", "somebody gave up who could have tried again", TWICE, TIRED,
     Rows([visit(1, 0, let_in=0, ended=3, fate=Fate.GAVE_UP)], TIRED.attempts[:1])),
    ("a second retry of one", "a retry exceeds the budget", BUDGET, TIRED,
     Rows([visit(1, 0, let_in=0, ended=17, fate=Fate.GAVE_UP)], [*TIRED.attempts, attempt(1, 14, 14, 17, Result.TIMED_OUT, number=2)])),
)  # fmt: skip
def test_the_wrong_one_of_two_launches_is_told(
    sentence: str, system: System, right: Rows, wrong: Rows
) -> None:
    assert broken_in(right, system) == []
    assert sentence in broken_in(wrong, system)


@examples("planned",
    ("somebody is missing", [(1, 0, 0), (2, 0, 0)]),
    ("came at another instant", [(1, 0, 1)]),
    ("of another group", [(1, 1, 0)]),
    ("is not planned", [(2, 0, 0)]),
)  # fmt: skip
def test_everybody_of_the_timetable_is_there_once(planned: list[tuple[int, int, int]]) -> None:
    sentence = "a visit is not that of one person of the timetable"
    assert broken_in(SERVED, PLAIN, planned) == [sentence]


def test_a_visit_told_twice_is_one_too_many() -> None:
    doubled = visits_of(SERVED, *SERVED.visits, *SERVED.visits)
    sentence = "a visit is not that of one person of the timetable"
    assert broken_in(doubled, PLAIN, [(1, 0, 0)]) == [sentence]
