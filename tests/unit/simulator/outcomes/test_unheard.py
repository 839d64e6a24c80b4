"""Who may have been served without hearing so: as many more as a database may hold."""

import sqlite3
from collections.abc import Sequence

from simulator.outcomes.answered import Answered, Unheard, read_unheard, write_answers
from simulator.outcomes.rows import UNKNOWN, Block, Provenance, Result
from simulator.outcomes.store import append, open_part
from tests.examples import examples

DONE, LATE, BROKE = Result.SUCCESS, Result.TIMED_OUT, Result.FAILED
UNDER_WAY, REFUSED = Result.UNFINISHED, Result.TURNED_AWAY
RESET, FORBIDDEN = (0, "ConnectionResetError"), (403, "unexpected status")


def unheard(visits: Sequence[Sequence[Result]], answers: Sequence[tuple[int, str]] = ()) -> Unheard:
    """Of visitors by their attempts at one step, and the answers of those that broke."""
    rows = [
        (visitor, 0, attempt, 0, UNKNOWN, 1, result)
        for visitor, tries in enumerate(visits)
        for attempt, result in enumerate(tries)
    ]
    with sqlite3.connect(":memory:") as db:
        part = open_part(db, "observed", Provenance.OBSERVED, 1, 1)
        append(db, part, Block.of([], rows))
        write_answers(db, part, [(0, BROKE, status, why, 1) for status, why in answers])
        found = read_unheard(db, "observed")
    db.close()
    return found


@examples("visits, answers, found",
    ("everybody heard", [[DONE], [REFUSED]], [], Unheard()),
    ("one gave up", [[DONE], [LATE]], [], Unheard(people=1)),
    ("he gave up twice, and is one", [[LATE, LATE]], [], Unheard(people=1)),
    ("he heard later", [[LATE, DONE]], [], Unheard()),
    ("he was refused later", [[LATE, REFUSED]], [], Unheard(people=1)),
    ("one waits when all ends", [[UNDER_WAY]], [], Unheard(people=1)),
    ("a connection broke", [[BROKE]], [RESET], Unheard(perhaps=1)),
    ("and he is counted already", [[LATE, BROKE]], [RESET], Unheard(people=1)),
    ("one of two that failed", [[BROKE], [BROKE]], [RESET, FORBIDDEN], Unheard(perhaps=1)),
    ("all were told that it failed", [[BROKE]], [FORBIDDEN], Unheard()),
    ("a gateway did not hear", [[BROKE]], [(504, "unexpected status")], Unheard(perhaps=1)),
    ("nobody was there to ask", [[BROKE]], [(0, "ConnectionRefusedError")], Unheard()),
    ("nothing was sent", [[BROKE]], [(0, "nothing is known for ${token}")], Unheard()),
)  # fmt: skip
def test_who_had_no_answer_may_have_been_served(
    visits: Sequence[Sequence[Result]], answers: Sequence[tuple[int, str]], found: Unheard
) -> None:
    assert unheard(visits, answers) == found


def test_an_answer_leaves_open_what_nobody_heard() -> None:
    late = Answered(step=0, result=BROKE, status=200, reason="no whole answer (cut)", count=1)
    assert late.leaves_open
