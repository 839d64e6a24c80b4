"""Any answer that HTTP/1 knows, and what only looks like one: read by llhttp, as Node's clients do."""

from __future__ import annotations

from geventhttpclient.response import HTTPParseError, HTTPProtocolViolationError, HTTPResponse

from scenarios.http.answers.content import MOST_BYTES
from scenarios.replay.child.wire.faults import Broken

MOST_HEAD_BYTES = 256 << 10
"""Of a status line and headers, what came before them (1xx) included."""
SWITCHING_PROTOCOLS = 101


class Parsed(HTTPResponse):
    """One answer, read up to its end and no further; what follows it is nobody's."""

    def __init__(self, method: str) -> None:
        self.code: int | None = None
        """Of the answer; None while there are only those that come before it (1xx)."""
        self.ended = False
        self.n_bytes = 0
        super().__init__(method=method)

    @property
    def is_whole(self) -> bool:
        return self.ended or self.code == SWITCHING_PROTOCOLS

    @property
    def stays(self) -> bool:
        """Whether the connection can be used again."""
        return self.code != SWITCHING_PROTOCOLS and not self.should_close()

    def take(self, data: bytes) -> None:
        """Read what came next; nothing: the server has ended. Raises Broken."""
        self.n_bytes += len(data)
        try:
            self.feed(data)
        except HTTPParseError:
            raise Broken("not HTTP" if data else "ended in the middle") from None
        if not (data or self.ended):
            raise Broken("ended in the middle")
        if self.code is None and self.n_bytes > MOST_HEAD_BYTES:
            raise Broken("too long a header")
        if self.code is not None and self.code < 100:
            raise Broken("not HTTP")
        if self.n_bytes > MOST_BYTES + MOST_HEAD_BYTES:
            raise Broken(f"more than {MOST_BYTES >> 20} MiB")

    def taken(self) -> bytes:
        """What has come of the body since the last time."""
        taken = bytes(self._body_buffer)
        self._body_buffer.clear()
        return taken

    # What the parser tells

    def get_code(self) -> int:
        return int(super().get_code()) if self.code is None else self.code

    def feed(self, data: str | bytes) -> None:
        try:
            super().feed(data)
        except HTTPParseError:
            if not self.ended:
                raise
            self._trailing_data_dropped = True

    def _on_message_begin(self) -> None:
        if self.ended:
            raise HTTPProtocolViolationError("a second answer")
        super()._on_message_begin()

    def _on_header_field(self, string: str) -> None:
        if self.code is None:  # what comes behind a body (trailers) is no header
            super()._on_header_field(string)

    def _on_header_value(self, string: str) -> None:
        if self.code is None:
            super()._on_header_value(string)

    def _on_headers_complete(self) -> int | bool | None:
        skips_body = super()._on_headers_complete()
        code = int(super().get_code())
        if not 100 <= code < 200 or code == SWITCHING_PROTOCOLS:
            self.code = code
        return skips_body

    def _on_message_complete(self) -> None:
        self.message_complete = True
        self.ended = self.code is not None
