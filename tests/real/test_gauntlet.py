"""The gauntlet against a Django site that runs: measured, predicted, sealed, and the worst of it really sent."""

import json
from pathlib import Path

import pytest

from reports.gauntlet.record import seal_of
from tests.real.cases import DJANGO, missing
from tests.real.gauntlet import against_django

pytestmark = pytest.mark.slow

CROWDS = ("threads-eu-2023", "threads-creator-bonus-2024")


def test_a_site_is_measured_predicted_and_sent_the_worst(tmp_path: Path) -> None:
    if lacking := missing(DJANGO):
        pytest.skip(f"not installed: {', '.join(lacking)}")
    done = against_django(tmp_path, *CROWDS, "--expect", "100000", "--replay", "worst")
    found = tmp_path / "found"
    assert done.returncode in (0, 1, 3), done.stderr
    sealed = json.loads((found / "prediction.json").read_text("utf-8"))
    assert seal_of(sealed) == sealed["sealed"]
    # Before the replay it was said aloud, and the page has it.
    assert f"sealed: sha256 {sealed['sealed']}" in done.stderr
    assert sealed["sealed"] in (found / "gauntlet.html").read_text("utf-8")
    trials = {each["launch"]: each for each in sealed["trials"]}
    assert set(trials) == set(CROWDS)
    # Half of a hundred thousand within a minute or two, against as many over four weeks: three a minute.
    assert sealed["trials"][0]["launch"] == "threads-eu-2023"
    assert trials["threads-eu-2023"]["outcome"] == "does not hold"
    assert trials["threads-eu-2023"]["breaks"]["supply"] in ("servers", "cores")
    assert trials["threads-creator-bonus-2024"]["outcome"] == "holds"
    # What was sent is the busiest window, and all that was observed is in the run's own report.
    (run,) = (found / "runs").iterdir()
    verdict = json.loads((run / "verdict.json").read_text("utf-8"))
    assert verdict["scenario"] == "threads-eu-2023"
    figures = {each["key"]: each for each in verdict["variants"][0]["figures"]}
    arrivals = figures["arrivals"]["rehearsal_observed"]["value"]
    assert 1_300 <= arrivals <= 1_650  # 1,500 in the mean, and five standard deviations are 194
    page = (found / "gauntlet.html").read_text("utf-8")
    assert page.count("<circle") >= 20, "a dot for each second at the least, on desk and phone"
