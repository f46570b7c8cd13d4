"""The door of the reading process: what is not an .xlsx workbook, or not one that Excel writes, goes no further."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from chibox_membership.sheet.wire import Limits, Unreadable, words

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ZIP: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_PASSWORD: Final = "EncryptedPackage".encode("utf-16-le")
_LOCAL: Final = struct.Struct("<4s22xHH")  # of an entry's own header: signature, lengths of name and extra
_READ_BY: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def opened(data: bytes, limits: Limits) -> zipfile.ZipFile:
    """The archive of a workbook, its entries looked at and found lawful, none of them unpacked; raises `Unreadable`."""
    _by_its_first_bytes(data, limits)
    with damaged():
        archive = zipfile.ZipFile(BytesIO(data))
    entries = archive.infolist()
    if len(entries) > limits.parts:
        raise Unreadable(
            words("This workbook holds more than {most} parts. Save it again in Excel.", most=limits.parts)
        )
    _lawful_names(entries)
    for entry in entries:
        _lawful_entry(entry, limits)
    if sum(entry.file_size for entry in entries if is_xml(entry)) > limits.unpacked:
        raise too_large(limits.unpacked)
    _apart(data, entries, archive.start_dir)
    _known_kind({entry.filename for entry in entries})
    return archive


@contextmanager
def damaged() -> Iterator[None]:
    """What the archive raises within, for bytes that are not what they say, becomes a sentence."""
    try:
        yield
    except _DAMAGED:
        raise Unreadable(
            words("This file is damaged or incomplete. Send it again, or save it again in Excel.")
        ) from None


def is_xml(entry: zipfile.ZipInfo) -> bool:
    """Whether a reader of workbooks would parse the entry."""
    return entry.filename.lower().endswith((".xml", ".rels"))


def _by_its_first_bytes(data: bytes, limits: Limits) -> None:
    if not data:
        raise Unreadable(words("This file is empty."))
    if len(data) > limits.file:
        raise Unreadable(words("This file is larger than {most} MB.", most=limits.file // 1_000_000))
    if data.startswith(_OLE):
        if _PASSWORD in data:
            raise Unreadable(words("This file has a password. Remove it in Excel and send the file again."))
        raise Unreadable(words("This is a workbook of the old kind, .xls. Save it as .xlsx in Excel and send that."))
    if data.startswith(b"%PDF"):
        raise Unreadable(words("This is a PDF, not a workbook. Send the .xlsx file that it was made from."))
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable(words("This is a web page, not a workbook. Open it in Excel, save it as .xlsx and send that."))
    if not data.startswith(_ZIP):
        raise Unreadable(words("This is not a workbook of the kind .xlsx. Save it as .xlsx in Excel and send that."))


def _lawful_names(entries: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for entry in entries:
        name = entry.filename.lower()
        if name in seen:
            raise Unreadable(words("Two parts of this workbook bear one name. Save it again in Excel."))
        seen.add(name)
        if name.startswith("/") or re.search(r"[\\:\x00-\x1f]", name) or ".." in name.split("/"):
            raise Unreadable(words("A part of this workbook has a name that leads out of it. Save it again in Excel."))


def _lawful_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise Unreadable(words("A part of this workbook is encrypted. Remove the password and send it again."))
    if entry.compress_type not in _READ_BY:
        raise Unreadable(words("This workbook is packed in a way that Excel does not use. Save it again in Excel."))
    if entry.file_size > limits.part and is_xml(entry):
        raise too_large(limits.part)


def too_large(most: int) -> Unreadable:
    """The sentence for a workbook that unpacks to more bytes than it may."""
    return Unreadable(
        words("This workbook unpacks to more than {most} MB. Delete what is not of the list.", most=most // 1_000_000)
    )


def _apart(data: bytes, entries: list[zipfile.ZipInfo], directory: int) -> None:
    """No entry may begin inside another, and nothing may stand before the first: else two readers read two files."""
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = entry.header_offset
        if start < end or (end == 0 and start != 0) or start + _LOCAL.size > len(data):
            raise _overlap()
        signature, name, extra = _LOCAL.unpack_from(data, start)
        end = start + _LOCAL.size + name + extra + entry.compress_size
        if signature != _ZIP or end > directory:
            raise _overlap()


def _overlap() -> Unreadable:
    return Unreadable(words("The parts of this workbook lie over one another. Save it again in Excel."))


def _known_kind(names: set[str]) -> None:
    lower = {name.lower() for name in names}
    if "xl/workbook.bin" in lower:
        raise Unreadable(words("This is a binary workbook, .xlsb. Save it as .xlsx in Excel and send that."))
    if any(name.endswith("vbaproject.bin") for name in lower):
        raise Unreadable(words("This workbook holds macros. Save it as .xlsx, without macros, and send that."))
    if "mimetype" in lower or "content.xml" in lower:
        raise Unreadable(words("This is a workbook of another program, .ods. Save it as .xlsx and send that."))
    if "[Content_Types].xml" not in names:
        raise Unreadable(words("This is a packed file, but not a workbook. Send the .xlsx file itself."))
