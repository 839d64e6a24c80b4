"""Figures of the page, from rows whose errors are known beforehand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from simulator.outcomes.counts.places import Layout
from simulator.outcomes.counts.summary import Summary
from tests.validation.page import beaten, scores, text
from tests.validation.page.scores import BARS, MACHINE, PROBED, SERVICES, covered, medians, score
from tests.validation.rivals.stationary import calibrated_mmc
from tests.validation.runs.measured import cleared_s, sustained_per_s
from tests.validation.runs.probed import Probed, Rung

RUNGS = tuple(
    Rung(at_once=n, per_s=min(n, 2) * 10.0, answer_s=max(n, 2) / 20) for n in (1, 2, 3, 4)
)
PROBE = Probed(
    name="app", kind="pool", servers=2, at_once=2, service_s=0.1, cv=0.3, inflation=(1.0,),
    waiting_room=1000, round_trip_s=0.0, rungs=RUNGS,
)  # fmt: skip
SUSTAINABLE, CALM, BUSY, WAITING, FAILING, LINES, *_ = BARS


def figure(
    predicted: float | None,
    observed: float | None,
    low: float | None = None,
    high: float | None = None,
) -> dict[str, Any]:
    return {"predicted": predicted, "observed": observed, "from": low, "to": high}


def row(
    kind: str = "flat", share: float = 0.5, configuration: str = "one", **more: Any
) -> dict[str, Any]:
    return {
        "key": f"{configuration}/1/{kind} {share:g}", "configuration": configuration, "round": 1,
        "kind": kind, "share": share, "repeat": 0, "at": "2026-11-29T00:00:00+00:00",
        "outcome": "measured", "sentence": "", "figures": {}, "given": {}, "speed": 1.0,
        "arrivals_a_s": [10] * 20, "probe": asdict(PROBE), "machine": "a machine", "versions": "x 1",
    } | more  # fmt: skip


def test_an_error_is_a_share_of_what_was_observed_and_falls_into_its_band() -> None:
    found = [
        row(
            share=share,
            figures={"response_p50": figure(1.2, 1.0), "response_p95": figure(4.0, 5.0)},
        )
        for share in (0.5, 0.7, 0.85, 1.1)
    ]
    assert [list(CALM.error(each, PROBED)) for each in found] == [
        pytest.approx([0.2, 0.2]), pytest.approx([0.2, 0.2]), [], [],
    ]  # fmt: skip
    assert [len(list(BUSY.error(each, PROBED))) for each in found] == [0, 0, 2, 0]


def test_what_nobody_knows_is_no_error() -> None:
    found = row(figures={"response_p50": figure(None, 1.0), "response_p95": figure(1.0, None)})
    assert list(CALM.error(found, PROBED)) == []
    assert list(CALM.error(found, SERVICES)) == []


def test_with_the_services_as_they_were_it_is_another_prediction() -> None:
    found = row(
        figures={"response_p50": figure(1.5, 1.0)}, given={SERVICES: {"response_p50": 1.02}}
    )
    assert list(CALM.error(found, PROBED)) == pytest.approx([0.5])
    assert list(CALM.error(found, SERVICES)) == pytest.approx([0.02])
    # The machine's part is not told: it is none.
    assert list(CALM.error(found, MACHINE)) == pytest.approx([0.5])


@pytest.mark.parametrize(("predicted", "observed", "error"), [
    pytest.param(0.0, 0.001, 0.1, id="one millisecond against a tenth of a service of 100"),
    pytest.param(0.3, 0.2, 0.5, id="a wait of its own size"),
])  # fmt: skip
def test_a_small_wait_is_held_against_a_tenth_of_a_service(
    predicted: float, observed: float, error: float
) -> None:
    found = row(figures={"queue_wait_mean": figure(predicted, observed)})
    assert list(WAITING.error(found, PROBED)) == pytest.approx([error])


def test_failures_are_those_turned_away_and_those_who_gave_up() -> None:
    found = row(share=1.3, figures={"turned_away": figure(20, 30), "timed_out": figure(10, 10)})
    assert list(FAILING.error(found, PROBED)) == pytest.approx([0.25])


def test_one_failure_in_two_hundred_is_none() -> None:
    """200 came: one in a hundred are two."""
    found = row(share=1.3, figures={"turned_away": figure(0, 1), "timed_out": figure(0, 0)})
    assert list(FAILING.error(found, PROBED)) == []


def test_lines_are_judged_at_three_times_the_capacity() -> None:
    figures = {"line_peak": figure(110, 100), "cleared": figure(30, 40), "wait_p95": figure(9, 10)}
    at_three, at_two = (row("line", share, figures=figures) for share in (3.0, 2.0))
    assert list(LINES.error(at_three, PROBED)) == pytest.approx([0.1, 0.25, 0.1])
    assert list(LINES.error(at_two, PROBED)) == []


def test_nearer_to_the_capacity_a_line_may_be_missed_by_more() -> None:
    """(k - 1) C T: at 1.25 times a capacity that is 1 % smaller makes a line that is 4 % longer."""
    asked = {bar.name.split(" times")[0]: bar.probed for bar in BARS if bar.name.startswith("line")}
    assert asked == pytest.approx(
        {"line at 3": 0.05, "line at 2": 0.1, "line at 1.5": 0.2, "line at 1.25": 0.4}
    )


def test_a_score_is_the_median_of_the_configurations_medians() -> None:
    """One with many bad runs weighs no more than one with a single good one."""
    found = [
        *(row(configuration="bad", figures={"response_p50": figure(2.0, 1.0)}) for _ in range(9)),
        row(configuration="fair", figures={"response_p50": figure(1.1, 1.0)}),
        row(configuration="good", figures={"response_p50": figure(1.01, 1.0)}),
    ]
    assert medians(found, CALM.error, PROBED) == pytest.approx(
        {"bad": 1.0, "fair": 0.1, "good": 0.01}
    )
    judged = score(found, CALM, PROBED)
    assert judged is not None
    assert (judged.worst_of, judged.configurations) == ("bad", 3)
    assert judged.median == pytest.approx(0.1)
    assert score(found, SUSTAINABLE, PROBED) is None


def test_only_figures_that_vary_are_counted_as_in_their_interval_or_not() -> None:
    found = row(figures={
        "response_p50": figure(1.0, 1.1, 0.9, 1.2), "response_p95": figure(2.0, 3.0, 1.5, 2.5),
        "served": figure(9, 9, 9, 9), "turned_away": figure(1, None, 0, 2), "sentence": figure(1, 1, 0, 2),
    })  # fmt: skip
    assert covered([found]) == (1, 2)


def test_a_run_on_an_unsteady_machine_is_not_among_the_errors() -> None:
    found = [row(), row(speed=1.3), row(speed=None), row(outcome="failed", failed="why")]
    assert [each["speed"] for each in scores.measured(found)] == [1.0, None]


def test_a_rival_that_is_nearer_wins() -> None:
    """Two servers of 100 ms at 10/s: M/M/c has its p50 from the books, which is what was observed."""
    books = calibrated_mmc(beaten.asked(row()))
    assert books.p50_s is not None
    exact = row(figures={"response_p50": figure(2 * books.p50_s, books.p50_s)})
    found = beaten.contests([exact])["calibrated M/M/c"]
    assert found["one"] == pytest.approx((1.0, 0.0))
    assert beaten.better(found) == 0
    ours = row(figures={"response_p50": figure(1.0, 1.0)})
    assert beaten.better(beaten.contests([ours])["calibrated M/M/c"]) == 1


def test_a_rival_is_not_compared_where_it_says_nothing_and_that_is_counted() -> None:
    found = [row("line", 3.0, figures={"line_peak": figure(100, 100), "cleared": figure(30, 30)})]
    contests = beaten.contests(found)
    assert contests["USL"] == {}
    assert set(contests["fluid"]) == {"one"}
    assert beaten.silent(found, beaten.RIVALS["USL"]) == (2, 2)
    # At half of the capacity no fluid stands anywhere: it says a peak of 0, and no time to clear.
    assert beaten.silent(found, beaten.RIVALS["fluid"]) == (1, 2)


def control(hidden: str, **more: Any) -> dict[str, Any]:
    return row("control", configuration=f"hidden: {hidden}", hidden=hidden, said="x | y", **more)


def written(rows: Sequence[dict[str, Any]], folder: Path) -> str:
    return text.write(rows, folder / "validation.jsonl", folder).read_text("utf-8")


def test_the_page_says_every_bar_every_failure_and_what_was_repeated(tmp_path: Path) -> None:
    good = {
        "response_p50": figure(1.02, 1.0, 0.9, 1.2),
        "response_p95": figure(2.0, 1.96, 1.5, 2.5),
    }
    rows = [
        row(figures=good, prediction={"outcome": "predicted right"}, sealed={"intact": True}, given={SERVICES: {"response_p50": 1.01, "response_p95": 1.97}}),
        row(share=0.7, speed=1.4), row(share=0.7, speed=1.0, figures=good, repeat=1),
        row(share=1.3, outcome="failed", failed="replay: a | reason", figures={}),
        control("a lock", noticed=True, named=False), control("nothing", noticed=False, named=False),
    ]  # fmt: skip
    page = written(rows, tmp_path)
    for bar in BARS:
        assert f"| {bar.name} |" in page
    assert "3 runs of 1 configurations: 2 are among the errors, 1 failed, 0 were" in page
    assert "(1 repeats)" in page
    assert "| one/1/flat 1.3 | replay: a \\| reason |" in page
    assert (
        "| p50 and p95, up to 0.7 of the capacity | 8.0 % | **2.0 %** | 2.0 %, one | 4.0 % | **0.8 %** |"
        in page
    )
    assert "The reports say: predicted right × 1. 1 of 2 predictions were sealed" in page
    assert "4 of 4 observed figures (100 %)" in page
    assert "| a lock | 1 | 0 | 1 of 1 | 0 of 1 | x \\| y |" in page
    assert "| nothing | 1 | 0 | 0 of 1 | – | x \\| y |" in page
    assert "](validation-times.svg)" in page
    assert (tmp_path / "validation-times.svg").read_text("utf-8").startswith("<svg")


def test_the_causes_stand_beside_the_errors(tmp_path: Path) -> None:
    rows = [row(figures={"response_p50": figure(2.0, 1.0, 0.9, 1.2)})]
    assert "missed" not in written(rows, tmp_path)
    (tmp_path / "validation.causes.md").write_text("- The probe was too short.\n")
    page = written(rows, tmp_path)
    assert page.index("## Errors") < page.index("- The probe was too short.") < page.index("## Int")


def test_of_runs_that_all_failed_there_is_a_page_too(tmp_path: Path) -> None:
    page = written([row(outcome="failed", failed="start: no such program")], tmp_path)
    assert "| one/1/flat 0.5 | start: no such program |" in page
    assert "## Errors" not in page


def summary(seconds: int) -> Summary:
    """With bins of a second, of which the first 30 belong to the launch."""
    return Summary.empty(
        bin_ns=10**9, horizon_ns=30 * 10**9, end_ns=seconds * 10**9, layout=Layout()
    )


def test_what_is_sustained_is_counted_from_the_line_to_the_first_who_waited_in_vain() -> None:
    """20/s from second 3 on; who is sent in second 10 gives up after 6: then nobody knows."""
    found = summary(40)
    found.bins.served[:3], found.bins.served[3:16], found.bins.served[16:] = 5, 20, 7
    assert sustained_per_s(found) == pytest.approx((20 * 13 + 7 * 14) / 27)
    found.steps.timed_out[0, 10:] = 9
    assert sustained_per_s(found) == pytest.approx(20.0)
    found.steps.timed_out[0, 0] = 1
    assert sustained_per_s(found) != sustained_per_s(found)  # three seconds are too few


def test_a_line_has_cleared_when_the_last_of_it_is_in() -> None:
    found = summary(40)
    assert cleared_s(found) != cleared_s(found)
    found.bins.joined[2] = 3
    assert cleared_s(found) != cleared_s(found)  # they still stand there
    found.bins.left_line[9] = 3
    assert cleared_s(found) == 9.0
