"""The words of a request: what the replay sends, what it expects of the answer, what it takes from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, Strict, WithJsonSchema

from simulator.scenario.words.rehearsal.captures import Capture, Captures, Kind, fault_of
from simulator.scenario.words.terms import Contradiction, Keys, Words
from simulator.text.placeholders import faults_in
from simulator.text.quantities import WrongQuantity

BODILESS = ("GET", "DELETE", "HEAD")
BODIES = ("json_", "form", "multipart", "text")
REDIRECTS = (301, 302, 303, 307, 308)
MOST_BODY_BYTES = 16 << 20
ANYTHING = "*"
"""What a condition says of a value that may be anything but nothing."""

STATUS = re.compile(r"[1-5]xx|[1-5][0-9][0-9]", re.IGNORECASE)
HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
OURS = ("host", "content-length", "transfer-encoding", "connection", "accept-encoding")
"""Headers that speak of the connection: whoever sends writes them."""

UrlOrPath = Annotated[str, Field(pattern=r"^(/|\$\{)[!-\"$-~]*$")]
Scalar = Annotated[str, Strict()] | Annotated[bool, Strict()] | Annotated[int, Strict()] | float


def statuses(value: object) -> object:
    """Each as three characters: 201, or "2xx". Raises WrongQuantity."""
    entries = value if isinstance(value, list | tuple) else (value,)
    found = [str(entry).lower() for entry in entries]
    for entry, text in zip(entries, found, strict=True):
        if isinstance(entry, bool) or not STATUS.fullmatch(text):
            raise WrongQuantity(f'"{text}" is not a status', 'write [201], or ["2xx", 409]')
    return tuple(found)


Statuses = Annotated[
    tuple[str, ...],
    BeforeValidator(statuses),
    WithJsonSchema(
        {"type": "array", "items": {"type": ["integer", "string"]}, "examples": [[201], ["2xx"]]}
    ),
]


def sendable_headers(headers: dict[str, str]) -> dict[str, str]:
    """Raises WrongQuantity for what no header can be."""
    for name, value in headers.items():
        if not HEADER.fullmatch(name):
            raise WrongQuantity(f'"{name}" is not the name of a header', "letters, digits and -")
        if name.lower() in OURS:
            raise WrongQuantity(f'"{name}" belongs to the connection', "leave it out")
        if any(not (character >= " " or character == "\t") for character in value):
            raise WrongQuantity(f'"{name}" has a control character', "write it on one line")
    return headers


Headers = Annotated[dict[str, str], AfterValidator(sendable_headers)]


class Expect(Words):
    """What an answer must be to count as a success; what is not expected has failed."""

    status: Statuses = ()
    """Which statuses: [201], or ["2xx", 409]. Without it 2xx, or a redirect where that is expected."""
    json_: dict[str, Any] = Field(default_factory=dict)
    """What its JSON holds, by JMESPath: { "data.ok" = true, "data.id" = "*" }; "*" is anything but
    nothing."""
    text: Keys = ()
    """What stands in it: "Welcome", or a list of which all must."""
    no_text: Keys = ()
    """What must not stand in it: "already registered", as of a form that is shown again."""
    header: dict[str, str] = Field(default_factory=dict)
    """What stands in its headers: { Location = "/welcome" }; "*" is anything."""

    @property
    def looks_inside(self) -> bool:
        """Whether more is asked of an answer than its status."""
        return bool(self.json_ or self.text or self.no_text or self.header)

    @property
    def texts(self) -> list[Any]:
        """Everything that may hold placeholders."""
        return [self.json_, self.text, self.no_text, self.header]

    def allows(self, status: int) -> bool:
        """Whether a status is one of those that are named."""
        return str(status) in self.status or f"{status // 100}xx" in self.status

    def contradictions(self) -> Iterator[Contradiction]:
        for path in self.json_:
            if fault_of(Capture(Kind.JSON, path)):
                problem = f'"{path}" is not JMESPath (it cannot be read)'
                yield Contradiction("json", problem, "write data.id, or items[0].id")


class Part(Words):
    """A file of a multipart form, made up."""

    filename: str = "file.bin"
    type: str = "application/octet-stream"
    """Its content type."""
    text: str | None = None
    """What is in it."""
    size_bytes: Annotated[int, Strict(), Field(ge=0, le=MOST_BODY_BYTES)] | None = None
    """Or so many bytes, made up: an upload of that size."""

    def contradictions(self) -> Iterator[Contradiction]:
        if (self.text is None) == (self.size_bytes is None):
            yield Contradiction("", "needs one of text and size_bytes", "write size_bytes = 200000")


class Request(Words):
    """What the replay sends for a step.

    ``${email}``, ``${password}``, ``${visitor}`` and ``${run}`` are the visitor's own; ``${ticket}`` is by
    which the line knows him; ``${name}`` is what an earlier step of the journey captured;
    ``${data.column}`` is of his row of [data], ``${env.NAME}`` a secret of the environment, ``${mail.code}``
    what a mail told him. ``$${`` writes the two characters themselves.
    """

    method: Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] = "POST"
    path: UrlOrPath
    """From the target's root: /signup; or a captured address: ${next}."""
    query: dict[str, Scalar | tuple[Scalar, ...]] = Field(default_factory=dict)
    """What is asked for behind the ?: { page = 2 }."""
    headers: Headers = Field(default_factory=dict)
    """Beside those of [replay]: { Authorization = "Bearer ${token}" }."""
    json_: Any = None
    """The body, as JSON: { email = "${email}" }."""
    form: dict[str, Scalar | tuple[Scalar, ...]] | None = None
    """The body, as a form of a web page: { csrf = "${csrf}", email = "${email}" }."""
    multipart: dict[str, Scalar | Part] | None = None
    """The body, as a form with files: { name = "${visitor}", photo = { size_bytes = 200000 } }."""
    text: str | None = None
    """The body, as it is; its Content-Type is text/plain unless headers say another."""
    expect: Expect = Expect()
    """What an answer must be to count as a success."""
    redirects: Literal["follow", "expect"] | None = None
    """What a redirect means: follow it, and judge what it leads to; or expect it, as forms answer a
    success. Without the word, a redirect is a failure that says so."""
    capture: Captures = Field(default_factory=dict)
    """What later steps need of the answer: { token = "json:access_token", csrf =
    "css:input[name=csrf]::attr(value)", code = "regex:code is (\\d+)", next = "header:Location" }."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def __hash__(self) -> int:
        return hash(str(self))

    @property
    def is_bare(self) -> bool:
        """Whether only method and path are said, so that the body is the reference protocol's."""
        return self.model_fields_set <= {"method", "path"}

    @property
    def sends_a_form(self) -> bool:
        """Whether it is what a browser sends, which is answered with a page."""
        return self.form is not None or self.multipart is not None

    @property
    def texts(self) -> list[Any]:
        """Everything that may hold placeholders and is sent."""
        return [
            self.path, self.query, self.headers, self.json_, self.form, self.text,
            [_texts_of(part) for part in (self.multipart or {}).values()],
        ]  # fmt: skip

    def contradictions(self) -> Iterator[Contradiction]:
        said = [word for word in BODIES if getattr(self, word) is not None]
        if len(said) > 1:
            named = " and ".join(word.rstrip("_") for word in said)
            yield Contradiction("", f"has more than one body: {named}", "keep one of them")
        if said and self.method in BODILESS:
            problem = f"has a body, which no {self.method} has"
            yield Contradiction(said[0].rstrip("_"), problem, 'write method = "POST"')
        if self.redirects == "expect" and any(
            not (status.startswith("3")) for status in self.expect.status
        ):
            problem = "expects a redirect, and expect.status another answer"
            yield Contradiction("redirects", problem, "leave one of them out")
        for problem, remedy in faults_in([*self.texts, *self.expect.texts]):
            yield Contradiction("", problem, remedy)


def _texts_of(part: Scalar | Part) -> Any:
    return [part.text, part.filename] if isinstance(part, Part) else part
