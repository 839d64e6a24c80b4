"""A body is unpacked in small steps, and never beyond its bound."""

import gzip
import tracemalloc

import brotli
import pytest

from scenarios.http.answers.content import KEPT_BYTES, MOST_BYTES, STEP_BYTES, BadContent, Content
from tests.examples import examples

BOMB = bytes(48 << 20)
PART = 1000


def add(content: Content, packed: bytes, size: int) -> None:
    for at in range(0, len(packed), size):
        content.add(packed[at : at + size])


@examples("coding, packed",
    ("gzip", "gzip", gzip.compress(BOMB, 1)),
    ("brotli", "br", brotli.compress(BOMB, quality=1)),
    ("gzip twice", "gzip, gzip", gzip.compress(gzip.compress(BOMB, 1))),
    ("mixed", "gzip, br", brotli.compress(gzip.compress(BOMB, 1), quality=1)),
)  # fmt: skip
def test_a_bomb_is_cut_at_the_bound(coding: str, packed: bytes) -> None:
    """What it may take: what is kept (twice while it grows), the parts, and each coding's window."""
    rests = 0

    def rest() -> None:
        nonlocal rests
        rests += 1

    content = Content([coding], rest)
    tracemalloc.start()
    with pytest.raises(BadContent, match="more than 16 MiB"):
        add(content, packed, PART)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    # brotli gives its blocks of 32 and 64 KiB whole.
    assert MOST_BYTES < content.n_bytes <= MOST_BYTES + 2 * STEP_BYTES
    assert len(content.kept) == KEPT_BYTES
    assert peak < 4 * KEPT_BYTES
    assert rests > MOST_BYTES // (2 * STEP_BYTES)


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_it_matters_not_how_it_comes(coding: str, size: int) -> None:
    text = b'{"code": "abc"}' * 50
    packed = gzip.compress(text) if coding == "gzip" else brotli.compress(text)
    content = Content([coding])
    add(content, packed, size)
    content.end()
    assert bytes(content.kept) == text
