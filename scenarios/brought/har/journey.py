"""The requests of a recording as the steps of a journey."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from scenarios.brought import secrets
from scenarios.brought.har.chosen import Asked, same
from scenarios.brought.har.exchange import REDIRECTS, BodyKind, Exchange, File
from scenarios.brought.har.headers import kept_headers
from scenarios.brought.har.meaning import Meanings, Place
from scenarios.brought.names import step_name
from scenarios.brought.ready import SAFE, ready_to_send
from scenarios.brought.sayable import clean
from scenarios.brought.told import Link, Told
from simulator.errors import UsageError
from simulator.scenario.words.rehearsal.requests import HEADER, OURS

MOST_STEPS = 100
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 60.0
MOST_FILE_BYTES = 16 << 20
NOT_MODIFIED = 304
STABLE = re.compile(r"/[A-Za-z_/-]*[A-Za-z_-]/?")
"""A path that holds nothing of one visitor's own."""

Raw = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """The steps of a journey, and what is to be said of them."""

    steps: tuple[Raw, ...]
    meanings: Meanings
    names: tuple[str, ...]
    waits_ms: tuple[float, ...]
    """How long answers were waited for, where that was measured."""
    failed: tuple[str, ...]
    """Requests whose answer was a failure when they were recorded."""


def steps_of(asked: tuple[Asked, ...]) -> Steps:
    """A step for each request.

    Raises UsageError where there are more than one launch sends.
    """
    if len(asked) > MOST_STEPS:
        raise UsageError(
            f"the recording has {len(asked)} requests to be sent, and {MOST_STEPS} are the most; record"
            " the signup alone"
        )
    meanings = Meanings(asked)
    told = [Request(at, each, meanings, asked).told() for at, each in enumerate(asked)]
    meanings.named()
    steps: list[Raw] = []
    for at, (each, request) in enumerate(zip(asked, told, strict=True)):
        ready = ready_to_send(request)
        captures = {
            link.name: clean(link.found.expression) for link in meanings.links if link.giver == at
        }
        if captures:
            ready["capture"] = captures
        path = ready["path"]
        if path.startswith("${"):  # where a redirect led: named after it, if it is the same for all
            path = each.first.path if is_stable(each.first.path) else "/next"
        name = step_name(each.first.method, path, [step["name"] for step in steps])
        pause_s = pause_before(asked, at)
        think = {"think": f"{pause_s:g} s"} if pause_s else {}
        steps.append({"name": name, "at": "app", **think, "request": ready})
    return Steps(
        steps=tuple(steps),
        meanings=meanings,
        names=tuple(step["name"] for step in steps),
        waits_ms=tuple(wait for each in asked if (wait := each.first.wait_ms) is not None),
        failed=tuple(
            f"{step['name']} ({each.last.status})"
            for step, each in zip(steps, asked, strict=True)
            if each.last.status >= 400
        ),
    )


def pause_before(asked: tuple[Asked, ...], at: int) -> float:
    """How long the person read and typed: since the answer before it, to a tenth of a second."""
    now_s = asked[at].first.started_s
    before = [each.last for each in asked[:at] if each.last.started_s is not None]
    if now_s is None or not before:
        return 0.0
    ended_s = max((each.started_s or 0.0) + each.took_ms / 1000 for each in before)
    pause_s = round(min(now_s - ended_s, LONGEST_PAUSE_S), 1)
    return pause_s if pause_s >= SHORTEST_PAUSE_S else 0.0


class Request:
    """One request, with the meaning of each of its values."""

    def __init__(self, at: int, asked: Asked, meanings: Meanings, every: tuple[Asked, ...]) -> None:
        self._at, self._asked, self._first = at, asked, asked.first
        self._meanings, self._every = meanings, every

    def told(self) -> Raw:
        """The words of [[journey.step]].request, its texts in pieces."""
        said: Raw = {"method": self._first.method}
        address, rest, asks = self._address()
        said["path"] = Told((*address, *self._path(rest).pieces))
        query = self._fields(self._first.query, Place.QUERY) if asks else {}
        said |= {"query": query} if query else {}
        body = self._body()
        headers = self._headers()
        said |= {"headers": headers} if headers else {}
        return {**said, **body, **self._expected()}

    def _address(self) -> tuple[tuple[Link, ...], str, bool]:
        """The address that an earlier answer named, the rest of the path, and whether a query follows.

        Where a redirect led, or what was made lies, is taken where it is not the same for everybody:
        whole, or as the beginning of what lies below it: ${next}/pay.
        """
        for giver in reversed(range(self._at)):
            named = self._every[giver].last.names
            place = urlsplit(named)
            stable = is_stable(place.path) or place.path in ("", "/")
            if not named or (stable and not place.query):
                continue
            if same(named, self._first.url):
                return (self._meanings.named_at(giver, self._at),), "", False
            rest = self._below(named)
            if rest is not None:
                return (self._meanings.named_at(giver, self._at),), rest, True
        return (), self._first.path, True

    def _below(self, named: str) -> str | None:
        """What follows in the path behind an address without a query; None: it lies elsewhere."""
        place, here = urlsplit(named), urlsplit(self._first.url)
        if place.query or (place.scheme, place.netloc) != (here.scheme, here.netloc):
            return None
        beginning = place.path.rstrip("/") + "/"
        if len(beginning) == 1 or not here.path.startswith(beginning):
            return None
        return here.path.removeprefix(place.path)

    def _path(self, path: str) -> Told:
        """The path, piece by piece; what is written alike for everybody stays as it was escaped."""
        pieces: list[Any] = []
        before = "path"
        for number, part in enumerate(quote(path, safe=SAFE).split("/")):
            pieces += ["/"] if number else []
            text = clean(unquote(part))
            told = self._meanings.of(self._at, before, text, Place.PATH)
            pieces += [part] if told.is_plain else told.pieces
            before = text if text.isalpha() else before
        return Told(tuple(pieces))

    def _fields(self, fields: Iterable[tuple[str, str]], place: Place) -> Raw:
        """Names with their texts; of a name that comes again, a list."""
        found: Raw = {}
        for name, value in fields:
            told = self._meanings.of(self._at, name, clean(value), place)
            held = found.get(clean(name))
            if held is None:
                found[clean(name)] = told
            else:
                found[clean(name)] = [*held, told] if isinstance(held, list) else [held, told]
        return found

    def _headers(self) -> Raw:
        found: Raw = {}
        for name, value in kept_headers(self._first):
            text = clean(value).replace("\n", " ").strip()
            if not HEADER.fullmatch(name) or name.lower() in OURS or not is_latin(text):
                continue
            if name.lower() == "authorization":
                found[name] = self._meanings.authorization(self._at, name, text)
            else:
                found[name] = self._meanings.of(self._at, name, text, Place.HEADER)
        return found

    def _body(self) -> Raw:
        body = self._first.body
        match body.kind:
            case BodyKind.NONE:
                return {}
            case BodyKind.JSON:
                return {"json": self._json("", body.json)}
            case BodyKind.FORM:
                texts = ((name, value) for name, value in body.fields if isinstance(value, str))
                return {"form": self._fields(texts, Place.BODY)}
            case BodyKind.MULTIPART:
                return {"multipart": {n: self._part(n, value) for n, value in body.fields}}
            case BodyKind.TEXT:
                return {"text": self._meanings.of_text(self._at, body.text)}

    def _part(self, name: str, value: str | File) -> Any:
        if isinstance(value, str):
            return self._meanings.of(self._at, name, value, Place.BODY)
        ending = PurePosixPath(value.filename).suffix
        kept = ending if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", ending) else ".bin"
        return {
            "filename": f"file{kept}",
            "type": value.type,
            "size_bytes": min(value.size_bytes, MOST_FILE_BYTES),
        }

    def _json(self, name: str, node: Any) -> Any:
        if isinstance(node, dict):
            return {key: self._json(key, inner) for key, inner in node.items()}
        if isinstance(node, list):
            return [self._json(name, inner) for inner in node]
        if isinstance(node, str):
            return self._meanings.of(self._at, name, node, Place.BODY)
        if isinstance(node, int | float) and not isinstance(node, bool):
            told = self._meanings.of(self._at, name, json.dumps(node), Place.BODY)
            return node if told.is_plain else Told(told.pieces, number=True)
        return node

    def _expected(self) -> Raw:
        """What the answer must be: the status of the recording, and where it led."""
        if self._asked.folds:
            return {"expect": {"status": [status_of(self._asked.last)]}, "redirects": "follow"}
        expect: Raw = {"status": [status_of(self._first)]}
        if self._first.status not in REDIRECTS or not self._first.redirect:
            return {"expect": expect}
        if place := stable_place(self._first):
            expect["header"] = {"Location": place}
        return {"expect": expect, "redirects": "expect"}


def status_of(answer: Exchange) -> int:
    """Who asks for the first time has no copy that could still be good."""
    return 200 if answer.status == NOT_MODIFIED else answer.status


def stable_place(answer: Exchange) -> str:
    """The path that a redirect leads to, where it is the same for everybody."""
    try:
        parts = urlsplit(answer.redirect)
    except ValueError:
        return ""
    path = parts.path if not parts.query else ""
    return path if is_stable(path) else ""


def is_stable(path: str) -> bool:
    """Whether a path is the same for everybody: words, of which none looks drawn."""
    return bool(STABLE.fullmatch(path)) and not any(map(secrets.looks_secret, path.split("/")))


def is_latin(text: str) -> bool:
    return text.isascii() or all(ord(character) < 256 for character in text)


def captured_by(links: Iterable[Link], names: tuple[str, ...]) -> Iterator[str]:
    """What is captured where, and who sends it, in words."""
    for link in links:
        takers = ", ".join(names[taker] for taker in sorted(set(link.takers)))
        yield f"{link.name}, from {names[link.giver]} ({link.found.expression}), sent by {takers}"
