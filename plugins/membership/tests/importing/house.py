"""A box with its office for tests of importing: files on people's desks, the task that tries them, clerks who record."""

import asyncio
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import cast

from plugins.membership.tests.importing.files import Line, line_of, workbook

from chibox.box import Box
from chibox.drafts.draft import Draft, File
from chibox.drafts.drafts import Drafts
from chibox.identity.permissions import Picture
from chibox.office import Office
from chibox.reading import Read
from chibox.site.visit import Visit
from chibox.testing.boxes import act
from chibox.work.tasks import Duty
from chibox_membership.importing import desk
from chibox_membership.importing.held import Desk, Kept, Purpose, Recorded, What
from chibox_membership.tables import Member


class Clerk:
    """Somebody who imports: what a page knows of its visitor, without a browser."""

    def __init__(self, house: "House", person: str) -> None:
        self.house, self.office, self.person = house, house.office, person
        self.drafts = Drafts(self.office.drafts, "membership", person, house.box.clock.now)
        self.new_act = act

    @property
    def picture(self) -> Picture:
        """Posts and tree."""
        return self.house.box.picture

    @property
    def now(self) -> int:
        """What the clock says, in ms."""
        return self.house.box.clock.now()

    @contextmanager
    def reading(self, page: str = "", **_: object) -> Iterator[Read]:
        """A snapshot."""
        with self.house.box.reading(self.person) as read:
            yield read

    def opened(self, data: bytes, purpose: Purpose = "import", name: str = "dang-vien.xlsx") -> Draft:
        """A file on the desk, not looked at yet."""
        return desk.open_desk(self.drafts, purpose, File(name, data))

    def tried(self, lines: Sequence[Line] | bytes, purpose: Purpose = "import") -> Draft:
        """A file that the task has tried; with what the desk holds then."""
        draft = self.opened(lines if isinstance(lines, bytes) else workbook(lines), purpose)
        self.house.work()
        return self.now_of(draft)

    def now_of(self, draft: Draft) -> Draft:
        """The draft as it stands."""
        return desk.desk_of(self.drafts, draft.id)[0]

    def desk(self, draft: Draft) -> Desk:
        """What lies on the desk."""
        return desk.desk_of(self.drafts, draft.id)[1]

    def counts(self, draft: Draft) -> dict[str, int]:
        """How many rows the trial put where; what is none is left out."""
        return {what: count for what, count in desk.counts(self.drafts, draft).items() if count}

    def rows(self, draft: Draft, what: What) -> dict[int, Kept]:
        """The rows of one tab, by their number in the file."""
        return {kept.row.number: kept for _, kept in desk.rows(self.drafts, draft, what, page=1, size=10**6)}

    def mend(
        self,
        draft: Draft,
        mends: Mapping[int, Mapping[str, str]] | None = None,
        answers: Mapping[int, Mapping[str, str]] | None = None,
    ) -> Draft:
        """Write into the page and have it checked again; rows by their number in the file."""
        numbers = {kept.row.number: number for number, _, kept in self.drafts.items(draft, Kept)}
        placed = [{numbers[row]: some for row, some in (each or {}).items()} for each in (mends, answers)]
        desk.write(self.drafts, draft, *placed)
        desk.check(self.drafts, self.now_of(draft), self.reading, self.house.box.clock.now)
        return self.now_of(draft)

    def record(self, draft: Draft) -> Recorded:
        """Record what is new and changed."""
        return asyncio.run(desk.record(cast("Visit", self), self.drafts, self.now_of(draft), self.reading))


class House:
    """The box and the files beside it."""

    def __init__(self, box: Box) -> None:
        self.box, self.office = box, Office(box)

    def work(self) -> None:
        """The task runs once, as after a hint or a start."""
        tasks = [task for plugin, some in self.box.plugins.each("tasks") if plugin == "membership" for task in some]
        trial = next(task for task in tasks if task.name == "trial")
        trial.run(Duty(self.box, "membership", self.office.drafts))

    def members(self) -> dict[str, Member]:
        """The roll by id."""
        with self.box.reading() as read:
            return {row.subject: row for row in read.rows(Member, read.select(Member))}

    def lines(self) -> list[Line]:
        """The roll as lines of a sheet, by personal number."""
        with self.box.reading() as read:
            names = {unit: row.name for unit, row in read.picture.units.items()}
        return [line_of(row, names) for row in sorted(self.members().values(), key=lambda row: row.personal_id)]

    def cells(self) -> list[str]:
        """The names of the cells."""
        with self.box.reading() as read:
            return [row.name for row in read.picture.units.values() if row.kind == "cell"]

    @property
    def today(self) -> dt.date:
        """The day of the box."""
        with self.box.reading() as read:
            return read.today

    def close(self) -> None:
        """Close the files; the box stays open."""
        self.office.close()
