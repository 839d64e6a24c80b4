"""Latencies as other tools read them: the same durations second by second, and percentiles to three digits."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reports.files.hlog import save_hlog
from reports.run.folder import observed_part
from reports.run.report.reading import read_report
from reports.run.report.report import Report
from reports.run.store import connection
from simulator.outcomes.counts.durations import SUB
from simulator.outcomes.counts.histogram import Histogram
from simulator.outcomes.machine import open_clock
from simulator.outcomes.rows import Fate, Result
from simulator.units import NS_PER_S, Ints
from tests.end_to_end.command import surgeproof
from tests.launches.run import LINE, NO_LINE, POLICIES, STARTED, made_run, observed, with_lag

hdrh = pytest.importorskip("hdrh.log", reason="python -m pip install '.[hlog]'")

from hdrh.histogram import HdrHistogram  # noqa: E402 - there is one

PRECISION = 1 / 1024
"""Three digits: at least 1,024 buckets for each doubling, and a percentile is the largest of its own."""
PERCENTILES = (1.0, 25.0, 50.0, 90.0, 95.0, 99.0, 99.9, 100.0)


@pytest.fixture(scope="module")
def file(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hlog") / "launch.hlog"
    save_hlog(report, path)
    return path


def intervals(file: Path) -> Iterator[Any]:
    reader = hdrh.HistogramLogReader(str(file), HdrHistogram(1, 24 * 3600 * NS_PER_S, 3))
    with reader.input_file:
        while (one := reader.get_next_interval_histogram()) is not None:
            yield one


@pytest.fixture(scope="module")
def read(file: Path) -> dict[str, list[Any]]:
    found = defaultdict(list)
    for one in intervals(file):
        found[one.get_tag()].append(one)
    return found


def together(of: list[Any]) -> Any:
    whole = HdrHistogram(1, 24 * 3600 * NS_PER_S, 3)
    for one in of:
        whole.add(one)
    return whole


def samples(label: str) -> dict[str, tuple[Ints, Ints]]:
    """By tag when each ended and how long it lasted, from the rows that were made up."""
    block = with_lag(observed(POLICIES[label]))
    visits, attempts = block.visits, block.attempts
    served = visits[visits["fate"] == Fate.SERVED]
    began = served["let_in"] if label == LINE else served["arrived"]
    found = {f"{label}.response.signup": (served["ended"], served["ended"] - began)}
    if label == LINE:
        entered = visits[visits["let_in"] >= 0]
        found[f"{label}.wait"] = (entered["let_in"], entered["let_in"] - entered["arrived"])
    for result in Result:
        of = attempts[(attempts["result"] == result) & (attempts["finished"] >= 0)]
        if len(of):
            tail = "" if result is Result.SUCCESS else f".{result.name.lower()}"
            name = f"{label}.request.signup.signup{tail}"
            found[name] = (of["finished"], of["finished"] - of["sent"])
    return found


EXPECTED = {**samples(LINE), **samples(NO_LINE)}


def test_each_kind_has_its_tag(read: dict[str, list[Any]]) -> None:
    assert read.keys() == EXPECTED.keys()
    assert f"{NO_LINE}.request.signup.signup.turned_away" in read


@pytest.mark.parametrize("tag", EXPECTED)
def test_each_second_has_what_ended_in_it(read: dict[str, list[Any]], tag: str) -> None:
    ended_ns, _ = EXPECTED[tag]
    counts = np.bincount(ended_ns // NS_PER_S)
    found = {round(one.get_start_time_stamp() / 1000): one.get_total_count() for one in read[tag]}
    assert found == {second: many for second, many in enumerate(counts) if many}
    assert {one.get_end_time_stamp() - one.get_start_time_stamp() for one in read[tag]} == {1000}


@pytest.mark.parametrize("tag", EXPECTED)
def test_percentiles_are_those_of_the_durations(read: dict[str, list[Any]], tag: str) -> None:
    whole, lasted_ns = together(read[tag]), np.sort(EXPECTED[tag][1])
    for percentile in PERCENTILES:
        rank = max(1, int(percentile / 100 * len(lasted_ns) + 0.5))  # as the package counts
        exact = lasted_ns[rank - 1]
        assert exact <= whole.get_value_at_percentile(percentile) <= exact * (1 + PRECISION) + 1


@pytest.mark.parametrize("label", [LINE, NO_LINE])
def test_and_those_of_our_own_reports(
    read: dict[str, list[Any]], report: Report, label: str
) -> None:
    """Ours lie in the same bucket of 1/128, of the same durations: those that ended."""
    summary = report.variant(label).observed
    assert summary is not None
    own = {"response.signup": summary.response, "request.signup.signup": summary.exchange}
    for tag, histogram in own.items():
        whole, ended = together(read[f"{label}.{tag}"]), Histogram(ended=histogram.ended)
        total = whole.get_total_count()
        assert total == ended.total
        for percentile in PERCENTILES:
            rank = max(1, int(percentile / 100 * total + 0.5))
            ratio = whole.get_value_at_percentile(percentile) / ended.quantile_ns(rank / total)
            assert 1 - 1 / SUB <= ratio <= (1 + PRECISION) * (1 + 1 / SUB)


def test_a_response_is_counted_from_the_planned_instant(read: dict[str, list[Any]]) -> None:
    """From when the visitor really started it would be shorter by 3.5 ms in the mean, 28 times the precision."""
    block = with_lag(observed(POLICIES[NO_LINE]))
    served = block.visits[block.visits["fate"] == Fate.SERVED]
    mean = together(read[f"{NO_LINE}.response.signup"]).get_mean_value()
    planned, started = (
        float((served["ended"] - served[of]).mean()) for of in ("arrived", "let_in")
    )
    assert abs(mean / planned - 1) <= PRECISION
    assert abs(mean / started - 1) > PRECISION


def test_lines_are_as_the_format_has_them(file: Path) -> None:
    lines = file.read_text("utf-8").splitlines()
    head = [line for line in lines if not line.startswith("Tag=")]
    assert head[0] == "#[Histogram log format version 1.2]"
    assert "do not correct them for coordinated omission" in head[1]
    assert head[2].endswith(STARTED.isoformat())
    assert head[3] == "#[StartTime: 0.000 (seconds since epoch), unknown]", "nobody wrote it down"
    assert head[4].startswith("#[BaseTime: 0.000")
    assert head[5].startswith('"StartTimestamp","Interval_Length",')
    body = [re.fullmatch(r"Tag=[^, ]+,([\d.]+),1\.0+,[\d.]+,HIST\S+", line) for line in lines[6:]]
    assert all(body)
    seconds = [float(one[1]) for one in body if one]
    assert seconds == sorted(seconds), "readers stop at the first line beyond what they want"


def test_instants_are_those_of_the_clock_where_the_run_kept_them(tmp_path: Path) -> None:
    """The second variant opened half a minute after the first, and by fractions of a second."""
    opened_ns = {LINE: 1_772_396_135_250_000_000, NO_LINE: 1_772_396_165_500_000_000}
    folder = made_run(tmp_path)
    with connection(folder.database) as db:
        for label, at_ns in opened_ns.items():
            name = (observed_part(label),)
            (part,) = db.execute("SELECT part FROM parts WHERE name = ?", name).fetchone()
            open_clock(db, part, 5 * NS_PER_S, at_ns - 5 * NS_PER_S)
    file = tmp_path / "launch.hlog"

    save_hlog(read_report(folder), file)

    head = file.read_text("utf-8").splitlines()
    assert head[3] == (
        "#[StartTime: 1772396135.250 (seconds since epoch), 2026-03-01T20:15:35.250000+00:00]"
    )
    assert head[4].startswith("#[BaseTime: 1772396135.250")
    found = defaultdict(set)
    for one in intervals(file):
        found[one.get_tag()].add(round(one.get_start_time_stamp()))
    for tag, (ended_ns, _) in EXPECTED.items():
        since_ns = opened_ns[tag.split(".")[0]]
        begun_ms = since_ns // 1_000_000 + 1_000 * np.unique(ended_ns // NS_PER_S)
        assert found[tag] == set(begun_ms.tolist())


@pytest.mark.slow
def test_the_command_writes_it_beside_its_reports(report: Report, tmp_path: Path) -> None:
    done = surgeproof("report", report.folder.path, "--hlog", tmp_path / "launch.hlog")
    assert done.stderr == ""
    assert {one.get_tag() for one in intervals(tmp_path / "launch.hlog")} == EXPECTED.keys()


def test_without_the_package_one_sentence_says_what_to_install(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "hdrh", None)
    monkeypatch.delitem(sys.modules, "hdrh.histogram")
    monkeypatch.delitem(sys.modules, "hdrh.log")
    done = surgeproof("report", report.folder.path, "--hlog", tmp_path / "launch.hlog")
    (sentence,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert sentence == (
        "surgeproof: --hlog needs a package that is not installed (hdrh.histogram): python -m pip install"
        " 'surgeproof[hlog]'"
    )
    assert done.stdout == "", "which is told before anything is written"
    assert not (tmp_path / "launch.hlog").exists()
