"""`chibox import`: the file is read here, the running box takes it whole or not at all."""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec import structs

from chibox.app import application
from chibox.calling import announced
from chibox.cli import main
from chibox.office import Office
from chibox.testing import browser as look
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.writing import write
from chibox_membership.tables import Member

if TYPE_CHECKING:
    from plugins.membership.tests.conftest import Roll

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def served(roll: "Roll") -> Iterator["Roll"]:
    """The box, served on loopback, as it tells other processes."""
    with (
        closing(Office(roll.box)) as office,
        look.serving(application(office)) as address,
        announced(roll.folder) as announcement,
    ):
        announcement.say(address)
        yield roll


def sheet(roll: "Roll", path: Path, *, wrong: bool = False) -> Path:
    """A file with so many rows that as JSON they are more than a usual command may have."""
    usual = SheetRow(
        row=8, full_name="Lý A Sử", sex="male", born_on=dt.date(1990, 1, 1), ethnic_group="01", religion="00",
        personal_id="", cell=roll.east, admitted_on=dt.date(2026, 1, 1), status="active", other_name="x" * 400,
        residence_detail="y" * 400,
    )  # fmt: skip
    rows = [structs.replace(usual, row=8 + place, personal_id=f"993190{place:06}") for place in range(1300)]
    if wrong:
        rows[5] = structs.replace(rows[5], personal_id="12")
    names = {unit: one.name for unit, one in roll.box.picture.units.items()}
    path.write_bytes(write(rows, names, committee="Đảng bộ xã Sao Mai", day=TODAY))
    return path


def test_a_sheet_is_imported_from_the_command_line(
    served: "Roll", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All rows enter as one act, whose receipt number is told; again, nothing would change."""
    served.someone("service")
    file = sheet(served, tmp_path / "roll.xlsx")
    assert main(["import", str(file), "--box", str(served.folder)]) == 0
    assert f"Đã nhập 1.300 dòng. Biên nhận {served.box.log.size - 1:,}.".replace(",", ".") in capsys.readouterr().out
    with served.reading() as read:
        assert read.count(Member) == 1300
    assert main(["import", str(file), "--box", str(served.folder)]) == 1
    assert "Không có gì thay đổi" in capsys.readouterr().err


def test_a_wrong_cell_is_told_and_nothing_is_sent(
    served: "Roll", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each fault stands on a line with its cell; the box has not changed."""
    served.someone("service")
    size = served.box.log.size
    file = sheet(served, tmp_path / "roll.xlsx", wrong=True)
    assert main(["import", str(file), "--box", str(served.folder)]) == 1
    assert "  I13: Dòng 13, cột I: số định danh phải đủ 12 chữ số; ở đây có 2." in capsys.readouterr().err
    assert served.box.log.size == size


def test_a_box_that_does_not_run_is_named(roll: "Roll", tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a running box nothing is read, and the way to start it is told."""
    file = tmp_path / "roll.xlsx"
    file.write_bytes(b"")
    assert main(["import", str(file), "--box", str(roll.folder)]) == 1
    assert "chibox run" in capsys.readouterr().err


def test_a_row_that_only_a_person_can_decide_stops_the_whole(
    served: "Roll", tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A known member with another birth date is told on a line, with row and column; not one row is recorded."""
    served.someone("service")
    joined = dt.date(2026, 1, 1)
    served.enter(personal_id="993190000003", born_on=dt.date(1991, 1, 1), admitted_on=joined, official_on=None)
    size = served.box.log.size
    file = sheet(served, tmp_path / "roll.xlsx")
    assert main(["import", str(file), "--box", str(served.folder)]) == 1
    said = capsys.readouterr().err
    assert "  F11: Dòng 11, cột F: " in said
    assert served.box.log.size == size
