"""One made-up run, read once for all who look at a report."""

import pytest

from reports.run.report import Report, read_report
from tests.launches.run import made_run


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return read_report(made_run(tmp_path_factory.mktemp("runs")))
