"""Nothing holds in which hardly anybody was served, unless the file says that this is meant."""

from reports.sentences.criterion import against_objective
from reports.sentences.reasons import reason_of
from simulator.outcomes.counts.places import Layout, Place
from simulator.outcomes.counts.summary import Summary
from simulator.outcomes.figures.shares import FLOOR
from simulator.outcomes.rows import UNKNOWN, Fate
from simulator.system.objectives import JourneyObjective, LineObjective, Objectives
from simulator.verdict.criteria import Outcome
from simulator.verdict.floor import floor_of
from tests.examples import examples
from tests.launches.summaries import S, folded, launch

NOTHING = Objectives()
OF_THE_LINE = Objectives(line=LineObjective(never_let_in=0.9))
WHO_LEAVES = Objectives(line=LineObjective(left=0.9))
OF_ERRORS = Objectives(journeys=(JourneyObjective(journey="signup", errors=0.9),))
HALF, FEWER = launch([0.5] * 100, reneged=100), launch([0.5] * 100, reneged=101)
BALKED, REFUSED = launch([0.5] * 100, balked=101), launch([0.5] * 100, refused=101)


@examples("objectives, summary, outcome",
    ("half are enough", NOTHING, HALF, Outcome.HOLDS),
    ("fewer than half are not", NOTHING, FEWER, Outcome.FAILS),
    ("nobody came", NOTHING, launch(), Outcome.INCONCLUSIVE),
    ("nobody was sent", NOTHING, launch(unsent=9), Outcome.INCONCLUSIVE),
    ("said of the line", OF_THE_LINE, FEWER, Outcome.HOLDS),
    ("who did not join is of the line too", OF_THE_LINE, BALKED, Outcome.HOLDS),
    ("said of the line alone", OF_THE_LINE, REFUSED, Outcome.FAILS),
    ("said of who leaves", WHO_LEAVES, FEWER, Outcome.HOLDS),
    ("who did not join has not left", WHO_LEAVES, BALKED, Outcome.FAILS),
    ("said of errors", OF_ERRORS, REFUSED, Outcome.HOLDS),
    ("said of errors alone", OF_ERRORS, FEWER, Outcome.FAILS),
)  # fmt: skip
def test_the_floor(objectives: Objectives, summary: Summary, outcome: Outcome) -> None:
    floor = floor_of(objectives, summary)
    assert (floor.outcome, floor.limit) == (outcome, FLOOR)


def test_the_generators_own_failure_is_not_the_launchs() -> None:
    assert floor_of(NOTHING, launch([0.5] * 10, unsent=990)).outcome is Outcome.HOLDS


def test_it_says_how_many_and_how_to_allow_it() -> None:
    assert reason_of(floor_of(NOTHING, launch([0.5] * 10, balked=90))) == (
        "10 of the 100 who came were served, and no objective allows that few: if intended, write"
        " never_let_in in [objectives.line] (here 90 %)"
    )
    assert "errors in the objectives of the journey" in reason_of(floor_of(NOTHING, REFUSED))


def test_whom_an_objective_judges_is_judged_by_it_alone() -> None:
    summary = launch([0.5] * 10, refused=45, reneged=45)
    assert floor_of(OF_THE_LINE, summary).measured == 0.45
    assert floor_of(OF_ERRORS, summary).measured == 0.45


def _shop(*, told: int, lost: int, under_way: int = 0) -> Summary:
    """A hundred sign up; of those who post, some are served, others not, or not by the end."""
    layout = Layout(
        journeys=("signup", "post"),
        groups=(0, 1),
        places=(Place(journey=0, station=0), Place(journey=1, station=0)),
        steps=(0, 1),
        good_within_ns=(2 * S, 2 * S),
    )
    ends = [(0, Fate.SERVED, S)] * 100
    ends += [(1, Fate.SERVED, S)] * told + [(1, Fate.GAVE_UP, S)] * lost
    ends += [(1, Fate.UNFINISHED, UNKNOWN)] * under_way
    visits = [
        (number, group, 0, UNKNOWN, 0, ended, fate)
        for number, (group, fate, ended) in enumerate(ends)
    ]
    return folded(visits, horizon_ns=10 * S, end_ns=20 * S, layout=layout)


SIGNUP = Objectives(journeys=(JourneyObjective(journey="signup", errors=0.1),))
POST = Objectives(journeys=(*SIGNUP.journeys, JourneyObjective(journey="post", errors=0.9)))


@examples("objectives, shop, closes, outcome",
    ("one in four", SIGNUP, _shop(told=10, lost=30), True, Outcome.FAILS),
    ("half", SIGNUP, _shop(told=20, lost=20), True, Outcome.HOLDS),
    ("too few to tell", SIGNUP, _shop(told=2, lost=8), True, Outcome.HOLDS),
    ("as asked", POST, _shop(told=10, lost=30), True, Outcome.HOLDS),
    ("no end", SIGNUP, _shop(told=10, lost=0, under_way=30), True, Outcome.INCONCLUSIVE),
    ("it goes on", SIGNUP, _shop(told=10, lost=0, under_way=30), False, Outcome.HOLDS),
)  # fmt: skip
def test_many_who_are_served_on_one_journey_do_not_make_up_for_another(
    objectives: Objectives, shop: Summary, closes: bool, outcome: Outcome
) -> None:
    assert floor_of(objectives, shop, closes=closes).outcome is outcome


def test_it_says_on_which_journey_and_how_to_allow_it() -> None:
    floor = floor_of(SIGNUP, _shop(told=10, lost=30))

    assert (against_objective(floor), floor.journey) == (
        "post not served 75 % (objective 50 %)",
        "post",
    )
    assert reason_of(floor) == (
        "10 of the 40 let in for post were served, and no objective allows that few: if intended,"
        " write errors in [objectives.post]"
    )
