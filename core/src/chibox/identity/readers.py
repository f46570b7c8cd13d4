"""Readers of the log over HTTP: each has an address of its own, which holds a secret, and reads until that is ended."""

import datetime as dt
import hashlib
import secrets
from typing import Any, Final, Literal, get_args

import msgspec

from chibox.clock import day
from chibox.errors import Invalid, NotFound, Words, words
from chibox.store import Store
from chibox.text import Unclean, clean

SCHEMA: Final = """CREATE TABLE IF NOT EXISTS reader(no INTEGER PRIMARY KEY AUTOINCREMENT, digest BLOB NOT NULL UNIQUE,
    who TEXT NOT NULL, label TEXT NOT NULL, made_by TEXT NOT NULL, made INTEGER NOT NULL, until INTEGER, ended INTEGER,
    used TEXT) STRICT"""
WhoReads = Literal["parent", "witness", "committee", "other"]
LONGEST: Final = 80  # signs of a label
_LETTERS: Final = (
    "abcdefghjkmnpqrstvwxyz23456789"  # none is read as another; with the first letter no token is a number
)
_FIRST: Final = "r"
_LENGTH: Final = 27  # 132 bits


class Reader(msgspec.Struct, frozen=True):
    """Somebody's address. `label` is free text and never leaves this file; `made_by`: empty for the command line.

    Times are ms; `until` and `ended` are None for what has no end; `used`: the last day on which it was used.
    """

    no: int
    who: WhoReads
    label: str
    made_by: str
    made: int
    until: int | None
    ended: int | None
    used: dt.date | None

    def reads(self, now: int) -> bool:
        """Whether the address opens the log."""
        return self.ended is None and (self.until is None or now < self.until)


class Readers:
    """The readers in `accounts.db`: the file keeps a digest of each token, so nobody who reads the file reads the log by it.

    A restored backup brings back what had been ended since: whoever restores looks through the list.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        with store.writing() as run:
            run.execute(SCHEMA)

    def make(self, who: str, label: str, *, made_by: str = "", now: int, until: int | None = None) -> str:
        """A new reader; returns the token, which is kept nowhere. Durable on return. Raises Invalid, naming the field."""
        if who not in get_args(WhoReads):
            raise Invalid("What was sent cannot be taken yet", fields={"who": words("Choose one from the list")})
        if until is not None and until <= now:
            raise Invalid("What was sent cannot be taken yet", fields={"until": words("This day is over already")})
        token = _FIRST + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        row = (_digest(token), who, _label(label), made_by, now, until)
        with self._store.writing() as run:
            run.execute("INSERT INTO reader(digest, who, label, made_by, made, until) VALUES(?,?,?,?,?,?)", row)
        return token

    def find(self, token: str, now: int) -> Reader | None:
        """Whose token it is, as long as it opens the log. That it was used is noted once a day."""
        digest = _digest(token)
        with self._store.reading() as run:
            row = run.execute(f"SELECT {_COLUMNS} FROM reader WHERE digest=?", (digest,)).fetchone()
        reader = None if row is None else _reader(row)
        if reader is None or not reader.reads(now):
            return None
        if reader.used != (today := day(now)):
            with self._store.writing() as run:
                run.execute("UPDATE reader SET used=? WHERE no=?", (today.isoformat(), reader.no))
        return reader

    def all(self) -> list[Reader]:
        """Everybody who reads or ever did, newest first."""
        with self._store.reading() as run:
            rows = run.execute(f"SELECT {_COLUMNS} FROM reader ORDER BY no DESC").fetchall()
        return [_reader(row) for row in rows]

    def end(self, no: int, now: int) -> None:
        """From now on the address opens nothing. Once ended it stays so. Raises NotFound for a number that nobody has."""
        with self._store.writing() as run:
            found = run.execute("UPDATE reader SET ended=coalesce(ended, ?) WHERE no=?", (now, no))
            if found.rowcount != 1:
                raise NotFound("There is no such reader of the log.")


_COLUMNS: Final = "no, who, label, made_by, made, until, ended, used"


def _reader(row: tuple[Any, ...]) -> Reader:
    no, who, label, made_by, made, until, ended, used = row
    day_ = None if used is None else dt.date.fromisoformat(used)
    return Reader(no=no, who=who, label=label, made_by=made_by, made=made, until=until, ended=ended, used=day_)


def _label(text: str) -> str:
    try:
        label = clean(text)
    except Unclean as error:
        raise _wrong(error.words) from None
    if not label:
        raise _wrong(words("Write who it is, so that the address can be ended later"))
    if len(label) > LONGEST:
        raise _wrong(words("At most {most} letters; here there are {count}", most=LONGEST, count=len(label)))
    return label


def _wrong(why: Words) -> Invalid:
    return Invalid("What was sent cannot be taken yet", fields={"label": why})


def _digest(token: str) -> bytes:
    return hashlib.sha256(b"reader/v1\0" + token.encode()).digest()
