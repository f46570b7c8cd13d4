"""The drafts of an area as a page or a task sees them: begun, saved, filled with items, dropped."""

import os
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import msgspec

from chibox.drafts.draft import Draft, decoded
from chibox.drafts.file import DraftFile, forget
from chibox.errors import Conflict, NotFound

T = TypeVar("T", bound=msgspec.Struct)
Item = tuple[int, str, T]
DAYS: Final = 30
DAY: Final = 86_400_000
PIECE: Final = 256 << 10  # bytes of a file that stand in one row
_FIELDS: Final = "id, kind, owner, made, changed, until, revision, state"
_OF: Final = "area=? AND (owner=? OR ?) AND (until IS NULL OR until>?)"
_encode: Final = msgspec.json.Encoder().encode


class Drafts:
    """Drafts of one area: a person's own, or everybody's for a task. What a method wrote is durable when it returns.

    A crash inside a method leaves every draft as it was before. What is over, or somebody else's, is not there: NotFound.
    """

    def __init__(
        self, file: DraftFile, area: str, person: str, clock: Callable[[], int], *, everybody: bool = False
    ) -> None:
        self._store, self._area, self._person, self._clock, self._everybody = (
            file.store, area, person, clock, everybody,
        )  # fmt: skip

    def begin(self, kind: str, state: msgspec.Struct, *, days: int | None = DAYS, data: bytes | None = None) -> Draft:
        """A new draft, the person's, over after `days` however often it is saved; None: kept until it is dropped.

        `data`: the file to keep with it; no task sees the draft without.
        """
        now = self._clock()
        until = None if days is None else now + days * DAY
        draft = Draft(os.urandom(16).hex(), kind, self._person, now, now, until, 0, _encode(state))
        with self._store.writing() as run:
            run.execute(
                f"INSERT INTO draft({_FIELDS}, area) VALUES(?,?,?,?,?,?,?,?,?)",
                (*msgspec.structs.astuple(draft), self._area),
            )
            if data is not None:
                _keep(run, self._find(run, draft.id, kind)[0], data)
        return draft

    def get(self, id: str, kind: str) -> Draft:  # noqa: A002 - the word for it
        """The draft. Raises NotFound."""
        with self._store.reading() as run:
            return self._find(run, id, kind)[1]

    def all(self, kind: str) -> list[Draft]:
        """Every draft of that kind that is not over, newest first."""
        with self._store.reading() as run:
            rows = run.execute(
                f"SELECT {_FIELDS} FROM draft WHERE kind=? AND {_OF} ORDER BY no DESC", (kind, *self._mine())
            )
            return [Draft(*row) for row in rows]

    def save(self, draft: Draft, state: msgspec.Struct) -> Draft:
        """The draft with another state. Raises Conflict when another page or a task has saved it since it was read, NotFound."""
        with self._changing(draft) as (run, no, found):
            if found.revision != draft.revision:
                raise Conflict("This was changed on another page meanwhile; open it again.")
            saved = msgspec.structs.replace(
                found, text=_encode(state), revision=found.revision + 1, changed=self._clock()
            )
            run.execute("UPDATE draft SET state=?, revision=? WHERE no=?", (saved.text, saved.revision, no))
        return saved

    def drop(self, draft: Draft) -> None:
        """Throw the draft away with all that belongs to it. Raises NotFound."""
        with self._store.writing() as run:
            forget(run, self._find(run, draft.id, draft.kind)[0])

    def put(self, draft: Draft, items: Iterable[Item[Any]]) -> None:
        """Write items (number, tag, item), all or none; they replace those of the same numbers. The revision stays.

        `items` is read to its end before the file is taken. Raises NotFound.
        """
        rows = [(number, tag, _encode(item)) for number, tag, item in items]
        with self._changing(draft) as (run, no, _):
            _write(run, no, rows)

    def amend(
        self, draft: Draft, shape: type[T], numbers: Collection[int], change: Callable[[int, str, T], tuple[str, T]]
    ) -> int:
        """Change items as they stand: `change(number, tag, item)` gives tag and item; nobody writes between. Returns how many.

        A number without an item is passed over. Everything or nothing when `change` raises; keep it short: others wait.
        """
        with self._changing(draft) as (run, no, _):
            rows = []
            for number in numbers:
                found = _item(run, no, number)
                if found is not None:
                    tag, item = change(number, found[0], decoded(found[1], shape))
                    rows.append((number, tag, _encode(item)))
            _write(run, no, rows)
        return len(rows)

    def items(
        self,
        draft: Draft,
        shape: type[T],
        *,
        tag: str | None = None,
        after: int = -1,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Item[T]]:
        """Items by number: those above `after`, of that `tag` if given, `limit` of them from the `offset`-th. Raises NotFound."""
        where, wanted = ("", ()) if tag is None else ("AND tag=?", (tag,))
        with self._store.reading() as run:
            no, _ = self._find(run, draft.id, draft.kind)
            rows = run.execute(
                f"SELECT number, tag, body FROM item WHERE draft=? {where} AND number>? ORDER BY number LIMIT ? OFFSET ?",
                (no, *wanted, after, -1 if limit is None else limit, offset),
            ).fetchall()
        return [(number, found, decoded(body, shape)) for number, found, body in rows]

    def item(self, draft: Draft, number: int, shape: type[T]) -> tuple[str, T] | None:
        """Tag and item of that number, None when there is none. Raises NotFound for the draft."""
        with self._store.reading() as run:
            found = _item(run, self._find(run, draft.id, draft.kind)[0], number)
        return None if found is None else (found[0], decoded(found[1], shape))

    def counts(self, draft: Draft) -> dict[str, int]:
        """Tag -> how many items have it. Raises NotFound."""
        with self._store.reading() as run:
            no, _ = self._find(run, draft.id, draft.kind)
            return dict(run.execute("SELECT tag, count(*) FROM item WHERE draft=? GROUP BY tag", (no,)).fetchall())

    def keep(self, draft: Draft, data: bytes) -> None:
        """Keep a file with the draft, instead of the one that it had. Raises NotFound."""
        with self._changing(draft) as (run, no, _):
            _keep(run, no, data)

    def content(self, draft: Draft) -> bytes:
        """The file that is kept with the draft. Raises NotFound, also when none is."""
        with self._store.reading() as run:
            no, _ = self._find(run, draft.id, draft.kind)
            pieces = run.execute("SELECT data FROM piece WHERE draft=? ORDER BY start", (no,)).fetchall()
        if not pieces:
            raise _not_there()
        return b"".join(data for (data,) in pieces)

    @contextmanager
    def _changing(self, draft: Draft) -> Iterator[tuple[sqlite3.Connection, int, Draft]]:
        """A transaction on a draft that is there: its number and how it stands."""
        with self._store.writing() as run:
            no, found = self._find(run, draft.id, draft.kind)
            run.execute("UPDATE draft SET changed=? WHERE no=?", (self._clock(), no))
            yield run, no, found

    def _find(self, run: sqlite3.Connection, id: str, kind: str) -> tuple[int, Draft]:  # noqa: A002 - as above
        row = run.execute(
            f"SELECT no, {_FIELDS} FROM draft WHERE id=? AND kind=? AND {_OF}", (id, kind, *self._mine())
        ).fetchone()
        if row is None:
            raise _not_there()
        return row[0], Draft(*row[1:])

    def _mine(self) -> tuple[str, str, bool, int]:
        return self._area, self._person, self._everybody, self._clock()


def _write(run: sqlite3.Connection, no: int, rows: Iterable[tuple[int, str, bytes]]) -> None:
    run.executemany(
        f"INSERT INTO item(draft, number, tag, body) VALUES({no},?,?,?) "
        "ON CONFLICT(draft, number) DO UPDATE SET tag=excluded.tag, body=excluded.body",
        rows,
    )


def _item(run: sqlite3.Connection, no: int, number: int) -> tuple[str, bytes] | None:
    row: tuple[str, bytes] | None = run.execute(
        "SELECT tag, body FROM item WHERE draft=? AND number=?", (no, number)
    ).fetchone()
    return row


def _keep(run: sqlite3.Connection, no: int, data: bytes) -> None:
    run.execute("DELETE FROM piece WHERE draft=?", (no,))
    pieces = [(no, start, data[start : start + PIECE]) for start in range(0, max(len(data), 1), PIECE)]
    run.executemany("INSERT INTO piece(draft, start, data) VALUES(?,?,?)", pieces)


def _not_there() -> NotFound:
    return NotFound("This is no longer kept here: it was thrown away, or its time is over.")
