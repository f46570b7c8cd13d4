"""What an evidence pack says of itself: `readme.txt` and `overview.csv`, both rebuilt by whoever verifies it."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import SEALED, Envelope
from chibox.records.notes import fingerprint, to_base64

README: Final = "readme.txt"
OVERVIEW: Final = "overview.csv"
EDITION: Final = 1
"""A changed letter means a new number, and the old text stays beside it: see `wording`."""
_VIETNAM: Final = timezone(timedelta(hours=7))
_LAST: Final = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp()) * 1000
_BYTE_ORDER: Final = "\ufeff"  # by it a spreadsheet reads UTF-8
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "'")
HEADINGS: Final = (
    "Mục nhật ký", "Ghi lúc", "Loại", "Trường", "Giá trị", "Đúng từ ngày", "Đến trước ngày", "Hộp biết đến trước mục"
)  # fmt: skip

_VIETNAMESE: Final = """\
HỒ SƠ CHỨNG CỨ VỀ MỘT NGƯỜI

Gồm {count_vi} mục nhật ký, {given_vi} mục có kèm nội dung
Mục có nội dung không kèm: đã xóa, hoặc người xin hồ sơ không được xem

Trong tệp này
overview.csv: bảng kê mọi điều đã ghi, mỗi dòng một điều
Thư mục mang số mục: entry.json là mục như trong nhật ký
proof.tlog-proof chứng minh mục ấy nằm trong nhật ký
part/body và salt/body là nội dung và muối của mục

Nhật ký: {origin}
Mốc đã ký: {size_vi} mục
Mã gốc: {root}
Khóa của nhật ký:
{vkey}
Dấu vân tay của khóa (SHA-256):
{print}

Cách kiểm tra
1. So dấu vân tay ở trên với dấu vân tay mà cấp ủy đã công bố.
2. Chạy lệnh: chibox verify --receipt TỆP --key KHÓA
Lệnh ấy tính lại từng mục, từng nội dung và từng dòng của bảng kê.
Ba cột cuối của bảng kê do hộp tính, không có chứng minh kèm theo.
Hồ sơ cho thấy các mục này đã được ghi. Nó không cho thấy hộp không có mục nào khác.
Giữ nguyên tệp này. Trong tệp có dữ liệu về người: không gửi cho người không có phận sự.
"""

_ENGLISH: Final = """\
EVIDENCE ABOUT ONE PERSON

{count_en} entries of the log, {given_en} of them with their content
Where content is not enclosed it was erased, or whoever asked may not read it

In this file
overview.csv: all that was recorded, one thing a line
A folder for each entry, named by its position: entry.json is the entry as it stands in the log
proof.tlog-proof proves that it stands there
part/body and salt/body are its content and the salt

Log: {origin}
Signed checkpoint: {size_en} entries
Root: {root}
Key of the log:
{vkey}
Fingerprint of the key (SHA-256):
{print}

How to check it
1. Compare the fingerprint with the one that the committee has made public.
2. Run: chibox verify --receipt FILE --key KEY
It computes every entry, every content and every line of the overview again.
The last three columns of the overview are the box's own sums; nothing proves them here.
The pack shows that these entries were recorded. It does not show that there are no others.
Keep this file as it is. It holds data about a person: hand it to nobody who has no business with it.

Wording {edition}
"""


class Line(NamedTuple):
    """A line of the overview; the last three are not proved by the pack."""

    position: int
    recorded: str
    kind: str
    field: str
    value: str
    since: str
    until: str
    known_until: str


def pack_words(count: int, given: int, checkpoint: Checkpoint, vkey: str) -> str:
    """The text of `readme.txt`, Vietnamese then English: so many entries, so many with content, the key of the checkpoint."""
    values = {
        "count_vi": _dots(count), "given_vi": _dots(given), "count_en": count, "given_en": given,
        "origin": checkpoint.origin, "size_vi": _dots(checkpoint.size), "size_en": checkpoint.size,
        "root": to_base64(checkpoint.root), "vkey": vkey, "print": _grouped(fingerprint(vkey)), "edition": EDITION,
    }  # fmt: skip
    return f"{_VIETNAMESE}\n\n{_ENGLISH}".format(**values)


def overview(lines: Iterable[Line]) -> bytes:
    """The overview as CSV (RFC 4180, UTF-8 with a byte order mark). A cell that a spreadsheet would compute begins with '."""
    file = io.StringIO()
    out = csv.writer(file)
    out.writerow(HEADINGS)
    out.writerows([_cell(str(one)) for one in line] for line in lines)
    return (_BYTE_ORDER + file.getvalue()).encode()


def read_overview(data: bytes) -> list[Line]:
    """The lines of an overview. Raises ValueError for what `overview` does not write."""
    rows = list(csv.reader(io.StringIO(data.decode().removeprefix(_BYTE_ORDER), newline=""), strict=True))
    if not rows or tuple(rows[0]) != HEADINGS or any(len(row) != len(HEADINGS) for row in rows):
        raise ValueError("its columns are others")
    lines = [Line(int(row[0]), *(_text(one) for one in row[1:])) for row in rows[1:]]
    if overview(lines) != data:
        raise ValueError("it is not written as an overview is")
    return lines


def said(envelope: Envelope, body: Mapping[str, Any] | None) -> tuple[str, str, dict[str, str]]:
    """When an entry was recorded, its kind, and its fields as text: of a sealed one as its body says, where that is enclosed."""
    time, kind = envelope.time, envelope.kind
    if body is not None and kind == SEALED:
        time, kind = body["c"]["time"], body["c"]["kind"]
    fields = {} if body is None else {name: _value(value) for name, value in body["f"].items()}
    return _moment(time), kind, fields


def _moment(time: int) -> str:
    if time > _LAST:
        return f"{time} ms"
    return datetime.fromtimestamp(time // 1000, _VIETNAM).strftime("%Y-%m-%d %H:%M:%S")


def _value(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


def _text(cell: str) -> str:
    return cell.removeprefix("'")


def _dots(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _grouped(digits: str) -> str:
    return " ".join(digits[at : at + 8] for at in range(0, len(digits), 8))
