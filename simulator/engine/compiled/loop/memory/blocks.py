"""Blocks of memory, and the sets that they are kept in: free blocks, lists, ordered sets.

The sets are made of words within the blocks, so they need no room of their own.
"""

from __future__ import annotations

from simulator.engine.compiled.code import Memory, called
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations


@called
def take_block(m: Memory, state: int) -> int:
    """A block that nobody else has; the main loop sees to it that there is one."""
    block = m[cells.FREE]
    if block != 0:
        m[cells.FREE] = m[block + blocks.NEXT]
        m[cells.FREE_BLOCKS] -= 1
    else:
        block = m[cells.TOP]
        m[cells.TOP] = block + blocks.BLOCK_SIZE
    m[block + stations.STATE] = state
    return block


@called
def give_block(m: Memory, block: int) -> None:
    m[block + stations.STATE] = blocks.NOBODY
    m[block + blocks.NEXT] = m[cells.FREE]
    m[cells.FREE] = block
    m[cells.FREE_BLOCKS] += 1


# A list: cells ``ends`` and ``ends + 1`` hold its first and its last block -------------------------


@called
def append(m: Memory, ends: int, block: int) -> None:
    last = m[ends + 1]
    m[block + blocks.NEXT] = 0
    m[block + blocks.PREVIOUS] = last
    m[ends + 1] = block
    if last != 0:
        m[last + blocks.NEXT] = block
    else:
        m[ends] = block


@called
def unlink(m: Memory, ends: int, block: int) -> None:
    """Take a block out of its list."""
    before, after = m[block + blocks.PREVIOUS], m[block + blocks.NEXT]
    if before != 0:
        m[before + blocks.NEXT] = after
    else:
        m[ends] = after
    if after != 0:
        m[after + blocks.PREVIOUS] = before
    else:
        m[ends + 1] = before


# An ordered set: a pairing heap, of which a cell holds the first block ----------------------------
#
# Source: Fredman, Sedgewick, Sleator and Tarjan 1986, "The pairing heap".


@called
def precedes(m: Memory, a: int, b: int) -> bool:
    """Whether block ``a`` comes before block ``b``: by their three words."""
    if m[a + blocks.FIRST_KEY] != m[b + blocks.FIRST_KEY]:
        return m[a + blocks.FIRST_KEY] < m[b + blocks.FIRST_KEY]
    if m[a + blocks.SECOND_KEY] != m[b + blocks.SECOND_KEY]:
        return m[a + blocks.SECOND_KEY] < m[b + blocks.SECOND_KEY]
    return m[a + blocks.THIRD_KEY] < m[b + blocks.THIRD_KEY]


@called
def melded(m: Memory, a: int, b: int) -> int:
    """The first of two sets' first blocks, which the other one now stands under."""
    if a == 0 or b == 0:
        return a + b
    first, other = a, b
    if precedes(m, b, a):
        first, other = b, a
    child = m[first + blocks.CHILD]
    m[other + blocks.PREVIOUS] = first
    m[other + blocks.NEXT] = child
    if child != 0:
        m[child + blocks.PREVIOUS] = other
    m[first + blocks.CHILD] = other
    return first


@called
def paired(m: Memory, child: int) -> int:
    """The children of one who is gone, melded in pairs and then from the last to the first."""
    pairs = 0
    while child != 0:
        second = m[child + blocks.NEXT]
        following = m[second + blocks.NEXT] if second != 0 else 0
        both = melded(m, child, second)
        m[both + blocks.NEXT] = pairs
        pairs = both
        child = following
    whole = 0
    while pairs != 0:
        following = m[pairs + blocks.NEXT]
        whole = melded(m, whole, pairs)
        pairs = following
    return whole


@called
def include(m: Memory, root: int, block: int) -> None:
    """Put a block into the ordered set whose first block is in the cell ``root``."""
    m[block + blocks.CHILD] = 0
    m[block + blocks.NEXT] = 0
    m[block + blocks.PREVIOUS] = 0
    m[root] = melded(m, m[root], block)


@called
def exclude(m: Memory, root: int, block: int) -> None:
    """Take a block out of its ordered set, wherever it stands."""
    below = paired(m, m[block + blocks.CHILD])
    if m[root] == block:
        m[root] = below
        return
    before, after = m[block + blocks.PREVIOUS], m[block + blocks.NEXT]
    if m[before + blocks.CHILD] == block:
        m[before + blocks.CHILD] = after
    else:
        m[before + blocks.NEXT] = after
    if after != 0:
        m[after + blocks.PREVIOUS] = before
    m[root] = melded(m, m[root], below)
