"""The same faults in real replays from the command line; ``python -m tests.audit.table`` makes the table of docs/audit.md."""

from pathlib import Path

import pytest

from simulator.verdict.criteria import OF_PROMISES, Outcome
from tests.audit.faults import FAULTS
from tests.audit.replayed import faulty, replayed, right
from tests.audit.table import BEGINS, ENDS, PAGE, with_table
from tests.audit.target import NO_FAULT
from tests.audit.test_lines import require_found


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found_in_a_replay(name: str, tmp_path: Path) -> None:
    found = faulty(name, tmp_path)
    require_found(FAULTS[name], found.broken)
    # 3 on a machine so busy that the generator was late: what the looks prove is found all the same
    assert found.done.returncode in (1, 3), found.done.stdout
    assert [act.failure for act in found.report.facts.acts if act.failure] == []


@pytest.mark.slow
@pytest.mark.parametrize("restarted", [False, True])
def test_nothing_is_found_in_the_right_target(restarted: bool, tmp_path: Path) -> None:
    """Nor in one that is started again in the middle: its tickets and their order outlive it."""
    found = right(tmp_path, restarted=restarted)
    assert found.broken == set()
    assert {one.asks for one in found.promises if one.outcome is Outcome.HOLDS} == OF_PROMISES
    if restarted:
        (act,) = found.report.facts.acts
        assert (act.failure, act.at_ns) == ("", 4_000_000_000)
        assert act.began_ns is not None
        assert act.began_ns >= act.at_ns
        assert "Upright: what an operator did" in found.report.folder.page.read_text()


@pytest.mark.slow
def test_an_action_that_fails_makes_the_run_inconclusive(tmp_path: Path) -> None:
    found = replayed(
        NO_FAULT, tmp_path, 0, acting=["--at", "1 s", "--run", "sh -c 'echo no; exit 3'"]
    )
    assert found.done.returncode == found.report.exit_code == 3
    last = found.done.stdout.splitlines()[-1]
    assert "what was to be tested did not happen: sh -c 'echo no; exit 3' was run" in last
    assert "it failed (exit code 3): no" in last
    assert (found.report.folder.path / "run-1.log").read_text() == "no\n"


def test_the_page_has_a_table_with_each_fault() -> None:
    page = PAGE.read_text()
    table = page.partition(BEGINS)[2].partition(ENDS)[0]
    assert [row.split(" | ")[0].removeprefix("| ") for row in table.splitlines()[2:]] == [
        *FAULTS, "nothing is wrong", "nothing is wrong, restarted",
    ]  # fmt: skip
    assert with_table(page, table) == page


def test_faults_are_of_every_promise() -> None:
    assert {fault.breaks for fault in FAULTS.values()} == OF_PROMISES
