"""On a Dask cluster: the launches of a command are played by its workers, and come to the same figures."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from simulator.errors import UsageError


def on(address: str | None) -> AbstractContextManager[None]:
    """Play the launches of this block on the workers of a cluster; without an address, here.

    Raises UsageError where the cluster cannot be used. In the block, launches raise InvalidRun where it
    is lost while they are played.
    """
    if address is None:
        return nullcontext()
    try:
        from surgeproof.cluster.connection import connected
    except ModuleNotFoundError as missing:
        if missing.name not in {"dask", "distributed"}:
            raise
        raise UsageError("--cluster needs Dask: python -m pip install 'surgeproof[dask]'") from None
    return connected(address)
