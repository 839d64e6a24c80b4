"""How every command ends: one sentence, and the exit code that a script can rely on.

Exit code 1 says that something does not hold, and nothing else does: a failure of our own is 3,
also one that nobody foresaw.
"""

from __future__ import annotations

import errno
import functools
import os
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import FrameType
from typing import ParamSpec

from simulator.text.harmless import harmless

BAD_INPUT, FAILED = 2, 3
HUNG_UP, INTERRUPTED, PIPE_CLOSED, TERMINATED = 129, 130, 141, 143

DEBUG_VARIABLE = "SURGEPROOF_DEBUG"
"""Set, it shows the traceback of a fault that nobody foresaw."""

STARTER_VARIABLE = "SURGEPROOF_ENDS_WITH_STARTER"
"""Set by a program that runs us and holds the other end of our standard input, which closes when it dies."""
CLEARS_UP_S = 90.0
"""So long a command may take to keep what was measured, and to tidy up, once it is to end."""

AGAIN_S = 0.05
"""So long after it was ignored: long beside a callback, short for who waits for an end."""

P = ParamSpec("P")


class Terminated(BaseException):
    """SIGTERM or SIGHUP: like Ctrl-C, it must not be swallowed on the way out."""

    def __init__(self, number: int) -> None:
        self.exit_code = 128 + number
        super().__init__("hung up" if number == signal.SIGHUP else "terminated")


@dataclass(frozen=True, slots=True)
class End:
    """An exit code, and the sentence for it; without one all has been said."""

    exit_code: int
    sentence: str = ""


# A process's beginning and end


def open_standard_streams() -> None:
    """A stream that whoever started us closed leads nowhere; else the next file would become it."""
    while (free := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(free, True)  # noqa: FBT003 - it names itself
    os.close(free)
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def listen() -> None:
    """Let SIGTERM and SIGHUP end us in good order; who starts us with nohup wants no SIGHUP."""
    terminals = [number for number in (1, 2) if os.isatty(number)]

    def end(number: int, _frame: FrameType | None) -> None:
        for each in terminals:
            if not os.isatty(each):  # it is gone, and writing to it fails
                lead_nowhere(each)
        raise Terminated(number)

    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, end)
    come_again()


def end_with_starter() -> None:
    """Where a program runs us and says so: end in good order when it has died, be it by SIGKILL."""
    if os.environ.pop(STARTER_VARIABLE, ""):  # what we start ourselves is not meant
        from scenarios.process.orphan import end_with_parent

        end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM), CLEARS_UP_S)


def come_again() -> None:
    """Let what ends us come again where Python ignored it: in a callback from C, or a destructor.

    Compiling is such a callback, so that without this a signal would be lost while it goes on.
    """
    ignored: list[BaseException] = []

    def once_more(_number: int, _frame: FrameType | None) -> None:
        if ignored:  # anybody can send SIGALRM
            raise ignored.pop()

    def heard(told: sys.UnraisableHookArgs) -> None:
        if isinstance(told.exc_value, (KeyboardInterrupt, Terminated)):
            ignored[:] = [told.exc_value.with_traceback(None)]
            signal.setitimer(signal.ITIMER_REAL, AGAIN_S)
        else:
            sys.__unraisablehook__(told)

    signal.signal(signal.SIGALRM, once_more)
    sys.unraisablehook = heard


def leave(code: int) -> None:
    """Exit; a signal that comes now may end us, and has nothing to disturb any more."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0)  # what was ignored a moment ago comes too late as well
    sys.exit(code)


def lead_nowhere(descriptor: int) -> None:
    """What is still to be written there is lost, and Python does not complain while it exits."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)


# A command's end


def ends_well(verb: Callable[P, int]) -> Callable[P, int]:
    """Turn a verb that returns an exit code, or raises, into one that always returns one."""

    @functools.wraps(verb)
    def command(*args: P.args, **kwargs: P.kwargs) -> int:
        return ending(lambda: verb(*args, **kwargs))

    return command


def ending(run: Callable[[], int]) -> int:
    """The exit code of what ``run`` does; whatever goes wrong is one sentence on stderr."""
    end = end_of(run)
    tell(end.sentence)
    return end.exit_code


def end_of(run: Callable[[], int]) -> End:
    """How something ended, whatever went wrong."""
    from simulator.errors import SurgeproofError

    try:
        return End(run())
    except SurgeproofError as error:
        return End(error.exit_code, str(error))
    except KeyboardInterrupt:
        return End(INTERRUPTED, "interrupted")
    except Terminated as signalled:
        return End(signalled.exit_code, str(signalled))
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain once more while it exits.
        lead_nowhere(1)
        return End(PIPE_CLOSED)
    except OSError as error:
        return refused(error)
    except MemoryError:
        return End(FAILED, "out of memory: fewer --launches or people need less")
    except (Exception, SystemExit) as fault:  # noqa: BLE001 - the last resort, and the only one
        return End(FAILED, unforeseen(fault))


def refused(error: OSError) -> End:
    """What the system refused; only a name that was typed can be the command's mistake."""
    from simulator.host.files import REMEDIES

    where = f" {error.filename}" if error.filename else ""
    remedy = REMEDIES.get(error.errno or 0)
    sentence = f"the system refused{where}: {error.strerror or error}"
    if error.errno in (errno.ENOSPC, errno.EIO) and not where:
        with suppress(OSError):  # it may be that what we print goes to a full disk
            lead_nowhere(1)
    if remedy or not where:
        return End(FAILED, f"{sentence}{f'; {remedy}' if remedy else ''}")
    return End(BAD_INPUT, sentence)


def unforeseen(fault: BaseException) -> str:
    """A sentence on a fault of our own, and where its details lie."""
    if os.environ.get(DEBUG_VARIABLE):
        traceback.print_exception(fault)
        details = "see the traceback above"
    else:
        details = f"set {DEBUG_VARIABLE}=1 to see where"
        with suppress(OSError):
            descriptor, path = tempfile.mkstemp(prefix="surgeproof-fault-", suffix=".txt")
            with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
                traceback.print_exception(fault, file=file)
            details = f"its details are in {path}"
    said = " ".join(str(fault).split())[:300]
    named = f"{type(fault).__name__}: {said}" if said else type(fault).__name__
    return f"a bug in surgeproof, please report it ({named}); {details}"


def tell(sentence: str) -> None:
    """Say something to the user, apart from what the command prints."""
    with suppress(OSError):  # nobody listens any more
        for line in sentence.splitlines():
            print(f"surgeproof: {harmless(line)}", file=sys.stderr, flush=True)
