"""The pytest plugin: launches that are predicted and replayed by tests.

::

    def test_we_hold_on_launch_day(surgeproof):
        surgeproof.replay("launch.toml", target="http://127.0.0.1:8000").assert_holds()

pytest loads it by itself wherever surgeproof is installed; it starts the command line in a process of
its own and knows no more than that prints: what holds in a test holds in a shell.
"""

from surgeproof.pipelines.command import NotJudged
from surgeproof.pytest_plugin.hooks import (
    pytest_addoption,
    pytest_runtest_makereport,
    pytest_terminal_summary,
    surgeproof,
)
from surgeproof.pytest_plugin.judged import Judged, Predicted, Replayed
from surgeproof.pytest_plugin.launches import Launches

__all__ = [
    "Judged",
    "Launches",
    "NotJudged",
    "Predicted",
    "Replayed",
    "pytest_addoption",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
    "surgeproof",
]
