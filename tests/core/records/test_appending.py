"""The growing end of a log: what is appended, put, given back and committed, against plain lists."""

import os
import sqlite3
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.whole import merkle_root

from chibox.errors import Fatal, NotFound
from chibox.records import log
from chibox.records.appending import LogWriter
from chibox.records.log import LogReader
from chibox.records.merkle import leaf_hash, root_of
from chibox.records.notes import Signer
from chibox.records.tiles import WIDTH, Bundle, Tile, parse_bundle, tiles_of

SIGNER = Signer("demo.a/log/1", bytes(range(32)))
SALT = bytes(32)


def opened() -> LogWriter:
    """An empty log in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in log.SCHEMA:
        connection.execute(statement)
    return LogWriter(connection)


def parts(number: int, *names: str) -> dict[str, tuple[bytes, bytes]]:
    """Parts of those names."""
    return {name: (SALT, f"{name} {number}".encode()) for name in names}


def commit(writer: LogWriter) -> None:
    """What the box does around a batch."""
    writer.connection.execute("BEGIN")
    writer.flush()
    head = writer.seal([SIGNER])
    writer.connection.execute("COMMIT")
    writer.committed(head)


class Lists:
    """The same log as two plain lists; `parts` of an entry are replaced as a whole."""

    def __init__(self) -> None:
        self.entries: list[bytes] = []
        self.parts: list[dict[str, tuple[bytes, bytes]]] = []
        self.made = 0

    def append(self, writer: LogWriter, count: int) -> None:
        """So many entries, each unlike any other."""
        for _ in range(count):
            self.made += 1
            self.entries.append(f"entry {self.made}".encode())
            self.parts.append(parts(self.made, "body", *(("file",) if self.made % 5 == 0 else ())))
            assert writer.append(self.entries[-1], self.parts[-1]) == len(self.entries) - 1

    def put(self, writer: LogWriter, place: float, *, gone: bool) -> None:
        """An erasure or a late part somewhere."""
        if self.entries:
            position = int(place * len(self.entries))
            self.parts[position] = {} if gone else parts(-position, "body")
            if gone:
                writer.drop(position)
            else:
                writer.put_parts(position, self.parts[position])

    def copy(self) -> "Lists":
        """As they stand."""
        other = Lists()
        other.entries, other.parts, other.made = self.entries.copy(), self.parts.copy(), self.made
        return other

    def check(self, writer: LogWriter) -> None:
        """The writer holds what the lists hold."""
        size = len(self.entries)
        assert writer.size == size
        looked = {0, 1, 254, 255, 256, 257, 511, 512, size // 2, size - 2, size - 1} & set(range(size))
        for position in looked:
            assert writer.entry(position) == self.entries[position]
            assert {n: tuple(p) for n, p in writer.parts(position).items()} == self.parts[position]
        with pytest.raises(NotFound):
            writer.entry(size)


STEP = st.one_of(
    st.tuples(st.just("append"), st.sampled_from((1, 2, 90, 255, 256, 300))),
    st.tuples(st.just("erase"), st.floats(0, 0.999)),
    st.tuples(st.just("late"), st.floats(0, 0.999)),
    st.tuples(st.sampled_from(("commit", "fail", "fail behind the flush", "job", "job fails", "reopen")), st.just(0)),
)


@given(steps=st.lists(STEP, min_size=5, max_size=25))
@settings(max_examples=400 if os.environ.get("CHIBOX_LONG") else 60, deadline=None)
def test_whatever_fails_the_log_is_that_of_the_commits(steps: list[tuple[str, Any]]) -> None:
    """Appends, erasures, late parts, failed batches and jobs, failures between writing and signing, restarts."""
    writer, now = opened(), Lists()
    committed, batch, job = now.copy(), writer.mark(), (writer.mark(), now.copy())
    for what, how in steps:
        if what == "append":
            now.append(writer, how)
        elif what in ("erase", "late"):
            now.put(writer, how, gone=what == "erase")
        elif what == "commit":
            commit(writer)
            committed, batch, job = now.copy(), writer.mark(), (writer.mark(), now.copy())
        elif what == "job":
            job = (writer.mark(), now.copy())
        elif what == "job fails":
            writer.restore(job[0])
            now = job[1].copy()
        elif what == "fail":
            writer.restore(batch)
            now = committed.copy()
        elif what == "fail behind the flush":
            writer.connection.execute("BEGIN")
            writer.flush()
            writer.connection.execute("ROLLBACK")
            writer.restore(batch)
            now = committed.copy()
        else:
            writer, now = LogWriter(writer.connection), committed.copy()
            batch, job = writer.mark(), (writer.mark(), now.copy())
        now.check(writer)
    commit(writer)
    assert writer.head is not None
    assert writer.head.root == merkle_root(now.entries)
    now.check(LogWriter(writer.connection))


class Generations:
    """Closed generations as plain lists: what each held when it ended, less what was erased since from what it shares."""

    def __init__(self) -> None:
        self.closed: list[tuple[Lists, int]] = []

    def close(self, writer: LogWriter, now: Lists, shared: int) -> Lists:
        """The next generation goes on over the first `shared` entries; returns it."""
        self.closed.append((now.copy(), shared))
        writer.connection.execute("BEGIN")
        writer.go_on(writer.generation + 1, shared, merkle_root(now.entries[:shared]), "key")
        following = now.copy()
        del following.entries[shared:], following.parts[shared:]
        return following

    def erase(self, place: float, now: Lists) -> None:
        """An erasure reaches every generation that has the entry."""
        position = int(place * len(now.entries))
        for number, (held, _) in enumerate(self.closed):
            if position < min((shared for _, shared in self.closed[number:])):
                held.parts[position] = {}

    def check(self, writer: LogWriter) -> None:
        """Each closed generation reads as it was, tiles and bundles too."""
        for number, (held, _) in enumerate(self.closed, 1):
            reader = LogReader(writer.connection, 1, number)
            size = len(held.entries)
            assert reader.head().size == size
            assert [entry for _, entry, _ in reader.entries(0, size)] == held.entries
            assert [{n: tuple(p) for n, p in some.items()} for _, _, some in reader.entries(0, size)] == held.parts
            hashes = list(map(leaf_hash, held.entries))
            for tile in tiles_of(size):
                span, first = WIDTH**tile.level, tile.n * WIDTH
                wanted = [root_of(hashes[n * span : (n + 1) * span]) for n in range(first, first + tile.width)]
                assert reader.tile(tile) == b"".join(wanted)


GENERATION_STEP = st.one_of(
    st.tuples(st.just("append"), st.sampled_from((1, 90, 255, 256, 600))),
    st.tuples(st.just("erase"), st.floats(0, 0.999)),
    st.tuples(st.sampled_from(("go on", "go on and fail")), st.floats(0, 1)),
    st.tuples(st.sampled_from(("commit", "reopen")), st.just(0.0)),
)


@given(steps=st.lists(GENERATION_STEP, min_size=4, max_size=20))
@settings(max_examples=400 if os.environ.get("CHIBOX_LONG") else 50, deadline=None)
def test_generations_share_what_they_share_and_keep_what_they_had(steps: list[tuple[str, Any]]) -> None:
    """Whatever is appended, erased and closed: every generation reads as plain lists say, an erased part is in none."""
    writer, now, past = opened(), Lists(), Generations()
    now.append(writer, 3)
    commit(writer)
    for what, how in steps:
        if what == "append":
            now.append(writer, how)
        elif what == "erase":
            past.erase(how, now)
            now.put(writer, how, gone=True)
        commit(writer)
        if what == "go on":
            now = past.close(writer, now, int(how * len(now.entries)))
            now.append(writer, 1)
            writer.flush()
            head = writer.seal([SIGNER])
            writer.connection.execute("COMMIT")
            writer.committed(head)
        elif what == "go on and fail":
            mark = writer.mark()
            Generations().close(writer, now, int(how * len(now.entries)))
            writer.append(b"lost", {})
            writer.flush()
            writer.connection.execute("ROLLBACK")
            writer.restore(mark)
        elif what == "reopen":
            writer = LogWriter(writer.connection)
        now.check(writer)
    past.check(writer)
    now.check(LogWriter(writer.connection))


@pytest.mark.parametrize("size", [0, 1, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 70_000])
def test_tiles_and_bundles_at_the_edges(size: int) -> None:
    """Every tile that the size asks for is there and right, and a restart recomputes the right edge from them."""
    writer = opened()
    entries = [n.to_bytes(3, "big") for n in range(size)]
    for start in range(0, size, 1000):
        for entry in entries[start : start + 1000]:
            writer.append(entry, {})
        commit(writer)
    again = LogWriter(writer.connection)
    hashes = list(map(leaf_hash, entries))
    assert (again.size, again.frontier.root()) == (size, root_of(hashes))
    reader = LogReader(writer.connection)
    for tile in tiles_of(size):
        span = WIDTH**tile.level
        first = tile.n * WIDTH
        expected = [root_of(hashes[n * span : (n + 1) * span]) for n in range(first, first + tile.width)]
        assert reader.tile(tile) == b"".join(expected)
    if size:
        last = divmod(size - 1, WIDTH)
        assert parse_bundle(reader.bundle(Bundle(last[0], last[1] + 1)), last[1] + 1)[-1] == entries[-1]


@pytest.mark.parametrize("table", ["log_tail", "log_tile", "log_head"])
def test_an_end_that_was_changed_is_not_gone_on_from(table: str) -> None:
    """An entry, a hash or the head changed behind the writer's back: nothing is signed over it."""
    writer = opened()
    for n in range(WIDTH + 10):
        writer.append(f"entry {n}".encode(), {})
    commit(writer)
    change = {
        "log_tail": "UPDATE log_tail SET entry=x'00' WHERE position=260",
        "log_tile": "UPDATE log_tile SET hashes=zeroblob(length(hashes)) WHERE level=1",
        "log_head": "UPDATE log_head SET root=zeroblob(32)",
    }[table]
    writer.connection.execute(change)
    with pytest.raises(Fatal, match="not the one that was signed"):
        LogWriter(writer.connection)


def test_a_lost_tail_is_fatal() -> None:
    """A row of the tail that is gone is not passed over."""
    writer = opened()
    for n in range(5):
        writer.append(f"entry {n}".encode(), {})
    commit(writer)
    writer.connection.execute("DELETE FROM log_tail WHERE position=3")
    with pytest.raises((Fatal, NotFound)):
        LogWriter(writer.connection)


def test_a_tile_beyond_the_end_is_not_found() -> None:
    """Neither a wider one than the log has, nor one of a level that it has not reached."""
    writer = opened()
    writer.append(b"entry", {})
    commit(writer)
    for tile in (Tile(0, 0, 2), Tile(0, 1, 1), Tile(1, 0, 1)):
        with pytest.raises(NotFound):
            LogReader(writer.connection).tile(tile)
