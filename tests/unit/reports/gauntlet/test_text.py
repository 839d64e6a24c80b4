"""The table in a terminal of a hundred columns."""

from reports.gauntlet.row import Row
from reports.gauntlet.text import table_text
from reports.terminal.prediction import WIDTH
from simulator.advice.gauntlet.gauntlet import Gauntlet
from simulator.verdict.criteria import Outcome


def test_nothing_of_a_line_is_cut_off_however_long_it_is(found: Gauntlet) -> None:
    row = Row(
        name="threads-creator-bonus-2024",
        outcome=Outcome.FAILS,
        verdict="breaks at +20 min",
        lost="> 99 %",
        first="signup servers",
        comes="signup turns people away",
        fix="target servers 3 → 4,421 and target cores 1 → 4,421",
    )
    table = table_text(found, [row])
    lines = table.splitlines()
    assert all(len(line) <= WIDTH for line in lines)
    first = next(line for line in lines if row.name in line)
    for cell in (row.verdict, row.lost, row.first, "target servers 3 → 4,421"):
        assert cell in first
    below = " ".join(" ".join(lines[lines.index(first) + 1 :]).split())
    assert below == "and target cores 1 → 4,421"
