"""The table of faults: what counts as a false pass, and what of it is shown."""

from dataclasses import replace
from pathlib import Path

from tests.faults.healthy import MOST, Run, inconclusive, told
from tests.faults.table.__main__ import counted
from tests.faults.table.kept import Kept, keep, mend, read
from tests.faults.table.page import page

KILLED = Kept(fault="the generator is killed", seed=0, code=3, said="it was killed", wrong="")
STOPPED = Kept(fault="SIGUSR1", seed=0, code=4, said="stopped", wrong="", went_on_s=0.3)


def test_each_fault_has_a_row_with_its_exit_codes() -> None:
    text = page(
        [KILLED, replace(KILLED, seed=1), STOPPED, replace(STOPPED, seed=1, went_on_s=1.26)]
    )
    assert "**4 replays of 2 faults: no false passes, none ended otherwise than expected.**" in text
    assert "| the generator is killed | 2 | 3 | 3 | false |  | it was killed |\n" in text
    assert "| SIGUSR1 | 2 | 4 | 4 | false | 0.8 s, 1.3 s | stopped |\n" in text


def test_a_pass_that_should_be_none_is_counted() -> None:
    text = page([KILLED, replace(KILLED, seed=1, code=0, wrong="exit code 0")])
    assert "**2 replays of 1 faults: 1 false pass, 1 ended otherwise than expected.**" in text
    assert "| the generator is killed | 2 | 3 | 0 (1 times), 3 (1 times) | false |" in text


def test_a_pass_after_a_harmless_fault_is_none_and_a_busy_machine_is_told() -> None:
    harmless = replace(KILLED, fault="the command is frozen for 8 s", code=0)
    assert "no false passes" in page([harmless])
    assert "The machine was shared" not in page([harmless])
    text = page([harmless, replace(harmless, seed=1, code=3)])
    assert "1 of the 2 replays after which a pass would be right were inconclusive" in text


def test_a_session_that_was_cut_short_is_gone_on_with(tmp_path: Path) -> None:
    """A line that was not written whole is no try, and what is tried again counts by its latest."""
    rows = tmp_path / "faults.jsonl"
    for row in (replace(KILLED, wrong="exit code 1", code=1), STOPPED, KILLED):
        keep(rows, row)
    rows.write_text(rows.read_text() + '{"fault": "the gen')
    assert [*read(rows)][1:] == [STOPPED, KILLED]
    mend(rows)
    keep(rows, replace(STOPPED, seed=1))
    assert counted(rows) == [KILLED, STOPPED, replace(STOPPED, seed=1)]


def test_healthy_runs_are_counted_and_their_gates_told() -> None:
    fine = Run(seed=0, outcome="holds", strains={"start lag p99": 0.2}, closed=[])
    late = Run(
        seed=1, outcome="inconclusive", strains={"start lag p99": 1.5},
        closed=["start lag p99 75 ms (limit 50 ms)"],
    )  # fmt: skip
    runs = [fine] * 49 + [late]
    assert inconclusive(runs) <= MOST * len(runs)
    assert inconclusive([*runs, late]) > MOST * (len(runs) + 1)
    assert list(told(runs)) == [
        "50 runs: 49 holds, 1 inconclusive",
        "start lag p99: closed in 1; of its limit used 20% in the median run, 150% in the worst",
    ]
