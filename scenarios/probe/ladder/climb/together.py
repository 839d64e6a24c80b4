"""Several things at once, of which the first that goes wrong ends the others."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any


async def together(doing: Iterable[Coroutine[Any, Any, None]]) -> None:
    """All of it at once; what goes wrong in one of them ends the others, and is raised by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            for each in doing:
                group.create_task(each)
    except BaseExceptionGroup as several:
        raise first_of(several) from None


def first_of(error: BaseException) -> BaseException:
    return first_of(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
