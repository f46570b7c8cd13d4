"""What hostile files are made of: one good list taken apart, spoilt in one place, and packed again."""

import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from io import BytesIO
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from chibox_membership.sheet.places import number
from chibox_membership.sheet.rows import SheetRow
from chibox_membership.sheet.writing import write

TODAY: Final = date(2026, 11, 25)
UNIT: Final = "Chi bộ thôn Đông"
WHO: Final = "Nguyễn Thị Hường"
SHEET: Final = "xl/worksheets/sheet1.xml"
BOOK: Final = "xl/workbook.xml"
LINKS: Final = "xl/_rels/workbook.xml.rels"
KINDS: Final = "[Content_Types].xml"
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
READ: Final = (f"{WHO}, 1968-05-07",)
"""What comes of a file that is odd, and lawful: the one member."""

Gets = str | dict[str, str] | tuple[str, ...]


class Case(NamedTuple):
    """A file and what comes of it: the sentence that refuses it, sentences by cell, or who is read with their births."""

    name: str
    make: Callable[[], bytes]
    gets: Gets

    def __str__(self) -> str:
        return self.name


class Raw(NamedTuple):
    """A cell of its own kind: its attributes besides its place, and what it holds, as XML."""

    attributes: str
    content: str


GOOD: Final[Mapping[str, str]] = {
    "A": "1", "C": WHO, "E": "Nữ", "F": "07/05/1968", "G": "Kinh", "H": "Không", "I": "990168001217",
    "J": "990168001217", "N": UNIT, "X": "03/02/1990", "Y": "03/02/1991", "AA": "Đang sinh hoạt",
}  # fmt: skip


@cache
def good() -> bytes:
    """The good file, as this box writes it."""
    row = SheetRow(
        row=8, full_name=WHO, sex="female", born_on=date(1968, 5, 7), ethnic_group="01", religion="00",
        personal_id="990168001217", card_number="990168001217", cell="a" * 32, admitted_on=date(1990, 2, 3),
        official_on=date(1991, 2, 3), status="active",
    )  # fmt: skip
    return write([row], {"a" * 32: UNIT}, committee="Đảng bộ xã Sao Mai", day=TODAY)


@cache
def parts() -> Mapping[str, bytes]:
    """The parts of the good file by name."""
    with zipfile.ZipFile(BytesIO(good())) as archive:
        return {entry.filename: archive.read(entry) for entry in archive.infolist()}


def packed(its: Mapping[str, bytes], *more: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as a file; a part may come twice."""
    out = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method, compresslevel=1) as archive:
        warnings.simplefilter("ignore")  # doubled names are meant
        for name, content in [*its.items(), *more]:
            archive.writestr(name, content)
    return out.getvalue()


def with_part(name: str, content: bytes | str, *more: tuple[str, bytes]) -> bytes:
    """The good file with one part of another content."""
    return packed({**parts(), name: content.encode() if isinstance(content, str) else content}, *more)


def without(name: str) -> bytes:
    """The good file without a part."""
    return packed({part: content for part, content in parts().items() if part != name})


def changed(name: str, old: str, new: str) -> bytes:
    """The good file with a text in a part replaced once; the text must be there."""
    assert old in parts()[name].decode(), (name, old)
    return with_part(name, parts()[name].decode().replace(old, new, 1))


def before(tag: str, xml: str, name: str = SHEET) -> bytes:
    """The good file with something put before a tag of a part."""
    return changed(name, tag, xml + tag)


def related(kind: str, target: str, *more: tuple[str, bytes], external: bool = False) -> bytes:
    """The good file whose sheet has a relation to something, whatever else it brings."""
    mode = ' TargetMode="External"' if external else ""
    link = f'<Relationship Id="rId1" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    whole = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{link}</Relationships>'
    )
    return with_part("xl/worksheets/_rels/sheet1.xml.rels", whole, *more)


def row_xml(row: int, cells: Mapping[str, str | Raw]) -> str:
    """A row as XML; a text is an inline string."""
    found = []
    for letter in sorted(cells, key=number):
        its = cells[letter]
        raw = its if isinstance(its, Raw) else Raw('t="inlineStr"', f"<is><t>{escape(its)}</t></is>")
        found.append(f'<c r="{letter}{row}" {raw.attributes}>{raw.content}</c>')
    return f'<row r="{row}">{"".join(found)}</row>'


def rows(*lines: Mapping[str, str | Raw], more: Mapping[str, bytes] | None = None) -> bytes:
    """The good file with these rows from row 8 on, each the good row where it says nothing else; "" leaves a cell out."""
    told = [
        row_xml(at, {letter: its for letter, its in {**GOOD, **line}.items() if its != ""})
        for at, line in enumerate(lines, 8)
    ]
    xml = re.sub('<row r="8".*?</row>', lambda _: "".join(told), parts()[SHEET].decode(), count=1, flags=re.DOTALL)
    return packed({**parts(), SHEET: xml.encode(), **(more or {})})


def cell(letter: str, its: str | Raw, *, more: Mapping[str, bytes] | None = None) -> bytes:
    """The good file with one cell of row 8 in another way."""
    return rows({letter: its}, more=more)


def number_cell(value: str) -> Raw:
    """A cell that holds a number as the file writes it."""
    return Raw("", f"<v>{value}</v>")


def shared(*strings: str) -> Mapping[str, bytes]:
    """Shared strings as XML, and where the workbook finds them."""
    kinds = parts()[KINDS].decode().replace(
        "</Types>",
        '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sharedStrings+xml"/></Types>',
    )  # fmt: skip
    body = "".join(f"<si>{string}</si>" for string in strings)
    return {KINDS: kinds.encode(), "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{body}</sst>'.encode()}


COLUMNS: Final = (
    "TT,Họ và tên,Giới tính,Ngày sinh,Dân tộc,Tôn giáo,CCCD,Số thẻ đảng viên,Chi bộ,Ngày kết nạp,Chính thức,Trạng thái"
)
LINE: Final = ",".join(GOOD.values())


def text(*lines: str, encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """A text file of the headings and these lines."""
    return "".join(f"{line}{end}" for line in (COLUMNS, *lines)).encode(encoding)


def line(**fields: str) -> str:
    """The good line with other fields, by the letters of the sheet 4.0."""
    return ",".join(fields.get(letter, its) for letter, its in GOOD.items())


def two_bytes(data: bytes, signature: bytes, name: str, offset: int, value: bytes) -> bytes:
    """The file with bytes changed in a header of one of its entries."""
    place = data.rindex(signature, 0, data.rindex(name.encode()))
    return data[: place + offset] + value + data[place + offset + len(value) :]
