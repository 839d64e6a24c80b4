"""What was sent with a request: JSON, a form, a form with files, or a text."""

from __future__ import annotations

import json
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from scenarios.brought.har.exchange import MOST_FIELDS, Body, BodyKind, File, Pairs
from scenarios.brought.sayable import clean

DEEPEST = 12
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"


def body_of(posted: dict[str, Any], headers: Pairs, pairs: Callable[[object], Pairs]) -> Body:
    """The body of a request; browsers write its text, its fields, or both."""
    text = clean(posted.get("text"))
    said = next((value for name, value in headers if name.lower() == "content-type"), "")
    kind = said or clean(posted.get("mimeType"))
    media = kind.partition(";")[0].strip().lower()
    params = posted.get("params")
    if not text and not params:
        return Body()
    if media == MULTIPART:
        fields = parts_of(text, kind) or tuple(files_of(params))
        return Body(kind=BodyKind.MULTIPART, type=kind, fields=fields[:MOST_FIELDS])
    if media == FORM or (params and not text):
        # Of the two the text is exact: some browsers write params still escaped, some not.
        found = tuple(parse_qsl(text, keep_blank_values=True)) if text else pairs(params)
        fields = tuple((clean(name), clean(value)) for name, value in found)
        return Body(kind=BodyKind.FORM, type=kind, fields=fields[:MOST_FIELDS])
    if media.endswith(("/json", "+json")) or (not media and text.lstrip()[:1] in "{["):
        known = json_of(text)
        if known is not None:
            return Body(kind=BodyKind.JSON, type=kind, json=known, text=text)
    return Body(kind=BodyKind.TEXT, type=kind, text=text)


def json_of(text: str) -> Any:
    """JSON as it was sent; None where it is none, or lies so deep that nobody reads it."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return None if depth_of(found) > DEEPEST else found


def depth_of(node: Any) -> int:
    """How many tables lie within one another; beyond what is read, no further."""
    level, depth = [node], 0
    while level and depth <= DEEPEST:
        level = [
            inner
            for each in level
            for inner in (
                each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
            )
        ]
        depth += 1
    return depth


def parts_of(text: str, kind: str) -> tuple[tuple[str, str | File], ...]:
    """The fields of a form with files, as they went over the wire."""
    if not text:
        return ()
    head = f"Content-Type: {' '.join(kind.split())}\r\n\r\n"
    message = message_from_bytes(head.encode("utf-8", "replace") + text.encode("utf-8", "replace"))
    return tuple(part_of(part) for part in message.walk() if not part.is_multipart())


def part_of(part: Message) -> tuple[str, str | File]:
    content = part.get_payload(decode=True)
    held = content if isinstance(content, bytes) else b""
    name = clean(part.get_param("name", "", "content-disposition")) or "file"
    filename = part.get_filename()
    if filename is not None or (part.get_content_type() != "text/plain"):
        return name, File(
            filename=clean(filename) or "file.bin",
            type=part.get_content_type(),
            size_bytes=len(held),
        )
    return name, clean(held.decode("utf-8", "replace"))


def files_of(params: object) -> list[tuple[str, str | File]]:
    """The same, of a browser that wrote only a list."""
    found: list[tuple[str, str | File]] = []
    for each in params if isinstance(params, list) else ():
        if not isinstance(each, dict) or not clean(each.get("name")):
            continue
        value, filename = clean(each.get("value")), clean(each.get("fileName"))
        if filename:
            kind = clean(each.get("contentType")) or "application/octet-stream"
            found.append(
                (clean(each["name"]), File(filename=filename, type=kind, size_bytes=len(value)))
            )
        else:
            found.append((clean(each["name"]), value))
    return found
