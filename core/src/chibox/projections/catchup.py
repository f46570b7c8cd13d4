"""Catching up: folding the entries that a projection has not seen, on start, after an upgrade, for a new plugin."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from chibox.projections.again import Touched
from chibox.projections.engine import Engine
from chibox.projections.folds import Projection
from chibox.projections.history import is_special, links
from chibox.projections.index import JOINS, RETRACTS
from chibox.projections.rowcache import RowCache
from chibox.records.core import Erased
from chibox.records.stated import Entry

SCHEMA: Final = (
    """CREATE TABLE cursor(box INTEGER NOT NULL, projection TEXT NOT NULL, version TEXT NOT NULL, position INTEGER NOT NULL,
        stopped INTEGER, PRIMARY KEY(box, projection)) STRICT""",
)
INDEX: Final = "core.index"
_STEP: Final = 2048
_ROWS: Final = 100_000
Progress = Callable[[str, int, int], None]


def silent(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def prepare(connection: sqlite3.Connection, projections: Iterable[Projection]) -> None:
    """Make the tables of these projections. One that was made otherwise under the same version is made anew, for every box."""
    for projection in projections:
        if not all(table.as_declared(connection) for table in projection.tables.values()):
            for table in projection.tables.values():
                connection.execute(f'DROP TABLE IF EXISTS "{table.name}"')
            connection.execute("DELETE FROM cursor WHERE projection=?", (projection.name,))
        for table in projection.tables.values():
            table.create(connection.execute)


def catch_up(engine: Engine, size: int, progress: Progress = silent) -> None:
    """Bring index and every projection of the engine to `size`, inside the caller's transaction.

    A projection whose version is new, or that has not seen every entry, is folded from nothing; all are, and the index is built
    again, when the kinds or the spaces of keys are others, or one had stopped. One whose fold raises stays stopped. A crash
    leaves the cursors where the last commit left them.
    """
    engine.own, engine.stopped = None, {}
    cursors = _cursors(engine)
    if cursors == _all_at(engine, size):
        return  # nothing is written: a box on a full disk opens, to be read
    if cursors.get(INDEX) != (shape(engine), size, None) or any(at is not None for *_, at in cursors.values()):
        reindex(engine, size, progress)
        cursors = {}
    for projection in engine.projections:
        if projection in engine.stopped:
            continue  # it has just raised in saying which keys its entries are about
        if cursors.get(projection.name) != (str(projection.version), size, None):
            rebuild(engine, projection, size, progress)
    drop_others(engine)
    engine.connection.execute("DELETE FROM cursor WHERE box=?", (engine.box,))
    write_cursors(engine, size)


def _all_at(engine: Engine, size: int) -> dict[str, tuple[str, int, int | None]]:
    """The cursors of an engine whose every projection has seen `size` entries."""
    found: dict[str, tuple[str, int, int | None]] = {p.name: (str(p.version), size, None) for p in engine.projections}
    found[INDEX] = (shape(engine), size, None)
    return found


def write_cursors(engine: Engine, size: int) -> None:
    """Say in the open transaction how far index and projections have come; a stopped one stays where it stopped."""
    rows: list[tuple[Any, ...]] = [(engine.box, INDEX, shape(engine), size, None)]
    for projection in engine.projections:
        at = engine.stopped.get(projection)
        rows.append((engine.box, projection.name, str(projection.version), size if at is None else at, at))
    engine.connection.executemany("INSERT OR REPLACE INTO cursor VALUES(?,?,?,?,?)", rows)


def stopped(engine: Engine) -> dict[Projection, int]:
    """The projections of the engine's box that have stopped, and where, as the cursors in the database say."""
    return {p: at for p in engine.projections if (at := _cursors(engine).get(p.name, ("", 0, None))[2]) is not None}


def move_cursors(engine: Engine, size: int) -> None:
    """The same in one statement, for the writer's every batch."""
    engine.connection.execute("UPDATE cursor SET position=? WHERE box=? AND stopped IS NULL", (size, engine.box))


def reindex(engine: Engine, size: int, progress: Progress = silent) -> None:
    """Build the index and the dated facts of the engine's box from the log. `act` rows stay: they hold what no log holds."""
    run, box = engine.connection, engine.box
    for table in ("record", "about", "link", "fact"):
        run.execute(f"DELETE FROM {table} WHERE box=?", (box,))
    engine.rolled_back()
    _index_acts(engine, size)
    for entry in _entries(engine, 0, size, "index", progress):
        engine.index.add(entry, engine.about(entry), links(entry))
        engine.facts.add(entry)
        if isinstance(entry.body, Erased):
            engine.index.flush()
            for place in filter(None, map(engine.index.place, entry.body.records)):
                if not is_special(engine.entry_at(place.position)):
                    engine.index.erase(place.position, entry.position)
        if entry.position % _STEP == _STEP - 1:
            engine.index.flush()
            engine.facts.flush()
    engine.index.flush()
    engine.facts.flush()
    engine.history.forget()
    for position in sorted(_disturbed(engine)):
        engine.again.restretch(engine.entry_at(position))
    engine.facts.flush()


def rebuild(engine: Engine, projection: Projection, size: int, progress: Progress = silent) -> None:
    """Fold a projection from nothing over the whole log. When one of its folds raises it is left stopped."""
    run = engine.connection
    engine.stopped = {other: at for other, at in engine.stopped.items() if other is not projection}
    for table in projection.tables.values():
        table.create(run.execute)
        run.execute(f'DELETE FROM "{table.name}" WHERE box=?', (engine.box,))
    retracted = {
        t for (t,) in run.execute("SELECT DISTINCT target FROM link WHERE box=? AND role=?", (engine.box, RETRACTS))
    }
    rows = RowCache(run, engine.box, engine.index, engine.history)
    rows.empty = True
    touched: Touched = set()
    for start in range(0, size, _STEP):
        end = min(start + _STEP, size)
        days = engine.index.days(start, end)
        some = (
            entry
            for entry in _entries(engine, start, end, projection.name, progress, size)
            if entry.kind in projection.folds
            and not (
                (f"a{entry.act}" in retracted or f"r{entry.rid}" in retracted) and engine.history.is_retracted(entry)
            )
        )
        engine.fold(some, days, rows, touched, only=projection)
        if projection in engine.stopped:
            return
        if len(rows) > _ROWS:
            engine.write(rows, start)
            rows.empty = False
            rows.clear()
    engine.write(rows, 0)
    if projection not in engine.stopped:
        engine.again.fold(touched)


def drop_others(engine: Engine) -> None:
    """Drop the tables of other versions of the projections that are here. Those of a removed plugin stay until it is purged."""
    run = engine.connection
    names = {name for (name,) in run.execute("SELECT name FROM sqlite_schema WHERE type='table'")}
    for projection in engine.projections:
        for table in projection.tables.values():
            stem = table.name.rpartition("_")[0]
            for name in sorted(names):
                head, _, version = name.rpartition("_")
                if head == stem and version.isdigit() and name != table.name:
                    run.execute(f'DROP TABLE "{name}"')


def shape(engine: Engine) -> str:
    """What the index is made by: the kinds, and the spaces in which folds keep keys of their own."""
    folds = [f for p in engine.projections for some in p.folds.values() for f in some if f.keys is not None]
    spaces = "\n".join(sorted(f"{fold.kind} {fold.space}" for fold in folds))
    return hashlib.sha256(f"{engine.kinds.fingerprint()}\n{spaces}".encode()).hexdigest()[:16]


def _cursors(engine: Engine) -> dict[str, tuple[str, int, int | None]]:
    rows = engine.connection.execute(
        "SELECT projection, version, position, stopped FROM cursor WHERE box=?", (engine.box,)
    )
    return {name: (version, position, stopped) for name, version, position, stopped in rows}


def _entries(
    engine: Engine, first: int, end: int, what: str, progress: Progress, total: int | None = None
) -> Iterator[Entry[Any]]:
    for position in range(first, end):
        if position % _STEP == 0:
            progress(what, position, end if total is None else total)
        yield engine.entry_at(position)


def _index_acts(engine: Engine, size: int) -> None:
    known: dict[str, list[Any]] = {}
    for position in range(size):
        entry = engine.entry_at(position)
        span = known.setdefault(entry.act, [engine.box, entry.act, position, position, entry.by, None])
        span[3] = position
    engine.connection.executemany("INSERT OR IGNORE INTO act VALUES(?,?,?,?,?,?)", known.values())


def _disturbed(engine: Engine) -> set[int]:
    """The positions of records that were corrected or retracted: their facts have more than the first stretch."""
    found: set[int] = set()
    rows = engine.connection.execute(
        "SELECT target, role FROM link WHERE box=? AND role<>?", (engine.box, JOINS)
    ).fetchall()
    for target, role in rows:
        if target.startswith("r") and (place := engine.index.place(target[1:])) is not None:
            found.add(place.position)
        elif role == RETRACTS and (span := engine.index.act(target[1:])) is not None:
            found.update(range(span[0], span[1] + 1))
    return found
