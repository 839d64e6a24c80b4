"""Blocks of memory, and the sets that they are kept in: free blocks, lists, ordered sets.

The sets are made of words within the blocks, so they need no room of their own.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.layout import (
    BLOCK_SIZE,
    CHILD,
    FIRST_KEY,
    FREE,
    FREE_BLOCKS,
    NEXT,
    NOBODY,
    PREVIOUS,
    SECOND_KEY,
    STATE,
    THIRD_KEY,
    TOP,
)


@called
def take_block(m: Memory, state: int) -> int:
    """A block that nobody else has; the main loop sees to it that there is one."""
    block = m[FREE]
    if block != 0:
        m[FREE] = m[block + NEXT]
        m[FREE_BLOCKS] -= 1
    else:
        block = m[TOP]
        m[TOP] = block + BLOCK_SIZE
    m[block + STATE] = state
    return block


@called
def give_block(m: Memory, block: int) -> None:
    m[block + STATE] = NOBODY
    m[block + NEXT] = m[FREE]
    m[FREE] = block
    m[FREE_BLOCKS] += 1


# A list: cells ``ends`` and ``ends + 1`` hold its first and its last block -------------------------


@called
def append(m: Memory, ends: int, block: int) -> None:
    last = m[ends + 1]
    m[block + NEXT] = 0
    m[block + PREVIOUS] = last
    m[ends + 1] = block
    if last != 0:
        m[last + NEXT] = block
    else:
        m[ends] = block


@called
def unlink(m: Memory, ends: int, block: int) -> None:
    """Take a block out of its list."""
    before, after = m[block + PREVIOUS], m[block + NEXT]
    if before != 0:
        m[before + NEXT] = after
    else:
        m[ends] = after
    if after != 0:
        m[after + PREVIOUS] = before
    else:
        m[ends + 1] = before


# An ordered set: a pairing heap, of which a cell holds the first block ----------------------------
#
# Source: Fredman, Sedgewick, Sleator and Tarjan 1986, "The pairing heap".


@called
def precedes(m: Memory, a: int, b: int) -> bool:
    """Whether block ``a`` comes before block ``b``: by their three words."""
    if m[a + FIRST_KEY] != m[b + FIRST_KEY]:
        return m[a + FIRST_KEY] < m[b + FIRST_KEY]
    if m[a + SECOND_KEY] != m[b + SECOND_KEY]:
        return m[a + SECOND_KEY] < m[b + SECOND_KEY]
    return m[a + THIRD_KEY] < m[b + THIRD_KEY]


@called
def melded(m: Memory, a: int, b: int) -> int:
    """The first of two sets' first blocks, which the other one now stands under."""
    if a == 0 or b == 0:
        return a + b
    first, other = a, b
    if precedes(m, b, a):
        first, other = b, a
    child = m[first + CHILD]
    m[other + PREVIOUS] = first
    m[other + NEXT] = child
    if child != 0:
        m[child + PREVIOUS] = other
    m[first + CHILD] = other
    return first


@called
def paired(m: Memory, child: int) -> int:
    """The children of one who is gone, melded in pairs and then from the last to the first."""
    pairs = 0
    while child != 0:
        second = m[child + NEXT]
        following = m[second + NEXT] if second != 0 else 0
        both = melded(m, child, second)
        m[both + NEXT] = pairs
        pairs = both
        child = following
    whole = 0
    while pairs != 0:
        following = m[pairs + NEXT]
        whole = melded(m, whole, pairs)
        pairs = following
    return whole


@called
def include(m: Memory, root: int, block: int) -> None:
    """Put a block into the ordered set whose first block is in the cell ``root``."""
    m[block + CHILD] = 0
    m[block + NEXT] = 0
    m[block + PREVIOUS] = 0
    m[root] = melded(m, m[root], block)


@called
def exclude(m: Memory, root: int, block: int) -> None:
    """Take a block out of its ordered set, wherever it stands."""
    below = paired(m, m[block + CHILD])
    if m[root] == block:
        m[root] = below
        return
    before, after = m[block + PREVIOUS], m[block + NEXT]
    if m[before + CHILD] == block:
        m[before + CHILD] = after
    else:
        m[before + NEXT] = after
    if after != 0:
        m[after + PREVIOUS] = before
    m[root] = melded(m, m[root], below)
