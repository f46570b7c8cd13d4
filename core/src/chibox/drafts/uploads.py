"""Files on their way: each a draft of whoever sends it, that grows at its end until it is whole."""

from collections.abc import Callable
from typing import Final

import msgspec

from chibox.drafts.draft import Draft, File
from chibox.drafts.drafts import Drafts
from chibox.drafts.file import DraftFile, forget
from chibox.errors import Conflict, Invalid
from chibox.text import nfc

KIND: Final = "upload"
DAYS: Final = 1
OPEN: Final = 5  # for a person; the oldest goes when a sixth begins
LARGEST: Final = 20 << 20  # bytes of a file
_NAME: Final = 200  # letters


class Coming(msgspec.Struct, frozen=True):
    """What was said of a file when it began to come: its name, how many bytes it has."""

    name: str
    length: int


class Uploads(Drafts):
    """The files that a person is sending, or has sent within a day. What came is durable, piece by piece."""

    def __init__(self, file: DraftFile, person: str, clock: Callable[[], int]) -> None:
        super().__init__(file, "core", person, clock)

    def expect(self, name: str, length: int) -> Draft:
        """Begin; of more than five the oldest is thrown away."""
        begun = self.begin(KIND, Coming(bare_name(name), length), days=DAYS)
        with self._store.writing() as run:
            for upload in self.all(KIND)[OPEN:]:
                forget(run, self._find(run, upload.id, KIND)[0])
        return begun

    def arrived(self, upload: Draft) -> int:
        """How many bytes of it are there. Raises NotFound."""
        with self._store.reading() as run:
            no, _ = self._find(run, upload.id, KIND)
            found = run.execute("SELECT coalesce(max(start+length(data)), 0) FROM piece WHERE draft=?", (no,))
            return int(found.fetchone()[0])

    def append(self, upload: Draft, at: int, data: bytes) -> int:
        """Add what follows the first `at` bytes; returns how many are there now. Durable on return, whole or not at all.

        Raises Conflict when another number of bytes is there, Invalid for more than were announced, NotFound.
        """
        with self._changing(upload) as (run, no, found):
            if self.arrived(found) != at:
                raise Conflict("Another number of bytes is there; ask how many.")
            if at + len(data) > found.state(Coming).length:
                raise Invalid("This is more than was announced.")
            if data:
                run.execute("INSERT INTO piece(draft, start, data) VALUES(?,?,?)", (no, at, data))
        return at + len(data)

    def sent(self, id: str) -> File:  # noqa: A002 - the word for it
        """A file that has come. Raises NotFound, Invalid while it is not whole."""
        upload = self.get(id, KIND)
        coming = upload.state(Coming)
        if self.arrived(upload) != coming.length:
            raise Invalid("The file has not come whole; choose it again.")
        return File(coming.name, self.content(upload) if coming.length else b"")


def bare_name(name: str) -> str:
    """The name of a file as it may be shown: without folders and what cannot be seen; the end of a very long one."""
    last = nfc(name).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(sign for sign in last if sign.isprintable()).strip()[-_NAME:]
