"""What a command line says of an operator's actions, what may be written of them, and what the page shows."""

import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reports.charts.drawing import spec_of
from reports.charts.over_time import line_in, over_time
from reports.run import store
from reports.run.facts import Act, RunFacts
from reports.run.folder import RunFolder
from scenarios.process.operator import CUT, Action, Deed, Operator
from scenarios.replay.keeping.batch import Batch
from simulator.errors import InvalidRun, UsageError
from simulator.plan.plan import Subject
from simulator.scenario.scenario import parse
from simulator.system.line import Policy
from surgeproof.verbs.sending.meanwhile.operated import (
    MOST,
    action_of,
    actions_of,
    acts_of,
    announced,
    clock_of,
    in_words,
    require_done,
    require_within,
)
from surgeproof.verbs.sending.replay import tidying
from tests.examples import examples
from tests.hanging import HUNG_S
from tests.launches.files import SMALL
from tests.launches.run import plan
from tests.launches.summaries import launch

S = 1_000_000_000


def test_each_command_has_its_instant() -> None:
    first, second = actions_of(["10 s", "1 min"], ["true", "sh -c 'true && true'"])
    assert (first.at_ns, first.arguments) == (10 * S, ("true",))
    assert second.arguments == ("sh", "-c", "true && true")
    assert announced([second]) == [
        "1 min after the opening sh -c 'true && true' is run on this machine (--run)"
    ]


@examples("at, run, problem",
    ("no instant", [], ["true"], "--at is there 0 times and --run 1 time"),
    ("no command", ["10 s"], [], "each --run needs its instant"),
    ("no duration", ["ten"], ["true"], '"ten" is not a duration'),
    ("before the opening", ["-1 s"], ["true"], "is not a duration"),
    ("too many", ["1 s"] * (MOST + 1), ["true"] * (MOST + 1), "at most 20"),
    ("nothing to run", ["1 s"], ["no-such-program"], "no program"),
)  # fmt: skip
def test_what_cannot_be_done_is_refused(at: list[str], run: list[str], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        actions_of(at, run)


def test_an_instant_after_the_end_is_refused() -> None:
    made = plan(Subject.REHEARSAL, Policy.FIFO)
    require_within(actions_of(["23 s"], ["true"]), made)
    with pytest.raises(UsageError, match="--at 24 s is after the rehearsal's end"):
        require_within(actions_of(["24 s"], ["true"]), made)


@examples("command, shown",
    ("nothing secret", "systemctl restart app", "systemctl restart app"),
    ("a header", "sh -c 'curl -H \"Authorization: Bearer abc-def\" x'", "sh -c 'curl -H \"Authorization: …\" x'"),
    ("an option", "true --password hunter2 --user bob", "true --password … --user bob"),
    ("a value", "env API_TOKEN=abcd1234 true", "env API_TOKEN=… true"),
    ("a login", "true https://bob:hunter2@host/x", "true https://bob:…@host/x"),
    ("looks like one", "true ghp_abcdefghij0123456789", "true …"),
    ("letters that a shell reads otherwise", r"psql --password ab\$cd9xyz x", "psql --password … x"),
    ("such letters in a shell's script", r"sh -c 'psql --password ab\$cd9xyz x'", "sh -c 'psql --password … x'"),
    ("two words", 'env DB_PASSWORD="two words" true', "env DB_PASSWORD=… true"),
    ("two words in a shell's script", "sh -c 'DB_PASSWORD=\"two words\" true'", "sh -c 'DB_PASSWORD=\"…\" true'"),
    ("two words after an option", "true --password 'two words' two", "true --password … two"),
    ("a header of nothing", "sh -c 'printf \"Cookie: \" > /tmp/x'", "sh -c 'printf \"Cookie: \" > /tmp/x'"),
    ("a user's", "curl -u admin:hunter2 x", "curl -u admin:… x"),
    ("a user's at once", "curl -uadmin:hunter2 --user=bob:hunter3 x", "curl -uadmin:… --user=bob:… x"),
    ("of one letter", "mysqladmin -u root -phunter2 ping", "mysqladmin -u root -p… ping"),
    ("of one letter, in a script", "sh -c 'sshpass -p hunter2 ssh -p22 host'", "sh -c 'sshpass -p … ssh -p22 host'"),
    ("after one that has its value", "true --password=hunter2 next", "true --password=… next"),
    ("a variable's", "true --with s3same-open", "true --with …"),
)  # fmt: skip
def test_secrets_of_a_command_line_are_not_written(
    command: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "s3same-open")
    monkeypatch.setattr("shutil.which", lambda program: f"/bin/{program}")
    assert action_of("1 s", command).shown == shown


def test_a_secret_too_short_to_be_told_from_other_text_is_left_in_what_is_printed() -> None:
    made = action_of("1 s", "true --pass 1 --token abcd")
    assert made.shown == "true --pass … --token …"
    assert made.secrets == ("abcd",)


@examples("command", ("half a quotation", "true --token 'hunter2"), ("no program", "PGPASSWORD=hunter2 psql"))  # fmt: skip
def test_what_is_refused_shows_no_secret(command: str) -> None:
    with pytest.raises(UsageError) as refused:
        action_of("1 s", command)
    assert "hunter2" not in str(refused.value)


DONE = Deed(
    action=Action(at_ns=S, arguments=("x",), shown="x"), began_ns=S, took_ns=2 * S, failure=""
)


@examples("deed, said",
    ("well", DONE, "x was run 1 s after the opening, and ended well after 2 s"),
    ("badly", replace(DONE, failure="it failed (exit code 1)", last_words="no such unit"),
        "x was run 1 s after the opening, and it failed (exit code 1): no such unit"),
    ("cut", replace(DONE, failure=CUT), "x was run 1 s after the opening, and it had not ended when the replay did, and was ended"),
    ("not at all", replace(DONE, began_ns=None, failure="over"), "x, due 1 s after the opening, was not run (over)"),
)  # fmt: skip
def test_what_became_of_it_is_said(deed: Deed, said: str) -> None:
    assert said in in_words(deed)


def test_a_run_in_which_it_did_not_happen_says_nothing(tmp_path: Path) -> None:
    operator = Operator([action_of("1 s", "true")], tmp_path)
    with operator:
        pass  # over before it was due
    operator.close()
    said = "what was to be tested did not happen: true, due 1 s after the opening, was not run"
    with pytest.raises(InvalidRun, match=said):
        require_done(operator)
    (act,) = acts_of(operator)
    assert (act.began_ns, act.failure) == (None, "the replay was over before its time")


def test_nor_does_one_in_which_it_was_cut_off(tmp_path: Path) -> None:
    """A pass would be one of a restart that nobody saw the end of."""
    operator = Operator([action_of("0 s", f"sleep {HUNG_S}")], tmp_path)
    with operator:
        operator.open(time.perf_counter_ns())
        while operator.deeds[0].began_ns is None:
            time.sleep(0.005)
    operator.close()
    with pytest.raises(InvalidRun, match="it had not ended when the replay did"):
        require_done(operator)
    assert acts_of(operator)[0].failure == CUT


def test_his_clock_is_the_plans(tmp_path: Path) -> None:
    operator = Operator([action_of("0 s", "true")], tmp_path)
    hear = clock_of(operator)
    with operator:
        hear(Batch(worker=0, number=1))  # says nothing of the opening
        opening_ns = time.perf_counter_ns()
        hear(Batch(worker=0, number=2, opened_ns=opening_ns))
        while not (deed := operator.deeds[0]).took_ns:
            time.sleep(0.005)
        assert deed.began_ns is not None
        assert 0 <= deed.began_ns <= time.perf_counter_ns() - opening_ns
    operator.close()
    require_done(operator)


def test_the_cleanup_comes_before_he_ends_what_he_left_running(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may ask the service that he started again."""
    done: list[str] = []

    class Closing(Operator):
        def close(self) -> None:
            super().close()
            done.append("closed")

    def cleaned(*_: object) -> list[str]:
        done.append("cleaned")
        return ["cleanup ended well"]

    monkeypatch.setattr(tidying, "anything_sent", lambda *_: True)
    monkeypatch.setattr(tidying, "cleaned", cleaned)
    scenario = parse(SMALL, "small.toml")
    folder = RunFolder.create(tmp_path, "small", datetime.now(UTC))
    facts = RunFacts(scenario="small", started_at=datetime.now(UTC), seed=1)
    operator = Closing([action_of("0 s", "true")], tmp_path)
    with tidying.tidied(scenario, folder, facts, "as written", None, operator), operator:
        pass
    assert done == ["cleaned", "closed"]
    with store.connection(folder.database) as db:
        kept = store.read_run(db, "here")
    assert kept.told[0] == "cleanup ended well"
    assert kept.acts == acts_of(operator)


def test_an_upright_line_stands_where_it_was_done() -> None:
    acts = [
        Act(at_ns=S, command="one", began_ns=S + S // 4),
        Act(at_ns=2 * S, command="another", began_ns=None),
    ]
    quantity = line_in(None, launch([0.5] * 10))
    spec = spec_of(over_time(quantity, acts=acts))
    rows = [row for data in spec["datasets"].values() for row in data if "did" in row]
    assert rows == [{"t": 1.25, "did": "one"}]
    assert "did" not in str(spec_of(over_time(quantity)))
