"""The reading process: bounded in memory and time, started anew, safe to start from many threads."""

import ast
import asyncio
import os
import re
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from plugins.membership.tests.sheet.listed import checked

from chibox.errors import ChiboxError, Invalid
from chibox.testing.commune import Commune, Size
from chibox.testing.msgids import used
from chibox_membership import sheet as package
from chibox_membership.sheet import reading
from chibox_membership.sheet.places import letters
from chibox_membership.sheet.reading import read
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.units import Units
from chibox_membership.sheet.whole import whole
from chibox_membership.sheet.wire import Limits
from chibox_membership.sheet.writing import write

People = Callable[[Size, int], tuple[Commune, list[SheetRow], dict[str, str]]]
SHEET = "xl/worksheets/sheet1.xml"


def test_a_good_file_is_read_whole(sheet: bytes, units: Units, today: Any) -> None:
    """One member goes in as bytes and comes out as a row."""
    assert [row.full_name for row in whole(sheet, units, today)] == ["Nguyễn Thị Hường"]


def test_five_thousand_rows_are_read_in_seconds(people: People) -> None:
    """A large sheet is read, compared and checked in a few seconds, on two slow cores."""
    its, rows, names = people("large", 1)
    data = write(rows[:5000], names, committee=its.name, day=its.today)
    begun = time.monotonic()
    found = checked(read(data).tables[0], Units((name, identity) for identity, name in names.items()), its.today)
    assert time.monotonic() - begun < 15
    assert found.rows == rows[:5000]


def test_a_refused_sheet_names_its_cells(sheet: bytes, units: Units, today: Any, parts: Any, zipped: Any) -> None:
    """A sheet with a fault is refused whole; a file that is none is refused in its words."""
    spoilt = zipped({**parts, SHEET: parts[SHEET].replace(b"07/05/1968", b"30/02/1968")})
    with pytest.raises(Invalid) as refused:
        whole(spoilt, units, today)
    assert str(refused.value) == "The sheet was not taken: 1 places in 1 rows need a look. Nothing was changed."
    assert str(refused.value.fields["F8"]) == "Row 8, column F: month 2 of 1968 has only 29 days."
    with pytest.raises(Invalid, match="This is a PDF"):
        whole(b"%PDF-1.7", units, today)


def test_a_large_file_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over the limit is refused at the door."""
    monkeypatch.setattr(reading, "_COMMAND", ("/nowhere",))
    with pytest.raises(Invalid, match="This file is larger than 1 MB"):
        read(b"x" * 1_000_001, Limits(file=1_000_000))


def test_many_threads_of_a_server_read_at_once(sheet: bytes) -> None:
    """From threads of a running event loop files are read side by side, while the loop goes on."""

    async def all_at_once() -> list[str]:
        books = await asyncio.gather(*(asyncio.to_thread(read, sheet) for _ in range(6)))
        return [book.tables[0].name for book in books]

    assert asyncio.run(all_at_once()) == ["DANH SÁCH ĐẢNG VIÊN"] * 6


def test_memory_is_bounded(parts: Mapping[str, bytes], zipped: Callable[..., bytes]) -> None:
    """What needs more memory than is given ends with a sentence, and this process goes on."""
    large = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
    cells = b"".join(b'<c r="%s1"><v>1</v></c>' % letters(place).encode() for place in range(1, 16385))
    rows = b"".join(
        b'<row r="%d">' % row + cells.replace(b'1"><v>', b'%d"><v>' % row) + b"</row>" for row in range(1, 40)
    )
    data = zipped({**parts, SHEET: large + rows + b"</sheetData></worksheet>"})
    with pytest.raises(Invalid, match=r"takes too much memory|within the limits"):
        read(data, Limits(memory=1_000_000))


def test_processor_time_is_bounded(parts: Mapping[str, bytes], zipped: Callable[..., bytes]) -> None:
    """A file that takes long is ended within its time: 100 MB of markup in a small file, a second of the processor."""
    bomb = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" + b"<a/>" * 25_000_000
    data = zipped({**parts, SHEET: bomb + b"</worksheet>"})
    assert len(data) < 1_000_000
    begun = time.monotonic()
    with pytest.raises(Invalid, match=r"takes too long to read|within the limits"):
        read(data, Limits(cpu=1))
    assert time.monotonic() - begun < 20


def test_formatted_empty_rows_cost_little(
    parts: Mapping[str, bytes], zipped: Callable[..., bytes], units: Units, today: Any
) -> None:
    """20,000 formatted rows without a value below the list are passed over, and a value among them is still found."""
    cells = "".join(f'<c r="{letters(place)}@" s="1"/>' for place in range(1, 32))
    rows = "".join(f'<row r="{row}">{cells.replace("@", str(row))}</row>' for row in range(9, 20_000)).encode()
    end = b"</sheetData>"
    begun = time.monotonic()
    data = zipped({**parts, SHEET: parts[SHEET].replace(end, rows + end)})
    assert [row.row for row in whole(data, units, today)] == [8]
    lone = rows.replace(b'<c r="I15000" s="1"/>', b'<c r="I15000" s="1"><v>5</v></c>')
    data = zipped({**parts, SHEET: parts[SHEET].replace(end, lone + end)})
    with pytest.raises(Invalid) as refused:
        whole(data, units, today)
    assert list(refused.value.fields) == ["I15000"]
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize(
    ("outcome", "error", "sentence"),
    [
        (subprocess.TimeoutExpired("x", 1), Invalid, "This workbook takes too long to read. Delete what is not of the list."),
        (subprocess.CompletedProcess([], -signal.SIGKILL, b""), Invalid,
         "This workbook cannot be read within the limits. Delete what is not of the list."),
        (subprocess.CompletedProcess([], 1, b""), ChiboxError, "The process that reads workbooks failed with code 1."),
    ],
)  # fmt: skip
def test_an_end_before_the_answer_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, outcome: Any, error: type[ChiboxError], sentence: str
) -> None:
    """A process that is ended by a limit blames the file; one that fails of itself blames the box, not the file."""

    def run(*_: Any, **__: Any) -> Any:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr("chibox_membership.sheet.reading.subprocess.run", run)
    with pytest.raises(error, match=re.escape(sentence)) as refused:
        read(b"x")
    assert type(refused.value) is error


def test_the_process_knows_nothing_of_the_box() -> None:
    """The reading process loads neither core's plugin door nor the web, gets no environment of ours and no descriptor."""
    code = (
        "import chibox_membership.sheet.child, sys, os;"
        "print([m for m in sys.modules if m.startswith(('chibox.', 'litestar', 'piccolo'))], len(os.environ))"
    )
    command = (*reading._COMMAND[:2], "-c", code)
    shown = subprocess.run(command, check=True, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}).stdout
    assert shown.startswith("[] ")


def test_every_sentence_has_its_test() -> None:
    """Each sentence that the sheet can say, but for labels of columns, is expected word for word by one of these tests."""
    here, labels = Path(__file__).parent, "columns.py"
    said = {msgid.one for msgid in used(Path(package.__file__).parent)[0] if not msgid.where.startswith(labels)}
    expected = " \0 ".join(
        node.value
        for path in here.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    missing = [
        sentence
        for sentence in sorted(said)
        if not re.search(re.sub(r"\\\{\w+\\\}", "[^\0]*?", re.escape(sentence)), expected)
    ]
    assert not missing, "\n".join(missing)
    assert len(said) > 80


def test_a_written_file_is_stored_without_what_was_before(sheet: bytes) -> None:
    """The file that is written passes its own guard: parts apart, nothing before the first, no part twice."""
    with zipfile.ZipFile(BytesIO(sheet)) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))
    assert read(sheet).tables
