"""What ``surgeproof show NAME`` draws, and how far."""

from pathlib import Path

from scenarios.library import shelf as library
from simulator.plan.resolve import resolve
from simulator.scenario.scenario import Scenario
from simulator.text.quantities import UNITS_NS
from surgeproof.verbs.show import AFFORDABLE, asked, far_enough, sections
from tests.examples import examples
from tests.launches.files import changed

POINTS = 'points = [["5 min", 60], ["10 min", 100]]'
COUNTS = 'counts = "arrivals"'
OTHERS = """
[[surge]]
name = "others"
shape = "constant"
people = "early"
rate = "5/min"

[[reading]]
name = "visits"
counts = "visits"
points = [["5 min", 70]]
"""


def scenario_of(folder: Path, *changes: tuple[str, str], more: str = "") -> tuple[Scenario, str]:
    file = folder / "launch.toml"
    file.write_text(changed(*changes) + more, encoding="utf-8")
    return library.load(str(file)), str(file)


def drawn(folder: Path, *changes: tuple[str, str], more: str = "") -> list[str]:
    scenario, name = scenario_of(folder, *changes, more=more)
    return list(
        sections(resolve(scenario), resolve(far_enough(scenario, name)), "surgeproof show x")
    )


def test_a_single_surge_of_arrivals_is_one_chart(tmp_path: Path) -> None:
    _, total, chart, table = drawn(tmp_path)
    assert total.startswith("100 people in 10 min; 14/min in the busiest second (at the opening), ")
    assert chart.startswith("arrivals of milestones, expected\n  ● milestones (counts: arrivals)\n")
    assert table.splitlines()[2].split()[:4] == ["5", "min", "60", "60"]


def test_several_surges_are_told_apart(tmp_path: Path) -> None:
    _, total, everybody, chart, _ = drawn(tmp_path, more=OTHERS)

    assert total.splitlines()[0].startswith("150 people in 10 min")
    assert total.splitlines()[-2:] == [
        "  milestones (milestones), 66.7 %: 100 early",
        "  others (constant), 33.3 %: 50 early",
    ]
    assert everybody.startswith("arrivals so far, expected\n")
    assert "○" not in everybody
    assert "  ○ visits (counts: visits)\n" in chart


def test_a_line_is_drawn_beside_the_arrivals(tmp_path: Path) -> None:
    _, _, arrivals, line, _ = drawn(tmp_path, (COUNTS, 'counts = "line"'))
    assert arrivals.startswith("arrivals so far, expected\n")
    assert line.startswith("people in the line, expected\n  ● milestones (counts: line)\n")


@examples("last, hours",
    ("as far as it was published", AFFORDABLE, 1.0),
    ("no further than the horizon", AFFORDABLE + 1, 1 / 6),
)  # fmt: skip
def test_how_far_an_outcome_is_drawn(last: int, hours: float, tmp_path: Path) -> None:
    far = f'points = [["5 min", 60], ["10 min", 100], ["1 h", {last}]]'
    scenario, name = scenario_of(tmp_path, (COUNTS, 'counts = "line"'), (POINTS, far))
    assert far_enough(scenario, name).words.launch.horizon_ns == hours * UNITS_NS["h"]


def test_what_lies_further_is_told_with_the_command_for_it(tmp_path: Path) -> None:
    many = (
        'points = [["5 min", 60], ["10 min", 100], ["20 min", 140]]',
        'points = [["5 min", 60], ["10 min", 100], ["20 min", 140], ["1 h", 30_000_000]]',
    )
    scenario, _ = scenario_of(tmp_path, (COUNTS, 'counts = "line"'), (POINTS, many[0]), many)
    *_, last = sections(resolve(scenario), resolve(scenario), "surgeproof show x")

    assert last == (
        "2 published counts beyond 10 min, met when the horizon reaches them:\n"
        "  surgeproof show x --set launch.horizon='1 h'"
    )


def test_the_command_names_file_and_variant() -> None:
    assert asked("my file.toml", "no-line") == "surgeproof show 'my file.toml' --variant no-line"
