"""Files of other kinds, under whatever name they come."""

import gzip
import pickle
from typing import Final

from plugins.membership.tests.sheet.hostile.files import KINDS, LINE, READ, Case, changed, good, packed, parts, text
from plugins.membership.tests.sheet.hostile.sentences import FOREIGN, NO_LIST, OLD, PACKED, WEB

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PARTED = "This text file has no columns: no comma, semicolon or tab parts its first lines."
_DOCUMENT = "This file is a document of another kind, not a workbook. Send the .xlsx file."
_ODS = "This is a workbook of another program, .ods. Save it as .xlsx and send that."


def _main(kind: str) -> bytes:
    return changed(KINDS, "spreadsheetml.sheet.main", kind)


CASES: Final = (
    Case("an old workbook", lambda: _OLE + b"\0" * 600, OLD),
    Case("an old workbook that is cut", lambda: _OLE, OLD),
    Case("a workbook with a password", lambda: _OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
         "This file has a password. Remove it in Excel and send the file again."),
    Case("a binary workbook", lambda: packed({**parts(), "xl/workbook.bin": b"x"}),
         "This is a binary workbook, .xlsb. Save it as .xlsx in Excel and send that."),
    Case("a workbook of LibreOffice",
         lambda: packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"}), _ODS),
    Case("a workbook of LibreOffice without its kind", lambda: packed({"content.xml": b"<a/>"}), _ODS),
    Case("a document of Word", lambda: _main("wordprocessingml.document.main"), _DOCUMENT),
    Case("a presentation", lambda: _main("presentationml.presentation.main"), _DOCUMENT),
    Case("a workbook of Numbers", lambda: packed({"Index/Document.iwa": b"x", "Metadata/Properties.plist": b"x"}), PACKED),
    Case("a packed text file", lambda: packed({"ds.csv": text(LINE)}), PACKED),
    Case("a PDF", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
         "This is a PDF, not a workbook. Send the .xlsx file that it was made from."),
    Case("a web page", lambda: b"\xef\xbb\xbf\r\n<html><table><tr><td>1</td></tr></table></html>", WEB),
    Case("a web page of UTF-16", lambda: "<html><table></table></html>".encode("utf-16-le"), WEB),
    Case("a table of XML", lambda: b"<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook/>", WEB),
    Case("a saved mail", lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html></html>\r\n", _PARTED),
    Case("rich text", lambda: b"{\\rtf1\\ansi a,b;c}", FOREIGN),
    Case("JSON", lambda: b'{"full_name": "A", "born_on": "x"}', NO_LIST),
    Case("a picture", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", FOREIGN),
    Case("a photograph", lambda: b"\xff\xd8\xff\xe0\0\x10JFIF", FOREIGN),
    Case("a program", lambda: b"MZ\x90\0\3\0\0\0", FOREIGN),
    Case("a packed workbook", lambda: gzip.compress(good(), 1), FOREIGN),
    Case("an archive of RAR", lambda: b"Rar!\x1a\x07\x01\0", FOREIGN),
    Case("an archive of 7-Zip", lambda: b"7z\xbc\xaf\x27\x1c\0\4", FOREIGN),
    Case("a database", lambda: b"SQLite format 3\0" + b"\0" * 80, FOREIGN),
    Case("a pickled object", lambda: pickle.dumps({"a": 1}), FOREIGN),
    Case("an old exchange file", lambda: b"ID;PWXL;N;E\r\nP;PGeneral\r\n", NO_LIST),
    Case("white space", lambda: b" \r\n\t" * 100, NO_LIST),
    Case("a byte order mark alone", lambda: b"\xef\xbb\xbf", _PARTED),
    Case("a letter", lambda: bytes("Kính gửi\r\nĐảng ủy xã\r\n", "utf-8"), _PARTED),
    Case("a shell script", lambda: b"#!/bin/sh\nrm -rf /\n", _PARTED),
    Case("text under the name of a workbook", lambda: text(LINE), READ),
    Case("a workbook under the name of text", good, READ),
)  # fmt: skip
