"""Receipts: what someone takes home to prove, without the box, that a record or an act stands in its log."""

import functools
import io
import zipfile
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from chibox.errors import NotFound
from chibox.records import tlog_proof
from chibox.records.checkpoints import Checkpoint
from chibox.records.envelope import decode
from chibox.records.lineage import Head
from chibox.records.log import LogReader
from chibox.records.proofs import inclusion_proof
from chibox.records.roots import nodes_of
from chibox.records.wording import receipt_words

_BEGINNING: Final = (1980, 1, 1, 0, 0, 0)  # of time, for a zip: the same receipt has the same bytes
_UNIX: Final = 3
_FILE: Final = 0o100644 << 16


def receipt_for_record(reader: LogReader, head: Head, position: int, given: Collection[str] = ()) -> bytes:
    """The zip that proves the entry at `position`, with its parts named in `given` as far as they are here.

    The same bytes for the same head and parts. `reader` stands on one snapshot, of `head` or later, and the high-water
    mark has been raised to `head`. Raises NotFound for a position beyond it.
    """
    parts = {name: part for name, part in reader.parts(position).items() if name in given}
    enclosed = [(f"{position}/part/{name}", part.data) for name, part in sorted(parts.items())]
    enclosed += [(f"{position}/salt/{name}", part.salt) for name, part in sorted(parts.items())]
    return _receipt(reader, head, range(position, position + 1), enclosed, sorted(parts))


def receipt_for_act(reader: LogReader, head: Head, first: int, last: int) -> bytes:
    """The zip that proves all entries of an act, without parts: else as `receipt_for_record`."""
    return _receipt(reader, head, range(first, last + 1), [], [])


def _receipt(
    reader: LogReader, head: Head, positions: range, enclosed: list[tuple[str, bytes]], given: list[str]
) -> bytes:
    if not 0 <= positions.start < positions.stop <= head.size:
        raise NotFound("there is no entry {position}", position=max(positions.start, positions.stop - 1))
    verifier = reader.verifier(head)
    entries = [(position, entry) for position, entry, _ in reader.entries(positions.start, positions.stop)]
    checkpoint = Checkpoint(verifier.name, head.size, head.root)
    text = receipt_words([(at, decode(entry)) for at, entry in entries], checkpoint, verifier.vkey, given)
    return zipped([("receipt.txt", text.encode()), *proofs_of(reader, head, positions), *enclosed])


def proofs_of(reader: LogReader, head: Head, positions: Iterable[int]) -> Iterator[tuple[str, bytes]]:
    """The members by which the entries at these positions are proved: name and content."""
    read = functools.cache(nodes_of(reader, head.size))  # neighbours in an act share most of their proofs
    for position in positions:
        proof = tlog_proof.encode(position, inclusion_proof(position, head.size, read), head.note)
        yield f"{position}/entry.json", reader.entry(position)
        yield f"{position}/proof.tlog-proof", proof


def zipped(members: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip whose bytes follow from its members alone: no clock, no compressor of the day."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name, _BEGINNING)
            info.create_system, info.external_attr = _UNIX, _FILE
            archive.writestr(info, data)
    return file.getvalue()
