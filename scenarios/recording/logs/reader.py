"""Which format a line is in. Each line decides for itself: files are mixed, joined, and cut."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from scenarios.recording.logs.fields import FieldMap
from scenarios.recording.logs.hit import Hit, Skip
from scenarios.recording.logs.lines import Line
from scenarios.recording.logs.objects import object_of, read_object
from scenarios.recording.logs.tables import Columns
from scenarios.recording.logs.text import read_text

READS = (
    "common and combined (Apache, nginx, behind syslog, CRI or Docker Compose), Envoy, AWS"
    " application and classic load balancers, S3, W3C with its #Fields line (IIS, CloudFront), and JSON lines (Caddy, Traefik,"
    " nginx, Envoy, Docker json-file); any of them packed by gzip, bzip2 or xz; for others say"
    ' which field is what, as in --fields "time=1,path=3,status=4" (columns, or keys of JSON)'
)
MAY_BE_CUT = frozenset(
    {Skip.FORMAT, Skip.INSTANT, Skip.ZONE, Skip.REQUEST, Skip.CONNECTION, Skip.SQUID}
)
DEEPEST = 4
"""A line within a line within a line."""
REPEATED = re.compile(r'[^"]*\bmessage repeated [0-9]+ times')
BEHIND = re.compile(r"[^{\"]*(\{.*\})\s*", re.DOTALL)


class Reader:
    """Reads the lines of one file."""

    def __init__(self, fields: FieldMap | None = None, zone: ZoneInfo | None = None) -> None:
        self._fields, self._zone = fields, zone
        self._columns = Columns()

    def read(self, line: Line) -> Hit | Skip:
        """What a line tells; of the last one, whether it was cut off."""
        found = self.read_text(line.text)
        unread = found in MAY_BE_CUT
        return Skip.CUT if unread and not line.whole else found

    def read_text(self, text: str, depth: int = 0) -> Hit | Skip:
        """What a line tells, or why it tells nothing."""
        if not text.strip():
            return Skip.EMPTY
        if text.startswith("#"):
            self._columns.told(text)
            return Skip.EMPTY
        if REPEATED.match(text):
            return Skip.REPEATED
        if self._fields is not None:
            return self._fields.read(text, self._zone)
        inner = text if text.lstrip().startswith("{") else None
        if inner is None:
            found = self._columns.read(text)
            if found is Skip.FORMAT:
                found = read_text(text, self._zone)
            behind = BEHIND.fullmatch(text) if found is Skip.FORMAT else None
            if behind is None:
                return found
            inner = behind[1]
        document = object_of(inner)
        if document is None or depth >= DEEPEST:
            return Skip.FORMAT
        return read_object(
            document, self._zone, lambda line: self.read_text(line.rstrip("\r\n"), depth + 1)
        )
