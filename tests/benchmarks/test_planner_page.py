"""How soon the planner's page shows its first picture, in a browser that has just opened it."""

from pathlib import Path
from typing import Any

import pytest

from reports.planner.planner import PAGE, write_report
from tests.chromium import BROWSER, Chromium, chromium
from tests.launches.sizing import sized

PAINTED_S = """new Promise(done => new PerformanceObserver(seen => {
  const found = seen.getEntries().find(each => each.name === "first-contentful-paint");
  if (found) done(found.startTime / 1000);
}).observe({ type: "paint", buffered: true }))"""
GOAL_S = 1.0


@pytest.mark.benchmark(group="the planner's page, seconds until its first picture")
@pytest.mark.skipif(BROWSER is None, reason="no chromium to look at the page with")
def test_first_picture(benchmark: Any, tmp_path: Path) -> None:
    """On a screen where the picture is in sight: nothing of it waits for a script."""
    write_report(sized(), tmp_path / "report")
    url = (tmp_path / "report" / PAGE).as_uri()
    painted: list[float] = []

    def look(browser: Chromium) -> None:
        page = browser.open(url, 1280, 900)
        painted.append(page.evaluate(PAINTED_S))
        assert page.evaluate(
            "document.querySelector('.desk svg').getBoundingClientRect().top < 900"
        )
        page.close()

    with chromium(tmp_path / "profile") as browser:
        benchmark.pedantic(look, args=(browser,), rounds=5)
    middle_s = sorted(painted)[len(painted) // 2]
    benchmark.extra_info["first_picture_s"] = middle_s
    print(
        f"first picture after {middle_s:.3f} s; bytes {(tmp_path / 'report' / PAGE).stat().st_size:,}"
    )
    assert middle_s < GOAL_S
