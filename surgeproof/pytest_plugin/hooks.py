"""What pytest calls: options, the fixture, and a line for each launch at the end."""

from __future__ import annotations

import pytest

from surgeproof.pytest_plugin.judged import Judged
from surgeproof.pytest_plugin.launches import Launches

TOLD = "surgeproof"
"""The property of a test under which each of its launches is told; in JUnit files, too."""
UNTOLD = pytest.StashKey[list[str]]()
"""What launches came to since the last report of a test."""


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("surgeproof", "launches that are predicted and replayed")
    group.addoption(
        "--surgeproof-target",
        metavar="URL",
        help="The server of every replay of which the test names none.",
    )
    group.addoption(
        "--surgeproof-runs",
        metavar="DIR",
        default="runs",
        help="Where the run folders of replays go; default: runs.",
    )


@pytest.fixture(scope="module")
def surgeproof(request: pytest.FixtureRequest) -> Launches:
    """Launches to predict and to replay: ``surgeproof.replay("launch.toml", target=URL)``."""
    started_in = request.config.invocation_params.dir
    untold = request.config.stash.setdefault(UNTOLD, [])

    def heard(judged: Judged) -> None:
        where = f"; report: {judged.where}" if judged.where else ""
        untold.append(f"{judged.launch}: {judged.sentence}{where}")

    return Launches(
        beside=request.path.parent,
        started_in=started_in,
        runs=started_in / request.config.getoption("--surgeproof-runs"),
        target=request.config.getoption("--surgeproof-target"),
        heard=heard,
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> None:
    """A launch belongs to the test that was running, or for which it was prepared."""
    untold = item.config.stash.get(UNTOLD, [])
    item.user_properties += [(TOLD, said) for said in untold]
    untold.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What each launch came to, whether its test passed or not."""
    told = [
        (report.nodeid, said)
        for reports in terminalreporter.stats.values()
        for report in reports
        # The last report of a test, of which each has one, has all that was told of it.
        if isinstance(report, pytest.TestReport) and report.when == "teardown"
        for name, said in report.user_properties
        if name == TOLD
    ]
    if told:
        terminalreporter.section("launches")
        for node, said in told:
            terminalreporter.line(f"{node}: {said}")
