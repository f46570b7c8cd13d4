"""Sessions: rows that say who is signed in on which device, until when, for what purpose they read."""

import hashlib
import secrets
from typing import Final

import msgspec

from chibox.store import Store

SCHEMA: Final = (
    """CREATE TABLE session(digest BLOB PRIMARY KEY, person TEXT NOT NULL, made INTEGER NOT NULL, last INTEGER NOT NULL,
        idle INTEGER NOT NULL, until INTEGER NOT NULL, purpose TEXT NOT NULL, language TEXT, text TEXT, said TEXT)
        STRICT, WITHOUT ROWID""",
    """CREATE INDEX session_person ON session(person)""",
)
_MINUTE: Final = 60_000
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
IDLE, LONGEST = 4 * _HOUR, 14 * _HOUR  # an office day with its pauses
KEPT_IDLE, KEPT_LONGEST = 30 * _DAY, 90 * _DAY
AFTER: Final = 7 * _DAY
_TOKEN: Final = 32


class Session(msgspec.Struct, frozen=True):
    """Who is signed in. `language`, `text`: the choices as this device had them; `said`: what the next pages still tell."""

    digest: bytes
    person: str
    until: int
    purpose: str
    language: str | None
    text: str | None
    said: str | None


class Sessions:
    """The rows of `accounts.db`. A token is known to one browser only: the row holds its digest."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def begin(self, person: str, purpose: str, now: int, *, kept: bool) -> tuple[str, int]:
        """A new session under a new token, and when it ends at the latest (ms). Durable on return."""
        token = secrets.token_urlsafe(_TOKEN)
        idle, longest = (KEPT_IDLE, KEPT_LONGEST) if kept else (IDLE, LONGEST)
        with self._store.writing() as run:
            run.execute(
                "INSERT INTO session VALUES(?,?,?,?,?,?,?,NULL,NULL,NULL)",
                (_digest(token), person, now, now, idle, now + longest, purpose),
            )
        return token, now + longest

    def find(self, token: str, now: int) -> Session | None:
        """The living session of a token. Being used keeps it from ending idle; noted once a minute."""
        digest = _digest(token)
        with self._store.reading() as run:
            row = run.execute(
                "SELECT person, until, purpose, language, text, said, last FROM session "
                "WHERE digest=? AND until>? AND last+idle>?",
                (digest, now, now),
            ).fetchone()
        if row is None:
            return None
        if row[-1] < now - _MINUTE:
            with self._store.writing() as run:
                run.execute("UPDATE session SET last=? WHERE digest=?", (now, digest))
        return Session(digest, *row[:-1])

    def note(self, session: Session, **changed: str | None) -> None:
        """Change `purpose`, `language`, `text` or `said`."""
        for column, value in changed.items():
            if column not in {"purpose", "language", "text", "said"}:
                raise ValueError(column)
            with self._store.writing() as run:
                run.execute(f"UPDATE session SET {column}=? WHERE digest=?", (value, session.digest))

    def end(self, token: str) -> None:
        """Sign this device out."""
        with self._store.writing() as run:
            run.execute("DELETE FROM session WHERE digest=?", (_digest(token),))

    def end_all(self, person: str) -> int:
        """The person is signed out everywhere. Returns on how many devices."""
        with self._store.writing() as run:
            return run.execute("DELETE FROM session WHERE person=?", (person,)).rowcount

    def count(self, person: str, now: int) -> int:
        """On how many devices the person is signed in."""
        with self._store.reading() as run:
            found = run.execute(
                "SELECT count(*) FROM session WHERE person=? AND until>? AND last+idle>?", (person, now, now)
            )
            return int(found.fetchone()[0])

    def whose(self, token: str) -> str | None:
        """Whose session it is or was; None when it was ended by hand, or long ago. It says nothing about who asks."""
        with self._store.reading() as run:
            row = run.execute("SELECT person FROM session WHERE digest=?", (_digest(token),)).fetchone()
        return None if row is None else str(row[0])

    def purge(self, now: int) -> int:
        """Drop what ended a week ago: until then a form that was still open is kept for its person. Returns how many."""
        before = now - AFTER
        with self._store.writing() as run:
            return run.execute("DELETE FROM session WHERE until<=? OR last+idle<=?", (before, before)).rowcount


def _digest(token: str) -> bytes:
    return hashlib.sha256(b"session/v1\0" + token.encode()).digest()
