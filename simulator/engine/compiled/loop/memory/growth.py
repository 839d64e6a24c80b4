"""What grows in the memory of the compiled engine: which events stay, and stations of more instances."""

from __future__ import annotations

import numpy as np

from simulator.engine.compiled.limits import CLASS_BITS, CLASS_MASK
from simulator.engine.compiled.loop.memory import layout
from simulator.engine.compiled.loop.memory.layout import INSTANCE_SIZE
from simulator.engine.rules import (
    COMPLETION,
    ENTRY,
    PATIENCE,
    REFERRAL,
    REFRESH,
    SESSION,
    TIMEOUT,
    TOKEN,
)
from simulator.outcomes.rows import UNKNOWN
from simulator.units import FOREVER, Ints


def has_future(memory: Ints, events: Ints) -> Ints:
    """Of each event whether it may still mean something; of an unknown kind it does."""
    key, visitor, tag, record = events.T
    at, kind = key >> CLASS_BITS, key & CLASS_MASK

    def word(offset: int) -> Ints:
        found: Ints = memory[np.minimum(record + offset, len(memory) - 1)]
        return found

    state = word(layout.STATE)
    is_his = word(layout.VISITOR) == visitor
    stands = is_his & (state == layout.STANDS)
    under_way = is_his & (state == layout.UNDER_WAY)
    awaited = (word(layout.TAG) == tag) & (word(layout.SENT) != UNKNOWN)
    same_job = (word(layout.JOB_VISITOR) == visitor) & (word(layout.JOB_TAG) == tag)
    may_stay = (word(layout.CALLS) == 0) & (word(layout.LEAVES_AT) >= at)
    open_session = (under_way | is_his & (state == layout.ENDED)) & (word(layout.UNTIL) != UNKNOWN)
    by_minute = memory[layout.RELEASE_KIND] == layout.BY_MINUTE
    hopes = {
        TIMEOUT: under_way & awaited,
        COMPLETION: same_job & (state == layout.RUNS_NOW),
        PATIENCE: stands | is_his & (state == layout.CALLED),
        REFRESH: stands & may_stay,
        REFERRAL: stands & may_stay,
        TOKEN: word(layout.TOKEN_AT) == at,
        SESSION: (record == 0) | open_session,
        ENTRY: stands | (not by_minute),
    }
    future = np.ones(len(events), bool)
    for each, hope in hopes.items():
        future &= hope | (kind != each)
    return future


def larger_station(memory: Ints, station: int, first: int) -> Ints:
    """Twice as many instances, at least: the words to be laid down at ``first``.

    New instances, none of them up, then the tables by index that are too short now; the station is
    told where they are. Instances that are there stay where they are.
    """
    old = int(memory[station + layout.INSTANCES])
    new = old + max(old, int(memory[layout.SHORT_BY]))
    sample = memory[memory[station + layout.FIRST_INSTANCE] :][:INSTANCE_SIZE]
    instances = np.zeros((new - old, INSTANCE_SIZE), np.int64)
    for word in (layout.OF_STATION, layout.SERVERS, layout.ROOM, layout.CORES):
        instances[:, word] = sample[word]
    instances[:, layout.STATE] = layout.GONE
    instances[:, layout.INDEX] = np.arange(old, new)
    instances[:, layout.STARTS] = -1
    instances[:, [layout.FAILS_AT, layout.TOKEN_AT]] = UNKNOWN
    addresses = first + INSTANCE_SIZE * np.arange(new - old)
    index_list = table(memory, station + layout.INSTANCE_LIST, old)
    indexes = table(memory, station + layout.UP_INDEXES, old)
    tables = [instances.ravel(), np.append(index_list, addresses), np.append(indexes, addresses)]
    cells = [layout.INSTANCE_LIST, layout.UP_INDEXES]
    if memory[station + layout.LOADS] != 0:
        tables.append(larger_tree(memory, station, old, new))
        cells.append(layout.LOADS)
    at = first + instances.size
    for cell, words in zip(cells, tables[1:], strict=True):
        memory[station + cell] = at
        at += len(words)
    memory[station + layout.INSTANCES] = new
    return np.concatenate(tables)


def table(memory: Ints, cell: int, size: int) -> Ints:
    return memory[memory[cell] :][:size]


def larger_tree(memory: Ints, station: int, old: int, new: int) -> Ints:
    """The loads of instances, in a tree that has leaves for more of them."""
    loads = table(memory, station + layout.LOADS, 2 * int(memory[station + layout.LEAVES]))
    leaves = 1 << (new - 1).bit_length()
    tree = np.full(2 * leaves, FOREVER)
    tree[leaves : leaves + old] = loads[len(loads) // 2 :][:old]
    for node in reversed(range(1, leaves)):
        tree[node] = min(tree[2 * node], tree[2 * node + 1])
    memory[station + layout.LEAVES] = leaves
    return tree
