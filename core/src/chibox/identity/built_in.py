"""The built-in accounts of a box: a name, a secret set through a one-time link, no server beside."""

import hashlib
import secrets
import sqlite3
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Self

from chibox import keys
from chibox.clock import Clock, SystemClock, local
from chibox.errors import NotFound
from chibox.identity import secret, sessions, tries
from chibox.identity.accounts import AccountState, NotSignedIn, Proof
from chibox.identity.tries import Tries
from chibox.store import Store

SCHEMA: Final = (
    """CREATE TABLE account(person TEXT PRIMARY KEY, kept TEXT, pin INTEGER NOT NULL DEFAULT 0, set_at INTEGER,
        language TEXT, text TEXT) STRICT, WITHOUT ROWID""",
    """CREATE TABLE link(digest BLOB PRIMARY KEY, person TEXT NOT NULL, until INTEGER NOT NULL) STRICT, WITHOUT ROWID""",
    *tries.SCHEMA,
    *sessions.SCHEMA,
)
LINK_DAYS: Final = 14
_DAY: Final = 86_400_000
_LETTERS: Final = "abcdefghjkmnpqrstvwxyz23456789"  # no letter that is read as another or as a digit
_GROUPS, _GROUP = 5, 4  # 98 bits
PersonOf = Callable[[str], str | None]


class BuiltIn:
    """`SignIn` and `Accounts` on `accounts.db`. `person_of`: the person who signs in by a name, or None."""

    def __init__(self, store: Store, pepper: bytes, clock: Clock, person_of: PersonOf) -> None:
        self.store, self._clock, self._person_of = store, clock, person_of
        self._secrets = secret.Secrets(pepper)
        self._tries = Tries(store)

    @classmethod
    def open(cls, folder: Path, clock: Clock | None = None, person_of: PersonOf = lambda _: None) -> Self:
        """The accounts of the box in `folder`; another process may run that box meanwhile."""
        return cls(
            Store(folder / "accounts.db", SCHEMA), keys.pepper(folder / "keys"), clock or SystemClock(), person_of
        )

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def begin(self, back: str) -> str | None:  # noqa: ARG002 - see SignIn
        """See `SignIn`: the box asks by its own form."""
        return None

    def finish(self, answer: Mapping[str, str]) -> Proof:
        """See `SignIn`: `name` and `secret`. A wrong try costs as much time for a name that nobody bears."""
        now, typed = self._clock.now(), _plain(answer.get("name", ""))
        name = self._secrets.digest(typed)
        until = self._tries.locked_until(name, now)
        if until is None:
            self._tries.begin(name, now)
            person = self._person_of(typed) or ""
            if self._secrets.is_right(person, self._kept(person), answer.get("secret", "")):
                self._tries.forget(name)
                return Proof(person)
            until = self._tries.locked_until(name, now)
        if until is not None:
            raise NotSignedIn(
                "Several tries with this name were wrong. Try again after {time}, or ask for a new link.",
                time=f"{local(until):%H:%M}", wait=(until - now + 999) // 1000,
            )  # fmt: skip
        raise NotSignedIn("Not signed in: the name, the PIN or the password is not right.")

    def one_time_link(self, person: str) -> str:
        """See `Accounts`. The token, in five groups of four letters: a person may type it from paper."""
        token = "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        with self.store.writing() as run:
            run.execute("DELETE FROM link WHERE person=?", (person,))
            until = self._clock.now() + LINK_DAYS * _DAY
            run.execute("INSERT INTO link VALUES(?,?,?)", (_digest(token), person, until))
        return token

    def person_of_link(self, token: str) -> str:
        """Whose link it is. Looking does not use it up. Raises NotFound for one that is used, old or none."""
        with self.store.reading() as run:
            row = run.execute(
                "SELECT person FROM link WHERE digest=? AND until>?", (_digest(token), self._clock.now())
            ).fetchone()
        if row is None:
            raise NotFound("This link was used, or is older than {days} days. Ask for a new one.", days=LINK_DAYS)
        return str(row[0])

    def choose_secret(self, token: str, chosen: str, again: str) -> Proof:
        """Use the link up and set the secret, both or neither. Raises Invalid for a secret that may not be, NotFound as above.

        Every session of the person ends, and what was wrong before is forgotten.
        """
        person = self.person_of_link(token)
        secret.check(chosen, again)
        kept = self._secrets.keep(person, chosen)
        with self.store.writing() as run:
            used = run.execute("DELETE FROM link WHERE digest=? AND person=?", (_digest(token), person))
            if used.rowcount != 1:
                raise NotFound("This link was used, or is older than {days} days. Ask for a new one.", days=LINK_DAYS)
            self._write(run, person, kept, pin=secret.is_pin(chosen))
        return Proof(person)

    def change_secret(self, person: str, old: str, chosen: str, again: str) -> None:
        """Another secret, by who knows the old one; every session of the person ends. Raises Invalid, NotSignedIn."""
        name = self._secrets.digest(person)
        now = self._clock.now()
        if self._tries.locked_until(name, now) is None:
            self._tries.begin(name, now)
            if self._secrets.is_right(person, self._kept(person), old):
                secret.check(chosen, again)
                self._tries.forget(name)
                kept = self._secrets.keep(person, chosen)
                with self.store.writing() as run:
                    self._write(run, person, kept, pin=secret.is_pin(chosen))
                return
        raise NotSignedIn("The PIN or password used until now is not right.")

    def state(self, person: str) -> AccountState:
        """See `Accounts`."""
        with self.store.reading() as run:
            account = run.execute("SELECT kept IS NOT NULL, pin FROM account WHERE person=?", (person,)).fetchone()
            link = run.execute(
                "SELECT until FROM link WHERE person=? AND until>?", (person, self._clock.now())
            ).fetchone()
        has, pin = account or (0, 0)
        return AccountState(bool(has), bool(pin), None if link is None else int(link[0]))

    def close_account(self, person: str) -> None:
        """See `Accounts`: the secret and unused links go, sessions end."""
        with self.store.writing() as run:
            run.execute("UPDATE account SET kept=NULL, pin=0 WHERE person=?", (person,))
            run.execute("DELETE FROM link WHERE person=?", (person,))
            run.execute("DELETE FROM session WHERE person=?", (person,))

    def choices(self, person: str) -> dict[str, str]:
        """The language and size of text that the person chose, by the names of their cookies; only those chosen."""
        with self.store.reading() as run:
            row = run.execute("SELECT language, text FROM account WHERE person=?", (person,)).fetchone()
        return {name: value for name, value in zip(("lang", "text"), row or (), strict=False) if value}

    def choose(self, person: str, language: str | None, text: str | None) -> None:
        """Keep a person's language and size of text; None leaves what was."""
        with self.store.writing() as run:
            run.execute(
                "INSERT INTO account(person, language, text) VALUES(?,?,?) ON CONFLICT(person) DO UPDATE SET "
                "language=coalesce(excluded.language, language), text=coalesce(excluded.text, text)",
                (person, language, text),
            )

    def purge(self, now: int) -> None:
        """Drop links that are over and tries that are forgotten."""
        self._tries.purge(now)
        with self.store.writing() as run:
            run.execute("DELETE FROM link WHERE until<?", (now,))

    def _kept(self, person: str) -> str | None:
        with self.store.reading() as run:
            row = run.execute("SELECT kept FROM account WHERE person=?", (person,)).fetchone()
        return None if row is None else row[0]

    def _write(self, run: sqlite3.Connection, person: str, kept: str, *, pin: bool) -> None:
        run.execute(
            "INSERT INTO account(person, kept, pin, set_at) VALUES(?,?,?,?) ON CONFLICT(person) DO UPDATE SET "
            "kept=excluded.kept, pin=excluded.pin, set_at=excluded.set_at",
            (person, kept, pin, self._clock.now()),
        )
        run.execute("DELETE FROM session WHERE person=?", (person,))


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).lower().split())


def _digest(token: str) -> bytes:
    letters = "".join(letter for letter in token.lower() if letter.isalnum())
    return hashlib.sha256(b"link/v1\0" + letters.encode()).digest()
