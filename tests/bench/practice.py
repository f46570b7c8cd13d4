"""A practice box whose clerk has just brought a file with rows of every kind, and compared another: its pages are weighed."""

import datetime as dt
from contextlib import closing
from pathlib import Path
from typing import Final

from msgspec.structs import replace
from tests.bench.files import spoiled
from tests.bench.seed import TODAY, rows_of, strangers

from chibox import demo
from chibox.box import Box
from chibox.drafts.draft import File
from chibox.drafts.drafts import Drafts
from chibox.office import Office
from chibox.testing.commune import commune
from chibox_membership.importing.desk import counts, go_on, open_desk
from chibox_membership.importing.held import WHATS
from chibox_membership.pages.sheets import sheet_row
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.writing import write
from chibox_membership.tables import GONE, Member

ACCOUNT: Final = next(account.sign_in for account in demo.ACCOUNTS if account.role == demo.CLERK)
_NEW: Final = 900
_EACH: Final = 60  # of those who change, are doubtful, are the same


def practice(folder: Path) -> None:
    """Fill the box and lay the files on the clerk's desk; 2,100 members. The box is closed on return."""
    demo.fill(folder, lambda _: None)
    box = Box.open(folder)
    with closing(box), closing(Office(box)) as office:
        clerk = office.person_of(ACCOUNT) or ""
        drafts = Drafts(office.drafts, "membership", clerk, box.clock.now)
        file = File("dang-vien.xlsx", _file(box))
        for purpose in ("import", "compare"):
            draft = go_on(drafts, open_desk(drafts, purpose, file), lambda: box.reading(clerk), box.clock.now)
            found = counts(drafts, draft)
            assert all(found.get(what) for what in WHATS if (purpose, what) != ("compare", "doubtful")), found


def _file(box: Box) -> bytes:
    names = {unit: row.name for unit, row in box.picture.units.items() if row.kind == "cell"}
    with box.reading() as read:
        known = [member for member in read.rows(Member, read.select(Member)) if member.status not in GONE]
    others = strangers(known, commune("usual", seed=3, today=TODAY).members)[:_NEW]
    stand = [sheet_row(0, member) for member in known[: 3 * _EACH]]
    changed = [replace(row, residence_detail="Thôn Mới") for row in stand[:_EACH]]
    doubtful = [replace(row, born_on=_day_before(row)) for row in stand[_EACH : 2 * _EACH]]
    rows = [*changed, *doubtful, *stand[2 * _EACH :], *spoiled(rows_of(others, list(names)))]
    return write(rows, names, committee="Đảng bộ xã Sao Mai", day=TODAY)


def _day_before(row: SheetRow) -> dt.date:
    assert row.born_on is not None
    return row.born_on - dt.timedelta(days=1)
