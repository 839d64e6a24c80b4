"""The page of the made-up run, written once for all who look at it."""

import pytest

from reports.page.page import page_text
from reports.run.report.report import Report


@pytest.fixture(scope="session")
def page(report: Report) -> str:
    return page_text(report)
