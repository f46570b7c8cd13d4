"""The tables of a box held against its log: everything is computed again from nothing, and compared row by row."""

import sqlite3
from collections.abc import Collection, Iterable
from typing import Any, Final

from chibox.database import create
from chibox.errors import Words, words
from chibox.identity.classes import classes_of
from chibox.library import declared
from chibox.plugins import Plugins
from chibox.projections import catchup, facts, index
from chibox.projections.engine import Engine
from chibox.projections.folds import Projection
from chibox.projections.rows import Table as RowTable
from chibox.records import canonical
from chibox.records.envelope import BODY, SEALED, decode
from chibox.records.parts import MAX_BODY
from chibox.records.verify.report import Report
from chibox.verifying.compare import Table, differences
from chibox.verifying.frame import DATABASE
from chibox.verifying.stored import Stored

# Table, columns of its key, columns that say something about a person, columns that no log holds.
_INDEX: Final = (
    ("record", ("position",), (), ()),
    ("about", ("space", "key", "day", "position"), (), ()),
    ("link", ("target", "role", "position"), (), ()),
    ("fact", ("subject", "field", "rid", "stretch"), ("value", "since", "until"), ()),
)
_ACTS: Final = ("act", ("act",), (), ("digest",))
_CURSORS: Final = "SELECT projection, version, position, stopped FROM cursor WHERE box=1"
_CORE: Final = frozenset(
    {"box", "log_head", "log_old", "log_bundle", "log_tail", "log_tile", "part_bundle", "part_tail", "cursor", "act"}
)


def check_tables(stored: Stored, plugins: Plugins, report: Report, *, values: bool) -> None:
    """Fold the log again from nothing in memory, and name every row that is not what it gives."""
    try:
        _Comparison(stored, plugins, report, values=values).run()
    except ValueError as error:
        report.fault(DATABASE, "tables", words("this cannot be read: {why}", why=str(error)))


class _Comparison:
    """One comparison. Findings and figures go to `report`."""

    def __init__(self, stored: Stored, plugins: Plugins, report: Report, *, values: bool) -> None:
        self._stored, self._plugins, self._report, self._values = stored, plugins, report, values
        library, _, _ = declared(plugins)
        self._engine = Engine(_empty(library.projections), library.kinds, library.projections, _Bodies(stored), 1)
        self._rows = self._tables = 0

    def run(self) -> None:
        """Fold the whole log from nothing, then compare every table with what is stored."""
        size = self._stored.size
        try:
            catchup.catch_up(self._engine, size)
            untold = self._check_bodies(size)
        except Exception as error:  # noqa: BLE001  folds of plugins over a log that may be damaged
            self._fault(
                "log", words("the records cannot be folded again: {why}", why=f"{type(error).__name__}: {error}")
            )
            return
        cursors = {name: rest for name, *rest in self._stored.rows(_CURSORS)}
        self._compare(self._core(*_ACTS), untold)
        if cursors.pop(catchup.INDEX, None) == [catchup.shape(self._engine), size, None]:
            for each in _INDEX:
                self._compare(self._core(*each))
        else:
            self._fault(
                "cursor", words("the index is not that of this log and these plugins: start the box once, then verify")
            )
        for projection in self._engine.projections:
            if self._is_current(projection, cursors.pop(projection.name, None), size):
                for row_table in projection.tables.values():
                    self._compare(_described(row_table))
        self._tell(sorted(cursors))

    def _core(self, name: str, key: tuple[str, ...], personal: tuple[str, ...], left_out: tuple[str, ...]) -> Table:
        """A table of core's as this version of it makes it."""
        made = [row[1] for row in self._engine.connection.execute(f"PRAGMA table_info({name})")]
        columns = tuple(column for column in made if column not in {"box", *key, *left_out})
        query = f"SELECT {', '.join((*key, *columns))} FROM {name} WHERE box=1"
        return Table(name, query, len(key), columns, frozenset(personal))

    def _is_current(self, projection: Projection, cursor: Any, size: int) -> bool:
        """Whether the stored tables are of this version and folded to the end; else a finding says why they are not compared."""
        name = projection.name
        if projection in self._engine.stopped:
            at = self._engine.stopped[projection]
            self._fault(name, words("not compared: a fold raises on the entry at {position}", position=at))
        elif cursor is None or cursor[0] != str(projection.version):
            self._fault(name, words("not compared: folded by another version. Start the box once, then verify"))
        elif cursor[1:] != [size, None]:
            self._fault(
                name, words("not compared: folded up to {position} of {size} entries", position=cursor[1], size=size)
            )
        else:
            return True
        return False

    def _compare(self, table: Table, skip: Collection[tuple[tuple[Any, ...], str]] = ()) -> None:
        wanted = self._engine.connection.execute(table.query).fetchall()
        try:
            found = self._stored.rows(table.query)
        except ValueError as error:
            self._fault(table.name, words("this cannot be read: {why}", why=str(error)))
            return
        self._rows += len(wanted)
        self._tables += 1
        for place, what in differences(table, found, wanted, values=self._values, skip=skip):
            self._fault(place, what)

    def _check_bodies(self, size: int) -> set[tuple[tuple[str], str]]:
        """Parts are here unless a record in the log erased them, and not if one did.

        Returns the acts whose actor nothing tells any more.
        """
        untold: set[tuple[tuple[str], str]] = set()
        for position in range(size):
            envelope = decode(self._stored.entry(position))
            erased = self._engine.index.erased_at(position)
            given = self._stored.parts_at(position)
            for name in envelope.parts:
                if not erased and name not in given:
                    what = words("it is not here, and no record says that it was erased")
                    self._report.fault("log", f"entry {position}, part {name}", what)
                elif erased and name in given:
                    what = words("a record says that it was erased, and it is here")
                    self._report.fault("log", f"entry {position}, part {name}", what)
            if envelope.kind == SEALED and BODY not in given:
                untold.add(((envelope.act,), "by"))
        return untold

    def _tell(self, others: list[str]) -> None:
        """What was compared, and which tables were not because no plugin declares them."""
        self._report.notes.append(
            words(
                "folded again from nothing: {rows} rows of {tables} tables compared",
                rows=self._rows,
                tables=self._tables,
            )
        )
        tables = {table.name for p in self._engine.projections for table in p.tables.values()}
        known = _CORE | {name for name, *_ in _INDEX} | tables
        found = {name for (name,) in self._stored.rows("SELECT name FROM sqlite_schema WHERE type='table'")}
        strange = sorted(name for name in found - known if not name.startswith("sqlite_"))
        broken = [broken.name for broken in self._plugins.broken]
        if strange or others or broken:
            names = ", ".join(dict.fromkeys((*broken, *others, *strange)))
            self._report.notes.append(
                words("Not covered, for no plugin that works here declares it: {names}", names=names)
            )

    def _fault(self, where: str, what: Words) -> None:
        self._report.fault(DATABASE, where, what)


class _Bodies:
    """The engine's source: entries as stored; a body that is no canonical JSON is none."""

    def __init__(self, stored: Stored) -> None:
        self._stored = stored
        self.entry, self.drop = stored.entry, stored.drop

    def body(self, position: int) -> bytes | None:
        """See `Source` of the engine."""
        data = self._stored.body(position)
        try:
            return data if data is not None and canonical.parse(data, limit=MAX_BODY) else None
        except canonical.CanonicalError:
            return None


def _empty(projections: Iterable[Projection]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection, (*index.SCHEMA, *facts.SCHEMA, *catchup.SCHEMA))
    for table in (t for p in projections for t in p.tables.values()):
        table.create(connection.execute)
    return connection


def _described(table: RowTable[Any]) -> Table:
    columns = tuple(field for field in table.fields if field not in table.key)
    names = ", ".join(f'"{name}"' for name in (*table.key, "folded", *columns))
    personal = {field for field, name in classes_of(table.row).items() if name != "plain"}
    query = f'SELECT {names} FROM "{table.name}" WHERE box=1'
    return Table(table.name, query, len(table.key), ("folded", *columns), frozenset(personal))
