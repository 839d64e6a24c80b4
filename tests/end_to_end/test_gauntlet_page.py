"""The gauntlet's page as a browser shows it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chromium import BROWSER, Chromium, chromium
from tests.end_to_end.command import surgeproof
from tests.launches.gauntlet import CROWD, HOST, STATIONS

DESK, PHONE = (1280, 900), (360, 780)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium to look at the page with")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of two crowds against the stations of a file."""
    root = tmp_path_factory.mktemp("gauntlet")
    for name, text in (("host", HOST), ("crowd", CROWD), ("site", STATIONS)):
        (root / f"{name}.toml").write_text(text)
    done = surgeproof(
        "gauntlet", "threads-eu-2023", "./crowd.toml", "--expect", "2000", "--like", "host.toml",
        "--system", "site.toml", "--report", "found", "--launches", "20", cwd=root,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "page: found/gauntlet.html" in done.stdout
    return root / "found"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_is_complained_of_loaded_or_cut_off(
    browser: Chromium, folder: Path, size: tuple[int, int], *, dark: bool
) -> None:
    page = browser.open((folder / "gauntlet.html").as_uri(), *size, dark=dark)
    assert page.complaints == []
    assert page.requested == [(folder / "gauntlet.html").as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    seen = "[...document.querySelectorAll('figure svg')].filter(e => e.checkVisibility()).length"
    assert page.evaluate(seen) == 1
    page.close()


def test_the_page_says_what_the_sealed_predictions_say(browser: Chromium, folder: Path) -> None:
    sealed = json.loads((folder / "prediction.json").read_text())
    page = browser.open((folder / "gauntlet.html").as_uri(), *DESK)
    rows = "[...document.querySelectorAll('.scroll tbody tr')].map(r => [...r.cells].map(c => c.innerText))"
    shown = page.evaluate(rows)
    assert [row[0] for row in shown] == [each["launch"] for each in sealed["trials"]]
    for row, each in zip(shown, sealed["trials"], strict=True):
        assert row[1] == each["verdict"]
        assert row[3:] == [each["first"], each["comes"], each["fix"]]
    assert sealed["sealed"] in page.evaluate("document.body.innerText")
    page.close()


def test_each_launch_is_a_file_that_is_predicted_by_itself(folder: Path) -> None:
    done = surgeproof(
        "predict", str(folder / "launches" / "crowd.toml"), "--launches", "20", "--json"
    )
    alone = json.loads(done.stdout)
    sealed = json.loads((folder / "prediction.json").read_text())
    same = next(each for each in sealed["trials"] if each["launch"] == "crowd")
    assert alone["verdict"]["outcome"] == same["outcome"]
    assert alone["figures"]["arrivals"]["mean"]["value"] == same["figures"]["arrivals"]["value"]
