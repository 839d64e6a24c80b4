"""The page as a browser shows it, from a folder on disk, with nothing else at hand."""

import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.rebuild import rebuild
from reports.run.folder import RunFolder
from tests.hanging import HUNG_S
from tests.launches.run import made_run

BROWSER = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chrome")
CHARTS = 13

needs_a_browser = pytest.mark.skipif(BROWSER is None, reason="no chromium to look at the page with")


def browse(profile: Path, *arguments: str) -> str:
    """What a headless browser prints; it may load nothing but the page."""
    assert BROWSER is not None
    found = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--no-first-run",
            f"--user-data-dir={profile}",
            # Time in the page runs ahead until its scripts have nothing left to do.
            "--virtual-time-budget=20000",
            *arguments,
        ],
        capture_output=True,
        text=True,
        timeout=HUNG_S,
        check=True,
    )
    return found.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    folder = made_run(tmp_path_factory.mktemp("runs"))
    rebuild(folder)
    return folder


def test_all_reports_are_rebuilt_from_the_store_alone(folder: RunFolder, tmp_path: Path) -> None:
    moved = RunFolder(tmp_path / folder.path.name)
    moved.path.mkdir()
    shutil.copy(folder.database, moved.database)

    report = rebuild(RunFolder.open(moved.path))

    assert report.verdict is not None
    assert sorted(path.name for path in moved.path.iterdir()) == [
        "junit.xml", "report.html", "report.md", "run.sqlite", "verdict.json",
    ]  # fmt: skip
    for path in (folder.verdict, folder.junit, folder.markdown, folder.page):
        assert (moved.path / path.name).read_bytes() == path.read_bytes()
    suites = ET.fromstring(moved.junit.read_text())
    assert [suites.get(name) for name in ("failures", "errors")] == ["0", "0"], "the run holds"
    assert suites.get("skipped") != "0", "what is only predicted"


@needs_a_browser
def test_a_browser_draws_every_chart(folder: RunFolder, tmp_path: Path) -> None:
    drawn = browse(tmp_path, "--dump-dom", folder.page.as_uri())
    assert len(re.findall(r'<div class="still replaced"', drawn)) == CHARTS
    assert len(re.findall(r'class="live vega-embed[^"]*" id="chart-\d+"', drawn)) == CHARTS


@needs_a_browser
def test_the_page_prints(folder: RunFolder, tmp_path: Path) -> None:
    paper = tmp_path / "report.pdf"
    browse(tmp_path / "profile", f"--print-to-pdf={paper}", folder.page.as_uri())
    assert paper.read_bytes().startswith(b"%PDF")
