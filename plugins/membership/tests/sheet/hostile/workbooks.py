"""Workbooks that are put together wrongly, or that bring more than a list."""

from typing import Final

from plugins.membership.tests.sheet.hostile.files import (
    BOOK,
    GOOD,
    KINDS,
    LINKS,
    MAIN,
    OFFICE,
    READ,
    SHEET,
    Case,
    Raw,
    before,
    cell,
    changed,
    packed,
    parts,
    related,
    row_xml,
    with_part,
    without,
)
from plugins.membership.tests.sheet.hostile.sentences import END, NO_LIST, ORDER, UNUSUAL

_MISSING = "Sheet “DANH SÁCH ĐẢNG VIÊN” is named in this workbook and missing. Save it again in Excel."
_APART = "The sheets of this workbook cannot be told apart. Save it again in Excel."
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_SECOND = '<sheet name="HAI" sheetId="9" r:id="rId1"/>'
_LAST = '<c r="AA8"'


def _dimension(ref: str) -> bytes:
    xml = parts()[SHEET].decode()
    begin = xml.index("<dimension")
    end = xml.index("/>", begin) + 2
    return with_part(SHEET, f'{xml[:begin]}<dimension ref="{ref}"/>{xml[end:]}')


def _brings(name: str, content: bytes = b"<a/>", kind: str = "x") -> bytes:
    """A part that the workbook itself relates to."""
    link = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{name}"/></Relationships>'
    return packed({**parts(), LINKS: parts()[LINKS].replace(b"</Relationships>", link.encode()), f"xl/{name}": content})


def _sheets(count: int) -> bytes:
    more = "".join(f'<sheet name="S{n}" sheetId="{n + 20}" r:id="rId1"/>' for n in range(count))
    return before("</sheets>", more, BOOK)


def _state(state: str) -> bytes:
    return changed(BOOK, '<sheet name="DANH SÁCH ĐẢNG VIÊN"', f'<sheet state="{state}" name="DANH SÁCH ĐẢNG VIÊN"')


_DDE = (
    f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"><ddeItems><ddeItem name="x"/></ddeItems>'
    "</ddeLink></externalLink>"
)
_LINK = f'<externalLink xmlns="{MAIN}"><externalBook xmlns:r="{OFFICE}" r:id="rId1"/></externalLink>'
_CONNECTION = (
    f'<connections xmlns="{MAIN}"><connection id="1" type="4" refreshOnLoad="1"><webPr url="http://127.0.0.1:9/"/>'
    "</connection></connections>"
)

CASES: Final = (
    Case("a dimension that is too small", lambda: _dimension("A1"), READ),
    Case("a dimension that is too large", lambda: _dimension("A1:XFD1048576"), READ),
    Case("a dimension that begins elsewhere", lambda: _dimension("M100:Z200"), READ),
    Case("a dimension that is none", lambda: _dimension("=1+1"), END),
    Case("rows out of order", lambda: before("</sheetData>", row_xml(5, GOOD)), ORDER.format(row=8)),
    Case("a row twice", lambda: before("</sheetData>", row_xml(8, GOOD)), ORDER.format(row=8)),
    Case("a row inside a row", lambda: before(_LAST, row_xml(9, GOOD)), ORDER.format(row=8)),
    Case("a row without a number", lambda: changed(SHEET, '<row r="8"', "<row"), READ),
    Case("a row with a number that is none", lambda: changed(SHEET, '<row r="8"', '<row r="８"'), ORDER.format(row=7)),
    Case("row minus one", lambda: changed(SHEET, '<row r="8"', '<row r="-1"'), ORDER.format(row=7)),
    Case("row 0", lambda: changed(SHEET, '<row r="8"', '<row r="0"'), ORDER.format(row=7)),
    Case("cells out of order", lambda: before(_LAST, '<c r="AB8"><v>1</v></c>'), ORDER.format(row=8)),
    Case("a cell twice", lambda: before(_LAST, '<c r="AA8"><v>1</v></c>'), ORDER.format(row=8)),
    Case("a cell of another row", lambda: changed(SHEET, _LAST, '<c r="AA9"'), ORDER.format(row=8)),
    Case("a cell whose place is none", lambda: changed(SHEET, _LAST, '<c r="8AA"'), ORDER.format(row=8)),
    Case("a cell in small letters", lambda: changed(SHEET, _LAST, '<c r="aa8"'), ORDER.format(row=8)),
    Case("a cell in column ZZZ", lambda: before("</row></sheetData>", '<c r="ZZZ8"><v>1</v></c>'), READ),
    Case("a cell in column AAAA", lambda: before("</row></sheetData>", '<c r="AAAA8"><v>1</v></c>'), ORDER.format(row=8)),
    Case("a cell outside of rows", lambda: before("</sheetData>", '<c r="A9"><v>1</v></c>'), ORDER.format(row=8)),
    Case("two blocks of rows", lambda: before("</sheetData>", f"</sheetData><sheetData>{row_xml(4, GOOD)}"), ORDER.format(row=8)),
    Case("a value that is no cell's", lambda: before("<sheetData>", "<v>5</v>"), ORDER.format(row=0)),
    Case("two values in a cell", lambda: cell("D", Raw("", "<v>1</v><v>2</v>")), READ),
    Case("a value inside another element", lambda: cell("D", Raw("", "<x><v>1</v></x>")),
         "Sheet “DANH SÁCH ĐẢNG VIÊN”: the cell D8 reads differently each time. Save the workbook again in Excel."),
    Case("a sheet without its part", lambda: without(SHEET), _MISSING),
    Case("a sheet whose part is on the network", lambda: changed(LINKS, "worksheets/sheet1.xml", "http://127.0.0.1:9/a.xml"),
         _MISSING),
    Case("a sheet whose part is a file of this machine", lambda: changed(LINKS, "worksheets/sheet1.xml", "file:///etc/passwd"),
         _MISSING),
    Case("a sheet whose part lies above", lambda: changed(LINKS, "worksheets/sheet1.xml", "../../../etc/passwd"), _MISSING),
    Case("a sheet whose part is named from the root",
         lambda: changed(LINKS, "worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"), READ),
    Case("a sheet without a relation", lambda: changed(LINKS, 'Id="rId1"', 'Id="rId77"'), _MISSING),
    Case("no workbook", lambda: without(BOOK), UNUSUAL),
    Case("no relations", lambda: without(LINKS), UNUSUAL),
    Case("no contents", lambda: without(KINDS), "This is a packed file, but not a workbook. Send the .xlsx file itself."),
    Case("no styles", lambda: without("xl/styles.xml"), READ),
    Case("a part of XML under another name", lambda: changed(KINDS, "/xl/styles.xml", "/xl/styles.dat"), UNUSUAL),
    Case("a workbook in another place", lambda: changed(KINDS, "/xl/workbook.xml", "/xl/other.xml"), END),
    Case("the contents name no workbook",
         lambda: with_part(KINDS, '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'), END),
    Case("Strict Open XML", lambda: changed(BOOK, MAIN, _STRICT),
         "This workbook is saved as Strict Open XML. Save it as Excel Workbook, .xlsx."),
    Case("a sheet of Strict Open XML alone", lambda: changed(SHEET, MAIN, _STRICT), NO_LIST),
    Case("two sheets of one name", lambda: before("</sheets>", _SECOND.replace("HAI", "DANH SÁCH ĐẢNG VIÊN"), BOOK), _MISSING),
    Case("two sheets of one part", lambda: before("</sheets>", _SECOND, BOOK),
         "Sheet “HAI” is named in this workbook and missing. Save it again in Excel."),
    Case("fifty sheets too many", lambda: _sheets(50), "This workbook has more than 50 sheets. Keep the sheet of the list."),
    Case("a list that is hidden", lambda: _state("hidden"), NO_LIST),
    Case("a list that is hidden twice", lambda: _state("veryHidden"), NO_LIST),
    Case("a list in a state that nobody knows", lambda: _state("x"), END),
    Case("a chart for a sheet", lambda: changed(LINKS, '/worksheet"', '/chartsheet"'), END),
    Case("a link from a cell to the network", lambda: related("hyperlink", "http://127.0.0.1:9/", external=True), READ),
    Case("a link from a cell to a program", lambda: related("hyperlink", "file:///bin/sh", external=True), READ),
    Case("a template from the network", lambda: related("attachedTemplate", "http://127.0.0.1:9/a", external=True), READ),
    Case("a drawing", lambda: related("drawing", "../drawings/drawing1.xml", ("xl/drawings/drawing1.xml", b"<a/>")), READ),
    Case("a picture on the network", lambda: related("image", "http://127.0.0.1:9/a.png", external=True), READ),
    Case("an embedded object", lambda: related("oleObject", "../embeddings/o.bin", ("xl/embeddings/o.bin", b"MZ")), READ),
    Case("an embedded document", lambda: related("package", "../embeddings/a.docx", ("xl/embeddings/a.docx", b"PK")), READ),
    Case("a control", lambda: related("control", "../activeX/a.xml", ("xl/activeX/a.xml", b"<a/>"), ("xl/activeX/a.bin", b"x")),
         READ),
    Case("a query of the network", lambda: related("queryTable", "../queryTables/q.xml", ("xl/queryTables/q.xml", b"<a/>")),
         READ),
    Case("comments", lambda: related("comments", "../comments1.xml", ("xl/comments1.xml", b"<a/>")), READ),
    Case("a link to another workbook", lambda: _brings("externalLinks/externalLink1.xml", _LINK.encode(), "externalLink"), READ),
    Case("a link by DDE to a program", lambda: _brings("externalLinks/externalLink1.xml", _DDE.encode(), "externalLink"), READ),
    Case("a connection to data", lambda: _brings("connections.xml", _CONNECTION.encode(), "connections"), READ),
    Case("a summary of other data", lambda: _brings("pivotCache/pivotCacheDefinition1.xml", kind="pivotCacheDefinition"), READ),
    Case("data of a program", lambda: _brings("customXml/item1.xml", kind="customXml"), READ),
    Case("a sheet of dialogues", lambda: _brings("dialogsheets/sheet1.xml", kind="dialogsheet"), READ),
    Case("a sheet of old macros", lambda: _brings("macrosheets/sheet1.xml", kind="xlMacrosheet"), READ),
    Case("a settled printer", lambda: _brings("printerSettings/p.bin", b"\0" * 100, "printerSettings"), READ),
    Case("a name that is calculated", lambda: before("</workbook>", "<x/>", BOOK), READ),
    Case("a workbook that asks to be calculated",
         lambda: changed(BOOK, "</workbook>", '<extLst><ext uri="x"/></extLst></workbook>'), READ),
)  # fmt: skip
