"""Which erasures are done in the log and not finished in the files of the box: computed, so that no crash forgets one."""

import json
import os
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from chibox.erasing.tables import DONE, Erasure, erasing
from chibox.keys import sync_folder

NAME: Final = "erased"
_TABLE: Final = erasing.tables[Erasure].name


class Unfinished(NamedTuple):
    """An erasure that is done in the log of `box`: its row's id, the person, the position of the record that did it."""

    id: str
    box: int
    person: str
    position: int


def unfinished(connection: sqlite3.Connection, folder: Path) -> list[Unfinished]:
    """The erasures in the tables that are not noted as finished; after a restore, where the note is not there, all of them."""
    rows = connection.execute(
        f'SELECT subject, box, person, closed FROM "{_TABLE}" WHERE state=? ORDER BY box, closed', (DONE,)
    ).fetchall()
    known = finished(folder) if rows else frozenset()
    return [Unfinished(*row) for row in rows if row[0] not in known]


def finished(folder: Path) -> frozenset[str]:
    """The ids of the erasures that were noted as finished in these files."""
    try:
        return frozenset(json.loads((folder / NAME).read_bytes()))
    except (FileNotFoundError, ValueError):  # a note that cannot be read makes the work be done once more
        return frozenset()


def note_finished(folder: Path, ids: Collection[str]) -> None:
    """Durable on return; a crash leaves the note as it was. It is never put into a backup: a restored box finishes all again."""
    making = folder / f"{NAME}.new"
    with making.open("wb") as file:
        file.write(json.dumps(sorted(ids)).encode())
        file.flush()
        os.fsync(file.fileno())
    making.rename(folder / NAME)
    sync_folder(folder)
