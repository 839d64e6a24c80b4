"""One made-up run, read once for all who look at a report."""

import pytest

from reports.run.report.reading import read_report
from reports.run.report.report import Report
from tests.launches.run import made_run


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return read_report(made_run(tmp_path_factory.mktemp("runs")))
