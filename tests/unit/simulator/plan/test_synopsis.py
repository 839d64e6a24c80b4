"""A launch in a few figures."""

from simulator import Readable, Scenario, launch_plan, parse
from simulator.plan.resolve import arriving, resolve
from simulator.plan.synopsis import Synopsis, by_group, in_groups, teaches
from tests.launches.files import SMALL, changed

ENGINE = Readable()
BOTH = """
[[people]]
name = "late"

[[surge]]
shape = "waves"
people = "early"
batches = [["0 s", 100]]
accepts = 0.5
after = "1 s"
uninvited = { per_invited = 1.0, people = "late" }
"""


def synopsis(scenario: Scenario) -> Synopsis:
    return Synopsis.of(scenario, launch_plan(scenario, seed=0, engine=ENGINE))


def test_a_small_launch() -> None:
    found = synopsis(parse(SMALL, "f"))
    assert (found.name, found.year, found.people) == ("small", 2026, 100.0)
    assert found.let_in == "first come, first served, 22.5/min"
    assert found.teaches == "A hundred people and one server."


def test_what_it_teaches_comes_before_its_story() -> None:
    text = changed(("[launch]", '[launch]\nteaches = "Have two servers."'))
    assert teaches(parse(text, "f")) == "Have two servers."


def test_what_operators_make_of_the_line_is_said() -> None:
    text = (
        changed(('policy = "fifo"', 'policy = "open"'))
        + """
[[change]]
at = "1 min"
set = { "waitlist.policy" = "fifo" }

[[change]]
at = "2 min"
set = { "waitlist.policy" = "open" }
"""
    )
    assert synopsis(parse(text, "f")).let_in == (
        "everybody at once; after 1 min first come, first served, 22.5/min; after 2 min everybody at"
        " once"
    )


def test_who_comes_in_each_surge() -> None:
    scenario = parse(SMALL + BOTH, "f")
    people = arriving(resolve(scenario), ENGINE)
    plan, parts = people.plan(seed=0), people.by_surge
    assert list(parts) == ["milestones", "waves"]
    assert in_groups(parts["milestones"], plan) == "100 early"
    assert in_groups(parts["waves"], plan) == "150 (50 early, 100 late)"
    assert sum(by_group(plan.demand, plan).values()) == plan.demand.total
