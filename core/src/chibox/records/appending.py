"""The growing end of a log: what its one writer holds in memory between two commits, and how it reaches the database."""

import sqlite3
from collections.abc import Sequence

from chibox.errors import Fatal, NotFound
from chibox.records.checkpoints import Checkpoint
from chibox.records.dropping import drop_earlier
from chibox.records.lineage import Closed, Head
from chibox.records.log import UPPER, LogReader, pack
from chibox.records.merkle import Frontier, leaf_hash, root_of
from chibox.records.notes import Signer, sign
from chibox.records.parts import encode_parts
from chibox.records.pending import Mark, Parts
from chibox.records.tiles import WIDTH, encode_bundle


class LogWriter:
    """Appends to one box's log in memory; `flush` and `seal` put it into the caller's transaction.

    Nothing reaches the database before `flush`, nothing is signed before `seal`. A crash before the caller's COMMIT leaves the
    log as the last commit left it; the next start reads it and recomputes the right edge.
    """

    def __init__(self, connection: sqlite3.Connection, box: int = 1) -> None:
        self.connection = connection
        self.box = box
        self.reader = LogReader(connection, box)
        self.generation = 1
        self.head: Head | None = None
        self._fresh: dict[int, tuple[list[bytes], list[Parts]]] = {}
        self._rewritten: dict[int, list[Parts]] = {}  # stored bundles of parts that are others now
        self._dropped: set[int] = set()  # positions whose parts are to go from earlier generations too
        self._late: set[int] = set()
        self._bundle_rows: list[tuple[object, ...]] = []
        self._part_rows: list[tuple[object, ...]] = []
        self._tile_rows: list[tuple[object, ...]] = []
        self._levels: list[list[bytes]] = [[] for _ in range(UPPER + 1)]
        self._tail: list[bytes] = []
        self._hashes: list[bytes] = []
        self._parts: list[Parts] = []
        self._full = 0
        self._stored = 0
        self.last_time = 0
        self.frontier = Frontier()
        self._load()

    @property
    def size(self) -> int:
        """The number of entries, appended ones included."""
        return self.frontier.size

    def append(self, entry: bytes, parts: Parts) -> int:
        """Take the next entry and its parts; returns its position."""
        hashed = leaf_hash(entry)
        position = self.frontier.size
        self.frontier.append(hashed)
        self._tail.append(entry)
        self._hashes.append(hashed)
        self._parts.append(parts)
        if len(self._tail) == WIDTH:
            self._complete()
        return position

    def entry(self, position: int) -> bytes:
        """The envelope at `position`, from memory or from the database. Raises NotFound beyond the end."""
        n, offset = divmod(position, WIDTH)
        if n == self._full:
            if offset >= len(self._tail):
                raise NotFound("there is no entry {position}", position=position)
            return self._tail[offset]
        if (fresh := self._fresh.get(n)) is not None:
            return fresh[0][offset]
        return self.reader.entry(position)

    def parts(self, position: int) -> Parts:
        """The parts at `position` that are here."""
        n, offset = divmod(position, WIDTH)
        if n == self._full:
            return self._parts[offset] if offset < len(self._parts) else {}
        if (fresh := self._fresh.get(n)) is not None:
            return fresh[1][offset]
        rewritten = self._rewritten.get(n)
        return self.reader.parts(position) if rewritten is None else rewritten[offset]

    def body(self, position: int) -> bytes | None:
        """The bytes of the part `body` at `position`; None when it was withheld or erased."""
        part = self.parts(position).get("body")
        return None if part is None else part[1]

    def drop(self, position: int) -> None:
        """Every part of an earlier entry is gone from here, in every generation that has the entry."""
        self.put_parts(position, {})
        self._dropped.add(position)

    def put_parts(self, position: int, parts: Parts) -> None:
        """Set what parts of an earlier entry are here: an erasure passes fewer, a late part more. The caller checked them."""
        n, offset = divmod(position, WIDTH)
        if n == self._full:
            self._parts[offset] = parts
            self._late.add(position)
            return
        if (fresh := self._fresh.get(n)) is not None:
            changed = [*fresh[1][:offset], parts, *fresh[1][offset + 1 :]]  # a `Mark` holds the list as it was
            self._fresh[n] = (fresh[0], changed)
            at = next(i for i, row in enumerate(self._part_rows) if row[2] == n)
            self._part_rows[at] = (self.box, self.generation, n, *pack(encode_parts(changed)))
            return
        some = self._rewritten.get(n) or [self.reader.parts(p) for p in range(n * WIDTH, (n + 1) * WIDTH)]
        self._rewritten[n] = [*some[:offset], parts, *some[offset + 1 :]]

    def mark(self) -> Mark:
        """What `restore` needs to forget everything appended from here on."""
        return Mark(
            self.frontier.snapshot(),
            self.last_time,
            self._tail.copy(),
            self._hashes.copy(),
            self._parts.copy(),
            [level.copy() for level in self._levels],
            self._full,
            self._fresh.copy(),
            self._rewritten.copy(),
            self._part_rows.copy(),
            (len(self._bundle_rows), len(self._tile_rows)),
            self._dropped.copy(),
            (self.generation, self._stored, self.head),
        )

    def restore(self, mark: Mark) -> None:
        """Forget what was appended and put since `mark`; the caller rolls the database back."""
        self.reader.forget()
        self.frontier = Frontier(*mark.tree)
        self.last_time = mark.last_time
        self._tail, self._hashes, self._parts = mark.tail.copy(), mark.hashes.copy(), mark.parts.copy()
        self._levels = [level.copy() for level in mark.levels]
        self._full, self._fresh, self._rewritten = mark.full, mark.fresh.copy(), mark.rewritten.copy()
        self._part_rows, self._dropped = mark.part_rows.copy(), mark.dropped.copy()
        self.generation, self._stored, self.head = mark.place
        for rows, kept in zip((self._bundle_rows, self._tile_rows), mark.rows, strict=True):
            del rows[kept:]

    def flush(self) -> None:
        """Write what was appended and put into the open transaction."""
        run, box, generation, stored = self.connection, self.box, self.generation, self._stored
        if self._bundle_rows:
            run.executemany("INSERT INTO log_bundle VALUES(?,?,?,?,?)", self._bundle_rows)
            run.executemany("INSERT INTO part_bundle VALUES(?,?,?,?,?)", self._part_rows)
            run.executemany("INSERT OR REPLACE INTO log_tile VALUES(?,?,?,?,?)", self._tile_rows)
            begin = self._full * WIDTH
            run.execute("DELETE FROM log_tail WHERE box=? AND position<? AND generation=?", (box, begin, generation))
            run.execute("DELETE FROM part_tail WHERE box=? AND position<? AND generation=?", (box, begin, generation))
            stored = max(stored, begin)
        for n, parts in self._rewritten.items():
            self._rewrite(n, parts)
        first = self._full * WIDTH
        new = range(max(stored - first, 0), len(self._tail))
        for position in sorted(p for p in self._late if first <= p < stored):
            run.execute(
                "DELETE FROM part_tail WHERE box=? AND position=? AND generation=?", (box, position, generation)
            )
            self._insert_parts([position - first])
        drop_earlier(run, box, self.reader.lineage, self._dropped)
        run.executemany(
            "INSERT INTO log_tail VALUES(?,?,?,?)", [(box, generation, first + i, self._tail[i]) for i in new]
        )
        self._insert_parts(new)

    def go_on(self, generation: int, shared: int, root: bytes, key: str) -> None:
        """Begin a later generation over the first `shared` entries, inside the caller's transaction; nothing is pending.

        The generation until now keeps what it stored, under its signed head and the `key` that signed it (base64). Raises Fatal
        when those entries do not lead to `root`: the caller rolls back.
        """
        assert self.head is not None
        assert self.size == self.head.size >= shared
        begin = shared // WIDTH * WIDTH
        kept = [(self.entry(position), self.parts(position)) for position in range(begin, shared)]
        run, closed = self.connection, Closed(self.head, key, shared)
        run.execute("INSERT INTO log_old VALUES(?,?,?,?,?,?,?,?)", (self.box, *self.head, key, shared))
        assert generation > self.generation
        self.generation = generation
        self.reader.follow(self.reader.lineage.then(generation, closed))
        self._tail, self._parts = [entry for entry, _ in kept], [parts for _, parts in kept]
        self._hashes = list(map(leaf_hash, self._tail))
        self._full, self._stored = shared // WIDTH, begin
        self._levels = self.reader.edges(self._full)
        self.frontier = self._rebuilt()
        if self.frontier.root() != root:
            raise Fatal("the beginning of the log is not the one that was signed")

    def seal(self, signers: Sequence[Signer]) -> Head:
        """Sign the tree as it stands, by every signer in turn, and write the head into the open transaction."""
        root = self.frontier.root()
        note = sign(Checkpoint(signers[0].verifier.name, self.size, root).text(), signers)
        return self.put_head(root, note)

    def put_head(self, root: bytes, note: bytes) -> Head:
        """Write a signed head (its own, or a child's as it came) into the open transaction."""
        head = Head(self.generation, self.size, root, note, self.last_time)
        self.connection.execute("INSERT OR REPLACE INTO log_head VALUES(?,?,?,?,?,?)", (self.box, *head))
        return head

    def committed(self, head: Head) -> None:
        """The transaction is durable: what was pending is stored."""
        self.head = head
        self._stored = self.size
        if self._rewritten:
            self.reader.forget()  # it remembers parts as they were
        self._fresh.clear()
        self._rewritten.clear()
        self._dropped.clear()
        self._late.clear()
        self._bundle_rows.clear()
        self._part_rows.clear()
        self._tile_rows.clear()

    def _rewrite(self, n: int, parts: list[Parts]) -> None:
        """A stored bundle of parts is another now, in the row where it stands."""
        row = self.reader.stored("part_bundle", n)
        assert row is not None
        self.connection.execute(
            "UPDATE part_bundle SET digest=?, data=? WHERE box=? AND n=? AND generation=?",
            (*pack(encode_parts(parts)), self.box, n, row[0]),
        )

    def _insert_parts(self, offsets: range | list[int]) -> None:
        first = self._full * WIDTH
        self.connection.executemany(
            "INSERT INTO part_tail VALUES(?,?,?,?,?,?)",
            [
                (self.box, self.generation, first + i, name, part[0], part[1])
                for i in offsets
                for name, part in self._parts[i].items()
            ],
        )

    def _complete(self) -> None:
        """The tail is a full bundle: it becomes rows to write, and its tile's root climbs the levels above."""
        box, generation, n = self.box, self.generation, self._full
        self._fresh[n] = (self._tail, self._parts)
        self._bundle_rows.append((box, generation, n, *pack(encode_bundle(self._tail))))
        self._part_rows.append((box, generation, n, *pack(encode_parts(self._parts))))
        self._tile_rows.append((box, generation, 0, n, b"".join(self._hashes)))
        climbing = root_of(self._hashes)
        for level in range(1, UPPER + 1):
            n, offset = divmod(n, WIDTH)
            hashes = self._levels[level]
            hashes.append(climbing)
            self._tile_rows.append((box, generation, level, n, b"".join(hashes)))
            if offset != WIDTH - 1:
                break
            climbing = root_of(hashes)
            hashes.clear()
        self._full += 1
        self._tail, self._hashes, self._parts = [], [], []

    def _load(self) -> None:
        """Read the right edge, recompute the root from stored bytes, and hold it against the signed head.

        Raises Fatal when they differ: the log was changed behind the writer's back, and nothing may be signed over it.
        """
        row = self.connection.execute("SELECT 1 FROM log_head WHERE box=?", (self.box,)).fetchone()
        if row is None:
            return
        head = self.head = self.reader.head()
        self.generation, self.last_time = head.generation, head.last_time
        self._full, width = divmod(head.size, WIDTH)
        self._stored = head.size
        for position in range(self._full * WIDTH, head.size):
            self._tail.append(self.reader.entry(position))
            self._parts.append(dict(self.reader.parts(position)))
        self._hashes = [leaf_hash(entry) for entry in self._tail]
        try:
            self._levels = self.reader.edges(self._full)
        except NotFound:
            raise Fatal("the end of the log is not the one that was signed") from None
        self.frontier = self._rebuilt()
        if len(self._tail) != width or self.frontier.size != head.size or self.frontier.root() != head.root:
            raise Fatal("the end of the log is not the one that was signed")

    def _rebuilt(self) -> Frontier:
        peaks: list[bytes] = []
        for hashes in (*reversed(self._levels[1:]), self._hashes):
            edge = Frontier()
            edge.extend(hashes)
            peaks += edge.snapshot()[1]
        return Frontier(self._full * WIDTH + len(self._tail), peaks)
