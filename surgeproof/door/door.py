"""The command line: the verbs in their order, and nothing else.

A verb's own module is imported when the verb is used, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from surgeproof.door.crowds import gauntlet
from surgeproof.door.launches import check, new, record, show
from surgeproof.door.predicting import predict
from surgeproof.door.replaying import demo, replay, worker
from surgeproof.door.runs import compare, learn, ledger, report
from surgeproof.door.sizing import size
from surgeproof.door.targets import probe, serve
from surgeproof.endings import BAD_INPUT, ends_well, tell
from surgeproof.guard import stranger

VERBS: tuple[Callable[..., int], ...] = (
    demo, show, new, record, check, predict, size, serve, probe, replay, worker, gauntlet, compare,
    report, learn, ledger,
)  # fmt: skip
HOME = Path(__file__).resolve().parents[2]
"""Where our packages lie side by side."""
app = typer.Typer(
    name="surgeproof",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=True,
)


WRONGLY_TYPED: type[Exception] = typer.BadParameter.__mro__[2]
"""Typer's exception for all that it refuses, which it exports under no name."""


def typed() -> int:
    """Run the command that was typed, and tell its exit code.

    Raises BrokenPipeError or OSError where what it printed did not arrive.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # where a terminal lacks a letter, not the answer
    sentence = stranger(HOME)
    if sentence:
        tell(sentence)
        return BAD_INPUT
    code: int
    try:
        code = app(standalone_mode=False)
    except WRONGLY_TYPED as error:
        error.show()  # type: ignore[attr-defined]
        code = BAD_INPUT
    except SystemExit:  # Typer's own answer to a reader of its help who has gone
        raise BrokenPipeError from None
    sys.stdout.flush()  # what cannot be written is told, and not lost while Python exits
    return code


def print_version(wanted: bool) -> None:
    """Print which version this is, and end."""
    if wanted:
        from importlib.metadata import version

        print(f"surgeproof {version('surgeproof')}")
        raise typer.Exit


@app.callback()
def whole(
    version: Annotated[
        bool,
        typer.Option(
            "--version", is_eager=True, callback=print_version, help="Print the version, and exit."
        ),
    ] = False,
) -> None:
    """Will we hold on launch day, and what do we need so that we do?"""  # noqa: D400


for verb in VERBS:
    app.command()(ends_well(verb))
