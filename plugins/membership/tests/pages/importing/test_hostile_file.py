"""While a hostile file is being read, the box serves everybody else, and nothing of the file comes into it."""

import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from threading import Thread

import pytest
from plugins.membership.tests.pages.importing.conftest import Clerk, csv_file, text
from plugins.membership.tests.sheet.hostile.files import SHEET, before, parts

_ADDRESSES = ("/", "/membership", "/membership/import")
_SECONDS = 2


def _elements() -> bytes:
    """A hundred thousand bytes that unpack to fifty million."""
    return before("<sheetData>", "<a/>" * 12_000_000)


def _merged() -> bytes:
    """More merged ranges than there is memory for."""
    return before("</mergeCells>", '<mergeCell ref="A8:B8"/>' * 1_500_000)


def _wrong() -> bytes:
    """Two thousand rows of which every cell is wrong in its own way."""
    return csv_file(
        *({key: f"Đạo Phật giáo {number} {key}" for key in ("name", "sex", "born", "group", "religion", "id", "cell")}
          for number in range(2_000))
    )  # fmt: skip


@pytest.mark.parametrize("make", [_elements, _merged, _wrong])
def test_other_pages_answer_while_a_hostile_file_is_read(clerk: Clerk, make: Callable[[], bytes]) -> None:
    """Home, the list and the desk come within two seconds each; afterwards the page of the file stands, the log as it was."""
    data, size, other = make(), clerk.roll.box.log.size, clerk.browser(clerk.roll.clerk)
    addresses: list[str] = []
    reading = Thread(target=lambda: addresses.append(clerk.send_file(data, "ds.xlsx")))
    reading.start()
    took: list[float] = []
    while reading.is_alive() or not took:
        for address in _ADDRESSES:
            begun = time.monotonic()
            assert other.get(address).status_code == 200
            took.append(time.monotonic() - begun)
        time.sleep(0.05)
    reading.join()
    assert sorted(took)[len(took) * 9 // 10] < _SECONDS, took
    assert len(took) > len(_ADDRESSES)
    assert text(clerk.clerk.get(addresses[0]).text)
    assert clerk.roll.box.log.size == size


def test_a_good_file_is_read_after_them(clerk: Clerk) -> None:
    """The desk goes on as before."""
    assert "2 đảng viên mới" in clerk.open(clerk.send_file(clerk.file()))
    with zipfile.ZipFile(BytesIO(before("<sheetData>", ""))) as archive:
        assert archive.read(SHEET) == parts()[SHEET]
