import numpy as np
import pytest

from simulator import Plan, Readable, Scenario, launch_plan, parse
from simulator.errors import ScenarioError
from simulator.outcomes.rows import Result
from simulator.plan.resolve import arriving, resolve, signups_of
from simulator.scenario.words.surges.surge import Milestones
from simulator.timetable.demand import Demand
from simulator.units import NS_PER_S
from tests.launches.files import changed

ENGINE = Readable()
POINTS = 'points = [["5 min", 60], ["10 min", 100]]'
ARRIVALS = 'counts = "arrivals"'
# Nobody loses patience, and two servers of 4 s release one call in 2.67 s.
PATIENT = ('patience = "30 min"', 'patience = "never"')


def launch(counts: str, points: str, **words: object) -> Scenario:
    text = changed(PATIENT, (ARRIVALS, f'counts = "{counts}"'), (POINTS, f"points = {points}"))
    return parse(text, "f", **words)  # type: ignore[arg-type]


def demand_of(scenario: Scenario) -> Demand:
    return arriving(resolve(scenario), ENGINE).demand


def arrivals(scenario: Scenario) -> list[float]:
    surge = arriving(resolve(scenario), ENGINE).surges[0]
    assert isinstance(surge, Milestones)
    return [point.count for point in surge.points]


def test_counts_of_arrivals_are_taken_as_they_are() -> None:
    assert arrivals(launch("arrivals", '[["10 min", 400]]')) == [400]


def test_a_line_has_lost_those_who_were_let_in() -> None:
    found = arrivals(launch("line", '[["5 min", 1000], ["10 min", 1500]]'))
    # The line never empties, so that by t there were t / 2.667 s calls, and one at the opening; who
    # was called enters at his next look, at most 2 s later: one person at most. One is granted by
    # the tolerance (1.5 by 10 min), and the first call waits for the first arrival.
    assert found[0] == pytest.approx(1000 + 300 / 2.667, abs=3)
    assert found[1] == pytest.approx(1500 + 600 / 2.667, abs=3.5)


def test_milestones_beyond_the_simulated_ones_go_on_at_the_same_pace() -> None:
    found = arrivals(launch("line", '[["5 min", 1000], ["20 min", 1500], ["40 min", 9000]]'))
    # The first milestone after the horizon of 10 min is simulated too; the last one is not.
    pace = (found[1] - 1500) / 20
    assert pace == pytest.approx(60 / 2.667, rel=0.01)
    assert found[2] == pytest.approx(9000 + 40 * pace)


SIGNUPS = (
    PATIENT,
    (ARRIVALS, 'counts = "signups"'),
    (POINTS, 'points = [["5 min", 40], ["10 min", 90]]'),
    ('policy = "fifo"', 'policy = "open"'),
    ('mean = "4 s", cv = 0.5', 'mean = "1 s", cv = 0.5'),
)


def test_signups_come_after_those_who_are_not_served_yet() -> None:
    found = arrivals(parse(changed(*SIGNUPS), "f"))
    # 0.17 a second, each there for about a second: a handful at most is under way.
    assert 40 <= found[0] + 1 <= 46
    assert 90 <= found[1] + 1 <= 96


READERS = """[[journey]]
name = "browse"

[[journey.step]]
name = "look"
at = "desk"
idempotent = true
work = "1 ms"

[objectives.signup]"""


def some_read(signup: float, browse: float) -> Scenario:
    takes = ('patience = "never"', f"journeys = {{ signup = {signup}, browse = {browse} }}")
    return parse(changed(*SIGNUPS, ("[objectives.signup]", READERS), takes), "f")


def test_the_luck_of_those_who_only_read_has_no_part_in_it() -> None:
    alone, beside = arrivals(some_read(1.0, 0.0)), arrivals(some_read(0.25, 0.75))
    # Three readers for each who signs up: with their noise it was off by some sqrt(270), here by no
    # more than the one person that is granted and the handful under way, of both.
    assert [0.25 * count for count in beside] == pytest.approx(alone, abs=6)


def test_who_only_reads_makes_no_signups() -> None:
    with pytest.raises(ScenarioError, match="nobody of early takes a journey in which one is made"):
        arrivals(some_read(0.0, 1.0))


def test_signups_beyond_the_capacity_cannot_be_met() -> None:
    scenario = launch("signups", '[["10 min", 1000]]')
    with pytest.raises(ScenarioError) as error:
        demand_of(scenario)
    [mistake] = error.value.mistakes
    assert mistake.key == "surge.milestones.points"
    assert mistake.problem.startswith(
        "no demand leads to 1,000 (signups) after 10 min in this system: the prediction stays "
    )


def test_neither_variant_nor_setting_moves_the_demand() -> None:
    words = ("line", '[["5 min", 100], ["10 min", 150]]')
    base = demand_of(launch(*words)).components[0].mass
    for scenario in (
        launch(*words, variant="no-line"),
        launch(*words, settings=["station.desk.servers=9", "people.early.patience=1 s"]),
    ):
        assert np.array_equal(demand_of(scenario).components[0].mass, base)


def test_two_surges_of_outcomes_are_refused() -> None:
    text = changed((ARRIVALS, 'counts = "line"'))
    second = text[text.index("[[surge]]") : text.index("[waitlist]")]
    scenario = parse(text + second.replace("[[surge]]", '[[surge]]\nname = "other"'), "f")
    with pytest.raises(ScenarioError, match="two surges count outcomes"):
        demand_of(scenario)


STEPS = """
[[journey.step]]
name = "look"
at = "desk"
work = "1 s"
idempotent = true

[[journey.step]]
name = "create"
at = "desk"
times = 2

[[journey.step]]
name = "verify"
at = "desk"
"""
ONE_STEP = """
[[journey.step]]
name = "create"
at = "desk"
request = { method = "POST", path = "/signup" }
"""


def with_steps(steps: str, *more: tuple[str, str]) -> Scenario:
    return parse(changed((ARRIVALS, 'counts = "signups"'), (ONE_STEP, steps), *more), "f")


def signups(scenario: Scenario) -> frozenset[int]:
    surge = scenario.words.surge[0]
    assert isinstance(surge, Milestones)
    return signups_of(surge, scenario)


def test_a_signup_is_the_first_step_that_changes_anything_or_the_one_that_is_named() -> None:
    assert signups(with_steps(STEPS)) == {1}
    named = ('counts = "signups"', 'counts = "signups"\nstep = "verify"')
    assert signups(with_steps(STEPS, named)) == {3}


def test_each_journey_has_its_signup() -> None:
    other = '[[journey]]\nname = "browse"\n' + ONE_STEP
    takes = ('name = "early"', 'name = "early"\njourneys = { signup = 0.5, browse = 0.5 }')
    assert signups(with_steps(STEPS + other, takes)) == {1, 4}


def test_where_everything_is_idempotent_nothing_is_a_signup() -> None:
    only_looks = STEPS[: STEPS.index("[[journey.step]]", 5)]
    scenario = with_steps(only_looks)
    with pytest.raises(ScenarioError, match="every step of the journeys is idempotent"):
        signups(scenario)


PLENTY = (("servers = 2", "servers = 40"), ('policy = "fifo"', 'policy = "open"'))


def test_signups_of_a_step_are_met_though_others_follow() -> None:
    scenario = with_steps(STEPS, PATIENT, *PLENTY)
    plan = launch_plan(scenario, seed=3, engine=ENGINE)
    means = mean_signups(plan, 1, [5 * 60 * NS_PER_S, 10 * 60 * NS_PER_S - 1])
    # Of 20 launches with Poisson numbers of 60 and 100, within 4 standard errors and the one person
    # that is always granted.
    for found, published in zip(means, (60, 100), strict=True):
        assert abs(found - published) < 1 + 4 * np.sqrt(published / 20)


def mean_signups(plan: Plan, step: int, at_ns: list[int]) -> list[float]:
    counts = [0] * len(at_ns)
    for launch in range(20):
        attempts = ENGINE.simulate(plan.timetable(launch), plan.system).rows().attempts
        done = attempts[(attempts["step"] == step) & (attempts["result"] == Result.SUCCESS)]
        counts = [
            n + int((done["finished"] < at).sum()) for n, at in zip(counts, at_ns, strict=True)
        ]
    return [count / 20 for count in counts]


REFERRAL = """
[[surge]]
shape = "referral"
people = "early"
of = "milestones"
brings = 0.6
after = "2 min"

[waitlist]"""


def test_those_who_are_brought_are_among_the_people_who_were_counted() -> None:
    text = changed(
        PATIENT,
        (ARRIVALS, 'counts = "line"'),
        (POINTS, 'points = [["5 min", 1000], ["10 min", 1500]]'),
        ("[waitlist]", REFERRAL),
    )
    scenario = parse(text, "f")
    demand = demand_of(scenario)
    # As in the launch without referrals: those in the line, and those who were called.
    assert demand.expected_by(300 * NS_PER_S) == pytest.approx(1000 + 300 / 2.667, abs=3)
    assert demand.expected_by(600 * NS_PER_S) == pytest.approx(1500 + 600 / 2.667, abs=3.5)
    own, friends = demand.components
    assert friends.mass.sum() > 0.3 * own.mass.sum()


def test_an_uncertain_volume_does_not_move_what_is_fitted() -> None:
    points = '[["5 min", 1000], ["10 min", 1500]]'
    certain = launch("line", points)
    volume = (POINTS, f"points = {points}\nvolume = {{ low = 0.5, high = 3 }}")
    uncertain = parse(changed(PATIENT, (ARRIVALS, 'counts = "line"'), volume), "f")
    surge = arriving(resolve(uncertain), ENGINE).surges[0]
    assert arrivals(uncertain) == arrivals(certain)
    assert surge.volume is not None
    fit = resolve(uncertain).fit
    assert fit is not None
    assert fit.demand(np.array([1.0, 2.0])).components[0].volume is None
