"""THE FRONT DOOR: one module a verb, options and exit codes; no arithmetic.

``surgeproof`` answers one question for a team about to open its doors: will we hold on launch day,
and what do we need so that we do?
"""

from surgeproof.endings import (
    end_with_starter,
    ending,
    leave,
    listen,
    open_standard_streams,
)

__all__ = ["main"]


def main() -> None:
    """Run the command that was typed; never returns."""
    open_standard_streams()
    listen()
    end_with_starter()
    leave(ending(command))


def command() -> int:
    """Its exit code. Loading what it needs takes a while, in which it can be interrupted as well."""
    from surgeproof.door.door import typed

    return typed()
