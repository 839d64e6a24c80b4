"""Every launch by example is played by every implementation of its rules."""

import pytest

from simulator import Compiled, Readable
from simulator.engine.rules import Engine

ENGINES: dict[str, Engine] = {
    "simpy": Readable(),
    "compiled": Compiled(),
    "loop": Compiled(fifo=False, first_size=2, block_rows=3),
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """SimPy, what runs by default (without events where it can), and the loop of events in little room."""
    return ENGINES[request.param]
