"""How long a client may take to say what it wants: the head of a request, and then its body.

Who sends a byte now and then would else hold a connection for ever (Slowloris). uvicorn waits without
an end for both; an idle connection between two requests has the server's keep-alive time.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.auto import AutoHTTPProtocol

WITHIN_S = 30.0


class Hurried(AutoHTTPProtocol):  # type: ignore[misc,valid-type]
    """Closes a connection whose client does not end the head of its request in time."""

    ending: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        self.hurry()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.hurry()

    def connection_lost(self, exc: Exception | None) -> None:
        self.stop()
        super().connection_lost(exc)

    def hurry(self) -> None:
        """Time runs from the first byte of a head, or from the connection, until the head is whole."""
        if not self.has_no_head:
            self.stop()
        elif self.ending is None:
            self.ending = self.loop.call_later(WITHIN_S, self.end)

    @property
    def has_no_head(self) -> bool:
        return self.cycle is None or bool(self.cycle.response_complete)

    def stop(self) -> None:
        if self.ending is not None:
            self.ending.cancel()
            self.ending = None

    def end(self) -> None:
        self.ending = None
        if self.has_no_head:
            self.transport.close()
