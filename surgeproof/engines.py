"""The engines by the names that the command line knows them by."""

from __future__ import annotations

from simulator.engine.rules import Engine
from simulator.errors import UsageError

NAMES = ("compiled", "simpy")


def engine_named(name: str, *, checked: bool = False) -> Engine:
    """The engine, if need be one whose every launch is checked.

    Raises UsageError for any other name.
    """
    engine = _engine(name)
    if not checked:
        return engine
    from simulator.engine.checked import Checked

    return Checked(engine)


def _engine(name: str) -> Engine:
    if name == "compiled":
        from simulator.engine.compiled.engine import Compiled

        return Compiled()
    if name == "simpy":
        from simulator.engine.readable.launch import Readable

        return Readable()
    raise UsageError(f"--engine {name}: there are {' and '.join(NAMES)}")


def compiling(doing: str) -> str:
    """What is being done, and that the first time takes longer."""
    from simulator.engine.compiled.code import is_first_use

    return f"{doing}, compiling first (once, about 1 s)" if is_first_use() else doing
