"""The packages' maps name every module, so that whoever looks for something finds it there."""

import re
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest

NAMES = re.compile(r"\*?[a-z_]+\*?")


@pytest.mark.parametrize("package", ["simulator", "scenarios", "reports"])
def test_every_module_is_on_the_map(package: str) -> None:
    found = import_module(package)
    assert found.__doc__ is not None
    assert found.__file__ is not None
    named = NAMES.findall(found.__doc__)
    modules = [path.stem for path in Path(found.__file__).parent.glob("*.py")]

    missing = [name for name in modules if not any(fnmatch(name, each) for each in named)]
    assert missing == ["__init__"]
