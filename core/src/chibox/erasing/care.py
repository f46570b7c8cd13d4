"""How erasing is, for the page of health."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from chibox.backup import care
from chibox.erasing.tables import DONE, Erasure, erasing
from chibox.erasing.unfinished import finished, unfinished
from chibox.errors import words
from chibox.hooks import Check
from chibox.reading import Read

_NAME: Final = words("Erasing")
_LAST: Final = f'SELECT max(closed_at) FROM "{erasing.tables[Erasure].name}" WHERE box=? AND state=?'


def checks(read: Read) -> Sequence[Check]:
    """Nothing in a box where nobody was ever erased."""
    folder = folder_of(read)
    if waiting := len(unfinished(read.connection, folder)):
        technique = words("A process still reads pages from before: an export, a backup, `chibox verify` of this box.")
        sentence = words("Older copies of {count} erasures still stand in the box's own files.", count=waiting)
        return [Check(_NAME, "attention", sentence, words("Wait until exports and backups have ended"), technique)]
    if not (done := len(finished(folder))):
        return []
    last = read.connection.execute(_LAST, (read.box, DONE)).fetchone()[0]
    made = care.read(folder).backup
    if last is not None and made is not None and made.at < last:
        sentence = words("Since the last backup something was erased; that backup still holds it.")
        return [Check(_NAME, "attention", sentence, words("Make a new backup, then do away with the old ones"))]
    sentence = words("{count} erasures are finished. Backups from before still hold what was erased.", count=done)
    return [Check(_NAME, "good", sentence)]


def folder_of(read: Read) -> Path:
    """The folder of the box that is read."""
    rows = read.connection.execute("PRAGMA database_list").fetchall()
    return Path(next(file for _, name, file in rows if name == "main")).parent
