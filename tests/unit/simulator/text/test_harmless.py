"""Whatever a stranger writes, a terminal shows as letters, on the line on which it stands."""

from simulator.text.harmless import harmless, harmless_lines
from tests.examples import examples


@examples("text,shown",
    ("plain", "naïve 日本 \u200dשלום", "naïve 日本 \u200dשלום"),
    ("a title for the window", "\x1b]0;x\x07", r"\x1b]0;x\x07"),
    ("in one byte", "\x9b2J", r"\x9b2J"),
    ("another line", "a\nb\rc\td", r"a\nb\rc\td"),
    ("another line by its name", "a\u2028b\u2029c\x85d", r"a\u2028b\u2029c\x85d"),
    ("turned", "\u202eab\u202c \u2066c\u2069 \u200f\u061c", r"\u202eab\u202c \u2066c\u2069 \u200f\u061c"),
)  # fmt: skip
def test_what_controls_is_told_by_its_name(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_lines_stay_lines() -> None:
    assert harmless_lines("a\n\x1bb\n") == "a\n\\x1bb\n"
