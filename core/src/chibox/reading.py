"""Reading: rows, facts, entries and the tree, as commands decide on them and pages show them."""

import datetime as dt
import os
import sqlite3
from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from chibox.clock import day as day_at
from chibox.identity.permissions import Picture
from chibox.known import KnownFact, facts_on
from chibox.organisation.rules import Rule, RuleBook
from chibox.organisation.tables import Unit
from chibox.organisation.working_days import WorkingDays, working_days
from chibox.projections.folds import Projection
from chibox.projections.history import History
from chibox.projections.index import RETRACTS, Index
from chibox.projections.opening import open_entry
from chibox.projections.rowcache import Rows
from chibox.projections.rows import Row, Table, compiled
from chibox.records.log import LogReader
from chibox.records.record import Kinds
from chibox.records.stated import Entry

if TYPE_CHECKING:
    from chibox.hooks import Held

R = TypeVar("R", bound=Row)
HeldOn = Callable[["Read", str], "Held"]
T = TypeVar("T")


class Library:
    """What is known by declaration, one for a box: kinds, tables, rules, what plugins find about a person elsewhere."""

    def __init__(
        self, kinds: Kinds, projections: Collection[Projection], rules: RuleBook, held_on: Sequence[HeldOn] = ()
    ) -> None:
        self.kinds, self.projections, self.rules, self.held_on = kinds, tuple(projections), rules, tuple(held_on)
        self.tables: dict[type[Row], Table[Any]] = {}
        for projection in projections:
            self.tables.update(projection.tables)

    def table(self, row: type[R]) -> Table[R]:
        """The table of these rows."""
        return self.tables[row]


class Read:
    """One snapshot of a box: for a command, the rows of all commands before it; for a page, what is committed.

    The clock is asked once: `now` and `today` stay the same as long as the Read lives.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        library: Library,
        picture: Picture,
        now: int,
        *,
        actor: str = "",
        box: int = 1,
        entries: Any = None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self.connection, self.library, self.picture, self.box = connection, library, picture, box
        self.now, self.actor, self._random = now, actor, random
        self.today: dt.date = day_at(now)
        self.fresh: set[str] = set()
        self.rules_used: dict[str, Rule] = {}
        self.known: Rows = {}  # what `row` found: a snapshot reads no row twice
        self._made: dict[Hashable, Any] = {}
        self._entries = entries if entries is not None else LogReader(connection, box)

    def row(self, row: type[R], *key: str) -> R | None:
        """The row under `key`, or None."""
        table = self.library.table(row)
        found: tuple[int, R] | None = self.known.get((table, key)) or table.get(self.connection, self.box, key)
        if found is None:
            return None
        self.known[table, key] = found
        return found[1]

    def rows(self, row: type[R], query: Any) -> list[R]:
        """The rows that a Piccolo query over `table(row)` selects, whole. The query must say `box`: start from `select(row)`."""
        table = self.library.tables[row]
        text, arguments = compiled(query)
        return [table.read(columns) for columns in self.connection.execute(text, arguments)]

    def table(self, row: type[R]) -> Any:
        """The Piccolo table of these rows: its columns make conditions and orders."""
        return self.library.tables[row].piccolo

    def select(self, row: type[R]) -> Any:
        """A Piccolo query for whole rows of this box, to narrow by `.where(...)`, `.order_by(...)`, `.limit(...)`."""
        described = self.table(row)
        columns = [getattr(described, f) for f in self.library.tables[row].fields]
        return described.select(*columns).where(described.box == self.box)

    def count(self, row: type[R], *where: Any) -> int:
        """How many rows of this box meet the conditions."""
        described = self.table(row)
        query = described.count().where(described.box == self.box)
        for condition in where:
            query = query.where(condition)
        text, arguments = compiled(query)
        return int(self.connection.execute(text.replace("$1", "?"), arguments).fetchone()[0])

    def found(self, row: type[R], condition: str, arguments: Sequence[Any] = ()) -> list[R]:
        """The whole rows of this box for which `condition` holds: SQL behind `WHERE box=? AND`, with order and limit.

        For a list that is asked often: its text is made once for each of its shapes, values are arguments. Dates are given
        as texts.
        """
        table = self.library.tables[row]
        found = self.connection.execute(table.whole + condition, (self.box, *arguments))
        return [table.read(columns) for columns in found]

    def figures(
        self, row: type[Row], columns: str, condition: str, arguments: Sequence[Any] = (), before: Sequence[Any] = ()
    ) -> list[tuple[Any, ...]]:
        """The same for `columns` instead of whole rows, as SQLite gives them; `before`: the arguments of `columns`."""
        text = f'SELECT {columns} FROM "{self.library.tables[row].name}" WHERE box=? AND {condition}'
        return self.connection.execute(text, (*before, self.box, *arguments)).fetchall()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for this snapshot: what a command needs and what it decides may rest on the same."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    def new_id(self) -> str:
        """A fresh random id: of a subject that this command opens."""
        made = self._random(16).hex()
        self.fresh.add(made)
        return made

    def rule(self, name: str) -> Rule:
        """The rule in force today; the act will name it. Raises Refused when there is none."""
        found = self.rules_used[name] = self.library.rules.on(name, self.today)
        return found

    @property
    def working_days(self) -> WorkingDays:
        """The calendar of working days: what lies so many of them ahead, how many lie between two days."""
        return working_days()

    def unit(self, unit: str) -> Unit | None:
        """A party organisation of today's tree, or None."""
        return self.picture.units.get(unit)

    def facts(
        self,
        subjects: Collection[str] | None = None,
        *,
        fields: Collection[str] | None = None,
        day: dt.date | None = None,
        known: int | None = None,
    ) -> dict[str, dict[str, KnownFact]]:
        """Dated facts: see `chibox.known.facts_on`."""
        return facts_on(self.connection, self.box, subjects=subjects, fields=fields, day=day, known=known)

    def last(self, subject: str) -> int | None:
        """The last position about a subject: what a form carries as `_seen`."""
        row = self.connection.execute(
            "SELECT max(position) FROM about WHERE box=? AND space='' AND key=?", (self.box, subject)
        ).fetchone()
        return None if row[0] is None else int(row[0])

    @property
    def size(self) -> int:
        """The number of entries."""
        row = self.connection.execute("SELECT max(position) FROM record WHERE box=?", (self.box,)).fetchone()
        return 0 if row[0] is None else int(row[0]) + 1

    def entry(self, position: int) -> Entry[Any]:
        """The entry at `position`, with its body unless withheld or erased. Raises NotFound beyond the end."""
        body = self._entries.body(position)
        return open_entry(self.library.kinds, position, self._entries.entry(position), body)

    def is_here(self, position: int) -> bool:
        """Whether the body at `position` is here, be it of a kind that this box no longer knows."""
        return self._entries.body(position) is not None

    def stating(self, field: str, text: str) -> list[str]:
        """The ids of the records that state the fact `field` with `text` somewhere in its value, in force or not.

        For finding by a number that is nobody else's. It reads every such fact of the box.
        """
        rows = self.connection.execute(
            "SELECT DISTINCT rid FROM fact WHERE box=? AND field=? AND instr(value, ?)>0", (self.box, field, text)
        )
        return [rid for (rid,) in rows]

    def history(self, subject: str) -> Iterator[Entry[Any]]:
        """The entries about a subject, newest day first."""
        rows = self.connection.execute(
            "SELECT position FROM about WHERE box=? AND space='' AND key=? ORDER BY day DESC, position DESC",
            (self.box, subject),
        ).fetchall()
        return (self.entry(position) for (position,) in rows)

    def touched(self, after: int, until: int) -> set[str]:
        """About whom entries stand behind `after` up to `until`, and of whom retractions there took something back."""
        span = (self.box, after, until)
        rows = self.connection.execute(
            "SELECT DISTINCT key FROM about WHERE box=? AND space='' AND position>? AND position<=?", span
        )
        found = {key for (key,) in rows}
        rows = self.connection.execute(
            "SELECT DISTINCT position FROM link WHERE box=? AND role=? AND position>? AND position<=?",
            (self.box, RETRACTS, after, until),
        )
        for (position,) in rows.fetchall():
            found |= {entry.subject for entry in self.past.targets(self.entry(position))}
        return found

    def act(self, act: str) -> tuple[int, int] | None:
        """First and last position of an act, or None."""
        return self.past_index.act(act)

    @cached_property
    def past_index(self) -> Index:
        """The engine's index, for reading."""
        return Index(self.connection, self.library.kinds, self.box)

    @cached_property
    def past(self) -> History:
        """What counts as taken back, as things stand."""
        return History(self.past_index, self.entry)

    def position_at(self, day: dt.date) -> int | None:
        """The last position recorded by the end of `day` in Viet Nam; None when there is none."""
        return position_at(self, day)


def position_at(read: Read, day: dt.date) -> int | None:
    """See `Read.position_at`: a search by halves, for times do not decrease (sealed entries count by their neighbours)."""
    end = (
        int(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), dt.timezone(dt.timedelta(hours=7))).timestamp())
        * 1000
    )
    low, high = 0, read.size
    while low < high:
        middle = (low + high) // 2
        if read.entry(middle).time < end:
            low = middle + 1
        else:
            high = middle
    return low - 1 if low else None
