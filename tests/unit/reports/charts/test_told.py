"""What the target told of itself, drawn."""

from reports.charts.told import MOST_DRAWN, drawn_of, told_chart
from simulator.outcomes.counts.told import Course, Series, Told
from simulator.units import frozen_floats, frozen_ints

S = 1_000_000_000


def course(name: str, *values: float, grows: bool = False) -> Course:
    return Course(
        series=Series(name=name, grows=grows),
        at_ns=frozen_ints([number * S for number in range(len(values))]),
        values=frozen_floats(values),
    )


def told(*courses: Course) -> Told:
    return Told(url="http://127.0.0.1/metrics", looks=3, courses=courses)


def test_what_never_moved_is_not_drawn_and_what_any_process_tells_comes_first() -> None:
    still, app, cpu = (
        course("threads", 4.0, 4.0, 4.0),
        course("jobs", 1.0, 2.0),
        course("process_cpu_seconds_total", 1.0, 2.0, grows=True),
    )
    assert drawn_of(told(still, course("once", 1.0), app, cpu)) == (cpu, app)


def test_of_many_the_first_are_drawn() -> None:
    many = [course(f"series_{number}", 1.0, 2.0) for number in range(MOST_DRAWN + 1)]
    assert drawn_of(told(*many)) == tuple(many[:MOST_DRAWN])


def test_a_chart_has_the_growth_of_a_counter_on_the_rehearsals_axis() -> None:
    spec = told_chart(course("jobs_total", 1.0, 4.0, 9.0, 30.0, grows=True), 2 * S).to_dict()
    line = spec["layer"][0]
    assert spec["datasets"][line["data"]["name"]] == [{"t": 1.0, "y": 3.0}, {"t": 2.0, "y": 5.0}]
    assert line["encoding"]["x"]["scale"]["domain"] == [0, 2.0]
