"""How every command ends: one sentence, and the exit code that a script can rely on."""

from __future__ import annotations

import functools
import os
import re
import signal
import sys
from collections.abc import Callable
from types import FrameType
from typing import ParamSpec

INTERRUPTED, TERMINATED, PIPE_CLOSED, BAD_INPUT = 130, 143, 141, 2

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")

P = ParamSpec("P")


class Terminated(BaseException):
    """SIGTERM: like Ctrl-C, it must not be swallowed on the way out."""


def ends_well(verb: Callable[P, int]) -> Callable[P, None]:
    """Turn a verb that returns an exit code, or raises, into one that exits."""

    @functools.wraps(verb)
    def command(*args: P.args, **kwargs: P.kwargs) -> None:
        signal.signal(signal.SIGTERM, _terminate)
        sys.exit(ending(lambda: verb(*args, **kwargs)))

    return command


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


def ending(run: Callable[[], int]) -> int:
    """The exit code of what ``run`` does; whatever goes wrong is one sentence on stderr."""
    from simulator.errors import SurgeproofError

    try:
        return run()
    except SurgeproofError as error:
        tell(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        tell("interrupted")
        return INTERRUPTED
    except Terminated:
        tell("terminated")
        return TERMINATED
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except OSError as error:
        where = f" {error.filename}" if error.filename else ""
        tell(f"the system refused{where}: {error.strerror or error}")
        return BAD_INPUT
    except MemoryError:
        tell("out of memory: fewer --launches need less")
        return BAD_INPUT


def tell(sentence: str) -> None:
    """Say something to the user, apart from what the command prints."""
    for line in sentence.splitlines():
        print(f"surgeproof: {harmless(line)}", file=sys.stderr)


def harmless(text: str) -> str:
    """Text without characters that control, or turn the direction of writing: files and servers that we quote do not rule the terminal."""
    return CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
