"""A trial in a few words."""

from dataclasses import replace

from reports.gauntlet.row import Row, comes_text, headline, ran_out_text, rows_of
from reports.sentences.change import IN_BRIEF, WITHOUT_SIZE, change_in_brief
from simulator.advice.change.turn import Turn
from simulator.advice.change.tweak import Tweak
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.advice.gauntlet.trial import Break
from simulator.advice.why.trouble import Sign
from simulator.system.capacity import Supply
from simulator.verdict.criteria import Outcome
from tests.examples import examples
from tests.launches.shop import MAIL, WEB, system


@examples(
    "station, supply, sign, ran_out, comes",
    ("servers", WEB, Supply.SERVERS, Sign.TIMED_OUT, "web servers", "web answers too late for clients"),
    ("a quota", MAIL, Supply.TOKENS, Sign.TURNED_AWAY, "mail quota", "web turns people away"),
    ("no more is known", WEB, None, Sign.FAILED, "web", "web fails"),
    ("the line", None, None, None, "the line", "people wait too long, or never get in"),
)  # fmt: skip
def test_what_runs_out_and_what_comes_of_it(
    station: int | None, supply: Supply | None, sign: Sign | None, ran_out: str, comes: str
) -> None:
    at = None if sign is None else WEB
    broken = Break(station=station, supply=supply, at=at, sign=sign, began_ns=0, launches=1)
    assert ran_out_text(broken, system()) == ran_out
    assert comes_text(broken, system()) == comes


@examples(
    "turn, now, then, said",
    ("a quota", Turn.QUOTA, 2.0, 9.0, "web quota 2/s → 9/s"),
    ("a pause", Turn.BACKOFF, 1e9, 4e9, "first retry pause 1 s → 4 s"),
    ("a count", Turn.PLACES, 100, 2_000, "places in the line 100 → 2,000"),
    ("a line", Turn.LINE, 8.0, 5.5, "a line that lets in 5.5/s"),
    ("no line", Turn.NO_LINE, 0, 0, "no line at all"),
)  # fmt: skip
def test_a_change_in_brief(turn: Turn, now: float, then: float, said: str) -> None:
    assert change_in_brief(Tweak(turn=turn, station=WEB, now=now), then, system()) == said


def test_every_change_has_words() -> None:
    assert set(Turn) - set(IN_BRIEF) - set(WITHOUT_SIZE) == {Turn.LINE, Turn.DEADLINE}


def test_what_cannot_be_told_says_in_how_many_launches_it_holds(found: Gauntlet) -> None:
    trial = found.trials[0]
    outcomes = (Outcome.HOLDS,) * 58 + (Outcome.FAILS,) * 2
    unsure = replace(trial.verdict, outcome=Outcome.INCONCLUSIVE, launches=outcomes)
    row = Row.of(replace(trial, verdict=unsure, breaks=None))
    assert (row.verdict, row.fix) == ("holds in 58 of 60", "–")


def test_the_sentence_names_the_worst_and_its_fix(found: Gauntlet) -> None:
    worst = rows_of(found)[0]
    said = headline(found)
    assert said.startswith(
        "1 of 2 launches hold with 2,000 people; the worst is crowd: it breaks at +11 min"
    )
    assert said.endswith(f"smallest fix: {worst.fix}")
