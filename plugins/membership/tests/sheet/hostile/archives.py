"""Broken and misleading archives."""

import re
import struct
import zipfile
from collections.abc import Callable
from io import BytesIO, RawIOBase
from typing import Final

from plugins.membership.tests.sheet.hostile.files import READ, SHEET, Case, good, packed, parts, two_bytes, with_part
from plugins.membership.tests.sheet.hostile.sentences import (
    DAMAGED,
    FOREIGN,
    LARGE,
    LEADS_OUT,
    MACROS,
    ONE_NAME,
    OVERLAP,
    PACKED,
    PACKING,
)

_ENTRY, _LOCAL, _END = b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"
_LISTED = 42
"""Where an entry of the directory says where its part begins."""


def _flipped() -> bytes:
    with zipfile.ZipFile(BytesIO(good())) as archive:
        entry = archive.getinfo(SHEET)
    place = entry.header_offset + 30 + len(SHEET) + entry.compress_size // 2
    return good()[:place] + bytes([good()[place] ^ 0x10]) + good()[place + 1 :]


def _entry(offset: int, value: bytes, name: str = SHEET) -> bytes:
    return two_bytes(good(), _ENTRY, name, offset, value)


def _end(offset: int, value: bytes) -> bytes:
    place = good().rindex(_END)
    return good()[: place + offset] + value + good()[place + offset + len(value) :]


def _local(offset: int, value: bytes) -> bytes:
    place = good().index(_LOCAL, good().index(SHEET.encode()) - 30)
    return good()[: place + offset] + value + good()[place + offset + len(value) :]


def _claims() -> bytes:
    found = good()
    for name in (SHEET, "xl/styles.xml", "xl/workbook.xml"):
        found = two_bytes(found, _ENTRY, name, 24, struct.pack("<I", 150_000_000))
    return found


class _Stream(RawIOBase):
    """A place to write to, without a way back: what a program writes that streams."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        """It takes bytes."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """More of them."""
        self.held += data
        return len(data)


def _streamed() -> bytes:
    out = _Stream()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            archive.writestr(name, content)
    return bytes(out.held)


def _zip64() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts().items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(content)
    return out.getvalue()


def _commented() -> bytes:
    out = BytesIO(good())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"x" * 60_000
    return out.getvalue()


def _named(name: str) -> Callable[[], bytes]:
    return lambda: packed(parts(), (name, b"x"))


def _renamed() -> bytes:
    """The name that the part itself bears is another than the directory's."""
    return re.sub(SHEET.encode(), SHEET.replace("1", "7").encode(), good(), count=1)


CASES: Final = (
    Case("an empty file", lambda: b"", "This file is empty."),
    Case("the first bytes of an archive alone", lambda: _LOCAL, DAMAGED),
    Case("half a file", lambda: good()[: len(good()) // 2], DAMAGED),
    Case("a file without its last byte", lambda: good()[:-1], DAMAGED),
    Case("a file without its first byte", lambda: good()[1:], FOREIGN),
    Case("one bit of a part is another", _flipped, DAMAGED),
    Case("a checksum lies", lambda: _entry(16, b"\1\2\3\4"), DAMAGED),
    Case("a part bears another name than the directory says", _renamed, DAMAGED),
    Case("no directory", lambda: good()[: good().index(_ENTRY)], DAMAGED),
    Case("the directory counts too many parts", lambda: _end(10, struct.pack("<H", 9_999)), READ),
    Case("the directory is said to begin later", lambda: _end(16, struct.pack("<I", 1 << 30)), OVERLAP),
    Case("the directory is said to begin earlier", lambda: _end(16, struct.pack("<I", 5)), OVERLAP),
    Case("bytes before the archive", lambda: _LOCAL + b"\0" * 60 + good(), OVERLAP),
    Case("bytes after the archive", lambda: good() + b"\0" * 100, READ),
    Case("another archive after the archive", lambda: good() + packed({"a.txt": b"x"}), OVERLAP),
    Case("a workbook packed in an archive", lambda: packed({"ds.xlsx": good()}), PACKED),
    Case("an archive of nothing", lambda: _END + b"\0" * 18, FOREIGN),
    Case("an encrypted part", lambda: _entry(8, b"\1\0"),
         "A part of this workbook is encrypted. Remove the password and send it again."),
    Case("packed by bzip2", lambda: packed(parts(), method=zipfile.ZIP_BZIP2), PACKING),
    Case("packed by LZMA", lambda: packed(parts(), method=zipfile.ZIP_LZMA), PACKING),
    Case("packed by a method that nobody knows", lambda: _entry(10, b"\x63\0"), PACKING),
    Case("packed as another method than it is", lambda: _entry(10, b"\0\0"), DAMAGED),
    Case("a name that climbs", _named("xl/../../etc/passwd"), LEADS_OUT),
    Case("a name from the root", _named("/etc/passwd"), LEADS_OUT),
    Case("a name with a backslash", _named("xl\\..\\x.xml"), LEADS_OUT),
    Case("a name on a drive", _named("C:x.xml"), LEADS_OUT),
    Case("a name with a line break", _named("xl/a\nb.xml"), LEADS_OUT),
    Case("the sheet twice", lambda: packed(parts(), (SHEET, parts()[SHEET])), ONE_NAME),
    Case("the sheet twice, once in capitals", _named(SHEET.upper()), ONE_NAME),
    Case("the contents twice", _named("[content_types].XML"), ONE_NAME),
    Case("two parts in one place", lambda: _entry(_LISTED, b"\0\0\0\0"), OVERLAP),
    Case("a part beyond the file", lambda: _entry(_LISTED, b"\0\0\0\x7f"), OVERLAP),
    Case("a part that runs into the directory", lambda: _entry(20, struct.pack("<I", 1 << 30)), OVERLAP),
    Case("a part that is longer than it says", lambda: _entry(24, struct.pack("<I", 100)), DAMAGED),
    Case("a part that is shorter than it says", lambda: _entry(24, struct.pack("<I", 1_000_000)), READ),
    Case("a part that says it is of 4 GB", lambda: _entry(24, b"\xfe\xff\xff\xff"), LARGE.format(most=160)),
    Case("parts that say they are of 450 MB together", _claims, LARGE.format(most=320)),
    Case("a damaged header of a part", lambda: _local(0, b"PK\3\5"), OVERLAP),
    Case("two thousand parts too many", lambda: packed(parts(), *((f"x/{n}.bin", b"") for n in range(2_000))),
         "This workbook holds more than 2000 parts. Save it again in Excel."),
    Case("macros", _named("xl/vbaProject.bin"), MACROS),
    Case("macros in another folder", _named("XL/other/VBAPROJECT.BIN"), MACROS),
    Case("a large picture", lambda: with_part("xl/media/image1.png", b"\x89PNG" + b"\0" * 30_000_000), READ),
    Case("an archive inside that is itself a bomb", lambda: with_part("xl/embeddings/a.zip", packed({"b": b"\0" * 20_000_000})),
         READ),
    Case("packed as a stream", _streamed, READ),
    Case("packed with sizes of 64 bits", _zip64, READ),
    Case("not packed at all", lambda: packed(parts(), method=zipfile.ZIP_STORED), READ),
    Case("folders among the parts", lambda: packed({"xl/": b"", **parts()}), READ),
    Case("an archive with a long comment", _commented, READ),
)  # fmt: skip
