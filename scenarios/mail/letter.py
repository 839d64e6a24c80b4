"""A mail as a visitor reads it: its subject, its text and its HTML, whatever it was packed in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property

from parsel import Selector

from scenarios.http.answers.captured import capture, value_in
from simulator.scenario.words.rehearsal.captures import Kind

MOST_CHARACTERS = 65_536
"""Of each part: codes and links stand at its beginning."""
HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)+\r?\n")
TAG = re.compile(r"<(?:!doctype|html|body|p|div|table|a|br)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Letter:
    """What somebody sees of a mail."""

    subject: str = ""
    text: str = ""
    html: str = ""

    @classmethod
    def of(cls, content: bytes) -> Letter:
        r"""A mail as it came by SMTP: MIME, quoted-printable, base64, any charset.

        >>> Letter.of(b"Subject: =?utf-8?q?Votre_code=C2=A0=3A_12?=\n\nBonjour").subject
        'Votre code\xa0: 12'
        """
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage), "as its policy makes it"
        texts: dict[str, str] = {}
        for part in message.walk():
            kind = part.get_content_type()
            if kind in ("text/plain", "text/html") and not part.is_attachment():
                texts.setdefault(kind, content_of(part)[:MOST_CHARACTERS])
        return cls(
            subject=str(message.get("Subject", ""))[:MOST_CHARACTERS],
            text=texts.get("text/plain", ""),
            html=texts.get("text/html", ""),
        )

    @classmethod
    def printed(cls, output: bytes) -> Letter:
        """What a command printed: a mail with its headers, or what it says."""
        if HEADERS.match(output):
            return cls.of(output)
        said = output.decode(errors="replace")[:MOST_CHARACTERS]
        return cls(text=said, html=said if TAG.search(said) else "")

    @cached_property
    def visible(self) -> str:
        """What its HTML shows."""
        page = Selector(text=self.html or "<p></p>", type="html")
        return " ".join(page.xpath("//body//text()[not(parent::style or parent::script)]").getall())

    @property
    def texts(self) -> Iterator[str]:
        """Where an expression is looked for, one after the other."""
        yield self.text
        yield self.visible  # made only where the text does not hold it
        yield self.subject
        yield self.html

    def values(self, wanted: Mapping[str, str]) -> dict[str, str]:
        """What captures find in it, by their names: all that visitors need of it."""
        found = {name: self.value(text) for name, text in wanted.items()}
        return {name: value for name, value in found.items() if value is not None}

    def value(self, wanted: str) -> str | None:
        """What a capture finds in it; None where it finds nothing."""
        found = capture(wanted)
        places = (self.html or self.text,) if found.kind in (Kind.CSS, Kind.XPATH) else self.texts
        values = (value_in(found, text) for text in places if text)
        return next((value.strip() for value in values if value and value.strip()), None)


def content_of(part: EmailMessage) -> str:
    """A part as text; of a charset that nobody knows what can be read of it."""
    raw = part.get_payload(decode=True)
    content = raw if isinstance(raw, bytes) else b""
    try:
        return content.decode(part.get_content_charset("utf-8"), errors="replace")
    except LookupError:
        return content.decode(errors="replace")
