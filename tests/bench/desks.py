"""A file of 5,000 rows on the clerk's desk: tried, and what is right of it recorded; against openpyxl's bare reading."""

import asyncio
import subprocess
import sys
from contextlib import closing, suppress
from functools import cached_property
from io import BytesIO
from typing import Final

from litestar.testing import RequestFactory
from msgspec import msgpack
from openpyxl import load_workbook
from tests.bench.files import MANY, file_of, repeated, spoiled, strange
from tests.bench.goals import SHEET, WRONG
from tests.bench.seed import Seed
from tests.bench.watch import Watch

from chibox.box import Box
from chibox.drafts.draft import Draft, File
from chibox.drafts.drafts import Drafts
from chibox.errors import Invalid
from chibox.office import Office
from chibox.site.visit import Visit
from chibox.site.who import Who
from chibox_membership.importing.desk import counts, go_on, open_desk, record
from chibox_membership.sheet.reading import read
from chibox_membership.sheet.wire import Limits

_CHILD: Final = """
import sys
from chibox_membership.sheet import child
child.main()
lines = open("/proc/self/status").read().splitlines()
print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")), file=sys.stderr)
"""


class Desks:
    """One file of 5,000 rows, 150 of them wrong, and one of 50,000, made once."""

    def __init__(self, seed: Seed) -> None:
        self.seed = seed

    @cached_property
    def file(self) -> bytes:
        """5,000 rows, 150 of them wrong."""
        return file_of(self.seed, spoiled(strange(self.seed)))

    @cached_property
    def many(self) -> bytes:
        """50,000 rows: more than the box takes at once."""
        return file_of(self.seed, repeated(strange(self.seed), MANY))

    def bare(self, watch: Watch) -> dict[str, float]:
        """Seconds of openpyxl's reading of the same file."""
        file = self.file
        with watch.timed("openpyxl"):
            read_bare(file)
        return {"openpyxl": watch.seconds}

    def preview(self, watch: Watch) -> dict[str, float]:
        """Seconds from the file's coming to the last row's trial, and of recording what is right."""
        file = self.file
        with self.seed.opened() as box, closing(Office(box)) as office:
            drafts = Drafts(office.drafts, "membership", self.seed.clerk, box.clock.now)
            with watch.timed("preview"):
                draft = open_desk(drafts, "import", File("roll.xlsx", file))
                draft = go_on(drafts, draft, lambda: box.reading(self.seed.clerk), box.clock.now)
            preview, found = watch.seconds, counts(drafts, draft)
            assert found == {"new": SHEET - WRONG, "wrong": WRONG}, found
            with watch.timed("commit", box):
                self._record(box, office, drafts, draft)
        return {"preview": preview, "commit": watch.seconds}

    def bounds(self) -> dict[str, float]:
        """MB that the reading process held at most, of 5,000 rows and of 50,000, and seconds until those are refused."""
        watch, many = Watch(), self.many
        with watch.timed("50,000 rows"), suppress(Invalid):
            read(many)
            raise AssertionError("50,000 rows are more than the box takes at once")
        return {"child": _peak(self.file), "child of many": _peak(many), "refusal": watch.seconds}

    def _record(self, box: Box, office: Office, drafts: Drafts, draft: Draft) -> None:
        clerk = self.seed.clerk
        visit = Visit(RequestFactory().post("/"), office, Who(clerk, "clerk"))
        told = asyncio.run(record(visit, drafts, draft, lambda: box.reading(clerk)))
        assert (told.new, told.changed) == (SHEET - WRONG, 0)


def read_bare(data: bytes) -> int:
    """Every value of every sheet, by openpyxl alone; returns how many there are."""
    book = load_workbook(BytesIO(data), read_only=True)
    number = sum(value is not None for sheet in book for row in sheet.iter_rows(values_only=True) for value in row)
    book.close()
    return number


def _peak(data: bytes) -> float:
    """MB that the reading process held at most, shared pages included.

    It tells so itself: what the kernel tells of a child that ended counts its parent, from before it became another program.
    """
    limits = msgpack.encode(Limits())
    command = [sys.executable, "-I", "-c", _CHILD]
    told = len(limits).to_bytes(4, "big") + limits + data
    ended = subprocess.run(command, input=told, capture_output=True, check=True)
    return int(ended.stderr) / 1024
