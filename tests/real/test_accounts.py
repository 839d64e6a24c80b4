"""As many accounts as the report says, on servers that nobody here wrote."""

from collections.abc import Callable
from functools import cache

import pytest

from tests.real.cases import CASES, Case
from tests.real.counted import Counted, counted

pytestmark = pytest.mark.slow

Count = Callable[[Case], Counted]


@pytest.fixture(scope="module")
def count(tmp_path_factory: pytest.TempPathFactory) -> Count:
    """Sends a launch once, however many tests ask."""

    @cache
    def once(case: Case) -> Counted:
        if case.missing:
            install = "python -m pip install -e '.[dev,real]'; apt install postgresql"
            pytest.skip(f"not installed: {', '.join(case.missing)} ({install})")
        return counted(case, tmp_path_factory.mktemp(case.launch))

    return once


@pytest.mark.parametrize("case", [one for one in CASES if not one.some_unheard], ids=str)
def test_there_are_as_many_accounts_as_were_reported_to_the_last_one(
    case: Case, count: Count
) -> None:
    found = count(case)
    assert found.accounts == found.served == len(found.made) > 0
    assert found.owners == found.made
    assert found.unknown == 0
    assert found.exit_code in case.exit_codes, found.last_line


@pytest.mark.parametrize("case", [one for one in CASES if one.some_unheard], ids=str)
def test_who_gave_up_unheard_may_have_an_account_and_nobody_else(case: Case, count: Count) -> None:
    found = count(case)
    assert found.accounts == len(found.owners), "nobody has two"
    assert found.made <= found.owners <= found.made | found.unheard
    assert found.served <= found.accounts <= found.served + found.unknown
    assert found.exit_code in case.exit_codes, found.last_line


@pytest.mark.parametrize("case", [one for one in CASES if "again" in one.launch], ids=str)
def test_a_form_that_is_shown_again_is_no_account_however_the_launch_is_written(
    case: Case, count: Count
) -> None:
    found = count(case)
    assert 0 < found.served < found.sent
    assert found.failed.startswith(f"200 × {found.sent - found.served:,}: ")
    assert "too common" in found.failed, "the report says what the form says"


@pytest.mark.parametrize("case", [one for one in CASES if "back" in one.launch], ids=str)
def test_nor_is_a_redirect_that_leads_back_to_it(case: Case, count: Count) -> None:
    found = count(case)
    assert 0 < found.served < found.sent
    assert "it leads back to the form" in found.failed
