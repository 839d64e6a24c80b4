"""Progress of long work, on stderr, where a person is looking; silent when piped."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Step = Callable[[float, float, str], None]
"""Told how much is done, of how much, and a note."""


@contextlib.contextmanager
def progress(
    label: str, *, left: bool = False, above: RenderableType | None = None
) -> Iterator[Step]:
    """A bar that moves while the block runs, and then stays as one finished line.

    ``left``: it tells how long it will take, too. ``above`` is shown above it, and drawn anew each second,
    until the block ends.
    """
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<32}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        *([TextColumn("left"), TimeRemainingColumn(compact=True)] if left else []),
        TextColumn("{task.fields[note]}"),
    )
    quiet = not console.is_terminal
    bars = Progress(*columns, console=console, disable=quiet, auto_refresh=above is None)
    with bars if above is None or quiet else watched(bars, above, console):
        task = bars.add_task(label, total=None, note="")

        def step(done: float, total: float, note: str) -> None:
            bars.update(task, completed=done, total=total, note=note)

        yield step
        total = bars.tasks[0].total or 1
        bars.update(task, completed=total, total=total)


@contextlib.contextmanager
def watched(bars: Progress, above: RenderableType, console: Console) -> Iterator[None]:
    """Both on the terminal until the block ends; then the bar alone."""
    with Live(Group(above, bars), console=console, refresh_per_second=1) as live:
        try:
            yield
        finally:
            live.update(bars)


def counted(step: Step) -> Callable[[int, int], None]:
    """Progress in launches."""
    return lambda done, of: step(done, of, f"{done} of {of} launches")
