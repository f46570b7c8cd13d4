"""An import that is taken back leaves no trace on whom nothing was built: the table is as it was before."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs
from plugins.membership.tests.importing.past import PEOPLE, Happening, happen, happenings, live

from chibox.commands import Answer
from chibox.errors import Refused
from chibox.records.core import Retracted
from chibox_membership.importing.command import ImportSheet
from chibox_membership.pages.sheets import sheet_row
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.tables import GONE, Member

if TYPE_CHECKING:
    import pytest
    from plugins.membership.tests.conftest import Roll

_NEW = 3
_TODAY = dt.date(2026, 11, 25)
_changes = st.fixed_dictionaries(
    {},
    optional={
        "residence_detail": st.sampled_from(("bản Mới", "thôn Đoài")),
        "religion": st.sampled_from(("00", "01")),
        "cell": st.integers(0, 2),
        "status": st.sampled_from(("active", "exempt", "interrupted", "deceased", "transferred")),
    },
)


def members(roll: "Roll") -> dict[str, Member]:
    """The roll by id."""
    with roll.reading() as read:
        return {row.subject: row for row in read.rows(Member, read.select(Member))}


def row_of(roll: "Roll", number: int, member: Member, change: dict[str, Any]) -> SheetRow:
    """A member's row of the sheet, with what it says otherwise; who has gone stays as they are."""
    if member.status in GONE:
        change = {}
    found = structs.replace(
        sheet_row(number, member), **{k: v for k, v in change.items() if k not in {"cell", "status"}}
    )
    if "status" in change and change["status"] != member.status:
        found = structs.replace(found, status=change["status"], left_on=None)
    if "cell" in change and found.status not in GONE:
        found = structs.replace(found, cell=roll.cells[change["cell"]])
    return found


def stranger(roll: "Roll", number: int) -> SheetRow:
    """Somebody who is not on the roll."""
    return SheetRow(
        row=7 + number, full_name="Lường Thị Bun", sex="female", born_on=dt.date(1990, 1, number), ethnic_group="03",
        religion="00", personal_id=f"991190{number:06}", cell=roll.east, admitted_on=dt.date(2026, 1, 1),
        status="active",
    )  # fmt: skip


def imported(roll: "Roll", changes: list[dict[str, Any]]) -> Answer:
    """The roll with changes, and some new people, as one act; a sheet without any change enters them at least."""
    rows = [stranger(roll, number) for number in range(1, _NEW + 1)]
    for number, (member, change) in enumerate(zip(members(roll).values(), changes, strict=True), 100):
        rows.append(row_of(roll, number, member, change))
    return roll.ask(ImportSheet(rows=tuple(rows), as_of=roll.box.log.size - 1))


def built_on(roll: "Roll", answer: Answer) -> set[str]:
    """Of whom something was recorded after the act, and stands."""
    with roll.reading() as read:
        later = [read.entry(position) for position in range(answer.last + 1, read.size)]
        standing = [e for e in later if not isinstance(e.body, Retracted) and not read.past.is_retracted(e)]
    return {entry.subject for entry in standing}


@settings(max_examples=30, deadline=None)
@given(
    before=happenings(),
    changes=st.lists(_changes, min_size=PEOPLE, max_size=PEOPLE),
    after=happenings(PEOPLE + _NEW, most=5),
)
def test_an_undo_restores_every_row_on_which_nothing_was_built(
    open_roll: "type[Roll]",
    tmp_path_factory: "pytest.TempPathFactory",
    before: list[Happening],
    changes: list[dict[str, Any]],
    after: list[Happening],
) -> None:
    """Whatever was before, whatever the sheet said and whatever came later: those rows are as before, the others stay."""
    roll = open_roll(tmp_path_factory.mktemp("undo") / "box")
    try:
        live(roll, before)
        table = members(roll)
        answer = imported(roll, changes)
        happen(roll, list(members(roll)), after)
        built, standing = built_on(roll, answer), members(roll)
        try:
            roll.undo(answer)
        except Refused:
            with roll.reading() as read:
                span = range(answer.first, answer.last + 1)
                assert {read.entry(position).subject for position in span} <= built
            return
        now = members(roll)
        assert {who: row for who, row in now.items() if who not in built} == {
            who: row for who, row in table.items() if who not in built
        }
        assert {who: row for who, row in now.items() if who in built} == {
            who: row for who, row in standing.items() if who in built
        }
    finally:
        roll.box.close()
