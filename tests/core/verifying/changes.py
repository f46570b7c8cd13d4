"""Changes to a box's database, by someone who has the file, and what the verifier then says."""

import hashlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import zstandard

from chibox.records.log import pack
from chibox.records.verify.report import Report

Change = Callable[[sqlite3.Connection], object]


def copied(source: Path, target: Path) -> Path:
    """A copy of a closed box, without its lock."""
    target.mkdir()
    for name in ("box.db", "mark"):
        (target / name).write_bytes((source / name).read_bytes())
    return target


def told(report: Report) -> str:
    """The findings as text; that it is a refusal is asserted here."""
    assert not report.ok
    return "\n".join(f"{one.where}: {one.what}" for one in report.findings)


def subject(connection: sqlite3.Connection, position: int) -> str:
    """Whom the entry at a position is about."""
    query = "SELECT key FROM about WHERE space='' AND position=?"
    return str(connection.execute(query, (position,)).fetchone()[0])


def run(statement: str, *arguments: object) -> Change:
    """A change by one statement, of which at least one row is struck."""

    def change(connection: sqlite3.Connection) -> None:
        assert connection.execute(statement, arguments).rowcount

    return change


def flipped(table: str, column: str, at: int = 60, where: str = "true") -> Change:
    """A change of one bit of one stored value."""

    def change(connection: sqlite3.Connection) -> None:
        data = bytearray(connection.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()[0])
        data[at] ^= 1
        connection.execute(f"UPDATE {table} SET {column}=? WHERE {where}", (bytes(data),))

    return change


def misspelt(position: int) -> Change:
    """An entry in the tail whose act has another first digit: an envelope like any other, but not the one that was signed."""

    def change(connection: sqlite3.Connection) -> None:
        (entry,) = connection.execute("SELECT entry FROM log_tail WHERE position=?", (position,)).fetchone()
        data = bytearray(entry)
        data[8] = ord("1") if data[8] == ord("0") else ord("0")
        connection.execute("UPDATE log_tail SET entry=? WHERE position=?", (bytes(data), position))

    return change


def stored(table: str, data: bytes) -> Change:
    """Other bytes for a bundle, with the digest that belongs to them."""

    def change(connection: sqlite3.Connection) -> None:
        connection.execute(f"UPDATE {table} SET digest=?, data=?", (hashlib.sha256(data).digest(), data))

    return change


def repacked(table: str, old: bytes, new: bytes) -> Change:
    """A change of content by somebody who knows how bundles are stored."""

    def change(connection: sqlite3.Connection) -> None:
        n, stored = connection.execute(f"SELECT n, data FROM {table}").fetchone()
        data = zstandard.ZstdDecompressor().decompress(stored, max_output_size=1 << 26)
        assert data.count(old) == 1
        digest, packed = pack(data.replace(old, new))
        connection.execute(f"UPDATE {table} SET digest=?, data=? WHERE n=?", (digest, packed, n))

    return change
