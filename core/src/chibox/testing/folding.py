"""The contract of folds, as a test that any plugin can run: random logs give the same rows however they are folded."""

import datetime as dt
import random
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from chibox.clock import GivenClock
from chibox.projections import catchup, facts, index
from chibox.projections.engine import Engine
from chibox.projections.folds import Projection
from chibox.records.core import CORE_RECORDS, Erased, Joined, Retracted, SealedErased, SealedJoined, SealedRetracted
from chibox.records.record import Kind, Kinds, Record
from chibox.testing.records import MemoryLog, random_id, random_record

DAY = dt.date(2026, 11, 25)


class Story:
    """A random log of some kinds, with retractions, joins, erasures, late facts and late bodies, from one seed."""

    def __init__(self, records: Sequence[type[Record]], seed: int, length: int = 24) -> None:
        self.rng = random.Random(seed)
        self.kinds = Kinds((*CORE_RECORDS, *records))
        self._usual: list[Kind] = [r.KIND for r in records]
        self.log = MemoryLog()
        self.late: dict[int, bytes] = {}
        self._ids = [random_id(self.rng) for _ in range(4)]
        self._rids: list[tuple[str, str, bool]] = []  # rid, act, opaque
        clock = GivenClock.on(DAY)
        while len(self.log.envelopes) < length:
            clock.at += self.rng.randrange(40) * 3_600_000
            act = random_id(self.rng)
            for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
                self._add(act, clock.at)

    def withheld(self) -> list[int]:
        """Positions whose bodies come late, in the order of their coming."""
        usual = [p for p, body in enumerate(self.log.bodies) if body is not None]
        chosen = self.rng.sample(usual, k=min(len(usual), self.rng.randrange(5)))
        self.late = {p: body for p in chosen if (body := self.log.bodies[p]) is not None}
        return chosen

    def _add(self, act: str, time: int) -> None:
        rng, rid = self.rng, random_id(self.rng)
        special = self._special(rng.random())
        record: Record = special or random_record(rng.choice(self._usual), rng, day=DAY, ids=self._ids)
        refs: tuple[str, ...] = ()
        if self._rids and special is None and (record.KIND.corrects or rng.random() < 0.2):
            other = rng.choice(self._rids)
            refs = (rng.choice((f"r{other[0]}", f"r{other[0]}", f"a{other[1]}")),)
        subject, by = rng.choice(self._ids), self._ids[0]
        self.log.add(record, rid=rid, act=act, subject=subject, case=random_id(rng), by=by, time=time, refs=refs)
        self._rids.append((rid, act, record.KIND.opaque))

    def _special(self, chance: float) -> Record | None:
        rng = self.rng
        if chance < 0.08:
            old, new = rng.choice(self._ids), rng.choice(self._ids)
            return rng.choice((Joined, SealedJoined))(old=old, new=new)
        if not self._rids or chance > 0.3:
            return None
        some = rng.sample(self._rids, k=min(len(self._rids), rng.choice((1, 1, 2))))
        if chance < 0.13:
            return rng.choice((Erased, SealedErased))(records=tuple(s[0] for s in some), reason="request")
        targets = tuple(dict.fromkeys(rng.choice((f"r{s[0]}", f"a{s[1]}")) for s in some))
        left = tuple(s[0] for s in rng.sample(self._rids, k=1)) if rng.random() < 0.3 else ()
        return rng.choice((Retracted, SealedRetracted))(targets=targets, left=left)


def database(projections: Iterable[Projection]) -> sqlite3.Connection:
    """A database in memory with the engine's tables and those of the projections."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    for statement in (*index.SCHEMA, *facts.SCHEMA, *catchup.SCHEMA):
        connection.execute(statement)
    for table in (t for p in projections for t in p.tables.values()):
        table.create(connection.execute)
    return connection


def step_by_step(story: Story, projections: Sequence[Projection], *, largest: int, withhold: bool) -> Engine:
    """Fold the story in batches of random size up to `largest`, with some bodies coming late if asked."""
    withheld = story.withheld() if withhold else []
    log = MemoryLog()
    engine = Engine(database(projections), story.kinds, projections, log, 1)
    ahead = list(withheld)
    while len(log.envelopes) < len(story.log.envelopes):
        start = len(log.envelopes)
        end = min(start + story.rng.randint(1, largest), len(story.log.envelopes))
        for position in range(start, end):
            log.envelopes.append(story.log.envelopes[position])
            log.bodies.append(None if position in withheld else story.log.bodies[position])
        entries = [engine.entry_at(p) for p in range(start, end)]
        index_acts(engine, entries)
        engine.apply(entries)
        for position in [p for p in ahead if p < end and story.rng.random() < 0.3]:
            arrive(engine, log, story, position)
            ahead.remove(position)
    for position in ahead:
        arrive(engine, log, story, position)
    return engine


def arrive(engine: Engine, log: MemoryLog, story: Story, position: int) -> None:
    """The body of an entry comes late, unless it was erased meanwhile."""
    if not engine.index.erased_at(position):
        old = engine.entry_at(position)
        log.bodies[position] = story.late[position]
        engine.late(old)


def from_nothing(story: Story, projections: Sequence[Projection], engine: Engine) -> Engine:
    """The same log and the bodies that are left, folded in one go."""
    fresh = Engine(database(projections), story.kinds, projections, engine.source, 1)
    catchup.catch_up(fresh, len(story.log.envelopes))
    return fresh


def state(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the engine keeps, in a comparable order."""
    queries = {
        "record": "SELECT position, rid, day, erased FROM record",
        "about": "SELECT space, key, day, position FROM about",
        "link": "SELECT target, position, role FROM link",
        "fact": "SELECT field, subject, rid, position, stretch, value, since, until, known_from, known_until FROM fact",
    }
    for table in (t for p in engine.projections for t in p.tables.values()):
        columns = ", ".join(f'"{f}"' for f in table.fields)
        queries[table.name] = f'SELECT folded, {columns} FROM "{table.name}"'
    return {name: sorted(engine.connection.execute(q).fetchall(), key=repr) for name, q in queries.items()}


def index_acts(engine: Engine, entries: Sequence[Any]) -> None:
    """Note first and last position of each act, as the writer does."""
    for entry in entries:
        engine.connection.execute(
            "INSERT INTO act VALUES(1,?,?,?,?,NULL) ON CONFLICT(box, act) DO UPDATE SET last=excluded.last",
            (entry.act, entry.position, entry.position, entry.by),
        )


def check_folds(records: Sequence[type[Record]], projections: Sequence[Projection], seed: int) -> None:
    """Raises AssertionError, naming the table and the seed, unless every way of folding gives the same state."""
    for withhold in (False, True):
        for largest in (1, 5, 1000):
            story = Story(records, seed)
            engine = step_by_step(story, projections, largest=largest, withhold=withhold)
            once = from_nothing(story, projections, engine)
            found, wanted = state(engine), state(once)
            for name, rows in wanted.items():
                wrong, missing = [r for r in found[name] if r not in rows], [r for r in rows if r not in found[name]]
                where = f"seed {seed}, batches of {largest}, late bodies {withhold}: {name} differs"
                assert found[name] == rows, f"{where}\nstep by step {wrong}\nfrom nothing {missing}"
