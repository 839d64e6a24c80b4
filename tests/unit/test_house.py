"""The house stays one that can be stood in front of: what the import contracts do not keep."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("simulator", "scenarios", "reports", "surgeproof")
MOST_ENTRIES = 12
"""Python files and folders, beside the ``__init__.py`` that says what the folder is for."""


@pytest.mark.parametrize("package", PACKAGES)
def test_no_folder_has_more_entries_than_one_takes_in_at_a_look(package: str) -> None:
    for init in (ROOT / package).rglob("__init__.py"):
        entries = [
            each.name
            for each in init.parent.iterdir()
            if (each.suffix == ".py" and each != init) or (each / "__init__.py").is_file()
        ]
        assert len(entries) <= MOST_ENTRIES, f"{init.parent}: {sorted(entries)}"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_says_what_it_is_for_and_no_import_is_for_types_alone(package: str) -> None:
    for source in (ROOT / package).rglob("*.py"):
        text = source.read_text("utf-8")
        assert text.startswith('"""'), source
        assert "TYPE_CHECKING" not in text, source
