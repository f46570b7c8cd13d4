"""XML that no spreadsheet program writes."""

import re
from typing import Final

from plugins.membership.tests.sheet.hostile.files import (
    BOOK,
    GOOD,
    KINDS,
    LINKS,
    MAIN,
    READ,
    SHEET,
    Case,
    before,
    changed,
    parts,
    row_xml,
    with_part,
)
from plugins.membership.tests.sheet.hostile.sentences import DOCTYPE, MALFORMED, TEXT

_PART = "docProps/app.xml"
_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
_EMPTY = "".join(f'<row r="{row}"/>' for row in range(9, 12_000))
_LATE = row_xml(12_000, {**GOOD, "F": "30/02/1968"})
_FEBRUARY = {"F12000": "Row 12000, column F: month 2 of 1968 has only 29 days."}


_INCLUDED = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'
_SCHEMA = (
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://127.0.0.1:9/ http://127.0.0.1:9/x.xsd"'
)
_SPACES = "<a " + " ".join(f"xmlns:a{n}='u{n}'" for n in range(30_000)) + ">"
_MAINFRAME = b'<?xml version="1.0" encoding="cp037"?>'


def _body() -> str:
    return parts()[SHEET].decode().split("?>")[1]


def _declared(declaration: str, name: str = SHEET) -> bytes:
    found = parts()[name].decode()
    at = found.index("?>") + 2
    return with_part(name, found[:at] + declaration + found[at:])


def _labelled(label: str, codec: str) -> bytes:
    return with_part(SHEET, parts()[SHEET].decode().replace("UTF-8", label, 1).encode(codec))


def _late(value: str) -> bytes:
    """A wrong value after thousands of empty rows, over which a reader may sleep."""
    return before("</sheetData>", _EMPTY + value)


def _prefixed(prefix: str) -> str:
    """The same row, its elements under a prefix of the right namespace."""
    found = re.sub("<(/?)(?=[a-z])", rf"<\1{prefix}:", _LATE)
    return found.replace(f"<{prefix}:row", f'<{prefix}:row xmlns:{prefix}="{MAIN}"', 1)


CASES: Final = (
    *(Case(f"a document type in {name}", lambda name=name: _declared("<!DOCTYPE x>", name), DOCTYPE)  # type: ignore[misc]
      for name in (SHEET, BOOK, LINKS, KINDS, "xl/styles.xml", "docProps/core.xml")),
    Case("a thousand million laughs", lambda: _declared(f'<!DOCTYPE x [<!ENTITY l0 "ha">{_LAUGHS}]>'), DOCTYPE),
    Case("one large entity, named often", lambda: _declared(f'<!DOCTYPE x [<!ENTITY a "{"x" * 50_000}">]>'), DOCTYPE),
    Case("an entity from a file", lambda: _declared('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'), DOCTYPE),
    Case("an entity from the network", lambda: _declared('<!DOCTYPE x [<!ENTITY a SYSTEM "http://127.0.0.1:9/">]>'), DOCTYPE),
    Case("a document type from the network", lambda: _declared('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'), DOCTYPE),
    Case("a parameter entity", lambda: _declared('<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///etc/passwd"> %a;]>'), DOCTYPE),
    Case("an entity that is not declared", lambda: changed(SHEET, "Kinh", "&kinh;"), MALFORMED),
    Case("an inclusion",
         lambda: before("<sheetData>", _INCLUDED),
         READ),
    Case("a style sheet from the network",
         lambda: _declared('<?xml-stylesheet type="text/xsl" href="http://127.0.0.1:9/a.xsl"?>'), READ),
    Case("a schema from the network",
         lambda: changed(SHEET, "<worksheet ", f"<worksheet {_SCHEMA} "),
         READ),
    Case("seventy levels", lambda: with_part(_PART, "<a>" * 70 + "</a>" * 70), MALFORMED),
    Case("a hundred thousand levels", lambda: before("<sheetData>", "<a>" * 100_000), MALFORMED),
    Case("an attribute of 3 MB", lambda: with_part(_PART, f'<a b="{"x" * 3_000_000}"/>'), MALFORMED),
    Case("a name of 3 MB", lambda: with_part(_PART, f"<{'a' * 3_000_000}/>"), MALFORMED),
    Case("a comment of 3 MB", lambda: before("<sheetData>", f"<!--{'x' * 3_000_000}-->"), MALFORMED),
    Case("an instruction of 3 MB", lambda: before("<sheetData>", f"<?x {'x' * 3_000_000}?>"), MALFORMED),
    Case("a hundred thousand attributes", lambda: with_part(_PART, "<a" + "".join(f" a{n}='1'" for n in range(100_000)) + "/>"),
         READ),
    Case("thirty thousand namespaces",
         lambda: with_part(_PART, _SPACES + "<a29999:b/>" * 1_000 + "</a>"),
         READ),
    Case("two million elements", lambda: with_part(_PART, "<a>" + "<b/>" * 2_000_000 + "</a>"), READ),
    Case("text of 33 million signs", lambda: with_part(_PART, "<a>" + "x" * 33_000_000 + "</a>"), TEXT),
    Case("a part that is not closed", lambda: with_part(SHEET, parts()[SHEET][:-20]), MALFORMED),
    Case("an empty part", lambda: with_part(SHEET, b""), MALFORMED),
    Case("a part of NUL", lambda: with_part(SHEET, b"\0" * 1_000), MALFORMED),
    Case("NUL inside a part", lambda: changed(SHEET, "Kinh", "Ki\0nh"), MALFORMED),
    Case("a reference to NUL", lambda: changed(SHEET, "Kinh", "&#0;"), MALFORMED),
    Case("a reference to a control character", lambda: changed(SHEET, "Kinh", "&#1;"), MALFORMED),
    Case("a part that is not UTF-8", lambda: with_part(SHEET, parts()[SHEET].replace(b"Kinh", b"K\xecnh")), MALFORMED),
    Case("two roots", lambda: with_part(SHEET, parts()[SHEET] + b"<a/>"), MALFORMED),
    Case("a web page for a sheet", lambda: with_part(SHEET, "<html><p>1<br>2</html>"), MALFORMED),
    Case("XML 1.1", lambda: changed(SHEET, 'version="1.0"', 'version="1.1"'), READ),
    Case("a prefix that nobody declared", lambda: changed(SHEET, "<sheetData>", "<x:y/><sheetData>"), MALFORMED),
    Case("an attribute twice", lambda: changed(SHEET, '<row r="8"', '<row r="8" r="9"'), MALFORMED),
    Case("a sheet in UTF-16", lambda: _labelled("UTF-16", "utf-16"), MALFORMED),
    Case("a sheet in UTF-16 without its label", lambda: _labelled("UTF-8", "utf-16-le"), MALFORMED),
    Case("a sheet in UTF-16 without a word of it",
         lambda: with_part(SHEET, _body().encode("utf-16-le")), MALFORMED),
    Case("a sheet in Windows-1258", lambda: with_part(SHEET, parts()[SHEET].replace(b"UTF-8", b"windows-1258")), MALFORMED),
    Case("a sheet in an encoding of mainframes",
         lambda: with_part(SHEET, _MAINFRAME + _body().encode("cp037", "replace")),
         MALFORMED),
    Case("a sheet in an encoding that nobody knows", lambda: _labelled("x-none", "utf-8"), MALFORMED),
    Case("a wrong day after twelve thousand empty rows", lambda: _late(_LATE), _FEBRUARY),
    Case("the same under a prefix with a mark", lambda: _late(_prefixed("đ")), _FEBRUARY),
    Case("the same under a prefix of a thousand letters", lambda: _late(_prefixed("p" * 1_000)), _FEBRUARY),
)  # fmt: skip
