"""What a visitor finds in a mail, whatever it was packed in."""

from email.message import EmailMessage

import pytest

from scenarios.mail.letter import MOST_CHARACTERS, Letter
from tests.examples import examples

CODE = r"regex:\b(\d{4,8})\b"
LINK = "css:a.confirm::attr(href)"
HTML = (
    '<html><head><style>p { margin: 1234px }</style></head><body><p>Code: <b>654321</b></p><a class="confirm"'
    ' href="https://x.test/c?a=1&amp;b=2">Confirm</a></body></html>'
)

ONLY_HTML = b"Content-Type: text/html\n\n" + HTML.encode()
KLINGON = b"Content-Type: text/plain; charset=klingon\n\ncode 424242"


def both(encoding: str, charset: str = "utf-8") -> bytes:
    message = EmailMessage()
    message["Subject"] = "Bienvenue à bord"
    message.set_content("Votre code : 123456, à bientôt", cte=encoding, charset=charset)
    message.add_alternative(HTML, subtype="html", cte=encoding)
    message.add_attachment(b"code 999999", maintype="text", subtype="plain", filename="terms.txt")
    return message.as_bytes()


@examples(
    "content, wanted, value",
    ("quoted-printable", both("quoted-printable"), CODE, "123456"),
    ("base64", both("base64"), CODE, "123456"),
    ("Latin-1", both("quoted-printable", "iso-8859-1"), "regex:à (bient.t)", "bientôt"),
    ("a link of its HTML", both("base64"), LINK, "https://x.test/c?a=1&b=2"),
    ("XPath", both("base64"), "xpath://b/text()", "654321"),
    ("HTML alone, not its style", ONLY_HTML, CODE, "654321"),
    ("a code in the subject", b"Subject: 778899 is your code\n\nHello", CODE, "778899"),
    ("a charset that nobody knows", KLINGON, CODE, "424242"),
    ("no headers", b"\ncode 1234", CODE, "1234"),
    ("nothing of the kind", b"Subject: Hi\n\nHello", CODE, None),
    ("junk", bytes(range(256)), CODE, None),
)  # fmt: skip
def test_what_is_found(content: bytes, wanted: str, value: str | None) -> None:
    assert Letter.of(content).value(wanted) == value


def test_a_large_mail_is_cut() -> None:
    letter = Letter.of(b"\n" + b"x" * (MOST_CHARACTERS + 1) + b" 1234")
    assert (len(letter.text), letter.value(CODE)) == (MOST_CHARACTERS, None)


@pytest.mark.parametrize(
    "output", [b"your code is 1234\n", both("base64").replace(b"123456", b"1234"), HTML.encode()]
)
def test_what_a_command_prints_is_a_mail_or_a_text(output: bytes) -> None:
    assert Letter.printed(output).value(CODE) in ("1234", "123456", "654321")
