"""Every sentence for a file that is no workbook, or not one that Excel writes: each wrong in just this way."""

import struct
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

import pytest

Parts = Mapping[str, bytes]
Zipped = Callable[..., bytes]
Refused = Callable[..., str]
SHEET = "xl/worksheets/sheet1.xml"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7 ...", "This is a PDF, not a workbook. Send the .xlsx file that it was made from."),
        (OLE, "This is a workbook of the old kind, .xls. Save it as .xlsx in Excel and send that."),
        (
            OLE + "EncryptedPackage".encode("utf-16-le"),
            "This file has a password. Remove it in Excel and send the file again.",
        ),
        (
            b"\xef\xbb\xbf\n<html><table>",
            "This is a web page, not a workbook. Open it in Excel, save it as .xlsx and send that.",
        ),
        (b"\x01\x02\x03\x04", "This is not a workbook of the kind .xlsx. Save it as .xlsx in Excel and send that."),
        (b"PK\x03\x04 broken", "This file is damaged or incomplete. Send it again, or save it again in Excel."),
    ],
)
def test_what_is_no_workbook_is_known_by_its_first_bytes(data: bytes, sentence: str, refused: Refused) -> None:
    """A password, an old workbook, a PDF, a web page and any other file each have their sentence."""
    assert refused(data) == sentence


def test_a_file_has_a_size(sheet: bytes, refused: Refused) -> None:
    """A file over the limit is not opened."""
    assert refused(sheet + b"\0" * 1_000_000, file=1_000_000) == "This file is larger than 1 MB."


def test_a_cut_or_changed_file_is_damaged(sheet: bytes, refused: Refused) -> None:
    """A file cut anywhere, or with a byte changed in a part, is never read as if it were whole."""
    damaged = "This file is damaged or incomplete. Send it again, or save it again in Excel."
    assert {refused(sheet[:cut]) for cut in range(4, len(sheet) - 1, len(sheet) // 20)} == {damaged}
    with zipfile.ZipFile(BytesIO(sheet)) as archive:
        entry = archive.getinfo(SHEET)
    place = entry.header_offset + 30 + len(SHEET) + entry.compress_size // 2
    assert refused(sheet[:place] + bytes([sheet[place] ^ 0x10]) + sheet[place + 1 :]) == damaged


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("xl/workbook.bin", "This is a binary workbook, .xlsb. Save it as .xlsx in Excel and send that."),
        ("xl/vbaProject.bin", "This workbook holds macros. Save it as .xlsx, without macros, and send that."),
        ("mimetype", "This is a workbook of another program, .ods. Save it as .xlsx and send that."),
        ("XL/WORKBOOK.XML", "Two parts of this workbook bear one name. Save it again in Excel."),
        ("xl/../../etc/x", "A part of this workbook has a name that leads out of it. Save it again in Excel."),
        ("/etc/x", "A part of this workbook has a name that leads out of it. Save it again in Excel."),
        ("xl\\x.xml", "A part of this workbook has a name that leads out of it. Save it again in Excel."),
    ],
)
def test_a_part_that_has_no_place_is_refused(
    parts: Parts, zipped: Zipped, name: str, sentence: str, refused: Refused
) -> None:
    """Macros, other kinds of workbook, doubled names and names that lead out are known before a part is unpacked."""
    assert refused(zipped(parts, (name, b"x"))) == sentence


def test_a_doubled_part_is_refused(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """Of two parts with one name, one reader takes the first and another the last: neither is taken."""
    assert "bear one name" in refused(zipped(parts, (SHEET, parts[SHEET])))


def test_a_packed_file_is_no_workbook(zipped: Zipped, refused: Refused) -> None:
    """A zip of other files is named as that."""
    assert refused(zipped({"a.txt": b"x"})) == "This is a packed file, but not a workbook. Send the .xlsx file itself."


def test_a_word_document_is_no_workbook(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """A document of another kind under the name of a workbook is named as that."""
    contents = parts["[Content_Types].xml"].replace(b"spreadsheetml.sheet.main", b"wordprocessingml.document.main")
    sentence = "This file is a document of another kind, not a workbook. Send the .xlsx file."
    assert refused(zipped({**parts, "[Content_Types].xml": contents})) == sentence


def test_a_strict_workbook_is_refused(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """Strict Open XML, in which openpyxl sees no sheet, is named as that."""
    book = parts["xl/workbook.xml"].replace(
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    )
    sentence = "This workbook is saved as Strict Open XML. Save it as Excel Workbook, .xlsx."
    assert refused(zipped({**parts, "xl/workbook.xml": book})) == sentence


def patched(data: bytes, offset: int, value: int) -> bytes:
    """The file with two bytes changed in the directory entry of the sheet."""
    place = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    return data[: place + offset] + struct.pack("<H", value) + data[place + offset + 2 :]


def test_encryption_and_foreign_packing_are_refused(sheet: bytes, refused: Refused) -> None:
    """A part that is encrypted, or packed by a method that Excel does not use, is refused before it is unpacked."""
    assert refused(patched(sheet, 8, 1)) == (
        "A part of this workbook is encrypted. Remove the password and send it again."
    )
    assert refused(patched(sheet, 10, 12)) == (
        "This workbook is packed in a way that Excel does not use. Save it again in Excel."
    )


def test_overlapping_parts_are_refused(sheet: bytes, refused: Refused) -> None:
    """Parts that share bytes, or bytes before the first part, make two files of one."""
    sentence = "The parts of this workbook lie over one another. Save it again in Excel."
    with zipfile.ZipFile(BytesIO(sheet)) as archive:
        first = archive.infolist()[0].header_offset
    place = sheet.rindex(b"PK\x01\x02", 0, sheet.rindex(SHEET.encode())) + 42
    assert refused(sheet[:place] + struct.pack("<I", first) + sheet[place + 4 :]) == sentence
    assert refused(b"PK\x03\x04" + b"\0" * 60 + sheet) == sentence


def test_too_many_parts_are_refused(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """A workbook has a number of parts."""
    sentence = "This workbook holds more than 10 parts. Save it again in Excel."
    assert refused(zipped(parts), parts=10) == sentence


def test_what_unpacks_too_large_is_refused(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """A part, and all parts together, have a size, which is said before anything is unpacked."""
    sentence = "This workbook unpacks to more than 1 MB. Delete what is not of the list."
    large = {**parts, "docProps/app.xml": b"<a>" + b" " * 1_000_000 + b"</a>"}
    assert refused(zipped(large), part=1_000_000) == sentence
    assert refused(zipped(large), unpacked=1_000_000) == sentence


@pytest.mark.parametrize(
    "part", [SHEET, "xl/styles.xml", "docProps/core.xml", "xl/workbook.xml", "[Content_Types].xml"]
)
def test_a_doctype_is_refused(parts: Parts, zipped: Zipped, part: str, refused: Refused) -> None:
    """No part may declare a document type, so none can name an entity or another file."""
    at = parts[part].index(b"?>") + 2
    spoilt = parts[part][:at] + b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts[part][at:]
    assert refused(zipped({**parts, part: spoilt})) == (
        "This workbook declares a document type, which Excel never writes. Save it again in Excel."
    )


@pytest.mark.parametrize(
    "content",
    [
        b"<a>" * 65 + b"</a>" * 65,
        b'<a b="' + b"x" * 3_000_000 + b'"/>',
        b"<a><b></a>",
        b"",
        b"<a/>\x00",
        b"<a>\xff</a>",
    ],
    ids=["deep", "giant token", "not closed", "empty", "NUL", "not UTF-8"],
)
def test_a_part_that_is_not_as_excel_writes_is_refused(
    parts: Parts, zipped: Zipped, content: bytes, refused: Refused
) -> None:
    """Depth, the size of one token, and the rules of XML bound every part."""
    assert refused(zipped({**parts, "docProps/app.xml": content})) == (
        "A part of this workbook is not written as Excel writes it. Save it again in Excel."
    )


def test_a_workbook_without_its_book_is_refused(parts: Parts, zipped: Zipped, refused: Refused) -> None:
    """Parts that Excel always writes must be there, and XML must bear an XML name."""
    sentence = "This workbook is put together as Excel never does it. Save it again in Excel."
    assert refused(zipped({name: part for name, part in parts.items() if name != "xl/workbook.xml"})) == sentence
    contents = parts["[Content_Types].xml"].replace(b"/xl/styles.xml", b"/xl/styles.dat")
    assert refused(zipped({**parts, "[Content_Types].xml": contents})) == sentence
