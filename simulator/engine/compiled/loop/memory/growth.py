"""What grows in the memory of the compiled engine: which events stay, and stations of more instances."""

from __future__ import annotations

import numpy as np

from simulator.engine.compiled.limits import CLASS_BITS, CLASS_MASK
from simulator.engine.compiled.loop.memory.layout import blocks, cells, stations
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

    state = word(stations.STATE)
    is_his = word(blocks.VISITOR) == visitor
    stands = is_his & (state == blocks.STANDS)
    under_way = is_his & (state == blocks.UNDER_WAY)
    awaited = (word(blocks.TAG) == tag) & (word(blocks.SENT) != UNKNOWN)
    same_job = (word(blocks.JOB_VISITOR) == visitor) & (word(blocks.JOB_TAG) == tag)
    may_stay = (word(blocks.CALLS) == 0) & (word(blocks.LEAVES_AT) >= at)
    open_session = (under_way | is_his & (state == blocks.ENDED)) & (word(blocks.UNTIL) != UNKNOWN)
    by_minute = memory[cells.RELEASE_KIND] == cells.BY_MINUTE
    hopes = {
        TIMEOUT: under_way & awaited,
        COMPLETION: same_job & (state == blocks.RUNS_NOW),
        PATIENCE: stands | is_his & (state == blocks.CALLED),
        REFRESH: stands & may_stay,
        REFERRAL: stands & may_stay,
        TOKEN: word(stations.TOKEN_AT) == at,
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
    old = int(memory[station + stations.INSTANCES])
    new = old + max(old, int(memory[cells.SHORT_BY]))
    sample = memory[memory[station + stations.FIRST_INSTANCE] :][: stations.INSTANCE_SIZE]
    instances = np.zeros((new - old, stations.INSTANCE_SIZE), np.int64)
    for word in (stations.OF_STATION, stations.SERVERS, stations.ROOM, stations.CORES):
        instances[:, word] = sample[word]
    instances[:, stations.STATE] = stations.GONE
    instances[:, stations.INDEX] = np.arange(old, new)
    instances[:, stations.STARTS] = -1
    instances[:, [stations.FAILS_AT, stations.TOKEN_AT]] = UNKNOWN
    addresses = first + stations.INSTANCE_SIZE * np.arange(new - old)
    index_list = table(memory, station + stations.INSTANCE_LIST, old)
    indexes = table(memory, station + stations.UP_INDEXES, old)
    tables = [instances.ravel(), np.append(index_list, addresses), np.append(indexes, addresses)]
    lists = [stations.INSTANCE_LIST, stations.UP_INDEXES]
    if memory[station + stations.LOADS] != 0:
        tables.append(larger_tree(memory, station, old, new))
        lists.append(stations.LOADS)
    at = first + instances.size
    for cell, words in zip(lists, tables[1:], strict=True):
        memory[station + cell] = at
        at += len(words)
    memory[station + stations.INSTANCES] = new
    return np.concatenate(tables)


def table(memory: Ints, cell: int, size: int) -> Ints:
    return memory[memory[cell] :][:size]


def larger_tree(memory: Ints, station: int, old: int, new: int) -> Ints:
    """The loads of instances, in a tree that has leaves for more of them."""
    loads = table(memory, station + stations.LOADS, 2 * int(memory[station + stations.LEAVES]))
    leaves = 1 << (new - 1).bit_length()
    tree = np.full(2 * leaves, FOREVER)
    tree[leaves : leaves + old] = loads[len(loads) // 2 :][:old]
    for node in reversed(range(1, leaves)):
        tree[node] = min(tree[2 * node], tree[2 * node + 1])
    memory[station + stations.LEAVES] = leaves
    return tree
