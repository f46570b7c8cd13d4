"""The reading process and what is worst for it: its time, its memory, and everything that it asks of the system."""

import time
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date
from io import BytesIO
from typing import Any, Final
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from plugins.membership.tests.sheet.hostile import bombs
from plugins.membership.tests.sheet.hostile.files import MAIN, TODAY, UNIT, WHO, Case, good
from plugins.membership.tests.sheet.hostile.process import Process
from plugins.membership.tests.sheet.hostile.sentences import MEMORY

from chibox.plugin import Invalid
from chibox_membership.sheet.reading import read
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import taken
from chibox_membership.sheet.writing import write, write_cells

_UNITS: Final = Units([(UNIT, "a" * 32)])
_MB: Final = 400
"""Of memory in use at most: what the process takes idle, and 300 MB."""
_SECONDS: Final = 15
"""Of the processor; its own limit is 30."""
ACTIVE: Final = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /c calc'!A0", '=HYPERLINK("http://127.0.0.1:9/","x")', "\t=1+1", "\r=1+1",
    "{=1+1}", '=WEBSERVICE("http://127.0.0.1:9/")', "http://127.0.0.1:9/", "internal:A1", "1234567890123", "TRUE", "#REF!",
    "＝1+1", "'=1+1", " =1+1", "=" * 40, "<f>1+1</f>", "]]><c><f>1</f></c>", "_x003D_1+1",
)  # fmt: skip


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch) -> Process:
    """The reading process, watched."""
    return Process(monkeypatch)


@pytest.mark.parametrize("case", bombs.CASES, ids=str)
def test_a_bomb_ends_in_its_process(case: Case, process: Process) -> None:
    """It is read, or refused in words, in seconds, within its memory; nothing is opened; a good file is read after it."""
    data = case.make()
    assert len(data) < 20_000_000
    try:
        found: Any = tuple(f"{row.full_name}, {row.born_on}" for row in taken(read(data), _UNITS, TODAY))
    except Invalid as refused:
        found = str(refused)
    assert found in {case.gets, MEMORY}
    assert process.last.seconds < _SECONDS
    assert process.last.peak < _MB
    assert not process.last.asked
    assert [row.full_name for row in taken(read(good()), _UNITS, TODAY)] == [WHO]


def _member(number: int) -> SheetRow:
    return SheetRow(
        row=number, full_name=f"{WHO} {number}", sex="female", born_on=date(1968, 5, 7), ethnic_group="01", religion="00",
        personal_id=f"{number:012}", card_number=f"{number:012}", cell="a" * 32, admitted_on=date(1990, 2, 3),
        official_on=date(1991, 2, 3), status="active", residence_detail=f"Số {number}, thôn Đông, xã Sao Mai",
    )  # fmt: skip


def test_five_thousand_members_take_little(process: Process) -> None:
    """A good file of 5,000 rows takes the process at most 200 MB and a few seconds, and asks the system for nothing."""
    members = [_member(number) for number in range(8, 5_008)]
    data = write(members, {"a" * 32: UNIT}, committee="Đảng bộ xã Sao Mai", day=TODAY)
    begun = time.process_time()
    assert taken(read(data), _UNITS, TODAY) == members
    assert time.process_time() - begun < _SECONDS
    assert process.last.peak < 200
    assert process.last.seconds < _SECONDS
    assert not process.last.asked


def test_the_process_would_be_seen_asking(process: Process, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the process opens after it has bound itself is told."""
    driver = "child.main = lambda main=child.main: (main(), open('/etc/hostname', 'rb').close())\nchild.main()"
    process.drive(monkeypatch, driver)
    read(good())
    assert process.last.asked == ["open /etc/hostname"]


def _cells(data: bytes) -> Iterator[tuple[str, str]]:
    """Kind and text of every cell of every sheet, as another reader finds them."""
    for sheet in load_workbook(BytesIO(data)).worksheets:
        for row in sheet.iter_rows():
            yield from ((cell.data_type, str(cell.value)) for cell in row if cell.value is not None)


def _written() -> Mapping[str, bytes]:
    """Sheets whose every text wants to be a formula: a list, and what is left of one."""
    members = [
        SheetRow(
            row=8,
            full_name=text,
            other_name=text,
            card_place=text,
            residence_country=text,
            check_detail=text,
            cell="a" * 32,
        )
        for text in ACTIVE
    ]
    lines = [dict.fromkeys(("full_name", "born_on", "personal_id", "check_detail"), text) for text in ACTIVE]
    return {
        "list": write(members, {"a" * 32: "=1+1"}, committee="=1+1", day=TODAY),
        "left over": write_cells(lines, committee="=1+1", day=TODAY),
    }


@pytest.mark.parametrize("kind", ["list", "left over"])
def test_nothing_that_is_written_is_a_formula(kind: str) -> None:
    """Whatever a text begins with, its cell is text, no cell is a formula or a link, and the file names nothing outside."""
    data = _written()[kind]
    cells = list(_cells(data))
    assert {text for _, text in cells} >= {text for text in ACTIVE if text.isprintable() and "_x" not in text}
    assert {kind for kind, _ in cells} == {"s"}
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            content = archive.read(name)
            assert b"TargetMode" not in content, name
            tags = {element.tag for element in ET.fromstring(content).iter()}
            assert not tags & {f"{{{MAIN}}}{tag}" for tag in ("f", "hyperlink", "definedName", "externalReference")}


def test_what_begins_like_a_formula_is_marked_as_text() -> None:
    """A cell whose text another program might calculate bears the mark that spreadsheets give to text typed so."""
    marked = {
        cell.value: cell.quotePrefix
        for row in load_workbook(BytesIO(_written()["list"])).worksheets[0].iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    assert all(marked[text] for text in ACTIVE if text[0] in "=+-@")
