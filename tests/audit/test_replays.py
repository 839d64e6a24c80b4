"""The same faults in real replays from the command line; ``python -m tests.audit.table`` makes the table of docs/audit.md."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from reports.run.facts import Act
from simulator.verdict.criteria import OF_PROMISES, Outcome
from tests.audit.faults import FAULTS
from tests.audit.replayed import Replayed, faulty, replayed, right
from tests.audit.table import BEGINS, ENDS, PAGE, Row, codes_of, with_table
from tests.audit.target import NO_FAULT
from tests.audit.test_lines import require_found
from tests.examples import examples


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found_in_a_replay(name: str, tmp_path: Path) -> None:
    found = faulty(name, tmp_path)
    require_found(FAULTS[name], found.broken)
    assert found.done.returncode in codes_of(FAULTS[name]), found.done.stdout
    acts = found.report.facts.acts
    assert [act.failure for act in acts] == [""] * FAULTS[name].restarted


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


@examples("name, code, failure, well",
    ("found", "one in twelve is never called", 1, "", True),
    ("found by a generator that was late", "one in twelve is never called", 3, "", False),
    ("a share of those who were seen", "four times the wait is announced", 3, "", True),
    ("a pass", "four times the wait is announced", 0, "", False),
    ("restarted", "the line is forgotten at a restart", 1, "", True),
    ("not restarted", "the line is forgotten at a restart", 1, "it failed", False),
)  # fmt: skip
def test_a_row_is_well_only_where_the_run_was(
    name: str, code: int, failure: str, well: bool
) -> None:
    fault = FAULTS[name]
    acts = (Act(at_ns=0, command="restart", began_ns=0, failure=failure),) * fault.restarted
    replay = SimpleNamespace(
        broken={fault.breaks},
        done=SimpleNamespace(returncode=code),
        report=SimpleNamespace(facts=SimpleNamespace(acts=acts)),
    )
    assert Row(name, fault, [], [cast("Replayed", replay)]).is_well == well


def test_the_page_has_a_table_with_each_fault() -> None:
    page = PAGE.read_text()
    table = page.partition(BEGINS)[2].partition(ENDS)[0]
    assert [row.split(" | ")[0].removeprefix("| ") for row in table.splitlines()[2:]] == [
        *FAULTS, "nothing is wrong", "nothing is wrong, restarted",
    ]  # fmt: skip
    assert with_table(page, table) == page


def test_faults_are_of_every_promise() -> None:
    assert {fault.breaks for fault in FAULTS.values()} == OF_PROMISES
