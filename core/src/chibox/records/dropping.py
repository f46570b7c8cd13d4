"""Parts that are dropped from the earlier generations of a log as well: the same entry may be stored by more than one."""

import sqlite3
from collections.abc import Collection

from chibox.records.lineage import Lineage
from chibox.records.log import MAX_PARTS, pack, unpack
from chibox.records.parts import encode_parts, parse_parts
from chibox.records.tiles import WIDTH


def drop_earlier(connection: sqlite3.Connection, box: int, lineage: Lineage, positions: Collection[int]) -> None:
    """Drop every part of these entries where an earlier generation that shares them stored them; the caller's transaction."""
    for closed in lineage.closed if positions else ():
        generation = closed.head.generation
        shared = lineage.shared(generation)
        if shared is None:
            continue
        drop_in(connection, box, generation, [position for position in positions if position < shared])


def drop_in(connection: sqlite3.Connection, box: int, generation: int, positions: Collection[int]) -> None:
    """Drop every part of these entries where just this generation stored them; the caller's transaction."""
    connection.executemany(
        "DELETE FROM part_tail WHERE box=? AND generation=? AND position=?",
        [(box, generation, position) for position in positions],
    )
    for n in {position // WIDTH for position in positions}:
        _blank(connection, (box, n, generation), {position % WIDTH for position in positions if position // WIDTH == n})


def _blank(connection: sqlite3.Connection, place: tuple[int, int, int], offsets: Collection[int]) -> None:
    where = "WHERE box=? AND n=? AND generation=?"
    row = connection.execute(f"SELECT digest, data FROM part_bundle {where}", place).fetchone()
    if row is None:
        return
    parts = parse_parts(unpack(row[0], row[1], MAX_PARTS, f"part_bundle {place[1]}"), WIDTH)
    fewer = [{} if offset in offsets else some for offset, some in enumerate(parts)]
    if fewer != parts:
        connection.execute(f"UPDATE part_bundle SET digest=?, data=? {where}", (*pack(encode_parts(fewer)), *place))
