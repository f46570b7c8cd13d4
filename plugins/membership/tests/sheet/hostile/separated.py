"""Text files that are broken, misleading, or in another encoding."""

import codecs
from typing import Final

from plugins.membership.tests.sheet.hostile.files import LINE, READ, WHO, Case, line, text
from plugins.membership.tests.sheet.hostile.sentences import BROKEN, ENCODING, FOREIGN, NO_LIST, TEXT

_COMBINED = {ord("ễ"): "ê\u0303", ord("ị"): "i\u0323", ord("ờ"): "ơ\u0300"}
_NUL = "This file is no text: it holds the sign NUL. Save it as .xlsx in Excel and send that."
_WIDE = "Row {row} has {count} fields, the headings have 12. Look for a stray separator or quote."
_ROWS = "This workbook holds more than 20000 rows. Divide the list."


def _other(sign: str) -> bytes:
    return text(LINE).replace(b",", sign.encode())


CASES: Final = (
    Case("text with commas", lambda: text(LINE), READ),
    Case("text with semicolons", lambda: _other(";"), READ),
    Case("text with tabs", lambda: _other("\t"), READ),
    Case("text with bars", lambda: _other("|"), READ),
    Case("text with colons", lambda: _other(":"),
         "This text file has no columns: no comma, semicolon or tab parts its first lines."),
    Case("text that names its separator", lambda: b"sep=,\r\n" + text(LINE), READ),
    Case("text with a mark of UTF-8", lambda: text(LINE, encoding="utf-8-sig"), READ),
    Case("text with two marks of UTF-8", lambda: codecs.BOM_UTF8 + text(LINE, encoding="utf-8-sig"), READ),
    Case("text in UTF-16", lambda: text(LINE, encoding="utf-16"), READ),
    Case("text in UTF-16, the great end first", lambda: codecs.BOM_UTF16_BE + text(LINE, encoding="utf-16-be"), READ),
    Case("text in UTF-16 without mark", lambda: text(LINE, encoding="utf-16-le"), FOREIGN),
    Case("text in UTF-16 that ends in half a sign", lambda: text(LINE, encoding="utf-16") + b"\n", ENCODING),
    Case("text in UTF-16 with half of a pair", lambda: codecs.BOM_UTF16_LE + text(LINE, encoding="utf-16-le") + b"\0\xd8",
         ENCODING),
    Case("text in UTF-32", lambda: text(LINE, encoding="utf-32"), _NUL),
    Case("text in Windows-1258",
         lambda: text(LINE).decode().translate(_COMBINED).encode("cp1258", "replace"),
         ENCODING),
    Case("text in TCVN3", lambda: text(LINE).replace("Hường".encode(), b"H\xad\xeang"), ENCODING),
    Case("text in UTF-8 with one bad byte", lambda: text(LINE) + b"\xff", ENCODING),
    Case("text with a surrogate", lambda: text(LINE).replace("ễ".encode(), b"\xed\xa0\x80"), ENCODING),
    Case("text with an overlong sign", lambda: text(LINE).replace("ễ".encode(), b"\xc0\xaf"), ENCODING),
    Case("text with NUL at its beginning", lambda: b"\0" + text(LINE), FOREIGN),
    Case("text with NUL far below", lambda: text(*[LINE] * 100) + b"\0", _NUL),
    Case("text that is NUL", lambda: b"\0" * 10_000, FOREIGN),
    Case("text with NUL in UTF-16", lambda: codecs.BOM_UTF16_LE + "a,b\0c".encode("utf-16-le"), _NUL),
    Case("text with a control character", lambda: text(line(C="Nguyễn\x07 Thị Hường")),
         {"B2": "Row 2, column B: the cell holds the control character U+0007. Type it again."}),
    Case("a quote that is not closed", lambda: text(LINE, f'1,"{WHO}', *[LINE] * 50), BROKEN.format(row=2)),
    Case("a quote that is not closed in 5 MB", lambda: text(LINE, f'1,"{WHO}', *[LINE] * 30_000), BROKEN.format(row=2)),
    Case("text after a quote", lambda: text(line(C=f'"{WHO}"x')), BROKEN.format(row=1)),
    Case("a quote inside a field", lambda: text(line(D='a"b')), READ),
    Case("a field of many lines", lambda: text(line(C='"Nguyễn\nThị\r\nHường"')), READ),
    Case("a field of 40,000 letters", lambda: text(line(C="x" * 40_000)), BROKEN.format(row=1)),
    Case("a million fields in a row", lambda: text(LINE, "," * 1_000_000 + "x"), _WIDE.format(row=3, count=65)),
    Case("a million empty fields in a row", lambda: text(LINE, "," * 1_000_000), READ),
    Case("three hundred thousand rows without a field", lambda: text(LINE, *[""] * 300_000), READ),
    Case("three hundred thousand rows of commas", lambda: text(LINE, *[",,,"] * 300_000), READ),
    Case("twenty thousand rows too many", lambda: text(*[LINE] * 20_001), _ROWS),
    Case("text of 17 million letters", lambda: text(*[line(C="x" * 30_000)] * 600), TEXT),
    Case("a separator too many in the first rows", lambda: text(LINE, line(C="Nguyễn, Thị Hường")),
         _WIDE.format(row=3, count=13)),
    Case("a separator too many far below", lambda: text(*[LINE] * 50, line(C="Nguyễn, Thị Hường")),
         _WIDE.format(row=52, count=13)),
    Case("an address with commas at the end of the row", lambda: text(f"{LINE}, thôn Đông"), _WIDE.format(row=2, count=13)),
    Case("rows of another separator than the headings", lambda: text(LINE, LINE.replace(",", ";")), _WIDE.format(row=3, count=1)),
    Case("rows that are too short", lambda: text(LINE, "2,Lò Văn Ánh"), (*READ, "Lò Văn Ánh, None")),
    Case("lines that end with a carriage return", lambda: text(LINE, end="\r"), READ),
    Case("lines that end in four ways", lambda: text(LINE, end="\n\r\n\r"), READ),
    Case("signs that Unicode calls line ends", lambda: text(line(C="Nguyễn\u2028Thị\x0bHường")),
         {"B2": "Row 2, column B: the cell holds the control character U+2028. Type it again."}),
    Case("a name written from the right in text", lambda: text(line(C=f"\u202e{WHO}")),
         {"B2": "Row 2, column B: the cell holds the invisible character U+202E. Type it again."}),
    Case("a formula in text", lambda: text(line(A="=1+1", C="=cmd|' /c calc'!A0")), ("=cmd|' /c calc'!A0, 1968-05-07",)),
    Case("an error in text", lambda: text(line(F="#REF!")), {"D2": "Row 2, column D: the cell shows the error #REF!."}),
    Case("a mark of secrecy in text", lambda: text(LINE, "TUYỆT MẬT,"),
         "Row 3, column A bears a mark of secrecy. State secrets do not belong in this box: take the file off this network."),
    Case("headings twice in text", lambda: text(LINE).replace("Dân tộc".encode(), "Họ tên".encode()),
         "Columns B and E have the same heading, “Full name”. Keep one of them and send it again."),
    Case("headings alone in text", text, "The list is empty: no row below the headings holds anything."),
    Case("no headings in text", lambda: text(LINE).split(b"\r\n", 1)[1], NO_LIST),
    Case("headings after twenty rows", lambda: b"a,b\r\n" * 20 + text(LINE),
         "Row 21 has 12 fields, the headings have 2. Look for a stray separator or quote."),
    Case("seventy columns in text", lambda: text(LINE + ",1" * 60).replace(b"\r\n", b",x" * 60 + b"\r\n", 1), READ),
    Case("a hyperlink in text", lambda: text(line(C='"=HYPERLINK(""http://127.0.0.1:9/"",""x"")"')),
         ('=HYPERLINK("http://127.0.0.1:9/","x"), 1968-05-07',)),
)  # fmt: skip
