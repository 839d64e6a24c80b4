"""The planner's report as a browser shows it: one Chromium for all of these."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from reports.planner.planner import PAGE, write_report
from tests.chromium import BROWSER, Chromium, Page, chromium
from tests.end_to_end.command import surgeproof
from tests.hanging import HUNG_S
from tests.launches.sizing import sized
from tests.launches.strange import strange

AXE = "axe-core@4.10.3"
DESK, PHONE = (1280, 900), (360, 780)
ARROW_RIGHT = 39

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium to look at the page with")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report in English, in French, and under names that attack."""
    root = tmp_path_factory.mktemp("reports")
    for code in ("en", "fr"):
        write_report(sized(), root / code, language=code)
    write_report(strange(sized()), root / "strange")
    return root


@pytest.fixture
def page(browser: Chromium, folder: Path) -> Iterator[Page]:
    found = browser.open((folder / "en" / PAGE).as_uri(), *DESK)
    yield found
    found.close()


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core, of npm."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to install axe-core with")
    root = tmp_path_factory.mktemp("npm")
    command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(root), AXE]
    done = subprocess.run(command, capture_output=True, text=True, timeout=HUNG_S, check=False)
    assert done.returncode == 0, done.stderr
    return (root / "node_modules" / "axe-core" / "axe.min.js").read_text("utf-8")


def number(page: Page, name: str) -> float:
    """The number that a part of the page reads."""
    return float(said(page, name).replace(",", ""))


def as_shown(value: float) -> object:
    """A number of people as the page may show it: kept with four digits, shown as a whole one."""
    return pytest.approx(value, abs=0.5 + 5e-4 * value)


def said(page: Page, name: str) -> str:
    """What a part of the page reads."""
    return str(page.evaluate(f"document.getElementById({json.dumps(name)}).textContent"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("which", ["en", "fr", "strange"])
def test_nothing_is_complained_of_loaded_or_cut_off(
    browser: Chromium, folder: Path, which: str, size: tuple[int, int], *, dark: bool
) -> None:
    url = (folder / which / PAGE).as_uri()
    page = browser.open(url, *size, dark=dark)
    assert page.complaints == []
    assert page.requested == [url]
    assert page.evaluate("document.documentElement.scrollWidth") == size[0], "no scrolling aside"
    shown = "el => getComputedStyle(el).display !== 'none'"
    charts = page.evaluate(f"[...document.querySelectorAll('.desk')].filter({shown}).length")
    assert (charts > 0) is (size == DESK)
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert paper == ("rgb(20, 24, 31)" if dark else "rgb(255, 255, 255)")
    page.close()


@pytest.mark.parametrize(("size", "dark"), [
    pytest.param(DESK, False, id="desk-light"),
    pytest.param(DESK, True, id="desk-dark", marks=pytest.mark.slow),
    pytest.param(PHONE, False, id="phone-light", marks=pytest.mark.slow),
    pytest.param(PHONE, True, id="phone-dark", marks=pytest.mark.slow),
])  # fmt: skip
def test_whoever_cannot_see_it_or_has_no_mouse_is_not_left_out(
    browser: Chromium, folder: Path, axe: str, size: tuple[int, int], dark: bool
) -> None:
    """With every table unfolded, axe-core finds no violation at all."""
    page = browser.open((folder / "en" / PAGE).as_uri(), *size, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    page.evaluate(axe)
    found = page.evaluate("axe.run(document).then(found => found.violations)")
    assert [(each["id"], each["impact"], each["nodes"][0]["html"]) for each in found] == []
    page.close()


def test_sliders_move_the_numbers_and_the_line(page: Page) -> None:
    grid = sized().grid
    assert grid is not None
    asked = grid.cells[grid.demands.index(1.0)][grid.capacities.index(1.0)]
    assert said(page, "chance-said") == f"{100 * asked.holds / asked.launches:.0f}\xa0%"
    assert number(page, "lost-said") == as_shown(asked.lost)
    line = page.evaluate("document.getElementById('play-path').getAttribute('d')")

    page.evaluate("demand.value = 3; demand.dispatchEvent(new Event('input'))")

    crowded = grid.cells[grid.demands.index(3.0)][grid.capacities.index(1.0)]
    assert said(page, "chance-said") == f"{100 * crowded.holds / crowded.launches:.0f}\xa0%"
    assert number(page, "lost-said") == as_shown(crowded.lost)
    assert said(page, "basis-said").startswith("Simulated")
    assert page.evaluate("document.getElementById('play-path').getAttribute('d')") != line


def test_between_simulated_points_values_are_interpolated_and_said_to_be(page: Page) -> None:
    grid = sized().grid
    assert grid is not None
    column = grid.capacities.index(1.0)
    low, high = (grid.cells[grid.demands.index(each)][column] for each in (2.0, 3.0))

    page.evaluate("demand.value = 2.5; demand.dispatchEvent(new Event('input'))")

    assert said(page, "basis-said").startswith("Interpolated")
    assert number(page, "lost-said") == as_shown((low.lost + high.lost) / 2)


def test_a_slider_is_moved_by_keys_and_says_its_value(page: Page) -> None:
    page.evaluate("demand.focus()")
    before = page.evaluate("Number(demand.value)")
    page.press("ArrowRight", ARROW_RIGHT)
    assert page.evaluate("Number(demand.value)") == pytest.approx(before + 0.05)
    assert page.evaluate("demand.getAttribute('aria-valuetext')") == "1.05 times the likely demand"


def test_a_picture_is_saved_in_the_light_colours(page: Page) -> None:
    saved = page.evaluate(
        """new Promise(done => {
          const made = URL.createObjectURL;
          URL.createObjectURL = blob => { blob.text().then(done); return made(blob); };
          document.querySelector("#figure-line .save").click();
        })"""
    )
    assert saved.startswith("<svg")
    assert "var(--" not in saved
    assert "#3565a9" in saved


def test_names_that_attack_run_nothing(browser: Chromium, folder: Path) -> None:
    page = browser.open((folder / "strange" / PAGE).as_uri(), *DESK)
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    assert page.evaluate("document.querySelectorAll('script').length") == 3
    assert "onerror=alert(1)" in page.evaluate("document.body.innerText")
    assert "{{7*7}}" in page.evaluate("document.body.innerText")
    page.close()


def test_it_prints_on_pages_with_all_its_long_tables(page: Page) -> None:
    paper = page.paper()
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type/Page/") >= 3


LAUNCH = Path(__file__).parents[1] / "launches" / "one-step.toml"


def test_a_prediction_writes_its_report(browser: Chromium, tmp_path: Path) -> None:
    done = surgeproof(
        "predict", LAUNCH, "--launches", "5", "--report", tmp_path / "report",
        "--format", "html,csv", "--language", "fr",
    )  # fmt: skip
    assert done.returncode in (0, 1, 3), done.stderr
    assert "report.html" in done.stderr
    assert (tmp_path / "report" / "coming.csv").is_file()
    page = browser.open((tmp_path / "report" / PAGE).as_uri(), *DESK)
    assert page.complaints == []
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert "surgeproof predict" in page.evaluate("document.getElementById('method').innerText")
    assert str(Path.home()) not in page.evaluate("document.documentElement.outerHTML")
    page.close()


def test_a_format_or_language_that_there_is_not_ends_before_anything_is_simulated(
    tmp_path: Path,
) -> None:
    for words in (("--format", "pdf"), ("--language", "de")):
        done = surgeproof("predict", LAUNCH, "--report", tmp_path / "report", *words)
        assert done.returncode == 2
        assert words[1] in done.stderr
        assert not (tmp_path / "report").exists()


def test_what_is_of_a_report_needs_one() -> None:
    for words in (("--format", "csv"), ("--language", "fr")):
        done = surgeproof("predict", LAUNCH, *words)
        assert (done.returncode, "add --report DIR" in done.stderr) == (2, True)
    done = surgeproof("predict", LAUNCH, "--stress", "--report", "somewhere")
    assert (done.returncode, "leave out --stress" in done.stderr) == (2, True)
