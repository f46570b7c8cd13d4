"""One part of a workbook through the XML parser, bounded: no doctype, no depth, no giant token, no byte too many."""

import re
import time
import zipfile
from collections.abc import Callable, Mapping
from typing import Final, TypeVar
from xml.parsers import expat

from chibox_membership.sheet.guard import damaged, too_large
from chibox_membership.sheet.wire import Limits, Unreadable, words

_BLOCK: Final = 1 << 16
_VALUE: Final = re.compile(rb"[<:](?:v|f|is)[\s/>]")  # under any prefix; what only looks like a tag costs time alone
_END_OF_ROWS: Final = re.compile(rb"[/:]sheetData[\s>]")
_ENCODINGS: Final = frozenset({None, "utf-8", "utf8", "us-ascii"})  # in others a value would look otherwise
_KEPT: Final = 256  # bytes of the block before, for a tag that two blocks share


class Handler:
    """What looks at a part. `asleep` says that only empty rows have come for long: until a value, nothing is told it."""

    asleep = False

    def start(self, space: str, name: str, attributes: Mapping[str, str], /) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text between tags."""


H = TypeVar("H", bound=Handler)


class _AwakeError(Exception):
    """A value came while the handler slept."""


def fed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, make: Callable[[], H], limits: Limits, deadline: float) -> H:
    """A handler that has seen the whole part; raises `Unreadable` for what no spreadsheet program writes.

    People format whole columns: after long stretches of empty rows the handler sleeps and bytes are searched for a
    value, five times faster. A value there starts the part again without sleep.
    """
    try:
        return _pass(archive, entry, make(), limits, deadline, may_sleep=True)
    except _AwakeError:
        return _pass(archive, entry, make(), limits, deadline, may_sleep=False)


def _pass(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, handler: H, limits: Limits, deadline: float, *, may_sleep: bool
) -> H:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _doctype
    parser.XmlDeclHandler = _declared
    _listen(parser, handler, limits)
    read, before = 0, b""
    with damaged(), archive.open(entry) as part:  # the archive compares the checksum when the last byte is read
        while True:
            block = part.read(_BLOCK)
            read += len(block)
            if read > limits.part:
                raise too_large(limits.part)
            if not before and b"\0" in block[:4]:  # UTF-16, with its mark or without
                raise _malformed()
            if time.monotonic() > deadline:
                raise Unreadable(words("This workbook takes too long to read. Delete what is not of the list."))
            try:
                if handler.asleep and may_sleep:
                    _doze(parser, handler, limits, before, block)
                else:
                    parser.Parse(block, not block)
            except expat.ExpatError:
                raise _malformed() from None
            if read - parser.CurrentByteIndex > limits.token:  # else the parser begins a giant token anew each block
                raise _malformed()
            if not block:
                return handler
            before = block[-_KEPT:]


def _doze(parser: expat.XMLParserType, handler: Handler, limits: Limits, before: bytes, block: bytes) -> None:
    """Parse a block without telling the handler, up to the end of the rows, where it wakes."""
    seen = before + block
    end = _END_OF_ROWS.search(seen)
    if _VALUE.search(seen, 0, end.start() if end else len(seen)):
        raise _AwakeError
    parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
    cut = max(0, end.start() - len(before)) if end else len(block)
    parser.Parse(block[:cut], not block)
    if end:
        handler.asleep = False
        _listen(parser, handler, limits)
        parser.Parse(block[cut:], False)


def _listen(parser: expat.XMLParserType, handler: Handler, limits: Limits) -> None:
    depth, deepest = 0, limits.depth

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise _malformed()
        space, _, local = name.rpartition(" ")
        handler.start(space, local, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        handler.end(name.rpartition(" ")[2])

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, handler.text


def _doctype(*_: object) -> None:
    raise Unreadable(words("This workbook declares a document type, which Excel never writes. Save it again in Excel."))


def _declared(_version: str, encoding: str | None, _alone: int) -> None:
    if (encoding and encoding.lower()) not in _ENCODINGS:
        raise _malformed()


def _malformed() -> Unreadable:
    return Unreadable(words("A part of this workbook is not written as Excel writes it. Save it again in Excel."))
