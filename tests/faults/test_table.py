"""The table of faults: what counts as a false pass, and what of it is shown."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.verdict.criteria import Outcome
from tests.end_to_end.command import TooLate, wait_until
from tests.examples import examples
from tests.faults.catalogue import FAULTS
from tests.faults.healthy import MOST, Run, inconclusive, is_ill, told
from tests.faults.scene import Ended, Scene
from tests.faults.strikes import first_noticed
from tests.faults.table import __main__ as table
from tests.faults.table.__main__ import counted, main, once
from tests.faults.table.kept import Kept, keep, mend, read
from tests.faults.table.page import page
from tests.faults.tried import Tried

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
    assert not is_ill(runs)
    assert is_ill([*runs, late])


def test_a_healthy_target_that_is_said_not_to_hold_is_no_success() -> None:
    """However many: 200 of them were none inconclusive."""
    failed = Run(
        seed=7, outcome="does not hold", strains={}, closed=[], failed=["errors 3 % (limit 1 %)"]
    )
    fine = replace(failed, outcome="holds", failed=[])
    assert str(Outcome.FAILS) == failed.outcome
    assert [is_ill(runs) for runs in ([fine] * 200, [fine] * 199 + [failed])] == [False, True]
    assert [*told([fine, failed])][-1] == "seed 7: not met: errors 3 % (limit 1 %)"


# What was not tried


def test_a_fault_without_a_row_stands_in_the_page_with_none() -> None:
    text = page([KILLED])
    assert "the reference target, 0 to 1 seeds each" in text
    assert f"{len(FAULTS) - 1} of the faults below were never tried." in text
    assert "| SIGUSR1 | 0 | 4 |  | false |  | not tried |\n" in text
    assert "never tried" not in page([replace(KILLED, fault=name) for name in FAULTS])


def over(name: str, seed: int) -> Kept:
    """The replay was over before the fault could strike."""
    raise TooLate(f"{name} {seed}")


def test_what_never_came_so_far_is_missing_and_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keep(tmp_path / "rows", KILLED)
    to = ["--rows", str(tmp_path / "rows"), "--docs", str(tmp_path)]
    words = ["--only", KILLED.fault, "--resume", *to]
    monkeypatch.setattr(table.signal, "signal", lambda *_: None)  # type: ignore[attr-defined]
    monkeypatch.setattr(table, "one", over)
    assert main([*words, "--seeds", "1"]) == 0
    assert main([*words, "--seeds", "2"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said == [
        f"{KILLED.fault} | 1 | not tried: {KILLED.fault} 1",
        f"{KILLED.fault} | 1 | missing: try again with --resume",
    ]


def test_only_that_it_was_over_is_no_try(monkeypatch: pytest.MonkeyPatch) -> None:
    def violated(*_: object) -> Kept:
        raise AssertionError

    monkeypatch.setattr(table, "one", violated)
    with pytest.raises(AssertionError):
        once(KILLED.fault, 0)


def test_a_command_that_is_over_comes_no_further() -> None:
    with subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE, text=True) as done:
        done.wait()
        with pytest.raises(TooLate):
            wait_until(lambda: False, done)


@examples("ended, noticed",
    ("it holds", Ended(0, "the rehearsal holds", []), []),
    ("inconclusive, as on a busy machine", Ended(3, "inconclusive", []), []),
    ("it noticed the second", Ended(3, "another replay is sent", []), ["the first replay noticed the second"]),
    ("it failed", Ended(1, "", []), ["the first replay ended with exit code 1"]),
)  # fmt: skip
def test_the_first_of_two_replays_is_asked_as_well(ended: Ended, noticed: list[str]) -> None:
    """And what it says counts, though it ends after the second."""
    assert [*first_noticed(ended)] == noticed
    fault = FAULTS["the second of two replays to one target"]
    scene = Scene(Path(), "")
    second = Ended(3, "another replay or probe is being sent", [])
    tried = Tried(ended=second, scene=scene, reported=3, went_on_s=None, lost=0, untold=0)
    before = tried.wrong(fault)
    scene.noticed += noticed
    assert tried.wrong(fault) == "; ".join([*noticed, *filter(None, [before])])
