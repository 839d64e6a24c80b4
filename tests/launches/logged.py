"""Access logs of launches that were simulated: what a web server would have written of them."""

import json
from collections.abc import Iterator, Sequence

from simulator.outcomes.rows import UNKNOWN, Block, Result

STATUS = {Result.SUCCESS: 201, Result.TURNED_AWAY: 503, Result.TIMED_OUT: 499, Result.FAILED: 500}


def lines_of(
    block: Block, paths: Sequence[str], opening_s: float, hosts: int | None = None
) -> Iterator[str]:
    """nginx's JSON, in the order in which requests were answered; each visitor has a host of his own.

    ``hosts``: so many that all visitors share.
    """
    rows = [row for row in block.attempts.tolist() if row[5] != UNKNOWN]
    numbers = {visitor: number for number, visitor in enumerate(block.visits["visitor"].tolist())}
    for visitor, step, _, sent, _, finished, result in sorted(rows, key=lambda row: row[5]):
        host = numbers[visitor] if hosts is None else numbers[visitor] % hosts
        yield json.dumps(
            {
                "msec": f"{opening_s + finished / 1e9:.6f}",
                "remote_addr": f"10.{host >> 16 & 255}.{host >> 8 & 255}.{host & 255}",
                "request": f"POST {paths[step]} HTTP/1.1",
                "status": str(STATUS[Result(result)]),
                "request_time": f"{(finished - sent) / 1e9:.6f}",
            }
        )
