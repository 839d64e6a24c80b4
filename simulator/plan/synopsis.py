"""A launch in a few figures, for those who choose one among several."""

from __future__ import annotations

from dataclasses import dataclass

from simulator.plan.peaks import Peak, peaks
from simulator.plan.plan import Plan
from simulator.scenario.scenario import Scenario
from simulator.system.described import let_in_over_time
from simulator.text.wording import first_sentence, format_count, one_line
from simulator.timetable.demand import Demand


@dataclass(frozen=True, slots=True, kw_only=True)
class Synopsis:
    """What a list of launches shows of each."""

    name: str
    year: int
    people: float
    """Who are expected up to the horizon."""
    horizon_ns: int
    second: Peak
    of_chart: Peak
    """The most who come within a second, and within a bin of the charts."""
    let_in: str
    teaches: str

    @classmethod
    def of(cls, scenario: Scenario, plan: Plan) -> Synopsis:
        """That of a launch and its plan."""
        second, of_chart = peaks(plan)
        return cls(
            name=scenario.name,
            year=scenario.words.launch.opening.year,
            people=plan.demand.total,
            horizon_ns=plan.horizon_ns,
            second=second,
            of_chart=of_chart,
            let_in=let_in_over_time(plan.system),
            teaches=teaches(scenario),
        )


def by_group(demand: Demand, plan: Plan) -> dict[str, float]:
    """How many of each group come in a part of the demand, in the order of the file."""
    found: dict[str, float] = {}
    for component in sorted(demand.components, key=lambda part: part.people):
        group = plan.system.people[component.people].name
        found[group] = found.get(group, 0.0) + float(component.mass.sum())
    return found


def in_groups(demand: Demand, plan: Plan) -> str:
    """How many come in a part of the demand, and who they are."""
    if not demand.total:
        return "nobody within the horizon"
    groups = [f"{format_count(people)} {name}" for name, people in by_group(demand, plan).items()]
    if len(groups) == 1:
        return groups[0]
    return format_count(demand.total) + (f" ({', '.join(groups)})" if groups else "")


def teaches(scenario: Scenario) -> str:
    """What a planner learns from a launch, or else how its story begins."""
    launch = scenario.words.launch
    return one_line(launch.teaches or first_sentence(launch.story))
