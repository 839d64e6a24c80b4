import io
import re
from dataclasses import replace
from pathlib import Path

import pytest

from reports.run.comparison.comparison import compare
from reports.run.folder import RunFolder
from reports.run.past.sealed import Checked, Seal
from reports.run.report.report import Report, VariantReport
from reports.terminal.table import WIDTH, print_report, report_text
from simulator.outcomes.counts.places import Layout
from simulator.outcomes.figures.every import figures_of
from simulator.plan.plan import PredictedOnly, Subject
from simulator.system.line import Policy
from tests.launches.run import facts, plan
from tests.launches.summaries import BAD, FEW, GOOD, instrument, launch, prediction
from tests.said import said, said_replay

SEEN = launch([0.5] * 130, refused=170)
LEFT_OUT = len(figures_of(Layout())) - 10
EXPECTED = f"""\
made-up, seed 7
rehearsed with 0.25 times the launch's demand
One signup takes 80 ms of a worker (p95 150 ms); 2 ms of network and client apart.
readable and compiled agree on all rows

line

                           launch   rehearsal                 rehearsal
                     extrapolated   predicted   middle 95 %    observed     error   within
 ─────────────────────────────────────────────────────────────────────────────────────────
 arrivals                     300         300           300         300       0 %   yes
 let in                       300         300           300         300       0 %   yes
 served                       300         150           150         130   -13.3 %   no
 errors                       0 %        50 %          50 %      56.7 %   +13.3 %   no
 signup p50                500 ms      500 ms        500 ms       never             no
 signup p95                500 ms       never         never       never       0 %   yes
 signup p99               too few     too few                   too few
 turned away                    0         150           150         170   +13.3 %   no
 mean service time         500 ms      500 ms        500 ms      500 ms       0 %   yes
 goodput                     30/s        15/s          15/s        13/s   -13.3 %   no

{LEFT_OUT} more rows with --all
signup p99: too few, 300 of 1,000
extrapolated: predicted beyond what was rehearsed
generator: 300 planned = 300 started + 0 unsent; start lag p99 4 ms, at most 9 ms

line: the rehearsal does not hold: its worst figure is signup p95: more than 5 % never finish
(objective 2 s); first cause: the server turned people away from the opening on (170 attempts); try
first: let people in more slowly, or add servers
"""


class Terminal(io.StringIO):
    """A file that somebody looks at."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def report(tmp_path: Path) -> Report:
    launches, rehearsals = prediction((60, GOOD)), prediction((60, BAD))
    rehearsal = plan(Subject.REHEARSAL, Policy.FIFO)
    variant = VariantReport(
        label="line", launch=None, rehearsal=None, observed=SEEN, instrument=instrument(),
        comparison=compare("line", launch=launches, rehearsal=rehearsals, observed=SEEN),
        verdicts=(said(rehearsal, rehearsals), said_replay(rehearsal, SEEN, instrument())),
    )  # fmt: skip
    return Report(folder=RunFolder(tmp_path), facts=facts(), variants=(variant,))


def test_three_columns_side_by_side_and_the_verdict_last(report: Report) -> None:
    assert report_text(report) == EXPECTED


def test_plain_and_narrow_where_nobody_looks(report: Report) -> None:
    file = io.StringIO()
    print_report(report, file)
    assert file.getvalue() == EXPECTED
    assert max(map(len, EXPECTED.splitlines())) <= WIDTH


def test_coloured_on_a_terminal(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    file = Terminal()
    print_report(report, file)
    assert "\x1b[31mthe rehearsal does not hold" in file.getvalue()


def test_a_launch_alone_needs_no_words_on_rehearsals(tmp_path: Path) -> None:
    few = prediction((1, FEW))
    variant = VariantReport(
        label="line", launch=None, rehearsal=None, observed=None, instrument=None,
        comparison=compare("line", launch=few),
        verdicts=(said(plan(Subject.LAUNCH, Policy.FIFO), few),),
    )  # fmt: skip
    report = Report(folder=RunFolder(tmp_path), facts=facts(), variants=(variant,))

    text = report_text(report)

    assert "extrapolated" not in text
    assert text.splitlines()[-2].startswith("line: launch prediction inconclusive:")


def test_what_is_predicted_only_stands_above_the_tables(report: Report) -> None:
    only = (
        PredictedOnly(key="a.step", instead="with the target's own behaviour"),
        PredictedOnly(key="b"),
    )
    said = report_text(replace(report, facts=facts(predicted_only=only)))
    assert (
        """made-up, seed 7
rehearsed with 0.25 times the launch's demand
predicted only, and not rehearsed:
  a.step (rehearsed with the target's own behaviour)
  b
"""
        in said
    )


def test_what_others_wrote_does_not_rule_the_terminal(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command's last line, and every text of a run folder that came from somebody else."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    evil = "\x1b]0;mine\x07\x9b2J \u202edlrow [link=http://x]olleh :bomb:"
    told = facts(scenario=evil, probe=evil, told=(f"cleanup ended with exit code 1: {evil}",))
    (variant,) = report.variants
    lines = tuple(
        replace(line, figure=replace(line.figure, label=evil)) for line in variant.comparison.lines
    )
    named = replace(
        variant, label=evil, comparison=replace(variant.comparison, variant=evil, lines=lines)
    )
    file = Terminal()
    print_report(replace(report, facts=told, variants=(named,)), file, every=True)
    coloured = file.getvalue()
    plain = report_text(replace(report, facts=told, variants=(named,)), every=True)

    # Colours are our own, and all that is left that controls.
    without = re.sub(r"\x1b\[[0-9;]*m", "", coloured)
    for text in (without, plain):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
        assert r"\x1b]0;mine" in text
        assert r"\x9b2J \u202edlrow" in text
        assert "[link=http://x]olleh :bomb:" in text


def test_the_hash_of_what_was_sealed_stands_beside_the_prediction(report: Report) -> None:
    seal = Seal(variant="line", file="prediction.json", sha256="ab" * 32, sealed_at="2026-03-01")
    (variant,) = report.variants
    kept = replace(variant, seal=Checked(seal=seal, intact=True))

    said = report_text(replace(report, variants=(kept,)))

    assert f"line: sealed: sha256 {'ab' * 32}" in " ".join(said.split())
    assert "sealed" not in report_text(report)
